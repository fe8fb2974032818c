"""The run as a sentence: discover, scan, link, plan, review, rewrite, apply. The only module that knows the order."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lazify import apply as writing
from lazify import codemod
from lazify.config import CODES, load_config, read_overrides
from lazify.discover import Inventory, Territory, stake, survey
from lazify.errors import ConfigError
from lazify.index.store import Store, cache_directory
from lazify.inputs import Inputs, gather
from lazify.interpreter import ask
from lazify.model.changes import Change, Patch, Plan, Receipt
from lazify.model.places import Failure
from lazify.plan import joined, lost
from lazify.progress import NoProgress as NoProgress  # noqa: PLC0414  # who calls `load` listens
from lazify.progress import Progress as Progress  # noqa: PLC0414
from lazify.projects import LoadedProject, plans
from lazify.request import Request as Request  # noqa: PLC0414  # who calls `load` makes one
from lazify.request import to_json
from lazify.trees import (
    Advance,
    edits_of,
    finished,
    rewritten,
    unheard,
    unknown_entries,
    why_unknown,
)

if TYPE_CHECKING:
    from lazify.model.graphs import ImportGraph


def _silent(_: str) -> None:
    """Nobody listens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything one run sees."""

    base: Path
    """Paths are shown relative to it: the working folder."""
    projects: tuple[LoadedProject, ...]
    failures: tuple[Failure, ...] = ()
    request: Request


def load(request: Request, *, progress: Progress) -> Loaded:
    """Discover every project that the paths belong to, and what its files hold.

    Raises ConfigError when the flags are wrong; a project whose own configuration is wrong is a Failure.
    """
    flags = read_overrides(request.flags, codes=_codes)
    if isinstance(interpreter := flags.get("python"), Path):
        ask(interpreter)  # what is wrong with a flag is no failure of each project
    territories, failures = stake(request.paths)
    projects: list[LoadedProject] = []
    problems = list(failures)
    store = partial(Store, cache_directory(), warn=_once(progress.warn))
    with store() as opened:
        for territory in territories:
            try:
                inventory, inputs = _looked_at(territory, request, opened)
            except ConfigError as error:
                file = error.file or territory.config_root / "pyproject.toml"
                problems.append(Failure(path=file, why=error.why, line=error.line))
            else:
                projects.append(
                    LoadedProject(inventory=inventory, inputs=inputs, progress=progress, store=store)
                )
    missing = unknown_entries(projects)
    if missing:
        raise ConfigError(f"the entry {missing[0]}: {why_unknown(projects, missing[0])}")
    return Loaded(base=Path.cwd(), projects=tuple(projects), failures=tuple(problems), request=request)


def _looked_at(territory: Territory, request: Request, store: Store) -> tuple[Inventory, Inputs]:
    config = load_config(territory.config_root, request.flags, codes=_codes)
    inventory = survey(territory, exclude=config.exclude)
    return inventory, gather(inventory, config, store=store)


def _codes() -> frozenset[str]:
    """Every code that can be selected, those of plug-ins included."""
    return frozenset(CODES).union(*(each.codes for each in codemod.load()))


def plan(loaded: Loaded, *, declined: frozenset[str] = frozenset()) -> Plan:
    """Say what to do in every project, without the changes whose keys are `declined`.

    Each step of codemods sees the tree that the steps before it leave; nothing is written.
    Raises LazifyError when a codemod cannot be loaded, or a file was edited since `load`.
    """
    whole = joined(plans(loaded.projects, declined=declined))
    return replace(whole, failures=(*loaded.failures, *whole.failures), declined=declined | whole.declined)


def graphs(loaded: Loaded, plan: Plan) -> tuple["ImportGraph", ...]:
    """Follow what importing the entries of each project runs; `plan` says what would become of it. Nothing is run.

    Raises ConfigError for an interpreter that does not answer.
    """
    from lazify.graph.projects import project_graph  # for those who look at it

    return tuple(
        project_graph(
            each.view,
            plan,
            root=each.inventory.territory.root,
            config_root=each.inventory.territory.config_root,
        )
        for each in loaded.projects
    )


def patches(loaded: Loaded, plan: Plan, *, progress: Progress) -> tuple[Plan, tuple[Patch, ...]]:
    """Rewrite every touched file in memory, and return the patches with the plan that they carry out.

    A change one of whose files cannot be rewritten is refused as a whole: the others are planned again without
    it, and the file is among the failures.
    """
    chosen, failures = plan, list[Failure]()
    while True:
        results = finished(loaded.projects, chosen, advance=_rewriting(progress))
        failed = [result for result in results if isinstance(result, Failure)]
        if not failed:
            return replace(chosen, failures=(*plan.failures, *dict.fromkeys(failures))), _changed(results)
        failures += failed
        chosen = _without(loaded, chosen, failed)


def preview(
    loaded: Loaded, plan: Plan, change: Change, needed: Sequence[Change]
) -> tuple[Patch | Failure, ...]:
    """Rewrite what one change touches, with those of its step that it needs, where earlier steps are done."""
    together = tuple(each for each in (change, *needed) if each.step == change.step)
    touched = {edit.path for each in together for edit in each.edits}
    before = {
        result.path: result.after
        for result in finished(loaded.projects, plan, before=change.step, advance=unheard)
        if isinstance(result, Patch) and result.path in touched
    }
    results = rewritten(loaded.projects, edits_of(together), before)
    return tuple(
        replace(r, before=before.get(r.path, r.before)) if isinstance(r, Patch) else r for r in results
    )


def only(loaded: Loaded, chosen: Plan, wanted: Collection[str]) -> Plan:
    """Plan again with no other changes of a plan than those with the `wanted` keys, and with no new ones.

    What needs a change that is not wanted is not in the result either.
    """
    known = {change.key for change in chosen.changes}
    declined = chosen.declined | (known - set(wanted))
    while True:
        smaller = plan(loaded, declined=declined)
        unwanted = {change.key for change in smaller.changes} - set(wanted)
        if not unwanted:
            return smaller
        declined |= unwanted


def _without(loaded: Loaded, chosen: Plan, failed: Sequence[Failure]) -> Plan:
    """Plan again without the changes that touch a failed file, and without others than those chosen."""
    refusals = lost(chosen.changes, failed)
    smaller = only(loaded, chosen, {change.key for change in chosen.changes} - refusals.keys())
    return replace(smaller, refusals=(*chosen.refusals, *refusals.values()))


def _changed(results: Iterable[Patch | Failure]) -> tuple[Patch, ...]:
    return tuple(r for r in results if isinstance(r, Patch) and r.before != r.after)


def _rewriting(progress: Progress) -> Advance:
    def advance(done: int, total: int) -> None:
        if done:
            progress.advance()
        else:
            progress.stage("rewriting", total)

    return advance


def apply(
    loaded: Loaded,
    patches: Sequence[Patch],
    *,
    declined: frozenset[str] = frozenset(),
    tell: Callable[[str], None] = _silent,
) -> Receipt:
    """Write all files or none; `tell` hears what an interrupted run had left.

    The journal keeps what was asked for, and the keys of the changes that were `declined`.

    Raises ApplyError when every file is as it was.
    """
    if not patches:
        return Receipt(written=(), journal=None)
    roots = [project.inventory.territory.root for project in loaded.projects]
    touched = [root for root in roots if any(patch.path.is_relative_to(root) for patch in patches)]
    home = writing.home_of(touched)
    request = to_json(loaded.request, home=home, declined=declined)
    return writing.apply(patches, home=home, tell=lambda recovery: tell(str(recovery)), request=request)


def undo(start: Path, *, tell: Callable[[str], None] = _silent) -> Receipt:
    """Take back the last apply of the project around `start`; the receipt has no journal when there is none."""
    home = writing.find_home(start)
    return (
        Receipt(written=(), journal=None)
        if home is None
        else writing.undo(home, tell=lambda recovery: tell(str(recovery)))
    )


def recover(start: Path) -> tuple[str, ...]:
    """End what an interrupted run left behind in the project around `start`; say what was done."""
    return tuple(str(recovery) for home in writing.find_homes(start) for recovery in writing.recover(home))


def _once(warn: Callable[[str], None]) -> Callable[[str], None]:
    """Give a `warn` that says nothing twice."""
    said: set[str] = set()

    def warn_once(message: str) -> None:
        if message not in said:
            said.add(message)
            warn(message)

    return warn_once
