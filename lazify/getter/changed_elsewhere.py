"""What modules change of each other's names, and of other packages': `settings.plugins.append("x")`."""

from collections.abc import Iterable, Iterator
from functools import cached_property

from lazify.index.changes import changed_in_place
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, InModule, Project, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Operation, Ref

_Changes = dict[Target, list[tuple[Module, int, Operation]]]
"""Changes by what they change: the module, the number of the operation there, the operation."""


class ChangesElsewhere:
    """Every change, by what is changed; functions of a module are read when something that it spells is asked for."""

    def __init__(self, view: View) -> None:
        """Read nothing yet."""
        self._project = view.project
        self._of_module: dict[Module, _Changes] = {}

    def of(self, target: Defined | External) -> Iterator[tuple[Module, Operation, bool]]:
        """Yield the operations that may change the target after a value was made of it.

        The last part tells whether they name it: `setattr(module, name, value)` may be for any name of the module.
        Functions count for what no module of the project owns, such as `sys.argv`: what they do to the project's
        own names is an effect on shared state.
        """
        if isinstance(target, Defined):
            named = self._at_import.get(target, [])
            seen = {(module, number) for module, number, _ in named}
            others = self._at_import.get(InModule(target.module), [])
            found = [*named, *(each for each in others if each[:2] not in seen)]
            for module, number, operation in found:
                if module is not target.module:
                    yield module, operation, (module, number) in seen
        else:
            words = (target.name.rpartition(".")[2], "setattr")
            for module in dict.fromkeys(m for word in words for m in self._project.mentioning(word)):
                for _, _, operation in self._in(module).get(target, ()):
                    yield module, operation, True

    @cached_property
    def _at_import(self) -> _Changes:
        found: _Changes = {}
        for module in self._project.modules.values():
            _collect(self._project, module, module.facts.scopes[MODULE].operations, found)
        return found

    def _in(self, module: Module) -> _Changes:
        if module not in self._of_module:
            operations = (operation for scope in module.facts.scopes for operation in scope.operations)
            self._of_module[module] = _collect(self._project, module, operations, {})
        return self._of_module[module]


def _collect(project: Project, module: Module, operations: Iterable[Operation], found: _Changes) -> _Changes:
    for number, operation in enumerate(operations):
        subject = changed_in_place(operation)
        for target in () if subject is None else _changed(project, module, subject):
            if target is not None:
                found.setdefault(target, []).append((module, number, operation))
    return found


def _changed(project: Project, module: Module, ref: Ref) -> set[Target | None]:
    """List what a chain changes: `settings.size` of a module is its name, of an object the object."""
    if not isinstance(ref, AttributeRef):
        return {resolve(project, module, ref)}
    owner = resolve(project, module, ref.value)
    if isinstance(owner, External):
        return {resolve(project, module, ref)}
    if isinstance(owner, InModule):  # that name of the module, or the object that it imports from another one
        return {Defined(owner.module, ref.name), resolve(project, module, ref)}
    return {owner, resolve(project, module, ref)}
