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
    told: set[Path] = set()
    for module, item in imports:
        for folder in _folders_on_the_way(project, module, item):
            if folder not in told and (beside := _regular_neighbour(project, folder)) is not None:
                told.add(folder)
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


def _regular_neighbour(project: Project, folder: Path) -> Path | None:
    """The package around the folder, or else the first beside it."""
    if folder.parent / "__init__.py" in project.modules:
        return folder.parent
    beside = (
        path.parent
        for path in project.modules
        if path.name == "__init__.py" and path.parent.parent == folder.parent and path.parent != folder
    )
    return min((each for each in beside if not _is_of_tests(project, each)), default=None)


def _is_of_tests(project: Project, package: Path) -> bool:
    return project.modules[package / "__init__.py"].source.is_test
