"""What assignment, loops, `with` and `del` do to their targets."""

import ast
from typing import Any

from lazify.index.drafts import CLASS, Draft, Frame, Name
from lazify.index.dynamics import note_key
from lazify.index.mentions import note_string
from lazify.index.presence import is_present
from lazify.index.references import chain, record
from lazify.index.scopes import bind, binder_of, resolve, settle, unsettle
from lazify.index.walk import Walk
from lazify.model.facts import (
    MODULE,
    Argument,
    AttributeRef,
    BindingKind,
    CallRef,
    Does,
    ItemRef,
    LiteralRef,
    NameRef,
    Ref,
    Role,
)
from lazify.model.places import Span

_LIST, _STR = LiteralRef("list"), LiteralRef("str")


def assign(walk: Walk, target: ast.expr, ref: Ref | None, kind: BindingKind) -> None:
    """Bind a target, whatever its form, to a value."""
    match target:
        case ast.Name():
            bind_name(walk, target, ref, kind)
        case ast.Attribute():
            _set_attribute(walk, target, ref)
        case ast.Subscript():
            store_item(walk, target)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            item = None if ref is None else ItemRef(ref)
            for element in elements:
                assign(walk, element, item, kind)
        case ast.Starred(value=value):
            assign(walk, value, _LIST, kind)


def bind_name(walk: Walk, node: Any, ref: Ref | None, kind: BindingKind) -> None:
    """Bind the plain name at `node`."""
    frame, text = bind(walk, node.id, ref)
    use_name(walk, node, frame, text, Role.STORE)
    if frame is None:
        walk.add_binding(text, kind, walk.span(node))
    elif frame.draft is not walk.draft:  # `nonlocal`
        walk.emit(Does.MUTATE, NameRef(text, frame.draft.number), walk.span(node))


def use_name(walk: Walk, node: Any, frame: Frame | None, text: str, role: Role) -> None:
    """Record a use that binds, unless the name is an ordinary local."""
    if frame is None:
        record(walk, node, Name(text, None, MODULE, is_read=True), role)
    elif text in frame.names.imported:
        record(walk, node, Name(text, None, frame.draft.number, is_read=False), role)


def bind_defined(walk: Walk, raw: str, kind: BindingKind, number: int, span: Span | None) -> None:
    """Bind the name of a function or class; `span` is needed for module-level names alone."""
    frame, text = binder_of(walk, raw)
    draft = frame.draft if frame else walk.drafts[MODULE]
    draft.definitions[text] = number
    settle(walk, frame, text)
    if frame is None and span is not None:
        walk.add_binding(text, kind, span, number)


def store_attribute(walk: Walk, node: ast.Attribute, role: Role) -> Ref | None:
    """Store into, or delete, `value.attr`."""
    ref = chain(walk, node, role)
    _note_store(walk, node, ref)
    return ref


def _note_store(walk: Walk, node: ast.Attribute, ref: Ref | None) -> None:
    """An attribute of a class or module is written; of anything else, the store mutates its owner."""
    if not isinstance(ref, AttributeRef):
        return
    if _is_class_or_import(walk, ref.value):
        walk.emit(Does.WRITE, ref, walk.span(node))
    else:
        walk.emit(Does.MUTATE, ref.value, walk.span(node))


def note_attribute(walk: Walk, ref: Ref | None, value: Ref | None) -> None:
    """Note what a method binds to `self.name` or `cls.name`."""
    if isinstance(ref, AttributeRef) and (owner := _owner(walk, ref.value)):
        owner.attributes.setdefault(ref.name, []).append(value)
        if _is_class_itself(walk, ref.value):  # as if the body of the class held it: all instances share it
            owner.locals.setdefault(ref.name, []).append(value)


def store_item(walk: Walk, node: ast.Subscript) -> Ref | None:
    """Store into, or delete, `value[index]`."""
    value = visit_subscript(walk, node)[0]
    walk.emit(Does.MUTATE, value, walk.span(node))
    return value


def visit_subscript(walk: Walk, node: Any) -> tuple[Ref | None, str | None]:
    """Evaluate `value[index]` up to the access; return the value, and the index where it is a string."""
    index = node.slice
    if walk.has_steps:
        note_key(walk, node.value, index)
    if type(index) is not ast.Constant or type(index.value) is not str:
        value = walk.expressions[type(node.value)](walk, node.value)
        walk.expressions[type(index)](walk, index)
        return value, None
    value = walk.expressions[type(node.value)](walk, node.value)
    note_string(walk, index, is_key=True)
    return value, index.value


