"""Functions, classes and lambdas: what defining them runs, and their bodies."""

import ast
from typing import Any

from lazify.index.annotations import annotation
from lazify.index.binders import Names, names_of, walruses
from lazify.index.codes import IMPLICITLY_OF_CLASS, IMPLICITLY_STATIC
from lazify.index.drafts import CLASS, FUNCTION, LAMBDA, TYPES, Draft, Frame
from lazify.index.positions import definition_span, statement_span
from lazify.index.scopes import binder_of, frame_for, mangle, open_draft, types_frame
from lazify.index.targets import bind_defined
from lazify.index.walk import CallForm, Walk
from lazify.model.facts import (
    Argument,
    BindingKind,
    Does,
    Form,
    LambdaRef,
    NameRef,
    Parameter,
    Ref,
    Role,
)

_OF_CLASS = IMPLICITLY_OF_CLASS | IMPLICITLY_STATIC
_UNBOUND = frozenset({"staticmethod"})
"""Decorators under which the first parameter is no instance and no class."""


def function(walk: Walk, node: Any) -> None:
    """`def`, `async def`."""
    if not walk.in_function:
        walk.contains.add("def")
    draft = open_draft(walk, FUNCTION, node.name)
    draft.span = statement_span(walk, node)
    draft.is_async = isinstance(node, ast.AsyncFunctionDef)
    draft.decorators = _decorators(walk, node, draft)
    defaults = _defaults(walk, node.args)
    outside = open_types(walk, node)
    draft.parameters = _parameters(walk, node.args, defaults)
    if node.returns:
        draft.annotation = _annotation(walk, node.returns)
    _note_method(walk, node, draft)
    _function_body(walk, node, draft)
    walk.step_back(outside)
    _bind(walk, node, draft, BindingKind.FUNCTION)
    _decorate(walk, node, draft, LambdaRef(draft.number))


def _function_body(walk: Walk, node: Any, draft: Draft) -> None:
    names = names_of(node.body, walk.walrus_lines)
    names.bound.update(_parameter_names(node.args))
    draft.body = _first_statement(walk, node)
    outside = walk.enter(frame_for(walk, draft, names))
    _run_body(walk, node, draft)
    _note_accessor(walk, node, draft)
    walk.leave(outside)


def _run_body(walk: Walk, node: Any, draft: Draft) -> None:
    first = node.body[0]
    if is_docstring(first):
        draft.docstring = walk.span(first)
    walk.run(node.body)


def class_(walk: Walk, node: Any) -> None:
    """`class`."""
    if not walk.in_function:
        walk.contains.add("class")
    draft = open_draft(walk, CLASS, node.name)
    draft.span = statement_span(walk, node)
    draft.decorators = _decorators(walk, node, draft)
    outside = open_types(walk, node, private=node.name)
    _bases(walk, node, draft)
    walk.emit(Does.CLASS, None, draft.span, index=draft.number)
    names = names_of(node.body, walk.walrus_lines)
    around = walk.enter(frame_for(walk, draft, names, private=node.name))
    _run_body(walk, node, draft)
    walk.leave(around)
    walk.step_back(outside)
    frame, text = binder_of(walk, node.name)
    _bind(walk, node, draft, BindingKind.CLASS)
    _decorate(walk, node, draft, NameRef(text, frame.draft.number if frame else 0))


def _bases(walk: Walk, node: Any, draft: Draft) -> None:
    if not node.bases and not node.keywords:
        return
    with walk.acting(Role.BASE):
        draft.bases = tuple([walk.visit(base) for base in node.bases])
        for keyword in node.keywords:
            ref = walk.visit(keyword.value)
            if keyword.arg:
                walk.words.add(keyword.arg)
            if keyword.arg == "metaclass":
                draft.metaclass = ref


def lambda_(walk: Walk, node: Any) -> Ref | None:
    """`lambda`."""
    draft = open_draft(walk, LAMBDA, "<lambda>")
    draft.span = walk.span(node)
    draft.parameters = _parameters(walk, node.args, _defaults(walk, node.args))
    names = Names()
    names.bound.update(_parameter_names(node.args))
    if walk.walrus_lines:
        names.bound |= walruses([node.body], walk.walrus_lines)
    outside = walk.enter(frame_for(walk, draft, names))
    draft.returns.append(walk.visit(node.body))
    walk.leave(outside)
    return LambdaRef(draft.number)


