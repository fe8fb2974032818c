"""What calls give: arguments meet parameters, symbols become values."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lazify.index.abstract import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    Anything,
    Bindings,
    Class,
    Data,
    Function,
    Generated,
    Given,
    Instance,
    Made,
    Outside,
    Shared,
    Value,
    Values,
    Variable,
    trimmed,
    union,
)
from lazify.index.codes import Code
from lazify.index.members import further, made, outside
from lazify.index.sites import Site
from lazify.model.facts import Argument, Parameter, Ref

if TYPE_CHECKING:
    from lazify.index.values import Evaluator

_FIRST_AGAIN = frozenset({"copy.copy", "copy.deepcopy", "asyncio.run", "typing.cast", "weakref.proxy"})
_ITERATORS = frozenset({"builtins.next", "builtins.anext"})


class Calling:
    """Tells what calling a value gives."""

    def __init__(self, evaluator: "Evaluator") -> None:
        """Evaluate arguments with `evaluator`."""
        self._evaluator = evaluator

    def result(self, values: Values, site: Site) -> Values:
        """What calling any of `values` gives."""
        return union(self._result(value, site) for value in values)

    def decorated(self, decorators: Values, site: Site) -> Values:
        """What first-party decorators make of what they are given; others are taken to give it back."""
        return union(
            self._result(value, site) - UNKNOWN - ANYTHING
            for value in decorators
            if isinstance(value, Function | Class)
        )

    def bind(self, function: Function, site: Site) -> Bindings:
        """What the parameters of the function are in that call: those its code makes something of."""
        code = function.code
        bound = dict(function.bindings)
        taken = set(code.positional[: function.bound])
        for name, passed in self._passed(code, taken, site):
            values = trimmed(passed)
            if values != self.default((code, name)):
                bound[code, name] = values
        return frozenset(bound.items())

    def argument(self, ref: Ref | None, site: Site) -> Values:
        """What is passed, as far as the caller's own parameters are known."""
        found = self._evaluator.evaluate(ref, site.code, site.statements)
        return found if site.bindings is None else self.substitute(found, site.bindings, site.code)

    def positional(self, site: Site, at: int) -> Values:
        """What is passed at that position; UNKNOWN if nothing or nobody knows."""
        if at < len(site.first):
            return site.first[at]
        written = [argument for argument in site.arguments if argument.keyword is None]
        at -= len(site.first)
        return self.argument(written[at].ref, site) if at < len(written) else UNKNOWN

    def substitute(self, values: Values, bindings: Bindings, frame: Code) -> Values:
        """Replace the parameters of `frame`, and others that are bound, in `values`."""
        if not any(isinstance(value, Given | Function | Generated) for value in values):
            return values
        known = dict(bindings)
        return union(self._substituted(value, known, frame) for value in values)

    def settled(self, values: Values, bindings: Bindings = frozenset()) -> Values:
        """Replace every parameter by what it is when nobody knows the call."""
        return union(self._settled(value, bindings) for value in values)

    def default(self, variable: Variable) -> Values:
        """What a parameter may be in a call that nobody knows."""
        code, name = variable
        parameter = code.parameters[name]
        if name == code.receiver and code.parent is not None:
            owner = code.parent
            return frozenset({Class(owner) if code.is_of_class else Instance(owner)})
        if parameter.kind.startswith("*"):
            return frozenset({Data("dict" if parameter.kind == "**" else "tuple")})
        annotated = self._evaluator.instances(parameter.annotation, code)
        left_out = self._left_out(code, parameter)
        return union((annotated or UNKNOWN, left_out))

    def _left_out(self, code: Code, parameter: Parameter) -> Values:
        """What a parameter is in a call that does not pass it."""
        return NOTHING if parameter.default is None else self._evaluator.evaluate(parameter.default, code.parent or code)

    def _passed(self, code: Code, taken: set[str], site: Site) -> Iterator[tuple[str, Values]]:
        if site.is_open:
            return
        used = {name for number, name in code.mentions if number == code.number}
        left = [name for name in code.positional if name not in taken]
        positional, keywords, is_open = _sort(site)
        for at, name in enumerate(left):
            if name not in used:
                continue
            if at < len(positional):
                yield name, self._value(positional[at], site)
            elif name in keywords:
                yield name, self.argument(keywords[name].ref, site)
            elif not is_open and code.parameters[name].default is not None:
                yield name, self._left_out(code, code.parameters[name])
        for name, parameter in code.parameters.items():
            if parameter.kind == "keyword" and name in used:
                if name in keywords:
                    yield name, self.argument(keywords[name].ref, site)
                elif not is_open and parameter.default is not None:
                    yield name, self._left_out(code, parameter)

    def _value(self, passed: Values | Argument, site: Site) -> Values:
        return self.argument(passed.ref, site) if isinstance(passed, Argument) else passed

    def _substituted(self, value: Value, known: Mapping[Variable, Values], frame: Code) -> Values:
        match value:
            case Given(code, name, steps):
                if (code, name) in known:
                    start = known[code, name]
                elif code is frame:
                    start = self.default((code, name))
                else:
                    return frozenset({value})
                for step in steps:
                    start = self._evaluator.members.follow(start, step, code)
                return start
            case Function():
                return frozenset({self._closed(value, known, frame)})
            case Generated(code, bindings):
                return frozenset({Generated(code, self._closed(Function(code, bindings), known, frame).bindings)})
            case _:
                return frozenset({value})

    def _closed(self, function: Function, known: Mapping[Variable, Values], frame: Code) -> Function:
        bound = {
            variable: trimmed(self.substitute(values, frozenset(known.items()), frame))
            for variable, values in function.bindings
        }
        around = set(function.code.above())
        for variable, values in known.items():
            code, name = variable
            if variable not in bound and code in around and (code.number, name) in function.code.mentions:
                bound[variable] = trimmed(values)
        return Function(function.code, frozenset(bound.items()), function.bound)

    def _settled(self, value: Value, bindings: Bindings) -> Values:
        match value:
            case Given():
                found = self._substituted(value, dict(bindings), value.code)
                return found if value in found else self.settled(found, bindings)
            case Function():
                return frozenset({self._settled_function(value, bindings)})
            case Generated(code, bound):
                settled = self._settled_function(Function(code, bound), bindings)
                return frozenset({Generated(code, settled.bindings)})
            case _:
                return frozenset({value})

    def _settled_function(self, function: Function, bindings: Bindings) -> Function:
        closed = self._closed(function, dict(bindings), function.code)
        bound = ((variable, self.settled(values, bindings)) for variable, values in closed.bindings)
        return Function(function.code, frozenset(bound), function.bound)

    def _result(self, value: Value, site: Site) -> Values:
        match value:
            case Given():
                return further(value, "()")
            case Class(code):
                return frozenset({Instance(code)})
            case Function():
                return self._returned(value, site)
            case Instance(code):
                methods = self._evaluator.members.methods(self._evaluator.classes.order(code), "__call__")
                bound = union(self._evaluator.members.bound(method, frozenset({value})) for method in methods)
                return self.result(bound, site) if methods else UNKNOWN
            case Outside(name):
                return self._outside(name, site)
            case Shared():
                return NOTHING
            case Data("None"):
                return NOTHING
            case Anything():
                return ANYTHING
            case _:
                return UNKNOWN

    def _returned(self, function: Function, site: Site) -> Values:
        bindings = self.bind(function, site)
        if function.code.scope.is_generator:
            return frozenset({Generated(function.code, bindings)})
        return self._evaluator.returned(function.code, bindings)

    def _outside(self, name: str, site: Site) -> Values:
        if name in _FIRST_AGAIN:
            return self.positional(site, 1 if name == "typing.cast" else 0) - _marks(self.positional(site, 0))
        if name in _ITERATORS:
            return self._evaluator.members.item(self.positional(site, 0))
        if name == "builtins.type":
            return union(_class_of(value) for value in self.positional(site, 0))
        if name == "builtins.getattr":
            return self._getattr(site)
        if name.endswith(".__new__"):
            return union(_new(value) for value in self.positional(site, 0))
        if name in ("functools.partial", "functools.partialmethod"):
            return union(self._partial(value, site) for value in self.positional(site, 0))
        return self._by_fact(name, site)

    def _by_fact(self, name: str, site: Site) -> Values:
        fact = self._evaluator.knowledge.fact(name)
        if fact is not None and fact.is_decorator:
            given = self.positional(site, 0)
            return given if _is_callable(given) else frozenset({Outside(name)})
        if fact is not None and fact.result is not None:
            return made(fact.result)
        return made(name) if name.rpartition(".")[2][:1].isupper() else made(f"{name}()")

    def _getattr(self, site: Site) -> Values:
        constants = [argument.constant for argument in site.arguments[1:2]]
        if not constants or not isinstance(constants[0], str):
            return UNKNOWN
        found = self._evaluator.members.attribute(self.positional(site, 0), constants[0])
        return union((found, self.positional(site, 2))) if len(site.arguments) > 2 else found

    def _partial(self, value: Value, site: Site) -> Values:
        if not isinstance(value, Function):
            return frozenset({value})
        rest = Site(code=site.code, arguments=site.arguments[1:], statements=site.statements, bindings=site.bindings)
        positional, keywords, is_open = _sort(rest)
        bindings = dict(value.bindings)
        left = value.code.positional[value.bound :]
        for name, passed in zip(left, positional, strict=False):
            bindings[value.code, name] = self._value(passed, rest)
        for name, argument in keywords.items():
            if name in value.code.parameters:
                bindings[value.code, name] = self.argument(argument.ref, rest)
        bound = value.bound + min(len(left), len(positional))
        return frozenset({Function(value.code, frozenset(bindings.items()), bound)})


