"""Numbers of a card as Markdown."""

from .interval import wilson

COUNTS = (("right", "of"), ("right", "files"), ("right", "total"), ("right", "clips"))


def percent(share):
    return f"{100 * share:.1f} %"


def rated(right, total):
    """A share with its count and its interval."""
    if total == 0:
        return "none"
    low, high = wilson(right, total)
    return f"{percent(right / total)} ({right:,} of {total:,}; {100 * low:.1f} to {100 * high:.1f})"


def table(head, rows, number=()):
    """`number`: columns that are right-aligned."""
    rules = ["---:" if column in number else "---" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(map(str, cells))} |" for cells in [head, rules, *rows])


def confusion(counts, columns=None, rows="said"):
    """`counts`: {said: {named: count}}; `rows`: what the rows are."""
    columns = columns or sorted({name for row in counts.values() for name in row}, key=lambda name: (name == "nothing", name))
    lines = [[f"**{said}**", *(row.get(name) or "" for name in columns)] for said, row in counts.items()]
    return table([f"{rows} \\ named", *columns], lines, range(1, len(columns) + 1))


def tally(value):
    """A dict that counts what was right, as text; None when it is none."""
    for right, total in COUNTS:
        if right in value and total in value and isinstance(value[right], int):
            rest = {key: own for key, own in value.items() if key not in (right, total, "interval", "accuracy")}
            more = "".join(f"; {key} {own}" for key, own in rest.items() if isinstance(own, (int, float, str)))
            return rated(value[right], value[total]) + more
    return None


def plain(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return ", ".join(map(plain, value)) if value else "none"
    return f"{value:,}" if isinstance(value, int) else str(value)


def named(key):
    return str(key).replace("_", " ")


def grid(value):
    """Dicts of one level with the same keys as rows of one table; None when it is not that."""
    rows = list(value.values())
    if len(rows) < 2 or not all(isinstance(row, dict) and list(row) == list(rows[0]) for row in rows):
        return None
    if any(isinstance(own, dict) and tally(own) is None for row in rows for own in row.values()):
        return None
    cells = [[named(name), *(tally(own) if isinstance(own, dict) else plain(own) for own in row.values())] for name, row in value.items()]
    return table(["", *map(named, rows[0])], cells)


def tree(value, depth=3):
    """Any figures, nested: leaves as a table, what is deeper under a heading of its own, confusions as tables."""
    leaves, parts = [], []
    for key, own in value.items():
        if own is None:
            continue
        if not isinstance(own, dict):
            leaves.append([named(key), plain(own)])
        elif (text := tally(own)) is not None:
            leaves.append([named(key), text])
        elif set(own) == {"labels", "matrix"}:
            counts = {label: dict(zip(own["labels"], row, strict=True)) for label, row in zip(own["labels"], own["matrix"], strict=True)}
            shown = confusion(counts, own["labels"], "is")
            parts.append(f"{'#' * depth} {named(key).capitalize()}\n\n{shown}")
        else:
            whole = None if any(isinstance(one, dict) and tally(one) for one in own.values()) else grid(own)
            parts.append(f"{'#' * depth} {named(key).capitalize()}\n\n{whole or tree(own, min(depth + 1, 5))}")
    return "\n\n".join(([table(["", ""], leaves)] if leaves else []) + parts)
