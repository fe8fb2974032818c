"""Put new bytes in the place of old ones: all made ready first, then one atomic replacement for each file."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lazify.apply.disk import Disk
from lazify.apply.entry import Version
from lazify.errors import ApplyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A file as it was when lazify looked; equal to a later look only if nobody has touched it."""

    data: bytes = field(repr=False)
    mode: int
    links: int
    stamp: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One file on its way from what was seen to what shall stand there."""

    path: Path
    temporary: Path
    seen: Seen
    wanted: Version


def look(path: Path) -> Seen | None:
    """The file at exactly this path; None where there is none, or a link on the way, or another thing."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    if not stat.S_ISREG(found.st_mode) or os.path.realpath(path) != str(path):
        return None
    stamp = (found.st_dev, found.st_ino, found.st_uid, found.st_gid, found.st_size, found.st_mtime_ns)
    return Seen(data=path.read_bytes(), mode=stat.S_IMODE(found.st_mode), links=found.st_nlink, stamp=stamp)


def exchange(exchanges: Sequence[Exchange], disk: Disk) -> None:
    """Raises ApplyError for a file that was touched since it was seen, OSError for what the disk refuses."""
    for item in exchanges:
        _make_ready(item, disk)
    for (
        item
    ) in exchanges:  # in a pass of its own: the first makes the system write out most of the others too
        disk.fsync(item.temporary)
    for item in exchanges:
        _put_in_place(item, disk)
    for folder in sorted({item.path.parent for item in exchanges}):
        disk.fsync(folder)


def _make_ready(item: Exchange, disk: Disk) -> None:
    disk.write(item.temporary, item.wanted.data)
    disk.imitate(item.temporary, item.path, item.wanted.mode)


def _put_in_place(item: Exchange, disk: Disk) -> None:
    if look(item.path) != item.seen:
        raise ApplyError(f"{item.path} was edited while lazify was writing: run lazify again")
    disk.replace(item.temporary, item.path)
