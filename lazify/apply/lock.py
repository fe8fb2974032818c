"""One writer at a time: the kernel takes the lock back when its holder dies, so that none is ever stale."""

import contextlib
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from lazify.errors import ApplyError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NOTE = 300
"""Bytes: always as many, so that a shorter note covers a longer one."""
_LOCKED_BYTE = 1 << 30
"""Windows locks bytes, not files: one far behind the note, which others must be able to read."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file; raises ApplyError, naming the holder, while another run has it."""
    # Not behind Disk: the file holds a note for people, which means nothing once its holder is dead.
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o666)
    try:
        if not _seize(descriptor):
            raise ApplyError(f"another lazify is writing here ({_note(path)}): run again when it has ended")
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def _seize(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _sign(descriptor: int) -> None:
    note = f"process {os.getpid()}: {shlex.join(sys.argv)}".encode("utf-8", "replace")
    # On a full disk the note may fail: that must not keep `recover` from making room.
    with contextlib.suppress(OSError):
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, note[:_NOTE].ljust(_NOTE))


def _note(path: Path) -> str:
    return path.read_bytes()[:_NOTE].decode("utf-8", "replace").strip() or "it has not said which"
