"""Where the journal lies."""

import os
from collections.abc import Sequence
from pathlib import Path

from lazify.apply.disk import RealDisk
from lazify.apply.journal import Journal
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
    """The nearest folder, from `start` upwards, whose journal has an entry."""
    start = start.resolve()
    disk = RealDisk()
    return next((home for home in (start, *start.parents) if Journal(home=home, disk=disk).states()), None)
