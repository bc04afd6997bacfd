"""What goes wrong in a way that a person can mend."""


class Failure(Exception):
    """`code` in kebab case; the text says what is wrong, where, and what to do. `usage`: the command was called wrongly."""

    def __init__(self, code: str, text: str, usage: bool = False):
        super().__init__(text)
        self.code = code
        self.usage = usage
