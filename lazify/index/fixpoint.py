"""Solves equations over growing sets on demand: the least solution, whatever is asked for first."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)

MOST_ROUNDS = 200
"""Sets that grow so often grow without end, or might as well."""


class Fixpoint(Generic[K, V]):
    """The values of unknowns that are defined by each other.

    `rule(key)` computes one value from others, which it reads through `get`. Rules must be monotone: given
    larger values they give larger ones. Nothing recurses, so chains may be as long as they like.
    """

    def __init__(self, rule: Callable[[K], V], *, bottom: V, top: V | None = None) -> None:
        """Start with every unknown at `bottom`; `top` is what one becomes that does not settle."""
        self._rule = rule
        self._bottom, self._top = bottom, top
        self._rounds: dict[K, int] = {}
        self._values: dict[K, V] = {}
        self._readers: dict[K, dict[K, None]] = {}
        self._asking: K | None = None
        self._wanted: list[K] = []

    def get(self, key: K) -> V:
        """The value of `key`: final when asked from outside, the present one when asked by a rule."""
        if self._asking is None:
            if key not in self._values:
                self._solve(key)
            return self._values[key]
        if key not in self._values:
            self._values[key] = self._bottom
            self._wanted.append(key)
            self._readers[key] = {}
        if key in self._readers:
            self._readers[key][self._asking] = None
        return self._values[key]

    @property
    def is_idle(self) -> bool:
        """No rule is running: every value that `get` gives is final."""
        return self._asking is None

    def _solve(self, root: K) -> None:
        self._values[root] = self._bottom
        self._readers[root] = {}
        stack, dirty = [root], {root}
        while stack:
            key = stack.pop()
            if key not in dirty:
                continue
            dirty.discard(key)
            value, wanted = self._evaluate(key)
            self._rounds[key] = self._rounds.get(key, 0) + 1
            if self._rounds[key] > MOST_ROUNDS and self._top is not None:
                value = self._top
            if wanted:  # it will be computed again, after what it has just asked for
                stack.append(key)
                dirty.add(key)
                stack += reversed(wanted)
                dirty.update(wanted)
            if value != self._values[key]:
                self._values[key] = value
                stale = [reader for reader in self._readers[key] if reader not in dirty]
                stack += stale
                dirty.update(stale)
        self._readers.clear()
        self._rounds.clear()

    def _evaluate(self, key: K) -> tuple[V, list[K]]:
        self._asking, self._wanted = key, []
        try:
            return self._rule(key), self._wanted
        finally:
            self._asking = None
