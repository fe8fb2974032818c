"""Which functions and classes are handed on as values: who gets them may look at their annotations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lazify.imports.families import ClassScope, Families
from lazify.imports.values import Value, Values
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, InModule, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, NameRef


@dataclass(frozen=True, slots=True)
class _Owner:
    """A class that is named, and whose attribute is taken."""

    module: Module
    number: int


_CLASS = ("cls", "__class__", "type(self)")
"""How the code of a class names it, or one that inherits from it."""


@dataclass(slots=True)
class _Found:
    """What one module hands on under one name."""

    definitions: set[Defined] = field(default_factory=set)
    families: set[ClassScope | None] = field(default_factory=set)
    """The families of classes whose attribute it is; None for anybody's."""
    of_classes: set[ClassScope | None] = field(default_factory=set)
    """The same of classes that are named: what an object of theirs would give for a property is no function."""
    is_local: bool = False
    """It is a name of a function's, or of a class body's."""


class Escapes:
    """Tells by name where an object is not known: then all that have the name count as handed on."""

    def __init__(self, view: View, families: Families) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._families = families
        self._values: dict[Module, Values] = {}
        self._found: dict[Module, dict[str, _Found]] = {}
        self._asked: set[tuple[Module, str]] = set()

    def escapes(self, module: Module, number: int, *, is_property: bool = False) -> bool:
        """Tell whether the function or class of a scope is passed, stored or returned, other than called.

        An object gives the value of a property, and not its function.
        """
        scope = module.facts.scopes[number]
        name = scope.name.rpartition(".")[2]
        owner = module.facts.scopes[scope.parent]
        own: set[ClassScope | None] = {None}
        if owner.kind == "class":
            own.add(self._families.of(module, scope.parent))
        for each in self._named(name):
            if not own.isdisjoint(each.of_classes if is_property else each.families | each.of_classes):
                return True
        if scope.kind == "class" and self._hands_itself_on(module, number):
            return True
        if scope.parent != MODULE:
            here = self._of(module, name)
            return here is not None and here.is_local
        return any(Defined(module, name) in each.definitions for each in self._named(name))

    def _hands_itself_on(self, module: Module, number: int) -> bool:
        """Tell whether code of the class, or of one of its family, hands on the class that it is called on."""
        family = self._families.of(module, number)
        return any(family in found.families for name in _CLASS for found in self._named(name))

    def _named(self, name: str) -> Iterator[_Found]:
        """Yield what each module hands on under the name; read one by one, since one answer often is enough."""
        for module in self._view.project.mentioning("self" if name == _CLASS[-1] else name):
            if found := self._of(module, name):
                yield found

    def _of(self, module: Module, name: str) -> _Found | None:
        """Give what a module hands on under the name, which is read where it stands, not called or asked for more."""
        if module not in self._values:
            self._values[module], self._found[module] = Values(self._view, module), {}
        found = self._found[module]
        if (module, name) not in self._asked:  # many methods share a name
            self._asked.add((module, name))
            for each in self._values[module].read(_alone(name)):
                self._add(module, each, found.setdefault(each.name, _Found()))
        return found.get(name)

    def _add(self, module: Module, value: Value, found: _Found) -> None:
        if value.is_own:
            found.families.add(self._families.of(module, value.owner) if value.owner is not None else None)
            return
        if value.bound is None:
            if value.attributes:
                found.families.add(None)
            else:
                found.is_local = True
            return
        match self._target(module, value):
            case Defined(where, _) as defined:
                found.definitions.add(defined)
            case _Owner(where, number):
                found.of_classes.add(self._families.of(where, number))
            case External() | InModule():
                return
            case _:
                found.families.add(None)

    def _target(self, module: Module, value: Value) -> Target | _Owner | None:
        target: Target | None = resolve(
            self._view.project, module, NameRef(value.root, value.bound or MODULE)
        )
        for number, attribute in enumerate(value.attributes):
            if isinstance(target, Defined) and number == len(value.attributes) - 1:
                scope = target.module.facts.scopes[MODULE].definitions.get(target.name)
                if scope is not None and target.module.facts.scopes[scope].kind == "class":
                    return _Owner(target.module, scope)
            target = self._view.project.member(target, attribute)
        return target


def _alone(name: str) -> re.Pattern[str]:
    """Match the name where it is neither called nor asked for more, nor a keyword."""
    if name == _CLASS[-1]:
        return re.compile(re.escape(name))
    return re.compile(rf"{name}\b(?<!\w{name})(?!\s*[(.]|\s*=[^=])")  # begins with a literal: that is fast
