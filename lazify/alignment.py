"""Which lines of two versions of a file belong together, fast where few of many changed."""

from bisect import bisect_left
from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

Lines = Sequence[Hashable]
Opcode = tuple[str, int, int, int, int]
"""As difflib's: tag, start and end in the old version, start and end in the new one."""


def opcodes(old: Lines, new: Lines) -> list[Opcode]:
    """Align two files as difflib does, asked only about the stretches between lines that surely stayed."""
    found: list[Opcode] = []
    anchors = iter([*_anchors(old, new), (len(old), len(new))])
    i = j = 0
    for next_i, next_j in anchors:
        if next_i < i or next_j < j:
            continue
        _compare(found, (old, i, next_i), (new, j, next_j))
        count = _common(old, next_i, new, next_j)
        i, j = next_i + count, next_j + count
        _append(found, ("equal", next_i, i, next_j, j))
    return found


def _compare(found: list[Opcode], one: tuple[Lines, int, int], other: tuple[Lines, int, int]) -> None:
    """Compare two stretches, without what is equal at their start and end."""
    (old, i, i_end), (new, j, j_end) = one, other
    start = min(_common(old, i, new, j), i_end - i, j_end - j)
    _append(found, ("equal", i, i + start, j, j + start))
    i, j = i + start, j + start
    end = 0
    while i_end - end > i and j_end - end > j and old[i_end - end - 1] == new[j_end - end - 1]:
        end += 1
    if i < i_end - end or j < j_end - end:
        matcher = SequenceMatcher(None, old[i : i_end - end], new[j : j_end - end])
        for tag, a, a_end, b, b_end in matcher.get_opcodes():
            _append(found, (tag, i + a, i + a_end, j + b, j + b_end))
    _append(found, ("equal", i_end - end, i_end, j_end - end, j_end))


def _common(old: Lines, i: int, new: Lines, j: int) -> int:
    """How many lines are equal from here on."""
    end = min(len(old) - i, len(new) - j)
    return next((n for n in range(end) if old[i + n] != new[j + n]), end)


def _append(found: list[Opcode], code: Opcode) -> None:
    """Add an opcode, joined to the one before where both say the same."""
    tag, i, i_end, j, j_end = code
    if i == i_end and j == j_end:
        return
    if found and found[-1][0] == tag:
        _, i, _, j, _ = found.pop()
    elif found and "equal" not in {tag, found[-1][0]}:
        _, i, _, j, _ = found.pop()
        tag = "replace" if i < i_end and j < j_end else tag
    found.append((tag, i, i_end, j, j_end))


def _anchors(old: Lines, new: Lines) -> list[tuple[int, int]]:
    """Lines that stand once in both files, in the same order in both: the idea of patience diff."""
    places = _once(new)
    pairs = [(i, places[line]) for line, i in _once(old).items() if line in places]
    return _increasing(pairs)


def _once(lines: Lines) -> dict[Hashable, int]:
    seen: dict[Hashable, int] = {}
    for number, line in enumerate(lines):
        seen[line] = -1 if line in seen else number
    return {line: number for line, number in seen.items() if number >= 0}


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs in which the second figure grows, too."""
    if all(one[1] < other[1] for one, other in pairwise(pairs)):
        return list(pairs)
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        ends[place : place + 1] = [j]
        tails[place : place + 1] = [number]
        before.append(tails[place - 1] if place else -1)
    found: list[tuple[int, int]] = []
    number = tails[-1] if tails else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]
