"""Changes that cannot need another layout: most call sites, so that Black need not be asked."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lazify.alignment import Opcode

Lines = tuple[int, int]
"""First and last line of a stretch, from 1; empty where the last is before the first."""

_NAME = re.compile(r"[\w.]+(\(\))?")
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
    """Tell whether only names in these lines changed, be it to calls of them, and all lines fit."""
    _, i, i_end, j, j_end = code
    if i_end - i != j_end - j:
        return False
    return all(
        old + 1 in one.single
        and new + 1 in other.single
        and _is_alike(one.lines[old], other.lines[new], width)
        for old, new in zip(range(i, i_end), range(j, j_end), strict=True)
    )


def _is_alike(old: str, new: str, width: int) -> bool:
    fits = len(new.rstrip()) <= width and new.isascii()
    return fits and _NAME.sub("x", old) == _NAME.sub("x", new) and not _DELICATE.search(new)


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
