"""Which heavy imports move: each name on its own, until no decision changes another."""

from collections.abc import Iterable
from functools import cached_property

from lazify.getter.problems import Problem
from lazify.imports.bodies import Bodies
from lazify.imports.body_inputs import BodyInputs
from lazify.imports.brought import leave_guarded, leave_pointless, leave_rest
from lazify.imports.candidates import Candidate, candidates
from lazify.imports.circles import Circles
from lazify.imports.cutting import Cutting
from lazify.imports.decision import Decision, movers_of
from lazify.imports.effort import effort
from lazify.imports.follow import Following, Movers
from lazify.imports.graph import Graph
from lazify.imports.grounds import Grounds, Lazy
from lazify.imports.inherited import Inheritance, Loads, module_name
from lazify.imports.loaded import leave_loaded
from lazify.imports.operators import Operators
from lazify.imports.package_effects import PackageEffects
from lazify.imports.settling import Settling
from lazify.imports.spares import Spares
from lazify.imports.surroundings import Surroundings
from lazify.imports.takers import Takers
from lazify.imports.weight import weights_of
from lazify.index.callers import Statement
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.effects import Evidence
from lazify.model.facts import Import

_NOTHING: Lazy = frozenset()


class Deciding:
    """The decisions about one project; what does not depend on other decisions is worked out once."""

    def __init__(self, view: View) -> None:
        """Nothing is decided yet."""
        self.view = view
        self.takers = view.once(Takers)
        self.graph = graph = Graph(view.project)
        self._weights = weights = weights_of(view, view.costs)
        surroundings = Surroundings(view, view.costs, graph)
        self.inputs = BodyInputs(view, self.takers, graph, surroundings.replaced)
        bodies = Bodies(
            view,
            self.takers,
            view.costs,
            graph,
            self.inputs,
            PackageEffects(view, view.costs),
            Circles(view, graph),
            weights,
            Operators(view, graph),
        )
        self.grounds = Grounds(view, self.takers, surroundings, bodies)
        self._following = Following(view, self.takers, bodies)
        self.inheritance = Inheritance(view, weights, self.takers, view.costs, bodies)

    def settling(self) -> Settling:
        """Make what settles the decisions of one run."""
        return Settling(self.view, self._following, self.takers, self.grounds.mode)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """The imports of heavy packages."""
        return tuple(candidates(self.view, self._weights))

    @cached_property
    def chosen(self) -> tuple[Candidate, ...]:
        """Those that are not left out by choice."""
        return tuple(each for each in self.candidates if not self.grounds.is_unwanted(each))

    def run(self, lazy: Iterable[Statement] = ()) -> list[Decision]:
        """Decide on every candidate; those left out by choice are not among them.

        What the `lazy` statements make is taken to be made on first use.
        """
        return _Run(self, lazy).decisions()


