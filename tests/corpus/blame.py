"""Which changes make a test fail: a search by halves."""

from collections.abc import Callable, Sequence

Fails = Callable[[Sequence[str]], bool]
"""Whether the test fails when only the changes of these keys are made."""


def guilty(keys: Sequence[str], fails: Fails) -> list[str]:
    """Give a small set of changes that is enough to make it fail; `fails(keys)` is known to be true.

    Where neither half is enough, each is kept as small as it can be beside the other (as in delta debugging,
    Zeller and Hildebrandt 2002). Changes that need each other are few, so halves mostly are enough.
    """
    return _smallest(list(keys), [], fails)


def _smallest(keys: list[str], beside: list[str], fails: Fails) -> list[str]:
    if len(keys) <= 1:
        return keys
    half = len(keys) // 2
    for part in (keys[:half], keys[half:]):
        if fails([*beside, *part]):
            return _smallest(part, beside, fails)
    left = _smallest(keys[:half], [*beside, *keys[half:]], fails)
    return left + _smallest(keys[half:], [*beside, *left], fails)
