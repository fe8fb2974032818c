"""What must hold when lazify meets an application: it is only rewritten and read, never run."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.corpus import oracles
from tests.corpus.fetch import copy, fetch
from tests.corpus.manifest import RESULTS, Application
from tests.corpus.planned import summary_of_plan
from tests.corpus.process import Outcome, run
from tests.corpus.tool import MODES, forget, lazify, recorded
from tests.corpus.trees import compiling, differing, fingerprint


def try_application(application: Application, folder: Path, *, mode: str, stale: bool) -> dict[str, Any]:
    """Give the recorded result, or rewrite the application now; `problems` is empty if all holds."""
    name = f"applications/{application.name}.{mode}"
    return recorded(name, lambda: _examine(application, folder, mode), stale=stale)


def _examine(application: Application, folder: Path, mode: str) -> dict[str, Any]:
    pristine = fetch(application, folder / "applications")
    tree = folder / "runs" / f"{application.name}.{mode}"
    copy(pristine, tree)
    forget(tree)
    dry, problems = _rehearse(tree, MODES[mode])
    _keep(dry.stdout, RESULTS / "applications" / f"{application.name}.{mode}.diff")
    counts = summary_of_plan(tree, MODES[mode])
    judged = oracles.findings_before(pristine, oracles.install(folder))
    applied, more = _perform(tree, MODES[mode])
    new = oracles.new_findings(oracles.findings(tree, oracles.install(folder)), judged)
    return {
        "name": application.name,
        "mode": mode,
        "cold": {"seconds": dry.seconds, "memory": dry.memory, "code": dry.code},
        "apply": {"seconds": applied.seconds, "memory": applied.memory, "code": applied.code},
        **counts,
        "findings": [asdict(finding) for finding in sorted(new.elements())],
        "problems": [
            *_needless(counts["failures"], tree),
            *problems,
            *more,
            *_take_back(tree, pristine),
            *_suspicions(new),
        ],
    }


def _keep(diff: bytes, path: Path) -> None:
    """For people to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(diff)


def _rehearse(tree: Path, flags: tuple[str, ...]) -> tuple[Outcome, list[str]]:
    """A dry run, whose output `git apply` must take and which must leave the tree alone."""
    before = fingerprint(tree)
    dry = lazify("apply", "--dry-run", *flags, ".", cwd=tree)
    problems = [
        *_crashed("dry run", dry),
        *_changed("the dry run changed", differing(before, fingerprint(tree))),
    ]
    if dry.stdout.strip():
        checked = run(["git", "apply", "--check", "-"], cwd=tree, stdin=dry.stdout)
        problems += [f"git apply: {checked.tail}"] if checked.code else []
    return dry, problems


def _perform(tree: Path, flags: tuple[str, ...]) -> tuple[Outcome, list[str]]:
    """Apply twice: what compiled must compile, and the second time nothing happens."""
    before, compiled = fingerprint(tree), compiling(tree)
    applied = lazify("apply", *flags, ".", cwd=tree)
    once = fingerprint(tree)
    touched = differing(before, once)
    broken = sorted((compiled & set(touched)) - compiling(tree, touched))
    again = lazify("apply", *flags, ".", cwd=tree)
    return applied, [
        *_crashed("apply", applied),
        *_changed("no longer compiles:", broken),
        *_crashed("second apply", again),
        *_changed("the second apply changed", differing(once, fingerprint(tree))),
    ]


def _take_back(tree: Path, pristine: Path) -> list[str]:
    """Undo brings back every byte, mode and link."""
    undone = lazify("undo", cwd=tree)
    left = differing(fingerprint(pristine), fingerprint(tree))
    return [*_crashed("undo", undone), *_changed("undo left", left)]


def _crashed(what: str, outcome: Outcome) -> list[str]:
    if outcome.timed_out:
        return [f"{what}: no end after {outcome.seconds} s"]
    crash = outcome.code not in {0, 2} or re.search(r"Traceback \(most recent|bug in lazify", outcome.stderr)
    return [f"{what}: exit code {outcome.code}\n{outcome.tail}"] if crash else []


def _needless(failures: Mapping[str, str], tree: Path) -> list[str]:
    """Failures of files that Python itself finds nothing wrong with."""
    return [f"failed needlessly: {path}: {failures[path]}" for path in sorted(compiling(tree, failures))]


def _changed(what: str, paths: Iterable[str]) -> list[str]:
    return [f"{what} {path}" for path in paths]


def _suspicions(new: Counter[oracles.Finding]) -> list[str]:
    suspicious = sorted(finding for finding in new.elements() if finding.is_suspicious)
    return [f"{finding.path}: {finding.kind}: {finding.message}" for finding in suspicious]
