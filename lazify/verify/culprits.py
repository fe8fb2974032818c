"""Which of many changes break something: found by trying, with few tries."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Trying(Protocol[T]):
    """Makes changes, and tells what comes of it."""

    def fails(self, changes: Sequence[T]) -> bool:
        """Tell whether it fails with these changes made and no others; they keep their order."""
        ...

    def made(self, changes: Sequence[T]) -> Sequence[T]:
        """Give those of the changes that can be made without the others, and are."""
        ...


def culprits(changes: Sequence[T], trying: Trying[T]) -> list[T]:
    """Find changes without which nothing fails, each of which makes it fail after those before it.

    `changes` together are known to fail. Where one is guilty, it takes about log2(n) + 2 tries, and fewer for each
    further one. Two that can only be made together are both found. An empty list says that it fails with none of
    the changes made, too.
    """
    if trying.fails([]):
        return []
    guilty: list[T] = []
    left, good = list(changes), 0
    while True:
        good = _last_good(left, good, trying.fails)
        found = _within(left[:good], left[good], trying)
        guilty += found
        left = [each for each in left if not any(each is one for one in found)]
        good = min(good, len(left))
        if not trying.fails(left):
            return guilty


def _last_good(changes: Sequence[T], good: int, fails: Callable[[Sequence[T]], bool]) -> int:
    """Find how many changes, from the first, are made without a failure, where one more makes it fail.

    The first `good` do not fail, and all together do.
    """
    bad = len(changes)
    while bad - good > 1:
        middle = (good + bad) // 2
        if fails(changes[:middle]):
            bad = middle
        else:
            good = middle
    return good


def _within(before: Sequence[T], last: T, trying: Trying[T]) -> list[T]:
    """Find who is to blame where `last` brings others along: those that could not be made without it."""
    together = [*before, last]
    alone = set(map(id, trying.made(before)))
    inseparable: list[T] = []
    for brought in trying.made(together):
        if brought is last or id(brought) in alone:
            continue
        rest = [each for each in together if each is not brought]
        if not any(each is last for each in trying.made(rest)):
            inseparable.append(brought)
        elif not trying.fails(rest):
            return [brought]
    return [*inseparable, last]