def _sort(site: Site) -> tuple[list[Values | Argument], dict[str, Argument], bool]:
    """The positional and keyword arguments, and whether more may hide in `*` or `**`."""
    positional: list[Values | Argument] = list(site.first)
    keywords: dict[str, Argument] = {}
    is_open = False
    for argument in site.arguments:
        if argument.keyword is None and not is_open:
            positional.append(argument)
        elif argument.keyword in ("*", "**"):
            is_open = True
        elif argument.keyword is not None:
            keywords[argument.keyword] = argument
    return positional, keywords, is_open


def _marks(values: Values) -> Values:
    return frozenset(value for value in values if isinstance(value, Shared))


def _is_callable(values: Values) -> bool:
    return any(isinstance(value, Function | Class) for value in values)


def _class_of(value: Value) -> Values:
    match value:
        case Instance(code):
            return frozenset({Class(code)})
        case Made(name):
            return outside(name)
        case Data(name):
            return outside(f"builtins.{name}")
        case Shared():
            return NOTHING
        case _:
            return UNKNOWN


def _new(value: Value) -> Values:
    match value:
        case Class(code):
            return frozenset({Instance(code)})
        case Outside(name):
            return made(name)
        case Given() | Shared():
            return NOTHING
        case _:
            return UNKNOWN
