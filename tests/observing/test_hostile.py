"""Entries that do their worst: each ends in a verdict, and leaves no process."""

import signal
import time
from pathlib import Path

import psutil
import pytest

from lazify.model.effects import EffectKind
from lazify.model.observations import (
    Exited,
    Imported,
    Killed,
    Observation,
    OutOfMemory,
    Raised,
    TimedOut,
)
from tests.observing.project import conditions, seen, told, written

SHORT = 1.5
"""Seconds for what would never end."""


def both(tmp_path: Path, text: str, *, seconds: float = 60, most: int | None = None) -> list[Observation]:
    root = written(tmp_path, {"entry.py": text})
    on = conditions(seconds=seconds, most=most)
    return [seen(root, "entry.py", on, is_traced=is_traced) for is_traced in (False, True)]


@pytest.mark.parametrize("text", ["while True: pass", "import re\nre.match('(a+)+$', 'a' * 40 + 'b')"])
def test_a_hang_ends_and_says_where_it_was(tmp_path: Path, text: str) -> None:
    for observation in both(tmp_path, text, seconds=SHORT):
        outcome = observation.outcome
        assert isinstance(outcome, TimedOut)
        assert told(outcome.at, tmp_path) == f"entry.py:{text.count(chr(10)) + 1}"


def test_a_hang_that_ignores_all_signals_ends_too(tmp_path: Path) -> None:
    text = """
        import signal, time
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        time.sleep(100)
        """
    for observation in both(tmp_path, text, seconds=SHORT):
        assert isinstance(observation.outcome, TimedOut)


def test_who_eats_memory_is_stopped(tmp_path: Path) -> None:
    text = "kept = []\nwhile True:\n    kept.append(bytearray(10**7))\n"
    for observation in both(tmp_path, text, most=300 << 20):
        outcome = observation.outcome
        assert isinstance(outcome, OutOfMemory)
        assert outcome.limit == 300 << 20
        assert told(outcome.at, tmp_path) in ("entry.py:2", "entry.py:3")  # the loop


def test_memory_of_its_children_counts(tmp_path: Path) -> None:
    text = """
        import subprocess, sys
        subprocess.run([sys.executable, "-c", "x = bytearray(10**9); import time; time.sleep(60)"])
        """
    on = conditions(most=300 << 20)
    root = written(tmp_path, {"entry.py": text})
    assert isinstance(seen(root, "entry.py", on).outcome, OutOfMemory)


def test_os_exit_is_seen_with_all_that_came_before(tmp_path: Path) -> None:
    text = "import os\nopen('x', 'w').close()\nos._exit(0)\n"
    plain, traced = both(tmp_path, text)
    for observation in (plain, traced):
        outcome = observation.outcome
        assert isinstance(outcome, Exited)
        assert (outcome.code, outcome.how, told(outcome.at, tmp_path)) == (0, "os._exit", "entry.py:3")
    assert [effect.kind for effect in traced.effects] == [EffectKind.FILE_WRITE]


def test_sys_exit_is_an_exit(tmp_path: Path) -> None:
    for observation in both(tmp_path, "import sys\nsys.exit('no')\n"):
        outcome = observation.outcome
        assert isinstance(outcome, Exited)
        assert (outcome.code, outcome.how) == (1, "sys.exit")


def test_who_replaces_the_process_has_not_imported(tmp_path: Path) -> None:
    text = "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', ''])\n"
    for observation in both(tmp_path, text):
        assert observation.outcome == Exited(code=0)


@pytest.mark.parametrize(("text", "number"), [("os.kill(os.getpid(), 9)", 9), ("ctypes.string_at(0)", 11)])
def test_a_fatal_signal_is_named(tmp_path: Path, text: str, number: int) -> None:
    for observation in both(tmp_path, f"import ctypes, os\n{text}\n"):
        outcome = observation.outcome
        assert isinstance(outcome, Killed)
        assert outcome.signal == number
        if number == signal.SIGSEGV:
            assert told(outcome.at, tmp_path) == "entry.py:2"


