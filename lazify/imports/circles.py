"""Modules that import each other: which of them is imported first may decide whether that works at all.

Whoever imports one of them first finds the others half-done in another order. So the first import of such a circle
stays where it is, in every module that may be the one to begin it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import DIRECT, runs_at_import
from lazify.imports.graph import Graph
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import Import
from lazify.model.places import Place
from lazify.order.around import Surroundings
from lazify.order.cycles import MOST, Orders, components
from lazify.order.steps import Stepping
from lazify.order.walk import packages_around


@dataclass(frozen=True, slots=True, eq=False)
class Circle:
    """Modules that import each other, and fail for some order of it."""

    members: frozenset[Module]
    before: frozenset[Module]
    """Whatever imports one of them, directly or not, and themselves."""
    why: str


@dataclass(frozen=True)
class Circles:
    """Answers for one project."""

    view: View
    graph: Graph
    _reached: dict[Module, tuple[Circle, ...]] = field(default_factory=dict)

    def problem(self, module: Module, item: Import) -> Problem | None:
        """Say why an import of the project's own has to go on running before others."""
        for target in self.graph.targets(module, item):
            for circle in self._circles_of(target):
                if module in circle.members or not self._is_begun_above(module, item, circle):
                    return problem(circle.why, module, item.span)
        return None

    def _circles_of(self, target: Module) -> tuple[Circle, ...]:
        if target not in self._reached:
            self._reached[target] = tuple(each for each in self._circles if target in each.before)
        return self._reached[target]

    def _is_begun_above(self, module: Module, item: Import, circle: Circle) -> bool:
        """Tell whether an import above, which has to stay for the same reason, has run the circle by then."""
        return any(
            other.span < item.span
            and runs_at_import(module, other)
            and module.facts.statements[other.statement].kind in DIRECT
            and not circle.before.isdisjoint(self.graph.targets(module, other))
            for other in module.facts.imports
        )

    @cached_property
    def _circles(self) -> tuple[Circle, ...]:
        edges = {module: self.graph.direct(module) for module in self.view.project.modules.values()}
        importers: dict[Module, list[Module]] = {}
        for importer, targets in edges.items():
            for target in targets:
                importers.setdefault(target, []).append(importer)
        return tuple(self._with_orders(map(frozenset, components(edges)), importers))

    def _with_orders(
        self, groups: Iterator[frozenset[Module]], importers: Mapping[Module, list[Module]]
    ) -> Iterator[Circle]:
        """Give those that fail for some order."""
        for members in groups:
            before = _before(members, importers)
            starts = {self._start(member, before): member for member in members}
            if len(starts) > 1 and (why := self._why(members, before)) is not None:
                yield Circle(members, before, why)

    def _start(self, member: Module, before: frozenset[Module]) -> Module:
        """Find what begins the circle when `member` is imported from elsewhere: its packages run before it."""
        return next((p for p in packages_around(self.view.project, member) if p in before), member)

    def _why(self, members: frozenset[Module], before: frozenset[Module]) -> str | None:
        ordered = sorted(members, key=lambda module: module.name)
        if len(members) > MOST:
            return (
                f"{ordered[0].name} and {len(members) - 1} others import each other: their order may matter"
            )
        for importer in ordered:
            for item in importer.facts.imports:
                if item.name == "*" and not members.isdisjoint(self.graph.targets(importer, item)):
                    return f"{importer.name} takes by import * what a module has by then that imports it, too"
        stepping = Stepping(self.view, Surroundings(self.view.read), before)
        for breakage in Orders(stepping, _is_never_caught, self._called(ordered)).breakages(ordered):
            return (
                f"{breakage.first} may not be the first of the modules to be imported that import each other:"
                f" {breakage.module}.{breakage.names[0]} would be missing"
            )
        return None

    def _called(self, members: Sequence[Module]) -> Collection[tuple[Path, int]]:
        """List the functions that run while one of them is imported."""
        statements = ((each, n) for each in members for n in range(len(each.facts.statements)))
        return self.view.effects.reached(statements).keys()


def _before(members: frozenset[Module], importers: Mapping[Module, list[Module]]) -> frozenset[Module]:
    found, queue = set(members), list(members)
    while queue:
        fresh = [each for each in importers.get(queue.pop(), ()) if each not in found]
        found.update(fresh)
        queue += fresh
    return frozenset(found)


def _is_never_caught(at: Place) -> bool:
    """A failure that is caught leaves something else behind than success."""
    del at
    return False
