"""Puts what is known of parameters into values that mention them, and into functions that close over them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lazify.index.abstract import (
    NOTHING,
    UNKNOWN,
    Bindings,
    Class,
    Data,
    Function,
    Generated,
    Given,
    Instance,
    Shared,
    Step,
    Value,
    Values,
    Variable,
    is_symbolic,
    marked,
    spread,
    trimmed,
    union,
)
from lazify.index.codes import Code
from lazify.index.sites import Known
from lazify.model.facts import CallRef, LiteralRef, Parameter

if TYPE_CHECKING:
    from lazify.index.values import Evaluator

_DISPLAYS = (LiteralRef("list"), LiteralRef("dict"), LiteralRef("set"))
"""Literals of types whose objects can be changed."""

_FRAMES = ("function", "lambda")


@dataclass(frozen=True, slots=True)
class Closure:
    """A function with all that the values of one set know of what it closes over."""

    code: Code
    bound: int
    known: Known


class Closures:
    """Replaces parameters by what they are."""

    def __init__(self, evaluator: "Evaluator") -> None:
        """Evaluate defaults and annotations with `evaluator`."""
        self._evaluator = evaluator
        self._followed: dict[tuple[Values, Step], Values] = {}
        self._defaults: dict[Variable, Values] = {}

    def substitute(self, values: Values, known: Known, frame: Code) -> Values:
        """Replace the parameters of `frame`, and others that are known, in `values`."""
        if not is_symbolic(values):
            return values
        return spread(lambda value: self._substituted(value, known, frame), values)

    def settled(self, values: Values, known: Known | None = None) -> Values:
        """Replace every parameter by what it is when nobody knows the call."""
        if Given not in map(type, values):
            return values
        return spread(lambda value: self._settled(value, known or {}), values)

    def default(self, variable: Variable) -> Values:
        """What a parameter may be in a call that nobody knows."""
        if variable in self._defaults:
            return self._defaults[variable]
        found = self._default(*variable)
        if self._evaluator.unknowns.is_idle:
            self._defaults[variable] = found
        return found

    def _default(self, code: Code, name: str) -> Values:
        parameter = code.parameters[name]
        if name == code.receiver and code.parent is not None:
            owner = code.parent
            return frozenset({Class(owner) if code.is_of_class else Instance(owner)})
        if parameter.kind.startswith("*"):
            return frozenset({Data("dict" if parameter.kind == "**" else "tuple")})
        annotated = self._evaluator.instances(parameter.annotation, code) if parameter.annotation else UNKNOWN
        return union((annotated, self.left_out(code, parameter)))

    def left_out(self, code: Code, parameter: Parameter) -> Values:
        """What a parameter is in a call that does not pass it."""
        if parameter.default is None:
            return NOTHING
        values = self._evaluator.evaluate(parameter.default, code.parent or code)
        if isinstance(parameter.default, CallRef) or parameter.default in _DISPLAYS:
            # `def f(seen=[], ids=count())`: one object for all calls
            return marked(values, Shared(code.module, f"{code.scope.name}.{parameter.name}"))
        return values

    def _settled(self, value: Value, known: Known) -> Values:
        if not isinstance(value, Given):
            return frozenset({value})
        found = self._substituted(value, known, value.code)
        return found if value in found else self.settled(found, known)

    def _substituted(self, value: Value, known: Known, frame: Code) -> Values:
        match value:
            case Given(code, name, steps):
                if (code, name) not in known and code is not frame:
                    return frozenset({value})
                found = self._look_up((code, name), known)
                for step in steps:
                    found = self._follow(found, step, code)
                return found
            case Function() if value.binding or value.code.is_nested:
                return frozenset(self._closed(value, known, frame))
            case Generated(function):
                return frozenset(Generated(each) for each in self._closed(function, known, frame))
            case _:
                return frozenset({value})

    def _follow(self, values: Values, step: Step, code: Code) -> Values:
        key = (values, step)
        if key in self._followed:
            return self._followed[key]
        found = self._evaluator.members.follow(values, step, code)
        if self._evaluator.unknowns.is_idle:
            self._followed[key] = found
        return found

    def _look_up(self, variable: Variable, known: Known) -> Values:
        return known[variable] if variable in known else self.default(variable)

    def _closed(self, function: Function, known: Known, frame: Code) -> Iterator[Function]:
        code = function.code
        new = {variable[0] for variable in known} | {frame}
        new = {each for each in new if each.kind in _FRAMES and each in code.above_all} - function.frames
        frames = function.frames | new
        if function.binding is not None:
            variable, inner = function.binding
            for value in self._substituted(inner, known, frame):
                yield _bind(function, frames, variable, value)
            return
        yield Function(code, function.bound, function.receiver, frames)
        for variable in captured(code, new):
            for value in self._look_up(variable, known):
                yield _bind(function, frames, variable, value)


def close_over(function: Function, known: Known) -> Iterator[Function]:
    """Spread over several values what a call (or partial) makes of the function's own parameters."""
    frames = function.frames | {function.code}
    yield Function(function.code, function.bound, function.receiver, frames)
    for variable, values in known.items():
        for value in values:
            yield _bind(function, frames, variable, value)


def closures(functions: Iterable[Function]) -> list[Closure]:
    """Gather what the values of one set know of the same function."""
    functions = list(functions)
    if len(functions) <= 1:
        return [_gathered(functions)] if functions else []
    groups: dict[tuple[object, ...], list[Function]] = {}
    for function in functions:
        key = (function.code, function.bound, function.receiver, function.frames)
        groups.setdefault(key, []).append(function)
    return [_gathered(group) for group in groups.values()]


def frozen(known: Known) -> Bindings:
    """The same, for keys."""
    return frozenset(known.items())


def _gathered(group: list[Function]) -> Closure:
    first = group[0]
    code = first.code
    known: dict[Variable, Values] = {}
    if first.frames:
        known.update(dict.fromkeys(captured(code, first.frames), NOTHING))
    for function in group:
        if function.binding is not None:
            variable, value = function.binding
            known[variable] = known.get(variable, NOTHING) | {value}
    if first.receiver is not None:
        known[code, code.positional[0]] = frozenset({first.receiver})
    return Closure(code, first.bound, known)


def captured(code: Code, frames: Iterable[Code]) -> Iterator[Variable]:
    """The parameters of `frames` that the code, or code within it, makes something of."""
    for frame in frames:
        if frame is not code:
            for name in frame.parameters:
                if (frame.number, name) in code.mentions:
                    yield frame, name


def _bind(function: Function, frames: frozenset[Code], variable: Variable, value: Value) -> Function:
    return Function(function.code, function.bound, function.receiver, frames, (variable, trimmed(value)))
