"""Modules that are imported by code in strings: `[sys.executable, "-c", "from a import box"]`."""

import re
from collections.abc import Iterable, Iterator

from lazify.index.lines import Lines
from lazify.model.places import Span

# Both begin with a literal, which makes searching fast; what they find too much does no harm.
_IMPORT = re.compile(r"import\s+(?=([\w.]+))")
_FROM = re.compile(r"from\s+([\w.]+)\s+import\s")


def quoted_imports(lines: Lines, plain: Iterable[Span]) -> frozenset[str]:
    """List the modules that the text imports outside of `plain` code and documentation, and those around them.

    They are dotted names as written. Too many may be found, never too few: comments count.
    """
    text = lines.text
    if "import" not in text:
        return frozenset()
    covered = sorted((lines.offset(*span[:2]), lines.offset(*span[2:])) for span in plain)
    found: set[str] = set()
    for pattern in (_FROM, _IMPORT):
        found.update(_outside(pattern, text, covered))
    return frozenset(name for each in found for name in _with_parents(each))


def _outside(pattern: re.Pattern[str], text: str, covered: list[tuple[int, int]]) -> Iterator[str]:
    """Find the modules that are named where nothing is `covered`: places in order."""
    places = iter(covered)
    start, end = next(places, (len(text), len(text)))
    for match in pattern.finditer(text):
        at = match.start()
        while end <= at and start < len(text):
            start, end = next(places, (len(text), len(text)))
        if at < start:
            yield match.group(1)


def _with_parents(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])
