"""Apply, undo, recover: each under the home's lock, each all or nothing."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NoReturn

from lazify.apply.checks import objection, objection_to_links
from lazify.apply.disk import Disk, RealDisk, explained, shown
from lazify.apply.entry import Change, Entry, Side, entry_of, is_reserved
from lazify.apply.exchange import Exchange, Seen, exchange, look
from lazify.apply.journal import FOLDER, Journal, State
from lazify.apply.lock import locked
from lazify.apply.recovery import Outcome, Recovery, recover_all, settle
from lazify.errors import ApplyError
from lazify.model.changes import Patch, Receipt

Tell = Callable[[Recovery], None]
"""Hears what an earlier run had left, and what became of it."""


def apply(
    patches: Sequence[Patch],
    *,
    home: Path,
    disk: Disk | None = None,
    tell: Tell | None = None,
    request: Mapping[str, object] | None = None,
) -> Receipt:
    """Write all files or none; `home` holds them all; the journal keeps the `request`, which JSON can hold.

    Raises ApplyError, or what interrupted it, when every file is as it was.
    """
    patches = [patch for patch in patches if patch.before != patch.after]
    if not patches:
        return Receipt(written=(), journal=None)
    with _opened(home, disk) as journal:
        _recover(journal, tell)
        targets = {patch.path: patch.path.resolve() for patch in patches}
        seen = {target: look(target) for target in targets.values()}
        found = _agreed(journal.home, _objections(patches, targets, seen, journal.home), seen)
        changes = {targets[patch.path]: patch for patch in patches}
        entry = entry_of(
            journal.next_number(),
            [
                _change(path.relative_to(journal.home), patch, found[path].mode)
                for path, patch in changes.items()
            ],
            request,
        )
        with _or_back_to("before", journal, entry):
            journal.add(entry)
            exchange(_exchanges(journal.home, entry, found, "after"), journal.disk)
            journal.move(entry.number, State.COMMITTED)
            journal.prune()
    return Receipt(written=tuple(targets), journal=journal.path(entry.number, State.COMMITTED))


def undo(home: Path, *, disk: Disk | None = None, tell: Tell | None = None) -> Receipt:
    """Take the last apply back; call it again to walk further back.

    An apply or undo that was interrupted is what is undone first: do not call `recover` before.
    The receipt's journal is None where there is nothing to undo. Raises ApplyError, naming each file
    that was edited since, with nothing changed.
    """
    if not (home / FOLDER / "journal").is_dir():
        return Receipt(written=(), journal=None)
    with _opened(home, disk) as journal:
        for recovery in _recover(journal, tell):
            if recovery.outcome is not Outcome.COMPLETED:
                return Receipt(written=recovery.restored, journal=recovery.journal)
        number = journal.newest(State.COMMITTED)
        return Receipt(written=(), journal=None) if number is None else _undo(journal, journal.read(number))


def last(home: Path) -> Entry | None:
    """Give the last apply that was not undone; raises ApplyError where its entry is damaged."""
    journal = Journal(home=home.resolve(), disk=RealDisk())
    number = journal.newest(State.COMMITTED)
    return None if number is None else journal.read(number)


def recover(home: Path, *, disk: Disk | None = None) -> tuple[Recovery, ...]:
    """End what an interrupted run left; where nothing was left, touch nothing and need no lock."""
    journal = Journal(home=home.resolve(), disk=disk or RealDisk())
    if not (journal.unfinished() or journal.drafts()):
        return ()
    with _opened(home, disk) as journal:
        return recover_all(journal)


@contextlib.contextmanager
def _opened(home: Path, disk: Disk | None) -> Iterator[Journal]:
    """The home's journal, under its lock; what the system refuses is said in words."""
    journal = Journal(home=home.resolve(), disk=disk or RealDisk())
    folder = journal.home / FOLDER
    try:
        journal.refuse_links()
        journal.make(folder)
        with locked(folder / "lock"):
            if not (folder / ".gitignore").exists():
                journal.put(folder / ".gitignore", b"*\n", draft="gitignore.new")
            yield journal
    except OSError as error:
        raise ApplyError(explained(error, journal.home)) from error


def store(home: Path, name: str, data: bytes) -> Path:
    """Keep a file of ours beside the journal, whole or not at all; raises ApplyError."""
    with _opened(home, None) as journal:
        file = journal.home / FOLDER / name
        journal.put(file, data, draft=f"{name}.new")
        return file


def _recover(journal: Journal, tell: Tell | None) -> tuple[Recovery, ...]:
    recoveries = recover_all(journal)
    for recovery in recoveries:
        if tell is not None:
            tell(recovery)
    return recoveries


