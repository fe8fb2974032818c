"""Which project each PATH belongs to: call sites and tests outside the PATHS follow a change, too."""

import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.discover.files import kind_of
from lazify.model.places import Failure

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "manage.py")
"""Files that stand at the root of a project."""
_DEPENDENCY_LISTS = frozenset({"requirements.txt", "Pipfile"})
"""Markers that also stand inside of packages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """One project, and the PATHS that lie in it."""

    root: Path
    config_root: Path
    """Where the nearest pyproject.toml stands; the root when there is none."""
    paths: tuple[Path, ...]
    without: tuple[Path, ...] = ()
    """Roots inside this one that other PATHS belong to: their files are not this project's."""
    is_shallow: bool = False
    """The root is a home or temporary folder: only what the PATHS name is looked at, not all of it."""


def stake(paths: Iterable[Path]) -> tuple[tuple[Territory, ...], tuple[Failure, ...]]:
    """Find the projects of `paths`, ordered by root; a path that is no file or folder is a Failure."""
    found: list[Path] = []
    failures: list[Failure] = []
    for path in dict.fromkeys(map(_absolute, paths)):
        why = _obstacle(path)
        if why:
            failures.append(Failure(path=path, why=why))
        else:
            found.append(path)
    roots = _roots(found)
    claims: dict[Path, list[Path]] = {}
    for path in found:
        claims.setdefault(roots[path], []).append(path)
    return tuple(_territory(root, claims) for root in sorted(claims)), tuple(failures)


def git_toplevel(folder: Path) -> Path | None:
    """Find the repository that `folder` belongs to; a repository of the whole home is none."""
    for each in (folder, *folder.parents):
        if (each / ".git").exists():
            return each if each == folder or not _is_everything(each) else None
    return None


def is_package(folder: Path) -> bool:
    """Tell whether `folder` has an `__init__.py`."""
    return (folder / "__init__.py").is_file()


def _absolute(path: Path) -> Path:
    """Make `path` absolute under its own name; `..` after a symlink is where the symlink leads."""
    plain = Path(os.path.abspath(path))  # noqa: PTH100  # Path.resolve would follow symlinks
    if ".." in path.parts and os.path.realpath(plain) != os.path.realpath(path):
        return Path(os.path.realpath(path))
    return plain


def _obstacle(path: Path) -> str | None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "no such file or folder"
    except (OSError, ValueError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"
    if stat.S_ISDIR(mode):
        return None
    if not stat.S_ISREG(mode):
        return "neither a file nor a folder"
    return None if kind_of(str(path)) else "not a Python file"


def _territory(root: Path, claims: dict[Path, list[Path]]) -> Territory:
    return Territory(
        root=root,
        config_root=_config_root(root),
        paths=tuple(claims[root]),
        without=tuple(other for other in sorted(claims) if other != root and other.is_relative_to(root)),
        is_shallow=_is_everything(root) and root not in claims[root],
    )


def _config_root(root: Path) -> Path:
    with_pyproject = (folder for folder in _candidates(root) if (folder / "pyproject.toml").is_file())
    return next(with_pyproject, root)


# The root of one PATH.


def _roots(paths: Sequence[Path]) -> dict[Path, Path]:
    roots: dict[Path, Path] = {}
    unmarked: dict[Path, list[Path]] = {}
    for path in paths:
        folder = path if path.is_dir() else path.parent
        marked = next(filter(_is_marked, _candidates(folder)), None)
        toplevel = git_toplevel(folder)
        if marked:
            roots[path] = marked
        elif toplevel:
            unmarked.setdefault(toplevel, []).append(path)
        else:
            roots[path] = _above_packages(folder)
    for toplevel, inside in unmarked.items():
        alone = _services(inside)
        roots |= {path: path if path in alone else toplevel for path in inside}
    return roots


def _candidates(folder: Path) -> Iterator[Path]:
    """Yield the folders that may be the project's root: up to the repository's, never a whole home."""
    toplevel = git_toplevel(folder)
    for each in (folder, *folder.parents):
        if each == folder or not _is_everything(each):
            yield each
        if each == toplevel or _is_everything(each):
            return


def _is_marked(folder: Path) -> bool:
    present = {marker for marker in MARKERS if (folder / marker).is_file()}
    return bool(present - _DEPENDENCY_LISTS if is_package(folder) else present)


def _above_packages(folder: Path) -> Path:
    while is_package(folder) and folder.parent != folder:
        folder = folder.parent
    return folder


def _is_everything(folder: Path) -> bool:
    """Tell whether this is no project but a place where everything lies."""
    return folder in (Path(folder.anchor), Path("~").expanduser(), Path(tempfile.gettempdir()))


def _services(paths: Sequence[Path]) -> frozenset[Path]:
    """Find the folders among `paths` that are projects of their own: each has the same top-level modules."""
    folders = [path for path in paths if path.is_dir() and not is_package(path)]
    names = {folder: _top_names(folder) for folder in folders}
    return frozenset(
        folder
        for folder in folders
        if any(
            other != folder and names[folder] & names[other]
            for other in folders
            if not _nested(folder, other)
        )
    )


def _top_names(folder: Path) -> frozenset[str]:
    """List what can be imported with `folder` on the path; tests have such names too, but are no service."""
    if folder.name in ("tests", "test"):
        return frozenset()
    return frozenset(
        entry.stem
        for entry in folder.iterdir()
        if (entry.suffix == ".py" and entry.name not in ("conftest.py", "setup.py")) or is_package(entry)
    )


def _nested(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)
