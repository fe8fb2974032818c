"""The run as a sentence: discover, scan, link, plan, review, rewrite, apply. The only module that knows the order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from lazify import apply as writing
from lazify.codemod import load as load_codemods
from lazify.config import CODES, Config, load_config, read_overrides
from lazify.discover import Territory, stake, survey
from lazify.errors import ConfigError
from lazify.executor import executor
from lazify.index import load as loading
from lazify.index.diagnosis import mentioned_words
from lazify.index.effects import Effects
from lazify.index.installed import Installed
from lazify.index.library import Library
from lazify.index.modules import Module
from lazify.index.platform import platform_names
from lazify.index.project import Project
from lazify.index.reading import read
from lazify.index.store import Store, cache_directory, scanner_version
from lazify.index.view import View
from lazify.interpreter import ask
from lazify.knowledge import Knowledge, knowledge
from lazify.metadata import read_metadata
from lazify.model.changes import Change, Patch, Plan, Receipt
from lazify.model.places import Failure
from lazify.plan import joined, lost
from lazify.plan import plan as plan_project
from lazify.requirements import read_requirements
from lazify.trees import Advance, LoadedProject, edits_of, finished, grown, rewritten, unheard


def _silent(_: str) -> None:
    """Nobody listens."""


class Progress(Protocol):
    """Hears how far a run is."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps."""
        ...

    def advance(self) -> None:
        """Count one step."""
        ...

    def warn(self, message: str) -> None:
        """Say what went wrong without stopping the run."""
        ...


class NoProgress:
    """Nobody watches."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage."""

    def advance(self) -> None:
        """Count one step."""

    def warn(self, message: str) -> None:
        """Say what went wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user typed."""

    paths: tuple[Path, ...]
    flags: Mapping[str, object] = field(default_factory=dict)
    """Only those given, under their names in `Config`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything one run sees."""

    base: Path
    """Paths are shown relative to it: the working folder."""
    projects: tuple[LoadedProject, ...]
    version: bytes
    """Of the scanner that made the content keys."""
    failures: tuple[Failure, ...] = ()


def load(request: Request, *, progress: Progress) -> Loaded:
    """Discover, scan and link every project that the paths belong to.

    Raises ConfigError when the flags are wrong; a project whose own configuration is wrong is a Failure.
    """
    flags = read_overrides(request.flags, codes=_codes())
    if isinstance(interpreter := flags.get("python"), Path):
        ask(interpreter)  # what is wrong with a flag is no failure of each project
    territories, failures = stake(request.paths)
    projects: list[LoadedProject] = []
    problems = list(failures)
    with Store(cache_directory(), warn=progress.warn) as store:
        for territory in territories:
            try:
                projects.append(_load_project(territory, request, store, progress))
            except ConfigError as error:
                file = error.file or territory.config_root / "pyproject.toml"
                problems.append(Failure(path=file, why=error.why, line=error.line))
    return Loaded(
        base=Path.cwd(), projects=tuple(projects), version=scanner_version(), failures=tuple(problems)
    )


def _load_project(territory: Territory, request: Request, store: Store, progress: Progress) -> LoadedProject:
    config = load_config(territory.config_root, request.flags, codes=_codes())
    inventory = survey(territory, exclude=config.exclude)
    progress.stage(f"reading {territory.root.name}", len(inventory.sources))
    with executor(inventory.size) as pool:
        scanned, failures = loading.load(
            inventory.sources, executor=pool, store=store, progress=lambda count: _advance(progress, count)
        )
    foreign = (_foreign(path) for path in inventory.foreign)
    modules = (Module(source=each.source, facts=each.facts) for each in scanned)
    project = Project(modules, (*inventory.failures, *failures), foreign=foreign)
    facts, metadata = knowledge(), read_metadata(territory.config_root)
    view = View(
        project=project,
        effects=Effects(project, facts, _library(config, project, facts, progress)),
        knowledge=facts,
        config=config,
        read=_text,
        platform_names=platform_names(inventory.platform_files),
        platform_files=inventory.platform_files,
        stubs=inventory.stubs,
        is_library=metadata.is_distributed,
        oldest_python=metadata.oldest_python,
        requirements=read_requirements(territory.config_root),
    )
    return LoadedProject(
        inventory=inventory, config=config, view=view, keys={e.source.path: e.key for e in scanned}
    )


def _codes() -> frozenset[str]:
    """Every code that can be selected, those of plug-ins included."""
    return frozenset(CODES).union(*(codemod.codes for codemod in load_codemods()))


def _library(config: Config, project: Project, facts: Knowledge, progress: Progress) -> Library | None:
    """What is installed for the project's interpreter, if it is named; it is read when it is asked for."""
    if config.python is None:
        return None
    store = Store(cache_directory(), warn=progress.warn)
    return Library(Installed(ask(config.python).search_path, project.modules, store), facts)


def plan(loaded: Loaded, *, declined: frozenset[str] = frozenset()) -> Plan:
    """Ask the codemods what to do in every project, without the changes whose keys are `declined`.

    Each step of codemods sees the tree that the steps before it leave; nothing is written.
    Raises LazifyError when a codemod cannot be loaded.
    """
    codemods = load_codemods()
    plans = [
        plan_project(project.view.but(declined=declined), codemods, partial(grown, project))
        for project in loaded.projects
    ]
    whole = joined(plans)
    return replace(whole, failures=(*loaded.failures, *whole.failures), declined=declined | whole.declined)


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


def _without(loaded: Loaded, chosen: Plan, failed: Sequence[Failure]) -> Plan:
    """Plan again without the changes that touch a failed file, and without others than those chosen."""
    refusals = lost(chosen.changes, failed)
    wanted = {change.key for change in chosen.changes}
    declined = chosen.declined | refusals.keys()
    while True:
        smaller = plan(loaded, declined=declined)
        unwanted = {change.key for change in smaller.changes} - wanted
        if not unwanted:
            return replace(smaller, refusals=(*chosen.refusals, *refusals.values()))
        declined |= unwanted


def _changed(results: Iterable[Patch | Failure]) -> tuple[Patch, ...]:
    return tuple(r for r in results if isinstance(r, Patch) and r.before != r.after)


def _rewriting(progress: Progress) -> Advance:
    def advance(done: int, total: int) -> None:
        if done:
            progress.advance()
        else:
            progress.stage("rewriting", total)

    return advance


def apply(loaded: Loaded, patches: Sequence[Patch], *, tell: Callable[[str], None] = _silent) -> Receipt:
    """Write all files or none; `tell` hears what an interrupted run had left.

    Raises ApplyError when every file is as it was.
    """
    if not patches:
        return Receipt(written=(), journal=None)
    roots = [project.inventory.territory.root for project in loaded.projects]
    touched = [root for root in roots if any(patch.path.is_relative_to(root) for patch in patches)]
    return writing.apply(patches, home=writing.home_of(touched), tell=lambda recovery: tell(str(recovery)))


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


def _foreign(path: Path) -> Failure:
    """A file in another language uses every name that it mentions; it is no failure of the run."""
    try:
        words = mentioned_words(path.read_bytes())
    except OSError:
        words = frozenset()
    return Failure(path=path, why="is not Python", words=words)


def _text(path: Path) -> str:
    return read(path).text


def _advance(progress: Progress, count: int) -> None:
    for _ in range(count):
        progress.advance()