class _Run:
    """The decisions of one run."""

    def __init__(self, deciding: Deciding, lazy: Iterable[Statement]) -> None:
        self._view = deciding.view
        self._deciding = deciding
        self._inheritance = deciding.inheritance
        self._settling = deciding.settling()
        self._lazy: dict[Module, Lazy] = {}
        for module, number in lazy:
            self._lazy[module] = self._lazy.get(module, _NOTHING) | {number}

    def decisions(self) -> list[Decision]:
        if self._view.config.entry:
            return self._for_entries()
        decisions = self._decided(self._deciding.chosen)
        self._settling.settle(decisions)
        if self._view.config.wants("LZ203"):
            while (fresh := self._inheriting(decisions)) or self._leave_changed(decisions):
                decisions += self._decided(fresh)
                self._settling.settle(decisions)
            self._leave_useless(decisions)
            self._settling.settle(decisions)
        leave_loaded(self._view, self._deciding.graph, self._deciding.takers, decisions, movers_of(decisions))
        self._settling.settle(decisions)
        return [decision for decision in decisions if not decision.is_useless]

    def _for_entries(self) -> list[Decision]:
        """Choose the lightest cut; what cannot follow a move is no part of it, and another cut is looked for."""
        closure = self._view.entered
        decisions = self._decided(c for c in self._deciding.candidates if c.module in closure)
        edges = [each for each in self._inheritance.edges if each[0] in closure]
        fresh = self._candidates_of(edges, self._inheritance.loads((), ((m, i.span) for m, i in edges)), {})
        decisions += self._decided(fresh)
        self._leave_changed(decisions)
        self._follow_alone(decisions)
        cutting = Cutting(self._inheritance, self._view.entries, effort)
        while True:
            chosen = cutting.chosen(decisions)
            if not self._settling.follow(chosen):
                break
        pinned = [way for _, way in cutting.pinned(decisions)]
        for way in pinned:
            way[-1].way = tuple(each.candidate.why[0] for each in way[:-1])
            if way[-1] not in chosen:
                leave_rest(way[-1])
        reported = [*chosen, *(way[-1] for way in pinned if not way[-1].is_useless)]
        return [decision for decision in decisions if decision in reported]

    def _follow_alone(self, decisions: list[Decision]) -> None:
        """Learn what each decision takes by itself."""
        for decision in decisions:
            while self._settling.follow([decision]):
                leave_pointless(self._view.costs, decision)
                leave_guarded(decision)

    def _decided(self, candidates: Iterable[Candidate]) -> list[Decision]:
        grounds, lazy = self._deciding.grounds, self._lazy
        return [grounds.decided(each, lazy.get(each.module, _NOTHING)) for each in candidates]

    def _inheriting(self, decisions: list[Decision]) -> list[Candidate]:
        """Find imports of the project's own modules that load something heavy, and are not decided yet."""
        decided = {(d.candidate.module, e.item.span) for d in decisions for e in d.candidate.imports}
        edges = [(m, item) for m, item in self._inheritance.edges if (m, item.span) not in decided]
        movers = movers_of(decisions)
        return self._candidates_of(edges, self._loads(decisions, movers), movers)

    def _candidates_of(
        self, edges: list[tuple[Module, Import]], loads: dict[Module, Loads], movers: Movers
    ) -> list[Candidate]:
        """Gather the edges that load something by importing and imported module."""
        groups: dict[tuple[Module, str], tuple[list[Import], dict[str, tuple[Evidence, ...]]]] = {}
        for module, item in edges:
            if loaded := self._inheritance.through(module, item, loads, movers):
                key = (module, module_name(self._deciding.graph, module, item))
                items, together = groups.setdefault(key, ([], {}))
                items.append(item)
                together |= loaded
        return [self._inheritance.candidate(module, *group) for (module, _), group in groups.items()]

    def _loads(self, decisions: list[Decision], movers: Movers) -> dict[Module, Loads]:
        pinned = [
            (d.candidate.module, e.item.span)
            for d in decisions
            for e in d.candidate.imports
            if d.candidate.is_inherited and e.item.binds in d.problems
        ]
        return self._inheritance.loads(movers, pinned, movers)

    def _leave_changed(self, decisions: list[Decision]) -> bool:
        """An import of the project's own stays where what the bodies read is changed under another name."""
        targets, late = self._deciding.graph.targets, self._deciding.inputs.late_problem
        found = False
        for decision in decisions:
            module = decision.candidate.module
            for each in decision.imports if decision.candidate.is_inherited else ():
                problems = (late(target) for target in targets(module, each.item))
                if (first := next(filter(None, problems), None)) is not None:
                    decision.problems[each.item.binds] = first
                    found = True
        return found

    def _leave_useless(self, decisions: list[Decision]) -> None:
        """An import of the project's own stays where nobody would load less without it."""
        movers = movers_of(decisions)
        loads = self._loads(decisions, movers)
        spares = Spares(self._view, self._deciding.graph, loads, movers)
        for decision in decisions:
            module = decision.candidate.module
            if not decision.candidate.is_inherited or not decision.moving:
                continue
            ways = [self._inheritance.through(module, e.item, loads, movers) for e in decision.imports]
            spared = spares.of(decision, dict.fromkeys(package for way in ways for package in way))
            if spared:
                heaviest = max(spared, key=self._inheritance.milliseconds)
                found, way = next(
                    (e, way) for e, way in zip(decision.imports, ways, strict=True) if heaviest in way
                )
                decision.spared = found.because(module, way[heaviest][1:])
            else:
                decision.problems.update(dict.fromkeys(decision.moving, Problem("it loads nothing new")))
                decision.is_useless = True
