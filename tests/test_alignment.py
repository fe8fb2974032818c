"""Alignments are right for any two files, and short for files that differ little."""

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from lazify.alignment import Opcode, opcodes

LINES = st.lists(st.integers(0, 8), max_size=40)


def check(old: list[int], new: list[int], codes: list[Opcode]) -> None:
    at_i = at_j = 0
    previous = ""
    for tag, i, i_end, j, j_end in codes:
        assert (i, j) == (at_i, at_j)
        at_i, at_j = i_end, j_end
        assert tag != previous
        previous = tag
        assert (tag == "equal") == (old[i:i_end] == new[j:j_end])
        assert (tag == "insert") == (i == i_end)
        assert (tag == "delete") == (j == j_end)
    assert (at_i, at_j) == (len(old), len(new))


@given(LINES, LINES)
def test_every_line_is_accounted_for(old: list[int], new: list[int]) -> None:
    check(old, new, opcodes(old, new))


@given(
    st.lists(st.integers(0, 50), min_size=10, max_size=80),
    st.lists(st.tuples(st.integers(0, 79), LINES), max_size=3),
)
def test_few_changes_are_seen_as_few(old: list[int], changes: list[tuple[int, list[int]]]) -> None:
    new = [*old]
    for place, lines in changes:
        new[place % len(new) : place % len(new)] = lines
    codes = opcodes(old, new)
    check(old, new, codes)
    touched = sum(j_end - j for tag, _, _, j, j_end in codes if tag != "equal")
    best = sum(
        j_end - j for tag, _, _, j, j_end in SequenceMatcher(None, old, new).get_opcodes() if tag != "equal"
    )
    assert touched <= best + sum(len(lines) for _, lines in changes) + len(changes)


def test_changes_stand_between_equal_stretches() -> None:
    old = list(range(20))
    assert opcodes(old, [*old[:5], 99, *old[6:12], *old[14:], 50]) == [
        ("equal", 0, 5, 0, 5),
        ("replace", 5, 6, 5, 6),
        ("equal", 6, 12, 6, 12),
        ("delete", 12, 14, 12, 12),
        ("equal", 14, 20, 12, 18),
        ("insert", 20, 20, 18, 19),
    ]
