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
        self._unguarded: dict[Module, tuple[Module, ...]] = {}

    def direct(self, module: Module) -> tuple[Module, ...]:
        """List the modules that the imports at the module's top level run."""
        if module not in self._direct:
            self._direct[module] = self._run(module, are_certain=False)
        return self._direct[module]

    def unguarded(self, module: Module) -> tuple[Module, ...]:
        """List those without which the module cannot be imported: no `try` is around their imports."""
        if module not in self._unguarded:
            self._unguarded[module] = self._run(module, are_certain=True)
        return self._unguarded[module]

    def _run(self, module: Module, *, are_certain: bool) -> tuple[Module, ...]:
        items = (i for i in module.facts.imports if i.scope == MODULE and not i.is_typing)
        followed = (i for i in items if i.catches is None or not are_certain)
        return tuple(dict.fromkeys(m for item in followed for m in self.targets(module, item)))
