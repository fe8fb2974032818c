"""Folders of modules that are imported as packages and have no `__init__.py`, among packages that have one."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from lazify.index.modules import Folder, Module
from lazify.index.project import Project
from lazify.model.facts import Import
from lazify.model.graphs import MissingInit
from lazify.model.places import Place


def missing_inits(project: Project, imports: Iterable[tuple[Module, Import]]) -> Iterator[MissingInit]:
    """Give each such folder once, with the first import that goes through it."""
    looked_at: set[Path] = set()
    packages = _packages(project)
    for module, item in imports:
        for folder in _folders_on_the_way(project, module, item):
            if folder in looked_at:
                continue
            looked_at.add(folder)
            if (beside := _regular_neighbour(packages, folder)) is not None:
                count = sum(str(folder) in each.folders for each in project.modules.values())
                at = Place(module.path, item.statement_span)
                yield MissingInit(folder=folder, modules=count, beside=beside, at=at)


def _folders_on_the_way(project: Project, module: Module, item: Import) -> Iterator[Path]:
    """The folders without `__init__.py` between the root of what is imported and the module itself."""
    found = project.source_module(module, item)
    if found is None:
        return
    depth = len(item.module.split(".")) if item.module else 0
    folder = found.path if isinstance(found, Folder) or not found.source.is_package else found.package
    chain = [folder, *folder.parents][: max(depth, 1)]
    for each in chain:
        if not each.suffix and each / "__init__.py" not in project.modules:
            yield each


def _packages(project: Project) -> dict[Path, list[Path]]:
    """The packages with an `__init__.py`, those of tests left out, by the folder that they lie in."""
    found: dict[Path, list[Path]] = {}
    for path, module in project.modules.items():
        if path.name == "__init__.py" and not module.source.is_test:
            found.setdefault(path.parent.parent, []).append(path.parent)
    return found


def _regular_neighbour(packages: dict[Path, list[Path]], folder: Path) -> Path | None:
    """The package around the folder, or else the first beside it."""
    if folder.parent in packages.get(folder.parent.parent, ()):
        return folder.parent
    return min((each for each in packages.get(folder.parent, ()) if each != folder), default=None)
