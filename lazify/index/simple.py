"""What running each kind of simple statement does."""

import ast
from typing import Any

from lazify.index.annotations import annotation
from lazify.index.definitions import open_types
from lazify.index.drafts import CLASS, MODULE_BODY
from lazify.index.references import UNKNOWN
from lazify.index.scopes import add_value, mangle, resolve
from lazify.index.targets import assign, augment, bind_name, delete, instance_of, note_attribute
from lazify.index.walk import CallForm, Walk
from lazify.model.facts import AttributeRef, BindingKind, Does, Form, LiteralRef, Ref

_NONE = LiteralRef("None")
_STATEMENT = CallForm(Form.STATEMENT)
_SEQUENCES = (ast.Tuple, ast.List)


def expression(walk: Walk, node: Any) -> None:
    """An expression whose value is dropped."""
    value = node.value
    kind = type(value)
    if kind is ast.Constant:
        return  # a docstring or `...`
    if kind is ast.Call:
        walk.form = _STATEMENT
    walk.value = walk.expressions[kind](walk, value)


def assignment(walk: Walk, node: Any) -> None:
    """`a = b = value`."""
    value, targets = node.value, node.targets
    if isinstance(value, _SEQUENCES) and any(isinstance(target, _SEQUENCES) for target in targets):
        _unpack(walk, value, targets)
        return
    ref = walk.expressions[type(value)](walk, value)
    for target in targets:
        assign(walk, target, ref, BindingKind.ASSIGN)
    walk.value = ref


def _unpack(walk: Walk, value: ast.Tuple | ast.List, targets: list[ast.expr]) -> None:
    """`a, b = x, y` binds each name to its own value."""
    refs = [walk.visit(element) for element in value.elts]
    whole = LiteralRef(type(value).__name__.lower())
    for target in targets:
        if _fits(target, value):
            for part, ref in zip(target.elts, refs, strict=True):  # type: ignore[attr-defined]  # _fits says so
                assign(walk, part, ref, BindingKind.ASSIGN)
        else:
            unknown = isinstance(target, _SEQUENCES)
            assign(walk, target, None if unknown else whole, BindingKind.ASSIGN)
    walk.value = whole


def _fits(target: ast.expr, value: ast.Tuple | ast.List) -> bool:
    if not isinstance(target, _SEQUENCES) or len(target.elts) != len(value.elts):
        return False
    return not any(isinstance(element, ast.Starred) for element in (*target.elts, *value.elts))


def annotated(walk: Walk, node: Any) -> None:
    """`x: T = value`, or a declaration without a value."""
    target = node.target
    ref: Ref | None = walk.visit(node.value) if node.value else None
    hint = instance_of(_declared(walk, node))
    if node.value:
        assign(walk, target, ref, BindingKind.ASSIGN)
        walk.value = ref
    _note_hint(walk, node, hint)


def _declared(walk: Walk, node: Any) -> Ref | None:
    """Python evaluates the annotations of modules and classes, and of attributes everywhere."""
    is_evaluated = walk.draft.kind in (MODULE_BODY, CLASS) or not node.simple
    if is_evaluated and not walk.future_annotations:
        return annotation(walk, node.annotation)
    with walk.silent():
        return annotation(walk, node.annotation)


def _note_hint(walk: Walk, node: Any, hint: Ref | None) -> None:
    target = node.target
    if isinstance(target, ast.Name):
        if node.value is None:
            _declare(walk, node)
        if hint is not None and node.simple:
            add_value(walk, target.id, hint)
        return
    if node.value is None:
        _evaluate_target(walk, target)
    if hint is not None and isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        owner = resolve(walk, target.value.id).ref or UNKNOWN
        note_attribute(walk, AttributeRef(owner, mangle(target.attr, walk.frame.private)), hint)


def _evaluate_target(walk: Walk, target: ast.Attribute | ast.Subscript) -> None:
    """`x.a: T` and `x[k]: T` evaluate `x` and `k`, and store nothing."""
    walk.visit(target.value)
    if isinstance(target, ast.Attribute):
        walk.words.add(target.attr)
    else:
        walk.visit(target.slice)


def _declare(walk: Walk, node: Any) -> None:
    if node.simple and walk.draft.kind == MODULE_BODY:
        walk.add_binding(node.target.id, BindingKind.ANNOTATE, walk.span(node.target))


def augmented(walk: Walk, node: Any) -> None:
    """`x += value`."""
    walk.value = augment(walk, node.target, node.value)


def deletion(walk: Walk, node: Any) -> None:
    """`del x`."""
    if not walk.in_function:
        walk.contains.add("del")
    for target in node.targets:
        delete(walk, target)


def returned(walk: Walk, node: Any) -> None:
    """`return value`."""
    value = node.value
    walk.draft.returns.append(walk.expressions[type(value)](walk, value) if value else _NONE)


def raised(walk: Walk, node: Any) -> None:
    """`raise error from cause`."""
    ref = walk.visit(node.exc) if node.exc else None
    if node.cause:
        walk.visit(node.cause)
    walk.emit(Does.RAISE, ref, walk.span(node))


def asserted(walk: Walk, node: Any) -> None:
    """`assert test, message`."""
    walk.visit(node.test)
    if node.msg:
        walk.visit(node.msg)


def global_(walk: Walk, node: Any) -> None:
    """`global x, y`."""
    walk.contains.add("global")
    walk.words.update(node.names)
    walk.draft.globals.append((walk.span(node), tuple(node.names)))


def nothing(walk: Walk, node: Any) -> None:  # one signature for all
    """`pass`, `break`, `continue`, `nonlocal`."""


def type_alias(walk: Walk, node: Any) -> None:
    """`type X[T] = value` (PEP 695): the value is evaluated when somebody asks for it."""
    bind_name(walk, node.name, None, BindingKind.TYPE)
    before, walk.deferred = walk.deferred, True
    outside = open_types(walk, node)
    with walk.silent():
        annotation(walk, node.value)
    walk.step_back(outside)
    walk.deferred = before


def unknown(walk: Walk, node: Any) -> None:  # noqa: ARG001  # one signature for all
    """A statement that this version of lazify does not know: a file with it is not understood."""
    what = f"{type(node).__name__} is syntax that lazify does not know yet"
    raise SyntaxError(what, ("", node.lineno, 0, None))
