"""Packages that a project carries within itself and finds by way of `sys.path`: `thirdparty/clip/clip/model.py`."""

from lazify.index.modules import Folder, Module
from lazify.index.project import Project


def vendored(project: Project) -> frozenset[str]:
    """Give the top packages whose own files import them by that name, where all that they import of them is there.

    A folder that is only named like an outside package imports what it does not hold: `backends/torch`. Of what is
    there, only the first part is looked for, since generated files below it are none of the project.
    """
    found: dict[str, bool] = {}
    for module in project.modules.values():
        around = {*module.path.parent.relative_to(module.source.root).parts}
        for item in module.facts.imports:
            top, _, below = item.module.partition(".")
            is_own = top in around and below and not item.level and found.get(top, True)
            if is_own and project.source_module(module, item) is None:
                found[top] = _holds(project, module, top, below.partition(".")[0])
    return frozenset(top for top, is_there in found.items() if is_there)


def _holds(project: Project, module: Module, top: str, part: str) -> bool:
    """Tell whether a folder of that name around the module, or one of that name in it, holds a module or package."""
    around = (each for each in module.path.parents if each.name == top)
    folders = (folder for each in around for folder in (each, each / top))
    return any(project.has_submodule(Folder(each), part) for each in folders)
