"""Follows code to all that it may run, and finds the shortest way to each effect."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from itertools import count

from lazify.index.modules import Module
from lazify.index.steps import Edge, Hop, Key, Leaf, Run, Steps
from lazify.model.effects import EffectKind

Path = tuple["Path", tuple[Hop, ...]] | None
"""The hops from the start, as a linked list."""

MOST = {EffectKind.UNKNOWN: 3, EffectKind.STATE: 12}
"""How many effects of these kinds are told apart for one statement."""


class Reach:
    """The effects of code, those of all code that it runs included."""

    def __init__(self, expand: Callable[[Run], Steps]) -> None:
        """`expand` tells what code does by itself."""
        self._expand = expand

    def steps(self, run: Run) -> Steps:
        """What the code does by itself, worked out once."""
        if run.steps is None:
            run.steps = self._expand(run)
        return run.steps

    def keys(self, run: Run) -> frozenset[Key]:
        """All effects of the code, the same whichever code of a cycle is asked for first (Tarjan's components)."""
        if run.keys is None:
            self._solve(run)
        return run.keys or frozenset()

    def chains(
        self, start: Steps, *, is_loaded: Callable[[Module], bool]
    ) -> dict[Key, tuple[tuple[Hop, ...], Leaf]]:
        """The shortest way from `start` to each of its effects; among equals, the first in the source.

        The bodies of modules that are loaded already do not run again. Of the kinds in MOST only the nearest
        are told: more of them say nothing new.
        """
        missing = {leaf.key for leaf in start.leaves}.union(*(self.keys(edge.target) for edge in start.edges))
        found: dict[Key, tuple[tuple[Hop, ...], Leaf]] = {}
        for path, leaf in self._walk(start, missing, is_loaded):
            found[leaf.key] = (flat(path), leaf)
        return found

    def reached(self, starts: Iterable[Steps]) -> dict[Run, Path]:
        """Everything that runs, each with the shortest way there; the bodies of modules are left out."""
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
                if edge.target not in found and edge.target.code.kind != "module":
                    heapq.heappush(heap, (cost + len(edge.hops), next(order), edge.target, (path, edge.hops)))
        return found

    def _walk(
        self, start: Steps, missing: set[Key], is_loaded: Callable[[Module], bool]
    ) -> Iterator[tuple[Path, Leaf]]:
        order = count()
        heap: list[tuple[int, int, Run | Leaf, Path]] = []
        seen: set[Run] = set()

        def push(steps: Steps, cost: int, path: Path) -> None:
            for leaf in steps.leaves:
                if leaf.key in missing:
                    heapq.heappush(heap, (cost + len(leaf.hops), next(order), leaf, path))
            for edge in steps.edges:
                if edge.target not in seen and not missing.isdisjoint(self.keys(edge.target)):
                    heapq.heappush(heap, (cost + len(edge.hops), next(order), edge.target, (path, edge.hops)))

        push(start, 0, None)
        left = dict(MOST)
        while heap and missing:
            cost, _, at, path = heapq.heappop(heap)
            if isinstance(at, Leaf):
                if at.key in missing:
                    missing.discard(at.key)
                    yield path, at
                    _count(at.key[0], left, missing)
            elif at not in seen:
                seen.add(at)
                if at.code.kind != "module" or not is_loaded(at.code.module):
                    push(self.steps(at), cost, path)

    def _solve(self, root: Run) -> None:
        index: dict[Run, int] = {}
        low: dict[Run, int] = {}
        open_runs: list[Run] = []
        work: list[tuple[Run, Iterator[Edge]]] = []

        def enter(run: Run) -> None:
            index[run] = low[run] = len(index)
            open_runs.append(run)
            work.append((run, iter(self.steps(run).edges)))

        enter(root)
        while work:
            run, edges = work[-1]
            for edge in edges:
                target = edge.target
                if target.keys is not None:
                    continue
                if target not in index:
                    enter(target)
                    break
                low[run] = min(low[run], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[run])
                if low[run] == index[run]:
                    self._close(run, open_runs)

    def _close(self, run: Run, open_runs: list[Run]) -> None:
        """Give every code of one cycle the effects of all of them."""
        at = len(open_runs) - 1
        while open_runs[at] is not run:
            at -= 1
        members = open_runs[at:]
        del open_runs[at:]
        keys: set[Key] = set()
        for member in members:
            steps = self.steps(member)
            keys.update(leaf.key for leaf in steps.leaves)
            for edge in steps.edges:
                keys |= edge.target.keys or frozenset()
        shared = frozenset(keys)
        for member in members:
            member.keys = shared


def _count(kind: EffectKind, left: dict[EffectKind, int], missing: set[Key]) -> None:
    if kind in left:
        left[kind] -= 1
        if left[kind] == 0:
            missing.difference_update([key for key in missing if key[0] is kind])


def flat(path: Path) -> tuple[Hop, ...]:
    """The hops of a way, in order."""
    parts: list[tuple[Hop, ...]] = []
    while path is not None:
        path, hops = path
        parts.append(hops)
    return tuple(hop for part in reversed(parts) for hop in part)
