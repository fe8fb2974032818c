"""Which parts of the diff belong to which change."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.diff import unified
from lazify.model.changes import AddImport, Change, Edit, Move, Patch, Plan
from lazify.retrace import Retraced

_HEAD = re.compile(r"@@ -(\d+)(?:,(\d+))? \+\d+(?:,\d+)? @@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunk:
    """A stretch of a file that changes."""

    head: str
    lines: tuple[str, ...]
    """Each with ` `, `+`, `-` or `\\` before it."""
    first: int
    """The first line of the file before, context included."""
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """One file's diff."""

    path: Path
    hunks: tuple[Hunk, ...]


def file_diffs(patches: Iterable[Patch]) -> tuple[FileDiff, ...]:
    """Take the unified diff of each file apart."""
    return tuple(
        FileDiff(path=patch.path, hunks=tuple(_hunks(patch)))
        for patch in sorted(patches, key=lambda patch: patch.path)
    )


def _hunks(patch: Patch) -> Iterator[Hunk]:
    text = unified("file", patch.before, patch.after).decode(patch.encoding, "replace")
    lines = text.split("\n")[2:-1]  # without the names of the file, and what follows the last newline
    starts = [number for number, line in enumerate(lines) if line.startswith("@@ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = _HEAD.match(lines[start])
        assert found is not None
        first, count = int(found[1]), int(found[2] or 1)
        body = tuple(line.rstrip("\r") for line in lines[start + 1 : end])
        yield Hunk(head=lines[start], lines=body, first=first, last=first + max(count, 1) - 1)


class Shares:
    """Finds the hunks of each change by the lines that it edits."""

    def __init__(self, plan: Plan, patches: Iterable[Patch], diffs: Sequence[FileDiff]) -> None:
        """Look at where each edit lies in the files on the disk."""
        self._plan = plan
        self._encodings = {patch.path: patch.encoding for patch in patches}
        self._before = {patch.path: patch.before for patch in patches}
        self._diffs = {diff.path: diff for diff in diffs}
        self._retraced: dict[tuple[int, Path], Retraced | None] = {}
        self._claimed: dict[Path, set[int]] = {}
        self._found = {change.key: self._lines(change) for change in plan.changes}

    def of(self, change: Change) -> Iterator[tuple[Path, int]]:
        """Give the hunks of a change, by file and number; those of imports that several changes need are shared."""
        for path, numbers in sorted(self._found[change.key].items()):
            claimed = self._claimed[path]
            unclaimed = {n for n in range(len(self._diffs[path].hunks)) if n not in claimed}
            adds = any(isinstance(edit, AddImport) and edit.path == path for edit in change.edits)
            yield from (
                (path, number) for number in sorted(numbers | (unclaimed if adds or not numbers else set()))
            )

    def _lines(self, change: Change) -> dict[Path, set[int]]:
        found: dict[Path, set[int]] = {}
        for edit in change.edits:
            if edit.path in self._diffs:
                numbers = {
                    n
                    for first, last in self._ranges(change.step, edit)
                    for n in self._hit(edit.path, first, last)
                }
                found.setdefault(edit.path, set()).update(numbers)
                self._claimed.setdefault(edit.path, set()).update(numbers)
        return found

    def _hit(self, path: Path, first: int, last: int) -> Iterator[int]:
        for number, hunk in enumerate(self._diffs[path].hunks):
            if first <= hunk.last and hunk.first <= last:
                yield number

    def _ranges(self, step: int, edit: Edit) -> Iterator[tuple[int, int]]:
        """The lines of the file on the disk that an edit is about."""
        if isinstance(edit, AddImport):
            return
        spans = [*edit.spans, *([edit.at] if edit.at else [])] if isinstance(edit, Move) else [edit.span]
        retraced = self._ground(step, edit.path)
        for span in spans:
            here = span if retraced is None else retraced.span(span)
            yield here.line, here.end_line

    def _ground(self, step: int, path: Path) -> Retraced | None:
        """How the file that a step finds came from the one on the disk; None where it is that one."""
        key = (step, path)
        if key not in self._retraced:
            steps = [each for each in self._plan.grounds if each <= step and path in self._plan.grounds[each]]
            ground = self._plan.grounds[max(steps)][path] if steps else None
            encoding = self._encodings[path]
            self._retraced[key] = (
                Retraced(self._before[path].decode(encoding, "replace"), ground.decode(encoding, "replace"))
                if ground is not None
                else None
            )
        return self._retraced[key]
