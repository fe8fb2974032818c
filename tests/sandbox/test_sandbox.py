"""What a box keeps in: as the system does it here, by each means that works."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from lazify import sandbox
from lazify.sandbox import Box, Isolation, enclosed, strongest

REAL = (Isolation.BUBBLEWRAP, Isolation.NAMESPACES)


@pytest.fixture(params=REAL, ids=lambda isolation: isolation.value)
def isolation(request: pytest.FixtureRequest, tmp_path: Path) -> Isolation:
    found: Isolation = request.param
    if not sandbox.works(found, Box(folder=tmp_path, writable=(tmp_path,))):
        pytest.skip(f"{found.value} does not work on this system")
    return found


def run(
    code: str, box: Box, isolation: Isolation, *, timeout: float = 30
) -> subprocess.CompletedProcess[str]:
    command = enclosed([sys.executable, "-I", "-S", "-c", code], box, isolation)
    return subprocess.run(command, capture_output=True, timeout=timeout, check=False, text=True)


def writes(path: str) -> str:
    return f"""
try:
    open({path!r}, "a").close()
    print("written")
except OSError as error:
    print(error.strerror)
"""


def test_nothing_can_be_written_outside(isolation: Isolation, tmp_path: Path) -> None:
    box = Box(folder=tmp_path, visible=(tmp_path,))
    for path in ("inside", "/lazify-was-here", str(Path.home() / "lazify-was-here"), "/dev/shm/x"):
        assert run(writes(path), box, isolation).stdout == "Read-only file system\n"
    assert not list(tmp_path.iterdir())


def test_the_temporary_folder_is_empty_and_writable_and_gone_afterwards(
    isolation: Isolation, tmp_path: Path
) -> None:
    box = Box(folder=Path("/"))
    code = "import os; print(os.listdir('/tmp')); open('/tmp/lazify-left', 'w').close()"
    assert run(code, box, isolation).stdout == "[]\n"
    assert not Path("/tmp/lazify-left").exists()


def test_the_temporary_folder_holds_as_much_as_the_platform_s(isolation: Isolation) -> None:
    code = "open('/tmp/x', 'wb').write(bytes(2 << 20))"
    assert "No space left" in run(code, Box(folder=Path("/"), size=1 << 20), isolation).stderr
    assert not run(code, Box(folder=Path("/"), size=4 << 20), isolation).stderr


def test_what_is_writable_stays_written(isolation: Isolation, tmp_path: Path) -> None:
    box = Box(folder=tmp_path, writable=(tmp_path,))
    assert run(writes("inside"), box, isolation).stdout == "written\n"
    assert (tmp_path / "inside").is_file()


def test_what_is_writable_lies_on_top_of_what_is_visible(isolation: Isolation, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    box = Box(folder=inner, writable=(inner,), visible=(tmp_path,))
    assert run(writes("inside"), box, isolation).stdout == "written\n"
    assert run(writes("../outside"), box, isolation).stdout == "Read-only file system\n"


def test_there_is_no_network(isolation: Isolation) -> None:
    code = """
import socket
for address in ("192.0.2.1", "127.0.0.1"):
    try:
        socket.create_connection((address, 9), timeout=5)
    except OSError as error:
        print(error.strerror)
"""
    first, second = run(code, Box(folder=Path("/")), isolation).stdout.splitlines()
    assert first == "Network is unreachable"
    assert second in ("Network is unreachable", "Connection refused")


def test_whatever_it_started_ends_with_it(isolation: Isolation) -> None:
    code = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3):
            os.close(number)
        time.sleep(3217)
    os._exit(0)
"""
    assert run(code, Box(folder=Path("/")), isolation).returncode == 0
    assert not [each for each in psutil.process_iter(["cmdline"]) if "3217" in str(each.info["cmdline"])]


def test_the_exit_code_is_that_of_the_command(isolation: Isolation) -> None:
    box = Box(folder=Path("/"))
    assert run("raise SystemExit(7)", box, isolation).returncode == 7
    assert run("import os; os.kill(os.getpid(), 15)", box, isolation).returncode == 128 + 15


def test_the_way_out_is_shut(isolation: Isolation, tmp_path: Path) -> None:
    code = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
MS_REMOUNT, MS_BIND = 32, 4096
libc.mount(None, b"/", None, ctypes.c_ulong(MS_REMOUNT | MS_BIND), None)
""" + writes("/lazify-was-here")
    assert run(code, Box(folder=Path("/")), isolation).stdout == "Read-only file system\n"


def test_the_user_is_who_he_was(isolation: Isolation) -> None:
    import os

    assert run("import os; print(os.getuid())", Box(folder=Path("/")), isolation).stdout == f"{os.getuid()}\n"


def test_the_strongest_that_works_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for best in (*REAL, Isolation.NONE):
        monkeypatch.setattr(sandbox, "works", lambda isolation, box, best=best: isolation is best)
        assert strongest() is best


def test_what_only_pretends_to_enclose_does_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretender = tmp_path / "bwrap"
    pretender.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift; exec "$@"\n')
    pretender.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert not sandbox.works(Isolation.BUBBLEWRAP, Box(folder=tmp_path, writable=(tmp_path,)))


def test_without_any_means_the_command_runs_as_it_is() -> None:
    assert enclosed(["true"], Box(folder=Path("/")), Isolation.NONE) == ["true"]
    assert "native code" in str(Isolation.NONE)
