"""`python -m tests.benchmarks.observed FOLDER=PYTHON…`: does what lazify reads in code happen when it is imported?

Every module of the project in FOLDER that a service could import is imported under the probe, by the interpreter PYTHON,
all in one process, from a copy. What it did is compared with what the static engine says of the same lines, with the
same interpreter's packages.

A unit is a top-level statement of a module and a kind of effect. Observed are the units of all effects that the probe
blames on such a statement. Predicted are those that the engine proves (suspicions are shown beside). Compared are
the statements that ran, and the kinds that an import shows: no entropy (Python's own generator is seeded unseen),
no clock, no state. Left out on both sides, and counted, is what the import statements of third-party modules do: what
importing an installed package does is not followed. A predicted effect that raises no audit event (asking whether a
file is there) proves nothing either way, and is left out too.

recall      observed units that were predicted, of those observed
precision   predicted units that were observed, of those predicted
"""

import argparse
import ast
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lazify import api
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.interpreter import ask
from lazify.model.effects import Effect, EffectKind, Level
from lazify.model.observations import Imported, Line, Observation, ObservedEffect
from lazify.observing.entries import Entry
from lazify.observing.observe import Conditions, observe
from lazify.processes import Limits

KINDS = frozenset(
    {
        EffectKind.FILE_READ,
        EffectKind.FILE_WRITE,
        EffectKind.NETWORK,
        EffectKind.DATABASE,
        EffectKind.PROCESS,
        EffectKind.THREAD,
        EffectKind.SLEEP,
        EffectKind.ENVIRONMENT,
    }
)
DRIVER = """
import sys
sys.path[:0] = {folders!r}
failed = 0
for name in {names!r}:
    try:
        __import__(name)
    except BaseException as error:
        failed += 1
        print("FAILED", name, type(error).__name__, str(error)[:100].replace("\\n", " "))
print("IMPORTED", {number} - failed)
"""
_PATIENCE = 900
_SKIPPED = frozenset({"__main__", "setup", "conftest"})
_UNSEEN = frozenset({"os.stat", "os.lstat", "os.fstat", "os.access", "os.readlink", "os.getcwd"})
_UNSEEN_WORDS = ("CA bundle",)
"""What OpenSSL reads, it reads itself."""

Unit = tuple[str, int, EffectKind]
"""Path in the project, number of the statement, kind."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One project, seen from both sides."""

    name: str
    imported: str
    statements: int
    """How many ran."""
    observed: dict[Unit, str]
    """With an example."""
    predicted: dict[Unit, str]
    suspected: frozenset[tuple[str, int]]
    """Statements that run code which nobody knows."""
    left_out: int
    places: dict[tuple[str, int], int] = field(default_factory=dict)
    """The line of each statement."""

    @property
    def right(self) -> set[Unit]:
        """What was both observed and predicted."""
        return self.observed.keys() & self.predicted.keys()


