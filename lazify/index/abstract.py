"""What an expression may be, as far as can be told without running it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
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
class Class:
    """A class of the project."""

    code: Code


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class of the project; of a subclass too, where only an annotation tells."""

    code: Code
    shared: Shared | None = None
    """What holds it, when that is at module level."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function or lambda of the project.

    What it closes over is spread over several values: each knows one `binding`, so that sets of values only
    ever grow while they are worked out.
    """

    code: Code
    bound: int = 0
    """How many of its leading positional parameters are bound."""
    receiver: "Instance | Class | None" = None
    """The first of them, in a bound method."""
    frames: frozenset[Code] = frozenset()
    """The functions whose parameters it knows; its own code for a partial."""
    binding: "tuple[Variable, Value] | None" = None


@dataclass(frozen=True, slots=True)
class Generated:
    """The iterator that calling a generator function gives."""

    function: Function
    """With the parameters of the call as if it closed over them."""


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
    is_part: bool = False
    """An attribute of some instance of a class, not of a module or class itself."""


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

_SYMBOLS = frozenset({Given, Generated})

MOST_VALUES = 64
MOST_STEPS = 4
DEEPEST_BINDINGS = 1


def union(parts: Iterable[Values]) -> Values:
    """All values of all parts; ANYTHING where they are too many."""
    given = list(parts)
    if len(given) == 1:
        return given[0]
    found = NOTHING.union(*given)
    return ANYTHING if len(found) > MOST_VALUES or not found.isdisjoint(ANYTHING) else found


def spread(function: Callable[[Value], Values], values: Values) -> Values:
    """What `function` gives for all of `values`; most often they are but one."""
    if len(values) == 1:
        (value,) = values
        return function(value)
    return union(map(function, values))


def is_symbolic(values: Values) -> bool:
    """Tell whether some of the values depend on parameters."""
    for value in values:  # a loop: this is asked hundreds of thousands of times
        kind = type(value)
        if kind in _SYMBOLS or (kind is Function and (value.binding or value.code.is_nested)):  # type: ignore[union-attr]
            return True
    return False


def is_constant(value: Value) -> bool:
    """Tell whether nothing can change the value in place."""
    return isinstance(value, Data) and value.type in _CONSTANT_TYPES


_CONSTANT_TYPES = frozenset(
    {"str", "bytes", "int", "float", "complex", "bool", "None", "tuple", "frozenset", "ellipsis", "range"}
)


def trimmed(value: Value, room: int = DEEPEST_BINDINGS) -> Value:
    """A value small enough to be closed over: functions that close over functions end at some depth."""
    match value:
        case Function(code, bound, receiver, frames, (variable, inner)):
            if room == 0:
                return Function(code, bound, receiver)
            return Function(code, bound, receiver, frames, (variable, trimmed(inner, room - 1)))
        case Generated(function):
            made = trimmed(function, room)
            return Generated(made) if isinstance(made, Function) else value
        case _:
            return value


def marked(values: Values, mark: Shared) -> Values:
    """The values, held by a module-level name; nothing happens to constants."""
    if all(map(is_constant, values)):
        return values
    held = [_held(value, mark) for value in values if not isinstance(value, Shared)]
    closed = [replace(v, binding=(v.binding[0], mark)) for v in held if isinstance(v, Function) and v.binding]
    return frozenset((*held, *closed, mark))


def _held(value: Value, mark: Shared) -> Value:
    """The value with the mark on what methods called on it would change."""
    match value:
        case Instance(code):
            return Instance(code, mark)
        case Function(receiver=Instance(code)):
            return replace(value, receiver=Instance(code, mark))
        case _:
            return value


def marks(values: Values) -> frozenset[Shared]:
    """What of `values` is held at module level, by the names that hold it."""
    found = (value.shared if isinstance(value, Instance) else value for value in values)
    return frozenset(value for value in found if isinstance(value, Shared))
