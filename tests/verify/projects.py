"""Two states of a small project, and what lazify verify says of them."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

Files = Mapping[str, str]
_PATIENCE = 240
"""Seconds: what takes longer hangs."""


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def aspect(self, name: str, entry: int = 0) -> Any:
        """What was compared under that name."""
        compared = self.json["entries"][entry]["comparisons"]
        return next(each for each in compared if each["aspect"] == name)


def written(root: Path, files: Files) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def lazify(*arguments: str, cwd: Path, **environment: str) -> Said:
    """Run it as its users do; nothing it has started may be left."""
    before = set(psutil.Process().children(recursive=True))
    variables = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(cwd),
        "LAZIFY_CACHE_DIR": str(cwd.parent / "cache"),
        **environment,
    }
    done = subprocess.run(
        [sys.executable, "-m", "lazify", *arguments],
        cwd=cwd,
        env=variables,
        capture_output=True,
        timeout=_PATIENCE,
        check=False,
        text=True,
    )
    assert "this is a bug in lazify" not in done.stderr
    assert "Traceback" not in done.stderr
    assert set(psutil.Process().children(recursive=True)) <= before
    return Said(done.returncode, done.stdout, done.stderr)


def compared(tmp_path: Path, before: Files, after: Files, *arguments: str, **environment: str) -> Said:
    """Verify `after` against `before`; entry.py is the entry."""
    was = written(tmp_path / "was", before)
    now = written(tmp_path / "now", {"pyproject.toml": "", **after})
    entry = () if any(each.endswith(".py") for each in arguments) else ("entry.py",)
    arguments = (*entry, "--before", str(was), "--runs", "1", "--format", "json", *arguments)
    return lazify("verify", *arguments, cwd=now, **environment)


def committed(root: Path) -> Path:
    """Make a repository of the folder, with all its files committed."""
    who = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "first")):
        subprocess.run(["git", *words], cwd=root, check=True)
    return root
