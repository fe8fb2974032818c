"""Every Python file of a project, and the files that tell a platform what to import from it."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.discover.files import Kind, is_platform_file, is_test
from lazify.discover.naming import Names
from lazify.discover.rules import Rules, rules_above
from lazify.discover.symlinks import follow
from lazify.discover.territory import Territory, git_toplevel, is_package
from lazify.discover.walk import Folder, Walk
from lazify.model.places import Failure, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """What a territory holds; all paths are absolute, keep the names of symlinks, and are sorted."""

    territory: Territory
    sources: tuple[Source, ...]
    size: int = 0
    """Bytes of all sources together."""
    failures: tuple[Failure, ...] = ()
    """Folders that could not be read."""
    stubs: frozenset[Path] = frozenset()
    foreign: tuple[Path, ...] = ()
    """Cython files and notebooks: they may use any name they mention, and lazify cannot rewrite them."""
    platform_files: tuple[Path, ...] = ()
    """Files that may name an entry object, such as `app.main:app`."""
    links: tuple[tuple[Path, Path], ...] = ()
    """Symlinks to what is listed under its own name, and that name: imports may go through them."""


def survey(territory: Territory, *, exclude: Sequence[str] = ()) -> Inventory:
    """List what `territory` holds, but for what git ignores and `exclude` names (as in a .gitignore)."""
    walk = Walk(frozenset(map(str, territory.without)))
    names = Names.of_root(territory.root)
    rules = rules_above(territory, exclude)
    for start in _starts(territory, rules, names):
        walk.enter(start)
    _enter_named(walk, territory, names)
    links = follow(walk, territory.root)
    return Inventory(
        territory=territory,
        sources=tuple(_sources(walk, territory)),
        size=sum(found.size for found in walk.files.values() if found.kind is Kind.PYTHON),
        failures=tuple(sorted(walk.failures, key=lambda failure: failure.path)),
        stubs=frozenset(_of_kind(walk, Kind.STUB)),
        foreign=tuple(_of_kind(walk, Kind.FOREIGN)),
        platform_files=tuple(sorted(map(Path, walk.platform_files | _platform_files_above(territory)))),
        links=tuple(sorted((Path(link), Path(target)) for link, target in links.items())),
    )


def _starts(territory: Territory, rules: Rules, names: Names) -> Iterator[Folder]:
    root = territory.root
    yield Folder(path=str(root), rules=rules, names=names, is_start=True, is_shallow=territory.is_shallow)
    if territory.is_shallow:
        for folder in dict.fromkeys(_top_folder(path, root) for path in territory.paths):
            if folder != root:
                yield _start(folder, territory, names, rules)


def _top_folder(path: Path, root: Path) -> Path:
    """Find the topmost package that `path` is in, or the folder itself."""
    folder = path if path.is_dir() else path.parent
    while root not in (folder, folder.parent) and is_package(folder):
        folder = folder.parent
    return folder


def _start(folder: Path, territory: Territory, names: Names, rules: Rules) -> Folder:
    below = names.descendant(territory.root, folder)
    return Folder(path=str(folder), rules=rules, names=below, is_start=True)


def _enter_named(walk: Walk, territory: Territory, names: Names) -> None:
    """Enter what the user named although something leaves it out."""
    rules = Rules.none()
    for path in territory.paths:
        if path.is_dir():
            if path != territory.root:
                walk.forget_if_empty(str(path))
            walk.enter(_start(path, territory, names, rules))
        elif str(path) not in walk.files:
            walk.add(str(path), names.descendant(territory.root, path.parent))


def _sources(walk: Walk, territory: Territory) -> Iterator[Source]:
    depth = len(territory.root.parts)
    named = _named(territory)
    linked = tuple(link + os.sep for link in walk.linked)
    for path in _of_kind(walk, Kind.PYTHON):
        yield Source(
            path=path,
            root=territory.root,
            module=walk.files[str(path)].module,
            is_package=path.name == "__init__.py",
            is_test=is_test(path.parts[depth:]),
            is_selected=_is_selected(f"{path}{os.sep}", named, linked),
        )


def _is_selected(path: str, named: tuple[str, ...], linked: tuple[str, ...]) -> bool:
    """Tell whether the user named `path`; what a symlink brings in, only by the symlink's own name.

    Another project may use it through a symlink of its own, and its uses are not seen here.
    """
    links = tuple(link for link in linked if path.startswith(link))
    return path.startswith(tuple(name for name in named if name.startswith(links)) if links else named)


def _named(territory: Territory) -> tuple[str, ...]:
    """Give the prefixes of all that the user named, also where a symlink leads to it."""
    root, real_root = str(territory.root), os.path.realpath(territory.root)
    prefixes = []
    for path in territory.paths:
        real = os.path.realpath(path)
        prefixes.append(str(path))
        if f"{real}{os.sep}".startswith(f"{real_root}{os.sep}"):
            prefixes.append(root + real[len(real_root) :])
    return tuple(prefix.rstrip(os.sep) + os.sep for prefix in prefixes)


def _of_kind(walk: Walk, kind: Kind) -> list[Path]:
    return sorted(Path(found.path) for found in walk.files.values() if found.kind is kind)


def _platform_files_above(territory: Territory) -> set[str]:
    """A repository's own Procfile may name an object of a service further down."""
    toplevel = git_toplevel(territory.root)
    if toplevel is None:
        return set()
    above = [folder for folder in territory.root.parents if folder.is_relative_to(toplevel)]
    files = (file for folder in above for file in folder.iterdir() if is_platform_file(file.name))
    return {str(file) for file in files if file.is_file()}
