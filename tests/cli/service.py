"""A small real service, and what a user does with it."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from lazify.cli import main

REPOSITORY = Path(__file__).parents[2]

SERVICE = {
    "pyproject.toml": '[project]\nname = "service"\nversion = "1"\n',
    "src/app/__init__.py": "",
    "src/app/store.py": """\
import sqlite3


class Store:
    def __init__(self):
        self.rows = sqlite3.connect("store.db")


store = Store()
""",
    "src/app/settings.py": """\
import os

KEY = os.environ["SERVICE_KEY"]
""",
    "src/app/routes.py": """\
from app.settings import KEY
from app.store import store


def answer():
    return (KEY, type(store).__name__)
""",
}


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read(root: Path) -> dict[str, bytes]:
    """Give every file of the project, without what lazify and Python keep for themselves."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {".lazify", "__pycache__", ".git"} & set(path.parts)
    }


def lazify(*arguments: str, stdin: str = "", expect: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments, input=stdin)
    assert result.exit_code == expect, result.output
    return result


def git_apply(diff: bytes, cwd: Path) -> None:
    done = subprocess.run(["git", "apply", "-"], cwd=cwd, input=diff, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def answer(service: Path, **env: str) -> str:
    """Import the service in a process of its own, tell what it made at import, then use it."""
    program = (
        "import os, app.routes\n"
        "before = os.path.exists('store.db')\n"
        "os.environ['SERVICE_KEY'] = 'key'\n"
        "print(before, app.routes.answer())"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        cwd=service,
        env={**os.environ, "PYTHONPATH": "src", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (service / "store.db").unlink(missing_ok=True)
    return done.stdout.strip()
