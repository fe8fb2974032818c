"""What the rest of the program does that a later import of a package would notice."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import pairwise

from lazify.getter.caught_calls import CaughtCalls, caught_by
from lazify.getter.doubles import Doubles
from lazify.getter.importing import ENTRY_NAMES
from lazify.getter.loaders import guarded_loadings, loads
from lazify.getter.problems import Problem, problem
from lazify.getter.tested import Tested
from lazify.imports.candidates import Candidate
from lazify.imports.graph import Graph
from lazify.imports.guard import CATCHES
from lazify.imports.loaded import packages_of
from lazify.imports.module_table import ModuleTable
from lazify.imports.package_effects import PackageEffects
from lazify.imports.submodules import Submodules
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External
from lazify.index.view import View, runs_in_service
from lazify.knowledge.heavy import Costs
from lazify.model.facts import MODULE, Does, Import, NameRef, Role
from lazify.model.places import Span

_NAMED = re.compile(r"""["']([A-Za-z_][\w.]*)["']|[(,]\s*([A-Za-z_]\w*)\s*=(?!=)""")
"""`{"torch": double}`, and `torch=double` as in `patch.dict("sys.modules", torch=double)`."""
_EXPECTED = CATCHES | {"BaseException", "Exception"}
"""What is caught where the loading of a module may fail for a package that is missing."""
_PATCHERS = frozenset({"patch", "object", "setattr", "delattr", "multiple"})


class Surroundings:
    """Facts about the whole project, each gathered once."""

    def __init__(self, view: View, costs: Costs, graph: Graph) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._graph = graph
        self._project = view.project
        self._packages = PackageEffects(view, costs)
        self._submodules = Submodules(view, costs, graph)
        self._known: dict[tuple[Module, Span], frozenset[Module]] = {}
        self._replacements: dict[Module, dict[str, Span]] = {}
        self._replaced: dict[str, tuple[Module, Span] | None] = {}
        self._doubles = Doubles(view)

    def problem(self, candidate: Candidate, name: str) -> Problem | None:
        """Say why importing later what `name` stands for could be noticed elsewhere."""
        for item in (each.item for each in candidate.binding(name)):
            if found := self._packages.problem(candidate.module, item):
                return found
        is_required = candidate.package.replace("_", "-").lower() in self._view.required
        if not is_required and (guard := self._guards.get(candidate.module)):
            reason = f"{guard[0].name} expects that importing this module may fail"
            return problem(reason, *guard)
        if fake := self._faked.get(candidate.package):
            return _faking(candidate.package, *fake)
        if asked := self._view.once(ModuleTable).problem(candidate.module, self._loaded(candidate, name)):
            return asked
        if dropped := self._dropped(candidate, name):
            return dropped
        for what, test, span in self._doubles.while_loading(candidate.module):
            return problem(f"a test replaces {what}, which importing {candidate.package} may use", test, span)
        for each in candidate.binding(name):
            if each.item.name is not None and (place := self.replaced(each.name)):
                reason = f"{each.name} is replaced, which {candidate.module.name} does not see today"
                return problem(reason, *place)
            if found := self._submodules.problem(candidate, each, self._run_by(candidate.module, each.item)):
                return found
        return None

    def _loaded(self, candidate: Candidate, name: str) -> Iterator[str]:
        """Yield the names of what the import loads, as far as the project's code says it."""
        yield from candidate.package.split(" and ")
        for module in self._run(candidate, name):
            yield from _loaded_with(module)

    def _dropped(self, candidate: Candidate, name: str) -> Problem | None:
        """Say which test would find another module than it has now, or drop it from `sys.modules`."""
        run = self._run(candidate, name)
        for module in run if self._faked else ():
            for faked in sorted(_loaded_with(module) & self._faked_modules.keys()):
                return _faking(faked, *self._faked_modules[faked])
        for test, line in self._view.once(Tested).dropping(candidate.module):
            own = {item.module.partition(".")[0] for item in test.facts.imports if item.scope == MODULE}
            if run or candidate.package not in own:
                reason = "a test drops from sys.modules what is first imported in a block of it"
                return problem(reason, test, Span(line, 0, line, 0))
        return None

    def _run(self, candidate: Candidate, name: str) -> list[Module]:
        """The modules of the project that run when what `name` stands for is imported."""
        run = {m for each in candidate.binding(name) for m in self._run_by(candidate.module, each.item)}
        return sorted(run, key=lambda each: each.name)

    def _run_by(self, module: Module, item: Import) -> frozenset[Module]:
        if (module, item.span) not in self._known:
            self._known[module, item.span] = frozenset(self._closure(module, [item]))
        return self._known[module, item.span]

    @cached_property
    def _guards(self) -> dict[Module, tuple[Module, Span]]:
        """Modules whose import somebody guards, by name or by what they import."""
        found: dict[Module, tuple[Module, Span]] = {}
        for module in self._project.modules.values():
            if not runs_in_service(module):
                continue
            guarded = [(i, self._closure(module, [i])) for i in module.facts.imports if _is_guard(i)]
            if not any(reached for _, reached in guarded):
                continue
            # The packages around it have run before the module does.
            free = self._there_with([module, *packages_of(self._project, module)])
            for item, reached in guarded:
                for each in reached - free:
                    found.setdefault(each, (module, item.span))
        for loading in self._view.once(guarded_loadings):
            if not _EXPECTED.isdisjoint(caught_by(loading.block)):
                loaded = [m for m in self._project.modules.values() if loads(self._view, loading, m)]
                for each in self._spread(loaded) - self._there_with([loading.taking.holder]):
                    found.setdefault(each, (loading.caller, loading.span))
        for holder, span, owner, item in self._view.once(CaughtCalls).catching(CATCHES):
            there = self._there_with([holder, owner, *packages_of(self._project, owner)])
            for each in self._closure(owner, [item]) - there:
                found.setdefault(each, (holder, span))
        return found

    def _closure(self, module: Module, items: list[Import]) -> set[Module]:
        """List the modules of the project that these imports run, with what those import in turn."""
        return self._spread(
            m for item in items if not item.is_typing for m in self._graph.targets(module, item)
        )

    def _spread(self, modules: Iterable[Module]) -> set[Module]:
        return _reached(modules, self._graph.direct)

    def _there_with(self, modules: Iterable[Module]) -> set[Module]:
        """List these modules and all without which they cannot be imported."""
        return _reached(modules, self._graph.unguarded)

    def replaced(self, dotted: str) -> tuple[Module, Span] | None:
        """Find where somebody replaces that attribute of a package: `patch("requests.get")`, `requests.get = fake`."""
        if dotted not in self._replaced:
            mentioning = self._project.mentioning(dotted.rpartition(".")[2])
            places = ((module, self._replacing(module).get(dotted)) for module in mentioning)
            self._replaced[dotted] = next(((module, span) for module, span in places if span), None)
        return self._replaced[dotted]

    def _replacing(self, module: Module) -> dict[str, Span]:
        if module not in self._replacements:
            found = self._replacements[module] = {}
            beside = (*self._patched_beside(module), *_spelled_apart(module), *_listed(module))
            for dotted, span in (*_patched(module), *beside, *self._stored(module)):
                found.setdefault(dotted, span)
        return self._replacements[module]

    def _patched_beside(self, module: Module) -> Iterator[tuple[str, Span]]:
        for mention in module.facts.mentions:
            if mention.position >= 1 and getattr(mention.callee, "name", "") in _PATCHERS:
                owner = resolve(self._project, module, mention.arguments[mention.position - 1].ref)
                if isinstance(owner, External):
                    yield f"{owner.name}.{mention.text}", mention.span

    def _stored(self, module: Module) -> Iterator[tuple[str, Span]]:
        for uses in module.facts.uses.values():
            for use in uses:
                if use.attributes and use.role in (Role.STORE, Role.AUGMENT, Role.DELETE):
                    owner = resolve(self._project, module, NameRef(use.name, use.bound))
                    if isinstance(owner, External):
                        yield ".".join((owner.name, *use.attributes)), use.span

    @cached_property
    def _faked(self) -> dict[str, tuple[Module, Span]]:
        """Packages that somebody puts into `sys.modules` or takes out of it."""
        found: dict[str, tuple[Module, Span]] = {}
        for name, place in self._faked_modules.items():
            found.setdefault(name.partition(".")[0], place)
        return found

    @cached_property
    def _faked_modules(self) -> dict[str, tuple[Module, Span]]:
        """The same, with the whole names."""
        found: dict[str, tuple[Module, Span]] = {}
        for module in self._project.mentioning("modules"):
            spans = [d.span for d in module.facts.dynamics if d.what == "sys.modules"]
            spans += [m.span for m in module.facts.mentions if m.text == "sys.modules"]
            text = self._view.text(module).whole if spans else ""
            changes = re.search(
                r"modules[\"']?\s*(\[[^\]]*\]\s*=[^=]|\.(pop|update|setdefault|__setitem__))"
                r"|(?:\(\s*(?:\w+\.)?modules|[\"'.]modules[\"'])\s*,|del\s+sys\.m",
                text,
            )
            if changes:
                line = text.count("\n", 0, changes.start()) + 1
                at = next((span for span in sorted(spans) if span.line == line), spans[0])
                for quoted, keyword in _NAMED.findall(text):
                    found.setdefault(quoted or keyword, (module, at))
        return found


def _loaded_with(module: Module) -> set[str]:
    """The names of a module and of what it imports from elsewhere."""
    return {module.name, *(i.module for i in module.facts.imports if i.scope == MODULE and not i.level)}


def _faking(name: str, changing: Module, span: Span) -> Problem:
    reason = f"{changing.name} changes sys.modules, and names {name}: it may put another there"
    return problem(reason, changing, span)


def _patched(module: Module) -> Iterator[tuple[str, Span]]:
    for mention in module.facts.mentions:
        if mention.position == 0 and getattr(mention.callee, "name", "") in _PATCHERS:
            yield mention.text, mention.span


def _spelled_apart(module: Module) -> Iterator[tuple[str, Span]]:
    """`wrap_function_wrapper("requests", "get", traced)`."""
    for scope in module.facts.scopes:
        for operation in scope.operations:
            for owner, name in pairwise(operation.arguments):
                if isinstance(owner.constant, str) and isinstance(name.constant, str):
                    yield f"{owner.constant}.{name.constant}", name.span


def _listed(module: Module) -> Iterator[tuple[str, Span]]:
    """`for name in ("requests:get", "requests.post"): …`, where `setattr` is given a computed name."""
    calls = (o for scope in module.facts.scopes for o in scope.operations if o.does is Does.CALL)
    setters = (o.arguments for o in calls if isinstance(o.subject, NameRef) and o.subject.name == "setattr")
    if any(len(given) > 1 and given[1].constant is None for given in setters):
        yield from ((mention.text.replace(":", "."), mention.span) for mention in module.facts.mentions)


def _reached(modules: Iterable[Module], following: Callable[[Module], Iterable[Module]]) -> set[Module]:
    queue, seen = [*modules], set[Module]()
    while queue:
        at = queue.pop()
        if at not in seen:
            seen.add(at)
            queue += following(at)
    return seen


def _is_guard(item: Import) -> bool:
    """Tell whether somebody expects the import to fail; `except Exception` in a function is about its work."""
    if item.catches is None or item.name in ENTRY_NAMES:
        return False
    return item.scope == MODULE or not CATCHES.isdisjoint(item.catches)
