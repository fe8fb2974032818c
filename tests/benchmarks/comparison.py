"""What importing a project did, and what the static engine says of the same statements."""

import ast
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from lazify import api
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.interpreter import ask
from lazify.model.effects import Effect, EffectKind, Level
from lazify.model.observations import Imported, Line, Observation, ObservedEffect
from lazify.observing.entries import Entry
from lazify.observing.observe import Conditions, observe
from lazify.observing.statements import Statements
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
_DRIVER = """
import sys
sys.path[:0] = {folders!r}
ran, outer = set(), sys.gettrace()

def in_function(frame, event, argument):
    if event == "line":
        ran.add((frame.f_code.co_filename, frame.f_lineno))
    return in_function

def trace(frame, event, argument):
    inner = outer(frame, event, argument) if outer else None
    if inner is not None or not frame.f_code.co_filename.startswith({root!r}):
        return inner
    in_function(frame, "line", None)
    return in_function

sys.settrace(trace)
for name in {names!r}:
    try:
        __import__(name)
    except BaseException as error:
        trace, lines = error.__traceback__, []
        while trace is not None:
            if trace.tb_frame.f_code.co_name == "<module>":
                lines.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        with open({report!r}, "a") as report:
            report.write(ascii((name, type(error).__name__, str(error)[:200], lines)) + "\\n")
sys.settrace(outer)
with open({report!r} + ".ran", "w") as report:
    report.write(ascii(sorted(ran)))
"""
_PATIENCE = 900
_LEFT_OUT = frozenset(
    {
        "__main__",
        "setup",
        "conftest",
        "docs",
        "doc",
        "examples",
        "example",
        "benchmarks",
        "scripts",
        "testing",
    }
)
"""Names of files and folders that no service imports."""
_UNSEEN = re.compile(
    r"os\.(stat|lstat|fstat|access|readlink|getcwd|read|write|path\..*)|sqlite3\.(Connection|Cursor)\..*"
    r"|dotenv\.find_dotenv"
)
"""Calls that raise no audit event. (`sqlite3.connect` does: a connection is seen when it is made.)"""
_UNSEEN_WORDS = ("CA bundle", "raises RuntimeError where the directory does not exist")
"""Facts that are true and raise none either: what OpenSSL reads itself, asking whether something is there."""

Unit = tuple[str, int, EffectKind]
"""Path, number of the top-level statement, kind."""
Failed = tuple[str, str, str, list[tuple[str, int]]]
"""Module, error, message, lines of module bodies from the outermost."""


class Prediction(NamedTuple):
    """An effect that the engine proves."""

    example: str
    starts: Line | None
    """The line of the statement's own module with which its chain begins."""
    ends: Line | None
    """The last line of the project in its chain."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One project, seen from both sides."""

    name: str
    modules: int
    failed: tuple[Failed, ...]
    ran: frozenset[tuple[str, int]]
    """The statements that ran."""
    lines: Mapping[tuple[str, int], int]
    """The first line of each."""
    observed: Mapping[Unit, str]
    """With an example."""
    proven: Mapping[Unit, list[Prediction]]
    """All that the engine proves of the statements that ran."""
    suspected: frozenset[tuple[str, int]]
    """Statements that run code which nobody knows."""
    predicted: Mapping[Unit, Prediction]
    """What an import could have shown: see the head of observed.py."""
    left_out: int
    """Observed effects of importing third-party modules, and of threads."""
    not_taken: int
    """Proven units whose line did not run: a branch of the world that this was not."""
    elsewhere: int
    """Predicted units whose line had that effect for another statement."""

    @property
    def recalled(self) -> set[Unit]:
        """The observed units that were proven."""
        return self.observed.keys() & self.proven.keys()

    @property
    def suspected_only(self) -> set[Unit]:
        """The observed units that were not proven, in statements that run unknown code."""
        return {unit for unit in self.observed.keys() - self.recalled if unit[:2] in self.suspected}

    @property
    def confirmed(self) -> set[Unit]:
        """The predicted units that were observed."""
        return self.observed.keys() & self.predicted.keys()


