"""Which names the code of one scope binds, by the rules of CPython's symbol table."""

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any

Body = list[ast.stmt]

_NONE: Set[str] = frozenset()


class Names:
    """The names that the body of one scope binds or declares, not yet mangled."""

    __slots__ = ("bound", "classes", "globals", "has_star", "imported", "nonlocals")

    def __init__(self) -> None:
        """Start with nothing bound."""
        self.bound: set[str] = set()
        self.globals = self.nonlocals = self.imported = self.classes = _NONE  # most scopes have none of these
        self.has_star = False

    def declares(self, name: str) -> bool:
        """Tell whether a `global` or `nonlocal` statement names it."""
        return name in self.globals or name in self.nonlocals


def names_of(body: Body, walrus_lines: Sequence[int]) -> Names:
    """Collect what `body` binds in its own scope; `walrus_lines` are the lines that hold `:=`, sorted."""
    names = Names()
    pending = [body]
    while pending:
        for statement in pending.pop():
            binder = _BINDERS.get(type(statement))
            if binder:
                binder(names, statement, pending)
    if walrus_lines:
        names.bound |= walruses(body, walrus_lines)
    return names


def target_names(target: ast.expr) -> Iterable[str]:
    """List the plain names in an assignment target."""
    match target:
        case ast.Name(id=name):
            yield name
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                yield from target_names(element)
        case ast.Starred(value=value):
            yield from target_names(value)


def walruses(nodes: Iterable[ast.AST], lines: Sequence[int]) -> set[str]:
    """Collect the targets of `:=`, which stands in these `lines`, whose scope is the one of `nodes`."""
    found: set[str] = set()
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.stmt) and not _has_line(node, lines):
            continue
        if isinstance(node, ast.NamedExpr):
            found.add(node.target.id)
        pending.extend(_same_scope(node))
    return found


def _same_scope(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.Lambda(args=arguments):
            return _defaults(arguments)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            annotations = [node.returns] if node.returns else []
            return [*node.decorator_list, *_defaults(node.args), *_annotations(node.args), *annotations]
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases, *node.keywords]
        case _:
            return ast.iter_child_nodes(node)


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default)]


def _annotations(arguments: ast.arguments) -> list[ast.expr]:
    plain = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    every = (*plain, arguments.vararg, arguments.kwarg)
    return [argument.annotation for argument in every if argument and argument.annotation]


def _has_line(statement: ast.stmt, lines: Sequence[int]) -> bool:
    first = statement.lineno
    for decorator in getattr(statement, "decorator_list", ()):
        first = min(first, decorator.lineno)
    index = bisect_left(lines, first)
    return index < len(lines) and lines[index] <= (statement.end_lineno or first)


def _target(bound: set[str], target: ast.expr) -> None:
    if type(target) is ast.Name:
        bound.add(target.id)
    else:
        bound.update(target_names(target))


def _assign(names: Names, node: ast.Assign, pending: list[Body]) -> None:  # noqa: ARG001  # one signature for all
    for target in node.targets:
        _target(names.bound, target)


def _annotated(names: Names, node: ast.AnnAssign, pending: list[Body]) -> None:  # noqa: ARG001
    if node.simple or node.value:
        _target(names.bound, node.target)


def _one_target(names: Names, node: Any, pending: list[Body]) -> None:  # noqa: ARG001
    _target(names.bound, getattr(node, "target", None) or node.name)


def _loop(names: Names, node: ast.For | ast.AsyncFor, pending: list[Body]) -> None:
    _target(names.bound, node.target)
    pending += (node.body, node.orelse)


def _branch(names: Names, node: ast.If | ast.While, pending: list[Body]) -> None:  # noqa: ARG001
    pending += (node.body, node.orelse)


def _with(names: Names, node: ast.With | ast.AsyncWith, pending: list[Body]) -> None:
    for item in node.items:
        if item.optional_vars:
            _target(names.bound, item.optional_vars)
    pending.append(node.body)


def _try(names: Names, node: ast.Try, pending: list[Body]) -> None:
    pending += (node.body, node.orelse, node.finalbody)
    for handler in node.handlers:
        pending.append(handler.body)
        if handler.name:
            names.bound.add(handler.name)


def _match(names: Names, node: ast.Match, pending: list[Body]) -> None:
    for case in node.cases:
        pending.append(case.body)
        for pattern in ast.walk(case.pattern):
            name = getattr(pattern, "rest" if isinstance(pattern, ast.MatchMapping) else "name", None)
            if name:
                names.bound.add(name)


def _import(names: Names, node: ast.Import, pending: list[Body]) -> None:  # noqa: ARG001
    bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    names.bound |= bound
    names.imported = names.imported | bound


def _import_from(names: Names, node: ast.ImportFrom, pending: list[Body]) -> None:  # noqa: ARG001
    bound = {alias.asname or alias.name for alias in node.names}
    if "*" in bound:
        names.has_star = True
        bound.discard("*")
    names.bound |= bound
    names.imported = names.imported | bound


def _function(names: Names, node: ast.FunctionDef, pending: list[Body]) -> None:  # noqa: ARG001
    names.bound.add(node.name)


def _class(names: Names, node: ast.ClassDef, pending: list[Body]) -> None:  # noqa: ARG001
    names.bound.add(node.name)
    names.classes = names.classes | {node.name}


def _delete(names: Names, node: ast.Delete, pending: list[Body]) -> None:  # noqa: ARG001
    for target in node.targets:
        _target(names.bound, target)


def _global(names: Names, node: ast.Global, pending: list[Body]) -> None:  # noqa: ARG001
    names.globals = names.globals | set(node.names)


def _nonlocal(names: Names, node: ast.Nonlocal, pending: list[Body]) -> None:  # noqa: ARG001
    names.nonlocals = names.nonlocals | set(node.names)


_BINDERS: dict[type[ast.AST], Callable[[Names, Any, list[Body]], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _one_target,
    ast.For: _loop,
    ast.AsyncFor: _loop,
    ast.If: _branch,
    ast.While: _branch,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Match: _match,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Delete: _delete,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
}
if hasattr(ast, "TypeAlias"):  # Python 3.12
    _BINDERS[ast.TypeAlias] = _one_target
