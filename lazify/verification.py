"""Verification as a sentence: two states, side by side; entries, tests, verdict; the guilty ones, if any.

Stands on api: to find out which change is guilty, it plans again without some of them.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from lazify import api
from lazify import apply as writing
from lazify.discover import Territory, stake
from lazify.errors import ConfigError, LazifyError
from lazify.interpreter import ask
from lazify.knowledge.heavy import costs
from lazify.knowledge.platforms import DEFAULT, MIB, platforms
from lazify.model.changes import Change, Patch, Plan
from lazify.model.verdicts import Guilty, Verdict
from lazify.observing.entries import Entry, locate
from lazify.sandbox import Isolation, strongest
from lazify.verify.bench import Bench, bench
from lazify.verify.blame import Case, Files, Suspects, guilty
from lazify.verify.copies import copy_tree, differing, lay
from lazify.verify.history import head
from lazify.verify.judging import Tell, judge_entries, judge_tests, why_not_verified
from lazify.verify.looking import Surroundings
from lazify.verify.named import named_entries
from lazify.verify.suite import Suite

WORKING_TREE = "the working tree"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the user wants to know."""

    python: Path
    """The project's interpreter."""
    entries: tuple[str, ...] = ()
    """Files or modules; empty for those that the files of platforms name."""
    before: Path | None = None
    platform: str = DEFAULT
    seconds: float | None = None
    """Of one import; None for the platform's limit."""
    memory: int | None = None
    """MiB; None for the platform's limit."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables beside the platform's."""
    isolation: Isolation | None = None
    """None for the strongest that works here."""
    runs: int = 3
    test: str | None = None
    test_seconds: float = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matter:
    """One verification: what is compared, how, and who might be guilty."""

    root: Path
    bench: Bench
    before: str
    after: str
    entries: tuple[Entry, ...]
    surroundings: Surroundings
    suite: Suite | None
    suspects: Callable[[], tuple[Suspects, tuple[str, ...]]]
    """Worked out when something got worse: the suspects, with notes on them."""


def verify(trial: Trial, *, progress: api.Progress, tell: Tell) -> Verdict:
    """Compare the working tree with what it was before: `trial.before`, the last apply's journal, or git HEAD.

    Raises LazifyError where there is nothing to compare, or nothing of what was asked for can be run.
    """
    surroundings = _surroundings(trial)
    territory = _territory(trial)
    entries = _entries(trial, territory)
    with bench(territory.root) as table:
        copy_tree(territory.root, table.after)
        label, redone = _put_before(trial, territory.root, table)

        def suspects() -> tuple[Suspects, tuple[str, ...]]:
            return _suspects(table, redone, progress)

        matter = _Matter(
            root=territory.root,
            bench=table,
            before=label,
            after=WORKING_TREE,
            entries=entries,
            surroundings=surroundings,
            suite=_suite(trial, territory.root),
            suspects=suspects,
        )
        return _judged(matter, tell=tell)


def verified(
    loaded: api.Loaded, plan: Plan, trial: Trial, *, progress: api.Progress, tell: Tell
) -> tuple[Plan, tuple[Patch, ...], Verdict]:
    """Rewrite in memory, and verify in copies; give what is left of the plan without its guilty changes.

    Nothing of the user's is written. Raises LazifyError where nothing could be verified.
    """
    chosen, patches = api.patches(loaded, plan, progress=progress)
    root = _only_root(loaded, patches)
    if root is None:
        return chosen, patches, _nothing(trial)
    surroundings, entries = _surroundings(trial), _entries(trial, _territory_of(root))
    with bench(root) as table:
        copy_tree(root, table.before)

        def made(changes: Sequence[Guilty]) -> Files:
            smaller = api.only(loaded, chosen, {change.key for change in changes})
            return _files(api.patches(loaded, smaller, progress=api.NoProgress())[1], root)

        suspects = Suspects(changes=_as_suspects(chosen.changes, root), made=made)
        matter = _Matter(
            root=root,
            bench=table,
            before=WORKING_TREE,
            after=f"{WORKING_TREE} with the changes",
            entries=entries,
            surroundings=surroundings,
            suite=_suite(trial, root),
            suspects=lambda: (suspects, ()),
        )
        copy_tree(root, table.after)
        lay(_files(patches, root), table.after)
        verdict = _judged(matter, tell=tell)
        if not verdict.guilty:
            return chosen, patches, verdict
        keys = {change.key for change in chosen.changes} - {each.key for each in verdict.guilty}
        smaller, patches = api.patches(loaded, api.only(loaded, chosen, keys), progress=progress)
        return replace(smaller, refusals=chosen.refusals), patches, verdict


