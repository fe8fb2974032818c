import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from pathlib import Path

import pytest

from lazify import executor as module
from lazify.errors import ConfigError
from lazify.executor import (
    LITTLE_WORK,
    ProcessExecutor,
    SerialExecutor,
    executor,
    is_parallel,
    outcomes,
    usable_cores,
)

MUCH = LITTLE_WORK * 10


def double(number: int) -> int:
    return 2 * number


def fail(number: int) -> int:
    raise ValueError(number)


def double_or_die(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def where(_: int) -> int:
    return os.getpid()


def test_little_work_is_done_here() -> None:
    with executor(LITTLE_WORK - 1) as pool:
        assert isinstance(pool, SerialExecutor)
        assert list(pool.map(double, [1, 2])) == [2, 4]
        assert pool.submit(where, 0).result() == os.getpid()


def test_much_work_is_done_in_other_processes() -> None:
    with executor(MUCH, jobs=2) as pool:
        assert list(pool.map(double, range(50))) == list(range(0, 100, 2))
        assert pool.submit(where, 0).result() != os.getpid()
    assert not multiprocessing.active_children()


def test_processes_start_only_when_there_is_something_to_do() -> None:
    with executor(MUCH, jobs=2):
        assert not multiprocessing.active_children()


def slow(seconds: float) -> None:
    time.sleep(seconds)


def test_nothing_of_killed_processes_is_left() -> None:
    threads = set(threading.enumerate())
    with pytest.raises(KeyboardInterrupt), executor(MUCH, jobs=2) as pool:
        for _ in range(10):
            pool.submit(slow, 60)
        raise KeyboardInterrupt
    assert not multiprocessing.active_children()
    assert not [each for each in set(threading.enumerate()) - threads if not each.daemon]


def workers_of_its_own(_: int) -> bool:
    with executor(MUCH, jobs=2) as pool:
        return is_parallel(pool)


def test_a_worker_starts_no_workers_of_its_own() -> None:
    with executor(MUCH, jobs=2) as pool:
        assert is_parallel(pool)
        assert pool.submit(workers_of_its_own, 0).result() is False


def test_one_job_is_done_here_however_much_it_is() -> None:
    with executor(MUCH, jobs=1) as pool:
        assert isinstance(pool, SerialExecutor)


def test_the_environment_sets_the_number_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAZIFY_JOBS", "1")
    with executor(MUCH) as pool:
        assert isinstance(pool, SerialExecutor)
    with executor(MUCH, jobs=2) as pool:
        assert isinstance(pool, ProcessExecutor)


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_wrong_number_of_processes_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LAZIFY_JOBS", value)
    with pytest.raises(ConfigError, match=r"LAZIFY_JOBS = .*: must be a number of processes"), executor(MUCH):
        pass


def test_errors_of_the_work_are_errors_of_its_future() -> None:
    for pool in (SerialExecutor(), ProcessExecutor(1)):
        with pool:
            future = pool.submit(fail, 7)
            with pytest.raises(ValueError, match="7"):
                future.result()


@pytest.mark.parametrize("jobs", [1, 2])
def test_outcomes_come_in_the_order_of_the_items(jobs: int) -> None:
    with executor(MUCH, jobs=jobs) as pool:
        assert list(outcomes(pool, double, range(30))) == [(number, 2 * number) for number in range(30)]


def test_a_process_that_dies_takes_few_calls_along_and_the_rest_goes_on() -> None:
    with executor(MUCH, jobs=2) as pool:
        results = dict(outcomes(pool, double_or_die, range(100)))
        lost = {number for number, result in results.items() if result is None}
        assert 3 in lost
        assert len(lost) <= 8 * usable_cores()
        assert all(result == 2 * number for number, result in results.items() if number not in lost)
        assert dict(outcomes(pool, double, [1])) == {1: 2}


def test_one_after_the_other_only_the_guilty_call_is_lost() -> None:
    with executor(MUCH, jobs=2) as pool:
        results = [next(outcomes(pool, double_or_die, [number])) for number in range(6)]
    assert results == [(0, 0), (1, 2), (2, 4), (3, None), (4, 8), (5, 10)]


def test_a_broken_pool_says_so_in_the_future() -> None:
    with ProcessExecutor(1) as pool, pytest.raises(BrokenExecutor):
        pool.submit(double_or_die, 3).result()


def test_an_error_ends_the_processes_at_once() -> None:
    others = set(multiprocessing.active_children())  # of tests before it in this process
    started = time.monotonic()
    with pytest.raises(KeyError), executor(MUCH, jobs=2) as pool:
        pool.submit(time.sleep, 60)
        raise KeyError
    assert time.monotonic() - started < 30
    for child in set(multiprocessing.active_children()) - others:
        child.join(10)
    assert set(multiprocessing.active_children()) <= others


def test_where_processes_are_not_to_be_had_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError("no semaphores")

    monkeypatch.setattr(module, "ProcessPoolExecutor", refuse)
    with executor(MUCH, jobs=2) as pool:
        assert pool.submit(where, 0).result() == os.getpid()


SLOW = """
import os, sys, time
from pathlib import Path
from lazify.executor import executor
def work(name):
    Path(sys.argv[1], str(os.getpid())).touch()
    time.sleep(60)
if __name__ == "__main__":
    with executor(10**9, jobs=2) as pool:
        list(pool.map(work, "ab"))
"""


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_no_process_is_left_when_the_run_is_ended(tmp_path: Path, how: signal.Signals) -> None:
    program = tmp_path / "slow.py"
    program.write_text(SLOW)
    marks = tmp_path / "marks"
    marks.mkdir()
    # In a session of its own, as in a terminal: Ctrl-C reaches all processes of the group.
    run = subprocess.Popen(
        [sys.executable, program, marks],
        start_new_session=True,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    )
    wait_until(lambda: len(list(marks.iterdir())) == 2)
    if how == signal.SIGINT:
        os.killpg(run.pid, how)
    else:
        run.send_signal(how)
    _, errors = run.communicate(timeout=30)
    wait_until(lambda: not any(alive(int(mark.name)) for mark in marks.iterdir()))
    assert run.returncode != 0
    assert errors.count(b"Traceback") <= 1  # the workers say nothing


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
