"""Which modules of the project each import runs, asked for very often."""

from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.model.facts import MODULE, Import
from lazify.model.places import Span


class Graph:
    """The import graph of one project; every import is looked up once."""

    def __init__(self, project: Project) -> None:
        """Nothing is looked up before the first question."""
        self._project = project
        self._targets: dict[tuple[Module, Span], tuple[Module, ...]] = {}
        self._direct: dict[Module, tuple[Module, ...]] = {}

    def targets(self, module: Module, item: Import) -> tuple[Module, ...]:
        """List the modules of the project whose bodies the import runs, the outermost package first."""
        key = (module, item.span)
        if key not in self._targets:
            self._targets[key] = self._project.imported_modules(module, item)
        return self._targets[key]

    def direct(self, module: Module) -> tuple[Module, ...]:
        """List the modules that the imports at the module's top level run."""
        if module not in self._direct:
            items = (i for i in module.facts.imports if i.scope == MODULE and not i.is_typing)
            self._direct[module] = tuple(dict.fromkeys(m for i in items for m in self.targets(module, i)))
        return self._direct[module]
