"""One run of code while its steps are worked out: what values come to with the parameters there."""

from dataclasses import dataclass, field

from lazify.index.abstract import Bindings, Values, is_symbolic
from lazify.index.closures import Closures
from lazify.index.codes import Code
from lazify.index.steps import Edge, Leaf
from lazify.model.facts import AttributeRef, Operation


class Frame:
    """The parameters of one run, and which of the values that depend on them were asked for."""

    def __init__(self, closures: Closures, code: Code, bindings: Bindings) -> None:
        """The parameters of `code` are what `bindings` say, as far as they say it."""
        self.code = code
        self.known = dict(bindings)
        self.asked: dict[Values, None] = {}
        self._closures = closures
        self._found: dict[Values, Values] = {}

    def value(self, values: Values) -> Values:
        """What the values come to."""
        if values not in self._found:
            self._found[values] = self._closures.substitute(values, self.known, self.code)
        return self._found[values]

    def ask(self, values: Values) -> Values:
        """What the values come to; it is noted if they depend on parameters."""
        if not is_symbolic(values):
            return values
        self.asked[values] = None
        return self.value(values)


@dataclass(eq=False, slots=True)
class Followed:
    """An operation, with the steps that were found for it."""

    operation: Operation
    reads: tuple[AttributeRef, ...]
    """The attributes that it reads and that could run code."""
    operands: tuple[Values, ...] = ()
    """What its steps depend on, in terms of parameters: whatever it has asked for so far."""
    steps: dict[tuple[Values, ...], tuple[Leaf | Edge, ...]] = field(default_factory=dict)
    """Its steps by what the operands come to."""

    def keep(self, steps: tuple[Leaf | Edge, ...], frame: Frame) -> None:
        """Remember the steps for runs in which all that was asked of `frame` is the same."""
        operands = tuple(dict.fromkeys((*self.operands, *frame.asked)))
        if len(operands) > len(self.operands):
            self.operands = operands
            self.steps.clear()  # nobody knows what the new ones were
        self.steps[tuple(map(frame.value, operands))] = steps