def compare(root: Path, python: Path) -> Comparison:
    """Import a copy of the project at `root`, and read it."""
    with tempfile.TemporaryDirectory() as folder:
        name = root.parent.name if root.name == "tree" else root.name
        copy = Path(folder).resolve() / name
        ignored = shutil.ignore_patterns(".git", "node_modules", "__pycache__", ".venv", "venv")
        shutil.copytree(root, copy, symlinks=True, ignore=ignored)
        (copy / "pyproject.toml").touch()
        (copy / ".env").touch()  # which settings read where it is there
        request = api.Request(paths=(copy,), flags={"python": python})
        (project,) = api.load(request, progress=api.NoProgress()).projects
        modules = [module for module in project.view.project.modules.values() if _is_importable(module)]
        report = Path(folder) / "failed"
        observation = _imported(modules, copy, python, report)
        failed = report.read_text().splitlines() if report.exists() else []
        ran = ast.literal_eval(report.with_name("failed.ran").read_text())
        in_functions = frozenset(Line(Path(file), line) for file, line in ran)
        sides = _Sides(view=project.view, modules=modules, seen=observation, in_functions=in_functions)
        return sides.comparison(name, tuple(map(ast.literal_eval, failed)))


def _is_importable(module: Module) -> bool:
    parts = module.name.split(".")
    return (
        runs_in_service(module) and all(part.isidentifier() for part in parts) and not _LEFT_OUT & set(parts)
    )


def _imported(modules: Iterable[Module], root: Path, python: Path, report: Path) -> Observation:
    folders = dict.fromkeys((str(root), *sorted(str(_import_root(module)) for module in modules)))
    names = sorted({module.name for module in modules})
    driver, home = report.with_name("lazify-driver.py"), report.with_name("home")
    driver.write_text(_DRIVER.format(folders=list(folders), names=names, report=str(report), root=f"{root}/"))
    home.mkdir()
    conditions = Conditions(
        interpreter=ask(python),
        limits=Limits(seconds=_PATIENCE, bytes=8 << 30),
        environment={**os.environ, "HOME": str(home), "MPLBACKEND": "agg"},
    )
    entry = Entry(name=root.name, module="lazify-driver", root=root, config_root=root, file=driver)
    observation = observe(entry, conditions, is_traced=True)
    if not isinstance(observation.outcome, Imported):
        print(f"    {root.name}: {str(observation.outcome)[:200]}")
    return observation


def _import_root(module: Module) -> Path:
    """Find the folder from which the module's dotted name leads to it."""
    file = module.path.parent if module.path.name == "__init__.py" else module.path
    return file.parents[module.name.count(".")]


