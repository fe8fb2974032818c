"""An environment per library, and its own tests run in it with the network off."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.corpus.fetch import copy, fetch
from tests.corpus.manifest import Library
from tests.corpus.process import Outcome, run

_INSIDE = Path(__file__).parent / "inside"
_PYTEST = ("-m", "pytest", "-p", "corpus_outcomes", "-q")
PASSED = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a library is installed from. Before and after share the path, so nothing but content differs."""

    library: Library
    root: Path

    @property
    def tree(self) -> Path:
        """The folder that the environment imports from; replaced for every run."""
        return self.root / "tree"

    @property
    def prepared(self) -> Path:
        """The tree as it was right after installation, with what building wrote into it."""
        return self.root / "prepared"

    @property
    def python(self) -> Path:
        """The interpreter of the library's own environment."""
        return self.root / "venv" / "bin" / "python"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """The outcome of every test of one run, by test id."""

    outcomes: Mapping[str, str]
    code: int
    seconds: float
    tail: str

    @property
    def passed(self) -> frozenset[str]:
        """The ids of the tests that passed."""
        return frozenset(test for test, outcome in self.outcomes.items() if outcome == PASSED)


def prepare(library: Library, folder: Path) -> Stage:
    """Fetch and install the library, unless that has been done; raises RuntimeError when pip fails."""
    stage = Stage(library=library, root=folder / "stages" / library.name)
    if stage.prepared.exists():
        return stage
    copy(fetch(library, folder / "libraries"), stage.tree)
    shutil.rmtree(stage.root / "venv", ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(stage.root / "venv")], check=True)
    installed = run(
        [str(stage.python), "-m", "pip", "install", "--quiet", "-e", library.install, *library.needs],
        cwd=stage.tree,
        timeout=1800,
    )
    if installed.code:
        raise RuntimeError(f"{library.name}: pip install ended with {installed.code}\n{installed.tail}")
    copy(stage.tree, stage.prepared)
    return stage


def run_tests(stage: Stage, *, only: Sequence[str] = (), timeout: float = 1500) -> TestRun:
    """Run the tests of what stands in the stage's tree: all of them, or `only` some ids."""
    report = stage.root / "outcomes.json"
    report.unlink(missing_ok=True)
    outcome = run(
        [*_offline(), str(stage.python), *_PYTEST, *(only or stage.library.pytest)],
        cwd=stage.tree,
        env=_environment(stage, report),
        timeout=timeout,
    )
    outcomes = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {}
    return TestRun(outcomes=outcomes, code=outcome.code, seconds=outcome.seconds, tail=_last_words(outcome))


def _environment(stage: Stage, report: Path) -> dict[str, str]:
    home = stage.root / "home"
    home.mkdir(exist_ok=True)
    return {
        "CORPUS_OUTCOMES": str(report),
        "HOME": str(home),
        "PATH": f"{stage.root / 'venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        "PYTHONPATH": str(_INSIDE),
        "PYTHONHASHSEED": "0",
        "VIRTUAL_ENV": str(stage.root / "venv"),
    }


@cache
def _offline() -> tuple[str, ...]:
    """The command that takes the network away, or nothing where namespaces are not allowed."""
    allowed = shutil.which("unshare") and run(["unshare", "-n", "true"]).code == 0
    return ("unshare", "-n", sys.executable, str(_INSIDE / "offline.py")) if allowed else ()


def _last_words(outcome: Outcome) -> str:
    lines = [*outcome.text.splitlines()[-12:], *outcome.stderr.splitlines()[-8:]]
    return ("timed out\n" if outcome.timed_out else "") + "\n".join(lines)
