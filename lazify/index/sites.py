"""Calls as their callee sees them: whose code makes them, and what its parameters are there."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from lazify.index.abstract import Values, Variable
from lazify.index.codes import Code
from lazify.model.facts import Argument
from lazify.model.places import Span

Known = Mapping[Variable, Values]
"""What parameters are, where it is known."""

Hint = Span | frozenset[int] | None
"""Where an expression stands: within that span, or in one of those top-level statements."""


class Site(NamedTuple):
    """One call."""

    code: Code
    """The scope whose code makes the call."""
    arguments: tuple[Argument, ...]
    ask: Callable[[Values], Values] | None = None
    """Puts in what the parameters of `code` are; None while they stay symbols."""
    first: tuple[Values, ...] = ()
    """Positional arguments before the written ones: the function that a decorator is given."""
    is_open: bool = False
    """Nothing is known of the arguments."""


def unseen(code: Code) -> Site:
    """A call whose arguments nobody knows."""
    return Site(code=code, arguments=(), is_open=True)
