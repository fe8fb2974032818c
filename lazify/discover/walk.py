"""One walk through a project: what git ignores is not entered, and no folder is entered twice."""

# ruff: noqa: PTH116, PTH119  # paths are plain strings here: thousands of Path objects take longer than the walk

import os
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lazify.discover.files import Kind, is_platform_file, kind_of
from lazify.discover.naming import Names
from lazify.discover.repository import is_linked_worktree
from lazify.discover.rules import Rules
from lazify.discover.skipping import is_foreign, is_never_entered
from lazify.model.places import Failure

Entry = os.DirEntry[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder to enter, and what is known of it from above."""

    path: str
    rules: Rules
    names: Names
    """Of the folder above; of this one where it is a start."""
    siblings: AbstractSet[str] = frozenset()
    """What stands beside it."""
    is_start: bool = False
    """The root, or named by the user: entered whatever it looks like."""
    is_shallow: bool = False
    """Only the files directly in it count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file of interest."""

    path: str
    kind: Kind
    module: str
    inode: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Symlink:
    """A symlink, to be followed when everything else has its place."""

    path: str
    rules: Rules
    names: Names
    """Of the folder it stands in."""


@dataclass(slots=True)
class Walk:
    """What one walk has come upon."""

    without: frozenset[str]
    """Folders of other projects: not entered."""
    files: dict[str, Found] = field(default_factory=dict)
    platform_files: set[str] = field(default_factory=set)
    symlinks: list[Symlink] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    visited: dict[tuple[int, int], str] = field(default_factory=dict)
    """The folders entered, by device and inode."""
    linked: set[str] = field(default_factory=set)
    """Symlinks that were followed: what they lead to may be others' as well."""

    def enter(self, start: Folder) -> None:
        """Walk through `start` and all below it that is not left out."""
        waiting = [start]
        while waiting:
            folder = waiting.pop()
            waiting += self._sort(folder, self._list(folder))

    def add(self, path: str, names: Names, *, rules: Rules | None = None) -> None:
        """Add one file, if it is of interest and `rules` do not leave it out."""
        name = os.path.basename(path)
        kind = kind_of(path)
        is_platform = is_platform_file(name)
        if (kind is None and not is_platform) or (rules and rules.skips(path)):
            return
        if is_platform:
            self.platform_files.add(path)
        if kind:
            status = os.stat(path)
            module = names.module(name.partition(".")[0])
            found = Found(path=path, kind=kind, module=module, inode=status.st_ino, size=status.st_size)
            self.files[path] = found

    def forget_if_empty(self, folder: str) -> None:
        """Let `folder` be entered again if the rules left nothing of what lies in it."""
        prefix = folder + os.sep
        if not any(path.startswith(prefix) for path in self.files):
            inside = {key for key, path in self.visited.items() if f"{path}{os.sep}".startswith(prefix)}
            self.visited = {key: path for key, path in self.visited.items() if key not in inside}

    def _list(self, folder: Folder) -> dict[str, Entry]:
        """Read a folder; empty when it has been read before or holds nothing of the project's own."""
        try:
            status = os.stat(folder.path)
            identity = (status.st_dev, status.st_ino)
            with os.scandir(folder.path) as entries:
                listed = {} if identity in self.visited else {entry.name: entry for entry in entries}
        except OSError as error:
            self.failures.append(Failure(path=Path(folder.path), why=f"cannot be read: {error.strerror}"))
            return {}
        name = os.path.basename(folder.path)
        if not folder.is_start and is_foreign(name, entries=listed.keys(), siblings=folder.siblings):
            return {}
        if not folder.is_start and ".git" in listed and is_linked_worktree(Path(folder.path, ".git")):
            return {}
        self.visited.setdefault(identity, folder.path)
        return listed

    def _sort(self, folder: Folder, entries: dict[str, Entry]) -> list[Folder]:
        """Put each entry where it belongs, and give the folders to enter next."""
        rules = folder.rules.inside(folder.path) if ".gitignore" in entries else folder.rules
        names = folder.names
        if not folder.is_start:
            names = names.child(os.path.basename(folder.path), has_init="__init__.py" in entries)
        below: list[Folder] = []
        for entry in entries.values():
            if entry.is_symlink():
                self.symlinks.append(Symlink(path=entry.path, rules=rules, names=names))
            elif entry.is_file():
                with suppress(FileNotFoundError):  # it has just been removed
                    self.add(entry.path, names, rules=rules)
            elif entry.is_dir() and not folder.is_shallow and self._may_enter(entry.path, rules):
                inner = rules.below(entry.path)
                below.append(Folder(path=entry.path, rules=inner, names=names, siblings=entries.keys()))
        return below

    def _may_enter(self, path: str, rules: Rules) -> bool:
        name = os.path.basename(path)
        return not is_never_entered(name) and path not in self.without and not rules.skips(path + "/")
