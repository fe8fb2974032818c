"""What an expression may be, as far as can be told without running it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lazify.index.codes import Code
from lazify.index.modules import Module

Values = frozenset["Value"]
"""Everything that an expression may be; empty for one that never has a value."""

Variable = tuple[Code, str]
"""A parameter, and the function that has it."""

Bindings = frozenset[tuple[Variable, Values]]
"""What parameters are, where it is known."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or lambda of the project, with what it closes over and what is bound already."""

    code: Code
    bindings: Bindings = frozenset()
    bound: int = 0
    """How many of its leading positional parameters are bound."""


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the project."""

    code: Code


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class of the project; of a subclass too, where only an annotation tells."""

    code: Code


@dataclass(frozen=True, slots=True)
class Generated:
    """The iterator that calling a generator function gives."""

    code: Code
    bindings: Bindings


@dataclass(frozen=True, slots=True)
class OfModule:
    """A module of the project."""

    module: Module


@dataclass(frozen=True, slots=True)
class OfFolder:
    """A namespace package of the project."""

    path: Path


@dataclass(frozen=True, slots=True)
class Outside:
    """Something lazify did not read, by its qualified name; builtins are `builtins.open`."""

    name: str


@dataclass(frozen=True, slots=True)
class Made:
    """An instance of a class that lazify did not read."""

    name: str
    """The class; `f()` for what calling the unknown `f` gives."""


@dataclass(frozen=True, slots=True)
class Data:
    """An instance of a builtin type."""

    type: str


Step = str | Code
"""`.name`, `()`, `[]` or `with`; a class for `super()` in one of its methods."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a parameter is, or what some steps from there lead to."""

    code: Code
    name: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of the class `code`, for that instance or class."""

    code: Code
    receiver: "Instance | Class"


@dataclass(frozen=True, slots=True)
class Shared:
    """A mark beside other values: the object is (or is part of) what this module-level name holds."""

    module: Module
    name: str
    """`REGISTRY`, or `Manager.registry` for what the body of a class holds."""

    @property
    def qualified(self) -> str:
        """The dotted name with its module's."""
        return f"{self.module.name}.{self.name}"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Cannot be told."""


@dataclass(frozen=True, slots=True)
class Anything:
    """So many things that they are not told apart; no other value stands beside it."""


Value = (
    Function
    | Class
    | Instance
    | Generated
    | OfModule
    | OfFolder
    | Outside
    | Made
    | Data
    | Given
    | Super
    | Shared
    | Unknown
    | Anything
)

UNKNOWN: Values = frozenset({Unknown()})
ANYTHING: Values = frozenset({Anything()})
NOTHING: Values = frozenset()

MOST_VALUES = 64
MOST_STEPS = 4
DEEPEST_BINDINGS = 1
MOST_BOUND = 8


def union(parts: Iterable[Values]) -> Values:
    """All values of all parts; ANYTHING where they are too many."""
    found = NOTHING.union(*parts)
    return ANYTHING if len(found) > MOST_VALUES or Anything() in found else found


def is_constant(value: Value) -> bool:
    """Tell whether nothing can change the value in place."""
    return isinstance(value, Data) and value.type in _CONSTANT_TYPES


_CONSTANT_TYPES = frozenset("str bytes int float complex bool None tuple frozenset ellipsis range".split())


def sort_key(value: Value) -> tuple[str, ...]:
    """Sorts values the same way in every run."""
    kind = type(value).__name__
    match value:
        case Function(code, bindings, bound):
            inner = sorted((of.order, name, sorted(map(sort_key, values))) for (of, name), values in bindings)
            return kind, *map(str, code.order), str(bound), repr(inner)
        case Class(code) | Instance(code):
            return kind, *map(str, code.order)
        case Super(code, receiver):
            return kind, *map(str, code.order), *sort_key(receiver)
        case Generated(code, bindings):
            return kind, *sort_key(Function(code, bindings))
        case Given(code, name, steps):
            return kind, *map(str, code.order), name, str(len(steps))
        case Shared(module, name):
            return kind, str(module.path), name
        case OfModule(module):
            return kind, str(module.path)
        case OfFolder(path):
            return kind, str(path)
        case Outside(name) | Made(name) | Data(name):
            return kind, name
        case Unknown() | Anything():
            return (kind,)


def trimmed(values: Values, room: int = DEEPEST_BINDINGS) -> Values:
    """Values small enough to be what a parameter is: functions that close over functions end at some depth."""
    if len(values) > MOST_BOUND:
        return ANYTHING
    if not any(isinstance(value, Function | Generated) and value.bindings for value in values):
        return values
    return frozenset(_trimmed(value, room) for value in values)


def _trimmed(value: Value, room: int) -> Value:
    match value:
        case Function(code, bindings, bound):
            return Function(code, _trimmed_bindings(bindings, room), bound)
        case Generated(code, bindings):
            return Generated(code, _trimmed_bindings(bindings, room))
        case _:
            return value


def _trimmed_bindings(bindings: Bindings, room: int) -> Bindings:
    if room == 0:
        return frozenset()
    return frozenset((variable, trimmed(values, room - 1)) for variable, values in bindings)
