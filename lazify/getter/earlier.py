"""What has run when a value is made at import: it sees what was changed before that, then as later.

main.py     load_dotenv()       has run when
            import client       this makes its value; the other way round, it has not
"""

from collections.abc import Iterator

from lazify.getter.groups import Group
from lazify.index.entries import import_closure
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import MODULE, Dynamic, Import

_IMPORTERS = frozenset({"import_module", "__import__"})
_IMPORTS = frozenset({"Import", "ImportFrom"})


class Earlier:
    """Answers for one project; imports are followed when somebody asks."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view
        self._closures: dict[tuple[Module, int], frozenset[Module]] = {}
        self._certain: dict[tuple[Module, int], frozenset[Module]] = {}
        self._reached: dict[tuple[Module, int, Module], bool] = {}

    def has_run(self, module: Module, line: int, group: Group) -> bool:
        """Tell whether a line of a module, in no function, always runs before the statements of the group.

        So does what stands above them, what they import above themselves, and what stands above their import.
        """
        if module is group.module:
            return line < group.first.span.line
        if group.module in self._run(module, line):
            return False
        is_before = is_around(module, group.module) or module in self._loaded(
            group.module, group.statements[0]
        )
        is_before = is_before or {*self._turns(module, line, group.module)} == {True}
        return is_before and not self._reaches(module, line, group.module)

    def is_done(self, module: Module, group: Group) -> bool:
        """Tell whether the body of a module has run, in any case and to its end, before the statements of the group."""
        is_loaded = module in self._loaded(group.module, group.statements[0])
        end = 1 + max((each.span.end_line for each in module.facts.statements), default=0)
        is_free = is_loaded and group.module not in self._run(module, end)
        return is_free and not self._reaches(module, end, group.module)

    def _loaded(self, importer: Module, end: int) -> frozenset[Module]:
        """The modules that a module has imported when it reaches the statement, under whatever condition."""
        if (importer, end) not in self._certain:
            project = self._view.project
            above = (
                item
                for item in importer.facts.imports
                if _is_run(item) and item.statement < end and not item.is_lazy
                if importer.facts.statements[item.statement].kind in _IMPORTS
            )
            imported = (each for item in above for each in project.imported_modules(importer, item))
            found = frozenset[Module]().union(*map(project.loaded_with, imported))
            self._certain[importer, end] = found
        return self._certain[importer, end]

    def _reaches(self, module: Module, line: int, other: Module) -> bool:
        """Tell whether functions that run before that line, or what these import, may run the body of the other."""
        key = (module, line, other)
        if key not in self._reached:
            self._reached[key] = self._finds(*key)
        return self._reached[key]

    def _finds(self, module: Module, line: int, other: Module) -> bool:
        project = self._view.project
        run, before = {*self._run(module, line)}, None
        own = [
            (module, number) for number, each in enumerate(module.facts.statements) if each.span.line < line
        ]
        above = [each for each in module.facts.dynamics if each.scope == MODULE and each.span.line < line]
        if any(self._imports(module, each) for each in above):
            return True
        while run != before:
            before, run = run, import_closure(project, run)
            inside = ((each, number) for each in run for number in range(len(each.facts.statements)))
            bodies = ((each.path, MODULE) for each in run)
            for path, scope in {*self._view.effects.reached((*own, *inside)), *bodies}:
                at = project.modules[path]
                if any(self._imports(at, each) for each in at.facts.dynamics if each.scope == scope):
                    return True
                items = (item for item in at.facts.imports if item.scope == scope and not item.is_typing)
                run |= {m for item in items for m in project.imported_modules(at, item)}
            if other in run:
                return True
        return False

    def _imports(self, module: Module, dynamic: Dynamic) -> bool:
        """Tell whether it may import a module of the project by a name as text."""
        if dynamic.what not in _IMPORTERS or dynamic.literal is None:
            return dynamic.what in _IMPORTERS
        return self._view.project.find(dynamic.literal.lstrip("."), seen_from=module) is not None

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
                yield module in self._loaded(each, self._statement(each, at))

    def _statement(self, module: Module, line: int) -> int:
        """The first statement at that line, or below."""
        return sum(each.span.end_line < line for each in module.facts.statements)

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
