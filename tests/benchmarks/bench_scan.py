"""How fast lazify reads a tree: `python -m tests.benchmarks.bench_scan [PATH…]` (default: the standard library).

Each figure comes from a process of its own; a cold run starts with an empty cache, and a warm one with a full one.
The file system's own cache is warm in all of them.
"""

import ast
import gc
import json
import os
import platform
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

from lazify.discover import Inventory, stake, survey
from lazify.executor import executor, usable_cores
from lazify.index.load import load
from lazify.index.store import Store
from lazify.model.facts import Facts

Figures = dict[str, float]


def main(paths: list[str]) -> None:
    """Print the table for `paths`."""
    with tempfile.TemporaryDirectory() as cache:
        runs = {
            "ast.parse, 1 core": measured("parse", paths),
            "cold, 1 process": measured("load", paths, LAZIFY_JOBS="1"),
            f"cold, {usable_cores()} processes": measured("load", paths, LAZIFY_CACHE_DIR=cache),
            "warm": measured("load", paths, LAZIFY_CACHE_DIR=cache),
            "warm, every fact looked at": measured("look", paths, LAZIFY_CACHE_DIR=cache),
            "finding the files": measured("find", paths),
        }
    reference = runs["ast.parse, 1 core"]
    cores = usable_cores()
    print(f"{reference['files']:,.0f} files, {reference['lines']:,.0f} lines; ", end="")
    print(f"Python {platform.python_version()}, {cores} cores, {time.strftime('%Y-%m-%d')}\n")
    print("| run | wall s | CPU s | lines per second | MiB | wall to ast.parse |\n|---|--:|--:|--:|--:|--:|")
    for name, figures in runs.items():
        rate, ratio = reference["lines"] / figures["wall"], figures["wall"] / reference["wall"]
        print(
            f"| {name} | {figures['wall']:.2f} | {figures['cpu']:.2f} | {rate:,.0f} | {figures['mib']:.0f} | {ratio:.2f} |"
        )


def measured(phase: str, paths: list[str], **environment: str) -> Figures:
    """Run one phase in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.bench_scan", "--phase", phase, *paths]
    done = subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def run(phase: str, paths: list[str]) -> Figures:
    """Do the work of one phase, and tell what it took."""
    inventories = list(discovered(paths))
    work: dict[str, Callable[[list[Inventory]], Figures]] = {
        "find": lambda _: {"files": len(list(discovered(paths)))},
        "parse": parse,
        "load": lambda inventories: {"lines": sum(facts.lines for facts in loaded(inventories))},
        "look": look,
    }
    started, before = time.perf_counter(), cpu_seconds()
    figures = work[phase](inventories)
    figures |= {"wall": time.perf_counter() - started, "cpu": cpu_seconds() - before}
    own, others = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return figures | {"mib": (own + usable_cores() * others) / 1024}


def discovered(paths: list[str]) -> Iterator[Inventory]:
    """Find the sources of each project."""
    territories, failures = stake(map(Path, paths))
    assert not failures, failures
    yield from map(survey, territories)


def parse(inventories: list[Inventory]) -> Figures:
    """What every tool must do at least; what does not parse counts, too."""
    files = lines = 0
    for source in (source for inventory in inventories for source in inventory.sources):
        data = source.path.read_bytes()
        files += 1
        lines += data.count(b"\n")
        try:
            ast.parse(data)
        except (SyntaxError, ValueError):
            continue
    return {"files": files, "lines": lines}


def loaded(inventories: list[Inventory]) -> list[Facts]:
    """Load as lazify does; without LAZIFY_CACHE_DIR there is no cache."""
    directory = os.environ.get("LAZIFY_CACHE_DIR")
    with Store(Path(directory) if directory else None, warn=sys.exit) as store:
        return [facts for inventory in inventories for facts in _loaded(inventory, store)]


def _loaded(inventory: Inventory, store: Store) -> list[Facts]:
    with executor(sum(source.path.stat().st_size for source in inventory.sources)) as pool:
        results, _ = load(inventory.sources, executor=pool, store=store)
    return [each.facts for each in results]


def look(inventories: list[Inventory]) -> Figures:
    """Decode every field of all facts, as a run never does."""
    gc.disable()
    facts = loaded(inventories)
    for each in facts:
        for field in fields(Facts):
            getattr(each, field.name)
        for scope in each.scopes:
            _ = scope.operations
    return {"lines": sum(each.lines for each in facts)}


def cpu_seconds() -> float:
    """Count the processor time of this process and those that it has waited for."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--phase"]:
        print(json.dumps(run(sys.argv[2], sys.argv[3:])))
    else:
        main(sys.argv[1:] or [sysconfig.get_path("stdlib")])
