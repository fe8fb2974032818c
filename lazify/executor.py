"""Where work runs: at once for little of it, in processes for much; always a `futures.Executor`."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import ParamSpec, TypeVar

from lazify.errors import ConfigError

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")

_PATIENCE = 2.0  # seconds for the threads of an executor whose processes were killed
LITTLE_WORK = 150_000
"""Bytes of source below which starting a process costs more than it saves (measured)."""


class SerialExecutor(Executor):
    """Runs each call at once, in the caller's thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn`; only what is an Exception goes into the future: Ctrl-C ends the caller."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # the contract of Executor: the future holds it
            future.set_exception(error)
        return future


class ProcessExecutor(Executor):
    """Runs calls in processes, which start at the first call, and start anew after one of them died."""

    def __init__(self, workers: int) -> None:
        """Prepare for `workers` processes."""
        self._workers = workers
        self._pool: Executor | None = None
        self._others = frozenset(multiprocessing.active_children())
        self._threads = frozenset(threading.enumerate())

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand `fn` to a process; the future raises BrokenExecutor when any of the processes dies."""
        try:
            return self._started().submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self.shutdown()
            return self._started().submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002  # Executor's
        """End the processes; a later call starts new ones."""
        if self._pool:
            self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._pool = None

    def kill(self) -> None:
        """End the processes in the middle of what they do."""
        self.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            if child not in self._others:
                child.terminate()
        for thread in threading.enumerate():
            # What manages the processes tells the end of the program that it has ended only when it has.
            if thread not in self._threads and not thread.daemon:
                thread.join(timeout=_PATIENCE)

    def _started(self) -> Executor:
        if self._pool is None:
            self._pool = _pool(self._workers)
        return self._pool


@contextmanager
def executor(work: int, *, jobs: int | None = None) -> Iterator[Executor]:
    """Give an executor fit for `work` bytes of source; on an error or Ctrl-C its processes are killed.

    `jobs`, or else the variable LAZIFY_JOBS, sets the number of processes; a worker starts none of its own.
    Raises ConfigError.
    """
    workers = jobs or _wanted_jobs() or usable_cores()
    if workers == 1 or work < LITTLE_WORK or multiprocessing.parent_process() is not None:
        yield SerialExecutor()
        return
    processes = ProcessExecutor(workers)
    try:
        yield processes
    except BaseException:
        processes.kill()
        raise
    processes.shutdown()


def is_parallel(executor: Executor) -> bool:
    """Tell whether calls may run side by side."""
    return isinstance(executor, ProcessExecutor)


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Facts, and what is made of them, live as long as the run: looking for garbage among them takes seconds."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # what is new counts as old now: the next small collection does not look at it
        if was_enabled:
            gc.enable()


def usable_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def outcomes(
    executor: Executor, function: Callable[[T], R], items: Iterable[T]
) -> Iterator[tuple[T, R | None]]:
    """Pair each item with what `function` returns for it, in order; None where its process died.

    The first calls are under way before this returns: the caller may do something else meanwhile. A process that
    dies takes the calls of the others along: None says only that the item may be the guilty one. So that these are
    few, only a few calls are under way at a time.
    """
    rest = iter(items)
    begun = [(item, executor.submit(function, item)) for item in islice(rest, 4 * usable_cores())]
    return _outcomes(executor, function, deque(begun), rest)


def _outcomes(
    executor: Executor, function: Callable[[T], R], under_way: deque[tuple[T, Future[R]]], rest: Iterable[T]
) -> Iterator[tuple[T, R | None]]:
    for item in rest:
        first, future = under_way.popleft()
        outcome = _result(future)
        under_way.append((item, executor.submit(function, item)))
        yield first, outcome
    for last, future in under_way:
        yield last, _result(future)


def _result(future: Future[R]) -> R | None:
    try:
        return future.result()
    except BrokenExecutor:
        return None


def _wanted_jobs() -> int | None:
    wanted = os.environ.get("LAZIFY_JOBS", "").strip()
    if not wanted:
        return None
    if not wanted.isdecimal() or int(wanted) == 0:
        raise ConfigError(f"LAZIFY_JOBS = {wanted!r}: must be a number of processes, at least 1")
    return int(wanted)


def _pool(workers: int) -> Executor:
    context = multiprocessing.get_context(_start_method())
    try:
        return ProcessPoolExecutor(workers, mp_context=context, initializer=_enter_worker)
    except (
        ImportError,
        NotImplementedError,
        OSError,
    ):  # a platform without semaphores: AWS Lambda, some jails
        return SerialExecutor()


def _start_method() -> str:
    """Fork where it is the custom and no other thread could hold a lock across it: it starts much faster."""
    methods = multiprocessing.get_all_start_methods()
    if "forkserver" not in methods:
        return "spawn"
    if methods[0] != "spawn" and threading.active_count() == 1:
        return "fork"
    return "forkserver" if methods[0] != "spawn" else "spawn"


def _enter_worker() -> None:
    """Leave Ctrl-C to the parent, and collect no garbage: trees hold no cycles and go away by themselves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.disable()


def _end_with_parent() -> None:
    """A parent that was killed could not end its workers: they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)
