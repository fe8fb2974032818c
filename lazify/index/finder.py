"""Which file an import names, decided by folders as Python's path finder would, without running anything.

Modules are identified by path, not by name: two services may both have `app.main`, and one file may be
imported under several names. Inside, paths are texts: these are compared some million times.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from lazify.index.modules import Folder, Module

SOURCE_FOLDERS = ("src", "lib", "python")
"""Folders beside a project's configuration that are put on `sys.path` by build backends and test runners."""


class Finder:
    """Finds the file or folder that a dotted name means in one importing module."""

    def __init__(self, modules: Mapping[Path, Module]) -> None:
        """Index the folders of `modules`, which are keyed by absolute path."""
        self._modules = {str(path): module for path, module in modules.items()}
        self._packages = {m.folder: m for m in modules.values() if m.path.name == "__init__.py"}
        """The `__init__.py` of each folder that has one."""
        self._roots: dict[str, str] = {}
        self._bases: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str], Module | Folder | None] = {}
        self._tops: dict[tuple[str, str], tuple[str, ...]] = {}

    def absolute(self, importer: Module, dotted: str) -> Module | Folder | None:
        """Find `import a.b.c` as seen by `importer`; None when it is not part of the project."""
        key = (importer.folder, dotted)
        if key not in self._found:
            self._found[key] = self._search(importer, dotted)
        return self._found[key]

    def portion(self, importer: Module, top: str) -> Folder | None:
        """Find a folder of that name without `__init__.py`: a namespace package, unless an installed one wins."""
        if top in sys.stdlib_module_names:
            return None
        found = (self._below(base, top) for base in self._homes(importer, top))
        return next((each for each in found if isinstance(each, Folder)), None)

    def relative(self, importer: Module, level: int, dotted: str) -> Module | Folder | None:
        """Find `from ..a import b`: `level` dots, then `dotted`."""
        folder = importer.folder
        for _ in range(level - 1):
            folder = _above(folder)
        return self._below(folder, dotted) if dotted else self._at(folder)

    def top(self, importer: Module, dotted: str) -> Module | Folder | None:
        """Find what `import a.b.c` binds: the package `a` from which `a.b.c` is reached."""
        for base in self._homes(importer, dotted.partition(".")[0]):
            if self._below(base, dotted) is not None:
                return self._below(base, dotted.partition(".")[0])
        return None

    def inside(self, package: Module | Folder, name: str) -> Module | Folder | None:
        """Find a module or folder in a package; a plain module has none."""
        if isinstance(package, Folder):
            return self._below(str(package.path), name)
        return self._below(package.folder, name) if package.source.is_package else None

    def packages(self, end: Module | Folder) -> list[Module]:
        """List the packages that hold a module or folder, the outermost first."""
        chain: list[Module] = []
        if isinstance(end, Folder) or end.source.is_package:
            folder = _above(str(end.path) if isinstance(end, Folder) else end.folder)
        else:
            folder = end.folder
        root = self._root(folder)
        while folder != root:
            if folder in self._packages:
                chain.insert(0, self._packages[folder])
            folder = _above(folder)
        return chain

    def import_root(self, module: Module) -> Path:
        """The folder above the topmost package that the file lies in, be it in a folder of it that is none itself."""
        return Path(self._root(module.folder))

    def _root(self, folder: str) -> str:
        """Folders without `__init__.py` inside a package are part of it: namespace packages."""
        if folder not in self._roots:
            around = next((each for each in _upwards(folder) if each in self._packages), None)
            self._roots[folder] = folder if around is None else self._root(_above(around))
        return self._roots[folder]

    def _below(self, base: str, dotted: str) -> Module | Folder | None:
        """Find the module or folder at `base/a/b/c`."""
        target = _joined(base, dotted)
        module = None if target in self._packages else self._modules.get(f"{target}.py")
        return self._at(target) if module is None else module

    def _at(self, folder: str) -> Module | Folder | None:
        module = self._packages.get(folder)
        if module is not None:
            return module
        return Folder(Path(folder)) if folder in self._folders else None

    def _search(self, importer: Module, dotted: str) -> Module | Folder | None:
        portion: Folder | None = None
        for base in self._homes(importer, dotted.partition(".")[0]):
            found = self._below(base, dotted)
            if isinstance(found, Module):
                return found
            portion = portion or found
        # A folder without modules of that name is no package of ours: an installed one of that name would win.
        return portion if portion and "." in dotted else None

    def _homes(self, importer: Module, top: str) -> tuple[str, ...]:
        """List the folders of the import path that hold a module or folder of that name."""
        key = (importer.folder, top)
        if key not in self._tops:
            candidates = self._candidates(importer, top)
            self._tops[key] = tuple(base for base in candidates if self._below(base, top) is not None)
        return self._tops[key]

    def _candidates(self, importer: Module, top: str) -> Iterable[str]:
        folder = importer.folder
        if folder not in self._bases:
            self._bases[folder] = self._import_path(importer)
        if top in sys.stdlib_module_names:
            return self._bases[folder][:1]
        return (*self._bases[folder], *self._elsewhere(top, importer))

    def _import_path(self, importer: Module) -> tuple[str, ...]:
        """The importer's own import root, those above it, and the source folders beside them."""
        path = list(self._searched(self.import_root(importer), importer.source.root))
        if str(importer.source.root) in self._packages:
            # The root of a project may hold a stray `__init__.py`, and the packages that are meant lie below it.
            path += self._searched(self._nearest_root(importer.folder), importer.source.root)
        if self._is_script_folder(importer.folder):
            path.append(importer.folder)
        return tuple(dict.fromkeys(path))

    def _searched(self, folder: Path, stop: Path) -> Iterator[str]:
        while True:
            beside = (str(folder / name) for name in SOURCE_FOLDERS)
            yield from (str(folder), *(each for each in beside if each in self._folders))
            if folder in (stop, folder.parent) or not folder.is_relative_to(stop):
                return
            folder = folder.parent

    def _nearest_root(self, folder: str) -> Path:
        return Path(next(each for each in _upwards(folder) if each not in self._packages))

    def _elsewhere(self, name: str, importer: Module) -> tuple[str, ...]:
        """The one other folder of the project that holds a regular package `name`, if it is only one."""
        root = importer.source.root
        homes = [home for home in self._regular.get(name, ()) if Path(home).is_relative_to(root)]
        return tuple(homes) if len(homes) == 1 else ()

    def _is_script_folder(self, folder: str) -> bool:
        """Tell whether files beside each other in a package import each other by plain names, as scripts do."""
        return self._root(folder) != folder and folder not in self._packages_in_use

    @cached_property
    def _folders(self) -> frozenset[str]:
        folders: set[str] = set()
        for module in self._modules.values():
            folder = module.folder
            while folder not in folders and folder != _above(folder):
                folders.add(folder)
                folder = _above(folder)
        return frozenset(folders)

    @cached_property
    def _regular(self) -> dict[str, tuple[str, ...]]:
        """Where there are topmost packages of each name."""
        homes: dict[str, dict[str, None]] = {}
        for module in self._modules.values():
            above, name = os.path.split(module.folder)
            if module.source.is_package and self._root(above) == above:
                homes.setdefault(name, {})[above] = None
        return {name: tuple(found) for name, found in homes.items()}

    @cached_property
    def _packages_in_use(self) -> frozenset[str]:
        """Packages that something imports as packages: by relative imports, or by their own name."""
        named = {
            item.module.partition(".")[0]
            for m in self._modules.values()
            for item in m.facts.imports
            if not item.level
        }
        relative = {m.folder for m in self._modules.values() if any(i.level for i in m.facts.imports)}
        packages = {m.folder for m in self._modules.values() if self._root(m.folder) != m.folder}
        return frozenset(p for p in packages if p in relative or self._top_package(p) in named)

    def _top_package(self, folder: str) -> str:
        return Path(folder).relative_to(self._root(folder)).parts[0]


def _above(folder: str) -> str:
    """The folder around a folder; the root is its own."""
    return os.path.dirname(folder)  # noqa: PTH120  # text: see above


def _upwards(folder: str) -> Iterator[str]:
    """Yield the folder and all around it."""
    yield folder
    while (above := _above(folder)) != folder:
        folder = above
        yield folder


def _joined(base: str, dotted: str) -> str:
    return os.path.join(base, *filter(None, dotted.split(".")))  # noqa: PTH118  # text: see above
