"""Which statements may run which functions: everything that runs is followed once, and asked backwards."""

from collections.abc import Callable, Iterable

from lazify.index.installed import InstalledModule
from lazify.index.modules import Module
from lazify.index.steps import Run, Steps

Statement = tuple[Module, int]
"""A module, and the number of one of its statements."""
Function = tuple[Module, int]
"""A module, and the number of a function's or lambda's scope."""


class Callers:
    """Who runs what, as far as some statements run it."""

    def __init__(self, starts: Iterable[tuple[Statement, Steps]], steps: Callable[[Run], Steps]) -> None:
        """Follow `starts` through what `steps` tells of code, but not into modules that functions import."""
        self._order: dict[Statement, int] = {}
        self._callers: dict[Run, list[Run | Statement]] = {}
        self._runs: dict[Function, list[Run]] = {}
        queue: list[Run] = []
        for statement, first in starts:
            self._order[statement] = len(self._order)
            queue += self._add(statement, [edge.target for edge in first.edges])
        while queue:
            run = queue.pop()
            queue += self._add(run, [edge.target for edge in steps(run).edges if not edge.target.is_import])

    def of(self, functions: Iterable[Function]) -> list[Statement]:
        """List the statements that may run one of the functions, in the order in which they were given."""
        queue = [run for function in functions for run in self._runs.get(function, ())]
        seen, found = set(queue), set[Statement]()
        while queue:
            for caller in self._callers[queue.pop()]:
                if isinstance(caller, tuple):
                    found.add(caller)
                elif caller not in seen:
                    seen.add(caller)
                    queue.append(caller)
        return sorted(found, key=self._order.__getitem__)

    def _add(self, caller: Run | Statement, targets: Iterable[Run]) -> list[Run]:
        """Note who runs `targets`; return those that are met for the first time."""
        fresh = []
        for target in targets:
            if target not in self._callers:
                self._callers[target] = []
                fresh.append(target)
                self._note(target)
            self._callers[target].append(caller)
        return fresh

    def _note(self, run: Run) -> None:
        code = run.code
        if code.kind in ("function", "lambda") and not isinstance(code.module, InstalledModule):
            self._runs.setdefault((code.module, code.number), []).append(run)
