"""The files of a project as modules."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lazify.model.facts import AttributeRef, Does, Facts, Import, NameRef, Operation, Use
from lazify.model.places import Source


@dataclass(frozen=True, kw_only=True, eq=False)
class Module:
    """One file of the project and what it says; equal only to itself."""

    source: Source
    facts: Facts

    @property
    def path(self) -> Path:
        """The file."""
        return self.source.path

    @property
    def name(self) -> str:
        """The dotted name, for messages."""
        return self.source.module

    @cached_property
    def path_name(self) -> str:
        """The dotted path from the root of the project: it ends with every name that the module is imported by."""
        end = self.package if self.path.name == "__init__.py" else self.path.with_suffix("")
        return ".".join(end.relative_to(self.source.root).parts)

    @cached_property
    def package(self) -> Path:
        """The folder that relative imports of level 1 start from."""
        return self.path.parent

    @cached_property
    def folder(self) -> str:
        """The same as text, which is compared much faster than a path."""
        return str(self.package)

    @cached_property
    def folders(self) -> frozenset[str]:
        """All folders that the file lies in."""
        return frozenset(map(str, self.path.parents))

    def imports_of(self, scope: int, name: str) -> tuple[Import, ...]:
        """The imports that bind a name in one scope."""
        return self._imports.get((scope, name), ())

    def uses_through(self, attribute: str) -> list[Use]:
        """List the uses that have the attribute anywhere in their chain, by the order of their first names."""
        return self._uses_through.get(attribute, [])

    def uses_at(self, statement: int) -> list[Use]:
        """List the uses in one top-level statement, name by name."""
        return self._uses_at.get(statement, [])

    def calls_of(self, name: str) -> list[tuple[int, Operation]]:
        """List the calls of what has that last name, each with the scope that it stands in."""
        return self._calls.get(name, [])

    @cached_property
    def _calls(self) -> dict[str, list[tuple[int, Operation]]]:
        found: dict[str, list[tuple[int, Operation]]] = {}
        for number, scope in enumerate(self.facts.scopes):
            for each in scope.operations:
                if each.does is Does.CALL and isinstance(each.subject, NameRef | AttributeRef):
                    found.setdefault(each.subject.name, []).append((number, each))
        return found

    @cached_property
    def _uses_at(self) -> dict[int, list[Use]]:
        found: dict[int, list[Use]] = {}
        for uses in self.facts.uses.values():
            for use in uses:
                found.setdefault(use.statement, []).append(use)
        return found

    @cached_property
    def _uses_through(self) -> dict[str, list[Use]]:
        found: dict[str, list[Use]] = {}
        for uses in self.facts.uses.values():
            for use in uses:
                for attribute in dict.fromkeys(use.attributes):
                    found.setdefault(attribute, []).append(use)
        return found

    @cached_property
    def _imports(self) -> dict[tuple[int, str], tuple[Import, ...]]:
        found: dict[tuple[int, str], tuple[Import, ...]] = {}
        for item in self.facts.imports:
            key = (item.scope, item.binds)
            found[key] = (*found.get(key, ()), item)
        return found


@dataclass(frozen=True, slots=True)
class Folder:
    """A namespace package: a folder with modules and without `__init__.py`."""

    path: Path
