"""Verification as a sentence: two states, side by side; entries, tests, verdict; the guilty changes, if any.

Stands on api: to find out which change is guilty, it plans again without some of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lazify import api, suspicion
from lazify import apply as writing
from lazify.asking import Question, Trial, question
from lazify.errors import ConfigError
from lazify.knowledge.heavy import costs
from lazify.knowledge.platforms import MIB
from lazify.model.changes import Patch, Plan
from lazify.model.verdicts import Guilty, Verdict
from lazify.render.words import counted
from lazify.suspicion import Redone, files_of
from lazify.verify.bench import Bench, bench
from lazify.verify.blame import Case, Suspects, guilty
from lazify.verify.copies import copy_tree, lay
from lazify.verify.history import head
from lazify.verify.judging import Tell, judge_entries, judge_tests, why_not_verified

WORKING_TREE = "the working tree"
_FILES_ALONE = "what differs is no apply that could be planned again as it was: whole files were tried"

Named = tuple[Suspects, tuple[str, ...]]
"""The suspects, with notes on them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sides:
    """What the two states are."""

    before: str
    after: str
    suspects: Callable[[], Named] | None = None
    """Worked out when something got worse; None where nobody asks."""


def verify(trial: Trial, *, progress: api.Progress, tell: Tell) -> Verdict:
    """Compare the working tree with what it was before: `trial.before`, the last apply's journal, or git HEAD.

    Raises LazifyError where there is nothing to compare with, or nothing of what was asked for can be run.
    """
    asked = question(trial)
    with bench(asked.root) as table:
        copy_tree(asked.root, table.after)
        label, redone = _put_before(trial, asked.root, table)

        def suspects() -> Named:
            planned = redone and suspicion.of_apply(redone, table, progress=progress)
            return (planned, ()) if planned else (suspicion.of_files(table), (_FILES_ALONE,))

        return _judged(asked, table, _Sides(before=label, after=WORKING_TREE, suspects=suspects), tell=tell)


def verified(
    loaded: api.Loaded, plan: Plan, trial: Trial, *, progress: api.Progress, tell: Tell
) -> tuple[Plan, tuple[Patch, ...], tuple[Verdict, ...]]:
    """Rewrite in memory, and verify in copies, until nothing is left that is guilty of anything.

    Give what is left, and the verdicts: the last one is on that. Nothing of the user's is written. Raises LazifyError
    where nothing could be verified.
    """
    chosen, patches = api.patches(loaded, plan, progress=progress)
    root = _only_root(loaded, patches)
    asked = question(trial, root=root)
    verdicts: list[Verdict] = []
    with bench(root) as table:
        copy_tree(root, table.before)
        while True:
            table.put_after(files_of(patches, root))
            after = f"{WORKING_TREE} with {counted(len(chosen.changes), 'change')}"
            suspects: Named = (suspicion.of_plan(loaded, chosen, root), ())
            sides = _Sides(before=WORKING_TREE, after=after, suspects=partial(_known, suspects))
            verdicts.append(_judged(asked, table, sides, tell=tell))
            if not verdicts[-1].guilty:
                return chosen, patches, tuple(verdicts)
            guilty_ones = {each.key for each in verdicts[-1].guilty}
            left = {change.key for change in chosen.changes} - guilty_ones
            chosen, patches = api.patches(loaded, api.only(loaded, chosen, left), progress=progress)


def measured(loaded: api.Loaded, patches: Sequence[Patch], trial: Trial, *, tell: Tell) -> Verdict:
    """Import the entries without and with the patches, in copies; nobody is blamed for what got worse.

    Raises LazifyError where nothing could be imported.
    """
    root = _only_root(loaded, patches)
    asked = question(trial, root=root)
    with bench(root) as table:
        copy_tree(root, table.before)
        table.put_after(files_of(patches, root))
        return _judged(asked, table, _Sides(before=WORKING_TREE, after="with all changes"), tell=tell)


def _known(suspects: Named) -> Named:
    return suspects


def _judged(asked: Question, table: Bench, sides: _Sides, *, tell: Tell) -> Verdict:
    verdicts = judge_entries(asked.entries, table, asked.surroundings, costs=costs(), tell=tell)
    judged = judge_tests(asked.suite, table, tell=tell) if asked.suite else None
    case = Case(
        bench=table,
        surroundings=asked.surroundings,
        costs=costs(),
        entries={entry.name: entry for entry in asked.entries},
        verdicts=verdicts,
        judged=judged,
    )
    found, notes = _blamed(case, sides, tell) if sides.suspects and case.is_open else ((), ())
    platform, interpreter = asked.surroundings.platform, asked.surroundings.interpreter
    return Verdict(
        before=sides.before,
        after=sides.after,
        isolation=str(asked.surroundings.isolation),
        platform=f"{platform.title}: {platform.seconds:g} s, {platform.memory // MIB} MiB",
        python=f"{interpreter.path} ({'.'.join(map(str, interpreter.version))})",
        entries=verdicts,
        tests=judged.verdict if judged else None,
        guilty=found,
        notes=notes,
        failures=tuple(why for why in map(why_not_verified, verdicts) if why),
    )


def _blamed(case: Case, sides: _Sides, tell: Tell) -> tuple[tuple[Guilty, ...], tuple[str, ...]]:
    assert sides.suspects is not None
    suspects, notes = sides.suspects()
    return (guilty(case, suspects, tell=tell) if suspects.changes else ()), notes


def _put_before(trial: Trial, root: Path, table: Bench) -> tuple[str, Redone | None]:
    """Lay the first state on the bench; say what it is, and how it became the second, where that is known."""
    if trial.before is not None:
        if not trial.before.is_dir():
            raise ConfigError(f"--before {trial.before}: no such folder")
        copy_tree(trial.before.absolute(), table.before)
        return str(trial.before), None
    copy_tree(root, table.before)
    redone = _put_back_last_apply(root, table)
    if redone is not None:
        return redone
    commit, files = head(root)
    lay(files, table.before)
    return f"git HEAD {commit}", None


def _put_back_last_apply(root: Path, table: Bench) -> tuple[str, Redone] | None:
    """Undo, on the bench alone, the last apply that changed anything in the project."""
    home = writing.find_home(root)
    entry = None if home is None else writing.last(home)
    if home is None or entry is None:
        return None
    real = root.resolve()
    files = {home / file.path: file for file in entry.files}
    mine = {path.relative_to(real): file for path, file in files.items() if path.is_relative_to(real)}
    if not mine:
        return None
    lay({path: file.before.data for path, file in mine.items()}, table.before)
    after = {path: file.after.data for path, file in mine.items()}
    redone = Redone(request=entry.request, home=home, root=real, after=after)
    return f"before the last apply (journal {entry.number:06})", redone


def _only_root(loaded: api.Loaded, patches: Sequence[Patch]) -> Path:
    """The project that the patches belong to; the first where there are none."""
    roots = [project.inventory.territory.root for project in loaded.projects]
    touched = [root for root in roots if any(patch.path.is_relative_to(root) for patch in patches)] or roots[
        :1
    ]
    if len(touched) != 1:
        raise ConfigError(f"--verify: the changes belong to {len(touched)} projects: apply them one by one")
    return touched[0]
