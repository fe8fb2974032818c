"""Names and attribute chains: what they refer to, and the uses of module-level names that they are."""

import ast
from typing import Any

from lazify.index.drafts import Name
from lazify.index.dynamics import odd_attribute
from lazify.index.lines import new
from lazify.index.scopes import mangle, resolve
from lazify.index.walk import Walk
from lazify.model.facts import MODULE, AttributeRef, ChoiceRef, Does, NameRef, Operation, Ref, Role, Use

UNKNOWN = ChoiceRef((None,))
"""Stands before an attribute whose owner cannot be told: the attribute's name is worth keeping."""

_READ, _UNLOCATED = Does.READ, Role.UNLOCATED
_DEEPEST = 60  # longer chains of calls make references that are no longer worth their size

Ends = tuple[tuple[int, int], ...]


def name(walk: Walk, node: Any) -> Ref | None:
    """Read a name."""
    found = walk.known.get(node.id) or resolve(walk, node.id)
    if found[2] >= 0:
        record(walk, node, found, walk.role)
    return found[1]


def called_name(walk: Walk, node: Any) -> Ref | None:
    """Read a name that is called."""
    found = walk.known.get(node.id) or resolve(walk, node.id)
    if found[2] >= 0:
        record(walk, node, found, walk.role, is_called=True)
    return found[1]


def attribute(walk: Walk, node: Any) -> Ref | None:
    """Read an attribute."""
    return chain(walk, node, walk.role)


def chain(walk: Walk, node: Any, role: Role, *, is_called: bool = False) -> Ref | None:
    """Read, write or call `a.b.c`: one use of `a`."""
    first = node.value
    private = walk.frame.private
    if type(first) is ast.Name and not private and not walk.has_odd_attributes:  # by far the most frequent
        return _link(walk, node, role, is_called=is_called)
    links, first = _links(node)
    names = [link.attr for link in links]
    walk.words.update(names)
    if private:
        names = [mangle(attr, private) for attr in names]
    if type(first) is ast.Name:
        found = walk.known.get(first.id) or resolve(walk, first.id)
        ref = found[1]
        if found[2] >= 0:
            ends = tuple(map(walk.end, links))
            record(walk, first, found, role, tuple(names), ends=ends, is_called=is_called)
    else:
        ref = walk.expressions[type(first)](walk, first)
    if walk.has_odd_attributes:
        odd_attribute(walk, links, ref)
    return attributes_of(ref, names)


def _link(walk: Walk, node: Any, role: Role, *, is_called: bool) -> Ref:
    """Do what `chain` does for `a.b`."""
    first, attr = node.value, node.attr
    walk.words.add(attr)
    found = walk.known.get(first.id) or resolve(walk, first.id)
    if found[2] >= 0:
        record(walk, first, found, role, (attr,), ends=(walk.end(node),), is_called=is_called)
    ref: Ref = new(AttributeRef, (found[1] or UNKNOWN, attr))
    return ref


def attributes_of(ref: Ref | None, names: list[str]) -> Ref | None:
    """Give the reference to `ref.a.b.c`."""
    if ref is None:
        ref = UNKNOWN
    for attr in names:
        ref = new(AttributeRef, (ref, attr))
    return ref


def record(  # noqa: PLR0913  # a record for the arguments would cost more than everything else here
    walk: Walk,
    node: Any,
    found: Name,
    role: Role,
    attributes: tuple[str, ...] = (),
    *,
    ends: Ends = (),
    is_called: bool = False,
) -> None:
    """Add a use, and the first time that a scope reads a module-level name, that operation."""
    span = walk.span(node)
    text, _, bound, is_read, is_vague = found
    if walk.is_unlocated or is_vague:
        role = _UNLOCATED
    walk.uses[text].append(
        new(Use, (
            text, attributes, ends, span, role, walk.draft.number, bound, walk.statement,
            walk.deferred, walk.is_typing, is_called, walk.is_quoted,
        ))
    )  # fmt: skip
    if is_read and text not in walk.reads and (attributes or role not in _WRITES):
        walk.reads.add(text)
        walk.operations.append(
            new(Operation, (_READ, new(NameRef, (text, MODULE)), span, walk.statement, (), -1, walk.is_main))
        )


_WRITES = frozenset({Role.STORE, Role.DELETE})


def _links(node: Any) -> tuple[list[Any], Any]:
    links = [node]
    first = node.value
    while type(first) is ast.Attribute:
        links.append(first)
        first = first.value
    links.reverse()
    return links, first


def is_too_deep(ref: Ref | None) -> bool:
    """Tell whether a reference is a chain too long to be worth keeping."""
    depth = 0
    while ref is not None and depth <= _DEEPEST:
        ref = getattr(ref, "value", None) or getattr(ref, "callee", None)
        depth += 1
    return depth > _DEEPEST
