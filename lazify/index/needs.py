"""Which parameters matter to what code does: those that it calls, changes, or passes on to where they matter.

Code is followed separately for each way its parameters are bound, so binding the others would be waste.
"""

from collections.abc import Iterable, Iterator, Mapping

from lazify.index.abstract import (
    Class,
    Function,
    Generated,
    Given,
    Instance,
    Outside,
    Value,
    Values,
    Variable,
)
from lazify.index.attribute_names import AttributeNames, bound_values
from lazify.index.calling import EVERYTHING
from lazify.index.closures import closures
from lazify.index.codes import Code
from lazify.index.fixpoint import Fixpoint
from lazify.index.sites import Site
from lazify.index.state import CHANGES_FIRST_ARGUMENT
from lazify.index.values import Evaluator
from lazify.model.facts import Argument, Does, Ref
from lazify.model.places import Span

_CONSTRUCTORS = ("__new__", "__init__")
_NONE: frozenset[Variable] = frozenset()

Passed = tuple[Code, Mapping[Variable, tuple[Variable, ...]]]
"""Code that is called, and for each of its parameters those of the caller that it is made from."""


class Needs:
    """Finds the parameters that matter."""

    def __init__(self, evaluator: Evaluator, names: AttributeNames) -> None:
        """Evaluate operands with `evaluator`; `names` knows the properties."""
        self._evaluator = evaluator
        self._names = names
        self._own: dict[Code, tuple[frozenset[Variable], tuple[Passed, ...]]] = {}
        self._found: Fixpoint[Code, frozenset[Variable]] = Fixpoint(self._rule, bottom=_NONE)

    def of(self, code: Code) -> frozenset[Variable]:
        """The parameters, of the code itself and of the functions around it, that matter when it runs."""
        return self._found.get(code)

    def _rule(self, code: Code) -> frozenset[Variable]:
        if code not in self._own:
            self._own[code] = self._read(code)
        used, calls = self._own[code]
        found = set(used)
        for callee, passed in calls:
            needed = self._found.get(callee)
            found.update(root for variable, roots in passed.items() if variable in needed for root in roots)
        for children in code.children.values():
            for child in children:
                found |= self._found.get(child)
        own = {code, *code.above_all}
        return frozenset(variable for variable in found if variable[0] in own)

    def _read(self, code: Code) -> tuple[frozenset[Variable], tuple[Passed, ...]]:
        """The parameters that matter to the code by itself, and what it passes on to which code."""
        used: set[Variable] = set()
        calls: list[Passed] = []
        for operation in code.scope.operations:
            if operation.does not in (Does.READ, Does.IMPORT, Does.CLASS):
                subject = self._evaluator.evaluate(operation.subject, code, operation.span)
                used.update(_roots(subject))
                for ref in (operation.subject, *(argument.ref for argument in operation.arguments)):
                    used.update(self._properties(ref, code, operation.span))
                if operation.does is Does.CALL and operation.arguments:
                    site = Site(code=code, arguments=operation.arguments)
                    callees = self._evaluator.closures.settled(subject)
                    used.update(self._called(subject, callees, site))
                    calls += self._passed(callees, site)
        for ref, span, _ in bound_values(code):
            used.update(self._properties(ref, code, span))
        return frozenset(used), tuple(calls)

    def _properties(self, ref: Ref | None, code: Code, span: Span) -> Iterator[Variable]:
        for read in self._names.properties(ref, code):
            yield from _roots(self._evaluator.evaluate(read.value, code, span))

    def _called(self, subject: Values, callees: Values, site: Site) -> Iterator[Variable]:
        """What of it whoever is called may call or change."""
        called: list[Argument] = []
        if any(isinstance(each, Given) and each.name != each.code.receiver for each in subject):
            called += site.arguments
        for value in callees:
            if isinstance(value, Outside):
                fact = self._evaluator.knowledge.fact(value.name)
                called += fact.called(site.arguments) if fact is not None else ()
                called += site.arguments[:1] if value.name in CHANGES_FIRST_ARGUMENT else ()
        for argument in called:
            yield from _roots(self._evaluator.calling.argument(argument, site))

    def _passed(self, callees: Values, site: Site) -> Iterator[Passed]:
        """What the call passes of parameters to first-party code."""
        yield from self._to_functions((each for each in callees if isinstance(each, Function)), site)
        for value in callees:
            match value:
                case Class(code):
                    yield from self._to_methods(code, _CONSTRUCTORS, Instance(code), site)
                case Instance(code):
                    yield from self._to_methods(code, ("__call__",), value, site)
                case _:
                    pass

    def _to_methods(
        self, code: Code, names: tuple[str, ...], receiver: Instance, site: Site
    ) -> Iterator[Passed]:
        members = self._evaluator.members
        for name in names:
            for method in members.methods(code, name):
                bound = members.bound(method, receiver)
                yield from self._to_functions((each for each in bound if isinstance(each, Function)), site)

    def _to_functions(self, functions: Iterable[Function], site: Site) -> Iterator[Passed]:
        for closure in closures(functions):
            bound = self._evaluator.calling.bind(closure, site, EVERYTHING)
            roots = {variable: tuple(_roots(values)) for variable, values in bound.items()}
            passed = {variable: each for variable, each in roots.items() if each}
            if passed:
                yield closure.code, passed


def _roots(values: Iterable[Value]) -> Iterator[Variable]:
    for value in values:
        match value:
            case Given(code, name):
                yield code, name
            case Function(binding=(_, inner)):
                yield from _roots((inner,))
            case Generated(function):
                yield from _roots((function,))
            case _:
                pass
