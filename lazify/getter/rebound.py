"""Names that a making reads and code binds again without spelling it: `vars(module)["LIMIT"] = 2`, `held.LIMIT = 2`."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from lazify.getter.aliases.callables import CHANGES_FIRST, CHANGING
from lazify.getter.handles import Handles
from lazify.getter.problems import Problem, problem
from lazify.getter.reflection import may_name
from lazify.getter.stores import SETTERS, tail
from lazify.index.modules import Module
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, Dynamic, NameRef, Operation
from lazify.model.places import Span

_OWN = frozenset({"globals", "f_globals"})
_OF_MODULES = frozenset({"vars", "__dict__"})
_RUNS = frozenset({"exec"})
_WORDS = ("setattr", "globals", "f_globals", "vars", "__dict__")


def rebound_problem(view: View, inputs: Iterable[Defined | External]) -> Problem | None:
    """Refuse where the name means something else once the program runs."""
    rebound = view.once(Rebound)
    found = (rebound.problem(each) for each in dict.fromkeys(inputs) if isinstance(each, Defined))
    return next(filter(None, found), None)


class Rebound:
    """Finds where names are bound again; each is looked for once."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project = view, view.project
        self._handles = view.once(Handles)
        self._known: dict[Defined, Problem | None] = {}

    def problem(self, target: Defined) -> Problem | None:
        """Say where the first of these places is, tests apart."""
        if target not in self._known:
            places = (place for place in self._places(target) if not place[0].source.is_test)
            at = next(places, None)
            reason = f"{target.name}, which making it reads, is bound again"
            self._known[target] = None if at is None else problem(reason, *at)
        return self._known[target]

    def _places(self, target: Defined) -> Iterator[tuple[Module, Span]]:
        yield from self._handles.written(target.module, target.name)
        for module, dynamic in self._dynamics.get(target.module, ()):
            if may_name(dynamic, target.name):
                yield module, dynamic.span
        for module in self._project.mentioning(target.name):
            for mention in module.facts.mentions:
                is_set = mention.position == 1 and mention.text == target.name and tail(mention) in SETTERS
                if is_set and target.module in self._handles.held(module, mention.arguments[0].ref):
                    yield module, mention.span
        for dynamic in target.module.facts.dynamics:
            is_code = dynamic.what in _RUNS and bool(dynamic.scope)
            if is_code and target.name in self._view.text(target.module).cut(dynamic.span):
                yield target.module, dynamic.span

    @cached_property
    def _dynamics(self) -> dict[Module, list[tuple[Module, Dynamic]]]:
        """Where something is stored into a module by a name that is looked up, by what module that may be."""
        found: dict[Module, list[tuple[Module, Dynamic]]] = {}
        for module in dict.fromkeys(each for word in _WORDS for each in self._project.mentioning(word)):
            for dynamic in module.facts.dynamics:
                for owner in self._owners(module, dynamic) if dynamic.scope != MODULE else ():
                    found.setdefault(owner, []).append((module, dynamic))
        return found

    def _owners(self, module: Module, dynamic: Dynamic) -> Iterable[Module]:
        is_set = dynamic.what == "setattr" or (dynamic.what in _OF_MODULES and _is_written(module, dynamic))
        if is_set and "__name__" in self._view.text(module).cut(
            dynamic.span
        ):  # `vars(sys.modules[__name__])`
            return (module,)
        if is_set:
            return self._handles.held(module, dynamic.subject)
        return (module,) if dynamic.what in _OWN and _is_written(module, dynamic) else ()


def _is_written(module: Module, dynamic: Dynamic) -> bool:
    """Tell whether something is stored into the dictionary."""
    operations = module.facts.scopes[dynamic.scope].operations
    return any(_stores(each) and each.span.contains(dynamic.span) for each in operations)


def _stores(operation: Operation) -> bool:
    if operation.does is not Does.CALL:
        return operation.does is Does.MUTATE
    name = operation.subject.name if isinstance(operation.subject, AttributeRef | NameRef) else ""
    return name in CHANGING | CHANGES_FIRST
