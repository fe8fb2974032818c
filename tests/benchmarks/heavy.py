"""`python -m tests.benchmarks.heavy MODULE[=REQUIREMENT[,REQUIREMENT]…]…`: what importing a package costs, in a clean environment.

Each package is installed alone into a virtual environment of its own (with what it depends on, and nothing else),
and is imported in a fresh process, several times: once before to fill the caches of bytecode and files, then
`--runs` times. Time is that of the import statement alone, by the clock or of
the processor, whichever is less; memory is the growth of the largest resident set (Linux
only). What is printed is a table of lazify/knowledge/heavy.toml: the medians, the submodules that are there after a
plain `import MODULE`, and which others of that file it loads.

Where several requirements are given, the last one is the package itself; the others say which release of what it
needs is installed (`transformers=torch==2.13.0,transformers`). `MODULE+MODULE=…` measures several of one package.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import textwrap
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.knowledge.heavy import costs

_IMPORT = """
import importlib, json, pkgutil, sys, time, types

def resident():
    # Not `ru_maxrss`: it remembers the process that forked this one.
    with open("/proc/self/status") as status:
        return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024

def reached(module, depth):
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        inner = None if found.name.startswith("_") else getattr(module, found.name, None)
        if isinstance(inner, types.ModuleType):
            yield found.name
            if depth > 1:
                yield from (f"{found.name}.{name}" for name in reached(inner, depth - 1))

name, depth = sys.argv[1], int(sys.argv[2])
before, start, worked = resident(), time.perf_counter(), time.process_time()
module = importlib.import_module(name)
# On a busy machine the clock runs on while others work, and threads may work side by side.
seconds = min(time.perf_counter() - start, time.process_time() - worked)
after = resident()
print(json.dumps([seconds * 1000, after - before, sorted(reached(module, depth)), sorted(sys.modules)]))
"""
_DEEPEST = 2
"""How many levels of submodules are listed."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one import costs."""

    module: str
    version: str
    ms: float
    mib: float
    loads: Sequence[str]
    others: Sequence[str]


def measure(modules: Sequence[str], requirements: Sequence[str], *, runs: int) -> Iterator[Cost]:
    """Install one package and import some of its modules; raises CalledProcessError where that fails."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        for requirement in requirements:
            _run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", requirement)
        name = requirements[-1].partition("==")[0].partition("<")[0].partition("[")[0]
        ask = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
        version = _run(python, "-c", ask, name).strip()
        for module in modules:
            runs_of = [
                json.loads(_run(python, "-c", _IMPORT, module, str(_DEEPEST))) for _ in range(runs + 1)
            ]
            yield _cost(module, version, runs_of[1:])


def _cost(module: str, version: str, found: Sequence[tuple[float, float, list[str], list[str]]]) -> Cost:
    around = [each.module for each in costs() if not f"{module}.".startswith(f"{each.module}.")]
    listed = {each for each in around if not each.startswith(f"{module}.")}
    return Cost(
        module=module,
        version=version,
        ms=statistics.median(ms for ms, *_ in found),
        mib=statistics.median(mib for _, mib, *_ in found),
        loads=found[0][2],
        others=sorted(listed.intersection(found[0][3])),
    )


def table(cost: Cost) -> Iterator[str]:
    """Write the table for heavy.toml."""
    quoted = f'"{cost.module}"' if "." in cost.module else cost.module
    yield f"[measured.{quoted}]"
    yield f"ms = {round(cost.ms)}"
    yield f"mib = {round(cost.mib)}"
    yield f'version = "{cost.version}"'
    yield from listed("loads", cost.loads)
    yield from listed("others", cost.others)


def listed(key: str, names: Sequence[str]) -> Iterator[str]:
    """Write one list of the tables; nothing where it is empty."""
    listed = ", ".join(f'"{each}"' for each in names)
    if len(listed) > 100:
        yield f"{key} = [\n{textwrap.fill(listed, 115, initial_indent='  ', subsequent_indent='  ')},\n]"
    elif listed:
        yield f"{key} = [{listed}]"


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Measure what the command line names, one after the other."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("packages", nargs="+", metavar="MODULE[=REQUIREMENT]")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    print(
        f"# Python {platform.python_version()} on {platform.system()} {platform.machine()}", file=sys.stderr
    )
    for package in arguments.packages:
        modules, _, given = package.partition("=")
        requirements = (given or modules.partition("+")[0].partition(".")[0]).split(",")
        try:
            found = list(measure(modules.split("+"), requirements, runs=arguments.runs))
        except subprocess.CalledProcessError as error:
            print(f"# {package}: {error.stderr.strip().splitlines()[-1:]}", flush=True)
            continue
        for cost in found:
            print("\n".join((*table(cost), "")), flush=True)


if __name__ == "__main__":
    main()
