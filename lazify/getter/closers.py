"""Which statements only close a value, by the name of the method: without the value nothing else is left undone."""

import ast
from collections.abc import Iterable

_CLOSES = frozenset(
    {
        "aclose",
        "aexit",
        "cancel",
        "cleanup",
        "close",
        "closed",
        "destroy",
        "disconnect",
        "dispose",
        "exit",
        "finish",
        "join",
        "kill",
        "quit",
        "release",
        "shutdown",
        "stop",
        "teardown",
        "terminate",
        "unregister",
    }
)
"""Words in the names of methods that undo what making the value did: without the value there is nothing to undo."""
_SAYS = frozenset({"print", "debug", "info", "warning", "error", "exception"})


def only_closes(statement: ast.If, name: str) -> bool:
    """Tell whether `if enabled and x.is_open: x.close()` asks the value itself, and does nothing but close it."""
    asks = any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(statement.test))
    is_all = all(isinstance(each, ast.Expr) and closes(each.value, name) for each in statement.body)
    return asks and is_all and not statement.orelse and not _tests(statement.test, name)


def _is_about_closing(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement closes the value or says so: skipping it leaves nothing else undone."""
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Name(id=said) | ast.Attribute(attr=said))) if said in _SAYS:
            return True
        case ast.Expr(value=value):
            return closes(value, name)
        case ast.Try(body=body, orelse=rest, finalbody=last):
            return all(_is_about_closing(each, name) for each in [*body, *rest, *last])
        case _:
            return False


def is_guarded(path: Iterable[ast.stmt], name: str) -> bool:
    """Tell whether the use is the test of `if x:` or `if x is not None:`, or stands under one that closes it."""
    return any(
        isinstance(statement, ast.If)
        and _tests(statement.test, name)
        and not statement.orelse
        and all(_is_about_closing(each, name) for each in statement.body)
        for statement in path
    )


def _tests(test: ast.expr, name: str) -> bool:
    match test:
        case ast.Name(id=tested):
            return tested == name
        case ast.Compare(left=ast.Name(id=tested), ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return tested == name
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_tests(value, name) for value in values)
        case _:
            return False


def closes(value: ast.expr, name: str) -> bool:
    """Tell whether it is `x.close(...)` or `await x.close(...)`, with arguments that do nothing themselves."""
    call = value.value if isinstance(value, ast.Await) else value
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=called), attr=method), args=args, keywords=keywords
        ):
            given = [part for each in [*args, *keywords] for part in ast.walk(each)]
            is_plain = not any(isinstance(part, ast.Call | ast.Await | ast.NamedExpr) for part in given)
            return called == name and is_plain and not _CLOSES.isdisjoint(method.lower().split("_"))
        case _:
            return False