def _judged(matter: _Matter, *, tell: Tell) -> Verdict:
    verdicts = judge_entries(matter.entries, matter.bench, matter.surroundings, costs=costs(), tell=tell)
    judged = judge_tests(matter.suite, matter.bench, tell=tell) if matter.suite else None
    case = Case(
        bench=matter.bench,
        surroundings=matter.surroundings,
        costs=costs(),
        entries={entry.name: entry for entry in matter.entries},
        verdicts=verdicts,
        suite=matter.suite,
        judged=judged,
    )
    found: tuple[Guilty, ...] = ()
    notes: tuple[str, ...] = ()
    if case.is_open:
        suspects, notes = matter.suspects()
        found = guilty(case, suspects, tell=tell) if suspects.changes else ()
    platform, interpreter = matter.surroundings.platform, matter.surroundings.interpreter
    return Verdict(
        before=matter.before,
        after=matter.after,
        isolation=str(matter.surroundings.isolation),
        platform=f"{platform.title}: {platform.seconds:g} s, {platform.memory // MIB} MiB",
        python=f"{interpreter.path} ({'.'.join(map(str, interpreter.version))})",
        entries=verdicts,
        tests=judged.verdict if judged else None,
        guilty=found,
        notes=notes,
        failures=tuple(why for why in map(why_not_verified, verdicts) if why),
    )


# What is asked.


def _surroundings(trial: Trial) -> Surroundings:
    known = platforms()
    if trial.platform not in known:
        raise ConfigError(f"--platform {trial.platform}: not known; there are {', '.join(known)}")
    platform = known[trial.platform]
    platform = replace(
        platform,
        seconds=trial.seconds or platform.seconds,
        memory=trial.memory * MIB if trial.memory else platform.memory,
    )
    return Surroundings(
        platform=platform,
        isolation=trial.isolation or strongest(),
        interpreter=ask(trial.python),
        added=trial.variables,
        runs=trial.runs,
    )


def _territory(trial: Trial) -> Territory:
    """The project of the entries, or of the working folder."""
    located = [locate(name, base=Path.cwd()) for name in trial.entries]
    roots = list(dict.fromkeys(entry.root for entry in located))
    if len(roots) > 1:
        raise ConfigError(f"the entries belong to {len(roots)} projects: verify them one by one")
    return _territory_of(roots[0] if roots else Path.cwd())


def _territory_of(path: Path) -> Territory:
    territories, failures = stake([path])
    if failures:
        raise ConfigError(f"{path}: {failures[0].why}")
    return territories[0]


def _entries(trial: Trial, territory: Territory) -> tuple[Entry, ...]:
    names = trial.entries or tuple(named_entries(territory))
    entries = tuple(locate(name, base=Path.cwd()) for name in names)
    outside = next((entry for entry in entries if entry.file is None), None)
    if outside is not None:
        raise ConfigError(f"{outside.name}: no module of that name or path is in {territory.root}")
    if not entries and not trial.test:
        raise ConfigError(
            "no file of a platform names an entry point: name one (`lazify verify api/index.py`), or --test"
        )
    return entries


def _suite(trial: Trial, root: Path) -> Suite | None:
    if trial.test is None:
        return None
    here = Path.cwd()
    return Suite(
        command=trial.test,
        python=ask(trial.python).path,
        origin=root,
        inside=here.relative_to(root) if here.is_relative_to(root) else Path(),
        seconds=trial.test_seconds,
    )


def _nothing(trial: Trial) -> Verdict:
    return Verdict(before=WORKING_TREE, after=WORKING_TREE, isolation="", platform="", python=str(trial.python))


# What was before.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redone:
    """An apply that the journal keeps, so that it can be planned again."""

    request: Mapping[str, object]
    home: Path
    """Of the journal."""
    root: Path
    after: Files
    """What it left, relative to the root."""


