"""Changes that cannot need another layout: most call sites, so that Black need not be asked."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lazify.alignment import Opcode

Lines = tuple[int, int]
"""First and last line of a stretch, from 1; empty where the last is before the first."""

# Black puts spaces around these by what stands beside them.
_DELICATE = re.compile(r"\*\*|\[[^\]]*:")


@dataclass(slots=True)
class Version:
    """One version of a file."""

    text: str
    tree: ast.Module
    lines: Sequence[str]
    single: frozenset[int] = field(init=False)
    """Lines that hold whole simple statements, or a whole header, and nothing of another line."""

    def __post_init__(self) -> None:
        self.single = frozenset(_single(self.tree.body))


def is_plain(code: Opcode, one: Version, other: Version, width: int) -> bool:
    """Tell whether the lines only became other lines of the same shape that fit, too."""
    _, i, i_end, j, j_end = code
    if i_end - i != j_end - j:
        return False
    pairs = zip(one.lines[i:i_end], other.lines[j:j_end], strict=True)
    are_alike = all(_is_alike(old, new, width) for old, new in pairs)
    return (
        are_alike
        and all(n + 1 in one.single for n in range(i, i_end))
        and all(n + 1 in other.single for n in range(j, j_end))
    )


def _is_alike(old: str, new: str, width: int) -> bool:
    if _indentation(old) != _indentation(new) or _first_word(old) != _first_word(new):
        return False
    return len(new.rstrip()) <= width and new.isascii() and not _DELICATE.search(new)


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _first_word(line: str) -> str:
    """A keyword, which tells the kind of the statement; nothing for expressions and assignments."""
    found = re.match(
        r"\s*(import|from|global|nonlocal|def|class|async|if|elif|while|for|with|return|raise|assert|del|@)\b",
        line,
    )
    return found[1] if found else ""


def _single(body: Sequence[ast.stmt]) -> Iterator[int]:
    for statement in body:
        inner = getattr(statement, "body", None)
        if not inner:
            if statement.lineno == statement.end_lineno:
                yield statement.lineno
            continue
        if not getattr(statement, "decorator_list", None) and inner[0].lineno == statement.lineno + 1:
            yield statement.lineno
        for name in ("body", "orelse", "finalbody"):
            yield from _single(getattr(statement, name, ()))
        for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
            yield from _single(part.body)
