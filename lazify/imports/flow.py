"""Minimum cuts in directed graphs, by augmenting paths (Edmonds and Karp)."""

from collections import deque
from collections.abc import Hashable, Iterable
from typing import TypeVar

N = TypeVar("N", bound=Hashable)

NEVER = 10**9
"""The weight of an edge that cannot be cut."""


def minimum_cut(edges: Iterable[tuple[N, N, int]], source: N, sink: N) -> set[tuple[N, N]] | None:
    """Give the lightest edges without which `sink` cannot be reached; None where every cut needs one of NEVER."""
    weights: dict[tuple[N, N], int] = {}
    for start, end, weight in edges:
        weights[start, end] = min(NEVER, weights.get((start, end), 0) + weight)
    left: dict[N, dict[N, int]] = {source: {}, sink: {}}
    for (start, end), weight in weights.items():
        left.setdefault(start, {})[end] = left.get(start, {}).get(end, 0) + weight
        left.setdefault(end, {}).setdefault(start, 0)
    flow = 0
    while (path := _path(left, source, sink)) is not None:
        width = min(left[start][end] for start, end in path)
        for start, end in path:
            left[start][end] -= width
            left[end][start] += width
        flow += width
        if flow >= NEVER:
            return None
    near = set(_reach(left, source))
    return {(start, end) for start, end in weights if start in near and end not in near}


def _path(left: dict[N, dict[N, int]], source: N, sink: N) -> list[tuple[N, N]] | None:
    """Find the shortest path with something left on every edge."""
    before = _reach(left, source)
    if sink not in before:
        return None
    path: list[tuple[N, N]] = []
    at = sink
    while at != source:
        path.append((before[at], at))
        at = before[at]
    return path[::-1]


def _reach(left: dict[N, dict[N, int]], source: N) -> dict[N, N]:
    """Map every node that can be reached to the one before it."""
    before = {source: source}
    queue = deque([source])
    while queue:
        at = queue.popleft()
        for end, weight in left.get(at, {}).items():
            if weight > 0 and end not in before:
                before[end] = at
                queue.append(end)
    return before
