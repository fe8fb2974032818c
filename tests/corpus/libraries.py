"""What must hold when lazify meets a library with tests of its own: not one test is lost."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus.blame import guilty
from tests.corpus.chosen import apply_without
from tests.corpus.environments import Stage, TestRun, prepare, run_tests
from tests.corpus.fetch import copy
from tests.corpus.manifest import RESULTS, Library
from tests.corpus.planned import planned, summary_of_plan
from tests.corpus.tool import MODES, as_options, earlier, recorded
from tests.corpus.trees import compiling, digest

_ROUNDS = 8
"""After so many guilty changes the search for more gives up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One library in one mode."""

    stage: Stage
    mode: str
    baseline: TestRun


def baseline(library: Library, folder: Path) -> tuple[Stage, TestRun]:
    """Install the library and run its tests as they are, once for all modes and versions of lazify."""
    stage = prepare(library, folder)

    def measure() -> dict[str, Any]:
        copy(stage.prepared, stage.tree)
        run = run_tests(stage)
        return {"outcomes": dict(run.outcomes), "code": run.code, "seconds": run.seconds, "tail": run.tail}

    kept = recorded(f"libraries/{library.name}.baseline", measure, stale=True)
    return stage, TestRun(
        outcomes=kept["outcomes"], code=kept["code"], seconds=kept["seconds"], tail=kept["tail"]
    )


def known_seconds(library: Library) -> float:
    """How long its tests took when they were run as they are; 0 where nobody did."""
    path = RESULTS / "libraries" / f"{library.name}.baseline.json"
    return float(json.loads(path.read_text(encoding="utf-8"))["seconds"]) if path.exists() else 0.0


def try_library(library: Library, folder: Path, *, mode: str, stale: bool) -> dict[str, Any]:
    """Give the recorded result, or rewrite the library, tests included, and run its tests now."""
    stage, before = baseline(library, folder)
    trial = Trial(stage=stage, mode=mode, baseline=before)
    return recorded(f"libraries/{library.name}.{mode}", lambda: _examine(trial), stale=stale)


def _examine(trial: Trial) -> dict[str, Any]:
    stage = trial.stage
    copy(stage.prepared, stage.tree)
    counts = summary_of_plan(stage.tree, MODES[trial.mode])
    compiled = compiling(stage.tree)
    _rewrite(trial, declined=())
    broken = sorted(compiled - compiling(stage.tree, compiled))
    rewritten = digest(stage.tree)
    return {
        "name": stage.library.name,
        "version": stage.library.version,
        "mode": trial.mode,
        "tree": rewritten,
        **counts,
        "problems": [f"no longer compiles: {path}" for path in broken],
        **(_known(trial, rewritten) or _tested(trial)),
    }


def _known(trial: Trial, rewritten: str) -> dict[str, Any] | None:
    """What an earlier lazify wrote the same code for needs no second run of the tests, if none was lost."""
    result = earlier(f"libraries/{trial.stage.library.name}.{trial.mode}")
    if result is None or result.get("tree") != rewritten or result["lost"]:
        return None
    return {name: result[name] for name in ("passed", "seconds", "lost", "guilty", "tail")}


def _tested(trial: Trial) -> dict[str, Any]:
    after = run_tests(trial.stage)
    lost = _really_lost(trial, after)
    return {
        "passed": {"before": len(trial.baseline.passed), "after": len(after.passed)},
        "seconds": {"before": trial.baseline.seconds, "after": after.seconds},
        "lost": lost,
        "guilty": _blame(trial, lost) if lost else [],
        "tail": after.tail if lost else "",
    }


def _rewrite(trial: Trial, *, declined: Iterable[str]) -> None:
    copy(trial.stage.prepared, trial.stage.tree)
    apply_without(declined, tree=trial.stage.tree, flags=as_options(trial.mode))


def _really_lost(trial: Trial, after: TestRun) -> list[str]:
    """The tests that passed before and do not now; both trees are asked again, to leave out what is fickle.

    Whole runs: a value made on first use may reach a test through one that ran before it.
    """
    lost = gone(trial.baseline.passed, after.passed)
    if lost:
        lost = sorted(set(lost) & set(gone(trial.baseline.passed, run_tests(trial.stage).passed)))
    if lost:
        copy(trial.stage.prepared, trial.stage.tree)
        lost = sorted(set(lost) & run_tests(trial.stage).passed)
    return lost


def gone(before: frozenset[str], after: frozenset[str]) -> list[str]:
    """List the tests that no longer pass; parameters that are random have other names in each run."""
    gone, new = before - after, Counter(map(_function, after - before))
    renamed = {name for name, count in Counter(map(_function, gone)).items() if new[name] == count}
    return sorted(test for test in gone if _function(test) not in renamed)


def _function(test: str) -> str:
    return test.partition("[")[0]


def _blame(trial: Trial, lost: Sequence[str]) -> list[dict[str, Any]]:
    """Find the change behind the first lost test, drop it, and go on until none is lost."""
    copy(trial.stage.prepared, trial.stage.tree)
    changes = {change["key"]: change for change in planned(trial.stage.tree, MODES[trial.mode])["changes"]}
    found: list[dict[str, Any]] = []
    dropped: list[str] = []
    while lost and len(found) < _ROUNDS:
        keys = _culprits(trial, lost[0], [key for key in changes if key not in dropped], changes)
        found.append({"test": lost[0], "changes": [_described(changes[key]) for key in keys]})
        dropped += keys
        if not keys:
            break
        _rewrite(trial, declined=dropped)
        lost = gone(trial.baseline.passed, run_tests(trial.stage).passed)
    return found


def _culprits(trial: Trial, test: str, keys: Sequence[str], everything: Iterable[str]) -> list[str]:
    def fails(only: Sequence[str], tests: Sequence[str] = (test,)) -> bool:
        _rewrite(trial, declined=[key for key in everything if key not in only])
        return test not in run_tests(trial.stage, only=tests).passed

    if fails(keys):
        return guilty(keys, fails)
    return guilty(keys, lambda only: fails(only, ())) if fails(keys, ()) else []


def _described(change: dict[str, Any]) -> str:
    return json.dumps({name: change[name] for name in ("code", "title", "path", "line")})
