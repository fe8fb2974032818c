"""Functions whose source is read: `inspect.getsource(work)`, to run it elsewhere, to show it, or to compare it.

The text would call a getter that is not where it goes.
"""

from collections.abc import Iterator
from functools import cached_property

from lazify.getter.conveyed import Conveyed, conveyed, given, top_of
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem, where
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, InModule
from lazify.index.view import View, runs_in_service
from lazify.model.facts import Does, Operation
from lazify.model.places import Span

_READS = ("getsource", "getsourcelines")
_READERS = frozenset(
    External(f"{package}.{name}") for package in ("inspect", "dill.source") for name in _READS
)


def source_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse a value that code uses whose source the program reads."""
    sourced = view.once(Sourced)
    for found in group.occurrences:
        for use in found.uses:
            if place := sourced.of(use.module, use.use.scope):
                reason = f"the program reads the source of {place[0]}, which uses {found.namespaces[0].name}"
                yield problem(f"{reason}, at {where(*place[1])}", use.module, use.span)


class Sourced:
    """Answers for one project; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view

    def of(self, module: Module, scope: int) -> tuple[str, tuple[Module, Span]] | None:
        """Name the function or class that the scope is part of, if its source is read, and where one is read."""
        if not self._readers:
            return None
        definition = top_of(module, scope)
        found = definition if definition in self._given else InModule(module)
        if found not in self._given:
            return None
        name = found.name if isinstance(found, Defined) else module.name
        reader, operation, _ = self._readers[0]
        return name, (reader, operation.span)

    @cached_property
    def _readers(self) -> list[tuple[Module, Operation, Defined | None]]:
        """The calls that read a source, each with the function that it is in."""
        project = self._view.project
        spelling = dict.fromkeys(module for name in _READS for module in project.mentioning(name))
        return [
            (module, operation, top_of(module, number))
            for module in spelling
            if runs_in_service(module)
            for number, scope in enumerate(module.facts.scopes)
            for operation in scope.operations
            if operation.does is Does.CALL and resolve(project, module, operation.subject) in _READERS
        ]

    @cached_property
    def _given(self) -> set[Defined | InModule]:
        """What is handed to what reads it, by its name."""
        direct: set[Defined | InModule] = set()
        seeds: set[Defined] = set()
        for module, operation, function in self._readers:
            for each in given(self._view, module, operation):
                if each is not None:
                    direct.add(each)
                elif function is not None:
                    seeds.add(function)
        found: Conveyed = conveyed(self._view, seeds)
        return direct | found.given
