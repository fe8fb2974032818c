"""Lines that are aligned with an opening bracket stay aligned when the bracket moves.

box.add(first,             get_box().add(first,
        second)       →                  second)
"""

import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from lazify.alignment import opcodes

_NEWLINE = re.compile(r"(?<=\n)")  # the line ends of the tokenizer, and no others
_SKIPPED = frozenset({tokenize.NL, tokenize.NEWLINE, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT})


class _Hanging(NamedTuple):
    line: int
    """Index of the aligned line."""
    bracket: tuple[int, int]
    """Index and column of the bracket that it follows."""


def realigned(before: str, after: str) -> str:
    """Move the lines of `after` that were aligned in `before`, by as much as their brackets moved."""
    old, new = _NEWLINE.split(before), _NEWLINE.split(after)
    places = _places(old, new)
    moved: dict[int, int] = {}
    for hanging in _hanging(before):
        start, column = hanging.bracket
        i, j = places.get(start), places.get(hanging.line)
        if i is None or j is None:
            continue
        rest = old[start][column:]
        shift = len(new[i]) - len(rest) - column if new[i].endswith(rest) else moved.get(start, 0)
        text = new[j].lstrip(" ")
        if shift and len(new[j]) - len(text) == column + 1:
            new[j] = " " * (column + 1 + shift) + text
            moved[hanging.line] = shift
    return "".join(new)


def _places(old: list[str], new: list[str]) -> dict[int, int]:
    """Map the lines that have a counterpart to it."""
    return {
        i + n: j + n
        for tag, i, i_end, j, j_end in opcodes(old, new)
        if i_end - i == j_end - j
        for n in range(i_end - i)
    }


def _hanging(text: str) -> Iterator[_Hanging]:
    """Yield the lines inside brackets that begin right below what follows the bracket, from top to bottom."""
    lines = text.split("\n")
    brackets: list[tuple[int, int]] = []
    last = -1
    try:
        for token in tokenize.generate_tokens(StringIO(text).readline):
            line, column = token.start[0] - 1, token.start[1]
            if line != last and brackets and token.type not in _SKIPPED:
                last = line
                start, at = brackets[-1]
                follows = lines[start][at + 1 :].lstrip()[:1] not in ("", "#")
                if start < line and column == at + 1 and follows:
                    yield _Hanging(line, brackets[-1])
            last = max(last, line)
            if token.string in ("(", "[", "{") and token.type == tokenize.OP:
                brackets.append((line, column))
            elif token.string in (")", "]", "}") and token.type == tokenize.OP and brackets:
                brackets.pop()
    except (tokenize.TokenError, SyntaxError):
        return
