"""Shutting down must not make a value in order to close it.

    async def shutdown():                     async def shutdown():
        if client:                     →          if _client:
            client.close()                            _client.close()

Only in functions that are registered to run at shutdown, in lifespans behind their `yield`, and in functions that
only these call; and only where the value is closed, by the name of the method: there the storage is read, which is
still unset when nobody has used the value. What else is done with it there, `log.info("bye")`, is done as before.
"""

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lazify.getter.closers import closes, is_guarded, only_closes
from lazify.getter.patches import replaces_with_none
from lazify.getter.redirect import Redirection, is_rebound
from lazify.getter.types import may_be_none
from lazify.index.modules import Module
from lazify.index.occurrences import MentionOccurrence, UseOccurrence, occurrences, resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.changes import HOLE, Edit, Move, Replace
from lazify.model.facts import MODULE, Argument, Does, NameRef, Ref, Role, Scope
from lazify.model.places import Span

_LIFESPAN = "asynccontextmanager"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
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
    module, scope = use.module, _outermost(use.module, use.use.scope)
    function = None if scope is None else _parsed(view, module, scope)
    if function is None or scope is None:
        return
    path = _path_to(function, use, scope)
    if not _is_at_shutdown(view, module, scope, [function, *path]):
        return
    read = Replace(path=module.path, span=use.span, code=to.storage)
    inner = _own(path)
    whole = next((s for s in inner if isinstance(s, ast.If) and only_closes(s, to.name)), None)
    if whole is not None:
        yield read
        if _is_first(whole, use, scope, to.name):
            yield _if_made(to, module, whole, scope)
    elif is_guarded(inner, to.name):
        yield read
    elif (statement := path[-1]) and isinstance(statement, ast.Expr) and closes(statement.value, to.name):
        yield read
        yield _if_made(to, module, statement, scope)


def is_at_shutdown(view: View, use: UseOccurrence) -> bool:
    """Tell whether a use stands where code runs at shutdown alone."""
    scope = None if use.use.scope == MODULE else _outermost(use.module, use.use.scope)
    function = None if scope is None else _parsed(view, use.module, scope)
    if function is None or scope is None:
        return False
    return _is_at_shutdown(view, use.module, scope, [function, *_path_to(function, use, scope)])


def _is_at_shutdown(view: View, module: Module, scope: Scope, path: Sequence[ast.stmt]) -> bool:
    return len(path) > 1 and _Shutdown(view, module).runs(scope, path)


def _outermost(module: Module, number: int) -> Scope | None:
    """The function at module level around a scope; None within a class, whose methods are called as elsewhere."""
    scope = module.facts.scopes[number]
    while scope.parent != MODULE:
        scope = module.facts.scopes[scope.parent]
    return scope if scope.kind == "function" else None