def compare(root: Path, python: Path) -> Comparison:
    """Import a copy of the project at `root`, and read it."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder).resolve() / (root.parent.name if root.name == "tree" else root.name)
        ignored = shutil.ignore_patterns(".git", "node_modules", "__pycache__", ".venv", "venv")
        shutil.copytree(root, copy, symlinks=True, ignore=ignored)
        (copy / "pyproject.toml").touch()
        request = api.Request(paths=(copy,), flags={"python": python})
        (project,) = api.load(request, progress=api.NoProgress()).projects
        modules = [module for module in project.view.project.modules.values() if _is_importable(module)]
        observation = _imported(project.view, modules, copy, python, Path(folder))
        return _compared(copy, project.view, modules, observation)


def _is_importable(module: Module) -> bool:
    parts = module.name.split(".")
    is_name = all(part.isidentifier() for part in parts)
    folders = {"docs", "doc", "examples", "example", "benchmarks", "scripts", "testing"}
    return runs_in_service(module) and is_name and not (_SKIPPED | folders) & set(parts)


def _imported(view: View, modules: Iterable[Module], root: Path, python: Path, folder: Path) -> Observation:
    folders = dict.fromkeys(str(view.project.import_root(module)) for module in modules)
    names = sorted({module.name for module in modules})
    driver = folder / "lazify-driver.py"
    driver.write_text(DRIVER.format(folders=list(folders), names=names, number=len(names)))
    home = folder / "home"
    home.mkdir()
    conditions = Conditions(
        interpreter=ask(python),
        limits=Limits(seconds=_PATIENCE, bytes=8 << 30),
        environment={**os.environ, "HOME": str(home), "MPLBACKEND": "agg"},
    )
    entry = Entry(name=root.name, module="lazify-driver", root=root, config_root=root, file=driver)
    return observe(entry, conditions, is_traced=True)


def _compared(root: Path, view: View, modules: Iterable[Module], seen: Observation) -> Comparison:
    by_path = {str(module.path): module for module in modules}
    numbers = {path: _Numbers(module) for path, module in by_path.items()}
    ran = {
        (str(line.path), number)
        for line in seen.executed
        if str(line.path) in numbers
        for number in numbers[str(line.path)].of(line.line)
    }
    observed, left_out = _observed(seen, numbers)
    observed = {unit: example for unit, example in observed.items() if unit[:2] in ran}
    predicted, suspected = _predicted(view, by_path, ran)
    outcome = "" if isinstance(seen.outcome, Imported) else f" {type(seen.outcome).__name__}"
    lines = [line.split() for line in seen.output.splitlines()]
    done = next((words[1] for words in lines if words[:1] == ["IMPORTED"]), "?")
    return Comparison(
        name=root.name,
        imported=f"{done}/{len({module.name for module in by_path.values()})}{outcome}",
        statements=len(ran),
        observed=observed,
        predicted=predicted,
        suspected=suspected,
        left_out=left_out,
        places={(path, number): by_path[path].facts.statements[number].span.line for path, number in ran},
    )


class _Numbers:
    """Finds the top-level statement of a line, and the lines of import statements."""

    def __init__(self, module: Module) -> None:
        self._spans = [statement.span for statement in module.facts.statements]
        self.imports = set[int]()
        for node in ast.walk(ast.parse(module.path.read_bytes())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.imports.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))

    def of(self, line: int) -> Iterator[int]:
        """Yield the number of the statement, if there is one."""
        for number, span in enumerate(self._spans):
            if span.line <= line <= span.end_line:
                yield number
                return


def _observed(seen: Observation, numbers: dict[str, _Numbers]) -> tuple[dict[Unit, str], int]:
    found: dict[Unit, str] = {}
    left_out = 0
    effects = []
    for each in seen.effects:
        if each.importing is not None or each.is_threaded or _is_metadata(each):
            left_out += 1
        else:
            effects.append((each.kind, each.chain, each.at, f"{each.event} {each.detail} by {each.by}"))
    effects += [
        (EffectKind.ENVIRONMENT, each.chain, each.at, each.name)
        for each in seen.variables
        if each.is_required
    ]
    for kind, chain, at, detail in effects:
        if kind not in KINDS or not chain or str(chain[0].path) not in numbers:
            continue
        if _is_import(at, numbers):
            left_out += 1
            continue
        for number in numbers[str(chain[0].path)].of(chain[0].line):
            found.setdefault((str(chain[0].path), number, kind), f"{detail} (at {at})")
    return found, left_out


def _is_metadata(effect: ObservedEffect) -> bool:
    """Tell whether it looks for what is installed, which an import does, too."""
    return (
        effect.is_installed
        and re.search(r"importlib.metadata|/linecache|/pkg_resources", str(effect.by)) is not None
    )


def _is_import(at: Line | None, numbers: dict[str, _Numbers]) -> bool:
    return at is not None and str(at.path) in numbers and at.line in numbers[str(at.path)].imports


def _predicted(
    view: View, modules: dict[str, Module], ran: Iterable[tuple[str, int]]
) -> tuple[dict[Unit, str], frozenset[tuple[str, int]]]:
    predicted: dict[Unit, str] = {}
    suspected = set[tuple[str, int]]()
    for path, number in sorted(ran):
        for effect in view.effects.of_statement(modules[path], number):
            if effect.level is Level.RISKY:
                suspected.add((path, number))
            elif effect.kind in KINDS and not _is_unseen(effect):
                chain = " → ".join(evidence.fact for evidence in effect.chain)
                predicted.setdefault((path, number, effect.kind), f"{effect.callee}: {chain}")
    return predicted, frozenset(suspected)


def _is_unseen(effect: Effect) -> bool:
    source = effect.chain[-1].fact if effect.chain else ""
    return effect.callee in _UNSEEN or any(words in source for words in _UNSEEN_WORDS)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "—"


def _row(name: str, comparisons: list[Comparison]) -> str:
    observed, predicted, right, suspected = Counter[str](), 0, 0, 0
    for each in comparisons:
        observed["all"] += len(each.observed)
        predicted += len(each.predicted)
        right += len(each.right)
        suspected += sum(unit[:2] in each.suspected for unit in each.observed.keys() - each.right)
    whole = observed["all"]
    imported = comparisons[0].imported if len(comparisons) == 1 else ""
    statements = sum(each.statements for each in comparisons)
    return (
        f"| {name} | {imported} | {statements} | {whole} | {predicted} | {_share(right, whole)}"
        f" | {_share(right + suspected, whole)} | {_share(right, predicted)} |"
    )


def main() -> None:
    """Compare what the command line names, and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.observed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("targets", nargs="+", metavar="FOLDER=PYTHON")
    parser.add_argument("--misses", action="store_true", help="Show the units that differ.")
    options = parser.parse_args()
    print("| project | modules | statements | observed | predicted | recall | or suspected | precision |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    comparisons = []
    for target in options.targets:
        folder, _, python = target.partition("=")
        comparison = compare(Path(folder).resolve(), Path(python).absolute())
        comparisons.append(comparison)
        print(_row(comparison.name, [comparison]), flush=True)
        if options.misses:
            _print_misses(comparison)
    print(_row("all", comparisons))


def _print_misses(comparison: Comparison) -> None:
    for title, units, examples in (
        ("missed", comparison.observed.keys() - comparison.right, comparison.observed),
        ("not seen", comparison.predicted.keys() - comparison.right, comparison.predicted),
    ):
        for path, number, kind in sorted(units):
            unit = (path, number, kind)
            risky = " (suspected)" if unit[:2] in comparison.suspected and title == "missed" else ""
            place = f"{path.partition(comparison.name + os.sep)[2]}:{comparison.places[unit[:2]]}"
            print(f"    {title}{risky}: {place} {kind}: {examples[unit][:300]}")


if __name__ == "__main__":
    main()
