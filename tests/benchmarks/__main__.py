"""`python -m tests.benchmarks [PATH…]`: how fast lazify reads code, beside `ast.parse` on the same files.

PATHs default to the standard library of the running Python. Every figure comes from a process of its own, which
starts, finds the files and ends within the measured time; where several runs are asked for (`--runs`), the rounds
alternate between the rows and the median is printed. Cold starts with no cache of lazify's, warm with a full one;
the file system's own cache is warm in all of them. Memory is the largest resident set of the process plus, for
every worker process, the largest resident set of any of them: an upper bound.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.phases import PHASES, Figures, run_phase


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: a phase, and the environment it runs in."""

    name: str
    phase: str
    processes: int = 1
    is_cold: bool = False
    cache: str = ""
    """The cache folder's name, of rows that have one."""
    measured: list[Figures] = field(default_factory=list)

    def figure(self, name: str) -> float:
        """Give the median of the runs."""
        return statistics.median(figures[name] for figures in self.measured)


ROWS = (
    Row(name="ast.parse", phase="parse"),
    Row(name="scan, cold, 1 process", phase="scan", cache="1", is_cold=True),
    Row(name="scan, warm, 1 process", phase="scan", cache="1"),
    Row(name="scan, cold, 2 processes", phase="scan", cache="2", is_cold=True, processes=2),
    Row(name="scan, warm, 2 processes", phase="scan", cache="2", processes=2),
    Row(name="check, cold, 1 process", phase="check", cache="3", is_cold=True),
    Row(name="check, warm, 1 process", phase="check", cache="3"),
    Row(name="check, cold, 2 processes", phase="check", cache="4", is_cold=True, processes=2),
    Row(name="check, warm, 2 processes", phase="check", cache="4", processes=2),
)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("paths", nargs="*", default=[sysconfig.get_path("stdlib")], metavar="PATH")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--phase", choices=sorted(PHASES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.phase:
        print(json.dumps(run_phase(options.phase, options.paths)))
        return
    paths = [str(Path(path).absolute()) for path in options.paths]
    with tempfile.TemporaryDirectory() as caches:
        for _ in range(options.runs):
            for row in ROWS:
                row.measured.append(_measured(row, paths, Path(caches)))
    print("\n".join(_table(ROWS)))


def _measured(row: Row, paths: list[str], caches: Path) -> Figures:
    """Run one phase in a process of its own; Python's start is not counted, but everything of lazify's is."""
    cache = caches / row.cache
    if row.is_cold:
        for file in cache.glob("*"):
            file.unlink()
    environment = os.environ | {"LAZIFY_JOBS": str(row.processes), "LAZIFY_CACHE_DIR": str(cache)}
    command = [sys.executable, "-m", "tests.benchmarks", "--phase", row.phase, *paths]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def _table(rows: tuple[Row, ...]) -> Iterator[str]:
    reference = rows[0]
    files, lines, wall, cpu = (reference.figure(name) for name in ("files", "lines", "wall", "cpu"))
    yield f"{files:,.0f} files, {lines:,.0f} lines; median of {len(reference.measured)}; {_machine()}\n"
    yield "| run | wall s | CPU s | lines per second | MiB | wall, ast.parse = 1 | CPU, ast.parse = 1 |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        took = row.figure("wall")
        yield (
            f"| {row.name} | {took:.2f} | {row.figure('cpu'):.2f} | {lines / took:,.0f} "
            f"| {row.figure('mib'):.0f} | {took / wall:.2f} | {row.figure('cpu') / cpu:.2f} |"
        )


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"Python {platform.python_version()}, {cores} cores, {time.strftime('%Y-%m-%d')}"


if __name__ == "__main__":
    main()
