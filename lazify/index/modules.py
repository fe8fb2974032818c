"""Which file an import names, decided by folders as Python's path finder would, without running anything.

Modules are identified by path, not by name: two services may both have `app.main`, and one file may be
imported under several names.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lazify.model.facts import Facts
from lazify.model.places import Source

SOURCE_FOLDERS = ("src", "lib", "python")
"""Folders beside a project's configuration that are put on `sys.path` by build backends and test runners."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Module:
    """One file of the project and what it says; equal only to itself."""

    source: Source
    facts: Facts

    @property
    def path(self) -> Path:
        """The file."""
        return self.source.path

    @cached_property
    def folders(self) -> frozenset[Path]:
        """All folders that the file lies in."""
        return frozenset(self.path.parents)

    @property
    def name(self) -> str:
        """The dotted name, for messages."""
        return self.source.module

    @cached_property
    def package(self) -> Path:
        """The folder that relative imports of level 1 start from."""
        return self.path.parent


@dataclass(frozen=True, slots=True)
class Folder:
    """A namespace package: a folder with modules and without `__init__.py`."""

    path: Path


class Finder:
    """Finds the file or folder that a dotted name means in one importing module."""

    def __init__(self, modules: Mapping[Path, Module]) -> None:
        """Index the folders of `modules`, which are keyed by absolute path."""
        self._modules = modules
        self._bases: dict[Path, tuple[Path, ...]] = {}
        self._roots: dict[Path, Path] = {}
        self._found: dict[tuple[Path, tuple[str, ...]], Module | Folder | None] = {}

    def absolute(self, importer: Module, parts: tuple[str, ...]) -> Module | Folder | None:
        """Find `import a.b.c` as seen by `importer`; None when it is not part of the project."""
        key = (importer.package, parts)
        if key not in self._found:
            self._found[key] = self._search(importer, parts)
        return self._found[key]

    def relative(self, importer: Module, level: int, parts: tuple[str, ...]) -> Module | Folder | None:
        """Find `from ..a import b`: `level` dots, then `parts`."""
        folder = importer.package
        for _ in range(level - 1):
            folder = folder.parent
        return self.below(folder, parts) if parts else self._at(folder)

    def top(self, importer: Module, parts: tuple[str, ...]) -> Module | Folder | None:
        """Find what `import a.b.c` binds: the package `a` from which `a.b.c` is reached."""
        for base in self._candidates(importer, parts):
            if self.below(base, parts) is not None:
                return self.below(base, parts[:1])
        return None

    def below(self, base: Path, parts: tuple[str, ...]) -> Module | Folder | None:
        """Find the module or folder at `base/a/b/c`."""
        target = base.joinpath(*parts)
        module = self._modules.get(target.with_name(f"{target.name}.py"))
        return self._at(target) if module is None or target / "__init__.py" in self._modules else module

    def import_root(self, module: Module) -> Path:
        """The folder above the topmost package that the file lies in, be it in a folder of it that is none itself."""
        return self._root_above(module.path.parent)

    def _root_above(self, folder: Path) -> Path:
        """Folders without `__init__.py` inside a package are part of it: namespace packages."""
        if folder not in self._roots:
            above = next((each for each in (folder, *folder.parents) if each in self._regular), None)
            self._roots[folder] = folder if above is None else self._root_above(above.parent)
        return self._roots[folder]

    @cached_property
    def _regular(self) -> frozenset[Path]:
        """The folders with an `__init__.py`."""
        return frozenset(path.parent for path in self._modules if path.name == "__init__.py")

    def _at(self, folder: Path) -> Module | Folder | None:
        module = self._modules.get(folder / "__init__.py")
        if module is not None:
            return module
        return Folder(folder) if folder in self._folders else None

    def _search(self, importer: Module, parts: tuple[str, ...]) -> Module | Folder | None:
        portion: Folder | None = None
        for base in self._candidates(importer, parts):
            found = self.below(base, parts)
            if isinstance(found, Module):
                return found
            portion = portion or found
        # A folder without modules of that name is no package of ours: an installed one of that name would win.
        return portion if portion and len(parts) > 1 else None

    def _candidates(self, importer: Module, parts: tuple[str, ...]) -> Iterable[Path]:
        folder = importer.package
        if folder not in self._bases:
            self._bases[folder] = self._import_path(importer)
        if parts[0] in sys.stdlib_module_names:
            return self._bases[folder][:1]
        return (*self._bases[folder], *self._elsewhere(parts[0], importer))

    def _import_path(self, importer: Module) -> tuple[Path, ...]:
        """The importer's own import root, those above it, and the source folders beside them."""
        path = list(self._upwards(self.import_root(importer), importer.source.root))
        if importer.source.root in self._regular:
            # The root of a project may hold a stray `__init__.py`, and the packages that are meant lie below it.
            path += self._upwards(self._nearest_root(importer.package), importer.source.root)
        if self._is_script_folder(importer.package):
            path.append(importer.package)
        return tuple(dict.fromkeys(path))

    def _upwards(self, folder: Path, stop: Path) -> Iterator[Path]:
        while True:
            yield from (folder, *(folder / name for name in SOURCE_FOLDERS if folder / name in self._folders))
            if folder in (stop, folder.parent) or not folder.is_relative_to(stop):
                return
            folder = folder.parent

    def _nearest_root(self, folder: Path) -> Path:
        while folder in self._regular:
            folder = folder.parent
        return folder

    def _elsewhere(self, name: str, importer: Module) -> tuple[Path, ...]:
        """The one other folder of the project that holds a regular package `name`, if it is only one."""
        homes = [home for home in self._packages.get(name, ()) if home.is_relative_to(importer.source.root)]
        return tuple(homes) if len(homes) == 1 else ()

    def _is_script_folder(self, folder: Path) -> bool:
        """Tell whether files beside each other in a package import each other by plain names, as scripts do."""
        return self._root_above(folder) != folder and folder not in self._packages_in_use

    @cached_property
    def _folders(self) -> frozenset[Path]:
        folders: set[Path] = set()
        for path in self._modules:
            parent = path.parent
            while parent not in folders and parent != parent.parent:
                folders.add(parent)
                parent = parent.parent
        return frozenset(folders)

    @cached_property
    def _packages(self) -> dict[str, tuple[Path, ...]]:
        homes: dict[str, dict[Path, None]] = {}
        for module in self._modules.values():
            home = module.package.parent
            if module.source.is_package and self._root_above(home) == home:
                homes.setdefault(module.package.name, {})[home] = None
        return {name: tuple(found) for name, found in homes.items()}

    @cached_property
    def _packages_in_use(self) -> frozenset[Path]:
        """Packages that something imports as packages: by relative imports, or by their own name."""
        named = {
            item.module.split(".")[0]
            for m in self._modules.values()
            for item in m.facts.imports
            if not item.level
        }
        relative = {m.package for m in self._modules.values() if any(i.level for i in m.facts.imports)}
        packages = {m.package for m in self._modules.values() if self._root_above(m.package) != m.package}
        return frozenset(p for p in packages if p in relative or self._top_package(p) in named)

    def _top_package(self, folder: Path) -> str:
        root = self._root_above(folder)
        return folder.relative_to(root).parts[0]
