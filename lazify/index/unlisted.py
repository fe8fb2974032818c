"""Attributes of what the knowledge base knows only in part, as the installed source has them."""

from typing import TYPE_CHECKING

from lazify.index.abstract import Class, Instance, Made, Outside, Values, union
from lazify.index.library import Library, Written
from lazify.index.linked import Linked
from lazify.index.project import Project

if TYPE_CHECKING:
    from lazify.index.values import Evaluator


class Unlisted:
    """Reads what is not listed."""

    def __init__(self, evaluator: "Evaluator", project: Project) -> None:
        """Evaluate what is found with `evaluator`; nothing is found unless `project` is linked to a library."""
        self._evaluator = evaluator
        self._library: Library | None = project.library if isinstance(project, Linked) else None

    def attribute(self, value: Outside | Made, name: str) -> Values | None:
        """`value.name`; None where nothing was read."""
        if self._library is None:
            return None
        if isinstance(value, Made):
            return self._of_instance(value.name, name, self._library)
        return None if value.is_part else self._of_name(f"{value.name}.{name}", self._library)

    def _of_instance(self, owner: str, name: str, library: Library) -> Values | None:
        """The method of a known class that the knowledge base does not know."""
        if self._evaluator.knowledge.fact(f"{owner}.{name}") is not None:
            return None
        found = library.definition(owner)
        if found is None:
            return None
        classes = [value for value in self._written(found) if isinstance(value, Class)]
        if len(classes) != 1 or not self._evaluator.members.has(classes[0].code, name):
            return None
        return self._evaluator.members.attribute(frozenset({Instance(classes[0].code)}), name)

    def _of_name(self, name: str, library: Library) -> Values | None:
        found = library.resolve(name)
        return self._written(found) if isinstance(found, Written) else frozenset({Outside(found.name)})

    def _written(self, found: Written) -> Values:
        values = self._evaluator.target(found.definition)
        for name in found.rest:
            values = self._evaluator.members.attribute(values, name)
        return union((values,))
