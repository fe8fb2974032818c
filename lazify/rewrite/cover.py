"""Which stretches of a file any span touches, told fast for many spans."""

from bisect import bisect_right
from collections.abc import Iterable

from lazify.model.places import Span

Point = tuple[int, int]
"""Line and column."""


class Cover:
    """The union of spans."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[Point] = []
        self._ends: list[Point] = []
        for span in sorted(spans):
            start, end = span[:2], span[2:]
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def meets(self, start: Point, end: Point) -> bool:
        """Tell whether any span touches the stretch, ends included."""
        index = bisect_right(self._starts, end) - 1
        return index >= 0 and self._ends[index] >= start

    def meets_lines(self, first: int, last: int) -> bool:
        """Tell whether any span touches the lines."""
        index = bisect_right(self._starts, (last + 1, -1)) - 1
        return index >= 0 and self._ends[index] >= (first, 0)
