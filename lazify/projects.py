"""The projects of a run: each is scanned, linked and planned when somebody asks, several of them side by side."""

import gc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

from lazify import codemod
from lazify.discover import Inventory
from lazify.executor import executor, is_parallel, outcomes, without_garbage_collection
from lazify.index.store import Store, cache_directory
from lazify.inputs import Inputs
from lazify.model.changes import Plan
from lazify.plan import plan as plan_project
from lazify.progress import NoProgress, Progress
from lazify.remembered import digest, keep, pack, recall, unpack
from lazify.trees import grown

if TYPE_CHECKING:
    from lazify.index.view import View


@dataclass(kw_only=True, eq=False)
class LoadedProject:
    """One project, which is scanned and linked when somebody looks at it."""

    inventory: Inventory
    inputs: Inputs
    progress: Progress
    store: Callable[[], Store]
    """Opens the cache."""
    _plan: Plan | None = field(default=None, init=False)

    @cached_property
    def view(self) -> "View":
        """What codemods look at."""
        from lazify.linking import linked  # for those who cannot recall their plan

        self.progress.stage(f"reading {self.inventory.territory.root.name}", len(self.inputs.sources))
        with self.store() as store, executor(self.inventory.size) as pool:
            advance = partial(_advance, self.progress)
            # The codemods take a tenth of a second to import, and one process waits while the others read.
            return linked(self.inputs, executor=pool, store=store, progress=advance, meanwhile=codemod.load)

    @property
    def plan(self) -> Plan:
        """What to do, with nothing declined: as an earlier run with equal inputs found it, or found now."""
        if self._plan is None:
            with self.store() as store:
                is_known = self.recalls_its_plan(store)
            if not is_known:
                packed = pack(self.planned())
                with self.store() as store:
                    self.take(packed, store)
        assert self._plan is not None
        return self._plan

    def recalls_its_plan(self, store: Store) -> bool:
        """Tell whether the plan is known already, by an earlier run perhaps."""
        if self._plan is None and self._key is not None:
            self._plan = recall(self._key, store)
        return self._plan is not None

    def take(self, packed: bytes, store: Store) -> None:
        """Take this for the plan, and remember it for later runs."""
        self._plan = unpack(packed)
        if self._key is not None:
            keep(self._key, packed, store)

    def planned(self, *, declined: frozenset[str] = frozenset()) -> Plan:
        """Ask the codemods."""
        with without_garbage_collection():
            return plan_project(self.view.but(declined=declined), codemod.load(), partial(grown, self))

    def planned_without(self, declined: frozenset[str]) -> Plan:
        """Ask the codemods again, unless nothing that the plan wants is declined."""
        is_concerned = any(change.key in declined for change in self.plan.changes)
        return self.planned(declined=declined) if is_concerned else self.plan

    @cached_property
    def _key(self) -> bytes | None:
        return digest(self.inputs)


def plans(projects: Sequence[LoadedProject], *, declined: frozenset[str] = frozenset()) -> list[Plan]:
    """Plan every project, without the changes whose keys are `declined`.

    What no earlier run has left is worked out anew, for several projects in a process each.
    """
    if len(projects) > 1:
        with projects[0].store() as store:
            waiting = _without_giants(each for each in projects if not each.recalls_its_plan(store))
        if len(waiting) > 1:
            _plan_side_by_side(waiting)
    return [each.planned_without(declined) for each in projects]


def _without_giants(projects: Iterable[LoadedProject]) -> list[LoadedProject]:
    """Sort by size, the big ones first, without those that are done sooner with all processes for their own files.

    Half of the work on a project is reading its files, which several processes share; planning is one process's.
    """
    rest = sorted(projects, key=lambda each: each.inventory.size, reverse=True)
    while rest and rest[0].inventory.size > 2 * sum(each.inventory.size for each in rest[1:]):
        del rest[0]
    return rest


def _plan_side_by_side(projects: Sequence[LoadedProject]) -> None:
    """Plan each in a process of its own; who ends the process is left to be planned in this one."""
    import lazify.linking  # noqa: F401  # once, before the workers are forked, not in each of them

    codemod.load()
    with executor(sum(each.inventory.size for each in projects)) as pool:
        if not is_parallel(pool):
            return
        progress = projects[0].progress
        progress.stage("planning projects", len(projects))
        work = [(each.inventory, each.inputs) for each in projects]
        for project, (_, found) in zip(projects, outcomes(pool, _planned_apart, work), strict=True):
            packed, warnings = found or (None, [])
            if packed is not None:
                with project.store() as store:
                    project.take(packed, store)
            for warning in warnings:
                progress.warn(warning)
            progress.advance()


def _planned_apart(work: tuple[Inventory, Inputs]) -> tuple[bytes, list[str]]:
    """Plan one project in a process for it; give the plan, packed, and what is to be told of the cache."""
    inventory, inputs = work
    warnings: list[str] = []
    store = partial(Store, cache_directory(), warn=warnings.append)
    packed = pack(
        LoadedProject(inventory=inventory, inputs=inputs, progress=NoProgress(), store=store).planned()
    )
    gc.collect()  # its facts and what was made of them: the process goes on with other projects
    return packed, warnings


def _advance(progress: Progress, count: int) -> None:
    for _ in range(count):
        progress.advance()
