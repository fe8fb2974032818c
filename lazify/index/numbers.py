"""Columns of whole numbers as bytes."""

from array import array
from collections.abc import Iterable, Sequence
from functools import cache

_WIDTHS = tuple((letter, letter.encode(), 1 << (8 * array(letter).itemsize - 1)) for letter in "bhiq")
"""The letters of `array` for numbers, and what is too large for each."""
_SHORT = "bh"


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """Write numbers in as few bytes each as the largest takes, after a letter that tells how many.

    Raises OverflowError for what takes more than 64 bits.
    """
    numbers = list(numbers)
    largest = max((max(numbers), -min(numbers))) if numbers else 0
    for letter, mark, limit in _WIDTHS:
        if largest < limit:
            return mark + array(letter, numbers).tobytes()
    raise OverflowError(largest)


def unpack_numbers(packed: bytes) -> Sequence[int]:
    """Read what `pack_numbers` wrote."""
    return array(chr(packed[0]), packed[1:])


def shared_numbers(packed: bytes) -> Sequence[int]:
    """Read what `pack_numbers` wrote, for keeping: one object for all equal lines and places, not one for each."""
    numbers = array(chr(packed[0]), packed[1:])
    return list(map(_shared().__getitem__, numbers)) if numbers.typecode in _SHORT else numbers


@cache
def _shared() -> list[int]:
    """Every number of two bytes at its own index, the negative ones from the end."""
    return [*range(1 << 15), *range(-1 << 15, 0)]
