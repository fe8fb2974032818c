"""Which of many changes break something: found by trying, with few tries."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

Fails = Callable[[Sequence[T]], bool]
"""Tells whether it fails with these changes made and no others; they keep their order."""


def culprits(changes: Sequence[T], fails: Fails[T]) -> list[T]:
    """Find changes without which nothing fails, each of which makes it fail after those before it.

    `changes` together are known to fail. None of the rest is to blame for more than being needed by one of
    them. Where one is guilty, it takes log2(n) + 2 tries; for each further one as many again. An empty list says that
    it fails with none of the changes made, too.
    """
    if fails([]):
        return []
    guilty: list[T] = []
    left = list(changes)
    while True:
        place = _first_failing(left, fails)
        guilty.append(left[place])
        left = [*left[:place], *left[place + 1 :]]
        if len(left) == 0 or not fails(left):
            return guilty


def _first_failing(changes: Sequence[T], fails: Fails[T]) -> int:
    """Find the place of a change that fails after those before it, which do not; all together fail."""
    good, bad = 0, len(changes)  # numbers of changes made, from the first
    while bad - good > 1:
        middle = (good + bad) // 2
        if fails(changes[:middle]):
            bad = middle
        else:
            good = middle
    return bad - 1
