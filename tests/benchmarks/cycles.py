"""`python -m tests.benchmarks.cycles FOLDER=PYTHON=ENTRY…`: are the import cycles that `lazify graph` names real?

The entry is imported by the interpreter PYTHON, from a copy of FOLDER. Each import that finds its module begun and not
complete is taken down, with the module that it stands in. Both sides name pairs of modules of the project.

both      pairs that lazify names, and that were found
static    pairs that lazify names alone: the import is there, and did not run, or not in this order
run time  pairs that were found alone
"""

import argparse
import ast
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from lazify import api

Pairs = frozenset[tuple[str, str]]
"""Importer and imported module."""
_DRIVER = """
import builtins, sys
sys.path[:0] = {folders!r}
original, found = builtins.__import__, set()

def is_begun(name):
    module = sys.modules.get(name)
    return module is not None and getattr(getattr(module, "__spec__", None), "_initializing", False)

def watching(name, globals=None, locals=None, fromlist=(), level=0):
    importer = (globals or {{}}).get("__name__", "")
    if level:
        parts = (globals.get("__package__") or "").split(".")
        base = ".".join(parts[: len(parts) - level + 1])
        target = base + "." + name if name else base
    else:
        target = name
    inner = [target + "." + each for each in fromlist or ()]
    begun = {{each for each in (target, *inner) if each != importer and is_begun(each)}}
    try:
        return original(name, globals, locals, fromlist, level)
    finally:
        modules = [each for each in inner if each in sys.modules]
        wanted = modules if fromlist and len(modules) == len(fromlist) else [target, *modules]
        found.update((importer, each) for each in wanted if each in begun)

builtins.__import__ = watching
try:
    original({entry!r})
    ended = "imported"
except BaseException as error:
    ended = type(error).__name__ + ": " + str(error)[:200]
with open({report!r}, "w") as file:
    file.write(ascii((ended, sorted(found))))
"""
_PATIENCE = 300  # seconds


def main() -> None:
    """Compare what the command line names, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.cycles", description=__doc__)
    parser.add_argument("targets", nargs="+", metavar="FOLDER=PYTHON=ENTRY")
    parser.add_argument("--pairs", action="store_true", help="Show the pairs that differ.")
    options = parser.parse_args()
    print("| project | entry | ended | cycles | both | static | run time |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for target in options.targets:
        folder, python, entry = target.split("=")
        with tempfile.TemporaryDirectory() as work:
            copy = Path(work).resolve() / Path(folder).name
            shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", "__pycache__"))
            (copy / "pyproject.toml").touch()
            cycles, names, static = _static(copy, entry, python)
            ended, seen = _seen(copy, entry, python)
        own = frozenset(pair for pair in seen if set(pair) <= names)
        print(
            f"| {copy.name} | {entry} | {ended} | {cycles} | {len(static & own)} | {len(static - own)} "
            f"| {len(own - static)} |",
            flush=True,
        )
        for word, pairs in (("static", static - own), ("run time", own - static)) if options.pairs else ():
            for importer, imported in sorted(pairs):
                print(f"    {word}: {importer} → {imported}", flush=True)


def _static(copy: Path, entry: str, python: str) -> tuple[int, frozenset[str], Pairs]:
    """Give the number of cycles, the modules of the project, and the imports that close cycles."""
    request = api.Request(paths=(copy,), flags={"entry": (entry,), "python": Path(python)})
    loaded = api.load(request, progress=api.NoProgress())
    (graph,) = api.graphs(loaded, api.plan(loaded))
    pairs = frozenset(
        (closing.importer, closing.edge.target) for cycle in graph.cycles for closing in cycle.closings
    )
    return len(graph.cycles), frozenset(node.name for node in graph.nodes), pairs


def _seen(copy: Path, entry: str, python: str) -> tuple[str, Pairs]:
    """Give how the import ended, and the imports that found their module begun."""
    report = copy.parent / "report"
    folders = [str(copy), *(str(each) for each in (copy / "src", copy / "sdk" / "python") if each.is_dir())]
    driver = copy.parent / "driver.py"
    driver.write_text(_DRIVER.format(folders=folders, entry=entry, report=str(report)))
    subprocess.run(
        [python, str(driver)],
        cwd=copy,
        env={**os.environ, "HOME": str(copy.parent), "MPLBACKEND": "agg"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=_PATIENCE,
        check=False,
    )
    ended, pairs = ast.literal_eval(report.read_text())
    return ended, frozenset(map(tuple, pairs))


if __name__ == "__main__":
    main()
