"""Classes of the project that may be one object's: what inherits from one another, by any way."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import BUILTINS, Builtin, Defined, External, Project
from lazify.model.facts import MODULE, ItemRef, NameRef, Ref

ClassScope = tuple[Module, int]
"""A class: the module that defines it, and its scope there."""
_KNOWN = (Builtin, Defined, External)


class Families:
    """An object of any class of a family may have the methods of all others of it, and of no other family's."""

    def __init__(self, project: Project) -> None:
        """Nothing is searched before the first question."""
        self._project = project

    def of(self, module: Module, scope: int) -> ClassScope | None:
        """Give the class that stands for the family; None where a base that nobody knows may join it to others."""
        at = _root(self._joined, (module, scope))
        return None if at in self._open else at

    def below(self, module: Module, scope: int) -> Iterator[ClassScope]:
        """Yield a class and all that inherit from it."""
        found = [(module, scope)]
        for at in found:
            found += [each for each in self._children.get(at, ()) if each not in found]
            yield at

    @cached_property
    def _children(self) -> dict[ClassScope, list[ClassScope]]:
        children: dict[ClassScope, list[ClassScope]] = {}
        for at, base in self._bases():
            if above := self._class_of(at[0], base):
                children.setdefault(above, []).append(at)
        return children

    @cached_property
    def _joined(self) -> dict[ClassScope, ClassScope]:
        """Joins of two families: one's class to the other's."""
        joined: dict[ClassScope, ClassScope] = {}
        for at, base in self._bases():
            if above := self._class_of(at[0], base):
                joined[_root(joined, at)] = _root(joined, above)
        return joined

    def _class_of(self, module: Module, base: Ref | None) -> ClassScope | None:
        match self._resolved(module, base):
            case Defined(where, name) if (
                number := where.facts.scopes[MODULE].definitions.get(name)
            ) is not None:
                return where, number
        return None

    @cached_property
    def _open(self) -> frozenset[ClassScope]:
        is_unknown = (at for at, base in self._bases() if not isinstance(self._resolved(at[0], base), _KNOWN))
        return frozenset(_root(self._joined, at) for at in is_unknown)

    def _bases(self) -> Iterator[tuple[ClassScope, Ref | None]]:
        for module in self._project.modules.values():
            for number, scope in enumerate(module.facts.scopes):
                yield from (((module, number), base) for base in scope.bases if scope.kind == "class")

    def _resolved(self, module: Module, base: Ref | None) -> object:
        ref = base.value if isinstance(base, ItemRef) else base
        if isinstance(ref, NameRef) and ref.name in BUILTINS and ref.name not in module.facts.bindings:
            return Builtin(ref.name)
        return resolve(self._project, module, ref)


def _root(joined: Mapping[ClassScope, ClassScope], at: ClassScope) -> ClassScope:
    while at in joined and joined[at] != at:
        at = joined[at]
    return at
