"""Applies lazify to a drawn program and runs both trees."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lazify import api
from lazify.model.changes import Plan

_FORKING = Path(__file__).with_name("forking.py")


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


class Runner:
    """Runs drivers, each in a fork of one process that has the frameworks loaded."""

    def __init__(self, packages: Path | None = None) -> None:
        """Start the process; what is in the folder `packages` goes before what is installed."""
        self._process = subprocess.Popen(
            [sys.executable, "-B", str(_FORKING)],
            env={**os.environ, "PYTHONPATH": str(packages or "")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, root: Path, driver: str) -> Run:
        """Run the driver in the folder."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps({"root": str(root), "driver": driver}), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        is_done = answer["code"] == 0
        last = (answer["err"].splitlines() or [""])[-1]
        opened = tuple(last.split()[1:]) if is_done else ()
        return Run(imports=is_done, said=answer["out"] if is_done else last, opened=opened)

    def close(self) -> None:
        """End the process."""
        self._process.communicate()


def applied(root: Path, flags: Mapping[str, object], *, declined: frozenset[str] = frozenset()) -> Plan:
    """Apply lazify without some changes; gives the plan that was carried out."""
    loaded = api.load(api.Request(paths=(root,), flags=flags), progress=api.NoProgress())
    plan, patches = api.patches(loaded, api.plan(loaded, declined=declined), progress=api.NoProgress())
    assert not plan.failures, plan.failures
    api.apply(loaded, patches)
    return plan
