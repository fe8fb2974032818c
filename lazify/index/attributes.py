"""Code that reading an attribute runs."""

from collections.abc import Collection, Iterator

from lazify.index.abstract import Class, Instance, Values
from lazify.index.attribute_names import AttributeNames
from lazify.index.callees import Callees, Hops
from lazify.index.codes import Code
from lazify.index.ordering import in_order
from lazify.index.sites import unseen
from lazify.index.steps import Edge, Leaf
from lazify.index.values import Evaluator


class AttributeReads:
    """What reads of attributes run."""

    def __init__(self, evaluator: Evaluator, callees: Callees, names: AttributeNames) -> None:
        """Evaluate what attributes are read of with `evaluator`."""
        self._evaluator = evaluator
        self._callees = callees
        self.within, self.of_uses = names.within, names.of_uses
        self._are_quiet: dict[tuple[type, Code, str], bool] = {}

    def running(self, name: str, values: Values) -> list[Instance | Class]:
        """Those of `values` of which reading `name` runs code."""
        return [v for v in values if isinstance(v, Instance | Class) and not self._is_quiet(v, name)]

    def steps(
        self, name: str, values: Collection[Instance | Class], code: Code, hops: Hops
    ) -> Iterator[Leaf | Edge]:
        """What reading `name` from any of `values` runs."""
        for value in in_order(values):
            yield from self._of(value, name, code, hops)

    def _is_quiet(self, value: Instance | Class, name: str) -> bool:
        """Reading it runs nothing; whoever holds the instance makes no difference."""
        key = (type(value), value.code, name)
        if key not in self._are_quiet:
            self._are_quiet[key] = next(self._of(value, name, value.code, ()), None) is None
        return self._are_quiet[key]

    def _of(self, value: Instance | Class, name: str, code: Code, hops: Hops) -> Iterator[Leaf | Edge]:
        if isinstance(value, Instance):
            return self._of_instance(value, name, code, hops)
        return self._of_descriptors(value, name, code, hops)

    def _of_instance(self, value: Instance, name: str, code: Code, hops: Hops) -> Iterator[Leaf | Edge]:
        members = self._evaluator.members
        methods = members.methods(value.code, name)
        properties = [method for method in methods if method.is_property]
        yield from self._callees.methods(properties, value, unseen(code), hops)
        if not members.has(value.code, name):
            yield from self._callees.method(value, "__getattr__", unseen(code), hops)
        yield from self._of_descriptors(value, name, code, hops)

    def _of_descriptors(
        self, value: Instance | Class, name: str, code: Code, hops: Hops
    ) -> Iterator[Leaf | Edge]:
        for base in self._evaluator.classes.own(value.code):
            if name in base.scope.locals:
                for held in in_order(self._evaluator.name(base, name)):
                    if isinstance(held, Instance):
                        yield from self._callees.method(held, "__get__", unseen(code), hops)
                return
