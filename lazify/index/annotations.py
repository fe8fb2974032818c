"""Annotations: the names they use, also within quotes, and the class they promise."""

import ast
from collections.abc import Callable, Iterator
from typing import Any

from lazify.index.parsing import parse_expression
from lazify.index.strings import relocate_quoted, unlocated
from lazify.index.walk import Walk
from lazify.model.facts import ChoiceRef, LiteralRef, Ref, Role

_TRANSPARENT = frozenset(
    {"Optional", "Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "InitVar", "Mapped"}
)
"""`Optional[X]`: what it promises is what `X` promises."""
_OPAQUE = frozenset({"Literal", "Type", "type", "Callable", "TypeGuard", "TypeIs"})
"""`Type[X]`: its value is no instance of the class named."""
_NONE = LiteralRef("None")
_ANNOTATION = Role.ANNOTATION


def annotation(walk: Walk, node: ast.expr) -> Ref | None:
    """Record an annotation, and give the class of its values as far as that can be told."""
    before, walk.role = walk.role, _ANNOTATION
    ref = _read(walk, node)
    walk.role = before
    return None if ref == _NONE else ref


def mentioned_names(node: ast.expr) -> frozenset[str]:
    """List the names that an annotation mentions, also within quotes."""
    return frozenset(_names(node))


def _names(node: ast.expr) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            inner = parse_expression(part.value)
            if inner is not None and not isinstance(inner, ast.Constant):
                yield from _names(inner)


def _read(walk: Walk, node: Any) -> Ref | None:
    reader = _READERS.get(type(node))
    if reader:
        return reader(walk, node)
    walk.visit(node)
    return None


def _plain(walk: Walk, node: Any) -> Ref | None:
    return walk.visit(node)


def _constant(walk: Walk, node: ast.Constant) -> Ref | None:
    if isinstance(node.value, str):
        return quoted(walk, node)
    return _NONE if node.value is None else None


def quoted(walk: Walk, node: ast.Constant) -> Ref | None:
    """Read the annotation within a string."""
    inner = parse_expression(str(node.value))
    if inner is None:
        return None
    before, walk.is_quoted = walk.is_quoted, True
    try:
        if relocate_quoted(walk, node, inner):
            return _read(walk, inner)
        with unlocated(walk, node):
            return _read(walk, inner)
    finally:
        walk.is_quoted = before


def _subscript(walk: Walk, node: ast.Subscript) -> Ref | None:
    ref = walk.visit(node.value)
    last = _last_name(node.value)
    if last == "Literal":
        walk.visit(node.slice)
        return None
    elements = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if last == "Annotated":
        first = _read(walk, elements[0])
        for other in elements[1:]:
            walk.visit(other)
        return first
    refs = [_read(walk, element) for element in elements]
    if last in _OPAQUE:
        return None
    if last in _TRANSPARENT:
        return refs[0] if refs else None
    return _choice(refs) if last == "Union" else ref


def _union(walk: Walk, node: ast.BinOp) -> Ref | None:
    if not isinstance(node.op, ast.BitOr):
        return walk.visit(node)
    return _choice([_read(walk, node.left), _read(walk, node.right)])


def _sequence(walk: Walk, node: ast.Tuple | ast.List) -> None:
    for element in node.elts:
        _read(walk, element)


def _choice(refs: list[Ref | None]) -> Ref | None:
    flat: list[Ref | None] = []
    for ref in refs:
        flat.extend(ref.options if isinstance(ref, ChoiceRef) else (ref,))
    kept = tuple(dict.fromkeys(ref for ref in flat if ref != _NONE))
    if not kept or None in kept:
        return None
    return kept[0] if len(kept) == 1 else ChoiceRef(kept)


def _last_name(node: ast.expr) -> str:
    return getattr(node, "attr", "") or getattr(node, "id", "")


_READERS: dict[type[ast.expr], Callable[[Walk, Any], Ref | None]] = {
    ast.Name: _plain,
    ast.Attribute: _plain,
    ast.Constant: _constant,
    ast.Subscript: _subscript,
    ast.BinOp: _union,
    ast.Tuple: _sequence,
    ast.List: _sequence,
}
