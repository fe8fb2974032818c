import contextlib
import os
import pty
import signal
import subprocess
import sys
from io import FileIO
from pathlib import Path

from tests.cli.service import REPOSITORY, lazify, read


def test_ctrl_c_at_the_question_writes_nothing_and_exits_with_130(service: Path) -> None:
    before = read(service)
    with subprocess.Popen(
        [sys.executable, "-m", "lazify", "apply", "-i", "src"],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(b"y\n")
        child.stdin.flush()
        while not child.stderr.readline().startswith(b"(1/2) make this change"):
            pass
        child.send_signal(signal.SIGINT)
        assert b"lazify: interrupted; no file is half-written" in child.stderr.read()
    assert child.returncode == 130
    assert read(service) == before


def test_a_terminal_gets_a_coloured_diff_and_a_pipe_a_plain_one(service: Path) -> None:
    assert b"\x1b" not in lazify("apply", "--dry-run", "src").stdout_bytes
    controller, terminal = pty.openpty()
    with os.fdopen(controller, "rb", buffering=0) as screen:
        child = subprocess.Popen(
            [sys.executable, "-m", "lazify", "apply", "--dry-run", "--select", "LZ103", "src"],
            env={
                **_without_colour_settings(),
                "PYTHONPATH": str(REPOSITORY),
                "TERM": "xterm",
            },
            stdout=terminal,
            stderr=subprocess.DEVNULL,
        )
        os.close(terminal)
        shown = _everything(screen)
        assert child.wait() == 0
    assert b"\x1b[32m+def get_key() -> str:" in shown


def _without_colour_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR"}}


def _everything(screen: FileIO) -> bytes:
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal ends on Linux when its last process has gone
        while part := screen.read(65536):
            shown += part
    return shown
