"""What sets or deletes attributes: `m.x = v`, `del m.x`, `setattr(m, "x", v)`, `patch.object(m, "x")`."""

from collections.abc import Iterator

from lazify.index.modules import Module
from lazify.index.view import Text
from lazify.model.facts import AttributeRef, Does, Mention, NameRef, Ref
from lazify.model.places import Span

SETTERS = frozenset({"setattr", "delattr", "object", "__setattr__", "__delattr__"})
"""Functions that set or delete an attribute by its name, `patch.object` among them."""

Store = tuple[Ref | None, int, Span]
"""What has an attribute set or deleted, in which scope, and where."""


def plain_stores(module: Module, text: Text) -> Iterator[tuple[str, Store]]:
    """Find `m.x = v` and `del m.x`."""
    for number, scope in enumerate(module.facts.scopes):
        for operation in scope.operations:
            _, dot, name = (
                text.cut(operation.span).rpartition(".") if operation.does is Does.MUTATE else ("",) * 3
            )
            if dot:
                yield name, (operation.subject, number, operation.span)


def spelled_stores(module: Module) -> Iterator[tuple[str, Store]]:
    """Find `setattr(m, "x", v)` and `patch.object(m, "x")`."""
    for mention in module.facts.mentions:
        if mention.position > 0 and tail(mention) in SETTERS:
            owner = mention.arguments[mention.position - 1].ref
            yield mention.text, (owner, mention.scope, mention.span)


def tail(mention: Mention) -> str:
    """Return the last name of the callable that the string is handed to."""
    callee = mention.callee
    return callee.name if isinstance(callee, AttributeRef | NameRef) else ""
