"""Columns of whole numbers as bytes."""

from array import array
from collections.abc import Iterable, Sequence
from functools import cache

_WIDTHS = tuple((letter, letter.encode()) for letter in "bhiq")
"""The letters of `array` for numbers, the narrowest first."""
_SHORT = "bh"


def pack_numbers(numbers: Iterable[int]) -> bytes:
    """Write numbers in as few bytes each as the largest takes, after a letter that tells how many.

    Raises OverflowError for what takes more than 64 bits.
    """
    numbers = list(numbers)
    for letter, mark in _WIDTHS:
        try:
            return mark + array(letter, numbers).tobytes()
        except (
            OverflowError
        ):  # told at the first number that is too large: twice as fast as to look for the largest
            continue
    raise OverflowError(f"more than 64 bits: {max(numbers, key=abs)}")


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
