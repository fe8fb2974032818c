"""The journal's folder: entries by number and state, moved from state to state by renaming."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lazify.apply.disk import Disk
from lazify.apply.entry import Entry, from_text, to_text
from lazify.errors import ApplyError

FOLDER = ".lazify"
KEPT = 20
"""How many applies can be undone."""

_NAME = re.compile(r"(\d{6,})\.(prepared|committed|undoing|undone)")


class State(StrEnum):
    """See the package's docstring for what each of them promises."""

    PREPARED = "prepared"
    COMMITTED = "committed"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The journal of one home; whoever changes it holds the home's lock."""

    home: Path
    disk: Disk

    @property
    def folder(self) -> Path:
        return self.home / FOLDER / "journal"

    def states(self) -> dict[int, State]:
        """Every entry, oldest first. Numbers order them: clocks jump."""
        if not self.folder.is_dir():
            return {}
        found = filter(None, map(_NAME.fullmatch, (path.name for path in self.folder.iterdir())))
        return dict(sorted((int(name[1]), State(name[2])) for name in found))

    def unfinished(self) -> list[int]:
        """The entries that a run left on its way, newest first."""
        on_the_way = (State.PREPARED, State.UNDOING)
        return [number for number, state in reversed(self.states().items()) if state in on_the_way]

    def newest(self, state: State) -> int | None:
        return max((number for number, found in self.states().items() if found is state), default=None)

    def next_number(self) -> int:
        return max(self.states(), default=0) + 1

    def path(self, number: int, state: State) -> Path:
        return self.folder / f"{number:06}.{state}"

    def read(self, number: int) -> Entry:
        path = self.path(number, self.states()[number])
        return from_text(path.read_bytes(), number=number, path=path)

    def add(self, entry: Entry) -> None:
        """Keep the entry, prepared: from here on files may be touched."""
        self.make(self.folder)
        self.put(self.path(entry.number, State.PREPARED), to_text(entry), draft=f"{entry.number:06}.new")

    def move(self, number: int, to: State) -> None:
        """No-op where the entry is in that state."""
        state = self.states()[number]
        if state is not to:
            self.disk.replace(self.path(number, state), self.path(number, to))
            self.disk.fsync(self.folder)

    def drop(self, number: int) -> None:
        self.disk.unlink(self.path(number, self.states()[number]))
        self.disk.fsync(self.folder)

    def prune(self) -> None:
        """Forget what is older than the last applies, and than the last undone ones."""
        states = self.states()
        for state in (State.COMMITTED, State.UNDONE):
            numbers = [number for number, found in states.items() if found is state]
            for number in numbers[:-KEPT]:
                self.disk.unlink(self.path(number, state))

    def drafts(self) -> list[Path]:
        return sorted(self.folder.glob("*.new"))

    def make(self, folder: Path) -> None:
        """Make a folder of the journal that survives a power cut."""
        _refuse_link(folder)
        if not folder.is_dir():
            self.disk.mkdir(folder)
            self.disk.fsync(folder.parent)

    def refuse_links(self) -> None:
        """A checkout may bring a link that leads the journal out of it."""
        _refuse_link(self.folder.parent)
        _refuse_link(self.folder)

    def put(self, path: Path, data: bytes, *, draft: str) -> None:
        """Write the file so that it is there whole or not at all."""
        new = path.with_name(draft)
        if new.exists():
            self.disk.unlink(new)
        self.disk.write(new, data)
        self.disk.fsync(new)
        self.disk.replace(new, path)
        self.disk.fsync(path.parent)


def _refuse_link(folder: Path) -> None:
    if folder.is_symlink():
        raise ApplyError(f"{folder} is a link, and the journal stays inside the project: take the link away")
