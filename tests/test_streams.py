import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

import pytest

from lazify.streams import has_colours

REPOSITORY = Path(__file__).parent.parent


def script(body: str) -> list[str]:
    """Give the command that runs `body` as a command of lazify does."""
    lines = ["import sys, time", "from lazify.streams import ask, ends, put, tell", "@ends", "def command():"]
    return [
        sys.executable,
        "-c",
        "\n".join([*lines, *(f"    {line}" for line in body.splitlines()), "command()"]),
    ]


def started(body: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        script(body),
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_reader_of_stdout_that_goes_away_is_no_error_and_the_run_goes_on() -> None:
    with started("put(b'x' * 1_000_000)\nput(b'y')\ntell('the end')\nreturn 0") as child:
        assert child.stdout is not None
        assert child.stdout.read(1) == b"x"
        child.stdout.close()
        assert child.stderr is not None
        assert child.stderr.read() == b"the end\n"
    assert child.returncode == 0


def test_a_reader_of_stderr_that_goes_away_is_no_error_either() -> None:
    with started("time.sleep(0.2)\nfor _ in range(3):\n    tell('word')\nput(b'result')\nreturn 1") as child:
        assert child.stdout is not None
        assert child.stderr is not None
        child.stderr.close()
        assert child.stdout.read() == b"result"
    assert child.returncode == 1


def test_ctrl_c_counts_though_what_it_interrupts_fails_on_the_way_out() -> None:
    with started("try:\n    raise KeyboardInterrupt\nfinally:\n    {}['gone']\nreturn 0") as child:
        assert child.stderr is not None
        assert child.stderr.read() == b"\nlazify: interrupted; no file is half-written\n"
    assert child.returncode == 130


def test_ctrl_c_ends_the_run_with_130_and_one_line() -> None:
    with started("tell('ready')\ntime.sleep(60)\nreturn 0") as child:
        assert child.stderr is not None
        assert child.stderr.readline() == b"ready\n"
        child.send_signal(signal.SIGINT)
        assert child.stderr.read() == b"\nlazify: interrupted; no file is half-written\n"
    assert child.returncode == 130


def test_words_that_are_no_unicode_reach_stderr_all_the_same() -> None:
    with started(r"tell('caf\udce9.py → gone')" + "\nreturn 0") as child:
        assert child.stderr is not None
        assert child.stderr.read().startswith(b"caf")
    assert child.returncode == 0


def test_results_are_written_byte_for_byte() -> None:
    with started(r"put(b'\r\n\xe9\x00')" + "\nreturn 0") as child:
        assert child.stdout is not None
        assert child.stdout.read() == b"\r\n\xe9\x00"


@pytest.fixture
def terminal() -> Iterator[TextIOWrapper]:
    controller, terminal = pty.openpty()
    with os.fdopen(controller, "rb"), os.fdopen(terminal, "w") as stream:
        yield stream


def test_a_terminal_gets_colours(terminal: TextIOWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert has_colours(terminal)


def test_a_terminal_gets_no_colours_where_the_user_wants_none(
    terminal: TextIOWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not has_colours(terminal)


def test_an_empty_no_color_means_nothing(terminal: TextIOWrapper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert has_colours(terminal)


def test_a_terminal_that_knows_no_colours_gets_none(
    terminal: TextIOWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "dumb")
    assert not has_colours(terminal)


def test_a_file_gets_no_colours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    with (tmp_path / "out").open("w") as file:
        assert not has_colours(file)
