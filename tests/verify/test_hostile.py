"""Entries that do their worst: each ends in a verdict, and nothing of it is left (`lazify` of projects looks)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.verify.projects import committed, compared, written

pytestmark = pytest.mark.slow

MARK = str(10**7 + os.getpid())
"""How many seconds what must not be left sleeps: tests that run at the same time have other numbers."""
WORST = {
    "hangs": ("while True: pass\n", "not done after 2 s at entry.py:1"),
    "ignores signals": (
        "import signal, time\n"
        "for n in range(1, 65):\n"
        "    try:\n        signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\n"
        "time.sleep(99)\n",
        "not done after 2 s",
    ),
    "eats memory": (
        "x = []\nwhile True:\n    x.append(b'x' * 10**6)\n",
        "wants more memory than",
    ),
    "os._exit": ("import os\nos._exit(0)\n", "os._exit ended it with code 0 at entry.py:2"),
    "sys.exit": ("raise SystemExit(3)\n", "sys.exit ended it with code 3 at entry.py:1"),
    "kills itself": ("import os\nos.kill(os.getpid(), 9)\n", "ended by SIGKILL"),
    "crashes": ("import ctypes\nctypes.string_at(0)\n", "ended by SIGSEGV at entry.py:2"),
    "an error that cannot be shown": (
        "class E(Exception):\n    def __str__(self):\n        1/0\nraise E\n",
        "entry.E at entry.py:4",
    ),
}
FINE = {
    "prints": "print('{\"version\": 99}' * 1000)\n",
    "replaces stdout": "import sys, io\nsys.stdout = sys.__stdout__ = io.StringIO()\nsys.stderr = None\n",
    "closes its files": "import os\nfor n in (0, 1, 2):\n    os.close(n)\n",
    "installs handlers": "import signal, atexit\nsignal.signal(15, lambda *_: None)\natexit.register(lambda: 1/0)\n",
    "installs an audit hook": "import sys\nsys.addaudithook(lambda *_: None)\n",
    "daemonises": (
        "import os\n"
        "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        os.execvp('sleep', ['sleep', '{MARK}'])\n    os._exit(0)\n"
    ),
    "starts a process": f"import subprocess\nsubprocess.Popen(['sleep', '{MARK}'])\n",
    "leaves a thread": f"import threading, time\nthreading.Thread(target=time.sleep, args=({MARK},)).start()\n",
}
LIMITS = ("--timeout", "2", "--memory", "200")


def left() -> list[psutil.Process]:
    return [each for each in psutil.process_iter(["cmdline"]) if MARK in (each.info["cmdline"] or [])]


@pytest.mark.parametrize("worst", WORST)
def test_what_ends_badly_ends_in_a_verdict(tmp_path: Path, worst: str) -> None:
    code, outcome = WORST[worst]
    said = compared(tmp_path, {"entry.py": ""}, {"entry.py": code}, *LIMITS)
    assert said.code == 1
    assert said.aspect("import")["after"].startswith(outcome)


@pytest.mark.parametrize("isolation", [(), ("--isolation", "none")], ids=["enclosed", "hooked"])
@pytest.mark.parametrize("fine", ["closes its files", "daemonises", "replaces stdout"])
def test_what_is_rude_on_both_sides_is_imported(
    tmp_path: Path, fine: str, isolation: tuple[str, ...]
) -> None:
    text = {"entry.py": FINE[fine]}
    said = compared(tmp_path, text, text, *LIMITS, *isolation)
    assert said.aspect("import")["after"] == "imported"
    assert said.code == 0
    assert not left()


@pytest.mark.parametrize("fine", FINE)
def test_what_is_only_rude_is_imported_too(tmp_path: Path, fine: str) -> None:
    said = compared(tmp_path, {"entry.py": ""}, {"entry.py": FINE[fine]}, *LIMITS)
    assert said.aspect("import")["after"] == "imported"
    assert not left()


def test_an_audit_hook_that_forbids_all_ends_in_a_verdict(tmp_path: Path) -> None:
    code = "import sys\ndef hook(*_):\n    raise RuntimeError('no')\nsys.addaudithook(hook)\nopen('x')\n"
    said = compared(tmp_path, {"entry.py": ""}, {"entry.py": code})
    assert said.code == 1
    assert said.aspect("import")["judgement"] == "worse"


def test_an_interpreter_that_cannot_start_is_no_verdict(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *json*) exec {sys.executable} "$@";; esac\necho broken >&2\nexit 9\n'
    )
    python.chmod(0o755)
    said = compared(tmp_path, {"entry.py": ""}, {"entry.py": ""}, "--python", str(python))
    assert said.code == 2
    assert (
        "could not be imported before: it ended with code 9 before the import began: broken"
        in said.json["failures"][0]
    )


@pytest.mark.parametrize("where", ["entry", "tests"])
def test_ctrl_c_leaves_no_copy_and_no_process(tmp_path: Path, where: str) -> None:
    root = committed(written(tmp_path / "app", {"entry.py": f"import time\ntime.sleep({MARK})\n"}))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    arguments = ["entry.py"] if where == "entry" else ["--test", f"sleep {MARK}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "lazify", "verify", *arguments],
        cwd=root,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not list(temporary.glob("lazify-verify-*/*/*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"interrupted" in err
    assert not list(temporary.iterdir())
    assert not left()
