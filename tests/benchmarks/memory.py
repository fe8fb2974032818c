"""How much memory the processes of a run hold at the same time."""

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_EACH = 0.02  # seconds between two looks
_PROCESSES = Path("/proc")


class Watched:
    """Adds up the resident sets of a process and of all below it, again and again; pages they share count for each."""

    def __init__(self, process: int) -> None:
        """Begin to look at the process with this number."""
        self._process = process
        self._peak = 0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def peak(self) -> float | None:
        """Stop, and give the largest sum in MiB; None where the system does not tell."""
        self._is_over.set()
        self._thread.join()
        return self._peak / 2**20 or None

    def _look(self) -> None:
        while not self._is_over.wait(_EACH):
            self._peak = max(self._peak, sum(map(_resident, _family(self._process))))


def _family(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):  # it has ended, or this system has no such file
        for thread in (_PROCESSES / str(process) / "task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def _resident(process: int) -> int:
    with suppress(OSError):
        return int((_PROCESSES / str(process) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
