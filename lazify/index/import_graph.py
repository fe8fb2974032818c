"""Which modules of a project each import names and runs; every import is looked up once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from lazify.index.finder import Finder
from lazify.index.modules import Folder, Module
from lazify.model.facts import MODULE, Import

Binds = Callable[[Module, str], bool]
"""Tells whether a module has a name as an attribute by its own code."""


class ImportGraph:
    """The imports of one project."""

    def __init__(self, modules: Mapping[Path, Module], binds: Binds) -> None:
        """Nothing is looked up before the first question."""
        self.finder = Finder(modules)
        self._modules = modules
        self._binds_own = binds
        self._sources: defaultdict[Module, dict[int, tuple[Import, Module | Folder | None]]]
        self._sources = defaultdict(dict)
        """By the identity of imports, which are kept alive here."""
        self._imported: defaultdict[Module, dict[int, tuple[Import, tuple[Module, ...]]]]
        self._imported = defaultdict(dict)
        self._direct: dict[Module, set[Module]] = {}
        self._run: dict[Module, tuple[Module, ...]] = {}
        self._loaded: dict[Module, frozenset[Module]] = {}
        self._chains: dict[Module | Folder, tuple[Module, ...]] = {}
        self._star_importers: dict[Module, list[tuple[Module, Import]]] | None = None

    def source(self, module: Module, item: Import) -> Module | Folder | None:
        """Find the module that `item` names: `a.b` of `import a.b` and of `from a.b import c`."""
        known = self._sources[module]
        if (found := known.get(id(item))) is None:
            found = known[id(item)] = (item, self._find(module, item))
        return found[1]

    def imported(self, module: Module, item: Import) -> tuple[Module, ...]:
        """List the modules whose bodies this import runs, the outermost package first."""
        known = self._imported[module]
        if (found := known.get(id(item))) is None:
            chain = (each for end in self._ends(module, item) for each in self._with_parents(module, end))
            found = known[id(item)] = (item, tuple(dict.fromkeys(chain)))
        return found[1]

    def run_by(self, module: Module) -> tuple[Module, ...]:
        """List the packages of the module, and what the imports at its top level run."""
        if module not in self._run:
            statements = module.facts.statements
            items = (
                item
                for item in module.facts.imports
                if item.scope == MODULE and not (item.is_typing or item.is_lazy)
                if statements[item.statement].guard != "main"
            )
            run = (each for item in items for each in self.imported(module, item))
            self._run[module] = tuple(dict.fromkeys((*self._chain(module), *run)))
        return self._run[module]

    def named(self, module: Module, item: Import) -> set[Module]:
        """The modules that this import needs, those that run already among them: the packages around `module`."""
        found = self.source(module, item)
        ends = [found]
        if item.name and item.name != "*" and found is not None and not self._binds(found, item.name):
            ends.append(self.finder.inside(found, item.name))
        return {each for end in ends if end is not None for each in self._chain(end)}

    def loaded_with(self, module: Module) -> frozenset[Module]:
        """List the modules that importing `module` loads in any case: an import of them in a function runs nothing.

        Its packages, and what their bodies and its own import without a condition.
        """
        if module not in self._loaded:
            found, queue = {module}, [module]
            while queue:
                at = queue.pop()
                new = self._loaded_by(at) - found
                found |= new
                queue += new
            self._loaded[module] = frozenset(found)
        return self._loaded[module]

    def _loaded_by(self, module: Module) -> set[Module]:
        if module not in self._direct:
            self._direct[module] = {*self._chain(module), *self._imported_in_any_case(module)}
        return self._direct[module]

    def star_importers(self, module: Module) -> list[tuple[Module, Import]]:
        """List the star imports of `module`'s names, each with the module that it stands in."""
        if self._star_importers is None:
            self._star_importers = {}
            for importer in self._modules.values():
                for item in importer.facts.imports:
                    source = self.source(importer, item) if item.name == "*" else None
                    if isinstance(source, Module) and source is not importer:
                        self._star_importers.setdefault(source, []).append((importer, item))
        return self._star_importers.get(module, [])

    def _find(self, module: Module, item: Import) -> Module | Folder | None:
        if item.level:
            return self.finder.relative(module, item.level, item.module)
        return self.finder.absolute(module, item.module) or self._portion(module, item)

    def _portion(self, module: Module, item: Import) -> Folder | None:
        """`import plugins` of a folder without `__init__.py`, where what is taken of it lies there."""
        folder = None if "." in item.module else self.finder.portion(module, item.module)
        if folder is None:
            return None
        uses = module.facts.uses.get(item.binds, ()) if item.name is None else ()
        taken = {item.name, *(use.attributes[0] for use in uses if use.attributes)} - {None, "*"}
        return folder if any(self.finder.inside(folder, name) for name in taken if name) else None

    def _ends(self, module: Module, item: Import) -> Iterator[Module | Folder]:
        """The module or package that `item` names, and the submodule that is taken from it."""
        found = self.source(module, item)
        if found is None:
            return
        yield found
        if item.name and item.name != "*":
            # `from . import core` in the package itself: nothing but this import binds `core` there.
            is_submodule = found is module or not self._binds(found, item.name)
            inner = self.finder.inside(found, item.name) if is_submodule else None
            if inner is not None:
                yield inner

    def _imported_in_any_case(self, module: Module) -> Iterator[Module]:
        for item in module.facts.imports:
            kind = module.facts.statements[item.statement].kind
            if item.scope == MODULE and kind in ("Import", "ImportFrom") and not item.is_lazy:
                yield from self.imported(module, item)

    def _binds(self, found: Module | Folder, name: str) -> bool:
        return isinstance(found, Module) and self._binds_own(found, name)

    def _with_parents(self, importer: Module, end: Module | Folder) -> list[Module]:
        chain = self._chain(end)
        # The importer's own packages are running already.
        return [each for each in chain if each.folder not in importer.folders or each is chain[-1]]

    def _chain(self, end: Module | Folder) -> tuple[Module, ...]:
        """List the packages that hold `end`, the outermost first, and `end` itself if it is a module."""
        if end not in self._chains:
            packages = self.finder.packages(end)
            self._chains[end] = (*packages, end) if isinstance(end, Module) else tuple(packages)
        return self._chains[end]
