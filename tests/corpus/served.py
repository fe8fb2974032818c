"""Real applications under uvicorn, before and after their handlers become a lifespan."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.corpus.fetch import copy, fetch
from tests.corpus.manifest import Application, Served
from tests.corpus.planned import summary_of_plan
from tests.corpus.process import run
from tests.corpus.tool import forget, lazify, recorded
from tests.corpus.versions import environment

_SERVE = Path(__file__).parent / "inside" / "serve.py"
_FLAGS = ("--select", "LZ3")


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
    before = _drive(served, tree, python)
    applied = lazify("apply", *_FLAGS, ".", cwd=tree)
    after = _drive(served, tree, python)
    forget(tree)
    copy(pristine, tree)
    return {
        "name": served.name,
        "version": served.version,
        **counts,
        "steps": after,
        "problems": [
            *([f"apply: exit code {applied.code}\n{applied.tail}"] if applied.code else []),
            *([] if before == after else [f"{before} became {after}"]),
            *_silent(served, before),
        ],
    }


def _drive(served: Served, tree: Path, python: Path) -> Sequence[str]:
    """What happens from startup to shutdown; the tree, and so every path, is the same before and after."""
    root = tree / served.tree
    with tempfile.TemporaryDirectory() as scratch:
        asked = Path(scratch, "served.json")
        answer = Path(scratch, "answer.json")
        spec: Mapping[str, object] = {
            "program": served.program,
            "handlers": served.handlers,
            "requests": served.requests,
            "root": str(root),
            "answer": str(answer),
        }
        asked.write_text(json.dumps(spec), encoding="utf-8")
        home = Path(scratch, "home")
        home.mkdir()
        done = run(
            [str(python), "-B", "-W", "ignore", str(_SERVE), str(asked)],
            cwd=home,
            env={"PYTHONPATH": str(root), "HOME": str(home), **served.environment},
            timeout=300,
        )
        shutil.rmtree(home, ignore_errors=True)
        if not answer.exists():
            return [f"does not start: exit code {done.code}, {done.tail[-600:]}"]
        steps: Sequence[str] = json.loads(answer.read_text(encoding="utf-8"))
        return steps


def _silent(served: Served, steps: Sequence[str]) -> list[str]:
    """A run in which a handler is not called proves nothing."""
    return [f"{name}() is not called" for name in served.handlers if f"{name}()" not in steps]
