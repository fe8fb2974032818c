"""The module's own statements, one record for each."""

import ast
from collections.abc import Iterator
from typing import Any

from lazify.index.annotations import mentioned_names
from lazify.index.blocks import guard_of
from lazify.index.definitions import is_docstring
from lazify.index.positions import statement_span
from lazify.index.walk import Walk
from lazify.model.facts import Statement
from lazify.model.places import Span

_VALUED = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)
_CHAIN = (ast.Attribute, ast.Subscript)


def statements(walk: Walk, tree: ast.Module) -> tuple[Statement, ...]:
    """Run the pass over every statement of the module."""
    spans = [statement_span(walk, node) for node in tree.body]
    return tuple(
        [
            _statement(walk, node, number, spans[number], shares_line=_shares_line(spans, number))
            for number, node in enumerate(tree.body)
        ]
    )


def _statement(walk: Walk, node: Any, number: int, span: Span, *, shares_line: bool) -> Statement:
    walk.statement, walk.binds, walk.contains, walk.value = number, {}, set(), None
    walk.reads = walk.draft.reads = set()
    walk.statements[type(node)](walk, node)
    targets, form = _targets(node)
    value = getattr(node, "value", None) if isinstance(node, _VALUED) else None
    annotation = node.annotation if isinstance(node, ast.AnnAssign) else None
    guard = _guard(node)
    return Statement(
        kind=type(node).__name__,
        span=span,
        binds=tuple(walk.binds),
        targets=targets,
        target_form=form,
        value=walk.value if value else None,
        value_span=walk.span(value) if value else None,
        annotation_span=walk.span(annotation) if annotation else None,
        annotation_names=mentioned_names(annotation) if annotation else frozenset(),
        receiver=_receiver(walk, node),
        is_docstring=number == 0 and is_docstring(node),
        shares_line=shares_line,
        contains=frozenset(walk.contains),
        guard=guard,
        body=statement_span(walk, node.body[0]) if guard else None,
    )


def _shares_line(spans: list[Span], number: int) -> bool:
    span = spans[number]
    return (number > 0 and spans[number - 1].end_line >= span.line) or (
        number + 1 < len(spans) and spans[number + 1].line <= span.end_line
    )


def _guard(node: ast.stmt) -> str | None:
    if isinstance(node, ast.If) and not node.orelse:
        guard = guard_of(node.test)
        return guard if guard != "not typing" else None
    return None


def _targets(node: ast.stmt) -> tuple[tuple[str, ...], str]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return (name,), "name"
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return (name,), "name"
        case ast.Assign(targets=[ast.Tuple(elts=elements) | ast.List(elts=elements)]):
            return _plain(elements, "tuple")
        case ast.Assign(targets=targets):
            return _plain(targets, "chain")
        case _:
            return (), ""


def _plain(targets: list[ast.expr], form: str) -> tuple[tuple[str, ...], str]:
    names = tuple([target.id for target in targets if isinstance(target, ast.Name)])
    return (names, form) if names and len(names) == len(targets) else ((), "")


def _receiver(walk: Walk, node: ast.stmt) -> str | None:
    match node:
        case ast.Expr(value=ast.Call() as call):
            return _called_on(walk, call)
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            is_own = isinstance(node, ast.AugAssign)
            return _root(target) if is_own or isinstance(target, _CHAIN) else None
        case ast.Delete(targets=[target]) if isinstance(target, _CHAIN):
            return _root(target)
    return None


def _called_on(walk: Walk, call: ast.Call) -> str | None:
    """`x.m()` acts on `x`; where `x` is an imported module, on what the call is given."""
    root = _root(call.func) if not isinstance(call.func, ast.Name) else None
    if root is not None and not _is_module(walk, root):
        return root
    return next(_given(call), root)


def _given(call: ast.Call) -> Iterator[str]:
    for argument in (*call.args, *(keyword.value for keyword in call.keywords)):
        value = argument.value if isinstance(argument, ast.Starred) else argument
        if (root := _root(value)) is not None:
            yield root


def _is_module(walk: Walk, name: str) -> bool:
    indices = [binding.index for binding in walk.bindings.get(name, ()) if binding.index >= 0]
    return any(index < len(walk.imports) and walk.imports[index].name is None for index in indices)


def _root(node: ast.expr) -> str | None:
    """Give `x` of `x`, `x.a`, `x[k]`, `x.a(…).b`."""
    while True:
        match node:
            case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Call(func=value):
                node = value
            case ast.Name(id=name):
                return name
            case _:
                return None
