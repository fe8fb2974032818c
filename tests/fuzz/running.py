"""Applies lazify to a drawn program and runs both trees."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lazify import api
from lazify.model.changes import Plan

SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a program did."""

    imports: bool
    said: str
    """What its functions returned, one line a call."""
    opened: tuple[str, ...]
    """The files that importing it opened, with repetitions."""


@contextmanager
def written(files: Mapping[str, str]) -> Iterator[Path]:
    """Give a folder with these files, for a while."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "project"
        for name, text in {"pyproject.toml": "", **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        yield root


def texts(root: Path) -> dict[str, str]:
    """Give every file but those of lazify."""
    paths = (path for path in sorted(root.rglob("*")) if path.is_file() and ".lazify" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in paths}


def run(root: Path, driver: str) -> Run:
    """Run the driver in a fresh process."""
    command = [sys.executable, "-B", "-S", "-c", driver]
    result = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=SECONDS, check=False)
    last = (result.stderr.splitlines() or [""])[-1]
    opened = tuple(last.split()[1:]) if result.returncode == 0 else ()
    return Run(
        imports=result.returncode == 0, said=result.stdout if result.returncode == 0 else last, opened=opened
    )


def applied(root: Path, flags: Mapping[str, object], *, declined: frozenset[str] = frozenset()) -> Plan:
    """Apply lazify without some changes; gives the plan that was carried out."""
    loaded = api.load(api.Request(paths=(root,), flags=flags), progress=api.NoProgress())
    plan, patches = api.patches(loaded, api.plan(loaded, declined=declined), progress=api.NoProgress())
    assert not plan.failures, plan.failures
    api.apply(loaded, patches)
    return plan
