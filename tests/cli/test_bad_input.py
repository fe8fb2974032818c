"""Entries that do not import, or do their worst: each command ends in a clear verdict, and leaves no process."""

import json
import os
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from lazify.cli import main

MARK = str(2 * 10**7 + os.getpid())
"""How many seconds what must not be left sleeps: tests that run at the same time have other numbers."""
BAD: dict[str, str | None] = {
    "does not exist": None,
    "does not import before either": "import nothing_of_that_name\n",
    "hangs": "while True: pass\n",
    "eats memory": "x = []\nwhile True:\n    x.append(b'x' * 10**6)\n",
    "calls os._exit": "import os\nos._exit(0)\n",
}
RUDE: dict[str, str | None] = {
    "prints to stdout": "print('{\"version\": 99}' * 1000)\n",
    "forks": f"import os\nif os.fork() == 0:\n    os.setsid()\n    os.execvp('sleep', ['sleep', '{MARK}'])\n",
    "replaces sys.stdout": "import sys, io\nsys.stdout = sys.__stdout__ = io.StringIO()\nsys.stderr = None\n",
    "installs signal handlers": "import signal\nfor n in (1, 2, 10, 15, 23):\n    signal.signal(n, signal.SIG_IGN)\n",
    "installs an audit hook": "import sys\ndef hook(event, _):\n    if event == 'open': raise OSError\nsys.addaudithook(hook)\n",
}
IMPORTED = {"entry.py": "x = 1\n"}
LIMITS = ("--timeout", "2", "--memory", "200", "--runs", "1")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").touch()
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(root)
    return root


def run(root: Path, bad: str, *command: str) -> Result:
    text = {**BAD, **RUDE}[bad]
    if text is not None:
        (root / "entry.py").write_text(text)
    before = root.parent / "before"
    before.mkdir()
    (before / "entry.py").write_text(text if bad.startswith("does not import") and text else "x = 1\n")
    result = CliRunner().invoke(main, command)
    assert "Traceback" not in result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert not [each for each in psutil.process_iter(["cmdline"]) if MARK in (each.info["cmdline"] or [])]
    return result


@pytest.mark.parametrize("bad", BAD | RUDE)
def test_graph_runs_nothing_of_it(root: Path, bad: str) -> None:
    result = run(root, bad, "graph", "entry.py", "--format", "json")
    if BAD.get(bad, "") is None:
        assert (result.exit_code, result.stdout) == (2, "")
        assert "entry.py" in result.stderr
    else:
        assert result.exit_code == 0
        assert json.loads(result.stdout)["graphs"][0]["entries"] == ["entry"]


@pytest.mark.parametrize("bad", BAD | RUDE)
def test_report_runs_nothing_of_it(root: Path, bad: str) -> None:
    result = run(root, bad, "report", "--entry", "entry.py", "-o", "page.html")
    is_there = BAD.get(bad, "") is not None
    assert result.exit_code == (0 if is_there else 2)
    assert (root / "page.html").exists() is is_there
    assert is_there or "entry.py" in result.stderr


@pytest.mark.parametrize(
    ("bad", "verdict"),
    [
        ("does not exist", "no such file"),
        ("does not import before either", "No module named 'nothing_of_that_name' at entry.py:1"),
        ("hangs", "not imported within 2 s"),
        ("eats memory", "memory"),
        ("calls os._exit", "os._exit"),
    ],
)
def test_profile_says_why_it_could_not_import(root: Path, bad: str, verdict: str) -> None:
    result = run(root, bad, "profile", "entry.py", *LIMITS, "--format", "json")
    (profile,) = json.loads(result.stdout)["profiles"]
    assert result.exit_code == 2
    assert verdict in profile["verdict"]


@pytest.mark.parametrize("bad", RUDE)
def test_profile_is_not_disturbed(root: Path, bad: str) -> None:
    result = run(root, bad, "profile", "entry.py", *LIMITS, "--format", "json")
    (profile,) = json.loads(result.stdout)["profiles"]
    assert (result.exit_code, profile["verdict"]) == (0, "imported")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("bad", "exit_code", "verdict"),
    [
        ("does not exist", 2, "entry.py"),
        ("does not import before either", 0, "entry.py does not import, and did not before either"),
        ("hangs", 1, "not done after 2 s at entry.py:1"),
        ("eats memory", 1, "wants more memory than"),
        ("calls os._exit", 1, "os._exit ended it with code 0 at entry.py:2"),
    ],
)
def test_verify_says_what_got_worse(root: Path, bad: str, exit_code: int, verdict: str) -> None:
    result = run(root, bad, "verify", "entry.py", "--before", "../before", *LIMITS)
    assert (result.exit_code, verdict in result.output) == (exit_code, True), result.output


@pytest.mark.slow
@pytest.mark.parametrize("bad", RUDE)
def test_verify_is_not_disturbed(root: Path, bad: str) -> None:
    result = run(root, bad, "verify", "entry.py", "--before", "../before", *LIMITS, "--format", "json")
    (entry,) = json.loads(result.stdout)["entries"]
    (imported,) = (each for each in entry["comparisons"] if each["aspect"] == "import")
    assert imported["after"] == "imported"
