"""Which modules of the project each module imports at its top level, asked for very often."""

from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.model.facts import MODULE


class Graph:
    """The import graph of one project, as far as imports at module level make it."""

    def __init__(self, project: Project) -> None:
        """Nothing is looked up before the first question."""
        self.targets = project.imported_modules
        """The modules of the project whose bodies an import runs, the outermost package first."""
        self.source = project.source_module
        self._direct: dict[Module, tuple[Module, ...]] = {}

    def direct(self, module: Module) -> tuple[Module, ...]:
        """List the modules that the imports at the module's top level run."""
        if module not in self._direct:
            items = (i for i in module.facts.imports if i.scope == MODULE and not i.is_typing)
            self._direct[module] = tuple(dict.fromkeys(m for i in items for m in self.targets(module, i)))
        return self._direct[module]
