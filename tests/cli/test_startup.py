import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def process(*arguments: str, cwd: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_loads_nothing_that_only_the_work_needs(tmp_path: Path) -> None:
    done = process("-X", "importtime", "-m", "lazify", "--help", cwd=tmp_path)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "apply" in done.stdout
    assert "click" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"libcst", "black", "rich", "pathspec"}}
    assert not loaded & {"lazify.api", "lazify.commands", "lazify.codemod", "concurrent.futures"}


def test_help_names_every_command(tmp_path: Path) -> None:
    text = process("-m", "lazify", "--help", cwd=tmp_path).stdout
    assert "Usage: lazify [OPTIONS] COMMAND" in text
    assert all(command in text for command in ("apply", "undo", "check", "explain"))
