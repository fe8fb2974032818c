"""Small projects, and what importing them shows."""

import os
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

from lazify.interpreter import ask
from lazify.model.observations import Line, Observation
from lazify.observing.entries import locate
from lazify.observing.observe import Conditions, observe
from lazify.processes import Limits

PATIENCE = 60.0
"""Seconds for what is expected to end by itself."""


def written(root: Path, files: Mapping[str, str]) -> Path:
    """Write files, by their paths, and return the folder."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "pyproject.toml").write_text("")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text).lstrip("\n"))
    return root


def conditions(
    python: str = sys.executable, *, seconds: float = PATIENCE, most: int | None = None, **variables: str
) -> Conditions:
    """Import with this interpreter and these limits; `variables` are added to the environment."""
    return Conditions(
        interpreter=ask(Path(python)),
        limits=Limits(seconds=seconds, bytes=most),
        environment={**os.environ, **variables},
    )


def seen(root: Path, entry: str, on: Conditions | None = None, *, is_traced: bool = True) -> Observation:
    """Import the entry of the project at `root`."""
    return observe(locate(entry, base=root), on or conditions(), is_traced=is_traced)


def told(line: Line | None, root: Path) -> str | None:
    """Give `path:line`, relative to the project."""
    return line and f"{line.path.relative_to(root).as_posix()}:{line.line}"
