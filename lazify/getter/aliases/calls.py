"""Calls, as they are written."""

import ast
from collections.abc import Iterator


def last_name(node: ast.expr) -> str:
    """Give the last name of `a.b.c`; empty for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def arguments_of(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what is given, in whatever way."""
    yield from call.args
    yield from (each.value for each in call.keywords)


def called(callee: ast.expr, call: ast.Call, arguments: list[ast.expr]) -> ast.Call:
    """The same call of something else."""
    return ast.copy_location(ast.Call(callee, arguments, call.keywords), call)


def position_of(call: ast.Call, node: ast.expr) -> int | str | None:
    """Give the place or the keyword of an argument; None behind an asterisk."""
    if node in call.args:
        return call.args.index(node)
    return next((each.arg for each in call.keywords if each.value is node), None)
