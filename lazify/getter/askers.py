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
from lazify.index.occurrences import occurrences, resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, ItemRef, NameRef, Operation, Ref, Role

_ROUNDS = 4
"""From function to function."""


class _Asked(NamedTuple):
    """A function or class of a module, or a method of whatever class."""

    name: str
    module: Module | None


class Askers:
    """The files that use the function around, or another that hands it a name, and what these functions are called."""

    def __init__(self, view: View, taking: Taking) -> None:
        """Follow the functions from one to the next."""
        self.files: dict[Module, None] = {}
        holder, scopes = taking.holder, taking.holder.facts.scopes
        around = [number for number, scope in enumerate(scopes) if scope.span.contains(taking.span)]
        found = {each for number in around for each in _names(holder, number)} or _definitions(holder)
        seen, kept = set[_Asked](), set[_Asked]()
        for number in range(_ROUNDS):
            fresh, seen = found - seen, seen | found
            for module in dict.fromkeys(_using(view, fresh)):
                self.files[module] = None
                for at, call in _calls(module, {each.name for each in fresh}):
                    given = {parameter.name for parameter in module.facts.scopes[at].parameters}
                    if any(_first(argument.ref) in given for argument in call.arguments):
                        found.update(_names(module, at))
                    if not number and any(
                        _is_kept(view, module, argument.ref) for argument in call.arguments
                    ):
                        kept |= _definitions(module)
        self.files |= dict.fromkeys(_using(view, kept))
        self.names = frozenset(each.name for each in seen | kept)


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


def _using(view: View, names: set[_Asked]) -> Iterator[Module]:
    handles = view.once(Handles)
    for name, module in sorted(
        names, key=lambda each: (each.name, "" if each.module is None else each.module.name)
    ):
        if module is None or handles.of(module):
            yield from (each for each in view.project.mentioning(name) if each is not module)
        if module is not None:
            found = occurrences(view.project, module, name)
            yield from (each.module for each in found.uses if each.use.role is Role.LOAD)
            yield from (each.module for each in found.imports)
            yield from (each.module for each in found.mentions)


def _calls(module: Module, names: set[str]) -> Iterator[tuple[int, Operation]]:
    """Yield the calls of functions and methods with one of these names, each with the scope that it stands in."""
    for number, scope in enumerate(module.facts.scopes):
        for each in scope.operations:
            called = each.subject if each.does is Does.CALL else None
            if isinstance(called, NameRef | AttributeRef) and called.name in names:
                yield number, each


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
