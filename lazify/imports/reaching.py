"""The functions that some others lead to, each with the reason that it has from the first of them."""

from collections.abc import Callable, Iterable

from lazify.index.modules import Module

Function = tuple[Module, int]
"""The module that defines it, and its scope there."""


def reached(
    roots: Iterable[tuple[Function, str]], calls: Callable[[Module, int], Iterable[Function]]
) -> dict[Function, str]:
    """Follow calls from the roots, which have a reason each, however far they lead."""
    found: dict[Function, str] = {}
    waiting = list(roots)
    while waiting:
        function, reason = waiting.pop()
        if function not in found:
            found[function] = reason
            waiting += ((each, reason) for each in calls(*function))
    return found
