"""The modules that a platform imports first, and what importing them runs."""

from collections.abc import Iterable
from pathlib import Path

from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.model.facts import MODULE


def entry_modules(project: Project, entries: Iterable[str], *, base: Path) -> list[Module]:
    """Find the modules that are named as files, relative to `base` or to their root, or as `package.module:app`."""
    found: dict[Module, None] = {}
    for entry in entries:
        file, dotted = base / entry, entry.partition(":")[0]
        for module in project.modules.values():
            is_file = module.path == file or module.path == module.source.root / entry
            is_package = module.path in (file / "__init__.py", module.source.root / entry / "__init__.py")
            if is_file or is_package or module.name == dotted:
                found[module] = None
    return list(found)


def import_closure(project: Project, modules: Iterable[Module]) -> set[Module]:
    """Give the modules whose bodies run when these are imported."""
    queue = list(modules)
    seen: set[Module] = set()
    while queue:
        at = queue.pop()
        if at in seen:
            continue
        seen.add(at)
        parents = (project.modules.get(folder / "__init__.py") for folder in _packages(project, at))
        queue += (parent for parent in parents if parent is not None)
        for item in at.facts.imports:
            is_main = at.facts.statements[item.statement].guard == "main"
            if item.scope == MODULE and not (item.is_typing or item.is_lazy or is_main):
                queue += project.imported_modules(at, item)
    return seen


def _packages(project: Project, module: Module) -> Iterable[Path]:
    folder = module.path.parent
    while folder / "__init__.py" in project.modules:
        yield folder
        folder = folder.parent
