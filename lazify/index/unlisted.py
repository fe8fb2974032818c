"""Attributes of what the knowledge base knows only in part, as the installed source has them."""

from typing import TYPE_CHECKING

from lazify.index.abstract import (
    Anything,
    Class,
    Instance,
    Made,
    Outside,
    Unknown,
    Value,
    Values,
    marks,
    union,
)
from lazify.index.codes import Code
from lazify.index.installed import InstalledModule
from lazify.index.library import Library, Written
from lazify.index.linked import Linked
from lazify.index.ordering import sort_key
from lazify.index.outside import WRAPS
from lazify.index.project import Project

if TYPE_CHECKING:
    from lazify.index.values import Evaluator


class Unlisted:
    """Reads what is not listed."""

    def __init__(self, evaluator: "Evaluator", project: Project) -> None:
        """Evaluate what is found with `evaluator`; nothing is found unless `project` is linked to a library."""
        self._evaluator = evaluator
        self._library: Library | None = project.library if isinstance(project, Linked) else None

    def attribute(self, value: Outside | Made, name: str, beside: Values) -> Values | None:
        """`value.name`, where `beside` are all the values that stand in its place; None where nothing was read."""
        if self._library is None:
            return None
        if isinstance(value, Outside):
            return None if value.is_part else self._of_name(f"{value.name}.{name}", self._library)
        instance = self.instance(value, name, beside)
        return None if instance is None else self._evaluator.members.attribute(frozenset({instance}), name)

    def instance(self, value: Made, name: str, beside: Values) -> Instance | None:
        """The object as its class is written, if its `name` is there and the knowledge base does not know it."""
        if self._library is None or self._evaluator.knowledge.fact(f"{value.name}.{name}") is not None:
            return None
        found = self._library.definition(value.name)
        if found is None:
            return None
        classes = [each for each in self._written(found) if isinstance(each, Class)]
        if len(classes) != 1 or not self._evaluator.members.has(classes[0].code, name):
            return None
        return Instance(classes[0].code, min(marks(beside), key=sort_key, default=None))

    def is_unknown(self, decorators: Values, code: Code) -> bool:
        """Tell whether a decorator of installed code may make anything of it: nobody is told of it elsewhere.

        In the project, the statement with the decorator is what runs unknown code.
        """
        if not isinstance(code.module, InstalledModule):
            return False
        return not decorators or any(map(self._is_unknown, decorators))

    def _is_unknown(self, decorator: Value) -> bool:
        if isinstance(decorator, Outside | Made):
            is_special = decorator.name == WRAPS or decorator.name.startswith("builtins.property.")
            return not is_special and self._evaluator.knowledge.fact(decorator.name) is None
        return isinstance(decorator, Unknown | Anything)

    def _of_name(self, name: str, library: Library) -> Values | None:
        found = library.resolve(name)
        return self._written(found) if isinstance(found, Written) else frozenset({Outside(found.name)})

    def _written(self, found: Written) -> Values:
        values = self._evaluator.target(found.definition)
        for name in found.rest:
            values = self._evaluator.members.attribute(values, name)
        return union((values,))
