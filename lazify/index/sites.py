"""Calls as their callee sees them: whose code makes them, and what its parameters are there."""

from collections.abc import Mapping
from dataclasses import dataclass

from lazify.index.abstract import Values, Variable
from lazify.index.codes import Code
from lazify.model.facts import Argument

Known = Mapping[Variable, Values]
"""What parameters are, where it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One call."""

    code: Code
    """The scope whose code makes the call."""
    arguments: tuple[Argument, ...]
    statements: frozenset[int] | None = None
    """The top-level statements it can stand in, if that tells calls of the same callee apart."""
    known: Known | None = None
    """What the parameters of `code` are; None while they stay symbols."""
    first: tuple[Values, ...] = ()
    """Positional arguments before the written ones: the function that a decorator is given."""
    is_open: bool = False
    """Nothing is known of the arguments."""


def unseen(code: Code) -> Site:
    """A call whose arguments nobody knows."""
    return Site(code=code, arguments=(), is_open=True)
