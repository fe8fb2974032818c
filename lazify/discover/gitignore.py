"""Patterns of a .gitignore, matched against one entry of a folder at a time (gitignore(5)).

A walk from the top asks about each folder before it enters, so what stands in an ignored folder is never
asked about, as in git. pathspec 1.1 matches whole paths, which is something else: for `b` and `!a` it brings
a/b back, git does not.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

_POSIX_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_BRACKET_ITEM = re.compile(r"\[:(\w+):\]|(\\?.)-(\\?[^\]])|(\\?.)", re.DOTALL)
_ANY_FOLDERS = re.compile(r"\*\*+(?:(/)|\Z)")
_SOMETHING = "(?=[^/])"
"""A name is never empty: `a/*` does not match `a/`."""


@dataclass(frozen=True, slots=True)
class Patterns:
    """The patterns of one file, in groups that either ignore or bring back, the last first."""

    groups: tuple[tuple[bool, re.Pattern[str]], ...]

    def ignores(self, path: str) -> bool | None:
        """Decide about one entry, a folder's with a final slash; None where no pattern speaks of it.

        `path` is relative to the folder of the patterns, with `/` between its parts.
        """
        for is_ignored, regex in self.groups:
            if regex.match(path):
                return is_ignored
        return None


def read_patterns(file: Path) -> Patterns:
    """Read a .gitignore; without one, or with one that cannot be read, there are no patterns (as for git)."""
    try:
        text = file.read_bytes().decode("utf-8-sig", "surrogateescape")
    except OSError:
        return Patterns(())
    return parse_patterns(line.removesuffix("\r") for line in text.split("\n"))


def parse_patterns(lines: Iterable[str]) -> Patterns:
    """Compile the lines of a .gitignore; what git cannot match either is left out."""
    rules = [rule for line in lines if (rule := _rule(line))]
    groups = [
        (is_ignored, re.compile("|".join(regex for _, regex in run), re.DOTALL))
        for is_ignored, run in groupby(rules, key=lambda rule: rule[0])
    ]
    return Patterns(tuple(reversed(groups)))


def _rule(line: str) -> tuple[bool, str] | None:
    """Translate one line: whether it ignores, and what it matches; None for what matches nothing."""
    pattern = re.sub(r"(?<!\\)((?:\\\\)*) +$", r"\1", line)
    if pattern.startswith("#"):
        return None
    is_ignored = not pattern.startswith("!")
    pattern = pattern.removeprefix("!")
    is_folder = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    is_anchored = "/" in pattern
    body = _translate(pattern.removeprefix("/"))
    if not body:
        return None
    return is_ignored, ("" if is_anchored else "(?:.*/)?") + body + ("/" if is_folder else "/?") + r"\Z"


def _translate(pattern: str) -> str | None:
    regex, position = "", 0
    while position < len(pattern):
        is_start = position == 0 or pattern[position - 1] == "/"
        token = _ANY_FOLDERS.match(pattern, position) if is_start else None
        if token:
            regex += "(?:.*/)?" if token[1] else ".+"
            position = token.end()
            continue
        step = _step(pattern, position)
        if step is None:
            return None
        regex += (_SOMETHING if is_start else "") + step[0]
        position = step[1]
    return regex


def _step(pattern: str, position: int) -> tuple[str, int] | None:
    """Translate what stands at `position`, and tell where the rest begins; None when it can match nothing."""
    match pattern[position]:
        case "*":
            stars = len(pattern[position:]) - len(pattern[position:].lstrip("*"))
            return "[^/]*", position + stars
        case "?":
            return "[^/]", position + 1
        case "[":
            return _bracket(pattern, position + 1)
        case "\\":
            escaped = pattern[position + 1 : position + 2]
            return (re.escape(escaped), position + 2) if escaped else None
        case char:
            return re.escape(char), position + 1


def _bracket(part: str, start: int) -> tuple[str, int] | None:
    """Translate `[...]` from after its `[`, and tell where it ends; None when it does not."""
    negated = part[start : start + 1] in ("!", "^")
    position = start + negated
    items = ""
    is_first = True
    while position < len(part) and (is_first or part[position] != "]"):
        match = _BRACKET_ITEM.match(part, position)
        if match is None or match[0] == "\\":
            return None
        items += _bracket_item(match)
        position = match.end()
        is_first = False
    if position >= len(part):
        return None
    if not items:  # only ranges that run backwards
        return ("[^/]" if negated else "(?!)"), position + 1
    return f"(?!/)[{'^' if negated else ''}{items}]", position + 1


def _bracket_item(match: re.Match[str]) -> str:
    name, first, last, single = match.groups()
    if name:
        return _POSIX_CLASSES.get(name, "")
    if single:
        return re.escape(single.removeprefix("\\") or "\\")
    low, high = (char.removeprefix("\\") or "\\" for char in (first, last))
    return f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
