"""Real applications under uvicorn, before and after their handlers become a lifespan."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.corpus.answers import compare
from tests.corpus.fetch import copy, fetch
from tests.corpus.manifest import Application, Served
from tests.corpus.planned import summary_of_plan
from tests.corpus.process import run
from tests.corpus.tool import forget, lazify, recorded
from tests.corpus.versions import environment

_SERVE = Path(__file__).parent / "inside" / "serve.py"
_FLAGS = ("--select", "LZ3")
_MORE = 4
"""Runs of the tree before, where an answer seems to have changed."""


def try_served(served: Served, folder: Path, *, stale: bool) -> dict[str, Any]:
    """Give the recorded result, or convert and serve the application now; `problems` is empty if all holds."""
    name = f"served/{served.name}-{served.version}"
    return recorded(name, lambda: _examine(served, folder), stale=stale)


def _examine(served: Served, folder: Path) -> dict[str, Any]:
    package = Application(name=served.name, version=served.version)
    pristine = fetch(package, folder / "applications")
    python = environment(f"{served.name}-{served.version}", served.needs, folder)
    tree = folder / "served" / served.name / "tree"
    copy(pristine, tree)
    forget(tree)
    for edit in served.edits:
        file = tree / edit["file"]
        file.write_text(file.read_text("utf-8").replace(edit["old"], edit["new"]), encoding="utf-8")
    counts = summary_of_plan(tree, _FLAGS)
    runs = [_drive(served, tree, python) for _ in range(2)]
    applied = lazify("apply", *_FLAGS, ".", cwd=tree)
    after = _drive(served, tree, python)
    answers = compare([run.answers for run in runs], after.answers)
    if answers.problems:  # a measurement may be the same twice, and not in the next run
        lazify("undo", cwd=tree)
        runs += [_drive(served, tree, python) for _ in range(_MORE)]
        answers = compare([run.answers for run in runs], after.answers)
    forget(tree)
    copy(pristine, tree)
    return {
        "name": served.name,
        "version": served.version,
        **counts,
        "steps": after.steps,
        "answers": len(after.answers),
        "values": answers.compared,
        "left out": [" ".join(place) for place in answers.loose],
        "problems": [
            *([f"apply: exit code {applied.code}\n{applied.tail}"] if applied.code else []),
            *([] if counts["changes"] else ["nothing is converted: that nothing differs proves nothing"]),
            *(f"{runs[0].steps} became {run.steps}" for run in (*runs, after) if run.steps != runs[0].steps),
            *answers.problems,
            *_silent(served, after.steps),
        ],
    }


@dataclass(frozen=True, slots=True)
class _Ran:
    """One run from startup to shutdown."""

    steps: Sequence[str]
    answers: Mapping[str, Any]
    """By the path that was asked for."""


def _drive(served: Served, tree: Path, python: Path) -> _Ran:
    """What happens from startup to shutdown; the tree, and so every path, is the same before and after."""
    root = tree / served.tree
    with tempfile.TemporaryDirectory() as scratch:
        asked = Path(scratch, "served.json")
        answer = Path(scratch, "answer.json")
        spec: Mapping[str, object] = {
            "program": served.program,
            "handlers": served.handlers,
            "requests": served.requests,
            "omits": served.omits,
            "root": str(root),
            "answer": str(answer),
        }
        asked.write_text(json.dumps(spec), encoding="utf-8")
        home = Path(scratch, "home")
        home.mkdir()
        done = run(
            [str(python), "-B", "-W", "ignore", str(_SERVE), str(asked)],
            cwd=home,
            env={"PYTHONPATH": str(root), "HOME": str(home), "PYTHONHASHSEED": "0", **served.environment},
            timeout=300,
        )
        shutil.rmtree(home, ignore_errors=True)
        if not answer.exists():
            return _Ran([f"does not start: exit code {done.code}, {done.tail[-600:]}"], {})
        return _Ran(*json.loads(answer.read_text(encoding="utf-8")))


def _silent(served: Served, steps: Sequence[str]) -> list[str]:
    """A run in which a handler is not called proves nothing."""
    return [f"{name}() is not called" for name in served.handlers if f"{name}()" not in steps]
