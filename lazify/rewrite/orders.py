"""What is to be done to which node: edits, once every one of them has found its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from lazify.rewrite.template import Fresh


@dataclass(slots=True)
class Order:
    """What is to be done to one statement."""

    before: list[Fresh] = field(default_factory=list)
    after: list[Fresh] = field(default_factory=list)
    instead: Fresh | None = None
    hole: str = ""
    """The placeholder that this statement goes to."""
    is_erased: bool = False
    keeps_comments: bool = False
    """The comments above it stay when it goes."""
    lifts: str = ""
    """The placeholder that an expression of this statement goes to; the rest of the statement goes away."""
    is_end: bool = False
    """`instead` ends with what stands for the statement: the comment behind it belongs there."""
    claimed_by: int = -1
    """The edit that takes the statement away or moves it."""

    @property
    def is_only_erased(self) -> bool:
        """Nothing is to be put near it."""
        return self.is_erased and not self.before and not self.after

    @property
    def leaves(self) -> bool:
        """Nothing stands in the statement's place."""
        return self.instead is None and (self.is_erased or bool(self.hole or self.lifts))

    def claim(self, number: int) -> None:
        """Reserve the statement for one edit."""
        if self.claimed_by not in {-1, number}:
            raise MisfitError("another edit changes the same statement")
        self.claimed_by = number


@dataclass(frozen=True, slots=True)
class Hole:
    """What goes to one placeholder."""

    nodes: Sequence[cst.CSTNode]
    is_whole: bool = True
    """Nothing else stands in the expression of the placeholder."""


@dataclass(slots=True)
class Orders:
    """What is to be done to the nodes of one file."""

    expressions: dict[cst.CSTNode, cst.BaseExpression] = field(default_factory=dict)
    items: dict[cst.CSTNode, Sequence[cst.CSTNode]] = field(default_factory=dict)
    """What stands in the place of an item between commas, or of a decorator; nothing if it is erased."""
    owners: set[cst.CSTNode] = field(default_factory=set)
    """What holds these items."""
    keeping: set[cst.CSTNode] = field(default_factory=set)
    """Of these, those whose comments stay when all their items go."""
    added: dict[cst.CSTNode, list[cst.Arg]] = field(default_factory=dict)
    """Arguments for the end of a call."""
    statements: dict[cst.CSTNode, Order] = field(default_factory=dict)
    lifted: set[cst.CSTNode] = field(default_factory=set)
    """Expressions that go to a placeholder, which is in the code that replaces their statement."""
    holes: dict[str, Hole] = field(default_factory=dict)
    entered: list[tuple[int, cst.CSTNode]] = field(default_factory=list)
    """Every node that an edit concerns, with the number of the edit."""

    def of(self, statement: cst.CSTNode) -> Order:
        """The order for a statement, made on first use."""
        return self.statements.setdefault(statement, Order())


class MisfitError(Exception):
    """An edit does not fit."""
