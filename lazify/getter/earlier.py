"""What has run when a value is made at import: it sees what was changed before that, then as later.

main.py     load_dotenv()       has run when
            import client       this makes its value; the other way round, it has not
"""

from collections.abc import Iterator

from lazify.getter.groups import Group
from lazify.index.entries import import_closure
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import MODULE, Import


class Earlier:
    """Answers for one project; imports are followed when somebody asks."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view
        self._closures: dict[tuple[Module, int], frozenset[Module]] = {}

    def has_run(self, module: Module, line: int, group: Group) -> bool:
        """Tell whether a line of a module, in no function, always runs before the statements of the group.

        So does what stands above them, what they import above themselves, and what stands above their import.
        """
        if module is group.module:
            return line < group.first.span.line
        if group.module in self._run(module, line):
            return False
        if is_around(module, group.module) or module in self._run(group.module, group.first.span.line):
            return True
        return {*self._turns(module, line, group.module)} == {True}

    def _turns(self, module: Module, line: int, other: Module) -> Iterator[bool]:
        """Say of each module that runs both when it is imported whether it runs that line before the other's body.

        Where one import of it runs both, that is said of what it imports.
        """
        importers = [module]
        for each in importers:  # grows
            importers += {i: None for i, item in self._view.importers(each) if _is_run(item)}.keys() - {
                *importers
            }
            lines = sorted(item.span.line for item in each.facts.imports if _is_run(item))
            at = next((line for line in lines if other in self._run(each, line + 1)), None)
            if at is None or each is other:
                continue
            if each is module:
                yield line < at
            elif module in self._run(each, at) or module not in self._run(each, at + 1):
                yield module in self._run(each, at)

    def _run(self, importer: Module, end: int) -> frozenset[Module]:
        """The modules that a module has imported when it reaches the line."""
        if (importer, end) not in self._closures:
            project = self._view.project
            items = (item for item in importer.facts.imports if _is_run(item) and item.span.line < end)
            imported = (each for item in items for each in project.imported_modules(importer, item))
            self._closures[importer, end] = frozenset(import_closure(project, imported))
        return self._closures[importer, end]


def is_around(package: Module, module: Module) -> bool:
    """Tell whether the module lies in the package."""
    return package.path.name == "__init__.py" and package.path.parent in module.path.parents


def _is_run(item: Import) -> bool:
    return item.scope == MODULE and not item.is_typing
