"""The search for the changes that lose a test."""

from collections.abc import Sequence

import pytest

from tests.corpus.blame import guilty

KEYS = [f"change {number}" for number in range(13)]


@pytest.mark.parametrize("culprit", KEYS)
def test_one_guilty_change_is_found(culprit: str) -> None:
    assert guilty(KEYS, lambda only: culprit in only) == [culprit]


def test_two_changes_that_are_guilty_together_are_found() -> None:
    both = {KEYS[1], KEYS[11]}

    assert set(guilty(KEYS, lambda only: both <= set(only))) == both


def test_of_two_changes_that_are_guilty_each_one_is_found() -> None:
    assert guilty(KEYS, lambda only: KEYS[3] in only or KEYS[9] in only) == [KEYS[3]]


def test_it_asks_few_times() -> None:
    asked: list[Sequence[str]] = []

    def fails(only: Sequence[str]) -> bool:
        asked.append(only)
        return KEYS[12] in only

    guilty(KEYS, fails)

    assert len(asked) <= 8
