"""The diff of a dry run: what `git apply` takes, and above each file why."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from lazify.diff import unified
from lazify.model.changes import Change, Patch, Plan
from lazify.render.reasons import headline, reasons
from lazify.render.words import encoded


def bare(patches: Iterable[Patch], *, root: Path) -> bytes:
    """Give the diff alone, with paths relative to `root`."""
    return b"".join(_hunks(patch, root) for patch in patches)


def explained(plan: Plan, patches: Sequence[Patch], *, base: Path, root: Path) -> bytes:
    """Give the diff with the reasons above each file; the whole chain stands where a change starts."""
    told: set[str] = set()
    touched = {patch.path for patch in patches}
    parts = []
    for patch in patches:
        lines: list[str] = []
        for change in _changes_of(plan, patch.path):
            lines += _told(change, patch.path, touched, told, base)
        parts.append(encoded("".join(f"{line}\n" for line in lines)) + _hunks(patch, root))
    return b"\n".join(parts)


def diff_root(patches: Iterable[Patch], base: Path) -> Path:
    """Give the folder that the diff's paths are relative to: `base`, or what holds all files.

    Links are followed: `git apply` writes through none.
    """
    paths = [_real(patch.path) for patch in patches]
    base = _real(base)
    if all(path.is_relative_to(base) for path in paths):
        return base
    return Path(os.path.commonpath([path.parent for path in paths]))


def coloured(diff: bytes) -> bytes:
    """Colour a diff for a terminal."""
    return b"\n".join(_painted(line) for line in diff.split(b"\n"))


def files(change: Change) -> list[Path]:
    """Give the files that a change touches, sorted."""
    return sorted({edit.path for edit in change.edits})


def _hunks(patch: Patch, root: Path) -> bytes:
    return unified(_real(patch.path).relative_to(root).as_posix(), patch.before, patch.after)


def _changes_of(plan: Plan, path: Path) -> list[Change]:
    return [change for change in plan.changes if any(edit.path == path for edit in change.edits)]


def _told(change: Change, path: Path, touched: set[Path], told: set[str], base: Path) -> list[str]:
    starts_here = change.at.path == path
    starts_elsewhere = change.at.path in touched
    if change.key in told or (starts_elsewhere and not starts_here):
        return [headline(change, base)]
    told.add(change.key)
    return reasons(change, base)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


_COLOURS = (
    (b"--- ", b"\x1b[1m"),
    (b"+++ ", b"\x1b[1m"),
    (b"@@ ", b"\x1b[36m"),
    (b"-", b"\x1b[31m"),
    (b"+", b"\x1b[32m"),
    (b"LZ", b"\x1b[33m"),
)


def _painted(line: bytes) -> bytes:
    for prefix, colour in _COLOURS:
        if line.startswith(prefix):
            return colour + line + b"\x1b[0m"
    return line
