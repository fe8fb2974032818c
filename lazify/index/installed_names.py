"""Reads of attributes that run installed code: its names are not known before it is read, so the classes tell."""

from lazify.index.abstract import Class, Instance, Value
from lazify.index.codes import Code
from lazify.index.installed import InstalledModule
from lazify.index.linked import Linked
from lazify.index.values import Evaluator
from lazify.model.facts import AttributeRef


class InstalledNames:
    """Which reads run an installed property, descriptor or `__getattr__`, by what they are read of."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Nothing does unless the evaluator's project is linked to a library."""
        self._evaluator = evaluator
        self._is_linked = isinstance(evaluator.project, Linked)
        self._known: dict[tuple[Code, str], bool] = {}

    def runs(self, read: AttributeRef, code: Code) -> bool:
        """Tell whether reading the attribute may run code."""
        if not self._is_linked:
            return False
        values = self._evaluator.closures.settled(self._evaluator.evaluate(read.value, code))
        return any(self._is_hook(value, read.name) for value in values)

    def _is_hook(self, value: Value, name: str) -> bool:
        if not isinstance(value, Instance | Class):
            return False
        key = (value.code, name)
        if key not in self._known:
            self._known[key] = self._has_hook(value.code, name)
        return self._known[key]

    def _has_hook(self, code: Code, name: str) -> bool:
        members = self._evaluator.members
        if any(method.is_property and _is_installed(method) for method in members.methods(code, name)):
            return True
        if not members.has(code, name) and any(map(_is_installed, members.methods(code, "__getattr__"))):
            return True
        for base in self._evaluator.classes.own(code):
            if name in base.scope.locals:
                held = (each for each in self._evaluator.name(base, name) if isinstance(each, Instance))
                getters = (method for each in held for method in members.methods(each.code, "__get__"))
                return any(map(_is_installed, getters))
        return False


def _is_installed(code: Code) -> bool:
    return isinstance(code.module, InstalledModule)
