"""Modules of the project that are heavy by what they import: who imports them, and what else that runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from lazify.getter.problems import Problem, problem
from lazify.imports.bodies import Bodies
from lazify.imports.candidates import Candidate, HeavyImport, origin_text, runs_at_import
from lazify.imports.follow import Movers
from lazify.imports.graph import Graph
from lazify.imports.spelling import Spelling
from lazify.imports.takers import Takers
from lazify.imports.weight import Heavy, Weights
from lazify.index.modules import Module
from lazify.index.project import Defined, InModule
from lazify.index.view import View, runs_in_service
from lazify.knowledge.heavy import Costs
from lazify.model.effects import Evidence
from lazify.model.facts import BindingKind, Import
from lazify.model.places import Place, Span

Loads = dict[str, tuple[Evidence, ...]]
"""What a module loads when it is imported: heavy packages, each with the way there."""
Edge = tuple[Module, Span]
"""An import of a module of the project: where it stands."""
_NOTHING: Movers = MappingProxyType({})


@dataclass(frozen=True)
class Inheritance:
    """What is known of the imports of a project's own modules."""

    view: View
    weights: Weights
    takers: Takers
    costs: Costs
    bodies: Bodies
    _known: dict[tuple[Module, frozenset[Span]], Loads] = field(default_factory=dict)
    _candidates: dict[tuple[object, ...], Candidate] = field(default_factory=dict)
    """By all that they are made of."""
    _origins: dict[int, tuple[Import, tuple[tuple[Module, Import], ...]]] = field(default_factory=dict)
    """By the identity of imports, which are kept alive here."""

    def loads(
        self, moved: Iterable[Edge], pinned: Iterable[Edge], movers: Movers = _NOTHING
    ) -> dict[Module, Loads]:
        """Tell what every module loads: by itself, without what `moved`, and through the edges that are `pinned`.

        Who takes a name that `movers` no longer have loads what it comes from.
        """
        gone: dict[Module, set[Span]] = {}
        for module, span in moved:
            gone.setdefault(module, set()).add(span)
        found = {
            module: dict(self._own(module, frozenset(gone.get(module, ()))))
            for module in self.view.project.modules.values()
        }
        stays: dict[Module, set[Span]] = {}
        for module, span in pinned:
            stays.setdefault(module, set()).add(span)
        edges = [(m, i) for m in found if m in stays for i in m.facts.imports if i.span in stays[m]]
        self._spread(edges, found, movers)
        return found

    def _spread(
        self, edges: Sequence[tuple[Module, Import]], found: dict[Module, Loads], movers: Movers
    ) -> None:
        """Give every module what comes through its edges: in rounds over all of them, as far as there is news."""
        through: dict[Module, list[int]] = {}
        ways = [tuple(self._ways(module, item, movers)) for module, item in edges]
        for number, steps in enumerate(ways):
            for *_, targets in steps:
                for target in targets:
                    through.setdefault(target, []).append(number)
        has_news = [True] * len(edges)
        while True in has_news:
            for number, (module, _) in enumerate(edges):
                if not has_news[number]:
                    continue
                has_news[number] = False
                size = len(found[module])
                for step in ways[number]:
                    _add(*step, found, found[module])
                for other in through.get(module, ()) if len(found[module]) > size else ():
                    has_news[other] = True

    def through(
        self, module: Module, item: Import, found: Mapping[Module, Loads], movers: Movers = _NOTHING
    ) -> Loads:
        """Tell what one import makes its module load, where names that `movers` no longer have come from beyond."""
        loads: Loads = {}
        for step in self._ways(module, item, movers):
            _add(*step, found, loads)
        return loads

    def _ways(
        self, module: Module, item: Import, movers: Movers, seen: frozenset[Edge] = frozenset()
    ) -> Iterator[tuple[Module, Import, Sequence[Module]]]:
        """Yield the import itself and what it runs, after those by which what it names came to where it is."""
        for source, beyond in self._beyond(module, item) if movers else ():
            edge = (source, beyond.span)
            if edge in movers and edge not in seen:
                yield from self._ways(source, beyond, movers, seen | {edge})
        yield module, item, self.bodies.graph.targets(module, item)

    def _beyond(self, module: Module, item: Import) -> tuple[tuple[Module, Import], ...]:
        """List the imports by which the module that is imported from came to what it is asked for."""
        found = self._origins.get(id(item))
        if found is None:
            found = self._origins[id(item)] = item, tuple(self._imports_of_name(module, item))
        return found[1]

    def _imports_of_name(self, module: Module, item: Import) -> Iterator[tuple[Module, Import]]:
        source = self.bodies.graph.source(module, item)
        if isinstance(source, Module) and item.name in source.facts.bindings:
            for binding in source.facts.bindings[item.name]:
                if binding.kind is BindingKind.IMPORT:
                    yield source, source.facts.imports[binding.index]

    @cached_property
    def edges(self) -> tuple[tuple[Module, Import], ...]:
        """The imports of modules of the project that run at import."""
        return tuple(self._edges())

    def _edges(self) -> Iterator[tuple[Module, Import]]:
        for module in self.view.project.modules.values():
            if runs_in_service(module):
                for item in module.facts.imports:
                    if runs_at_import(module, item) and self.bodies.graph.targets(module, item):
                        yield module, item

    def candidate(self, module: Module, items: list[Import], loads: Loads) -> Candidate:
        """Make a candidate of the imports of one module that load something heavy."""
        package, way = min(loads.items(), key=lambda pair: (-self.milliseconds(pair[0]), len(pair[1])))
        key = (module, tuple(item.span for item in items), package, way)
        if key not in self._candidates:
            self._candidates[key] = self._candidate(module, items, package, way)
        return self._candidates[key]

    def _candidate(
        self, module: Module, items: list[Import], package: str, way: tuple[Evidence, ...]
    ) -> Candidate:
        cost = self.costs.of(package)
        imports = []
        wrong: Problem | None = None
        for item in items:
            heavy = Heavy(package=module_name(self.bodies.graph, module, item), cost=cost, way=way[1:])
            name, text = self._origin(module, item)
            if text is None:
                wrong = wrong or problem(
                    f"{name} is taken by a way that cannot be followed", module, item.span
                )
            imports.append(HeavyImport(item=item, name=name, heavy=heavy, text=text or name))
            wrong = wrong or self.bodies.problem(module, item)
        return Candidate(
            module=module,
            package=imports[0].heavy.package if imports[0].heavy else package,
            imports=tuple(imports),
            problem=wrong,
            is_inherited=True,
        )

    def _own(self, module: Module, gone: frozenset[Span]) -> Loads:
        """What the module loads by itself without some of its imports: the same in many rounds."""
        if (module, gone) not in self._known:
            self._known[module, gone] = self._loaded(module, gone)
        return self._known[module, gone]

    def _loaded(self, module: Module, gone: frozenset[Span]) -> Loads:
        loads: Loads = {}
        for item in module.facts.imports:
            if item.span in gone or not runs_at_import(module, item):
                continue
            heavy = self.weights.of(module, item)
            if heavy is not None:
                at = Place(module.path, item.statement_span)
                fact = (
                    f"import {item.module}" if item.name is None else f"from {item.module} import {item.name}"
                )
                loads.setdefault(heavy.package, (Evidence(fact=fact, at=at), Evidence(fact=heavy.fact)))
        return loads

    def milliseconds(self, package: str) -> int:
        """What importing a package takes."""
        cost = self.costs.of(package)
        return cost.ms if cost else 0

    def _origin(self, module: Module, item: Import) -> tuple[str, str | None]:
        """Give the dotted name of what is imported, and the statement that imports it from where it is defined."""
        project = self.view.project
        source = project.source_module(module, item)
        written = "." * item.level + item.module
        alias = f" as {item.alias}" if item.alias else ""
        if item.name is None:
            return item.module, f"import {item.module}{alias}"
        target = project.import_target(module, item)
        plain = f"from {written} import {item.name}{alias}"
        match target:
            case InModule(found):
                is_direct = not isinstance(source, Module) or item.name not in source.facts.bindings
                return found.name, plain if is_direct else self._from_origin(module, item, found, found.name)
            case Defined(found, name):
                name_there = f"{found.name}.{name}"
                is_direct = found is source
                return name_there, plain if is_direct else self._from_origin(module, item, found, name_there)
        return f"{written}.{item.name}", None

    def _from_origin(self, module: Module, item: Import, found: Module, name: str) -> str | None:
        if self.view.project.find(found.name, seen_from=module) != (found, ()):
            return None
        return self.view.once(Spelling).beside(module, item, origin_text(name, item.binds))


def _add(
    module: Module, item: Import, targets: Sequence[Module], found: Mapping[Module, Loads], loads: Loads
) -> None:
    """Add to `loads` what an import of these modules loads and is not among them."""
    here: Evidence | None = None
    for target in targets:
        if target is module or found[target].keys() <= loads.keys():
            continue
        here = here or Evidence(
            fact=f"imports {item.module or item.name}", at=Place(module.path, item.statement_span)
        )
        for package, way in found[target].items():
            if package not in loads:
                loads[package] = (here, *way)


def module_name(graph: Graph, module: Module, item: Import) -> str:
    """Name the module that an import of the project's own loads."""
    loaded = graph.targets(module, item)
    return loaded[-1].name if loaded else item.module