@pytest.mark.parametrize(
    "text",
    [
        "print('(\"imported\",)\\n' * 100_000)",
        "import sys, io\nsys.stdout = sys.stderr = io.StringIO()\nsys.__stdout__ = None",
        "import sys\nsys.stdout.close()\nsys.stderr.close()",
        "import os\nos.close(1)\nos.close(2)",
        "import os\nos.closerange(3, 100_000)\nfile = open('mine', 'w')\nfile.write('mine')\nfile.close()",
        "import sys\ndef forbid(event, args):\n    if event == 'open':\n        raise OSError\nsys.addaudithook(forbid)",
        "import sys\nsys.settrace(lambda *_: None)\nsys.setprofile(lambda *_: None)",
        "import signal\nsignal.signal(signal.SIGURG, lambda *_: 1 / 0)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)",
        "import atexit, time\natexit.register(time.sleep, 100)",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(100,)).start()",
        "class Strange:\n    def __getattr__(self, name):\n        raise SystemExit\napp = Strange()",
        "class Strange:\n    def __class__(self):\n        1 / 0\napp = application = handler = Strange()",
        # As compiled libraries of cffi do.
        "import sys, types\nclass Strange:\n    __class__ = types.ModuleType\nsys.modules['strange'] = Strange()",
    ],
)
def test_what_the_entry_does_to_its_process_spoils_nothing(tmp_path: Path, text: str) -> None:
    for observation in both(tmp_path, text):
        assert observation.outcome == Imported()
        assert not observation.left
    if "mine" in text:
        assert (tmp_path / "mine").read_text() == "mine"


def test_what_is_replaced_of_the_builtins_is_not_used(tmp_path: Path) -> None:
    text = "import builtins\nfor name in ('open', 'print', 'ascii', 'sorted', 'map', 'tuple', 'hasattr'):\n    setattr(builtins, name, None)\n"
    for observation in both(tmp_path, text):
        assert observation.outcome == Imported()


def test_an_error_that_cannot_be_shown_is_an_error(tmp_path: Path) -> None:
    text = "class Bad(Exception):\n    def __str__(self):\n        raise KeyError\nraise Bad\n"
    for observation in both(tmp_path, text):
        outcome = observation.outcome
        assert isinstance(outcome, Raised)
        assert (outcome.error, told(outcome.at, tmp_path)) == ("entry.Bad", "entry.py:4")


def test_a_forked_child_says_nothing(tmp_path: Path) -> None:
    text = "import os\npid = os.fork()\nif not pid:\n    open('child', 'w').close()\nelse:\n    os.waitpid(pid, 0)\n"
    _, traced = both(tmp_path, text)
    assert traced.outcome == Imported()
    assert [effect.event for effect in traced.effects] == ["os.fork"]


@pytest.mark.parametrize(
    "start",
    [
        "subprocess.Popen(['sleep', MARK])",
        "subprocess.Popen(['sleep', MARK], start_new_session=True)",
        # A daemon: its parent is gone before anyone looks.
        "os.fork() or (os.setsid(), os.fork() and os._exit(0), os.execvp('sleep', ['sleep', MARK]))",
    ],
)
@pytest.mark.parametrize("then", ["", "while True: pass", "os._exit(1)"])
def test_no_child_is_left(tmp_path: Path, start: str, then: str) -> None:
    mark = str(100_000 + time.monotonic_ns() % 1_000_000_000)
    text = f"import os, subprocess, time\nMARK = '{mark}'\n{start}\ntime.sleep(0.3)\n{then}\n"
    for observation in both(tmp_path, text, seconds=SHORT if "while" in then else 60):
        assert observation.left == 1
        assert any("still running" in note for note in observation.notes)
    assert not [
        process for process in psutil.process_iter(["cmdline"]) if mark in (process.info["cmdline"] or ())
    ]
