"""Places in a file that earlier steps changed, said as places of the file on the disk."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from lazify.alignment import Opcode, opcodes
from lazify.model.changes import Change, Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Place, Span
from lazify.statements import split_lines


class Retraced:
    """One file, as it is on the disk and as a step finds it."""

    def __init__(self, before: str, after: str) -> None:
        """Compare when the first place is asked for."""
        self._before, self._after = before, after

    @cached_property
    def _codes(self) -> list[Opcode]:
        return opcodes(split_lines(self._before), split_lines(self._after))

    @cached_property
    def _starts(self) -> list[int]:
        return [code[3] for code in self._codes]

    def span(self, span: Span) -> Span:
        """Give the span on the disk; where its first line is new, the line that it took the place of."""
        line, is_old = self.line(span.line)
        last, is_last_old = self.line(span.end_line)
        if is_old and is_last_old and last >= line:
            return Span(line, span.column, last, span.end_column)
        return Span(line, span.column if is_old else 0, max(line, last), 0)

    def line(self, number: int) -> tuple[int, bool]:
        """Give the line on the disk, and whether it is the same line."""
        if not self._codes:
            return 1, False
        tag, i, i_end, j, _ = self._codes[max(bisect_right(self._starts, number - 1) - 1, 0)]
        if tag == "equal":
            return i + number - j, True
        return max(min(i + number - j, i_end), 1), False


def retraced(said: Change | Refusal, files: Mapping[Path, Retraced]) -> Change | Refusal:
    """Give what a codemod said with its places on the disk; edits stay as they are."""
    if isinstance(said, Change):
        return replace(said, at=_place(said.at, files), why=_why(said.why, files))
    blocked_by = None if said.blocked_by is None else _place(said.blocked_by, files)
    reason = said.reason
    if said.blocked_by is not None and blocked_by is not None:
        reason = reason.replace(_shown(said.blocked_by), _shown(blocked_by))
    return replace(
        said, at=_place(said.at, files), why=_why(said.why, files), reason=reason, blocked_by=blocked_by
    )


def _why(why: tuple[Evidence, ...], files: Mapping[Path, Retraced]) -> tuple[Evidence, ...]:
    return tuple(e if e.at is None else replace(e, at=_place(e.at, files)) for e in why)


def _place(place: Place, files: Mapping[Path, Retraced]) -> Place:
    file = files.get(place.path)
    return place if file is None else Place(place.path, file.span(place.span))


def _shown(place: Place) -> str:
    """Write a place as reasons do: `limits.py:4`."""
    return f"{place.path.name}:{place.span.line}"