def _own(path: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements of the innermost function on the way."""
    found: list[ast.stmt] = []
    for statement in path:
        found = [] if isinstance(statement, _FUNCTIONS) else [*found, statement]
    return found


def _if_made(to: Redirection, module: Module, statement: ast.stmt, scope: Scope) -> Edit:
    code = f"if {to.storage} is not None:\n    {HOLE}\n"
    return Move(path=module.path, spans=(_span(statement, scope),), code=code)


def _is_first(statement: ast.If, use: UseOccurrence, scope: Scope, name: str) -> bool:
    places = [
        (part.lineno + scope.span.line - 1, part.col_offset)
        for part in ast.walk(statement)
        if isinstance(part, ast.Name) and part.id == name
    ]
    return min(places) == use.span[:2]


def _parsed(view: View, module: Module, scope: Scope) -> _Function | None:
    span = scope.span
    lines = view.text(module).cut(Span(span.line, 0, span.end_line, span.end_column))
    if textwrap.dedent(lines) != lines or not lines.isascii():
        return None  # under a condition, or columns that would have to be converted: called as elsewhere
    node = ast.parse(lines).body[0]
    return node if isinstance(node, _FUNCTIONS) else None


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


@dataclass(frozen=True, slots=True)
class _Shutdown:
    """Tells what in a module only runs at shutdown."""

    view: View
    module: Module
    asked: frozenset[tuple[str, int]] = frozenset()
    """The functions in question: one that is called by way of itself is called by others, too."""

    def runs(self, scope: Scope, path: Sequence[ast.stmt]) -> bool:
        """Tell it of the last statement of `path`, which begins with the function at module level."""
        at = max(number for number, each in enumerate(path) if isinstance(each, _FUNCTIONS))
        function = path[at]
        assert isinstance(function, _FUNCTIONS)
        for decorator in function.decorator_list:
            if isinstance(decorator, ast.Call) and any(_is_shutdown(each) for each in decorator.args):
                return True
            if ast.unparse(decorator).rpartition(".")[2] == _LIFESPAN:
                return _is_after_yield(function, path[-1])
            if ast.unparse(decorator) == "atexit.register":
                return True
        key = (scope.name, function.lineno)
        if key in self.asked:
            return False
        callers = replace(self, asked=self.asked | {key})
        if at:
            return callers.calls(scope, path[0], function.name)
        return _is_registered(self.view, self.module, scope) or callers.use(scope.name)

    def use(self, name: str) -> bool:
        """Tell whether all that is done with a function at module level is to call it at shutdown."""
        found = occurrences(self.view.project, self.module, name)
        uses = [use for use in found.uses if not use.module.source.is_test and use.use.role is Role.LOAD]
        if any(use.module is not self.module or use.use.scope == MODULE for use in uses):
            return False
        callers = [_outermost(self.module, use.use.scope) for use in uses]
        parsed = [(each, None if each is None else _parsed(self.view, self.module, each)) for each in callers]
        return bool(parsed) and all(
            each is not None and root is not None and self.calls(each, root, name) for each, root in parsed
        )

    def calls(self, scope: Scope, root: ast.stmt, name: str, *, bound: int = 0) -> bool:
        """Tell whether a function at module level, which binds a name `bound` times, only calls it at shutdown."""
        calls = [node.func for node in ast.walk(root) if isinstance(node, ast.Call)]
        names = [node for node in ast.walk(root) if isinstance(node, ast.Name) and node.id == name]
        loads = [node for node in names if isinstance(node.ctx, ast.Load)]
        if not loads or len(names) - len(loads) != bound:
            return False
        return all(
            (node in calls and self.runs(scope, [root, *_around(root, node)]))
            or self.is_handed(scope, root, node)
            for node in loads
        )

    def is_handed(self, scope: Scope, root: ast.stmt, node: ast.Name) -> bool:
        """Tell whether a function at module level returns it to its only caller, which calls it at shutdown."""
        position, key = _returned(root, node), (f"return of {scope.name}", scope.span.line)
        found = occurrences(self.view.project, self.module, scope.name)
        if position is None or key in self.asked or len(found.uses) != 1 or found.mentions:
            return False
        (use,) = found.uses
        outer = None if use.use.scope == MODULE else _outermost(use.module, use.use.scope)
        caller: ast.AST | None = None if outer is None else _parsed(self.view, use.module, outer)
        if use.use.scope == MODULE:
            caller = ast.parse(self.view.text(use.module).whole)
        nodes = [] if caller is None else ast.walk(caller)
        target = next(filter(None, (_target(each, scope.name, position) for each in nodes)), None)
        there = replace(self, module=use.module, asked=self.asked | {key})
        if target is None or outer is None or not isinstance(caller, ast.stmt):
            return target is not None and there.use(target)
        return there.calls(outer, caller, target, bound=1)


def _returned(root: ast.stmt, node: ast.Name) -> tuple[int, int] | None:
    """Which of how many values it is that `root` returns."""
    for each in ast.walk(root):
        if isinstance(each, ast.Return) and each.value is not None:
            values = each.value.elts if isinstance(each.value, ast.Tuple) else [each.value]
            if node in values:
                return values.index(node), len(values)
    return None


def _target(statement: ast.AST, function: str, position: tuple[int, int]) -> str | None:
    """The name that `a, b = function(app)` gives to the value at the position."""
    match statement:
        case ast.Assign(
            targets=[target], value=ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called))
        ):
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            name = names[position[0]] if called == function and len(names) == position[1] else None
            return name.id if isinstance(name, ast.Name) else None
    return None


def _is_registered(view: View, module: Module, scope: Scope) -> bool:
    return any(
        operation.does is Does.CALL
        and any(argument.ref == NameRef(scope.name, MODULE) for argument in operation.arguments)
        and (_names_shutdown(operation.arguments) or _is_atexit(view, module, operation.subject))
        for each in module.facts.scopes
        for operation in each.operations
    )


def _around(root: ast.AST, node: ast.AST) -> list[ast.stmt]:
    """The statements around a node, from the outermost below `root` down."""
    inside = [each for each in ast.walk(root) if isinstance(each, ast.stmt) and each is not root]
    return [each for each in inside if any(part is node for part in ast.walk(each))]


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
