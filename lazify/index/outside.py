"""What calling something outside the project gives."""

from typing import TYPE_CHECKING

from lazify.index.abstract import (
    NOTHING,
    UNKNOWN,
    Class,
    Data,
    Function,
    Given,
    Instance,
    Made,
    Shared,
    Value,
    Values,
    union,
)
from lazify.index.classes import MADE_CLASSES
from lazify.index.sites import Site
from lazify.index.unread import further, made, outside

if TYPE_CHECKING:
    from lazify.index.values import Evaluator

WRAPS = "functools.wraps()"
"""What `wraps(function)` gives: a decorator for another function."""

_SAME = {
    "copy.copy": 0,
    "copy.deepcopy": 0,
    "asyncio.run": 0,
    "weakref.proxy": 0,
    "typing.cast": 1,
    "functools.update_wrapper": 0,
    WRAPS: 0,
}
"""Functions that give (a copy of) an argument back: its position."""
_NO_CALLABLES = frozenset(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions", "collections.abc")
    for name in ("Any", "Callable", "Optional", "Union", "Type", "Awaitable", "Coroutine", "Self", "Literal")
)
"""`x: Any = …`: an annotation that promises nothing."""


class Outsiders:
    """Tells what calls of unread code give, by the knowledge base or by their names."""

    def __init__(self, evaluator: "Evaluator") -> None:
        """Evaluate arguments with `evaluator`."""
        self._evaluator = evaluator

    def result(self, name: str, site: Site) -> Values:
        """What calling `name` gives."""
        positional = self._evaluator.calling.positional
        if name in _NO_CALLABLES:
            return NOTHING
        if name in _SAME:
            return frozenset(v for v in positional(site, _SAME[name]) if not isinstance(v, Shared))
        if name in ("builtins.next", "builtins.anext"):
            return self._evaluator.members.item(positional(site, 0))
        if name == "builtins.type":
            return union(map(_class_of, positional(site, 0)))
        if name.endswith(".__new__"):
            return union(map(_new, positional(site, 0)))
        return self._special(name, site)

    def called(self, name: str) -> Values:
        """What calling an instance of the class `name` gives, as far as the knowledge base says so."""
        fact = self._evaluator.knowledge.fact(f"{name}.__call__")
        return UNKNOWN if fact is None or fact.result is None else made(fact.result)

    def _special(self, name: str, site: Site) -> Values:
        if name == "builtins.getattr":
            return self._getattr(site)
        if name in MADE_CLASSES:
            return outside(MADE_CLASSES[name])
        if name == "functools.wraps":
            return outside(WRAPS)
        if name in ("functools.partial", "functools.partialmethod"):
            rest = Site(code=site.code, arguments=site.arguments[1:], ask=site.ask)
            return self._evaluator.calling.partial(self._evaluator.calling.positional(site, 0), rest)
        return self._by_fact(name, site)

    def _by_fact(self, name: str, site: Site) -> Values:
        fact = self._evaluator.knowledge.fact(name)
        if fact is not None and fact.is_decorator:
            given = self._evaluator.calling.positional(site, 0) if site.first or site.arguments else NOTHING
            passed = frozenset(v for v in given if isinstance(v, Function | Class | Given))
            return union((passed, outside(name)))
        if fact is not None and fact.result is not None:
            return made(fact.result)
        return made(name) if name.rpartition(".")[2][:1].isupper() else made(f"{name}()")

    def _getattr(self, site: Site) -> Values:
        constants = [argument.constant for argument in site.arguments[1:2]]
        if not constants or not isinstance(constants[0], str):
            return UNKNOWN
        positional = self._evaluator.calling.positional
        found = self._evaluator.members.attribute(positional(site, 0), constants[0])
        fallback = positional(site, 2) if site.arguments[2:] else NOTHING
        return union((found, fallback))


def _class_of(value: Value) -> Values:
    match value:
        case Instance(code):
            return frozenset({Class(code)})
        case Made(name):
            return outside(name)
        case Data(name):
            return outside(f"builtins.{name}")
        case Given():
            return further(value, ".__class__")
        case Shared():
            return NOTHING
        case _:
            return UNKNOWN


def _new(value: Value) -> Values:
    match value:
        case Class(code):
            return frozenset({Instance(code)})
        case Given():
            return further(value, "()")
        case Shared():
            return NOTHING
        case _:
            return UNKNOWN