def _put_before(trial: Trial, root: Path, table: Bench) -> tuple[str, _Redone | None]:
    """Lay the first state on the bench; say what it is, and how it became the second, where that is known."""
    if trial.before is not None:
        if not trial.before.is_dir():
            raise ConfigError(f"--before {trial.before}: no such folder")
        copy_tree(trial.before.absolute(), table.before)
        return str(trial.before), None
    copy_tree(root, table.before)
    home = writing.find_home(root)
    entry = None if home is None else writing.last(home)
    if home is not None and entry is not None:
        files = {home / file.path: file for file in entry.files}
        real = root.resolve()
        mine = {path.relative_to(real): file for path, file in files.items() if path.is_relative_to(real)}
        if mine:
            lay({path: file.before.data for path, file in mine.items()}, table.before)
            after = {path: file.after.data for path, file in mine.items()}
            redone = _Redone(request=entry.request, home=home, root=real, after=after)
            return f"before the last apply (journal {entry.number:06})", redone
    commit, files_ = head(root)
    lay(files_, table.before)
    return f"git HEAD {commit}", None


# Who might be guilty.


def _suspects(
    table: Bench, redone: _Redone | None, progress: api.Progress
) -> tuple[Suspects, tuple[str, ...]]:
    if redone is not None and redone.request:
        suspects = _planned_again(table, redone, progress)
        if suspects is not None:
            return suspects, ()
    changed = differing(table.before, table.after)
    files = tuple(Guilty(key=str(path), title="this file", at=str(path)) for path in changed)

    def made(chosen: Sequence[Guilty]) -> Files:
        return {Path(each.key): changed[Path(each.key)][1] for each in chosen}

    note = "what differs is no apply that could be planned again as it was: whole files were tried one by one"
    return Suspects(changes=files, made=made), (note,)


def _planned_again(table: Bench, redone: _Redone, progress: api.Progress) -> Suspects | None:
    """Plan on the first state what was planned then; None where something else comes out than is there now."""
    tree = table.work / "plan" / table.name
    copy_tree(table.before, tree)
    (tree / ".git").mkdir(exist_ok=True)  # the root of a project that has no other mark
    try:
        loaded = api.load(_asked_again(redone, tree), progress=progress)
        declined = redone.request.get("declined", ())
        assert isinstance(declined, list | tuple)
        keys = frozenset(f"{tree}/{os.path.relpath(redone.home / key, redone.root)}" for key in declined)
        chosen, patches = api.patches(loaded, api.plan(loaded, declined=keys), progress=progress)
    except LazifyError:
        return None
    if _files(patches, tree) != redone.after or not _is_there(redone.after, table.after):
        return None

    def made(changes: Sequence[Guilty]) -> Files:
        smaller = api.only(loaded, chosen, {change.key for change in changes})
        return _files(api.patches(loaded, smaller, progress=api.NoProgress())[1], tree)

    return Suspects(changes=_as_suspects(chosen.changes, tree), made=made)


def _asked_again(redone: _Redone, tree: Path) -> api.Request:
    flags, paths = redone.request["flags"], redone.request["paths"]
    assert isinstance(flags, dict)
    assert isinstance(paths, list)
    inside = [os.path.relpath(redone.home / path, redone.root) for path in paths]
    return api.Request(
        paths=tuple(Path(os.path.normpath(tree / path)) for path in inside if not path.startswith("..")) or (tree,),
        flags={name: tuple(value) if isinstance(value, list) else value for name, value in flags.items()},
    )


def _is_there(files: Files, tree: Path) -> bool:
    return all((tree / path).is_file() and (tree / path).read_bytes() == data for path, data in files.items())


def _as_suspects(changes: Sequence[Change], root: Path) -> tuple[Guilty, ...]:
    return tuple(
        Guilty(
            key=change.key,
            title=f"{change.code} {change.title}",
            at=f"{os.path.relpath(change.at.path, root)}:{change.at.span.line}",
        )
        for change in changes
    )


def _files(patches: Sequence[Patch], root: Path) -> dict[Path, bytes | None]:
    return {Path(os.path.relpath(patch.path, root)): patch.after for patch in patches}


def _only_root(loaded: api.Loaded, patches: Sequence[Patch]) -> Path | None:
    """The project that the patches belong to; None where there are none."""
    roots = [project.inventory.territory.root for project in loaded.projects]
    touched = [root for root in roots if any(patch.path.is_relative_to(root) for patch in patches)]
    if len(touched) > 1:
        raise ConfigError(f"--verify: the changes belong to {len(touched)} projects: apply them one by one")
    return touched[0] if touched else None
