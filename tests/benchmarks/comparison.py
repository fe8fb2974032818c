"""What importing a project did, and what the static engine says of the same statements."""

import ast
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from lazify import api
from lazify.index.modules import Module
from lazify.index.reading import read
from lazify.index.view import View, runs_in_service
from lazify.model.effects import Effect, EffectKind, Level
from lazify.model.observations import Line, ObservedEffect
from lazify.observing.statements import Statements
from lazify.order.around import Surroundings
from tests.benchmarks.probing import Failed, ImportRun, import_all

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
    r"|dotenv\.find_dotenv|inspect\..*|linecache\..*"
)
"""Calls that raise no audit event (`sqlite3.connect` does: a connection is seen when it is made), or read the text of
code, as an import does."""
_UNSEEN_WORDS = (
    "CA bundle",
    "raises RuntimeError where the directory does not exist",
    "raises ValueError without a templates folder",
)
"""Facts that are true and raise none either: what OpenSSL reads itself, asking whether something is there."""

Unit = tuple[str, int, EffectKind]
"""Path, number of the top-level statement, kind."""


class Prediction(NamedTuple):
    """An effect that the engine proves."""

    example: str
    starts: Line | None
    """The line of the statement's own module with which its chain begins."""
    ends: Line | None
    """The line of the call that has the effect; None for one that raises no event."""
    conditions: tuple[str, ...] = ()
    """What `lazify graph` says must hold for it to happen."""


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
    not_taken: Mapping[Unit, Prediction]
    """Proven units under a condition that lazify names, whose line did not run: it did not hold in this world."""
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
        proven = _proven(project.view, modules)
        traced = {str(each.ends.path) for found in proven.values() for each in found if each.ends is not None}
        ran = import_all(modules, copy, python, traced=traced)
        return _Sides(proven, modules=modules, ran=ran).comparison(name)


def _proven(view: View, modules: Iterable[Module]) -> dict[Unit, list[Prediction]]:
    """Ask the engine for the effects of every statement; UNKNOWN is what it only suspects."""
    proven: dict[Unit, list[Prediction]] = {}
    starts, surroundings = Statements(), Surroundings(lambda path: read(path).text)
    for module in modules:
        for number in range(len(module.facts.statements)):
            for effect in view.effects.of_statement(module, number):
                if effect.kind in KINDS or effect.level is Level.RISKY:
                    kind = EffectKind.UNKNOWN if effect.level is Level.RISKY else effect.kind
                    unit = (str(module.path), number, kind)
                    proven.setdefault(unit, []).append(_prediction(effect, module, starts, surroundings))
    return proven


def _prediction(effect: Effect, module: Module, starts: Statements, surroundings: Surroundings) -> Prediction:
    chain = " → ".join(evidence.fact for evidence in effect.chain)
    places = [Line(each.at.path, each.at.span.line) for each in effect.chain if each.at is not None]
    begins = starts.start(places[0]) if places and places[0].path == module.path else None
    ends = None if _is_unseen(effect) or not places else places[-1]
    conditions = surroundings.conditions(each.at for each in effect.chain if each.at is not None)
    return Prediction(f"{effect.callee}: {chain}", begins, ends, tuple(each.fact for each in conditions))


def _is_importable(module: Module) -> bool:
    parts = module.name.split(".")
    return (
        runs_in_service(module) and all(part.isidentifier() for part in parts) and not _LEFT_OUT & set(parts)
    )


class _Sides:
    """Both sides, and how they are put side by side."""

    def __init__(
        self, proven: Mapping[Unit, list[Prediction]], *, modules: Iterable[Module], ran: ImportRun
    ) -> None:
        self._all, self._seen, self._failed = proven, ran.observation, ran.failed
        self._functions = ran.in_functions
        self._modules = {str(module.path): module for module in modules}
        self._starts = Statements()
        self._left_out = 0

    def comparison(self, name: str) -> Comparison:
        """Put the sides together."""
        lines = {self._starts.start(line) for line in self._seen.executed}
        ran = frozenset(found for line in lines for found in self._statement(line))
        observed = {unit: example for unit, example in self._observed() if unit[:2] in ran}
        known = {unit: found for unit, found in self._all.items() if unit[:2] in ran}
        proven = {unit: found for unit, found in known.items() if unit[2] is not EffectKind.UNKNOWN}
        suspected = frozenset(unit[:2] for unit in known if unit[2] is EffectKind.UNKNOWN)
        raised = {
            found: error
            for _, error, _, places in self._failed
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
            unit: each
            for unit, each in possible.items()
            if unit in observed or self._must_be_seen(unit, each, lines)
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
            failed=self._failed,
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
            not_taken={unit: each for unit, each in possible.items() if unit not in taken},
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
        for variable in self._seen.variables:
            for found in (
                self._statement(variable.chain[0]) if variable.is_required and variable.chain else ()
            ):
                yield (*found, EffectKind.ENVIRONMENT), f"os.environ[{variable.name!r}]"

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

    @cached_property
    def _ran_for(self) -> frozenset[tuple[Line, tuple[str, int]]]:
        """The lines that ran, each with the statement that ran it."""
        own = ((line, line) for line in self._seen.executed)
        return frozenset(
            (line, found) for line, at in (*self._functions, *own) for found in self._statement(at)
        )

    def _must_be_seen(self, unit: Unit, prediction: Prediction, ran: Set[Line]) -> bool:
        """Tell whether its lines ran for this statement, or lazify names no condition for them."""
        has_begun = prediction.starts is None or prediction.starts in ran
        is_there = (prediction.ends, unit[:2]) in self._ran_for
        return not prediction.conditions or (has_begun and is_there)

    def _possible(self, proven: Mapping[Unit, list[Prediction]], ran: Set[Line]) -> dict[Unit, Prediction]:
        """Keep what an import can show: effects that raise an event; of several, one that must be seen."""
        found: dict[Unit, Prediction] = {}
        for unit, predictions in proven.items():
            for each in sorted(predictions, key=lambda each: not self._must_be_seen(unit, each, ran)):
                if each.ends is not None:
                    found.setdefault(unit, each)
        return found


def _is_metadata(effect: ObservedEffect) -> bool:
    """Tell whether it reads what an import reads, too: what is installed, and the text of code."""
    by = str(effect.by)
    is_text = (
        effect.detail.endswith(".py") and re.search(r"/(linecache|tokenize|inspect)\.py", by) is not None
    )
    return is_text or (
        effect.is_installed and re.search(r"importlib.metadata|/pkg_resources|warnings.py", by) is not None
    )


def _is_unseen(effect: Effect) -> bool:
    source = effect.chain[-1].fact if effect.chain else ""
    return _UNSEEN.fullmatch(effect.callee) is not None or any(words in source for words in _UNSEEN_WORDS)
