"""Follows code to all that it may run, and finds the shortest way to each effect."""

import heapq
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import count

from lazify.index.cycles import Cycles
from lazify.index.modules import Module
from lazify.index.steps import Hop, Key, Leaf, Run, Steps
from lazify.model.effects import LEVELS, EffectKind, Level

Path = tuple["Path", tuple[Hop, ...]] | None
"""The hops from the start, as a linked list."""
MOST = {EffectKind.UNKNOWN: 3, EffectKind.STATE: 12}
"""How many effects of these kinds are told apart for one statement."""


class Reach:
    """The effects of code, those of all code that it runs included."""

    def __init__(
        self, expand: Callable[[Run], Steps], loaded_with: Callable[[Module], Container[Module]]
    ) -> None:
        """`expand` tells what code does by itself; `loaded_with` which modules are there when one is imported."""
        self._expand = expand
        self._cycles = Cycles(self.steps, loaded_with)

    def steps(self, run: Run) -> Steps:
        """What the code does by itself, worked out once."""
        if run.steps is None:
            run.steps = self._expand(run)
        return run.steps

    def level(self, start: Steps, module: Module | None) -> Level:
        """The level of the worst effect of what runs in `module`, found without the ways to the effects."""
        kinds = self._cycles.keys.kinds(self._cycles.effects(start, module))
        return max((LEVELS[kind] for kind in kinds), default=Level.SAFE)

    def chains(self, start: Steps, module: Module | None) -> dict[Key, tuple[tuple[Hop, ...], Leaf]]:
        """The shortest way from `start` to each of its effects; among equals, the first in the source.

        What is loaded with `module` does not run again; None where nothing is. Of the kinds in MOST only the nearest
        are told: more of them say nothing new.
        """
        found = self._walk(start, self._cycles.effects(start, module), module)
        return {leaf.key: (flat(path), leaf) for path, leaf in found}

    def reached(self, starts: Iterable[Steps]) -> dict[Run, Path]:
        """Everything that runs, each with the shortest way there; the bodies of modules are not followed further."""
        order = count()
        heap: list[tuple[int, int, Run, Path]] = []
        found: dict[Run, Path] = {}
        for steps in starts:
            for edge in steps.edges:
                heapq.heappush(heap, (len(edge.hops), next(order), edge.target, (None, edge.hops)))
        while heap:
            cost, _, run, path = heapq.heappop(heap)
            if run in found:
                continue
            found[run] = path
            for edge in self.steps(run).edges:
                if edge.target not in found and not edge.target.is_import:
                    heapq.heappush(heap, (cost + len(edge.hops), next(order), edge.target, (path, edge.hops)))
        return found

    def _walk(self, start: Steps, missing: int, module: Module | None) -> Iterator[tuple[Path, Leaf]]:
        order = count()
        heap: list[tuple[int, int, Run | Leaf, Path]] = []
        seen: set[Run] = set()
        bit = self._cycles.keys.bit
        leads = self._cycles.leading(missing, start, module)

        def push(steps: Steps, cost: int, path: Path) -> None:
            for leaf in steps.leaves:
                if bit(leaf.key) & missing:
                    heapq.heappush(heap, (cost + len(leaf.hops), next(order), leaf, path))
            for edge in steps.edges:
                if edge.target not in seen and leads(edge.target):
                    heapq.heappush(heap, (cost + len(edge.hops), next(order), edge.target, (path, edge.hops)))

        push(start, 0, None)
        left = dict(MOST)
        while heap and missing:
            cost, _, at, path = heapq.heappop(heap)
            if isinstance(at, Leaf):
                if bit(at.key) & missing:
                    missing &= ~(bit(at.key) | self._enough(at.key[0], left, missing))
                    yield path, at
            elif at not in seen:
                seen.add(at)
                push(self.steps(at), cost, path)

    def _enough(self, kind: EffectKind, left: dict[EffectKind, int], missing: int) -> int:
        """Of a kind of which enough are found, all that are missing."""
        left[kind] = left.get(kind, -1) - 1
        return 0 if left[kind] else missing & self._cycles.keys.of_kind(kind)


def flat(path: Path) -> tuple[Hop, ...]:
    """The hops of a way, in order."""
    parts: list[tuple[Hop, ...]] = []
    while path is not None:
        path, hops = path
        parts.append(hops)
    return tuple(hop for part in reversed(parts) for hop in part)