class _Sides:
    """Both sides, and how they are put side by side."""

    def __init__(
        self, *, view: View, modules: Iterable[Module], seen: Observation, in_functions: frozenset[Line]
    ) -> None:
        self._view, self._seen = view, seen
        self._lines = in_functions | {*seen.executed}
        self._modules = {str(module.path): module for module in modules}
        self._starts = Statements()
        self._left_out = 0

    def comparison(self, name: str, failed: tuple[Failed, ...]) -> Comparison:
        """Put the sides together."""
        lines = {self._starts.start(line) for line in self._seen.executed}
        ran = frozenset(found for line in lines for found in self._statement(line))
        observed = {unit: example for unit, example in self._observed() if unit[:2] in ran}
        proven, suspected = self._proven(ran)
        raised = {
            found: error
            for _, error, _, places in failed
            for file, number in places[-1:]
            for found in self._statement(Line(Path(file), number))
        }
        # What a required variable does that is missing is raise.
        observed |= {
            unit: f"raised {raised[unit[:2]]}"
            for unit in proven
            if unit[2] is EffectKind.ENVIRONMENT and unit[:2] in raised
        }
        possible = self._possible(proven, lines)
        taken = {
            unit: each for unit, each in possible.items() if unit in observed or each.ends in self._lines
        }
        at = {(effect.kind, effect.at) for effect in self._seen.effects}
        elsewhere = {
            unit
            for unit, found in taken.items()
            if unit not in observed and found.ends is not None and (unit[2], found.ends) in at
        }
        return Comparison(
            name=name,
            modules=len({module.name for module in self._modules.values()}),
            failed=failed,
            ran=ran,
            lines={found: self._modules[found[0]].facts.statements[found[1]].span.line for found in ran},
            observed=observed,
            proven=proven,
            suspected=suspected,
            predicted={
                unit: found
                for unit, found in taken.items()
                if unit in observed or not (unit in elsewhere or unit[:2] in raised)
            },
            left_out=self._left_out,
            elsewhere=len(elsewhere),
            not_taken=len(possible) - len(taken),
        )

    def _statement(self, line: Line) -> Iterator[tuple[str, int]]:
        """Yield the top-level statement that a line is in, if it is in one of the project."""
        module = self._modules.get(str(line.path))
        for number, statement in enumerate(module.facts.statements if module else ()):
            if statement.span.line <= line.line <= statement.span.end_line:
                yield str(line.path), number
                return

    def _observed(self) -> Iterator[tuple[Unit, str]]:
        for effect in self._seen.effects:
            if effect.kind not in KINDS or not effect.chain or ":memory:" in effect.detail:
                continue
            if (
                effect.importing is not None
                or effect.is_threaded
                or _is_metadata(effect)
                or self._is_import(effect.at)
            ):
                self._left_out += 1
                continue
            for found in self._statement(effect.chain[0]):
                yield (*found, effect.kind), f"{effect.event} {effect.detail} by {effect.by}, at {effect.at}"
        for read in self._seen.variables:
            for found in self._statement(read.chain[0]) if read.is_required and read.chain else ():
                yield (*found, EffectKind.ENVIRONMENT), f"os.environ[{read.name!r}]"

    def _is_import(self, at: Line | None) -> bool:
        return at is not None and at in self._import_lines

    @cached_property
    def _import_lines(self) -> frozenset[Line]:
        return frozenset(
            Line(module.path, line)
            for module in self._modules.values()
            for node in ast.walk(ast.parse(module.path.read_bytes()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
        )

    def _proven(
        self, ran: Iterable[tuple[str, int]]
    ) -> tuple[dict[Unit, list[Prediction]], frozenset[tuple[str, int]]]:
        proven: dict[Unit, list[Prediction]] = {}
        suspected = set[tuple[str, int]]()
        for path, number in sorted(ran):
            for effect in self._view.effects.of_statement(self._modules[path], number):
                if effect.level is Level.RISKY:
                    suspected.add((path, number))
                elif effect.kind in KINDS:
                    proven.setdefault((path, number, effect.kind), []).append(self._prediction(effect, path))
        return proven, frozenset(suspected)

    def _prediction(self, effect: Effect, path: str) -> Prediction:
        chain = " → ".join(evidence.fact for evidence in effect.chain)
        places = [evidence.at for evidence in effect.chain if evidence.at is not None]
        own = [Line(at.path, at.span.line) for at in places if str(at.path) in self._modules]
        starts = self._starts.start(own[0]) if own and str(own[0].path) == path else None
        example = f"{effect.callee}: {chain}"
        return Prediction(example, starts, None if _is_unseen(effect) else own[-1] if own else None)

    def _possible(
        self, proven: Mapping[Unit, list[Prediction]], lines: Iterable[Line]
    ) -> dict[Unit, Prediction]:
        """Keep what an import can show: effects that raise an event, of lines that ran."""
        ran = frozenset(lines)
        found: dict[Unit, Prediction] = {}
        for unit, predictions in proven.items():
            for each in predictions:
                if each.ends is not None and (each.starts is None or each.starts in ran):
                    found.setdefault(unit, each)
        return found


def _is_metadata(effect: ObservedEffect) -> bool:
    """Tell whether it looks for what is installed, which an import does, too."""
    by = re.search(r"importlib.metadata|/pkg_resources|warnings.py", str(effect.by))
    return effect.is_installed and by is not None


def _is_unseen(effect: Effect) -> bool:
    source = effect.chain[-1].fact if effect.chain else ""
    return _UNSEEN.fullmatch(effect.callee) is not None or any(words in source for words in _UNSEEN_WORDS)