def _objections(
    patches: Sequence[Patch], targets: Mapping[Path, Path], seen: Mapping[Path, Seen | None], home: Path
) -> dict[Path, str | None]:
    """By the path that the user knows; links are written through, so two patches may mean one file."""
    first: dict[Path, Patch] = {}
    objections: dict[Path, str | None] = {}
    for patch in patches:
        target = targets[patch.path]
        other = first.setdefault(target, patch)
        if (other.before, other.after) == (patch.before, patch.after):
            objections[patch.path] = _objection(target, seen[target], patch, home)
        else:
            objections[patch.path] = f"and {other.path} are one file, and would differ: leave one of them out"
    return objections


def _objection(target: Path, seen: Seen | None, patch: Patch, home: Path) -> str | None:
    if not target.is_relative_to(home) or is_reserved(target.relative_to(home)):
        return f"({target}) is not among the files of {home}: run lazify where it lies, or leave it out"
    edited = "was edited since lazify read it: run lazify again"
    why = objection(target, seen, patch.before, edited=edited)
    return why if why or seen is None else objection_to_links(seen)


def _undo(journal: Journal, entry: Entry) -> Receipt:
    expected = {journal.home / file.path: file.after.data for file in entry.files}
    seen = {path: look(path) for path in expected}
    edited = (
        "was edited since: put its edits away (for example with `git stash`), then run `lazify undo` again"
    )
    objections = {path: objection(path, seen[path], data, edited=edited) for path, data in expected.items()}
    found = _agreed(journal.home, objections, seen)
    entry = _with_modes_of_today(journal.home, entry, found)
    with _or_back_to("after", journal, entry):
        journal.move(entry.number, State.UNDOING)
        exchange(_exchanges(journal.home, entry, found, "before"), journal.disk)
        journal.move(entry.number, State.UNDONE)
    return Receipt(written=tuple(expected), journal=journal.path(entry.number, State.UNDONE))


def _agreed(
    home: Path, objections: Mapping[Path, str | None], seen: Mapping[Path, Seen | None]
) -> dict[Path, Seen]:
    """What was seen, if nothing speaks against writing there: else ApplyError with a line for each file."""
    lines = [f"{shown(path, home)} {why}" for path, why in objections.items() if why]
    if lines:
        raise ApplyError("\n  ".join(["nothing was written:", *lines]))
    return {path: found for path, found in seen.items() if found is not None}


def _change(path: Path, patch: Patch, mode: int) -> Change:
    return Change(path=PurePosixPath(path.as_posix()), before=patch.before, after=patch.after, mode=mode)


def _exchanges(home: Path, entry: Entry, seen: Mapping[Path, Seen], to: Side) -> list[Exchange]:
    return [
        Exchange(
            path=home / file.path,
            temporary=(home / file.path).with_name(file.temporary),
            seen=seen[home / file.path],
            wanted=file.side(to),
        )
        for file in entry.files
    ]


def _with_modes_of_today(home: Path, entry: Entry, seen: Mapping[Path, Seen]) -> Entry:
    """An undo that fails puts back the modes that it found, not those that the apply left."""
    modes = [seen[home / file.path].mode for file in entry.files]
    files = zip(entry.files, modes, strict=True)
    return replace(
        entry, files=tuple(replace(file, after=replace(file.after, mode=mode)) for file, mode in files)
    )


@contextlib.contextmanager
def _or_back_to(side: Side, journal: Journal, entry: Entry) -> Iterator[None]:
    """Whatever goes wrong inside, Ctrl-C included: bring the files back to the side where they stood."""
    try:
        yield
    except BaseException as error:
        _put_back(side, journal, entry, error)


def _put_back(side: Side, journal: Journal, entry: Entry, error: BaseException) -> NoReturn:
    try:
        edited = _settled(side, journal, entry)
    except (OSError, ApplyError) as second:
        why = f"The files could not be put back: {_in_words(second, journal.home)}"
        todo = "Nothing is lost: mend that, then run `lazify undo`."
        raise ApplyError(f"{_in_words(error, journal.home)}\n  {why}\n  {todo}") from error
    if not isinstance(error, OSError | ApplyError):
        raise error
    but = (
        f" but {', '.join(shown(path, journal.home) for path in edited)}, edited meanwhile" if edited else ""
    )
    raise ApplyError(f"{_in_words(error, journal.home)}\n  Every file is as it was{but}.") from error


def _settled(side: Side, journal: Journal, entry: Entry) -> tuple[Path, ...]:
    """The files that were left alone because somebody has edited them meanwhile."""
    for draft in journal.drafts():
        journal.disk.unlink(draft)
    if entry.number not in journal.states():
        return ()
    recovery = settle(journal, entry, side)
    if side == "before":
        journal.drop(entry.number)
    else:
        journal.move(entry.number, State.COMMITTED)
    return recovery.edited


def _in_words(error: BaseException, home: Path) -> str:
    return explained(error, home) if isinstance(error, OSError) else str(error) or type(error).__name__
