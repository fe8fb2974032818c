"""What calls give: arguments meet parameters."""

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

from lazify.index.abstract import (
    ANYTHING,
    NOTHING,
    UNKNOWN,
    Anything,
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
    is_symbolic,
    marked,
    union,
)
from lazify.index.closures import Closure, close_over, closures, frozen
from lazify.index.codes import Code
from lazify.index.sites import Site
from lazify.index.unread import further
from lazify.model.facts import Argument

if TYPE_CHECKING:
    from lazify.index.values import Evaluator


class Calling:
    """Tells what calling a value gives."""

    def __init__(self, evaluator: "Evaluator") -> None:
        """Evaluate arguments with `evaluator`."""
        self._evaluator = evaluator

    def result(self, values: Values, site: Site) -> Values:
        """What calling any of `values` gives."""
        parts = [self._result(value, site) for value in values if not isinstance(value, Function)]
        functions = (value for value in values if isinstance(value, Function))
        parts += [self._returned(closure, site) for closure in closures(functions)]
        return union(parts)

    def decorated(self, decorators: Values, site: Site) -> Values:
        """What first-party decorators make of what they are given; others are taken to give it back."""
        known = frozenset(value for value in decorators if isinstance(value, Function | Class))
        return self.result(known, site) - UNKNOWN - ANYTHING

    def bind(self, closure: Closure, site: Site, wanted: Container[Variable]) -> dict[Variable, Values]:
        """What the wanted parameters of the function, and what it closes over, are in that call."""
        if not wanted:
            return {}
        code = closure.code
        known = {variable: values for variable, values in closure.known.items() if variable in wanted}
        taken = code.positional[: closure.bound]
        for name, values in self._passed(code, taken, site, wanted):
            known[code, name] = self._promised(self._kept(values), code, name)
        return known

    def argument(self, argument: Argument, site: Site) -> Values:
        """What is passed, as far as the caller's own parameters are known."""
        found = self._evaluator.evaluate(argument.ref, site.code, argument.span)
        return found if site.ask is None else site.ask(found)

    def positional(self, site: Site, at: int) -> Values:
        """What is passed at that position; UNKNOWN if nothing or nobody knows."""
        if at < len(site.first):
            return site.first[at]
        written = [argument for argument in site.arguments if argument.keyword is None]
        at -= len(site.first)
        return self.argument(written[at], site) if at < len(written) else UNKNOWN

    def partial(self, values: Values, site: Site) -> Values:
        """`functools.partial(function, …)`: the function, some of its parameters bound."""
        others = frozenset(value for value in values if not isinstance(value, Function))
        bound = (
            each
            for closure in closures(value for value in values if isinstance(value, Function))
            for each in self._partial(closure, site)
        )
        return union((others, frozenset(bound)))

    def _partial(self, closure: Closure, site: Site) -> Iterator[Function]:
        code = closure.code
        positional, keywords, _ = _sort(site)
        left = code.positional[closure.bound :]
        known: dict[Variable, Values] = dict(closure.known)
        for name, passed in zip(left, positional, strict=False):
            known[code, name] = self._value(passed, site)
        for name, argument in keywords.items():
            if name in code.parameters:
                known[code, name] = self.argument(argument, site)
        bound = closure.bound + min(len(left), len(positional))
        yield from close_over(Function(code, bound), known)

    def _passed(
        self, code: Code, taken: Container[str], site: Site, wanted: Container[Variable]
    ) -> Iterator[tuple[str, Values]]:
        if site.is_open:
            return
        positional, keywords, is_open = _sort(site)
        position = 0
        for name, parameter in code.parameters.items():
            is_positional = parameter.kind == "positional" and name not in taken
            at = position if is_positional else len(positional)
            position += is_positional
            if (code, name) not in wanted or parameter.kind.startswith("*"):
                continue
            if at < len(positional):
                yield name, self._value(positional[at], site)
            elif name in keywords:
                yield name, self.argument(keywords[name], site)
            elif not is_open and name not in taken and parameter.default is not None:
                yield name, self._evaluator.closures.left_out(code, parameter)

    def _value(self, passed: Values | Argument, site: Site) -> Values:
        return self.argument(passed, site) if isinstance(passed, Argument) else passed

    def _kept(self, values: Values) -> Values:
        """What is worth knowing of an argument: what nobody has facts about is as good as unknown."""
        lost = frozenset(
            value for value in values if isinstance(value, Outside | Made) and self._is_lost(value)
        )
        return (values - lost) | UNKNOWN if lost else values

    def _promised(self, values: Values, code: Code, name: str) -> Values:
        """What is not known of an argument is what the parameter's annotation says."""
        annotation = code.parameters[name].annotation
        if annotation is None or UNKNOWN.isdisjoint(values):
            return values
        return union((values - UNKNOWN, self._evaluator.instances(annotation, code)))

    def _is_lost(self, value: Outside | Made) -> bool:
        if isinstance(value, Made):
            return "()" in value.name or "[]" in value.name
        fact = self._evaluator.knowledge.fact(value.name)
        return fact is None or value.name.count(".") > fact.rule.count(".")

    def _result(self, value: Value, site: Site) -> Values:
        match value:
            case Class():
                return self._made(value, site)
            case Instance(code):
                methods = self._evaluator.members.methods(code, "__call__")
                bound = union(self._evaluator.members.bound(method, value) for method in methods)
                return self.result(bound, site) if methods else UNKNOWN
            case Outside(name):
                return self._evaluator.outside.result(name, site)
            case Made(name):
                return self._evaluator.outside.called(name)
            case Given():
                return further(value, "()")
            case Shared() | Data("None"):
                return NOTHING
            case Anything():
                return ANYTHING
            case _:
                return UNKNOWN

    def _made(self, value: Class, site: Site) -> Values:
        """An instance of the class, or what its `__new__` gives instead."""
        made: Values = frozenset({Instance(value.code)})
        methods = self._evaluator.members.methods(value.code, "__new__")
        if not methods:
            return made
        bound = union(self._evaluator.members.bound(method, value) for method in methods)
        return union((self.result(bound, site) - UNKNOWN - ANYTHING, made))

    def _returned(self, closure: Closure, site: Site) -> Values:
        found = self._given(closure, site)
        code = closure.code
        return marked(found, Shared(code.module, code.scope.name)) if code.remembers else found

    def _given(self, closure: Closure, site: Site) -> Values:
        code = closure.code
        returns = self._evaluator.returns(code)
        if not is_symbolic(returns):
            return frozenset({Generated(Function(code))}) if code.scope.is_generator else returns
        known = self.bind(closure, site, _variables(returns))
        if code.scope.is_generator:
            return frozenset(map(Generated, close_over(Function(code), known)))
        if site.is_open:
            return self._evaluator.returned(code, frozen(known))
        return self._evaluator.closures.substitute(returns, known, code)


class _Everything:
    def __contains__(self, variable: object) -> bool:
        return True


EVERYTHING = _Everything()
"""All parameters are wanted."""


def _variables(values: Values) -> Container[Variable]:
    """The parameters that the values depend on."""
    found: set[Variable] = set()
    for value in values:
        if not isinstance(value, Given):
            if is_symbolic(frozenset({value})):
                return EVERYTHING
        else:
            found.add((value.code, value.name))
    return found


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