def note_item(walk: Walk, node: Any, value: Ref | None, key: str | None) -> None:
    """Note that `value["key"]` is read, unless the key is known to be there; None: it is computed."""
    if not is_present(walk, node):
        arguments = () if key is None else (Argument(None, _STR, key, walk.span(node.slice)),)
        walk.emit(Does.ITEM, value, walk.span(node), arguments)


def augment(walk: Walk, target: ast.expr, value: ast.expr) -> Ref | None:
    """Read the target of `target += value`, evaluate the value, change the target in place and store it."""
    ref: Ref | None
    match target:
        case ast.Name():
            given = walk.visit(value)
            ref = _augment_name(walk, target)
        case ast.Attribute():
            ref = chain(walk, target, Role.AUGMENT)
            given = walk.visit(value)
            _note_store(walk, target, ref)
        case _:
            holder, key = visit_subscript(walk, target)
            if key is not None:
                note_item(walk, target, holder, key)
            given = walk.visit(value)
            walk.emit(Does.MUTATE, holder, walk.span(target))
            ref = None if holder is None else ItemRef(holder)
    walk.emit(Does.MUTATE, ref, walk.span(target))
    return given


def _augment_name(walk: Walk, target: ast.Name) -> Ref | None:
    frame, text = binder_of(walk, target.id)
    if frame is None:
        record(walk, target, Name(text, None, MODULE, is_read=True), Role.AUGMENT)
        walk.add_binding(text, BindingKind.AUGMENT, walk.span(target))
        return NameRef(text, MODULE)
    if frame.kind is not CLASS:
        use_name(walk, target, frame, text, Role.AUGMENT)
        return NameRef(text, frame.draft.number)
    # Reads the module's name if the class body has not bound its own, and binds the class's in any case.
    found = resolve(walk, target.id)
    if found.bound >= 0:
        record(walk, target, found._replace(is_vague=found.bound == MODULE), Role.AUGMENT)
    settle(walk, frame, text)
    return found.ref


def delete(walk: Walk, target: ast.expr) -> None:
    """`del target`."""
    match target:
        case ast.Name():
            frame, text = binder_of(walk, target.id)
            unsettle(walk, frame, text)
            use_name(walk, target, frame, text, Role.DELETE)
            if frame is None:
                walk.add_binding(text, BindingKind.DELETE, walk.span(target))
        case ast.Attribute():
            store_attribute(walk, target, Role.DELETE)
        case ast.Subscript():
            store_item(walk, target)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            for element in elements:
                delete(walk, element)


def instance_of(ref: Ref | None) -> Ref | None:
    """Give what an annotation with that class promises."""
    return None if ref is None else CallRef(ref)


def _set_attribute(walk: Walk, target: ast.Attribute, value: Ref | None) -> None:
    note_attribute(walk, store_attribute(walk, target, Role.STORE), value)


def _owner(walk: Walk, ref: Ref | None) -> Draft | None:
    if isinstance(ref, NameRef):
        draft = walk.drafts[ref.scope]
        if draft.self_name == ref.name or (draft.owner and _is_made_here(draft, ref.name)):
            return draft.owner
    return None


def _is_class_itself(walk: Walk, ref: Ref | None) -> bool:
    """Tell whether the expression is the `cls` of a class method."""
    if not isinstance(ref, NameRef):
        return False
    draft = walk.drafts[ref.scope]
    return draft.is_for_class and draft.self_name == ref.name


def _is_made_here(draft: Draft, name: str) -> bool:
    """Tell whether a local holds a new instance: `cls()`, or `object.__new__(cls)` in `__new__`."""
    for value in draft.locals.get(name, ()):
        if isinstance(value, CallRef):
            callee = value.callee
            is_new = isinstance(callee, AttributeRef) and callee.name == "__new__"
            if is_new or (draft.is_for_class and callee == NameRef(draft.self_name or "", draft.number)):
                return True
    return False


def _is_class_or_import(walk: Walk, ref: Ref | None) -> bool:
    while isinstance(ref, AttributeRef):
        ref = ref.value
    if not isinstance(ref, NameRef):
        return False
    names = walk.drafts[ref.scope].names
    return ref.name in names.classes or ref.name in names.imported
