"""One import of one entry in a fresh process."""

import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import lazify
from lazify.interpreter import Interpreter
from lazify.model.observations import (
    Exited,
    Imported,
    Killed,
    NotStarted,
    Observation,
    Outcome,
    OutOfMemory,
    Raised,
    TimedOut,
)
from lazify.observing.entries import Entry
from lazify.observing.journal import Journal, place, read_journal
from lazify.processes import Command, Cut, Ended, Limits, run

PROBE = Path(lazify.__file__).with_name("probe.py")
"""What runs in the project's interpreter; one file, which needs no other."""
WARNING = signal.SIGURG
"""Makes the probe say where the import is: to who does not expect it, it means nothing."""
_LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """How entries are imported."""

    interpreter: Interpreter
    limits: Limits
    environment: Mapping[str, str]
    """All of it."""
    prefix: tuple[str, ...] = ()
    """A command that runs the command after it, such as a sandbox; it must hand open files on."""
    probe: Path = field(default=PROBE)
    """Where the probe is as seen from there."""


def observe(entry: Entry, conditions: Conditions, *, is_traced: bool) -> Observation:
    """Import the entry in a fresh process; a traced run tells who is to blame, one that is not what it costs.

    Whatever happens is an outcome: nothing raises, and no process is left.
    """
    with tempfile.TemporaryFile() as file:
        command = Command(
            arguments=(*conditions.prefix, *_command(entry, conditions, file.fileno(), is_traced=is_traced)),
            cwd=entry.root,
            environment=conditions.environment,
            files=(file.fileno(),),
        )
        try:
            ended = run(command, limits=conditions.limits, warning=WARNING)
        except OSError as error:
            return Observation(outcome=NotStarted(why=f"{command.arguments[0]}: {error.strerror or error}"))
        file.seek(0)
        journal = read_journal(file.read())
    return _observation(entry, conditions, ended, journal, is_traced=is_traced)


def _command(entry: Entry, conditions: Conditions, journal: int, *, is_traced: bool) -> Sequence[str]:
    mode = "traced" if is_traced else "plain"
    file = "" if entry.is_importable else str(entry.file)
    settings = [f"own={folder}" for folder in dict.fromkeys((entry.root, entry.root.resolve()))]
    if entry.folder is not None:
        settings.append(f"path={entry.folder}")
    if entry.package is not None:
        settings.append(f"package={entry.package}")
    python = str(conditions.interpreter.path)
    return [python, str(conditions.probe), str(journal), mode, entry.module, file, *settings]


def _observation(
    entry: Entry, conditions: Conditions, ended: Ended, journal: Journal, *, is_traced: bool
) -> Observation:
    version, base = journal.first("begin") or ((), 0)
    seconds, peak = journal.first("total") or (ended.seconds, 0)
    installed = (*conditions.interpreter.search_path, conditions.interpreter.path.parent.parent)
    folders = tuple(f"{folder}/" for folder in installed)

    def is_installed(file: str) -> bool:
        return not entry.owns(file) and (
            file.startswith(folders) or "/site-packages/" in file or "/dist-packages/" in file
        )

    return Observation(
        outcome=_outcome(entry, conditions.limits, ended, journal),
        python=tuple(version),
        seconds=seconds,
        peak_bytes=peak,
        base_bytes=base,
        is_traced=is_traced,
        modules=tuple(journal.modules()),
        costs=tuple(journal.costs()),
        executed=tuple(journal.executed()),
        effects=tuple(journal.effects(is_installed)),
        variables=tuple(journal.variables()),
        names=tuple(journal.names()),
        routes=tuple(journal.routes()),
        output=(ended.stdout + ended.stderr).decode("utf-8", "replace")[-_LONGEST:],
        left=ended.left,
        notes=tuple(_notes(journal, ended)),
    )


def _outcome(entry: Entry, limits: Limits, ended: Ended, journal: Journal) -> Outcome:
    if journal.first("begin") is None:
        return NotStarted(why=_why_not(ended))
    if journal.first("imported") is not None:
        return Imported()
    if raised := journal.first("raised"):
        error, message, text, lines, at = raised
        chain = journal.chain(lines)
        if error == "MemoryError":
            return OutOfMemory(limit=limits.bytes, chain=chain, at=place(at))
        return Raised(error=error, message=message, traceback=text, chain=chain, at=place(at))
    if exits := journal.first("exits"):
        how, code, lines, at = exits
        return Exited(code=code, how=how, chain=journal.chain(lines), at=place(at))
    return _ended(entry, limits, ended, journal)


def _ended(entry: Entry, limits: Limits, ended: Ended, journal: Journal) -> Outcome:
    own = [(name, line) for name, line in journal.stack if entry.owns(str(line.path))]
    where = own[0][1] if own else None
    chain = tuple(journal.statements.start(line) for name, line in own if name == "<module>")
    match ended.cut:
        case Cut.TIME:
            return TimedOut(seconds=limits.seconds, chain=chain, at=where)
        case Cut.MEMORY:
            return OutOfMemory(limit=limits.bytes, chain=chain, at=where)
    return (
        Killed(signal=-ended.code, at=where)
        if ended.code < 0
        else Exited(code=ended.code, chain=chain, at=where)
    )


def _why_not(ended: Ended) -> str:
    lines = ended.stderr.decode("utf-8", "replace").strip().splitlines()
    said = f": {lines[-1].strip()}" if lines else ""
    return f"it ended with code {ended.code} before the import began{said}"


def _notes(journal: Journal, ended: Ended) -> list[str]:
    notes = [
        f"not all could be observed of: {event}" for (event,) in dict.fromkeys(journal.rows.get("deaf", ()))
    ]
    if blind := journal.first("blind"):
        notes.append(f"the app's routes could not be listed: {blind[0]}: {blind[1]}")
    elif journal.first("imported") is not None and journal.first("end") is None:
        notes.append(
            "what is there after the import could not be listed: the process ended while it was looked at"
        )
    if ended.left:
        notes.append(f"{ended.left} processes were still running when the import had ended, and were killed")
    return notes
