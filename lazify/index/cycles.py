"""All effects of code, worked out for everything that runs each other at once."""

from collections.abc import Callable, Container, Hashable, Iterator
from functools import reduce
from operator import or_
from typing import Generic, TypeVar

from lazify.index.modules import Module
from lazify.index.steps import NOTHING, Edge, Key, Reached, Run, Steps
from lazify.model.effects import EffectKind

T = TypeVar("T", bound=Hashable)


class Numbers(Generic[T]):
    """Sets of things as sets of bits: thousands of sets that hold much the same are united fast, and are small."""

    def __init__(self) -> None:
        """Number nothing yet."""
        self._bits: dict[T, int] = {}
        self._things: list[T] = []

    def bit(self, thing: T) -> int:
        """The set that holds one thing."""
        if thing not in self._bits:
            self._bits[thing] = 1 << len(self._things)
            self._things.append(thing)
        return self._bits[thing]

    def things(self, bits: int) -> Iterator[T]:
        """What a set holds."""
        while bits:
            yield self._things[(bits & -bits).bit_length() - 1]
            bits &= bits - 1


class Keys(Numbers[Key]):
    """Effects as numbers; which are of the same kind is seen at once."""

    def __init__(self) -> None:
        """Number nothing yet."""
        super().__init__()
        self._of_kind: dict[EffectKind, int] = {}

    def bit(self, thing: Key) -> int:
        """The set that holds one effect."""
        found = super().bit(thing)
        self._of_kind[thing[0]] = self._of_kind.get(thing[0], 0) | found
        return found

    def kinds(self, bits: int) -> Iterator[EffectKind]:
        """The kinds of what a set holds."""
        return (kind for kind, of_kind in self._of_kind.items() if bits & of_kind)

    def of_kind(self, kind: EffectKind) -> int:
        """All effects of one kind."""
        return self._of_kind.get(kind, 0)


class Cycles:
    """What runs, followed to its end; the result is the same whichever code of a cycle is asked for first."""

    def __init__(
        self, steps: Callable[[Run], Steps], loaded_with: Callable[[Module], Container[Module]]
    ) -> None:
        """`steps` tells what code does by itself; `loaded_with` which modules are there when one is imported."""
        self._steps, self._loaded_with = steps, loaded_with
        self.keys = Keys()
        self._imports: Numbers[Run] = Numbers()
        self._bodies: dict[tuple[int, Module | None], tuple[Run, ...]] = {}

    def effects(self, start: Steps, module: Module | None) -> int:
        """The keys of all effects of what is run in `module`: of what that imports as well, unless it is loaded."""
        effects, imports = self._of_steps(start)
        for body in self._entered(imports, module):
            effects |= self._of(body).effects
        return effects

    def leading(self, missing: int, start: Steps, module: Module | None) -> Callable[[Run], bool]:
        """Tell which code that `start` runs leads to one of these effects."""
        bodies = self._entered(self._of_steps(start).imports, module)
        leading, before = 0, -1
        while leading != before:
            before = leading
            for body in bodies:
                effects, imports = self._of(body)
                if effects & missing or imports & leading:
                    leading |= self._imports.bit(body)

        def leads(run: Run) -> bool:
            if run.is_import:
                return bool(self._imports.bit(run) & leading)
            effects, imports = self._of(run)
            return bool(effects & missing or imports & leading)

        return leads

    def _entered(self, imports: int, module: Module | None) -> tuple[Run, ...]:
        """Every body of a module that runs when these would, if they are not loaded with `module`."""
        if not imports:
            return ()
        key = (imports, module)
        if key not in self._bodies:
            loaded = self._loaded_with(module) if module is not None else ()
            found: dict[Run, None] = {}
            queue = list(self._imports.things(imports))
            while queue:
                body = queue.pop()
                if body not in found and body.code.module not in loaded:
                    found[body] = None
                    queue += self._imports.things(self._of(body).imports)
            self._bodies[key] = tuple(found)
        return self._bodies[key]

    def _of(self, run: Run) -> Reached:
        if run.reached is None:
            self._solve(run)
        return run.reached or NOTHING

    def _of_steps(self, steps: Steps) -> Reached:
        effects = imports = 0
        for leaf in steps.leaves:
            effects |= self.keys.bit(leaf.key)
        for edge in steps.edges:
            if edge.target.is_import:
                imports |= self._imports.bit(edge.target)
            else:
                inner = self._of(edge.target)
                effects |= inner.effects
                imports |= inner.imports
        return Reached(effects, imports)

    def _solve(self, root: Run) -> None:
        """Tarjan's strongly connected components."""
        index: dict[Run, int] = {}
        low: dict[Run, int] = {}
        open_runs: list[Run] = []
        work: list[tuple[Run, Iterator[Edge]]] = []

        def enter(run: Run) -> None:
            index[run] = low[run] = len(index)
            open_runs.append(run)
            work.append((run, iter(self._steps(run).edges)))

        enter(root)
        while work:
            run, edges = work[-1]
            for edge in edges:
                target = edge.target
                if target.reached is not None or target.is_import:
                    continue
                if target not in index:
                    enter(target)
                    break
                low[run] = min(low[run], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[run])
                if low[run] == index[run]:
                    self._close(run, open_runs)

    def _close(self, run: Run, open_runs: list[Run]) -> None:
        """Give every code of one cycle what all of them reach."""
        at = len(open_runs) - 1
        while open_runs[at] is not run:
            at -= 1
        members = open_runs[at:]
        del open_runs[at:]
        for member in members:
            member.reached = NOTHING
        parts = [self._of_steps(self._steps(member)) for member in members]
        whole = Reached(
            reduce(or_, [each.effects for each in parts]), reduce(or_, [each.imports for each in parts])
        )
        for member in members:
            member.reached = whole
