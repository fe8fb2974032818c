"""Where boxes and arrows of a picture stand: columns from left to right, few crossings, the same every time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lazify.render.graph_picture import Arrow, Box, Picture

COLUMN, ROW = 264, 54
"""Pixels from one column to the next, and from one box to the one below."""
WIDTH, HEIGHT = 204, 40
"""Pixels of a box."""
_SWEEPS = 4
"""How often the boxes of each column are sorted by where their neighbours stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A box with the place of its upper left corner."""

    box: Box
    x: int
    y: int


def placed(picture: Picture) -> tuple[Placed, ...]:
    """Give every box its place."""
    arrows = [arrow for arrow in picture.arrows if arrow.style != "cycle"]
    columns = _columns(picture.boxes, arrows)
    _sort(columns, arrows)
    highest = max((len(column) for column in columns), default=0)
    return tuple(
        Placed(box=box, x=number * COLUMN, y=(highest - len(column)) * ROW // 2 + row * ROW)
        for number, column in enumerate(columns)
        for row, box in enumerate(column)
    )


def _columns(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> list[list[Box]]:
    """Sort boxes into columns: each stands to the right of all that import it."""
    into: dict[str, list[str]] = {}
    for arrow in arrows:
        if arrow.is_first:
            into.setdefault(arrow.end, []).append(arrow.start)
    depths: dict[str, int] = {}
    for box in boxes:
        _descend(box.key, into, depths)
    last = max((depths[box.key] for box in boxes if box.style != "heavy"), default=0)
    columns: list[list[Box]] = [[] for _ in range(last + 2)]
    for box in boxes:
        columns[min(depths[box.key], last + 1)].append(box)
    return [column for column in columns if column]


def _descend(key: str, into: Mapping[str, Sequence[str]], depths: dict[str, int]) -> None:
    """Work out the depth of a box and of all boxes before it, without recursion; a cycle ends where it closes."""
    stack = [key]
    open_keys: set[str] = set()
    while stack:
        at = stack[-1]
        waiting = [k for k in into.get(at, ()) if k not in depths and k not in open_keys]
        if at in depths or not waiting:
            stack.pop()
            depths.setdefault(at, max((depths.get(k, -1) + 1 for k in into.get(at, ())), default=0))
            continue
        open_keys.add(at)
        stack += waiting


def _sort(columns: list[list[Box]], arrows: Sequence[Arrow]) -> None:
    """Put boxes at the mean height of their neighbours, from left to right and back."""
    neighbours: dict[str, list[str]] = {}
    for arrow in arrows:
        neighbours.setdefault(arrow.start, []).append(arrow.end)
        neighbours.setdefault(arrow.end, []).append(arrow.start)
    heights = {box.key: row - len(column) / 2 for column in columns for row, box in enumerate(column)}
    for sweep in range(_SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda box: _mean(box.key, neighbours, heights))
            heights.update({box.key: row - len(column) / 2 for row, box in enumerate(column)})


def _mean(key: str, neighbours: Mapping[str, Sequence[str]], heights: Mapping[str, float]) -> float:
    found = [heights[each] for each in neighbours.get(key, ())]
    return sum(found) / len(found) if found else heights[key]
