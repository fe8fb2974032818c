"""Which files may hand a name to a place that takes a module by it.

def found(name): return sys.modules[name]           the place
def again(name): return found(name)                 hands on what it is given
def every(): return [found(name) for name in KEPT]  hands on what is kept, by any definition of its file
"""

from collections.abc import Iterator
from typing import NamedTuple

from lazify.getter.handles import Handles
from lazify.getter.takings import Taking
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, ItemRef, NameRef, Operation, Ref, Role

_ROUNDS = 4
"""From function to function."""


class _Asked(NamedTuple):
    """A function or class of a module, or a method of whatever class."""

    name: str
    module: Module | None


class Askers:
    """The functions that take a module by a name they are given, or hand it on, and who uses them."""

    def __init__(self, view: View, taking: Taking) -> None:
        """Follow the functions from one to the next."""
        self._view, self._users = view, view.once(_Users)
        holder, scopes = taking.holder, taking.holder.facts.scopes
        around = [number for number, scope in enumerate(scopes) if scope.span.contains(taking.span)]
        found = {each for number in around for each in _names(holder, number)} or _definitions(holder)
        seen, kept = set[_Asked](), set[_Asked]()
        for number in range(_ROUNDS):
            fresh, seen = found - seen, seen | found
            for module, at, call in self._calling(fresh):
                given = {parameter.name for parameter in module.facts.scopes[at].parameters}
                if any(_first(argument.ref) in given for argument in call.arguments):
                    found.update(_names(module, at))
                if not number and any(_is_kept(view, module, argument.ref) for argument in call.arguments):
                    kept |= _definitions(module)
        self._asked = seen | kept
        self.names = frozenset(each.name for each in self._asked)

    def have(self, module: Module) -> bool:
        """Tell whether a file uses one of them."""
        asked = (each for each in self._asked if each.name in module.facts.words)
        return any(module in self._users.of(*each) for each in asked)

    def _calling(self, asked: set[_Asked]) -> Iterator[tuple[Module, int, Operation]]:
        project, handles = self._view.project, self._view.once(Handles)
        for name, owner in sorted(
            asked, key=lambda each: (each.name, each.module.name if each.module else "")
        ):
            for module in project.mentioning(name):
                for number, call in module.calls_of(name):
                    called = resolve(project, module, call.subject) if owner is not None else None
                    is_unknown = owner is None or (called is None and handles.of(owner))
                    if is_unknown or (owner is not None and called == Defined(owner, name)):
                        yield module, number, call


def _names(module: Module, number: int) -> Iterator[_Asked]:
    """Yield what a function is asked for by: its own name, that of its class for a method."""
    scopes = module.facts.scopes
    scope = scopes[number]
    above = scopes[scope.parent] if scope.kind == "function" else scope
    if above.kind == "class":
        yield _Asked(scope.name.rpartition(".")[2], None)
        yield _Asked(above.name.rpartition(".")[2], module if above.parent == MODULE else None)
    elif scope.kind == "function" and scope.parent == MODULE:
        yield _Asked(scope.name, module)


def _definitions(module: Module) -> set[_Asked]:
    return {_Asked(name, module) for name in module.facts.scopes[MODULE].definitions}


class _Users:
    """The files that use functions; each is looked for once."""

    def __init__(self, view: View) -> None:
        self._project, self._handles = view.project, view.once(Handles)
        self._known: dict[tuple[str, Module | None], frozenset[Module]] = {}

    def of(self, name: str, module: Module | None) -> frozenset[Module]:
        if (name, module) not in self._known:
            self._known[name, module] = frozenset(self._find(name, module))
        return self._known[name, module]

    def _find(self, name: str, module: Module | None) -> Iterator[Module]:
        spelling = self._project.mentioning(name)
        if module is None:
            yield from spelling
            return
        if any(use.role is Role.LOAD for use in module.facts.uses.get(name, ())):
            yield module
        if spelling == [module]:
            return
        is_value = bool(self._handles.of(module))
        yield from (each for each in spelling if each is not module and (is_value or self._takes(each, name)))

    def _takes(self, module: Module, name: str) -> bool:
        """Tell whether the file imports something of that name, or asks a module for it."""
        if any(item.name in (name, "*") for item in module.facts.imports):
            return True
        uses = (use for each in self._project.module_names(module) for use in module.facts.uses.get(each, ()))
        return any(name in use.attributes for use in uses)


def _is_kept(view: View, module: Module, ref: Ref | None) -> bool:
    """Tell whether it is an attribute of some object, an item, or the variable of a loop."""
    match ref:
        case AttributeRef(value) | ItemRef(value):
            return not isinstance(resolve(view.project, module, value), External)
        case NameRef(name, scope):
            values = module.facts.scopes[scope].locals.get(name, ())
            return any(value is None or isinstance(value, ItemRef) for value in values)
    return False


def _first(ref: Ref | None) -> str:
    """The variable that an attribute or item is one of."""
    while isinstance(ref, AttributeRef | ItemRef):
        ref = ref.value
    return ref.name if isinstance(ref, NameRef) else ""
