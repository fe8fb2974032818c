"""Calls: their operation, and what strings, `super()` and the builtins that reach names make of them."""

import ast
from typing import Any

from lazify.index.annotations import annotation
from lazify.index.drafts import CLASS, Draft
from lazify.index.dynamics import SPECIAL, dynamic_call, note_step
from lazify.index.lines import new
from lazify.index.mentions import LITERALS, TAKES_NAMES, mention_arguments, note_words
from lazify.index.references import called_name, chain, is_too_deep
from lazify.index.targets import note_attribute
from lazify.index.walk import PLAIN, Walk
from lazify.model.facts import (
    CALLED,
    MODULE,
    Argument,
    AttributeRef,
    CallRef,
    Does,
    NameRef,
    Operation,
    Ref,
    Role,
    SuperRef,
)

_CALL = Does.CALL  # looking up the member of an enumeration takes longer than making the record
_CONSTANTS = frozenset({str, int, float, bool})
Strings = list[tuple[int, ast.Constant]]


def call(walk: Walk, node: Any) -> Ref | None:
    """`callee(arguments)`."""
    form, walk.form = walk.form, PLAIN
    callee, last = _callee(walk, node)
    strings: Strings = []
    arguments = _arguments(walk, node, strings, takes_names=last in TAKES_NAMES)
    span = walk.span(node)
    ref = _super(walk, callee) if last == "super" else None
    if ref is not None:
        return ref
    made = new(Operation, (_CALL, callee, span, walk.statement, arguments, -1, walk.is_main))
    walk.operations.append(made)
    if strings:
        mention_arguments(walk, strings, made, form)
    if last in SPECIAL:
        dynamic_call(walk, node, last, callee, [argument.ref for argument in arguments])
    if last in _SETTERS:
        _set_attribute(walk, arguments)
    elif last in _QUOTING:
        _quoting(walk, node, last)
    return None if callee is None else new(CallRef, (callee, CALLED))


def _callee(walk: Walk, node: Any) -> tuple[Ref | None, str]:
    function = node.func
    kind = type(function)
    if kind is ast.Name:
        return called_name(walk, function), function.id
    if kind is ast.Attribute:
        if walk.has_steps:
            note_step(walk, node)
        ref = chain(walk, function, walk.role, is_called=True)
        if type(function.value) is ast.Call and is_too_deep(ref):
            ref = None
        return ref, function.attr
    return walk.expressions[kind](walk, function), ""


def _arguments(walk: Walk, node: Any, strings: Strings, *, takes_names: bool) -> tuple[Argument, ...]:
    arguments = []
    for value in node.args:
        if type(value) is ast.Starred:
            arguments.append(_argument(walk, "*", value.value))
            continue
        if type(value) is ast.Constant and _names_something(walk, value, takes_names=takes_names):
            strings.append((len(arguments), value))
        arguments.append(_argument(walk, None, value))
    for keyword in node.keywords:
        value = keyword.value
        if keyword.arg:
            walk.words.add(keyword.arg)
        if type(value) is ast.Constant and _names_something(walk, value, takes_names=takes_names):
            strings.append((len(arguments), value))
        arguments.append(_argument(walk, keyword.arg or "**", value))
    return tuple(arguments)


def _argument(walk: Walk, keyword: str | None, node: Any) -> Argument:
    constant = None
    kind = type(node)
    if kind is ast.Constant:
        of = type(node.value)
        ref: Ref | None = LITERALS[of]
        if of in _CONSTANTS:
            constant = node.value
    else:
        ref = walk.expressions[kind](walk, node)
    argument: Argument = new(Argument, (keyword, ref, constant, walk.span(node)))
    return argument


def _names_something(walk: Walk, node: ast.Constant, *, takes_names: bool) -> bool:
    value = node.value
    return isinstance(value, str) and (note_words(walk, value) or (takes_names and value.isidentifier()))


def _super(walk: Walk, callee: Ref | None) -> Ref | None:
    if callee != NameRef("super", MODULE) or "super" in walk.module_names:
        return None
    draft: Draft | None = walk.draft
    while draft and draft.kind != CLASS:
        draft = walk.drafts[draft.parent] if draft.parent >= 0 else None
    return SuperRef(draft.number) if draft else None


def _quoting(walk: Walk, node: ast.Call, last: str) -> None:
    """`cast("Heavy", x)`, `TypeVar("T", bound="Heavy")`: strings that are annotations."""
    values = node.args[:1] if last == "cast" else [k.value for k in node.keywords if k.arg == "bound"]
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            with walk.silent(), walk.acting(Role.ANNOTATION):
                annotation(walk, value)


def _set_attribute(walk: Walk, arguments: tuple[Argument, ...]) -> None:
    """`setattr(self, "name", value)`, `object.__setattr__(self, "name", value)`."""
    match arguments:
        case [Argument(ref=owner), Argument(constant=str(name)), Argument(ref=value)] if owner is not None:
            note_attribute(walk, AttributeRef(owner, name), value)


_SETTERS = frozenset({"setattr", "__setattr__"})
_QUOTING = frozenset({"cast", "TypeVar"})
