"""What is decided of one candidate."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lazify.getter.asking import Exposed
from lazify.getter.problems import Problem
from lazify.imports.candidates import Candidate, HeavyImport
from lazify.index.modules import Module
from lazify.model.changes import Edit
from lazify.model.effects import Evidence
from lazify.model.places import Span


@dataclass(slots=True, eq=False)
class Decision:
    """What is known of one candidate so far."""

    candidate: Candidate
    problems: dict[str, Problem] = field(default_factory=dict)
    """Why names stay."""
    pointless: set[str] = field(default_factory=set)
    """Those that could move, and stay because another one does."""
    followed: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    """What else has to be edited for each name that moves."""
    needs: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)
    exposed: dict[str, tuple[Exposed, ...]] = field(default_factory=dict)
    """Names that unseen code may ask the module for."""
    way: tuple[Evidence, ...] = ()
    """The imports that lead to it from an entry."""
    spared: tuple[Evidence, ...] = ()
    """How an import of the project's own comes to load what its module no longer does: the heaviest of it."""
    is_useless: bool = False
    """Nothing would be won, and there is nothing to report."""

    @property
    def moving(self) -> tuple[str, ...]:
        """The names that move, in their order."""
        return tuple(name for name in self.candidate.names if name not in self.problems)

    @property
    def imports(self) -> tuple[HeavyImport, ...]:
        """The imports that move."""
        moving = self.moving
        return tuple(each for each in self.candidate.imports if each.item.binds in moving)

    @property
    def why(self) -> tuple[Evidence, ...]:
        """What is won by those that move."""
        return self.spared or self.candidate.cost(self.imports)

    @property
    def leaving(self) -> frozenset[Span]:
        """The statements all of whose names move."""
        moving = {each.item.span for each in self.imports}
        statements = {each.item.statement_span for each in self.imports}
        items = self.candidate.module.facts.imports
        return frozenset(statements - {i.statement_span for i in items if i.span not in moving})


def movers_of(decisions: Iterable[Decision]) -> dict[tuple[Module, Span], Candidate]:
    """Give the candidates that move, by module and the span of each alias that goes."""
    return {
        (decision.candidate.module, each.item.span): decision.candidate
        for decision in decisions
        for each in decision.imports
    }
