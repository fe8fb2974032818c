"""With `--entry`: the fewest edits that keep heavy packages out of what a platform imports first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lazify.imports.brought import loaded_by
from lazify.imports.decision import Decision
from lazify.imports.flow import NEVER, minimum_cut
from lazify.imports.inherited import Inheritance
from lazify.index.modules import Module

Node = Module | str
"""A module, a heavy package, or one of the two ends."""

_START, _END = "<entry>", "<heavy>"


@dataclass(frozen=True, slots=True)
class Cutting:
    """The import graph of one project as a platform sees it."""

    inheritance: Inheritance
    entries: Sequence[Module]
    cost: Callable[[Decision], int]
    """How many edits a decision takes."""

    def chosen(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Keep the decisions that are part of the cut; packages that no cut keeps out are left aside."""
        hopeless = {
            package for package in self._packages(decisions) if self._cut(decisions, {package}) is None
        }
        held = self._held(decisions)
        useful = [d for d in decisions if d.candidate.is_inherited or not self._is_brought(d, held)]
        cut = self._cut(useful, self._packages(useful) - hopeless) or set()
        return [d for d in useful if d.moving and any(edge in cut for edge in self._edges_of(d))]

    def pinned(self, decisions: Sequence[Decision]) -> list[tuple[str, list[Decision]]]:
        """Give each package that no cut keeps out, with the decisions on the way to it from the entry."""
        found = []
        for package in sorted(self._packages(decisions)):
            if self._cut(decisions, {package}) is None and (way := self._way(decisions, package)):
                found.append((package, way))
        return found

    def _packages(self, decisions: Iterable[Decision]) -> set[str]:
        return {p for d in decisions if not d.candidate.is_inherited for p in _loaded(d)}

    def _cut(self, decisions: Iterable[Decision], packages: set[str]) -> set[tuple[Node, Node]] | None:
        edges: list[tuple[Node, Node, int]] = [(_START, entry, NEVER) for entry in self.entries]
        edges += ((package, _END, NEVER) for package in packages)
        for decision in decisions:
            weight = NEVER if decision.problems else max(1, self.cost(decision))
            edges += ((start, end, weight) for start, end in self._edges_of(decision))
        return minimum_cut(edges, _START, _END)

    def _edges_of(self, decision: Decision) -> Iterator[tuple[Node, Node]]:
        candidate = decision.candidate
        if not candidate.is_inherited:
            yield from ((candidate.module, package) for package in _loaded(decision))
            return
        for each in candidate.imports:
            for target in self.inheritance.bodies.graph.targets(candidate.module, each.item):
                if target is not candidate.module:
                    yield candidate.module, target

    def _held(self, decisions: Sequence[Decision]) -> set[str]:
        """Name the modules of other packages that the entry loads whatever is cut."""
        reached = self._ways(decisions).keys()
        return {
            loaded_by(each)
            for decision in decisions
            if not decision.candidate.is_inherited and decision.candidate.module in reached
            for each in decision.candidate.imports
            if each.item.binds in decision.problems
        }

    def _is_brought(self, decision: Decision, held: set[str]) -> bool:
        """Tell whether all that a decision would keep out is loaded anyway, by what stays."""
        brings = self.inheritance.costs.brings
        wanted = {loaded_by(each) for each in decision.imports}
        return bool(wanted) and all(any(brings(name, each) for name in held) for each in wanted)

    def _way(self, decisions: Sequence[Decision], package: str) -> list[Decision]:
        """Find the shortest way from the entry to the package over what cannot be cut."""
        return self._ways(decisions).get(package, [])

    def _ways(self, decisions: Sequence[Decision]) -> dict[Node, list[Decision]]:
        """Find all that the entry loads whatever is cut, with the shortest way to each."""
        steps: dict[Node, list[tuple[Node, Decision]]] = {}
        for decision in decisions:
            for start, end in self._edges_of(decision) if decision.problems else ():
                steps.setdefault(start, []).append((end, decision))
        ways: dict[Node, list[Decision]] = {entry: [] for entry in self.entries}
        queue: list[Node] = list(self.entries)
        while queue:
            at = queue.pop(0)
            for end, decision in steps.get(at, ()):
                if end not in ways:
                    ways[end] = [*ways[at], decision]
                    queue.append(end)
        return ways


def _loaded(decision: Decision) -> set[str]:
    return {each.heavy.package for each in decision.candidate.imports if each.heavy is not None}
