"""Which parameters matter to what code does: those that it calls, changes, or passes on to where they matter.

Code is followed separately for each way its parameters are bound, so binding the others would be waste.
"""

from collections.abc import Iterable, Iterator

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
from lazify.index.closures import closures
from lazify.index.codes import Code
from lazify.index.fixpoint import Fixpoint
from lazify.index.sites import Site
from lazify.index.state import CHANGES_FIRST_ARGUMENT
from lazify.index.values import Evaluator
from lazify.model.facts import Argument, Does, Operation, Ref
from lazify.model.places import Span

_CONSTRUCTORS = ("__new__", "__init__")
_NONE: frozenset[Variable] = frozenset()


class Needs:
    """Finds the parameters that matter."""

    def __init__(self, evaluator: Evaluator, names: AttributeNames) -> None:
        """Evaluate operands with `evaluator`; `names` knows the properties."""
        self._evaluator = evaluator
        self._names = names
        self._found: Fixpoint[Code, frozenset[Variable]] = Fixpoint(self._rule, bottom=_NONE)

    def of(self, code: Code) -> frozenset[Variable]:
        """The parameters, of the code itself and of the functions around it, that matter when it runs."""
        return self._found.get(code)

    def _rule(self, code: Code) -> frozenset[Variable]:
        found: set[Variable] = set()
        for operation in code.scope.operations:
            found.update(self._operation(operation, code))
        for ref, span, _ in bound_values(code):
            found.update(self._properties(ref, code, span))
        for children in code.children.values():
            for child in children:
                found |= self._found.get(child)
        own = {code, *code.above_all}
        return frozenset(variable for variable in found if variable[0] in own)

    def _operation(self, operation: Operation, code: Code) -> Iterator[Variable]:
        if operation.does in (Does.READ, Does.IMPORT, Does.CLASS):
            return
        subject = self._evaluator.evaluate(operation.subject, code, operation.span)
        yield from _roots(subject)
        for ref in (operation.subject, *(argument.ref for argument in operation.arguments)):
            yield from self._properties(ref, code, operation.span)
        if operation.does is Does.CALL and operation.arguments:
            yield from self._passed(subject, Site(code=code, arguments=operation.arguments))

    def _properties(self, ref: Ref | None, code: Code, span: Span) -> Iterator[Variable]:
        for read in self._names.properties(ref, code):
            yield from _roots(self._evaluator.evaluate(read.value, code, span))

    def _passed(self, callees: Values, site: Site) -> Iterator[Variable]:
        if any(isinstance(each, Given) and each.name != each.code.receiver for each in callees):
            for argument in site.arguments:  # whoever is called may make something of them
                yield from _roots(self._evaluator.calling.argument(argument, site))
        settled = self._evaluator.closures.settled(callees)
        yield from self._to_functions((each for each in settled if isinstance(each, Function)), site)
        for value in settled:
            match value:
                case Class(code):
                    yield from self._to_methods(code, _CONSTRUCTORS, Instance(code), site)
                case Instance(code):
                    yield from self._to_methods(code, ("__call__",), value, site)
                case Outside(name):
                    yield from self._to_outside(name, site)
                case _:
                    pass

    def _to_functions(self, functions: Iterable[Function], site: Site) -> Iterator[Variable]:
        for closure in closures(functions):
            needed = self._found.get(closure.code)
            for values in self._evaluator.calling.bind(closure, site, needed).values():
                yield from _roots(values)

    def _to_methods(
        self, code: Code, names: tuple[str, ...], receiver: Instance, site: Site
    ) -> Iterator[Variable]:
        members = self._evaluator.members
        for name in names:
            for method in members.methods(code, name):
                bound = members.bound(method, receiver)
                yield from self._to_functions((each for each in bound if isinstance(each, Function)), site)

    def _to_outside(self, name: str, site: Site) -> Iterator[Variable]:
        fact = self._evaluator.knowledge.fact(name)
        called: tuple[Argument, ...] = fact.called(site.arguments) if fact is not None else ()
        if name in CHANGES_FIRST_ARGUMENT:
            called = (*called, *site.arguments[:1])
        for argument in called:
            yield from _roots(self._evaluator.calling.argument(argument, site))


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
