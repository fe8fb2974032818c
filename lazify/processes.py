"""Runs a command under limits, and leaves no process behind, whatever it does."""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import IO

import psutil

_POLL = 0.02  # seconds between two looks at the memory
_SCAN = 0.25  # seconds between two searches for child processes, which cost more
_GRACE = 0.2  # seconds that a process has to say where it is before it is killed
_ROUNDS = 100  # of killing what is left: each may find what the one before made an orphan
_QUIET = 2  # rounds that find nothing, one after the other, until nothing is left
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h

_one_at_a_time = threading.Lock()
"""The orphans of two commands could not be told apart."""


class Cut(Enum):
    """The limit that ended a process."""

    TIME = "time"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What to run, and where."""

    arguments: tuple[str, ...]
    cwd: Path
    environment: Mapping[str, str]
    """All of it."""
    files: tuple[int, ...] = ()
    """Open files that it inherits under their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a command may take, all its processes together."""

    seconds: float
    bytes: int | None = None
    """Of resident memory, looked at every 20 ms."""
    output: int = 1 << 20
    """Bytes that are kept of the end of stdout and of stderr."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    """The exit code; the signal's number below zero where a signal ended it."""
    cut: Cut | None
    seconds: float
    peak_bytes: int
    """The most resident memory that was seen, of all its processes together."""
    stdout: bytes
    stderr: bytes
    left: int
    """How many processes outlived it, and were killed."""


def run(command: Command, *, limits: Limits, warning: signal.Signals | None = None) -> Ended:
    """Run a command in a session of its own, without stdin, and kill whatever is left of it in the end.

    `warning` is sent to its processes before they are killed for what they took. Raises OSError where it
    cannot be started.
    """
    with _one_at_a_time, _adopting() as adopted:
        started = time.monotonic()
        process = subprocess.Popen(
            command.arguments,
            cwd=command.cwd,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=command.files,
            start_new_session=True,
        )
        family, output = _Family(process, adopted), _Output(process, limits.output)
        try:
            cut = _watch(family, output, limits)
            seconds = time.monotonic() - started
            if cut is not None and warning is not None:
                family.warn(warning)
        finally:  # also when this process is interrupted
            left = family.end()
        stdout, stderr = output.rest()
        return Ended(
            code=process.returncode,
            cut=cut,
            seconds=seconds,
            peak_bytes=family.peak_bytes,
            stdout=stdout,
            stderr=stderr,
            left=left,
        )


def _watch(family: "_Family", output: "_Output", limits: Limits) -> Cut | None:
    """Wait until the command ends by itself, or a limit ends it."""
    deadline = time.monotonic() + limits.seconds
    while family.is_running():
        output.read(_POLL)
        if limits.bytes is not None and family.resident_bytes() > limits.bytes:
            return Cut.MEMORY
        if time.monotonic() > deadline:
            return Cut.TIME
    return None


class _Output:
    """What a command prints; only the end is kept."""

    def __init__(self, process: "subprocess.Popen[bytes]", most: int) -> None:
        self._most = most
        self._selector = selectors.DefaultSelector()
        self._kept: dict[IO[bytes], bytearray] = {}
        for stream in filter(None, (process.stdout, process.stderr)):
            os.set_blocking(stream.fileno(), False)
            self._kept[stream] = bytearray()
            self._selector.register(stream, selectors.EVENT_READ)

    def read(self, patience: float) -> bool:
        """Take what is there, or wait for it; tell whether there was anything."""
        if not self._selector.get_map():
            time.sleep(patience)
            return False
        ready = self._selector.select(patience)
        for key, _ in ready:
            stream: IO[bytes] = key.fileobj  # type: ignore[assignment]  # registered above
            chunk = stream.read(1 << 16)
            if chunk:
                kept = self._kept[stream]
                kept += chunk
                del kept[: -self._most]
            elif chunk is not None:
                self._selector.unregister(stream)
        return bool(ready)

    def rest(self) -> list[bytes]:
        """Take what is left once nobody writes any more."""
        while self.read(0):
            pass
        self._selector.close()
        for stream in self._kept:
            stream.close()
        return [bytes(kept) for kept in self._kept.values()]


class _Family:
    """A command's process with all that it has started, directly or not."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", adopted: Callable[[], list[psutil.Process]]
    ) -> None:
        self._process, self._adopted = process, adopted
        self._known: set[psutil.Process] = set()
        with suppress(psutil.NoSuchProcess):
            self._known.add(psutil.Process(process.pid))
        self._scanned = 0.0
        self.peak_bytes = 0

    def is_running(self) -> bool:
        """Tell whether the command itself still runs."""
        return self._process.poll() is None

    def resident_bytes(self) -> int:
        """Give the resident memory of all; what they share counts for each."""
        if time.monotonic() - self._scanned > _SCAN:
            self._scan()
        total = sum(map(_resident, self._known))
        self.peak_bytes = max(self.peak_bytes, total)
        return total

    def warn(self, warning: signal.Signals) -> None:
        """Send a signal to all, and give them a little time to heed it."""
        self._scan()
        for member in self._known:
            with suppress(psutil.Error):
                member.send_signal(warning)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE)

    def end(self) -> int:
        """Kill all, and return how many there were beside the command's own process."""
        killed: set[int] = set()
        quiet = 0
        for _ in range(_ROUNDS):
            known = len(self._known)
            self._scan()
            alive = [member for member in self._known if _is_alive(member)]
            # What dies after it was listed may have started another just before: that shows in the next list.
            quiet = 0 if alive or len(self._known) > known else quiet + 1
            if quiet == _QUIET:
                break
            killed.update(member.pid for member in alive)
            for member in alive:
                with suppress(psutil.Error):
                    member.kill()
            if self._process.pid in killed:
                self._process.wait()
            psutil.wait_procs([member for member in alive if member.pid != self._process.pid], timeout=1)
        self._process.wait()
        return len(killed - {self._process.pid})

    def _scan(self) -> None:
        adopted = self._adopted()
        parents = filter(_is_alive, (*self._known, *adopted))
        below = [child for parent in parents for child in _children(parent)]
        self._known.update(adopted, below)
        self._scanned = time.monotonic()


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running()) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@contextmanager
def _adopting() -> Iterator[Callable[[], list[psutil.Process]]]:
    """Become, where the system can, the parent of orphans below this process; yield what lists the new ones."""
    this = psutil.Process()
    before = set(this.children())
    _set_subreaper(on=True)
    try:
        yield lambda: [child for child in this.children() if child not in before]
    finally:
        _set_subreaper(on=False)


def _set_subreaper(*, on: bool) -> None:
    # prctl(2): what is left of a command that has made itself independent becomes a child of this process.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(on), 0, 0, 0)
