"""The modules that are installed for an interpreter: found as it would find them, read when they are asked for."""

import gc
import os
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.index.contents import LARGEST
from lazify.index.modules import Module
from lazify.index.store import Store, content_key, scanner_version
from lazify.index.worker import read_outcome, scan_one
from lazify.model.facts import MODULE, Facts
from lazify.model.places import Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InstalledModule(Module):
    """A module that is no part of the project: it is read, never searched for uses, never rewritten."""

    is_replaced: bool = False
    """Its code gets at `sys.modules`: what is imported under its name may be something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an import name stands for on disk."""

    file: Path | None
    """None for a namespace package."""
    folders: tuple[Path, ...] = ()
    """Where its submodules are looked for."""


class Installed:
    """Finds and reads the modules on a search path."""

    def __init__(self, search_path: Sequence[Path], own: Mapping[Path, Module], store: Store) -> None:
        """`own` are the modules of the project: where the path leads to them, they are what is found."""
        self._search_path = tuple(search_path)
        self._own = own
        self._store = store
        weakref.finalize(self, store.close)
        self._version = scanner_version()
        self._found: dict[str, Found | None] = {}
        self._modules: dict[str, Module | None] = {}
        self._listed: dict[Path, frozenset[str]] = {}

    def has(self, dotted: str) -> bool:
        """Tell whether there is a module or package of that name whose place is known."""
        return self._find(dotted) is not None

    def module(self, dotted: str) -> Module | None:
        """Read the module of that name; None where there is no source, or none that can be read."""
        if dotted not in self._modules:
            found = self._find(dotted)
            file = found.file if found is not None else None
            self._modules[dotted] = None if file is None else self._read(dotted, file)
        return self._modules[dotted]

    @property
    def read(self) -> tuple[str, ...]:
        """The names of the modules that were read so far."""
        return tuple(name for name, module in self._modules.items() if isinstance(module, InstalledModule))

    def _find(self, dotted: str) -> Found | None:
        if dotted not in self._found:
            package, _, last = dotted.rpartition(".")
            parent = self._find(package) if package else None
            folders = self._search_path if not package else parent.folders if parent is not None else ()
            self._found[dotted] = self._search(last, folders)
        return self._found[dotted]

    def _search(self, name: str, folders: Sequence[Path]) -> Found | None:
        """Look as Python's path finder does: packages, then extensions, then modules, then namespaces."""
        portions: list[Path] = []
        for folder in folders:
            names = self._names(folder)
            inside = self._names(folder / name) if name in names else frozenset()
            if _is_compiled("__init__", inside) or _is_compiled(name, names):
                return None
            if "__init__.py" in inside:
                return Found(file=folder / name / "__init__.py", folders=(folder / name,))
            if f"{name}.py" in names:
                return Found(file=folder / f"{name}.py")
            if inside:
                portions.append(folder / name)
        return Found(file=None, folders=tuple(portions)) if portions else None

    def _names(self, folder: Path) -> frozenset[str]:
        if folder not in self._listed:
            try:
                self._listed[folder] = frozenset(os.listdir(folder))  # noqa: PTH208  # names alone, quickly
            except OSError:
                self._listed[folder] = frozenset()
        return self._listed[folder]

    def _read(self, dotted: str, file: Path) -> Module | None:
        if file in self._own:
            return self._own[file]
        facts = self._facts(file)
        if facts is None:
            return None
        root = file.parents[dotted.count(".") + (file.name == "__init__.py")]
        is_package = file.name == "__init__.py"
        source = Source(path=file, root=root, module=dotted, is_package=is_package, is_selected=False)
        is_replaced = any(each.what == "sys.modules" and each.scope == MODULE for each in facts.dynamics)
        return InstalledModule(source=source, facts=facts, is_replaced=is_replaced)

    def _facts(self, file: Path) -> Facts | None:
        try:
            with file.open("rb") as stream:
                data = stream.read(LARGEST + 1)
        except OSError:
            return None
        if len(data) > LARGEST:
            return None
        key = content_key(data, self._version)
        outcome = self._store.get([key]).get(key)
        if outcome is None:
            outcome = scan_one(data)
            self._store.put({key: outcome})
        was_enabled = gc.isenabled()
        gc.disable()  # facts hold no cycles
        try:
            facts = read_outcome(outcome)
        finally:
            if was_enabled:
                gc.enable()
        return facts if isinstance(facts, Facts) else None


def _is_compiled(name: str, names: frozenset[str]) -> bool:
    """Tell whether a file of that name holds no source: it is found before `name.py`, or is all there is."""
    if f"{name}.pyc" in names and f"{name}.py" not in names:
        return True
    return any(f.startswith(f"{name}.") and f.endswith((".so", ".pyd")) for f in names)
