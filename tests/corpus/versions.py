"""Lifespans under the versions of FastAPI and Starlette that users have, each in an environment of its own."""

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.corpus.manifest import Framework
from tests.corpus.process import run
from tests.corpus.tool import recorded
from tests.lifespan.behaviour import Behaviour, behaviour, write
from tests.lifespan.shapes import SHAPES, Shape

REFERENCES: Mapping[str, str] = {"fastapi": "0.104.1", "starlette": "0.27.0"}
"""Where what newer versions have no more is driven as it was before lazify."""


def try_version(framework: Framework, folder: Path, *, stale: bool) -> dict[str, Any]:
    """Give the recorded result, or drive all shapes before and after under one version now."""
    name = f"versions/{framework.name}-{framework.version}"
    return recorded(name, lambda: _examine(framework, folder), stale=stale)


def environment(name: str, needs: Sequence[str], folder: Path) -> Path:
    """Make an environment with `needs`, unless it is there, and give its interpreter; RuntimeError if pip fails."""
    root = folder / "environments" / name
    python, made = root / "bin" / "python", root / "made"
    if not made.exists():
        shutil.rmtree(root, ignore_errors=True)
        for command in (
            [sys.executable, "-m", "venv", str(root)],
            [str(python), "-m", "pip", "install", "--quiet", *needs],
        ):
            done = run(command, timeout=3600)
            if done.code:
                raise RuntimeError(f"{name}: {' '.join(command)} ended with {done.code}\n{done.tail}")
        made.touch()
    return python


def differences(shapes: Sequence[Shape], before: Behaviour, after: Behaviour) -> list[str]:
    """Name the scenarios in which something else happens."""
    return [
        f"{shape.name}, {scenario}: {said} became {after[shape.name][scenario]}"
        for shape in shapes
        for scenario, said in before[shape.name].items()
        if said != after[shape.name][scenario]
    ]


def _examine(framework: Framework, folder: Path) -> dict[str, Any]:
    python = environment(f"{framework.name}-{framework.version}", _needs(framework), folder)
    older = Framework(
        name=framework.name, version=REFERENCES[framework.name], needs=("httpx<0.28",), has_events=True
    )
    reference = environment(f"{older.name}-{older.version}", _needs(older), folder)
    shapes = [shape for shape in SHAPES if shape.runs_with(framework.name, framework.version)]
    gone = [shape for shape in shapes if shape.is_gone and not framework.has_events]
    kept = [shape for shape in shapes if shape not in gone]
    with tempfile.TemporaryDirectory() as scratch:
        before, after = write(shapes, Path(scratch))
        was = {**behaviour(kept, before, python=python), **behaviour(gone, before, python=reference)}
        now = behaviour(shapes, after, python=python)
    return {
        "name": framework.name,
        "version": framework.version,
        "shapes": len(shapes),
        "scenarios": sum(map(len, now.values())),
        "steps": sum(len(steps) for scenarios in now.values() for steps in scenarios.values()),
        "gone": len(gone),
        "problems": differences(shapes, was, now),
    }


def _needs(framework: Framework) -> list[str]:
    return [f"{framework.name}=={framework.version}", *framework.needs, "uvicorn"]
