"""What the files of a project hold, by content key; what did not change since an earlier run is not read again.

As in git's index: a file whose status is as it was holds what it held. A change within one tick of the clock of
the file system would not show, so a file is remembered only if it had rested for a while before it was read.
"""

import hashlib
import marshal
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lazify.errors import LazifyError
from lazify.index.diagnosis import mentioned_words
from lazify.index.store import Store, content_key, scanner_version
from lazify.model.places import Failure

LARGEST = 32 * 2**20
"""Bytes above which a file is refused: its syntax tree would take some gigabytes."""
REST = 3 * 10**9
"""Nanoseconds: the times of some file systems are only right to two seconds."""

Status = tuple[int, ...]
"""Which file it is, its size and its times; no program can set the time of the last change of status."""
Seen = dict[str, tuple[Status, bytes]]
"""The status and the content key of files, by path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What files held when they were looked at."""

    keys: Mapping[Path, bytes]
    failures: Mapping[Path, Failure]
    """The files that could not be read."""
    version: bytes
    """Of the scanner: part of the keys."""
    held: Mapping[Path, bytes] = field(default_factory=dict)
    """What is in memory, and need not be read again."""

    def read(self, path: Path) -> bytes:
        """Read a file again; raises LazifyError when it holds something else by now."""
        if path in self.held:
            return self.held[path]
        try:
            data = path.read_bytes()
        except OSError as error:
            raise LazifyError(f"{path}: cannot be read any more: {error.strerror}") from error
        if content_key(data, self.version) != self.keys[path]:
            raise LazifyError(f"{path} was edited while lazify ran: run it again")
        return data


def hold(files: Mapping[Path, bytes]) -> Contents:
    """Take files for what is given, whatever stands on the disk."""
    version = scanner_version()
    keys = {path: content_key(data, version) for path, data in files.items()}
    return Contents(keys=keys, failures={}, version=version, held=files)


def look(paths: Iterable[Path], *, root: Path, store: Store) -> Contents:
    """Find the content keys of `paths`; what `store` knows of files below `root` need not be read."""
    version, started = scanner_version(), time.time_ns()
    name = hashlib.blake2b(os.fsencode(root), digest_size=20, key=version, person=b"statuses").digest()
    known: Seen = marshal.loads(store.get([name]).get(name) or marshal.dumps({}))
    seen: Seen = {}
    keys: dict[Path, bytes] = {}
    failures: dict[Path, Failure] = {}
    for path in paths:
        remembered = known.get(str(path))
        if remembered is None or remembered[0] != _status_of(path):
            status, data = _read(path)
            if isinstance(data, Failure):
                failures[path] = data
                continue
            remembered = status, content_key(data, version)
        keys[path] = remembered[1]
        if _has_rested(remembered[0], started):
            seen[str(path)] = remembered
    if seen != known:
        store.put({name: marshal.dumps(seen)})
    return Contents(keys=keys, failures=failures, version=version)


def _read(path: Path) -> tuple[Status, bytes | Failure]:
    """Read a file with its status, which is empty when the file changed meanwhile."""
    try:
        with path.open("rb") as file:
            before = _status(os.fstat(file.fileno()))
            data = file.read(LARGEST + 1)
            after = _status(os.fstat(file.fileno()))
    except OSError as error:
        return (), Failure(path=path, why=f"cannot be read: {error.strerror}")
    if len(data) > LARGEST:
        why = f"larger than {LARGEST // 2**20} MiB"
        return (), Failure(path=path, why=why, words=mentioned_words(path.read_bytes()))
    return after if after == before else (), data


def _status_of(path: Path) -> Status:
    try:
        return _status(os.stat(path))  # noqa: PTH116  # a third of the time of a Path's own method
    except OSError:
        return ()


def _status(found: os.stat_result) -> Status:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _has_rested(status: Status, started: int) -> bool:
    return bool(status) and max(status[-2:]) + REST < started