def is_docstring(node: ast.stmt) -> bool:
    """Tell whether a statement is a string and nothing else."""
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def open_types(walk: Walk, node: Any, private: str | None = None) -> Frame:
    """Open the scope of `[T: bound = default]` (PEP 695, 696), if any; return the frame to step back to.

    The parts are evaluated on demand.
    """
    parameters = getattr(node, "type_params", None)
    if not parameters:
        return walk.frame
    outside = walk.step_into(types_frame(walk, [parameter.name for parameter in parameters], private))
    before, walk.deferred = walk.deferred, True
    with walk.silent():
        for parameter in parameters:
            for part in ("bound", "default_value"):
                if (value := getattr(parameter, part, None)) is not None:
                    annotation(walk, value)
    walk.deferred = before
    return outside


def _decorators(walk: Walk, node: Any, draft: Draft) -> tuple[Ref | None, ...]:
    if not node.decorator_list:
        return ()
    form = CallForm(Form.DECORATOR, None, draft.number, _first_statement(walk, node))
    refs = []
    with walk.acting(Role.DECORATOR):
        for decorator in node.decorator_list:
            if type(decorator) is ast.Call:
                walk.form = form
            refs.append(walk.visit(decorator))
    return tuple(refs)


def _first_statement(walk: Walk, node: Any) -> Any:
    body = node.body[1:] if is_docstring(node.body[0]) else node.body
    return statement_span(walk, body[0]) if body else None


def _decorate(walk: Walk, node: Any, draft: Draft, ref: Ref) -> None:
    """Decorators are called from the last to the first, with what they stand on."""
    for decorator, callee in zip(reversed(node.decorator_list), reversed(draft.decorators), strict=True):
        span = walk.span(decorator)
        walk.emit(Does.CALL, callee, span, (Argument(None, ref, None, span),))


def _bind(walk: Walk, node: Any, draft: Draft, kind: BindingKind) -> None:
    frame, _ = binder_of(walk, node.name)
    span = definition_span(walk, node) if frame is None else None
    bind_defined(walk, node.name, kind, draft.number, span)


def _defaults(walk: Walk, arguments: ast.arguments) -> dict[str, Ref | None]:
    found: dict[str, Ref | None] = {}
    if not arguments.defaults and not arguments.kw_defaults:
        return found
    before, walk.role = walk.role, Role.DEFAULT
    positional = [*arguments.posonlyargs, *arguments.args][-len(arguments.defaults) or None :]
    for argument, default in zip(positional, arguments.defaults, strict=False):
        found[argument.arg] = walk.visit(default)
    for argument, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            found[argument.arg] = walk.visit(value)
    walk.role = before
    return found


def _parameters(
    walk: Walk, arguments: ast.arguments, defaults: dict[str, Ref | None]
) -> tuple[Parameter, ...]:
    kinds = [("positional", [*arguments.posonlyargs, *arguments.args])]
    if arguments.vararg:
        kinds.append(("*", [arguments.vararg]))
    if arguments.kwonlyargs:
        kinds.append(("keyword", arguments.kwonlyargs))
    if arguments.kwarg:
        kinds.append(("**", [arguments.kwarg]))
    return tuple(
        [
            Parameter(
                mangle(argument.arg, walk.frame.private),
                _annotation(walk, argument.annotation) if argument.annotation else None,
                defaults.get(argument.arg),
                kind,
            )
            for kind, group in kinds
            for argument in group
        ]
    )


def _parameter_names(arguments: ast.arguments) -> list[str]:
    names = [a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    names += [a.arg for a in (arguments.vararg, arguments.kwarg) if a]
    return names


def _annotation(walk: Walk, node: ast.expr) -> Ref | None:
    if not walk.future_annotations:
        return annotation(walk, node)
    before = walk.operations, walk.reads
    walk.operations, walk.reads = [], set()
    ref = annotation(walk, node)
    walk.operations, walk.reads = before
    return ref


def _note_method(walk: Walk, node: Any, draft: Draft) -> None:
    """Remember which parameter is the instance or the class."""
    frame = walk.frame.parent if walk.frame.kind is TYPES else walk.frame
    positional = [*node.args.posonlyargs, *node.args.args]
    decorators = {getattr(decorator, "id", "") for decorator in node.decorator_list}
    if frame and frame.kind is CLASS and positional and not decorators & _UNBOUND:
        draft.self_name, draft.owner = mangle(positional[0].arg, frame.private), frame.draft
        draft.is_for_class = "classmethod" in decorators or node.name in _OF_CLASS


def _note_accessor(walk: Walk, node: Any, draft: Draft) -> None:
    """Recognise a function that only returns a module-level name."""
    body = node.body[1:] if draft.docstring else node.body
    if len(body) != 1 or draft.is_async or draft.parameters or node.decorator_list:
        return
    match body[0]:
        case ast.Return(value=ast.Name(id=raw)):
            found = walk.known.get(raw)
            if found and found.is_read:
                draft.only_returns = found.name
                draft.return_span = walk.span(body[0])
