"""The modules that a platform imports first, and what importing them runs."""

from collections.abc import Iterable
from pathlib import Path

from lazify.index.modules import Module
from lazify.index.project import Project


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
        if at not in seen:
            seen.add(at)
            queue += project.run_by(at)
    return seen
