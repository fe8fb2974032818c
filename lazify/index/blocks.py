"""What running each kind of compound statement does; functions and classes have a file of their own."""

import ast
from typing import Any

from lazify.index.drafts import MODULE_BODY
from lazify.index.patterns import pattern
from lazify.index.positions import span_before, statement_span
from lazify.index.presence import found_by, present, taken_from
from lazify.index.scopes import bind
from lazify.index.targets import assign
from lazify.index.walk import CallForm, Walk
from lazify.model.facts import (
    AttributeRef,
    BindingKind,
    CallRef,
    ChoiceRef,
    Does,
    EnterRef,
    Form,
    ItemRef,
    Ref,
)


def branch(walk: Walk, node: Any) -> None:
    """`if`: also the guards whose block does not run at import."""
    walk.visit(node.test)
    guard = guard_of(node.test)
    if guard == "typing":
        _unrun(walk, node.body)
        walk.nested(node.orelse)
    elif guard == "not typing":
        walk.nested(node.body)
        _unrun(walk, node.orelse)
    elif guard == "main" and walk.draft.kind == MODULE_BODY:
        _as_main(walk, node.body)
        walk.nested(node.orelse)
    elif not walk.has_environment:
        walk.nested(node.body)
        walk.nested(node.orelse)
    else:
        with present(walk, found_by(node.test)):
            walk.nested(node.body)
        with present(walk, found_by(node.test, absent=True)):
            walk.nested(node.orelse)


def guard_of(test: ast.expr) -> str | None:
    """Recognise `TYPE_CHECKING`, its negation, and `__name__ == "__main__"`."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return "typing"
        case ast.UnaryOp(op=ast.Not(), operand=operand) if guard_of(operand) == "typing":
            return "not typing"
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=[right]):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, ast.Name) and one.id == "__name__":
                    return "main" if isinstance(other, ast.Constant) and other.value == "__main__" else None
    return None


def _unrun(walk: Walk, body: list[ast.stmt]) -> None:
    before, walk.is_typing = walk.is_typing, True
    with walk.silent():
        walk.nested(body)
    walk.is_typing = before


def _as_main(walk: Walk, body: list[ast.stmt]) -> None:
    before = walk.deferred, walk.is_main, walk.reads
    walk.deferred, walk.is_main, walk.reads = True, True, set()
    walk.nested(body)
    walk.deferred, walk.is_main, walk.reads = before


def while_(walk: Walk, node: Any) -> None:
    """`while`."""
    walk.loops += 1
    walk.visit(node.test)
    walk.nested(node.body)
    walk.loops -= 1
    walk.nested(node.orelse)


def for_(walk: Walk, node: Any) -> None:
    """`for`, `async for`."""
    ref = walk.visit(node.iter)
    walk.loops += 1
    walk.block += 1
    assign(walk, node.target, None if ref is None else ItemRef(ref), BindingKind.LOOP)
    walk.block -= 1
    with present(walk, taken_from(node.target, node.iter) if walk.has_environment else set()):
        walk.nested(node.body)
    walk.loops -= 1
    walk.nested(node.orelse)


def with_(walk: Walk, node: Any) -> None:
    """`with`, `async with`."""
    enter = "__aenter__" if isinstance(node, ast.AsyncWith) else "__enter__"
    before = walk.catches
    for item in node.items:
        _enter_context(walk, node, item, enter)
        if suppressed := _suppressed(item.context_expr):
            walk.catches = (walk.catches or frozenset()) | suppressed
    walk.nested(node.body)
    walk.catches = before


def _enter_context(walk: Walk, node: Any, item: ast.withitem, enter: str) -> None:
    value, target = item.context_expr, item.optional_vars
    if isinstance(value, ast.Call):
        target_span = walk.span(target) if target else None
        walk.form = CallForm(Form.WITH, target_span, -1, statement_span(walk, node.body[0]))
    ref = walk.visit(value)
    subject = None if ref is None else AttributeRef(ref, enter)
    walk.emit(Does.CALL, subject, walk.span(value))
    if target is not None:
        assign(walk, target, None if ref is None else EnterRef(ref), BindingKind.WITH)


def _suppressed(value: ast.expr) -> frozenset[str]:
    """Read `contextlib.suppress(ImportError)`, which is a `try` in other words."""
    if isinstance(value, ast.Call) and _written(value.func).endswith("suppress"):
        return frozenset(map(_written, value.args))
    return frozenset()


def _written(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ast.unparse(node)


def try_(walk: Walk, node: Any) -> None:
    """`try`."""
    before = walk.catches
    if node.handlers:
        walk.catches = (before or frozenset()) | _caught(node.handlers)
    walk.nested(node.body)
    walk.catches = before
    for handler in node.handlers:
        _handle(walk, handler)
    walk.nested(node.orelse)
    walk.nested(node.finalbody)


def _caught(handlers: list[ast.ExceptHandler]) -> frozenset[str]:
    names: set[str] = set()
    for handler in handlers:
        match handler.type:
            case None:
                names.add("")
            case ast.Tuple(elts=elements):
                names.update(map(_written, elements))
            case other:
                names.add(_written(other))
    return frozenset(names)


def _handle(walk: Walk, handler: ast.ExceptHandler) -> None:
    ref: Ref | None = None
    if isinstance(handler.type, ast.Tuple):
        refs = [walk.visit(element) for element in handler.type.elts]
        ref = ChoiceRef(tuple([None if one is None else CallRef(one) for one in refs]))
    elif handler.type is not None:
        caught = walk.visit(handler.type)
        ref = None if caught is None else CallRef(caught)
    if handler.name:
        _bind_error(walk, handler, handler.name, ref)
    walk.nested(handler.body)


def _bind_error(walk: Walk, handler: ast.ExceptHandler, name: str, ref: Ref | None) -> None:
    walk.block += 1
    frame, text = bind(walk, name, ref)
    walk.block -= 1
    if frame is None and handler.type is not None:
        walk.add_binding(text, BindingKind.EXCEPT, span_before(walk, handler.type, name))


def match(walk: Walk, node: Any) -> None:
    """`match`."""
    ref = walk.visit(node.subject)
    for case in node.cases:
        walk.block += 1
        pattern(walk, case.pattern, ref)
        walk.block -= 1
        if case.guard:
            walk.visit(case.guard)
        walk.nested(case.body)
