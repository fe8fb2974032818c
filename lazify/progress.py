"""How far a run is: who listens to it, and a bar on stderr for people who wait."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

PATIENCE = 1.0
"""Seconds of work before the bar appears."""
REFRESH = 0.1
"""Seconds between two pictures of the bar."""


class Progress(Protocol):
    """Hears how far a run is."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        ...

    def advance(self) -> None:
        """Count one step."""
        ...

    def warn(self, message: str) -> None:
        """Say what went wrong without stopping the run."""
        ...


class NoProgress:
    """Nobody watches."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""

    def advance(self) -> None:
        """Count one step."""

    def warn(self, message: str) -> None:
        """Say what went wrong."""


class Bar:
    """Counts the steps of a run, and shows them once the run has lasted longer than `PATIENCE`.

    It draws from `advance` and not from a thread: a process that is about to fork must not have one.
    """

    def __init__(self, *, visible: bool) -> None:
        self._visible = visible
        self._started = self._drawn = time.monotonic()
        self._name = ""
        self._total = self._done = 0
        self._picture: RichProgress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._picture is not None:
            self._picture.stop()

    def stage(self, name: str, total: int) -> None:
        """Begin the stage `name` of `total` steps."""
        self._name, self._total, self._done = name, total, 0
        if self._picture is not None and self._task is not None:
            self._picture.remove_task(self._task)
        self._task = None

    def advance(self) -> None:
        """Count one step."""
        self._done += 1
        now = time.monotonic()
        if self._visible and now - self._started > PATIENCE and now - self._drawn > REFRESH:
            self._drawn = now
            self._draw()

    def warn(self, message: str) -> None:
        """Say what went wrong on stderr, where the bar is."""
        print(f"lazify: {message}", file=sys.stderr)

    def _draw(self) -> None:
        if self._picture is None:
            self._picture = _picture()
            self._picture.start()
        if self._task is None:
            self._task = self._picture.add_task(self._name, total=self._total)
        self._picture.update(self._task, completed=self._done)
        self._picture.refresh()


def _picture() -> "RichProgress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        auto_refresh=False,
        transient=True,
    )
