"""The run of `lazify profile`: locate, import several times, say what it cost, keep what packages cost."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from lazify import apply as writing
from lazify.config import load_config
from lazify.errors import ConfigError
from lazify.interpreter import Interpreter, ask
from lazify.knowledge.measured import FILE, measured_text
from lazify.model.observations import Imported, NotStarted, Profile
from lazify.observing.entries import Entry, locate
from lazify.observing.observe import Conditions
from lazify.observing.profiles import candidates, measure, profile
from lazify.processes import Limits

_SHARE = 0.8
"""How much of the free memory an import may take where nobody says how much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user typed."""

    entries: tuple[str, ...]
    python: Path | None = None
    runs: int = 5
    seconds: float = 60.0
    """For each import."""
    bytes: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    """Beside lazify's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiled:
    """An entry, and what became of it."""

    profile: Profile
    entry: Entry | None = None
    """None where there is none."""
    conditions: Conditions | None = None


def profiled(request: Request, *, base: Path, advance: Callable[[], None]) -> tuple[Profiled, ...]:
    """Profile each entry; `advance` hears of each import. What is wrong with an entry is its outcome."""
    return tuple(_profiled(name, request, base, advance) for name in request.entries)


def _profiled(name: str, request: Request, base: Path, advance: Callable[[], None]) -> Profiled:
    try:
        entry = locate(name, base=base)
        conditions = _conditions(request, entry)
    except ConfigError as error:
        outcome = NotStarted(why=str(error).removeprefix(f"{name}: "))
        return Profiled(profile=Profile(entry=name, module=name, outcome=outcome))
    done = profile(entry, conditions, runs=request.runs, advance=advance)
    return Profiled(profile=done, entry=entry, conditions=conditions)


def _conditions(request: Request, entry: Entry) -> Conditions:
    python = request.python or load_config(entry.config_root, {}).python or Path(sys.executable)
    free = int(psutil.virtual_memory().available * _SHARE)
    return Conditions(
        interpreter=ask(python),
        limits=Limits(seconds=request.seconds, bytes=request.bytes or free),
        environment={**os.environ, **request.environment},
    )


def saved(
    done: Sequence[Profiled], *, runs: int, stage: Callable[[int], None], advance: Callable[[], None]
) -> tuple[Path, ...]:
    """Measure the packages that the entries load, each alone, and keep the figures in each project's `.lazify`.

    `stage` hears how many there are. Raises ApplyError where they cannot be written.
    """
    projects: dict[Path, list[Profiled]] = {}
    for each in done:
        if each.entry is not None and isinstance(each.profile.outcome, Imported):
            projects.setdefault(each.entry.root, []).append(each)
    return tuple(_saved(each, runs, stage, advance) for each in projects.values())


def _saved(
    done: Sequence[Profiled], runs: int, stage: Callable[[int], None], advance: Callable[[], None]
) -> Path:
    entry, conditions = done[0].entry, done[0].conditions
    assert entry is not None
    assert conditions is not None
    names = candidates([each.profile for each in done], conditions.interpreter)
    stage(len(names))
    costs = []
    for name in names:
        costs.append(measure(name, entry, conditions, runs=runs))
        advance()
    text = measured_text(filter(None, costs), _version(conditions.interpreter))
    return writing.store(entry.root, FILE, text.encode())


def _version(interpreter: Interpreter) -> str:
    return ".".join(map(str, interpreter.version))
