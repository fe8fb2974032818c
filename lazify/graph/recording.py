"""Takes down what happens while the entries are imported."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lazify.graph.crashes import Way, catches
from lazify.graph.fates import Fates
from lazify.graph.marks import Marking
from lazify.imports.weight import Weights, imported_name
from lazify.index.modules import Module
from lazify.model.facts import Import
from lazify.model.graphs import Cause, Edge, HeavyLoad, Item, Mark, Turn
from lazify.model.places import Place
from lazify.order.around import Surroundings
from lazify.order.cycles import missing_at
from lazify.order.steps import Need, Step, Stepping
from lazify.order.walk import Event, packages_around, walk

_PLAIN = frozenset({"Import", "ImportFrom"})


@dataclass(frozen=True, slots=True)
class Halfway:
    """An import that takes something from a module that has begun and is not complete."""

    edge: Edge
    waiting_at: Place
    """The import that the module waits for."""
    names: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a recorder asks."""

    stepping: Stepping
    marking: Marking
    fates: Fates
    surroundings: Surroundings
    weights: Weights


@dataclass(frozen=True, slots=True)
class Recorder:
    """What has happened so far."""

    tools: Tools
    items: dict[Module, list[Item]] = field(default_factory=dict)
    depths: dict[Module, int] = field(default_factory=dict)
    marks: list[tuple[Module, Mark]] = field(default_factory=list)
    """In the order of running, over all modules."""
    edges: dict[tuple[Module, Module], Edge] = field(default_factory=dict)
    """The first import of each module by each that runs in any case."""
    targets: dict[Module, list[tuple[Edge, Module]]] = field(default_factory=dict)
    """Every edge of each importer, with what it leads to."""
    ways: list[Way] = field(default_factory=list)
    halfway: dict[tuple[Module, Module], list[Halfway]] = field(default_factory=dict)
    """By importer and imported module."""
    told: set[tuple[Module, Place, Module]] = field(default_factory=set)
    """Importer, statement and module of each edge: a statement may import several names of one module."""
    loaded: set[str] = field(default_factory=set)
    """Heavy top packages."""
    imports: list[tuple[Module, Step]] = field(default_factory=list)
    """Every import that ran, with the module that ran it."""

    def record(self, entries: tuple[Module, ...]) -> None:
        """Import the entries one after the other."""
        for entry in entries:
            for module in (*packages_around(self.tools.stepping.view.project, entry), entry):
                self._begin(module, 0)
        for event in walk(self.tools.stepping, entries):
            if event.step.item is None:
                self._marked(event.frame.module, event.step.statement)
            elif event.target is None:
                self._outside(event, event.step.item)
            else:
                self._inside(event, event.target)

    def _marked(self, module: Module, number: int) -> None:
        for mark in self.tools.marking.of(module, number):
            self.items[module].append(mark)
            self.marks.append((module, mark))

    def _begin(self, module: Module, depth: int) -> None:
        self.items.setdefault(module, [])
        self.targets.setdefault(module, [])
        self.depths.setdefault(module, depth)

    def _outside(self, event: Event, item: Import) -> None:
        """Take down an import of something that is no part of the project."""
        step, importer = event.step, event.frame.module
        self.imports.append((importer, step))
        heavy = self.tools.weights.of(step.owner, item)
        if heavy is None:
            return
        at = Place(step.owner.path, item.statement_span)
        package = imported_name(self.tools.stepping.view.project, step.owner, item) or item.module
        loaded = heavy.cost.module if heavy.cost else package
        fate = self.tools.fates.of(at, is_import=True)
        if any(
            isinstance(i, HeavyLoad) and (i.package, i.fate) == (loaded, fate) for i in self.items[importer]
        ):
            return  # another name of the same package
        self.items[importer].append(
            HeavyLoad(
                at=at,
                text=_written(item),
                package=loaded,
                ms=heavy.cost.ms if heavy.cost else None,
                mib=heavy.cost.mib if heavy.cost else None,
                is_measured=bool(heavy.cost and heavy.cost.is_measured),
                basis=heavy.cost.basis if heavy.cost else "named by --heavy",
                is_first=loaded.partition(".")[0] not in self.loaded,
                way=step.way,
                is_conditional=self._is_conditional(step),
                guard=self._guard(step),
                fate=fate,
            )
        )
        self.loaded.add(loaded.partition(".")[0])

    def _inside(self, event: Event, target: Module) -> None:
        """Take down an import of a module of the project."""
        step, importer = event.step, event.frame.module
        need = self.tools.stepping.need(step)
        is_named = need is not None and need.module is target
        if event.turn is Turn.FIRST:
            self._begin(target, event.frame.depth + 1)
        if is_named or event.turn is Turn.FIRST:
            self.imports.append((importer, step))
        is_last = self.tools.stepping.runs(step)[-1] is target
        if not is_named and not (event.turn is Turn.FIRST or (is_last and event.turn is Turn.LATER)):
            return
        edge = self._edge(step, target, event.turn, is_parent=not is_last)
        if (importer, edge.at, target) not in self.told:
            self.told.add((importer, edge.at, target))
            self.items[importer].append(edge)
            self.targets[importer].append((edge, target))
        self.ways.append(
            Way(importer, target, tuple(self._passing(step)), is_conditional=edge.is_conditional)
        )
        if not step.is_unsure:
            self.edges.setdefault((importer, target), edge)
        if is_named and need is not None and event.turn is Turn.RUNNING:
            self._halfway(event, edge, need)

    def _edge(self, step: Step, target: Module, turn: Turn, *, is_parent: bool) -> Edge:
        assert step.item is not None
        at = Place(step.owner.path, step.item.statement_span)
        return Edge(
            at=at,
            text=_written(step.item),
            target=target.name,
            path=target.path,
            turn=turn,
            is_parent=is_parent,
            way=step.way,
            is_conditional=self._is_conditional(step),
            guard=self._guard(step),
            fate=self.tools.fates.of(at, is_import=True),
        )

    def _halfway(self, event: Event, edge: Edge, need: Need) -> None:
        waiting = event.stack[0].at
        assert waiting is not None
        assert waiting.item is not None
        found = Halfway(
            edge=edge,
            waiting_at=Place(waiting.owner.path, waiting.item.statement_span),
            names=() if need.name is None else (need.name,),
            missing=()
            if edge.guard is not None or edge.is_conditional
            else missing_at(self.tools.stepping, event),
        )
        self.halfway.setdefault((event.frame.module, need.module), []).append(found)

    def _is_conditional(self, step: Step) -> bool:
        places = self._passing(step)
        return any(self.tools.surroundings.of(place).is_conditional for place in places)

    def _guard(self, step: Step) -> Place | None:
        accepts = catches(Cause.MISSING_PACKAGE)
        found = (self.tools.surroundings.caught(place, accepts) for place in self._passing(step))
        return next((each for each in found if each is not None), None)

    def _passing(self, step: Step) -> Iterator[Place]:
        """The lines, from the import out, that something may stand around."""
        assert step.item is not None
        if step.way or step.owner.facts.statements[step.item.statement].kind not in _PLAIN:
            yield Place(step.owner.path, step.item.statement_span)
            yield from (link.at for link in reversed(step.way) if link.at is not None)


def _written(item: Import) -> str:
    """Write one name of an import as a statement of its own."""
    alias = f" as {item.alias}" if item.alias else ""
    if item.name is None:
        return f"import {item.module}{alias}"
    return f"from {'.' * item.level}{item.module} import {item.name}{alias}"
