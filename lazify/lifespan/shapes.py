"""Reads single pieces of syntax."""

import ast
from collections.abc import Iterator

from lazify.lifespan.trees import Function, own_nodes


def returned(function: Function) -> list[ast.expr]:
    """What a function returns; what it takes out of a cache it has put there before."""
    values = [n.value for n in own_nodes(function) if isinstance(n, ast.Return) and n.value is not None]
    fresh = [value for value in values if not isinstance(value, ast.Subscript | ast.Constant)]
    return fresh or values


def argument(call: ast.Call, function: Function, name: str, *, shift: int) -> ast.expr | None:
    """What a call passes for a parameter; `shift` parameters are bound already."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)][shift:]
    if name in names and names.index(name) < len(call.args):
        found = call.args[names.index(name)]
        return None if isinstance(found, ast.Starred) else found
    return None


def default_of(function: Function, name: str) -> ast.expr | None:
    """The default value of a parameter, but for the constant None: on that nothing can be registered."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = dict(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    found = {**defaults, **dict(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))}
    value = next((value for parameter, value in found.items() if parameter.arg == name), None)
    return None if isinstance(value, ast.Constant) and value.value is None else value


def named(annotation: ast.expr) -> Iterator[ast.expr]:
    """The names in an annotation, quoted ones too."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name | ast.Attribute):
            yield node
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value, mode="eval").body
            except SyntaxError:
                continue
            yield from (each for each in ast.walk(inner) if isinstance(each, ast.Name | ast.Attribute))
