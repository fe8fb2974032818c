"""Keys that are known to be there: `os.environ["KEY"]` under `if "KEY" in os.environ:` requires nothing."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lazify.index.walk import Walk

_TABLE = "environ"


def is_table(node: ast.expr) -> bool:
    """Tell whether the expression is the environment by its name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == _TABLE
        case _:
            return False


def is_present(walk: "Walk", node: ast.Subscript) -> bool:
    """Tell whether a test around the subscript has found its key."""
    return bool(walk.present) and is_table(node.value) and ast.dump(node.slice) in walk.present


@contextmanager
def present(walk: "Walk", keys: set[str]) -> Iterator[None]:
    """Know that those keys are there."""
    before = walk.present
    walk.present = before | keys if keys else before
    yield
    walk.present = before


def found_by(test: ast.expr, *, absent: bool = False) -> set[str]:
    """The keys that are there when the test holds; with `absent`, when it does not."""
    match test:
        case ast.Compare(left=key, ops=[ast.In() | ast.NotIn() as how], comparators=[table]) if is_table(
            table
        ):
            return {ast.dump(key)} if isinstance(how, ast.NotIn) is absent else set()
        case ast.BoolOp(op=ast.And(), values=values) if not absent:
            return set().union(*map(found_by, values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return found_by(operand, absent=not absent)
        case _:
            return set()


def taken_from(target: ast.expr, iterated: ast.expr) -> set[str]:
    """The keys that `for key in os.environ` gives."""
    match target:
        case ast.Name(id=name) | ast.Tuple(elts=[ast.Name(id=name), *_]):
            if any(
                isinstance(part, ast.Name | ast.Attribute) and is_table(part) for part in ast.walk(iterated)
            ):
                return {ast.dump(ast.Name(id=name, ctx=ast.Load()))}
    return set()
