"""Copies of a project's files to run things in: nobody's checkout is touched, and what runs may write."""

import os
import shutil
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

_LEFT_OUT = frozenset(
    {".git", ".hg", ".svn", ".jj", ".lazify", "__pycache__", "node_modules"}
    | {".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
"""Folders that belong to tools: history, caches, and what tools can make again."""
_ENVIRONMENT = "pyvenv.cfg"


def copy_tree(source: Path, target: Path, *, skips: Callable[[Path], bool] = lambda _: False) -> None:
    """Copy a project's files to `target`, which must not exist: without history, caches and environments.

    Links that lead into the project lead into the copy, all others to where they led.
    """
    source = Path(os.path.realpath(source))
    for folder, folders, files in os.walk(source):
        here = Path(folder)
        there = target / here.relative_to(source)
        there.mkdir(parents=True)
        links = [name for name in folders if (here / name).is_symlink()]
        for name in (*files, *links):
            if not skips(here / name):
                _copy(here / name, there / name, source)
        folders[:] = [
            name
            for name in folders
            if name not in links and not _is_left_out(here / name) and not skips(here / name)
        ]


def lay(files: Mapping[Path, bytes | None], root: Path) -> None:
    """Write files, given relative to `root`, over what is there; None takes one away."""
    for path, data in files.items():
        target = root / path
        if data is None:
            target.unlink(missing_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            _replace(target, data)


def differing(before: Path, after: Path) -> dict[Path, tuple[bytes | None, bytes | None]]:
    """Give the files that differ between two copies, relative to them, as they are on both sides."""
    names = {path.relative_to(root) for root in (before, after) for path in root.rglob("*") if path.is_file()}
    pairs = {name: (_data(before / name), _data(after / name)) for name in names}
    return {name: pair for name, pair in sorted(pairs.items()) if pair[0] != pair[1]}


def _is_left_out(folder: Path) -> bool:
    return folder.name in _LEFT_OUT or (folder / _ENVIRONMENT).is_file()


def _copy(source: Path, target: Path, root: Path) -> None:
    if source.is_symlink():
        target.symlink_to(_destination(source, root))
    elif stat.S_ISREG(source.lstat().st_mode):
        shutil.copy2(source, target)


def _destination(link: Path, root: Path) -> str:
    """Where the copy of a link leads."""
    leads_to = Path(os.path.normpath(link.parent / link.readlink()))
    if leads_to.is_relative_to(root):
        return os.path.relpath(leads_to, link.parent)
    real = Path(os.path.realpath(link))
    return os.path.relpath(real, link.parent) if real.is_relative_to(root) else str(leads_to)


def _replace(target: Path, data: bytes) -> None:
    """Write through no link: it may lead out of the copy."""
    mode = target.stat().st_mode if target.exists() else None
    target.unlink(missing_ok=True)
    target.write_bytes(data)
    if mode is not None:
        target.chmod(stat.S_IMODE(mode))


def _data(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
