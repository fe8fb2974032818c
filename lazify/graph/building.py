"""A walk from the entries becomes an ImportGraph."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lazify.graph.crashes import Crashing, Ways, ranked
from lazify.graph.fates import Fates
from lazify.graph.folders import missing_inits
from lazify.graph.marks import Marking
from lazify.graph.packages import Absences, Packages
from lazify.graph.recording import Halfway, Recorder, Tools
from lazify.imports.weight import weights_of
from lazify.index.modules import Module
from lazify.index.reading import read
from lazify.index.view import View
from lazify.model.changes import Plan
from lazify.model.effects import Evidence
from lazify.model.graphs import (
    Cause,
    Closing,
    CrashPoint,
    Cycle,
    Edge,
    ImportGraph,
    MissingInit,
    Node,
)
from lazify.model.places import Place
from lazify.order.around import Surroundings
from lazify.order.cycles import Orders, components
from lazify.order.steps import Stepping


def import_graph(
    view: View,
    plan: Plan,
    *,
    root: Path,
    entries: tuple[Module, ...],
    packages: Packages,
) -> ImportGraph:
    """Follow what importing the entries runs; nothing of it is run. `plan` is what lazify would do."""
    tools = _tools(view, plan)
    recorder = Recorder(tools)
    recorder.record(entries)
    building = Building(view, recorder, packages)
    cycles = tuple(building.cycles())
    kept_out = building.kept_out()
    return ImportGraph(
        root=root,
        entries=tuple(entry.name for entry in entries),
        nodes=tuple(building.node(module, kept_out.get(module)) for module in recorder.items),
        cycles=cycles,
        missing_inits=tuple(building.missing_inits()),
        crash_points=ranked([*building.crash_points(), *_of_cycles(cycles)]),
    )


def _tools(view: View, plan: Plan) -> Tools:
    def read_any(path: Path) -> str:
        return view.read(path) if path in view.project.modules else read(path).text  # of an installed package

    fates, surroundings = Fates(plan), Surroundings(read_any)
    return Tools(
        stepping=Stepping(view, surroundings),
        marking=Marking(view, fates, surroundings),
        fates=fates,
        surroundings=surroundings,
        weights=weights_of(view, view.costs),
    )


@dataclass(frozen=True, slots=True)
class Building:
    """Looks at what a walk found."""

    view: View
    recorder: Recorder
    packages: Packages

    def node(self, module: Module, kept_out_at: Place | None) -> Node:
        """Give what matters in a module."""
        return Node(
            name=module.name,
            path=module.path,
            depth=self.recorder.depths[module],
            items=tuple(self.recorder.items[module]),
            kept_out_at=kept_out_at,
        )

    def kept_out(self) -> dict[Module, Place]:
        """Tell which modules no longer run once the plan is carried out, each with a deferred import before it."""
        left = self._followed(((module, None) for module in self._starts()), is_cut=_is_deferred)
        cuts = (
            (target, edge.at)
            for module in left
            for edge, target in self.recorder.targets[module]
            if _is_deferred(edge)
        )
        gone = self._followed(cuts, is_cut=lambda _: False)
        return {module: at for module, at in gone.items() if module not in left and at is not None}

    def _followed(
        self, starts: Iterable[tuple[Module, Place | None]], *, is_cut: Callable[[Edge], bool]
    ) -> dict[Module, Place | None]:
        found: dict[Module, Place | None] = {}
        for start, at in starts:
            queue = [start]
            while queue:
                module = queue.pop()
                if module not in found:
                    found[module] = at
                    queue += (t for edge, t in self.recorder.targets[module] if not is_cut(edge))
        return found

    def _starts(self) -> list[Module]:
        return [m for m in self.recorder.items if self.recorder.depths[m] == 0]

    def missing_inits(self) -> Iterator[MissingInit]:
        """Give the folders without `__init__.py` that an import goes through."""
        steps = (step for _, step in self.recorder.imports)
        return missing_inits(self.view.project, ((s.owner, s.item) for s in steps if s.item is not None))

    def crash_points(self) -> Iterator[CrashPoint]:
        """Give what may fail, in the order of running."""
        surroundings = self.recorder.tools.surroundings
        ways = Ways(tuple(self._starts()), tuple(self.recorder.ways), surroundings)
        crashing = Crashing(surroundings, ways)
        yield from Absences(self.view, crashing, self.recorder, self.packages).crash_points()
        for module, mark in self.recorder.marks:
            yield from crashing.of(module, mark)

    def cycles(self) -> Iterator[Cycle]:
        """Give the modules that import each other."""
        order = {module: number for number, module in enumerate(self.recorder.items)}
        edges: dict[Module, list[Module]] = {module: [] for module in order}
        for importer, target in self.recorder.edges:
            edges[importer].append(target)
        orders = Orders(self.recorder.tools.stepping, self._is_caught)
        for members in components(edges):
            members.sort(key=order.__getitem__)
            yield Cycle(
                modules=tuple(module.name for module in members),
                closings=tuple(self._closings(members, edges)),
                breakages=tuple(orders.breakages(members)),
            )

    def _closings(self, members: list[Module], edges: dict[Module, list[Module]]) -> Iterator[Closing]:
        for (importer, target), found in self.recorder.halfway.items():
            if importer in members and target in members:
                yield _closing(importer, found, tuple(self._way(target, importer, edges)))

    def _way(self, start: Module, end: Module, edges: dict[Module, list[Module]]) -> list[Edge]:
        """The shortest way of imports from one module of a cycle to another."""
        ways: dict[Module, list[Edge]] = {start: []}
        queue = [start]
        for at in queue:
            if at is end:
                break
            for target in edges[at]:
                if target not in ways:
                    ways[target] = [*ways[at], self.recorder.edges[at, target]]
                    queue.append(target)
        return ways[end]

    def _is_caught(self, at: Place) -> bool:
        around = self.recorder.tools.surroundings.of(at)
        return bool(around.guards) or around.is_conditional


def _is_deferred(edge: Edge) -> bool:
    return edge.fate is not None and edge.fate.is_mended


def _closing(importer: Module, found: list[Halfway], way: tuple[Edge, ...]) -> Closing:
    names = (name for each in found for name in each.names)
    missing = (name for each in found for name in each.missing)
    return Closing(
        edge=found[0].edge,
        importer=importer.name,
        waiting_at=found[0].waiting_at,
        way=way,
        names=tuple(dict.fromkeys(names)),
        missing=tuple(dict.fromkeys(missing)),
    )


def _of_cycles(cycles: tuple[Cycle, ...]) -> Iterator[CrashPoint]:
    """Imports that a cycle makes fail, in this very order."""
    for closing in (closing for cycle in cycles for closing in cycle.closings if closing.missing):
        fact = (
            f"{closing.edge.target} has not bound {', '.join(closing.missing)} yet: it waits for this import"
        )
        yield CrashPoint(
            rank=0,
            cause=Cause.CERTAIN,
            module=closing.importer,
            at=closing.edge.at,
            text=closing.edge.text,
            what=f"{closing.edge.target}.{closing.missing[0]}",
            why=(Evidence(fact=fact, at=closing.waiting_at),),
            is_conditional=closing.edge.is_conditional,
        )
