"""`__all__`, where it is a plain list of names."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lazify.index.walk import Walk
from lazify.model.facts import MODULE, BindingKind, Does, NameRef
from lazify.model.places import Span

_ALL = "__all__"
_HARMLESS = frozenset({"sort", "index", "count", "copy"})


@dataclass(frozen=True, slots=True)
class Exports:
    """The exported names with their strings, and whether there may be others."""

    names: tuple[tuple[str, Span], ...] | None
    are_dynamic: bool


def exports_of(walk: Walk, tree: ast.Module) -> Exports:
    """Read every change to `__all__` that stands outside of functions and classes."""
    if _ALL not in walk.bindings:
        return Exports(None, are_dynamic=False)
    names: list[tuple[str, Span]] = []
    understood: set[Span] = set()
    for target, values in _changes(tree.body):
        if _add_all(walk, values, names):
            understood.add(walk.span(target))
    return Exports(tuple(names), are_dynamic=not understood.issuperset(_changing(walk)))


def _changing(walk: Walk) -> Iterator[Span]:
    """Give the place of everything that may change `__all__`."""
    for binding in walk.bindings[_ALL]:
        if binding.kind is not BindingKind.ANNOTATE:
            yield binding.span
    for use in walk.uses.get(_ALL, ()):
        if use.attributes and use.attributes[0] not in _HARMLESS:
            yield use.span
    for draft in walk.drafts:
        for operation in draft.operations:
            if operation.does is Does.MUTATE and operation.subject == NameRef(_ALL, MODULE):
                yield operation.span


def _changes(body: list[ast.stmt]) -> Iterator[tuple[Any, ast.expr]]:
    """Find `__all__ = value`, `__all__ += value`, `__all__.extend(value)` and `__all__.append(value)`."""
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id="__all__") as target], value=value):
                yield target, value
            case ast.AnnAssign(target=ast.Name(id="__all__") as target, value=ast.expr() as value):
                yield target, value
            case ast.AugAssign(target=ast.Name(id="__all__") as target, op=ast.Add(), value=value):
                yield target, value
            case ast.Expr(value=ast.Call(func=ast.Attribute() as method, args=[value])):
                yield from _added(method, value)
            case ast.If() | ast.Try() | ast.With() | ast.For() | ast.While():
                for block in _blocks(node):
                    yield from _changes(block)


def _added(method: ast.Attribute, value: ast.expr) -> Iterator[tuple[Any, ast.expr]]:
    if not isinstance(method.value, ast.Name) or method.value.id != _ALL:
        return
    if method.attr == "extend":
        yield method.value, value
    elif method.attr == "append":
        yield method.value, ast.List(elts=[value], ctx=ast.Load())


def _blocks(node: Any) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        yield getattr(node, field, [])
    for handler in getattr(node, "handlers", ()):
        yield handler.body


def _add_all(walk: Walk, value: ast.expr, names: list[tuple[str, Span]]) -> bool:
    """Add the strings of a display, or of a sum of displays; tell whether that was everything."""
    match value:
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return len(elements) == sum([_add_one(walk, element, names) for element in elements])
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            is_whole = _add_all(walk, left, names)
            return _add_all(walk, right, names) and is_whole
    return False


def _add_one(walk: Walk, element: ast.expr, names: list[tuple[str, Span]]) -> bool:
    match element:
        case ast.Constant(value=str() as name):
            names.append((name, walk.span(element)))
            return True
        case ast.Starred(value=value):
            return _add_all(walk, value, names)
    return False
