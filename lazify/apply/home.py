"""Where the journal lies."""

import os
from collections.abc import Sequence
from pathlib import Path

from lazify.apply.disk import RealDisk
from lazify.apply.journal import Journal, State
from lazify.errors import ApplyError


def home_of(roots: Sequence[Path]) -> Path:
    """Where the journal of an apply over these roots lies: the nearest folder that holds them all."""
    named = ", ".join(map(str, roots))
    resolved = [root.resolve() for root in roots]
    try:
        home = Path(os.path.commonpath([root if root.is_dir() else root.parent for root in resolved]))
    except ValueError as error:
        raise ApplyError(f"{named} lie on different drives: apply them one by one") from error
    if len(roots) > 1 and home == home.parent:
        raise ApplyError(f"{named} have no folder in common: apply them one by one")
    return home


def find_home(start: Path) -> Path | None:
    """Where `undo` finds what to undo: the nearest folder, from `start` upwards, with an apply not undone."""
    return next(iter(find_homes(start)), None)


def find_homes(start: Path) -> tuple[Path, ...]:
    """All such folders, nearest first: an apply over several services may have been cut off further up."""
    start = start.resolve()
    return tuple(home for home in (start, *start.parents) if _has_applied(home))


def _has_applied(home: Path) -> bool:
    try:
        states = Journal(home=home, disk=RealDisk()).states()
    except PermissionError:  # a folder around the project that others own: no apply of this user lies there
        return False
    return any(state is not State.UNDONE for state in states.values())
