"""All modules of a project with their names resolved across files: re-exports, aliases, star imports, attributes."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lazify.index.import_graph import ImportGraph
from lazify.index.meanings import BUILTINS, Builtin, Defined, External, InModule, Target
from lazify.index.modules import Folder, Module
from lazify.model.facts import MODULE, BindingKind, Import, Use
from lazify.model.places import Failure

__all__ = ["BUILTINS", "Builtin", "Defined", "External", "InModule", "Project", "Target"]


class Project:
    """Every module that one run sees, and what its names mean."""

    def __init__(
        self, modules: Iterable[Module], failures: Iterable[Failure] = (), *, foreign: Iterable[Failure] = ()
    ) -> None:
        """Take the scanned `modules`; `failures` and files in other languages use every name they mention."""
        self.modules: Mapping[Path, Module] = {module.path: module for module in modules}
        self.failures = tuple(failures)
        self.unseen = (*self.failures, *foreign)
        """Files whose uses cannot be seen."""
        self._imports = ImportGraph(self.modules, self.binds)
        self._finder = self._imports.finder
        self._lookups: dict[tuple[Module, str], Target | None] = {}
        self._stars: dict[tuple[Module, str], Module | None] = {}
        self._following = 0
        """How many look-ups are under way: what is found meanwhile may lack what they will find."""
        self._targets: dict[Module, dict[int, tuple[Import, Target | None]]] = {}
        """By the identity of imports, which are kept alive here."""
        self._module_names: dict[Module, tuple[str, ...]] = {}
        self._words: dict[str, list[Module]] | None = None

    def mentioning(self, word: str) -> list[Module]:
        """List the modules that hold the identifier `word` anywhere, in the order of their paths."""
        if self._words is None:
            self._words = {}
            for module in self.modules.values():
                for each in module.facts.words:
                    self._words.setdefault(each, []).append(module)
        return self._words.get(word, [])

    def star_importers(self, module: Module) -> list[tuple[Module, Import]]:
        """List the star imports of `module`'s names, each with the module that it stands in."""
        return self._imports.star_importers(module)

    def source_module(self, module: Module, item: Import) -> Module | Folder | None:
        """Find the module that `item` names: `a.b` of `import a.b` and of `from a.b import c`."""
        return self._imports.source(module, item)

    def has_submodule(self, package: Module | Folder, name: str) -> bool:
        """Tell whether this is a package with a module or package of that dotted name in it."""
        return self._finder.inside(package, name) is not None

    def imported_modules(self, module: Module, item: Import) -> tuple[Module, ...]:
        """List the modules of the project whose bodies this import runs, the outermost package first."""
        return self._imports.imported(module, item)

    def run_by(self, module: Module) -> tuple[Module, ...]:
        """List the modules whose bodies run with that of `module`: packages around it, imports at its top level."""
        return self._imports.run_by(module)

    def loaded_with(self, module: Module) -> frozenset[Module]:
        """List the modules that importing `module` loads in any case: an import of them in a function runs nothing."""
        return self._imports.loaded_with(module)

    def named_modules(self, module: Module, item: Import) -> set[Module]:
        """The modules that this import needs, those that run already among them: the packages around `module`."""
        return self._imports.named(module, item)

    def import_target(self, module: Module, item: Import) -> Target | None:
        """Tell what the name that `item` binds means; None when a module of the project does not have it."""
        known = self._targets.setdefault(module, {})
        if id(item) in known:
            return known[id(item)][1]
        target = self._target(module, item)
        if not self._following:
            known[id(item)] = (item, target)
        return target

    def lookup(self, module: Module, name: str) -> Target | None:
        """Follow the module-level `name` of `module` to what defines it.

        Several bindings that disagree give `Defined(module, name)`; a name nothing binds gives None.
        """
        key = (module, name)
        if key not in self._lookups:
            self._lookups[key] = None  # an import cycle that never arrives defines nothing
            self._following += 1
            self._lookups[key] = self._look(module, name)
            self._following -= 1
        return self._lookups[key]

    def member(self, target: Target | None, attribute: str) -> Target | None:
        """Find an attribute of a module, a package or something external; None for anything else."""
        match target:
            case InModule(module):
                found = self.lookup(module, attribute) if self.binds(module, attribute) else None
                return found or _as_target_or_none(self._finder.inside(module, attribute))
            case Folder():
                return _as_target_or_none(self._finder.inside(target, attribute))
            case External(name):
                return External(f"{name}.{attribute}")
            case _:
                return None

    def binds(self, module: Module, name: str) -> bool:
        """Tell whether `module` has `name` as an attribute by its own code, star imports included."""
        return name in module.facts.bindings or self.star_source(module, name) is not None

    def star_source(self, module: Module, name: str) -> Module | None:
        """Find the module whose star import brings `name` into `module`; the last one wins, as at run time."""
        key = (module, name)
        if key not in self._stars:
            self._stars[key] = None  # modules that import * from each other end here
            self._stars[key] = self._find_star(module, name)
        return self._stars[key]

    def exports(self, module: Module, name: str) -> bool:
        """Tell whether `from module import *` brings `name`."""
        facts = module.facts
        if facts.exports is not None and not facts.exports_are_dynamic:
            return any(name == export for export, _ in facts.exports)
        return not name.startswith("_") and self.binds(module, name)

    def steps(self, module: Module, use: Use) -> Iterator[tuple[Module, str, int]]:
        """Yield each module attribute that the chain of `use` passes: its module, its name, its depth.

        Depth counts the attributes used up: 1 for `m.x` where `m` is the module. The plain name itself is
        not among them.
        """
        target = self.named(module, use)
        for depth, attribute in enumerate(use.attributes, start=1):
            if isinstance(target, InModule) and self.binds(target.module, attribute):
                yield target.module, attribute, depth
            target = self.member(target, attribute)
            if target is None:
                return

    def named(self, module: Module, use: Use) -> Target | None:
        """Tell what the first name of `use` means."""
        if use.bound == MODULE:
            return self.lookup(module, use.name)
        targets = {self.import_target(module, item) for item in self.local_imports(module, use)}
        return targets.pop() if len(targets) == 1 else None

    def module_names(self, module: Module) -> Iterable[str]:
        """List the names that imports, wherever they stand in `module`, bind to modules and packages of the project."""
        if module not in self._module_names:
            bound = (
                i
                for i in module.facts.imports
                if isinstance(self.import_target(module, i), InModule | Folder)
            )
            self._module_names[module] = tuple(dict.fromkeys(item.binds for item in bound))
        return self._module_names[module]

    def local_imports(self, module: Module, use: Use) -> list[Import]:
        """List the imports of a function that bind the name of `use` there."""
        return list(module.imports_of(use.bound, use.name))

    def import_root(self, module: Module) -> Path:
        """The folder that must be on `sys.path` for the module's own package to be importable."""
        return self._finder.import_root(module)

    def find(self, dotted: str, *, seen_from: Module) -> tuple[Module, tuple[str, ...]] | None:
        """Find the longest module that the dotted name starts with, and the parts that are left."""
        parts = tuple(dotted.split("."))
        for end in range(len(parts), 0, -1):
            found = self._finder.absolute(seen_from, ".".join(parts[:end]))
            if isinstance(found, Module):
                return found, parts[end:]
        return None

    def _find_star(self, module: Module, name: str) -> Module | None:
        for item in reversed(module.facts.imports):
            if item.name == "*" and item.scope == MODULE and not item.is_typing:
                found = self.source_module(module, item)
                if isinstance(found, Module) and found is not module and self.exports(found, name):
                    return found
        return None

    def _look(self, module: Module, name: str) -> Target | None:
        bindings = [b for b in module.facts.bindings.get(name, ()) if b.kind is not BindingKind.DELETE]
        if not bindings:
            star = self.star_source(module, name)
            if star is not None:
                return self.lookup(star, name)
            return Builtin(name) if name in BUILTINS else None
        if any(b.kind is not BindingKind.IMPORT for b in bindings):
            return Defined(module, name)
        targets = {self.import_target(module, module.facts.imports[b.index]) for b in bindings}
        return targets.pop() if len(targets) == 1 else Defined(module, name)

    def _target(self, module: Module, item: Import) -> Target | None:
        found = self.source_module(module, item)
        if found is None:
            return _external_target(item)
        if item.name is None:
            if item.alias or "." not in item.module:
                return _as_target(found)
            top = self._finder.top(module, item.module)
            return _as_target(top) if top is not None else External(item.module.partition(".")[0])
        return self.member(_as_target(found), item.name)


def _external_target(item: Import) -> Target | None:
    if item.level:
        return None
    if item.name is None:
        return External(item.module if item.alias else item.module.split(".")[0])
    return External(f"{item.module}.{item.name}") if item.name != "*" else None


def _as_target(found: Module | Folder) -> InModule | Folder:
    return InModule(found) if isinstance(found, Module) else found


def _as_target_or_none(found: Module | Folder | None) -> InModule | Folder | None:
    return None if found is None else _as_target(found)
