"""Symlinks are followed last, and only out of the project: what is in it has its place already."""

# ruff: noqa: PTH116, PTH119  # paths are plain strings here: thousands of Path objects take longer than the walk

import os
import stat
from pathlib import Path

from lazify.discover.skipping import is_never_entered
from lazify.discover.walk import Folder, Symlink, Walk


def follow(walk: Walk, root: Path) -> dict[str, str]:
    """Add what symlinks lead to; map those that lead to something listed to its listed name."""
    links: dict[str, str] = {}
    while walk.symlinks:
        waiting, walk.symlinks = sorted(walk.symlinks, key=lambda symlink: symlink.path), []
        for symlink in waiting:
            target = _follow_one(walk, symlink, os.path.realpath(root))
            if target:
                links[symlink.path] = target
    return links


def _follow_one(walk: Walk, symlink: Symlink, root: str) -> str | None:
    """Enter or add what the symlink leads to, or give the name under which it is listed already."""
    path = symlink.path
    if symlink.rules.skips(path) or is_never_entered(os.path.basename(path)):
        return None
    try:
        status = os.stat(path)
    except OSError:  # it leads nowhere, or in a circle
        return None
    if stat.S_ISDIR(status.st_mode):
        return _folder(walk, symlink, status, root)
    if stat.S_ISREG(status.st_mode):
        return _file(walk, symlink, status)
    return None


def _folder(walk: Walk, symlink: Symlink, status: os.stat_result, root: str) -> str | None:
    listed = walk.visited.get((status.st_dev, status.st_ino))
    target = os.path.realpath(symlink.path)
    if listed is None and not _nested(target, root):
        walk.enter(Folder(path=symlink.path, rules=symlink.rules, names=symlink.names))
    return listed


def _file(walk: Walk, symlink: Symlink, status: os.stat_result) -> str | None:
    for found in walk.files.values():
        if found.inode == status.st_ino and os.path.samestat(os.stat(found.path), status):
            return found.path
    walk.add(symlink.path, symlink.names)
    return None


def _nested(one: str, other: str) -> bool:
    return os.path.commonpath([one, other]) in (one, other)
