"""The seam between lazify and the file system: every operation that changes project files or the journal."""

import contextlib
import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol


class Disk(Protocol):
    """What lazify does to a file system; tests put one in its place that fails or dies at any operation."""

    def mkdir(self, path: Path) -> None:
        """Make the folder; one that exists is fine."""

    def write(self, path: Path, data: bytes) -> None:
        """Make a new file, for its owner only; raises FileExistsError rather than touch an old one."""

    def imitate(self, path: Path, model: Path, mode: int) -> None:
        """Give `path` the permissions `mode` and, where allowed, the owner and attributes of `model`."""

    def fsync(self, path: Path) -> None:
        """Return when the file's bytes, or the folder's names, survive a power cut."""

    def replace(self, source: Path, target: Path) -> None:
        """Put `source` in the place of `target` at once."""

    def unlink(self, path: Path) -> None:
        """Take the file away; one that is gone is fine."""


class RealDisk:
    """The disk of this machine."""

    def mkdir(self, path: Path) -> None:
        path.mkdir(exist_ok=True)

    def write(self, path: Path, data: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with _naming(path), os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            file.write(data)

    def imitate(self, path: Path, model: Path, mode: int) -> None:
        _copy_attributes(path, model)
        _copy_owner(path, model)
        path.chmod(mode)  # last: a change of owner clears the set-user-ID bit

    def fsync(self, path: Path) -> None:
        is_folder = path.is_dir()
        if is_folder and sys.platform == "win32":
            return  # Windows opens no folder, and writes renames through its own log
        descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
        try:
            with _naming(path):
                os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)


def explained(error: OSError, home: Path) -> str:
    """Where it happened, what, and what to do next, in one line."""
    where = shown(Path(error.filename2 or error.filename or home), home)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"{where}: the disk is full: free some space, then run lazify again"
        case errno.EACCES | errno.EPERM:
            return f"{where}: {error.strerror}: mend its permissions or owner, then run lazify again"
        case errno.EROFS:
            return f"{where}: the file system is read-only: mount it for writing, then run lazify again"
        case _:
            return f"{where}: {error.strerror or error}"


def shown(path: Path, home: Path) -> str:
    """The path as messages print it: relative to the home, temporary files as the folder they lie in."""
    place = path.parent if path.name.startswith(".lazify-") else path
    return str(place.relative_to(home)) if place.is_relative_to(home) else str(place)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Errors of a descriptor do not know their file: name it."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _copy_owner(path: Path, model: Path) -> None:
    if sys.platform == "win32":
        return
    wanted, found = model.stat(), path.stat()
    if (wanted.st_uid, wanted.st_gid) == (found.st_uid, found.st_gid):
        return
    with _where_possible():  # only root may give files away
        os.chown(path, wanted.st_uid, wanted.st_gid)


def _copy_attributes(path: Path, model: Path) -> None:
    """Access control lists and security labels, where the file system has them and lets us set them."""
    if sys.platform != "linux":
        return
    with _where_possible():
        for name in os.listxattr(model):
            with _where_possible():
                os.setxattr(path, name, os.getxattr(model, name))


@contextlib.contextmanager
def _where_possible() -> Iterator[None]:
    """Some file systems have no attributes, and some attributes only root may set."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM, errno.EACCES):
            raise


def is_writable(mode: int) -> bool:
    """Whether anybody may write: root may always, but a file that was locked on purpose stays locked."""
    return bool(mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
