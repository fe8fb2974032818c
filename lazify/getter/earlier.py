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

_IMPORTERS = frozenset({"import_module", "__import__"})
_IMPORTS = frozenset({"Import", "ImportFrom"})


class Earlier:
    """Answers for one project; imports are followed when somebody asks."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view
        self._closures: dict[tuple[Module, int], frozenset[Module]] = {}
        self._done: dict[tuple[Module, Module, int], bool] = {}

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

    def is_done(self, module: Module, group: Group) -> bool:
        """Tell whether the body of a module has run, in any case and to its end, before the statements of the group."""
        key = (module, group.module, group.first.span.line)
        if key not in self._done:
            self._done[key] = module in self._loaded(group) and not self._reaches(module, group.module)
        return self._done[key]

    def _loaded(self, group: Group) -> frozenset[Module]:
        """The modules that imports above the group load, but for those that only run under a condition."""
        project, owner = self._view.project, group.module
        above = (
            item
            for item in owner.facts.imports
            if _is_run(item) and item.statement < group.statements[0] and not item.is_lazy
            if owner.facts.statements[item.statement].kind in _IMPORTS
        )
        imported = (each for item in above for each in project.imported_modules(owner, item))
        return frozenset[Module]().union(*map(project.loaded_with, imported))

    def _reaches(self, module: Module, other: Module) -> bool:
        """Tell whether importing the one may run the body of the other, also by functions that it calls."""
        project, run, before = self._view.project, {module}, set[Module]()
        while run != before:
            before, run = run, import_closure(project, run)
            statements = ((each, number) for each in run for number in range(len(each.facts.statements)))
            called = {*self._view.effects.reached(statements), *((each.path, MODULE) for each in run)}
            for path, scope in called:
                facts = project.modules[path].facts
                if any(each.what in _IMPORTERS and each.scope == scope for each in facts.dynamics):
                    return True
                items = [item for item in facts.imports if item.scope == scope and not item.is_typing]
                run |= {m for item in items for m in project.imported_modules(project.modules[path], item)}
            if other in run:
                return True
        return False

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
