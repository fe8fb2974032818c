"""The project with what is installed beside it, for the effects engine alone: codemods see the project."""

from collections.abc import Iterator

from lazify.index.installed import InstalledModule
from lazify.index.library import Imported, Library, Written
from lazify.index.modules import Folder, Module
from lazify.index.project import Builtin, Defined, External, InModule, Project, Target
from lazify.model.facts import MODULE, Import, Use


class Linked(Project):
    """Names lead on into installed modules, whose own names are followed there.

    The body of an installed module is taken to have run: its import is no effect here, as any import of what
    is no part of the project.
    """

    def __init__(self, project: Project, library: Library) -> None:
        """Read what `project` imports in `library`."""
        super().__init__(project.modules.values(), project.failures)
        self.library = library

    def source_module(self, module: Module, item: Import) -> Module | Folder | None:
        """Find the module of the project that `item` names."""
        return None if isinstance(module, InstalledModule) else super().source_module(module, item)

    def imported_modules(self, module: Module, item: Import) -> tuple[Module, ...]:
        """List the modules of the project whose bodies this import runs."""
        return () if isinstance(module, InstalledModule) else super().imported_modules(module, item)

    def import_target(self, module: Module, item: Import) -> Target | None:
        """Tell what the name that `item` binds means."""
        if item.level and not isinstance(module, InstalledModule):
            return super().import_target(module, item)
        is_own = self.source_module(module, item) is not None
        return super().import_target(module, item) if is_own else self.library.import_target(module, item)

    def member(self, target: Target | None, attribute: str) -> Target | None:
        """Find an attribute of a module, a package or something external."""
        if isinstance(target, InModule) and isinstance(target.module, InstalledModule):
            return self.library.target(Imported(target.module.name, (attribute,)))
        found = super().member(target, attribute)
        if not isinstance(found, External):
            return found
        meaning = self.library.resolve(found.name)
        return found if isinstance(meaning, Written) and meaning.rest else _target(meaning)

    def binds(self, module: Module, name: str) -> bool:
        """Tell whether `module` has `name` as an attribute by its own code."""
        if isinstance(module, InstalledModule):
            return self.library.bound(module, name) is not None
        return super().binds(module, name)

    def find(self, dotted: str, *, seen_from: Module) -> tuple[Module, tuple[str, ...]] | None:
        """Find the longest module of the project that the dotted name starts with."""
        return None if isinstance(seen_from, InstalledModule) else super().find(dotted, seen_from=seen_from)

    def steps(self, module: Module, use: Use) -> Iterator[tuple[Module, str, int]]:
        """Yield each module attribute that the chain of `use` passes: its module, its name, its depth."""
        if not isinstance(module, InstalledModule):
            yield from super().steps(module, use)
            return
        target = self.named(module, use)
        for depth, attribute in enumerate(use.attributes, start=1):
            target = self.member(target, attribute)
            if isinstance(target, Defined):
                yield target.module, target.name, depth
            if not isinstance(target, External):
                return

    def _look(self, module: Module, name: str) -> Target | None:
        if isinstance(module, InstalledModule):
            return self.library.lookup(module, name)
        found = super()._look(module, name)
        if found is None or isinstance(found, Builtin):
            return self._starred(module, name) or found
        return found

    def _starred(self, module: Module, name: str) -> Target | None:
        """`from flask import *` in the project."""
        for item in reversed(module.facts.imports):
            outside = item.name == "*" and item.scope == MODULE and not item.level and not item.is_typing
            if outside and self.source_module(module, item) is None:
                found = self.library.star(item.module, name)
                if found is not None:
                    return self.library.target(found)
        return None


def _target(meaning: External | Written) -> Target:
    return meaning.definition if isinstance(meaning, Written) else meaning
