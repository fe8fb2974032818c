"""Where modules go that are values: `m = import_module(name)`, `return a`, `self.module = a`, `show(a)`."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from lazify.getter.handed_on import called, handed_on, handings, kept, kept_by_name, values_of
from lazify.getter.handles import Handles
from lazify.getter.membership import takes
from lazify.getter.origins import News, Origin
from lazify.getter.takings import IMPORTERS, WORDS, Taking, takings
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, InModule
from lazify.index.view import View
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    CallRef,
    ChoiceRef,
    ItemRef,
    LiteralRef,
    NameRef,
    Operation,
    Ref,
)
from lazify.model.places import Span

Modules = frozenset[Taking]
_NONE: Modules = frozenset()
_DEEPEST = 6
"""Hops from variable to variable."""
_ROUNDS = 6
"""Hops from function to function."""
DISPLAYS = frozenset({"list", "tuple", "set", "dict"})
_COPIES = frozenset(Builtin(name) for name in ("list", "tuple", "set", "sorted", "reversed", "iter", "next"))
_ITEMS = frozenset({"get", "pop", "values", "items", "copy"})
_START = Span(1, 0, 1, 0)


class Flow:
    """Tells which modules a value may be; nothing is searched before the first question."""

    def __init__(self, view: View, handles: Handles) -> None:
        """Take the project, and what is known of modules that are values under their own names."""
        self._view, self._project, self._handles = view, view.project, handles
        self._given: dict[Origin, Modules] = {}
        self._news = News(view.project, _DEEPEST)
        self._is_settled = False
        self._received: dict[Module, Modules] = {}
        self._handings: dict[Module, list[tuple[Operation, Module, int]]] = {}
        self._known: dict[tuple[int, int], Modules] = {}
        """What expressions may be, by their identity and the hops that are left, by what is given in this round."""

    def modules(self, module: Module, ref: Ref | None) -> Modules:
        """Say which modules the expression may be: those taken in one file are not told apart."""
        self._settle()
        return frozenset(self.takings.get(module, ())) if ref is None else self._of(module, ref)

    def holds(self, module: Module) -> bool:
        """Tell whether the file takes modules, or has some as values under their own names."""
        return module in self.takings or module in self._handles.holders

    def held_in(self, module: Module) -> Iterator[Taking]:
        """Yield the modules that the file has as values under their own names."""
        for owner in self._handles.held_in(module):
            yield Taking(holder=module, span=_START, what="has it", owner=owner)

    @cached_property
    def takings(self) -> Mapping[Module, tuple[Taking, ...]]:
        """Where modules are taken by computed names, by file."""
        holders = {module: None for word in WORDS for module in self._project.mentioning(word)}
        imports = {each for each in holders if not IMPORTERS.isdisjoint(each.facts.words)}
        holders = {each: None for each in holders if each in imports or "sys" in each.facts.words}
        told = ((each, takings(each, self._view.text(each))) for each in holders)
        found = {module: tuple(t for t in places if takes(self._view, t)) for module, places in told}
        return {module: places for module, places in found.items() if places}

    def received(self, module: Module) -> Modules:
        """Say which modules some value in the file may be: its variables, what it calls, what its objects keep."""
        self._settle()
        if module not in self._received:
            self._received[module] = self._receives(module)
        return self._received[module]

    def _receives(self, module: Module) -> Modules:
        given = self._given_by_name.keys() & module.facts.words
        if not (given or module in self.takings or module in self._given_to):
            return _NONE
        held = (self._given_by_name[name] for name in given)
        values = (self._of(module, ref) for scope in module.facts.scopes for ref in values_of(scope))
        calls = (self._found(module, CallRef(each), _DEEPEST) for each in called(module))
        return _NONE.union(*held, *values, *calls)

    @cached_property
    def _given_by_name(self) -> dict[str, Modules]:
        """What is kept as an attribute of that name; nothing, where functions and methods of it give modules."""
        found: dict[str, Modules] = {}
        for origin, modules in self._given.items():
            if origin.kind != "parameter":
                kept = modules if origin.kind == "attribute" else _NONE
                found[origin.name] = found.get(origin.name, _NONE) | kept
        return found

    @cached_property
    def _given_to(self) -> frozenset[Module | None]:
        return frozenset(origin.module for origin in self._given if origin.kind == "parameter")

    @cached_property
    def everything(self) -> Modules:
        """All of them."""
        return frozenset(taking for places in self.takings.values() for taking in places)

    def _settle(self) -> None:
        """Follow them from function to function, and by the names of methods and attributes, until nothing is new."""
        if self._is_settled:
            return
        self._is_settled = True
        queue = dict.fromkeys((*self.takings, *self._handles.holders))
        for _ in range(_ROUNDS):
            names = sorted({name for module in self._follow(queue) for name in self._named(module)})
            queue = dict.fromkeys(module for name in names for module in self._project.mentioning(name))
            if not queue:
                break

    def _follow(self, queue: Mapping[Module, None]) -> Iterable[Module]:
        """Spread what the functions of these modules, and of those that use them, hand on; return the modules met."""
        met: dict[Module, None] = {}  # in one order, on which depends how far the rounds get
        for _ in range(_ROUNDS):
            self._begin_round()
            met |= queue
            changed = dict.fromkeys(each for module in queue for each in self._spread(module))
            importers = (importer for each in changed for importer, _ in self._view.importers(each))
            queue = dict.fromkeys((*changed, *importers))
            if not queue:
                break
        self._begin_round()
        return met

    def _begin_round(self) -> None:
        self._known.clear()
        self._news.begin_round()

    def _spread(self, module: Module) -> Iterator[Module]:
        """Note what the module's functions give and its calls hand on; yield the modules that this concerns."""
        if not self._news.reach(module, handed_on):
            return
        for number, scope in enumerate(module.facts.scopes):
            if scope.parent == MODULE:
                for found in (self._of(module, ref) for ref in scope.returns):
                    if self._grows(Origin("result", scope.name, module), found):
                        yield module
            for each in scope.parameters:
                origin = Origin("parameter", each.name, module, number)
                if self._grows(origin, self._of(module, each.default)):
                    yield module
        if module not in self._handings:
            self._handings[module] = [*handings(self._project, module)]
        for call, owner, entered in self._handings[module]:
            yield from self._give(module, call, owner, entered)

    def _named(self, module: Module) -> Iterator[str]:
        """Note what the module's methods give and its objects keep, which others ask for by name; yield the names."""
        if not self._news.reach(module, kept_by_name):
            return
        for scope in module.facts.scopes:
            if scope.parent != MODULE:
                name = scope.name.rpartition(".")[2]
                for found in (self._of(module, ref) for ref in scope.returns):
                    if self._grows(Origin("method", name), found):
                        yield name
        for attribute, ref in kept(self._project, module):
            if self._grows(Origin("attribute", attribute), self._of(module, ref)):
                yield attribute

    def _give(self, module: Module, call: Operation, owner: Module, number: int) -> Iterator[Module]:
        """Note what the parameters of a called function are given."""
        scopes = owner.facts.scopes
        names = [parameter.name for parameter in scopes[number].parameters]
        names = names[scopes[number].parent != MODULE :]
        for argument in call.arguments:
            position = call.arguments.index(argument)
            name = argument.keyword if argument.keyword else "".join(names[position : position + 1])
            found = self._of(module, argument.ref) if name in names else _NONE
            if self._grows(Origin("parameter", name, owner, number), found):
                yield owner

    def _grows(self, origin: Origin, found: Modules) -> bool:
        """Add to what is given there; tell whether that is new."""
        before = self._given.get(origin, _NONE)
        if found <= before:
            return False
        self._given[origin] = before | found
        self._news.note(origin)
        return True

    def _of(self, module: Module, ref: Ref | None, depth: int = _DEEPEST) -> Modules:
        if ref is None or not depth:
            return _NONE
        key = (id(ref), depth)
        if key not in self._known:
            self._known[key] = self._found(module, ref, depth)
        return self._known[key]

    def _found(self, module: Module, ref: Ref, depth: int) -> Modules:
        target = resolve(self._project, module, ref)
        if isinstance(target, InModule):
            return frozenset({Taking(holder=module, span=_START, what="has it", owner=target.module)})
        match ref:
            case ItemRef(value):
                if found := self._taken(module, value) or self._of(module, value, depth - 1):
                    return found
                return self._stored(module, value)
            case CallRef(callee):
                return self._taken(module, callee) or self._result(module, callee, depth)
            case NameRef(name, scope) if scope != MODULE:
                values = module.facts.scopes[scope].locals.get(name, ())
                given = self._given.get(Origin("parameter", name, module, scope), _NONE)
                return given.union(*(self._of(module, value, depth - 1) for value in values))
            case ChoiceRef(options):
                return _NONE.union(*(self._of(module, each, depth - 1) for each in options))
        if isinstance(target, Defined):
            values = target.module.facts.scopes[MODULE].locals.get(target.name, ())
            return _NONE.union(*(self._of(target.module, value, depth - 1) for value in values))
        if isinstance(ref, AttributeRef):
            return self._given.get(Origin("attribute", ref.name), _NONE)
        return _NONE

    def _stored(self, module: Module, container: Ref) -> Modules:
        """`MODULES = [a, b]`: what a display holds is not told, but it is of the code that it stands in."""
        target = resolve(self._project, module, container)
        scope = MODULE
        if isinstance(container, LiteralRef):  # `for module in (a, b):`
            return frozenset(self.held_in(module)) if container.type in DISPLAYS else _NONE
        if isinstance(target, Defined):
            module, name = target.module, target.name
        elif isinstance(container, NameRef):
            name, scope = container
        else:
            return _NONE
        values = module.facts.scopes[scope].locals.get(name, ())
        if not any(isinstance(value, LiteralRef) and value.type in DISPLAYS for value in values):
            return _NONE
        own = self.held_in(module)
        around = module.facts.scopes[scope].span
        taken = (
            each for each in self.takings.get(module, ()) if scope == MODULE or around.contains(each.span)
        )
        return frozenset((*taken, *own))

    def _taken(self, module: Module, table: Ref) -> Modules:
        """Give the takings of the file, where this is the table of modules, or a function that imports."""
        target = resolve(self._project, module, table)
        name = target.name if isinstance(target, External | Builtin) else ""
        if isinstance(table, AttributeRef) and table.name == "load_module":
            name = table.name
        if name.startswith("sys.modules") or name.rpartition(".")[2] in WORDS:
            return frozenset(self.takings.get(module, ()))
        return _NONE

    def _result(self, module: Module, callee: Ref, depth: int) -> Modules:
        target = resolve(self._project, module, callee)
        if isinstance(target, Defined):
            return self._given.get(Origin("result", target.name, target.module), _NONE)
        if target in _COPIES:  # `list(sys.modules.values())`: what is copied is not told
            return frozenset(each for each in self.takings.get(module, ()) if "sys.modules" in each.what)
        if isinstance(callee, AttributeRef):
            kept = self._of(module, callee.value, depth - 1) if callee.name in _ITEMS else _NONE
            return kept | self._given.get(Origin("method", callee.name), _NONE)
        return _NONE


def flow(view: View) -> Flow:
    """Follow them in one project, once."""
    return Flow(view, view.once(Handles))
