"""`python -m tests.benchmarks [PATH…]`: how fast lazify is on a copy of some code, beside `ast.parse` on the same files.

`lazify check` runs with what users get: all default codes, heavy imports included. With `--growth`, the cold check
of one PATH is measured on one to five copies of it, with a line fitted through the figures.

PATHs default to the standard library of the running Python. Every run has a process of its own. For commands of
lazify's the whole process counts, from its start to its end; for the rest only the work. With several rounds
(`--runs`) the median is printed. Cold starts with no cache of lazify's, warm with that of the cold run; then one
file is edited, and what `check` found is applied and undone. The file system's own cache is warm in all of them.
What pip compiles when it installs lazify is compiled here, too, before anything is measured.
Memory is the largest sum of the resident sets of all its processes at one time, pages that they share counted for
each; where the system does not tell, the largest of the process plus, for every worker, the largest of any of them.
"""

import argparse
import compileall
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import codemods
import lazify
from lazify.index.contents import REST
from tests.benchmarks.growth import table
from tests.benchmarks.memory import Watched
from tests.benchmarks.phases import PHASES, Figures, run_phase


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table: a phase, and the environment it runs in."""

    name: str
    phase: str
    processes: int = 1
    is_cold: bool = False
    is_edited: bool = False
    """One file has been edited since the run before."""
    measured: list[Figures] = field(default_factory=list)

    def figure(self, name: str) -> float:
        """Give the median of the runs."""
        return statistics.median(figures[name] for figures in self.measured)


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
PARSE = Row(name="ast.parse", phase="parse")
COLD = Row(name="check, cold", phase="check", is_cold=True, processes=CORES)
WARM = Row(name="check, warm", phase="check", processes=CORES)
EDITED = Row(name="check, one file edited", phase="check", is_edited=True, processes=CORES)
ROWS = (
    PARSE,
    Row(name="scan, cold, 1 process", phase="scan", is_cold=True),
    Row(name="scan, cold", phase="scan", is_cold=True, processes=CORES),
    Row(name="scan, warm", phase="scan", processes=CORES),
    Row(name="check, cold, 1 process", phase="check", is_cold=True),
    COLD,
    WARM,
    EDITED,
    Row(name="apply, after that check", phase="apply", processes=CORES),
    Row(name="undo", phase="undo", processes=CORES),
)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("paths", nargs="*", default=[sysconfig.get_path("stdlib")], metavar="PATH")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="measure the growth over copies of PATH")
    parser.add_argument("--phase", choices=sorted(PHASES), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.phase:
        print("\n" + json.dumps(run_phase(options.phase, options.paths)))
        return
    compile_lazify()
    if options.growth:
        _print_growth(Path(options.paths[0]).resolve())
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = _copied(options.paths, Path(folder).resolve())
        for number in range(options.runs):
            for row in ROWS:
                if row.is_edited:
                    _edit(paths, number)
                row.measured.append(_measured(row, paths, Path(folder, "cache")))
    print("\n".join([*_table(ROWS), *_verdict()]))


def compile_lazify() -> None:
    """Bring the bytecode of a checkout up to date: PYTHONDONTWRITEBYTECODE would have every run compile it again."""
    for package in (lazify, codemods):
        compileall.compile_dir(next(iter(package.__path__)), quiet=1)


def _print_growth(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache, trees = Path(folder, "cache"), Path(folder, "trees").resolve()
        trees.mkdir()

        def measure(tree: Path) -> Figures:
            return _measured(PARSE, [tree], cache) | _measured(COLD, [tree], cache)

        for line in table(path, trees, measure):
            print(line, flush=True)


def _copied(paths: list[str], folder: Path) -> list[Path]:
    """Copy what is measured, and wait until lazify believes the times of the files."""
    copies = [folder / str(number) / Path(path).resolve().name for number, path in enumerate(paths)]
    for path, copy in zip(paths, copies, strict=True):
        shutil.copytree(
            path, copy, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "site-packages")
        )
        (copy / "pyproject.toml").touch()
    time.sleep(2 * REST / 10**9)
    return copies


def _edit(paths: list[Path], number: int) -> None:
    """Append to a file of the middle size."""
    files = sorted(
        (file for path in paths for file in path.rglob("*.py")), key=lambda file: file.stat().st_size
    )
    with files[len(files) // 2].open("a", encoding="utf-8") as file:
        file.write(f"\nBENCHMARK_{number} = {number}\n")


def _measured(row: Row, paths: list[Path], cache: Path) -> Figures:
    """Run one phase in a process of its own."""
    if row.is_cold:
        shutil.rmtree(cache, ignore_errors=True)
    environment = os.environ | {"LAZIFY_JOBS": str(row.processes), "LAZIFY_CACHE_DIR": str(cache)}
    command = [sys.executable, "-m", "tests.benchmarks", "--phase", row.phase, *map(str, paths)]
    started, before = time.perf_counter(), os.times()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        watched = Watched(running.pid)
        out, _ = running.communicate()
    wall, after, peak = time.perf_counter() - started, os.times(), watched.peak()
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    used = sum(after[2:4]) - sum(before[2:4])  # of children, in user and in system mode
    told: Figures = json.loads(out.splitlines()[-1])
    return {"wall": wall, "cpu": used} | told | ({} if peak is None else {"mib": peak})


def _table(rows: tuple[Row, ...]) -> Iterator[str]:
    files, lines, cpu = (PARSE.figure(name) for name in ("files", "lines", "cpu"))
    yield f"{files:,.0f} files, {lines:,.0f} lines; median of {len(PARSE.measured)}; {machine()}\n"
    yield "| run | wall s | CPU s | lines per second | MiB | wall, ast.parse = 1 | CPU, ast.parse = 1 |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        took = row.figure("wall")
        yield (
            f"| {row.name} | {took:.2f} | {row.figure('cpu'):.2f} | {lines / took:,.0f} "
            f"| {row.figure('mib'):.0f} | {took / cpu:.2f} | {row.figure('cpu') / cpu:.2f} |"
        )


def _verdict() -> Iterator[str]:
    cold, warm, parse = COLD.figure("wall"), WARM.figure("wall"), PARSE.figure("cpu")
    yield f"\ncold: {cold * CORES / parse:.1f} times ast.parse's CPU time divided by {CORES} cores (wanted: 4)"
    yield f"cold, CPU: {COLD.figure('cpu') / parse:.1f} times ast.parse's, whatever the number of cores"
    yield f"warm: {warm / cold:.3f} of cold (wanted: 0.1)"
    yield f"one file edited: {EDITED.figure('wall'):.2f} s (wanted on a million lines: 1)"
    yield f"memory, parent and workers: {COLD.figure('mib'):.0f} MiB (wanted for a million lines: 1024)"


def machine() -> str:
    return f"Python {platform.python_version()}, {CORES} cores, {time.strftime('%Y-%m-%d')}"


if __name__ == "__main__":
    main()
