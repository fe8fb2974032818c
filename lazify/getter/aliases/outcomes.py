"""What becomes of an expression."""

import ast
from dataclasses import dataclass
from typing import Literal

Level = Literal["is", "part", "holds", "shares"]
How = Literal[
    "attribute", "method", "operator", "file", "made", "asked", "opened", "joined", "listed", "walked", "inside",
    "unknown",
]  # fmt: skip
"""`x.a = 1` (an attribute, whose name is empty where it is computed), `x.append(1)`, `x += y`, the file at a path
is written, is a folder or link that is made or removed, is asked for or read, is opened by what makes it if need be,
is the folder of another path, a folder is looked through, that or all that is below it, something in the folder is
written, or who knows."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The object is changed here."""

    node: ast.AST
    how: How
    name: str = ""
    """Of the attribute or method; `x[0] = 1` is the method `__setitem__`. Where a folder is looked through, the
    pattern of the names that count."""
    is_inside: bool = False
    """It is a part of the object that is changed."""
    is_later: bool = False
    """The method is only taken here, for whoever calls it: `add = TABLE.update`."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A variable gets it."""

    name: str
    level: Level
    node: ast.AST


@dataclass(frozen=True, slots=True)
class Kept:
    """An attribute of some object gets it."""

    name: str
    level: Level
    node: ast.expr


@dataclass(frozen=True, slots=True)
class Given:
    """A function gets it as an argument; `position` counts, or a keyword tells; None where neither can be told."""

    callee: ast.expr
    position: int | str | None
    level: Level
    is_sure: bool = True
    """It is called so: not by others that get both, as in `map(callee, TABLE)`."""
    node: ast.expr | None = None
    call: ast.Call | None = None
    """The argument and the call, where the callee is called there."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The function around gives it to its callers."""

    function: ast.AST
    level: Level


Outcome = Changed | Bound | Kept | Given | Returned
