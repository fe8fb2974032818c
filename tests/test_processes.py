import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from lazify.processes import Command, Cut, Ended, Limits, run

PATIENCE = 60.0


def ran(code: str, *, seconds: float = PATIENCE, most: int | None = None, output: int = 1 << 20) -> Ended:
    command = Command(arguments=(sys.executable, "-c", code), cwd=Path.cwd(), environment=os.environ)
    return run(command, limits=Limits(seconds=seconds, bytes=most, output=output), warning=signal.SIGURG)


def test_a_command_ends_with_its_code_and_what_it_printed() -> None:
    ended = ran("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)")
    assert (ended.code, ended.cut, ended.stdout, ended.stderr, ended.left) == (3, None, b"out\n", b"err\n", 0)


def test_only_the_end_of_the_output_is_kept() -> None:
    ended = ran("print('a' * 10_000_000 + 'b')", output=1000)
    assert ended.stdout == b"a" * 998 + b"b\n"


def test_a_command_has_no_stdin_and_a_session_of_its_own() -> None:
    ended = ran("import os, sys; print(sys.stdin.read() == '', os.getsid(0) == os.getpid())")
    assert ended.stdout == b"True True\n"


def test_time_is_limited() -> None:
    ended = ran("while True: pass", seconds=0.5)
    assert (ended.cut, ended.code) == (Cut.TIME, -signal.SIGKILL)


def test_memory_is_limited() -> None:
    ended = ran("x = []\nwhile True: x.append(bytearray(10**7))", most=200 << 20)
    assert ended.cut is Cut.MEMORY
    assert ended.peak_bytes > 200 << 20


def test_a_warning_comes_before_the_end() -> None:
    code = "import signal, sys\nsignal.signal(signal.SIGURG, lambda *_: sys.exit(7))\nwhile True: pass"
    ended = ran(code, seconds=1)
    assert (ended.cut, ended.code) == (Cut.TIME, 7)


def test_children_that_outlive_a_command_are_killed() -> None:
    code = "import os, time\nfor _ in range(20):\n    if not os.fork():\n        os.setsid()\n        time.sleep(60)\n"
    ended = ran(code)
    assert (ended.code, ended.left) == (0, 20)


def test_a_process_that_hands_on_to_its_child_again_and_again_is_caught() -> None:
    mark = str(10**7 + os.getpid())
    code = f"""
import os
if not os.fork():
    os.setsid()
    for _ in range(1500):
        if os.fork():
            os._exit(0)
    os.execvp("sleep", ["sleep", "{mark}"])
"""
    assert ran(code).code == 0
    assert not [each for each in psutil.process_iter(["cmdline"]) if mark in (each.info["cmdline"] or [])]


def test_children_that_keep_the_output_open_do_not_delay_the_end() -> None:
    ended = ran("import subprocess; subprocess.Popen(['sleep', '60']); print('done')", seconds=30)
    assert (ended.cut, ended.stdout, ended.left) == (None, b"done\n", 1)


def test_a_command_that_is_not_there_raises() -> None:
    command = Command(arguments=("/no/such/command",), cwd=Path.cwd(), environment={})
    with pytest.raises(FileNotFoundError):
        run(command, limits=Limits(seconds=1))


def test_an_open_file_is_handed_on(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        code = f"import os; os.write({file.fileno()}, b'written')"
        arguments = (sys.executable, "-c", code)
        command = Command(arguments=arguments, cwd=tmp_path, environment=os.environ, files=(file.fileno(),))
        assert run(command, limits=Limits(seconds=PATIENCE)).code == 0
    assert (tmp_path / "file").read_bytes() == b"written"
