"""End what was left on its way: by a kill, a power cut, an error or Ctrl-C."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from lazify.apply.entry import Entry, FileRecord, Side
from lazify.apply.exchange import Exchange, Seen, exchange, look
from lazify.apply.journal import FOLDER, Journal, State


class Outcome(StrEnum):
    """How an interrupted run ended after all."""

    TAKEN_BACK = "taken back"
    COMPLETED = "completed"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was found of an interrupted run, and what became of it."""

    outcome: Outcome
    journal: Path
    restored: tuple[Path, ...] = ()
    edited: tuple[Path, ...] = ()
    """Files that somebody has edited meanwhile: they were left as they are."""
    rescued: Path | None = None
    """Where the old bytes of edited files lie, if lazify may have replaced them before they were edited."""

    def __str__(self) -> str:
        text = {
            Outcome.TAKEN_BACK: "an interrupted apply was taken back",
            Outcome.COMPLETED: "an interrupted apply had written all its files: it is complete",
            Outcome.UNDONE: "an interrupted undo was completed",
        }[self.outcome]
        if self.edited:
            text += f"; edited since, and left as they are: {', '.join(map(str, self.edited))}"
        if self.rescued:
            text += f" (what stood there before lies in {self.rescued})"
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One file of an interrupted entry, and what stands there now."""

    record: FileRecord
    path: Path
    seen: Seen | None

    @property
    def temporary(self) -> Path:
        return self.path.with_name(self.record.temporary)

    @property
    def is_before(self) -> bool:
        return self.seen is not None and self.seen.data == self.record.before.data

    @property
    def is_after(self) -> bool:
        return self.seen is not None and self.seen.data == self.record.after.data

    @property
    def is_edited(self) -> bool:
        return not (self.is_before or self.is_after)


def recover_all(journal: Journal) -> tuple[Recovery, ...]:
    """End every interrupted run, the newest first."""
    for draft in journal.drafts():
        journal.disk.unlink(draft)
    return tuple(_recover(journal, number) for number in journal.unfinished())


def settle(journal: Journal, entry: Entry, side: Side) -> Recovery:
    """Bring every file that nobody has edited to one side; may be interrupted and begun again anywhere."""
    found = _find(journal.home, entry)
    rescued = _rescue(journal, entry.number, found) if side == "before" else None
    journal.move(entry.number, State.UNDOING)
    for item in found:
        if item.temporary.exists():
            journal.disk.unlink(item.temporary)
    wrong = [item for item in found if (item.is_after if side == "before" else item.is_before)]
    exchange([_exchange(item, side) for item in wrong], journal.disk)
    return Recovery(
        outcome=Outcome.TAKEN_BACK,
        journal=journal.path(entry.number, State.UNDONE),
        restored=tuple(item.path for item in wrong),
        edited=tuple(item.path for item in found if item.is_edited),
        rescued=rescued,
    )


def _recover(journal: Journal, number: int) -> Recovery:
    entry = journal.read(number)
    was_undo = journal.states()[number] is State.UNDOING
    if not was_undo and _is_complete(_find(journal.home, entry)):
        journal.move(number, State.COMMITTED)
        return Recovery(outcome=Outcome.COMPLETED, journal=journal.path(number, State.COMMITTED))
    recovery = settle(journal, entry, "before")
    journal.move(number, State.UNDONE)
    return replace(recovery, outcome=Outcome.UNDONE) if was_undo else recovery


def _is_complete(found: Iterable[_Found]) -> bool:
    """Whether every file was replaced; an edited one tells it by its temporary file being gone."""
    found = tuple(found)
    is_begun = any(item.is_after for item in found)
    return is_begun and not any(item.is_before or item.temporary.exists() for item in found)


def _find(home: Path, entry: Entry) -> tuple[_Found, ...]:
    paths = {home / record.path: record for record in entry.files}
    return tuple(_Found(record=record, path=path, seen=look(path)) for path, record in paths.items())


def _exchange(item: _Found, side: Side) -> Exchange:
    assert item.seen is not None, "a file that is as before or as after has been seen"
    return Exchange(path=item.path, temporary=item.temporary, seen=item.seen, wanted=item.record.side(side))


def _rescue(journal: Journal, number: int, found: Iterable[_Found]) -> Path | None:
    """Keep what stood in edited files, unless just that was edited: the new bytes still wait then."""
    is_applying = journal.states()[number] is State.PREPARED
    lost = [item for item in found if item.is_edited and not (is_applying and item.temporary.exists())]
    if not lost:
        return None
    folder = journal.home / FOLDER / "rescued" / f"{number:06}"
    for item in lost:
        target = folder / item.record.path
        for parent in reversed(target.relative_to(journal.home).parents[:-1]):
            journal.make(journal.home / parent)
        journal.put(target, item.record.before.data, draft="rescued.new")
    return folder
