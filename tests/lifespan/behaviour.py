"""Trees of applications before and after lazify, and what each does under one interpreter."""

import json
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import dedent

from lazify.testing import check
from tests.lifespan.shapes import RECORD, Shape

_DRIVE = Path(__file__).with_name("drive.py")

Behaviour = Mapping[str, Mapping[str, list[str]]]
"""Shape to scenario (a server, and the step that fails) to what happened in it, in order."""

ALL = ("client", "requests", "uvicorn")


def write(shapes: Iterable[Shape], folder: Path) -> tuple[Path, Path]:
    """Convert every shape; give the folder of the trees before and that of the trees after."""
    for shape in shapes:
        before = {"record.py": RECORD, **shape.files}
        outcome = check(before, flags={"select": ("LZ3",), **shape.flags})
        codes = [change.code for change in outcome.plan.changes]
        assert codes, (shape.name, [refusal.reason for refusal in outcome.plan.refusals])
        _write(folder / "before" / shape.name, {name: dedent(text).lstrip() for name, text in before.items()})
        _write(folder / "after" / shape.name, outcome.files)
    return folder / "before", folder / "after"


def behaviour(
    shapes: Iterable[Shape],
    folder: Path,
    *,
    python: Path,
    path: Path | None = None,
    servers: tuple[str, ...] = ALL,
) -> Behaviour:
    """Drive all shapes below `folder` in one process of `python`; `path` goes before its own packages."""
    asked = [
        {"name": s.name, "app": s.app, "fails": s.fails, "servers": [x for x in servers if x in s.servers]}
        for s in shapes
    ]
    listed = folder / "shapes.json"
    listed.write_text(json.dumps(asked), encoding="utf-8")
    done = subprocess.run(
        [str(python), "-B", "-W", "ignore", str(_DRIVE), str(listed)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(path or "")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{python} ended with {done.returncode}\n{done.stderr[-2000:]}")
    said: Behaviour = json.loads(done.stdout.splitlines()[-1])
    return said


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
