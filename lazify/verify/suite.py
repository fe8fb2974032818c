"""Runs a project's own tests in a copy of it, and tells what became of each."""

import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lazify.errors import LazifyError
from lazify.processes import Command, Cut, Limits, run
from lazify.verify import pytest_outcomes

PASSED = frozenset({"passed", "xfailed", "xpassed"})
_PLUGIN = "lazify_outcomes"
_KEPT = 4_000
"""Characters of what a run printed that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """How to run the tests of a project, in any copy of it."""

    command: str
    """As the user typed it; words are split as a shell would, and no shell runs."""
    python: Path
    """The project's interpreter: its folder comes first on the path."""
    origin: Path
    """The user's checkout, which the copies must not import from."""
    inside: Path = Path()
    """Where in the project to run it, relative to its root."""
    seconds: float = 1800.0
    """The longest that a run may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteRun:
    """What one run of the tests showed."""

    code: int
    seconds: float
    cut: Cut | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """Of each test; empty where the command runs no pytest that could be listened to."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why a test did not pass, in one line."""
    foreign: tuple[str, ...] = ()
    """Modules that came from the user's checkout and not from the copy, each with its file."""
    output: str = ""
    """The end of what it printed."""
    is_cut_short: bool = False
    """pytest began and did not come to its end, whatever the exit code says."""

    @property
    def passed(self) -> frozenset[str]:
        """The tests that passed."""
        return frozenset(test for test, outcome in self.outcomes.items() if outcome in PASSED)

    @property
    def is_good(self) -> bool:
        """Whether the command itself was content."""
        return self.code == 0 and self.cut is None and not self.is_cut_short


def run_suite(suite: Suite, tree: Path, *, only: Iterable[str] | None = None) -> SuiteRun:
    """Run the tests, or only those of some names, in the copy at `tree`.

    They have the user's environment and network, and no stdin. Raises LazifyError where the command cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="lazify-tests-") as folder:
        work = Path(folder)
        shutil.copyfile(pytest_outcomes.__file__, work / f"{_PLUGIN}.py")
        environment = _environment(suite, tree, work)
        if only is not None:
            (work / "tests").write_text("\n".join(only), encoding="utf-8")
            environment["LAZIFY_TESTS"] = str(work / "tests")
        limits = Limits(seconds=suite.seconds, output=_KEPT)
        try:
            words = tuple(_words(suite, environment["PATH"]))
            command = Command(arguments=words, cwd=tree / suite.inside, environment=environment)
            ended = run(command, limits=limits)
        except OSError as error:
            raise LazifyError(f"--test {suite.command}: cannot be run: {error.strerror}") from error
        lines = _lines(work / "outcomes")
    outcomes, reasons = _merged(lines)
    return SuiteRun(
        code=ended.code,
        seconds=ended.seconds,
        cut=ended.cut,
        outcomes=outcomes,
        reasons=reasons,
        is_cut_short=any("begin" in line for line in lines) and not any("end" in line for line in lines),
        foreign=tuple(f"{line['foreign']} ({line['path']})" for line in lines if "foreign" in line),
        output=(ended.stdout + ended.stderr).decode("utf-8", "replace")[-_KEPT:],
    )


def import_roots(tree: Path) -> list[Path]:
    """Where the modules of a project lie: a `src` folder that is no package, then the root."""
    source = tree / "src"
    return [source, tree] if source.is_dir() and not (source / "__init__.py").is_file() else [tree]


def _words(suite: Suite, path: str) -> list[str]:
    try:
        words = shlex.split(suite.command)
    except ValueError as error:
        raise LazifyError(f"--test {suite.command}: {error}") from error
    if not words:
        raise LazifyError("--test: the command is empty")
    program = str(suite.python) if words[0] in ("python", "python3") else shutil.which(words[0], path=path)
    if program is None:
        raise LazifyError(
            f"--test {suite.command}: {words[0]} is not there; --python names where it is installed"
        )
    return [program, *words[1:]]


def _environment(suite: Suite, tree: Path, work: Path) -> dict[str, str]:
    """The user's own, with the project's interpreter and the copy before all others."""
    mine = dict(os.environ)
    mine.pop("LAZIFY_TESTS", None)
    roots = [str(root) for root in import_roots(tree)]
    mine["PATH"] = os.pathsep.join([str(suite.python.parent), *filter(None, [mine.get("PATH", os.defpath)])])
    mine["PYTHONPATH"] = os.pathsep.join([*roots, str(work), *filter(None, [mine.get("PYTHONPATH")])])
    mine["PYTEST_ADDOPTS"] = f"{mine.get('PYTEST_ADDOPTS', '')} -p {_PLUGIN}".strip()
    mine["LAZIFY_OUTCOMES"] = str(work / "outcomes")
    mine["LAZIFY_ORIGIN"] = f"{suite.origin}{os.sep}"
    return mine


def _lines(file: Path) -> list[dict[str, str]]:
    """What the plugin wrote; a line that was cut off says nothing."""
    if not file.is_file():
        return []
    return [json.loads(line) for line in file.read_text("ascii").splitlines() if line.endswith("}")]


def _merged(lines: Iterable[Mapping[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    """One outcome for each test: what went wrong in any part of it wins, and a retry over what it retries."""
    outcomes: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for line in lines:
        test, part, outcome = line.get("test"), line.get("part"), line.get("outcome")
        if test is None or outcome is None or outcome == "rerun":
            continue
        if part == "setup":
            outcomes.pop(test, None)
        if outcome not in ("passed", "rerun") or (part == "call" and test not in outcomes):
            outcomes[test] = outcome
        if outcome == "failed":
            reasons[test] = line.get("why", "")
    return outcomes, {test: why for test, why in reasons.items() if outcomes[test] == "failed"}
