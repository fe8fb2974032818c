"""How the time of a cold `lazify check` grows with the code: one tree, and several copies of it side by side."""

import shutil
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.phases import Figures

SIZES = (1, 2, 3, 4, 5)
"""How many copies are measured."""


def copies(path: Path, folder: Path, count: int) -> Path:
    """Lay `count` copies of a tree below one project; no two files are equal: equal ones are scanned once."""
    for number in range(count):
        copy = folder / f"copy{number}" / path.name
        if not copy.exists():
            shutil.copytree(
                path, copy, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", "site-packages")
            )
            for file in copy.rglob("*.py"):
                if file.is_file() and not file.is_symlink():
                    with file.open("ab") as end:
                        end.write(f"\n# {number}\n".encode())
    (folder / "pyproject.toml").touch()
    return folder


def table(path: Path, folder: Path, measure: Callable[[Path], Figures]) -> Iterator[str]:
    """Measure each size, and fit a line through the figures."""
    found: list[Figures] = []
    yield "| copies | lines | wall s | CPU s | lines per CPU second | MiB |"
    yield "|--:|--:|--:|--:|--:|--:|"
    for count in SIZES:
        figures = measure(copies(path, folder, count))
        found.append(figures)
        yield (
            f"| {count} | {figures['lines']:,.0f} | {figures['wall']:.2f} | {figures['cpu']:.2f} "
            f"| {figures['lines'] / figures['cpu']:,.0f} | {figures['mib']:.0f} |"
        )
    yield "\n" + fit([each["lines"] for each in found], [each["cpu"] for each in found])


def fit(lines: Sequence[float], seconds: Sequence[float]) -> str:
    """Say in words how well a line describes the growth."""
    slope, start = statistics.linear_regression(lines, seconds)
    told = statistics.correlation(lines, seconds) ** 2
    return f"CPU seconds = {start:.2f} + {slope * 100_000:.2f} for each 100,000 lines; R² = {told:.4f}"
