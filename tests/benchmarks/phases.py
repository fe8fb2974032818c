"""What is measured, each in a process of its own."""

import ast
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from lazify.cli import main
from lazify.discover import Inventory, stake, survey
from lazify.executor import executor
from lazify.index.load import load
from lazify.index.store import Store, cache_directory

Figures = dict[str, float]


def run_phase(name: str, paths: list[str]) -> Figures:
    """Do the work of one phase, and tell what it took as far as that cannot be seen from outside."""
    return PHASES[name](paths) | {"mib": _memory()}


def _parse(paths: list[str]) -> Figures:
    """Read and parse, what every tool must do at least; a file that does not parse counts, too."""
    files = lines = 0
    sources = [source for inventory in _inventories(paths) for source in inventory.sources]
    started, before = time.perf_counter(), _cpu_seconds()
    for source in sources:
        data = source.path.read_bytes()
        files += 1
        lines += data.count(b"\n")
        try:
            ast.parse(data)
        except (SyntaxError, ValueError, RecursionError):
            continue
    return {"files": files, "lines": lines} | _since(started, before)


def _scan(paths: list[str]) -> Figures:
    """Load the facts of every file as lazify does, before anything looks at them together."""
    files = 0
    started, before = time.perf_counter(), _cpu_seconds()
    with Store(cache_directory(), warn=sys.exit) as store:
        for inventory in _inventories(paths):
            with executor(sum(source.path.stat().st_size for source in inventory.sources)) as pool:
                files += len(load(inventory.sources, executor=pool, store=store)[0])
    return {"files": files} | _since(started, before)


def _command(name: str, paths: list[str]) -> Figures:
    """Run a command of lazify's itself."""
    with suppress(SystemExit):
        main([name, *paths])
    return {}


def _undo(paths: list[str]) -> Figures:
    """Take back what was applied to all of them."""
    with suppress(SystemExit):
        main(["undo", paths[0]])
    return {}


def _inventories(paths: list[str]) -> Iterator[Inventory]:
    territories, failures = stake(map(Path, paths))
    if failures:
        sys.exit(f"{failures[0].path}: {failures[0].why}")
    yield from map(survey, territories)


def _since(started: float, before: float) -> Figures:
    return {"wall": time.perf_counter() - started, "cpu": _cpu_seconds() - before}


def _cpu_seconds() -> float:
    """Count the processor time of this process and of those that it has waited for."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _memory() -> float:
    """Give MiB at most: the kernel tells of the largest child only, so each worker counts as that one."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + int(os.environ["LAZIFY_JOBS"]) * largest) / 1024


PHASES: dict[str, Callable[[list[str]], Figures]] = {
    "parse": _parse,
    "scan": _scan,
    "check": partial(_command, "check"),
    "apply": partial(_command, "apply"),
    "undo": _undo,
}
