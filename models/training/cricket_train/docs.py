"""docs/models.md: sections that the tool writes, between marks, in a page that people write."""

import re

from .errors import Failure
from .paths import PROJECT

PAGE = PROJECT / "docs" / "models.md"
NOTE = "written by `cricket-train {name}`; do not edit by hand"


def write_section(name, text, page=PAGE):
    """Puts Markdown between the page's marks of this name. @raises Failure no-section"""
    mark = re.compile(rf"(<!-- {name}:[^>]*-->\n).*?(<!-- end {name} -->)", re.DOTALL)
    whole, count = mark.subn(
        lambda _: f"<!-- {name}: {NOTE.format(name=name)} -->\n\n{text.strip()}\n\n<!-- end {name} -->", page.read_text()
    )
    if count != 1:
        raise Failure("no-section", f"{page} should have `<!-- {name}: -->` ... `<!-- end {name} -->` once, not {count} times")
    page.write_text(whole)
    return page
