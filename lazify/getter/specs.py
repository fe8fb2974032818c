"""The files that modules are loaded from by their paths: `spec_from_file_location(name, folder / "plugin.py")`."""

import ast
from collections.abc import Iterable

_FINDERS = frozenset({"spec_from_file_location", "SourceFileLoader", "load_source"})
_LOCATION = 1
_KEYWORDS = ("location", "path", "pathname")
_PATHS = frozenset({"Path", "PurePath", "abspath", "fspath", "join", "joinpath", "realpath", "str"})
"""What gives a path that ends as the last argument does."""


def file_names(nodes: Iterable[ast.AST]) -> frozenset[str] | None:
    """The names of those files, where each path ends in a constant; None where some file may be any."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Call) and _name(node.func) in _FINDERS:
            given = [
                *node.args[_LOCATION:2],
                *(each.value for each in node.keywords if each.arg in _KEYWORDS),
            ]
            ends = [constant_end(each) for each in given]
            if len(ends) != 1 or not ends[0].endswith(".py"):
                return None
            found.add(ends[0].replace("\\", "/").rpartition("/")[2])
    return frozenset(found) or None


def _name(callee: ast.expr) -> str:
    return (
        callee.id
        if isinstance(callee, ast.Name)
        else callee.attr
        if isinstance(callee, ast.Attribute)
        else ""
    )


def constant_end(path: ast.expr) -> str:
    """The constant that a path ends in: of `folder / "a.py"`, `join(folder, "a.py")`, `folder + "/a.py"`."""
    match path:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(op=ast.Div(), right=last):
            return constant_end(last)
        case ast.BinOp(op=ast.Add(), right=last) | ast.JoinedStr(values=[*_, last]):
            _, slash, name = constant_end(last).rpartition("/")  # without one, the name begins further left
            return name if slash else ""
        case ast.Call(func=callee, args=[*_, last], keywords=[]) if _name(callee) in _PATHS:
            return constant_end(last)
    return ""
