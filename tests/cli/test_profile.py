"""`lazify profile`, as its users run it."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lazify.cli import main
from tests.observing.project import written

FILES = {
    "api/index.py": """
        import os
        import dear
        KEY = os.environ["KEY"]
        log = open("log.txt", "w")
        """,
    "dear/__init__.py": "import time\ntime.sleep(0.06)\n",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = written(tmp_path / "project", FILES)
    monkeypatch.chdir(root)
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("KEY", raising=False)
    return root


def profiled(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["profile", *arguments])


def test_it_shows_what_an_import_costs_and_does(root: Path) -> None:
    result = profiled("api/index.py", "--runs", "2", "--env", "KEY=secret")
    assert result.exit_code == 0
    first, *_ = lines = result.stdout.splitlines()
    assert first.startswith("api/index.py: ")
    assert "median of 2 runs" in first
    dearest = next(line for line in lines if "time.sleep(0.06)" in line)
    assert "dear/__init__.py:2" in dearest
    assert any("file write" in line and 'api/index.py:4 log = open("log.txt", "w")' in line for line in lines)
    assert any("KEY" in line and 'api/index.py:3 KEY = os.environ["KEY"]' in line for line in lines)
    assert "\x1b" not in result.stdout


def test_json_has_everything(root: Path) -> None:
    result = profiled("api.index", "--runs", "3", "--env", "KEY=secret", "--format", "json")
    (profile,) = json.loads(result.stdout)["profiles"]
    assert (profile["entry"], profile["verdict"], len(profile["runs"])) == ("api.index", "imported", 3)
    assert profile["seconds"] >= 0.06
    assert {"path": "dear/__init__.py", "line": 2} in [cost["at"] for cost in profile["costs"]]
    assert "file write" in [effect["kind"] for effect in profile["effects"]]


def test_what_cannot_be_imported_is_named_and_fails(root: Path) -> None:
    result = profiled("api/index.py", "nothing.py", "dear", "--runs", "1")
    assert result.exit_code == 2
    assert "api/index.py: not imported: KeyError: 'KEY' at api/index.py:3" in result.stdout
    assert "nothing.py: not imported: no such file" in result.stdout
    assert "dear: " in result.stdout


def test_a_hang_fails_in_time(root: Path) -> None:
    (root / "hang.py").write_text("while True: pass\n")
    result = profiled("hang.py", "--timeout", "1")
    assert result.exit_code == 2
    assert result.stdout.startswith("hang.py: not imported within 1 s, and ended at hang.py:1\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["api/index.py", "--env", "KEY"], "must be KEY=VALUE"),
        (["api/index.py", "--runs", "0"], "--runs"),
        ([], "ENTRY"),
    ],
)
def test_a_wrong_call_is_an_error(root: Path, arguments: list[str], why: str) -> None:
    result = profiled(*arguments)
    assert result.exit_code == 2
    assert why in result.stderr


def test_a_missing_interpreter_is_said(root: Path) -> None:
    result = profiled("api/index.py", "--python", "/no/python")
    assert result.exit_code == 2
    assert "no such file" in result.stdout


HEAVY = """
    import time
    time.sleep(0.06)
    """


@pytest.fixture
def environment(root: Path) -> Path:
    """An environment with a package that takes long to import, and one that does not."""
    import venv

    venv.create(root.parent / "env", symlinks=True)
    installed = next((root.parent / "env").glob("lib/python*/site-packages"))
    written(installed, {"slowpoke.py": HEAVY, "quick.py": "", "numpy/__init__.py": ""})
    (root / "use.py").write_text(
        "import slowpoke, quick, numpy\n\ndef f():\n    return slowpoke, quick, numpy\n"
    )
    return root.parent / "env"


def found(root: Path) -> list[dict[str, Any]]:
    done = CliRunner().invoke(main, ["check", "use.py", "--format", "json"])
    content = json.loads(done.stdout)
    changes: list[dict[str, Any]] = content["changes"]
    return changes


def test_what_is_saved_decides_what_is_heavy(root: Path, environment: Path) -> None:
    (before,) = found(root)
    assert "numpy" in before["title"]  # by the table
    result = profiled("use.py", "--python", str(environment), "--runs", "3", "--save")
    assert result.exit_code == 0
    assert ".lazify/profile.json" in result.stderr
    modules = json.loads((root / ".lazify/profile.json").read_text())["modules"]
    assert modules["slowpoke"]["ms"] >= 60
    assert modules["numpy"]["ms"] < 25
    assert (root / ".lazify/.gitignore").read_text() == "*\n"
    (after,) = found(root)
    assert "slowpoke" in after["title"]
    version = ".".join(map(str, sys.version_info[:3]))
    assert f"measured here by lazify profile, Python {version}" in str(after["why"])


def test_a_damaged_profile_is_an_error_and_not_ignored(root: Path) -> None:
    (root / ".lazify").mkdir()
    (root / ".lazify/profile.json").write_text('{"version": 99}')
    done = CliRunner().invoke(main, ["check", "."])
    assert done.exit_code == 2
    assert "profile.json: is no profile of this version of lazify" in done.stderr


def test_no_file_is_written_without_save(root: Path) -> None:
    profiled("dear", "--runs", "1")
    assert not (root / ".lazify").exists()
    assert {path.name for path in root.iterdir()} == {"api", "dear", "pyproject.toml"}
