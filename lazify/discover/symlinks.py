"""Symlinks are followed last, and only to what the repository holds outside of the project.

What is in the project has its place already; what is outside of the repository is for others to change.
"""

# ruff: noqa: PTH116, PTH119  # paths are plain strings here: thousands of Path objects take longer than the walk

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from lazify.discover.skipping import is_never_entered
from lazify.discover.territory import git_toplevel
from lazify.discover.walk import Folder, Symlink, Walk


def follow(walk: Walk, root: Path) -> dict[str, str]:
    """Add what symlinks lead to; map those that lead to something listed to its listed name."""
    follower = _Follower(walk, os.path.realpath(root), os.path.realpath(git_toplevel(root) or root))
    links: dict[str, str] = {}
    while walk.symlinks:
        waiting, walk.symlinks = sorted(walk.symlinks, key=lambda symlink: symlink.path), []
        for symlink in waiting:
            target = follower.follow(symlink)
            if target:
                links[symlink.path] = target
    return links


@dataclass(frozen=True, slots=True)
class _Follower:
    walk: Walk
    root: str
    toplevel: str

    def follow(self, symlink: Symlink) -> str | None:
        """Enter or add what the symlink leads to, or give the name under which it is listed already."""
        path = symlink.path
        if symlink.rules.skips(path) or is_never_entered(os.path.basename(path)):
            return None
        try:
            status = os.stat(path)
        except OSError:  # it leads nowhere, or in a circle
            return None
        if stat.S_ISDIR(status.st_mode):
            return self._folder(symlink, status)
        return self._file(symlink, status) if stat.S_ISREG(status.st_mode) else None

    def _folder(self, symlink: Symlink, status: os.stat_result) -> str | None:
        listed = self.walk.visited.get((status.st_dev, status.st_ino))
        target = os.path.realpath(symlink.path)
        if listed is None and _is_in(target, self.toplevel) and not _nested(target, self.root):
            self.walk.linked.add(symlink.path)
            self.walk.enter(Folder(path=symlink.path, rules=symlink.rules, names=symlink.names))
        return listed

    def _file(self, symlink: Symlink, status: os.stat_result) -> str | None:
        for found in self.walk.files.values():
            if found.inode == status.st_ino and os.path.samestat(os.stat(found.path), status):
                return found.path
        if _is_in(os.path.realpath(symlink.path), self.toplevel):
            self.walk.linked.add(symlink.path)
            self.walk.add(symlink.path, symlink.names)
        return None


def _is_in(path: str, folder: str) -> bool:
    return os.path.commonpath([path, folder]) == folder


def _nested(one: str, other: str) -> bool:
    return os.path.commonpath([one, other]) in (one, other)
