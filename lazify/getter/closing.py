"""Shutting down must not make a value in order to close it.

    async def shutdown():                     async def shutdown():
        if client:                     →          if _client:
            client.close()                            _client.close()

Only in functions that are registered to run at shutdown, and only where the value is tested or closed: there
the storage is read, which is still unset when nobody has used the value.
"""

import ast
import textwrap
from collections.abc import Iterator, Sequence

from lazify.getter.patches import replaces_with_none
from lazify.getter.redirect import Redirection, is_rebound
from lazify.getter.types import may_be_none
from lazify.index.modules import Module
from lazify.index.occurrences import MentionOccurrence, UseOccurrence, resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.changes import HOLE, Edit, Move, Replace
from lazify.model.facts import MODULE, Argument, Does, NameRef, Ref, Scope
from lazify.model.places import Span

_MANAGERS = frozenset({"asynccontextmanager", "contextmanager"})
_AT_EXIT = External("atexit.register")


def closed(
    view: View, to: Redirection, replacements: Sequence[MentionOccurrence]
) -> dict[tuple[Module, Span], tuple[Edit, ...]]:
    """Map the spans of uses that only close the value to the edits that make them read the storage.

    Tests that replace the value (`replacements`) must then replace the storage: none is mapped where that would
    reach other modules too, or where None is what they put there.
    """
    if len(to.group.names) > 1 or is_rebound(to) or may_be_none(view, to.group):
        return {}
    if replacements and (len(to.locals) > 1 or any(replaces_with_none(each) for each in replacements)):
        return {}
    module, found = to.origin.module, dict[tuple[Module, Span], tuple[Edit, ...]]()
    for use in to.found.uses:
        if use.module is module and not use.depth and module.facts.scopes[use.use.scope].kind == "function":
            edits = tuple(_edits(view, to, use))
            if edits:
                found[module, use.span] = edits
    return found


def _edits(view: View, to: Redirection, use: UseOccurrence) -> Iterator[Edit]:
    module, scope = use.module, use.module.facts.scopes[use.use.scope]
    function = _parsed(view, module, scope)
    if function is None:
        return
    path = _path_to(function, use, scope)
    if not path or not _runs_at_shutdown(view, module, scope, function, path):
        return
    read = Replace(path=module.path, span=use.span, code=to.storage)
    whole = next((s for s in path if isinstance(s, ast.If) and _only_closes(s, to.name)), None)
    if whole is not None:
        yield read
        if _is_first(whole, use, scope, to.name):
            yield _if_made(to, module, whole, scope)
    elif _is_guarded(path, to.name):
        yield read
    elif (statement := path[-1]) and isinstance(statement, ast.Expr) and _closes(statement.value, to.name):
        yield read
        yield _if_made(to, module, statement, scope)


def _if_made(to: Redirection, module: Module, statement: ast.stmt, scope: Scope) -> Edit:
    code = f"if {to.storage} is not None:\n    {HOLE}\n"
    return Move(path=module.path, spans=(_span(statement, scope),), code=code)


def _only_closes(statement: ast.If, name: str) -> bool:
    """Tell whether `if enabled and x.is_open: x.close()` asks the value itself, and does nothing but close it."""
    asks = any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(statement.test))
    closes = all(isinstance(each, ast.Expr) and _closes(each.value, name) for each in statement.body)
    return asks and closes and not statement.orelse and not _tests(statement.test, name)


def _is_first(statement: ast.If, use: UseOccurrence, scope: Scope, name: str) -> bool:
    places = [
        (part.lineno + scope.span.line - 1, part.col_offset)
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and part.id == name
    ]
    return min(places) == use.span[:2]


def _parsed(view: View, module: Module, scope: Scope) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    span = scope.span
    lines = view.text(module).cut(Span(span.line, 0, span.end_line, span.end_column))
    if textwrap.dedent(lines) != lines or not lines.isascii():
        return None  # a method, or columns that would have to be converted: the getter is called as elsewhere
    node = ast.parse(lines).body[0]
    return node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None


def _path_to(function: ast.AST, use: UseOccurrence, scope: Scope) -> list[ast.stmt]:
    """List the statements around the use, from the function's own down to the innermost."""
    line, column = use.span.line - scope.span.line + 1, use.span.column
    path: list[ast.stmt] = []
    node: ast.AST = function
    while True:
        inner = [child for child in ast.walk(node) if isinstance(child, ast.stmt) and child is not node]
        around = [
            s for s in inner if (s.lineno, s.col_offset) <= (line, column) < (s.end_lineno, s.end_col_offset)
        ]
        if not around:
            return path
        node = min(around, key=lambda s: (s.lineno, s.col_offset))
        path.append(node)


def _is_guarded(path: list[ast.stmt], name: str) -> bool:
    """Tell whether the use is the test of `if x:` or `if x is not None:`, or stands under one."""
    return any(isinstance(statement, ast.If) and _tests(statement.test, name) for statement in path)


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


def _closes(value: ast.expr, name: str) -> bool:
    """Tell whether the expression is `x.m(...)` or `await x.m(...)`."""
    call = value.value if isinstance(value, ast.Await) else value
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=called))):
            return called == name
        case _:
            return False


def _runs_at_shutdown(
    view: View,
    module: Module,
    scope: Scope,
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    path: list[ast.stmt],
) -> bool:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and any(_is_shutdown(argument) for argument in decorator.args):
            return True
        if ast.unparse(decorator).rpartition(".")[2] in _MANAGERS:
            return _is_after_yield(function, path[-1])
        if ast.unparse(decorator) == "atexit.register":
            return True
    return any(
        operation.does is Does.CALL
        and any(argument.ref == NameRef(scope.name, MODULE) for argument in operation.arguments)
        and (_names_shutdown(operation.arguments) or _is_atexit(view, module, operation.subject))
        for each in module.facts.scopes
        for operation in each.operations
    )


def _is_shutdown(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and argument.value == "shutdown"


def _names_shutdown(arguments: tuple[Argument, ...]) -> bool:
    return any(argument.constant == "shutdown" for argument in arguments)


def _is_atexit(view: View, module: Module, callee: Ref | None) -> bool:
    return resolve(view.project, module, callee) == _AT_EXIT


def _is_after_yield(function: ast.AST, statement: ast.stmt) -> bool:
    yields = [node.lineno for node in ast.walk(function) if isinstance(node, ast.Yield)]
    return bool(yields) and statement.lineno > min(yields)


def _span(statement: ast.stmt, scope: Scope) -> Span:
    shift = scope.span.line - 1
    end_line, end_column = statement.end_lineno or statement.lineno, statement.end_col_offset or 0
    return Span(statement.lineno + shift, statement.col_offset, end_line + shift, end_column)
