from collections.abc import Callable, Sequence
from math import ceil, log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lazify.verify.culprits import culprits


class Trying:
    """Fails by a rule; `needs` says which changes cannot be made without which others."""

    def __init__(self, rule: Callable[[set[int]], bool], needs: dict[int, set[int]] | None = None) -> None:
        self.rule, self.needs, self.tries = rule, needs or {}, 0

    def fails(self, changes: Sequence[int]) -> bool:
        self.tries += 1
        return self.rule(set(self.made(changes)))

    def made(self, changes: Sequence[int]) -> list[int]:
        return [each for each in changes if self.needs.get(each, set()) <= set(changes)]


@pytest.mark.parametrize("number", [1, 2, 7, 64, 100])
def test_one_guilty_change_is_found_in_few_tries(number: int) -> None:
    for guilty in {0, number // 2, number - 1}:
        trying = Trying({guilty}.issubset)
        assert culprits(range(number), trying) == [guilty]
        assert trying.tries <= ceil(log2(number)) + 2


@given(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.integers(0, n - 1), min_size=1)))
)
def test_all_that_are_guilty_alone_are_found(case: tuple[int, set[int]]) -> None:
    number, guilty = case
    assert set(culprits(range(number), Trying(lambda made: bool(made & guilty)))) == guilty


def test_of_two_that_only_fail_together_one_goes() -> None:
    assert culprits(range(10), Trying(lambda made: {2, 7} <= made)) == [7]


def test_who_brings_a_guilty_one_along_is_not_blamed() -> None:
    # 3 cannot be made without 6; what fails is 3.
    assert culprits(range(10), Trying(lambda made: 3 in made, {3: {6}})) == [3]


def test_who_is_needed_by_an_innocent_one_is_blamed_alone() -> None:
    assert culprits(range(10), Trying(lambda made: 6 in made, {3: {6}})) == [6]


def test_those_who_can_only_be_made_together_are_blamed_together() -> None:
    assert culprits(range(10), Trying(lambda made: 3 in made, {3: {6}, 6: {3}})) == [3, 6]


def test_what_fails_without_any_change_blames_none() -> None:
    assert culprits(range(5), Trying(lambda made: True)) == []


@given(st.sets(st.sets(st.integers(0, 11), min_size=1).map(frozenset), min_size=1, max_size=5))
def test_without_the_guilty_nothing_fails(causes: set[frozenset[int]]) -> None:
    trying = Trying(lambda made: any(cause <= made for cause in causes))
    if trying.fails(range(12)):
        left = [each for each in range(12) if each not in culprits(range(12), trying)]
        assert not trying.fails(left)
