"""What one piece of code does when it runs, one level deep: effects of its own, and further code it runs."""

from dataclasses import dataclass
from typing import NamedTuple

from lazify.index import wording
from lazify.index.abstract import Bindings
from lazify.index.codes import Code
from lazify.knowledge import Fact
from lazify.model.effects import EffectKind, Evidence
from lazify.model.facts import MODULE, Argument, Ref
from lazify.model.places import Span

Key = tuple[EffectKind, str]
"""What makes two effects the same: the kind and the qualified name of the callable."""


@dataclass(eq=False, slots=True)
class Run:
    """One way in which code runs, with these parameters; equal only to itself."""

    code: Code
    bindings: Bindings
    steps: "Steps | None" = None
    """What it does by itself, once that is worked out."""
    reached: "Reached | None" = None
    """All that it does, once that is worked out."""

    @property
    def is_import(self) -> bool:
        """The body of a module, which does not run where the module is loaded already."""
        return self.code.number == MODULE


class Reached(NamedTuple):
    """What code does, with the functions and classes that it runs, but without bodies of modules."""

    effects: int
    """The keys: a set of bits."""
    imports: int
    """The bodies of modules that run unless they are loaded: a set of bits."""


NOTHING = Reached(0, 0)


class Runs:
    """Hands out the one Run of code with given parameters."""

    def __init__(self) -> None:
        """Start empty."""
        self._made: dict[tuple[Code, Bindings], Run] = {}

    def of(self, code: Code, bindings: Bindings = frozenset()) -> Run:
        """The code with these parameters."""
        key = (code, bindings)
        if key not in self._made:
            self._made[key] = Run(code, bindings)
        return self._made[key]


class Hop(NamedTuple):
    """One link of a chain, put into words only if it is shown."""

    code: Code
    span: Span
    text: str | None = None
    subject: Ref | None = None
    arguments: tuple[Argument, ...] = ()

    def evidence(self) -> Evidence:
        """The link in words, with its place."""
        text = wording.call(self.subject, self.arguments) if self.text is None else self.text
        return Evidence(fact=text, at=self.code.place(self.span))


class Leaf(NamedTuple):
    """An effect."""

    key: Key
    hops: tuple[Hop, ...]
    fact: Fact | None = None
    """What the knowledge base says of it."""

    def cited(self) -> tuple[Evidence, ...]:
        """The end of the chain: the fact, if it is one of the knowledge base."""
        return () if self.fact is None else (Evidence(fact=_cited(self.key, self.fact)),)


class Edge(NamedTuple):
    """Further code that runs."""

    target: Run
    hops: tuple[Hop, ...]


class Steps(NamedTuple):
    """All of it, in the order of the source."""

    leaves: tuple[Leaf, ...]
    edges: tuple[Edge, ...]


def _cited(key: Key, fact: Fact) -> str:
    inherited = "" if "[" in key[1] or fact.name == key[1] else f" (as {fact.name})"
    return f"{key[1]}{inherited}: {key[0]} [{fact.inferred or fact.source}]"
