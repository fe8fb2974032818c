"""What a target gets that is assigned an expression, or a part of one."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from lazify.getter.aliases.outcomes import Bound, Kept, Level, Outcome

TAKEN: Mapping[Level, Level] = {"is": "part", "part": "part", "holds": "is", "shares": "part"}
"""What an attribute, an item or the like of an expression may be."""
PUT: Mapping[Level, Level] = {"is": "holds", "part": "shares", "holds": "holds", "shares": "shares"}
"""What a list with the expression in it is."""
COPIED: Mapping[Level, Level] = {"is": "shares", "part": "shares", "holds": "holds", "shares": "shares"}


def bound_all(targets: Iterable[ast.expr], level: Level) -> Iterator[Outcome]:
    """Yield what each target gets."""
    for target in targets:
        yield from bound(target, level)


def bound(target: ast.expr | None, level: Level) -> Iterator[Outcome]:
    """Yield what a target gets: a variable, an attribute, all those of a tuple."""
    match target:
        case ast.Name(id=name):
            yield Bound(name, level, target)
        case ast.Attribute(attr=name):
            yield Kept(name, level, target)
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            yield from bound_all(targets, TAKEN[level])
            yield from bound_all((each for each in targets if isinstance(each, ast.Starred)), COPIED[level])
        case ast.Starred(value=value):
            yield from bound(value, level)
        case ast.Subscript(value=value):
            yield from bound(value, PUT[level])
