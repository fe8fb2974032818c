"""Run a command and measure it: output, exit code, seconds, peak memory."""

import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a finished command said. `memory` is the peak of its largest process, in MiB."""

    code: int
    stdout: bytes
    stderr: str
    seconds: float
    memory: int
    timed_out: bool = False

    @property
    def tail(self) -> str:
        """The last lines of standard error, for a message."""
        return "\n".join(self.stderr.strip().splitlines()[-15:])

    @property
    def text(self) -> str:
        """Standard output as text."""
        return self.stdout.decode("utf-8", "replace")


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = 600,
    stdin: bytes = b"",
) -> Outcome:
    """Run the command in a process group of its own, which is ended as a whole after `timeout` seconds."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
        given.write(stdin)
        given.seek(0)
        started = time.perf_counter()
        child = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=given,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        expired = threading.Event()
        alarm = threading.Timer(timeout, _end, args=(child.pid, expired))
        alarm.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        finally:
            alarm.cancel()
            _end_rest(child.pid)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        out.seek(0)
        err.seek(0)
        return Outcome(
            code=child.returncode,
            stdout=out.read(),
            stderr=err.read().decode("utf-8", "replace"),
            seconds=round(seconds, 2),
            memory=_mebibytes(usage),
            timed_out=expired.is_set(),
        )


def _end_rest(group: int) -> None:
    """What a command leaves running, such as the servers of a failed test, would disturb the next."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def _end(group: int, expired: threading.Event) -> None:
    expired.set()
    os.killpg(group, signal.SIGKILL)


def _mebibytes(usage: resource.struct_rusage) -> int:
    return usage.ru_maxrss // (1024 if sys.platform != "darwin" else 1024 * 1024)
