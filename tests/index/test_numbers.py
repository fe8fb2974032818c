"""Columns of numbers come back as they were written, whichever way they are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazify.index.numbers import pack_numbers, shared_numbers, unpack_numbers

_COLUMNS = st.lists(st.integers(-(1 << 63) + 1, (1 << 63) - 1) | st.integers(-(1 << 15) - 1, 1 << 15))


@given(_COLUMNS)
def test_numbers_come_back(column: list[int]) -> None:
    packed = pack_numbers(column)
    assert list(unpack_numbers(packed)) == list(shared_numbers(packed)) == column


def test_equal_lines_are_one_object() -> None:
    one, other = shared_numbers(pack_numbers([5000, 5000]))
    assert one is other


def test_what_takes_more_than_64_bits_is_refused() -> None:
    with pytest.raises(OverflowError):
        pack_numbers([1 << 63])
