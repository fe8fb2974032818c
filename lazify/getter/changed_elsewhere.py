"""What modules change of each other's names, and of other packages': `settings.plugins.append("x")`."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from lazify.index.changes import changed_in_place
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, InModule, Project, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Operation, Ref


class ChangeElsewhere(NamedTuple):
    """An operation that may change something of another module."""

    module: Module
    operation: Operation
    is_at_import: bool
    """The body of the module, or of a class in it, does that; else a function."""
    is_named: bool = True
    """What is changed is named: `setattr(module, name, value)` may be for any name of the module."""


_Changes = dict[Target, list[ChangeElsewhere]]
"""By what they change."""


class ChangesElsewhere:
    """Every change, by what is changed; functions of a module are read when something that it spells is asked for."""

    def __init__(self, view: View) -> None:
        """Read nothing yet."""
        self._project = view.project
        self._of_module: dict[Module, _Changes] = {}

    def of(self, target: Defined | External) -> Iterator[ChangeElsewhere]:
        """Yield the operations that may change the target after a value was made of it.

        Functions count for what no module of the project owns, such as `sys.argv`: what they do to the project's
        own names is an effect on shared state.
        """
        if isinstance(target, Defined):
            named = self._at_import.get(target, [])
            unnamed = (
                each._replace(is_named=False) for each in self._at_import.get(InModule(target.module), ())
            )
            yield from (each for each in (*named, *unnamed) if each.module is not target.module)
        else:
            words = (target.name.rpartition(".")[2], "setattr")
            for module in dict.fromkeys(m for word in words for m in self._project.mentioning(word)):
                yield from self._in(module).get(target, ())

    @cached_property
    def _at_import(self) -> _Changes:
        found: _Changes = {}
        for module in self._project.modules.values():
            for number in range(len(module.facts.scopes)):
                if _runs_at_import(module, number):
                    _collect(self._project, module, number, found)
        return found

    def _in(self, module: Module) -> _Changes:
        if module not in self._of_module:
            found = self._of_module[module] = {}
            for number in range(len(module.facts.scopes)):
                _collect(self._project, module, number, found)
        return self._of_module[module]


def _runs_at_import(module: Module, number: int) -> bool:
    """Tell whether the code is that of the module, or of a class in no function."""
    while number != MODULE and module.facts.scopes[number].kind == "class":
        number = module.facts.scopes[number].parent
    return number == MODULE


def _collect(project: Project, module: Module, scope: int, found: _Changes) -> None:
    is_at_import = _runs_at_import(module, scope)
    for operation in module.facts.scopes[scope].operations:
        subject = changed_in_place(operation)
        for target in () if subject is None else _changed(project, module, subject):
            if target is not None:
                found.setdefault(target, []).append(ChangeElsewhere(module, operation, is_at_import))


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
