"""What a guard around imports says, and what all kinds of guards have in common."""

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.model.changes import Erase, Replace
from lazify.model.facts import MODULE, Import
from lazify.model.places import Span

CATCHES = frozenset({"ImportError", "ModuleNotFoundError"})
FIND = "find_spec"
"""The function that tells whether a package is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One `try` statement around imports, and what it says of them."""

    statement: int
    span: Span
    packages: tuple[str, ...]
    """The top packages, in the order of the imports."""
    flags: tuple[str, ...] = ()
    """Names that become True or False."""
    nones: tuple[str, ...] = ()
    """Imported names that become None instead."""
    rest: tuple[str, ...] = ()
    """What else happens where the import fails: statements, as written."""
    ends: bool = False
    """Without the package the program ends: whatever runs later knows that it is there."""
    comments: tuple[str, ...] = ()
    is_commented: bool = False
    """One of them has a line of its own."""
    defaults: tuple[Erase, ...] = ()
    """The removal of values that the flags have before, and that nobody sees."""
    has: str = ""
    """A new flag, where there is none."""
    tests: Mapping[Span, Replace] = field(default_factory=dict)
    """Uses that only ask whether a name is None, with what they become."""
    text: str = ""
    """The whole statement, where all that it does without the package is to raise: it goes as it stands."""
    names: frozenset[str] = frozenset()
    """The names that it looks up when it raises."""
    error: str | None = None
    """What it calls the exception that it catches."""

    @property
    def flag(self) -> str:
        """What tells the module from now on whether the packages are there."""
        return self.flags[0] if self.flags else self.has

    @property
    def is_needed(self) -> bool:
        """The flag is the module's own, or something that stays asks for it."""
        return bool(self.flags or self.tests or self.rest or self.is_commented)

    @property
    def is_asked_once(self) -> bool:
        """Only what the guard itself says asks whether the packages are there."""
        return self.ends and not self.flags and not self.tests

    @property
    def is_there(self) -> str:
        """The expression that tells whether all packages are there."""
        return _found(self.packages)

    def is_bound(self, item: Import) -> str:
        """Give what tells whether the guard binds what this import binds: packages that follow it say nothing."""
        needed = self.packages[: self.packages.index(item.module.partition(".")[0]) + 1]
        return self.flag if self.nones or needed == self.packages else _found(needed)

    @property
    def is_missing(self) -> str:
        """The expression that tells whether one of them is not."""
        return " or ".join(f'{FIND}("{package}") is None' for package in self.packages)


def _found(packages: Sequence[str]) -> str:
    return " and ".join(f'{FIND}("{package}") is not None' for package in packages)


def catches_import_errors(handler: ast.ExceptHandler) -> bool:
    """Tell whether it is about missing packages and nothing else."""
    match handler.type:
        case ast.Name(id=name):
            return name in CATCHES
        case ast.Tuple(elts=elements):
            return all(isinstance(each, ast.Name) and each.id in CATCHES for each in elements)
    return False


def binding_problem(
    module: Module, number: int, items: Sequence[Import], others: Collection[str]
) -> Problem | None:
    """The names that the guard binds must not get other values elsewhere; flags may have one before."""
    imported = {item.binds for item in items}
    for name in dict.fromkeys((*imported, *others)):
        for binding in module.facts.bindings.get(name, ()):
            is_before = name not in imported and binding.scope == MODULE and binding.statement < number
            if binding.statement != number and not is_before and not binding.is_typing:
                return problem(f"{name} is bound again", module, binding.span)
    return None
