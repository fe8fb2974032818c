import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.memory import Watched

MIB = 64
TAKES = f"taken = b'x' * ({MIB} << 20); print(flush=True); input()"
HAS_A_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TAKES!r}])"


@pytest.mark.skipif(not Path(f"/proc/{os.getpid()}/task").exists(), reason="only Linux tells")
@pytest.mark.parametrize("code", [TAKES, HAS_A_CHILD], ids=["its own", "its child's"])
def test_the_memory_of_a_process_is_that_of_its_children_too(code: str) -> None:
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        watched = Watched(process.pid)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.2)  # ten looks
        process.communicate(b"\n")
    peak = watched.peak()
    assert peak is not None
    assert MIB < peak < 3 * MIB
