"""How what was seen is said."""

import signal
from pathlib import Path
from typing import assert_never

from lazify.model.observations import (
    Exited,
    Imported,
    Killed,
    Line,
    NotStarted,
    Outcome,
    OutOfMemory,
    Raised,
    TimedOut,
)

_MIB = 2**20


def said(outcome: Outcome, root: Path) -> str:
    """Say how an import ended, and where."""
    match outcome:
        case Imported():
            return "imported"
        case Raised():
            told = outcome.message.replace(f"{root}/", "").strip().splitlines()
            return f"{outcome.error}{f': {told[0]}' if told else ''}{_where(outcome.at, root)}"
        case Exited():
            return (
                f"{outcome.how or 'the process'} ended it with code {outcome.code}{_where(outcome.at, root)}"
            )
        case Killed():
            return f"ended by {_signal(outcome.signal)}{_where(outcome.at, root)}"
        case TimedOut():
            return f"not done after {outcome.seconds:g} s{_where(outcome.at, root)}"
        case OutOfMemory():
            limit = "there is" if outcome.limit is None else megabytes(outcome.limit)
            return f"wants more memory than {limit}{_where(outcome.at, root)}"
        case NotStarted():
            return f"could not be started: {outcome.why}"
        case _:
            assert_never(outcome)


def place(at: Line, root: Path) -> str:
    """Give `path:line`, relative to `root` where it lies inside."""
    path = at.path.relative_to(root) if at.path.is_relative_to(root) else at.path
    return f"{path}:{at.line}"


def seconds(took: float) -> str:
    """Give a time in the unit that suits it."""
    return f"{took:.2f} s" if took >= 1 else f"{took * 1000:.0f} ms"


def megabytes(size: int) -> str:
    """Give a size in MiB; `?` for one that is not known."""
    return f"{size / _MIB:.0f} MiB" if size else "?"


def counted(number: int, noun: str) -> str:
    """Give `1 module`, `2 modules`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _where(at: Line | None, root: Path) -> str:
    return "" if at is None else f" at {place(at, root)}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
