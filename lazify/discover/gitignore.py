"""Patterns of a .gitignore, matched against one entry of a folder at a time (gitignore(5)).

A walk from the top asks about each folder before it enters, so what stands in an ignored folder is never
asked about, as in git. (pathspec matches whole paths: `!pattern` differs then, and it takes far longer.)
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
    pattern = re.sub(r"(?<!\\)((?:\\\\)*) +$", r"\1", line)
    if not pattern or pattern.startswith("#"):
        return None
    is_ignored = not pattern.startswith("!")
    pattern = pattern if is_ignored else pattern[1:]
    is_folder = pattern.endswith("/")
    pattern = pattern.removesuffix("/")
    is_anchored = "/" in pattern
    parts = pattern.removeprefix("/").split("/")
    regexes = [_glob(part) for part in parts]
    if not pattern or None in regexes:
        return None
    body = _join(parts, [regex or "" for regex in regexes])
    return is_ignored, ("" if is_anchored else "(?:.*/)?") + body + ("/" if is_folder else "/?") + r"\Z"


def _join(parts: list[str], regexes: list[str]) -> str:
    """Join the folders of a pattern; `**` stands for any number of them."""
    joined = ""
    for number, (part, regex) in enumerate(zip(parts, regexes, strict=True)):
        is_last = number == len(parts) - 1
        if len(part) > 1 and not part.strip("*"):
            joined += ".+" if is_last else "(?:.*/)?"
        else:
            joined += regex + ("" if is_last else "/")
    return joined


def _glob(part: str) -> str | None:
    """Translate what stands between two slashes; None when it can match nothing."""
    regex, position = "", 0
    while position < len(part):
        char = part[position]
        position += 1
        if char == "*":
            regex += "" if regex.endswith("[^/]*") else "[^/]*"
        elif char == "?":
            regex += "[^/]"
        elif char == "[":
            bracket = _bracket(part, position)
            if bracket is None:
                return None
            inner, position = bracket
            regex += inner
        elif char == "\\":
            if position == len(part):
                return None
            regex += re.escape(part[position])
            position += 1
        else:
            regex += re.escape(char)
    return regex


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
