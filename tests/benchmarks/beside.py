"""`python -m tests.benchmarks.beside PATH --tools FOLDER`: other tools that read the same code, in the same minutes.

FOLDER is a virtual environment of Python ≥ 3.12 with `lifeguard-lazy-imports`, `pep810`, `importcost`, `ruff` and
`libcst`; what is missing there is skipped, visibly. Each tool runs as a process of its own with nothing kept between
runs, in turns, and the median of the rounds is told. They do not do the same work: the table says what each does.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lazify.knowledge.heavy import costs
from tests.benchmarks.__main__ import CORES, compile_lazify, machine

_QUALIFIED = Path(__file__).with_name("qualified_names.py")


@dataclass(frozen=True, kw_only=True)
class Rival:
    """One command: what it does, and what it took in each round."""

    name: str
    does: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    is_slow: bool = False
    """Takes minutes: one round must do."""
    took: list[tuple[float, float, float]] = field(default_factory=list)
    """Wall seconds, CPU seconds, MiB of the largest process."""

    @property
    def is_there(self) -> bool:
        """Tell whether the command is installed."""
        return shutil.which(self.command[0]) is not None


def rivals(path: Path, tools: Path, folder: Path) -> list[Rival]:
    """List the commands for the tree at `path`; what they write goes into `folder`."""
    here, there = [sys.executable, "-m"], tools / "bin"
    parse = [*here, "tests.benchmarks", "--phase", "parse", str(path)]
    check = [*here, "lazify", "check", str(path)]
    cold = {"LAZIFY_CACHE_DIR": str(folder / "cache")}
    banned = f"lint.flake8-tidy-imports.banned-module-level-imports={sorted(cost.module for cost in costs())}"
    ruff = [str(there / "ruff"), "check", "--isolated", "--no-cache", "--quiet", "--select", "TID253"]
    return [
        Rival(name="ast.parse", does="builds the trees", command=parse),
        Rival(
            name=f"lazify check, {CORES} processes",
            does="names, effects and changes of the whole tree",
            command=check,
            environment=cold | {"LAZIFY_JOBS": str(CORES)},
        ),
        Rival(
            name="lazify check, 1 process",
            does="the same",
            command=check,
            environment=cold | {"LAZIFY_JOBS": "1"},
        ),
        Rival(
            name="lifeguard run-tree",
            does="which modules are safe to import lazily (Rust)",
            command=[str(there / "lifeguard"), "run-tree", str(path), str(folder / "lifeguard.json")],
        ),
        Rival(
            name="ruff TID253",
            does="marks listed imports at module level, file by file (Rust)",
            command=[*ruff, "--config", banned, str(path)],
        ),
        Rival(
            name="pep810 analyze",
            does="which imports can be lazy",
            command=[str(there / "pep810"), "analyze", str(path)],
        ),
        Rival(
            name="importcost audit",
            does="which of them are worth it, measured on an import",
            command=[str(there / "importcost"), "audit", "--target", "import sys", str(path)],
        ),
        Rival(
            name="LibCST, qualified names",
            does="parses, and resolves names within each file",
            command=[str(there / "python"), str(_QUALIFIED), str(path)],
            is_slow=True,
        ),
    ]


def main() -> None:
    """Run each command in turns, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.beside", description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--tools", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    compile_lazify()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        found = rivals(options.path.resolve(), options.tools.absolute(), folder)
        for number in range(options.runs):
            for rival in found:
                if rival.is_there and (number == 0 or not rival.is_slow):
                    shutil.rmtree(folder / "cache", ignore_errors=True)
                    rival.took.append(_run(rival))
    print("\n".join(table(found)))


def table(found: Sequence[Rival]) -> Iterator[str]:
    """Write one row for each command."""
    yield f"{machine()}\n"
    yield "| command | what it does | wall s | CPU s | MiB |"
    yield "|---|---|--:|--:|--:|"
    for rival in found:
        if not rival.took:
            yield f"| {rival.name} | {rival.does} | skipped: not installed | | |"
            continue
        wall, cpu, mib = (statistics.median(figures) for figures in zip(*rival.took, strict=True))
        yield f"| {rival.name} | {rival.does} | {wall:.2f} | {cpu:.2f} | {mib:.0f} |"


def _run(rival: Rival) -> tuple[float, float, float]:
    started = time.perf_counter()
    null = os.open(os.devnull, os.O_WRONLY)
    process = os.posix_spawn(
        shutil.which(rival.command[0]) or rival.command[0],
        list(rival.command),
        os.environ | rival.environment,
        file_actions=[(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)],
    )
    _, status, usage = os.wait4(process, 0)
    os.close(null)
    wall = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: it found something
        sys.exit(f"{' '.join(rival.command)} ended with {os.waitstatus_to_exitcode(status)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
