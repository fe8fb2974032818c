"""Modules that are imported by code in strings: `[sys.executable, "-c", "from a import box"]`."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lazify.index.lines import Lines
from lazify.model.places import Span

# Both begin with a literal, which makes searching fast; what they find too much does no harm.
_LISTED = r"[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+(?:\s+as\s+\w+)?)*"
_IMPORT = re.compile(rf"import\s+(?P<names>{_LISTED})")
_FROM = re.compile(rf"from\s+(?P<module>[\w.]+)\s+import\s(?P<names>\s*(?:\*|\(?\s*{_LISTED}))?")
_ALIAS = re.compile(r"\s+as\s+\w+")


class QuotedImport(NamedTuple):
    """An import in some text."""

    modules: tuple[str, ...]
    """The dotted names of those that it may be of: `a` and `a.b` of `from a import b`."""
    is_star: bool
    at: int


def imports_in(text: str) -> Iterator[QuotedImport]:
    """Yield what a text imports."""
    for match in _FROM.finditer(text):
        module, names = match["module"], _names(match["names"] or "")
        below = (f"{module}.{name}" for name in names if name not in ("", "*"))
        yield QuotedImport((module, *below), "*" in names, match.start())
    for match in _IMPORT.finditer(text):
        yield QuotedImport(tuple(_names(match["names"])), is_star=False, at=match.start())


def _names(listed: str) -> list[str]:
    return [each.strip(" \t\r\n(") for each in _ALIAS.sub("", listed).split(",")]


def quoted_imports(lines: Lines, plain: Iterable[Span]) -> frozenset[str]:
    """List the modules that the text imports outside of `plain` code and documentation, and those around them.

    They are dotted names as written. Too many may be found, never too few: comments count.
    """
    text = lines.text
    if "import" not in text:
        return frozenset()
    covered = sorted((lines.offset(*span[:2]), lines.offset(*span[2:])) for span in plain)
    starts = [start for start, _ in covered]
    found = {
        module
        for each in imports_in(text)
        for module in each.modules
        if not _is_inside(each.at, covered, starts)
    }
    return frozenset(name for each in found for name in _with_parents(each))


def _is_inside(at: int, places: list[tuple[int, int]], starts: list[int]) -> bool:
    number = bisect_right(starts, at) - 1
    return number >= 0 and at < places[number][1]


def _with_parents(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    for end in range(1, len(parts) + 1):
        yield ".".join(parts[:end])
