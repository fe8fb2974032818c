"""All modules of a project imported in one process under the probe."""

import ast
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify.index.modules import Module
from lazify.interpreter import ask
from lazify.model.observations import Imported, Line, Observation
from lazify.observing.entries import Entry
from lazify.observing.observe import Conditions, observe
from lazify.processes import Limits

_DRIVER = """
import signal, sys
sys.path[:0] = {folders!r}
seen, outer = set(), sys.gettrace()

def running(frame):
    while frame is not None:
        code = frame.f_code
        if code.co_name == "<module>" and code.co_filename in {own!r}:
            return code.co_filename, frame.f_lineno
        frame = frame.f_back
    return "", 0

def trace(frame, event, argument):
    inner = outer(frame, event, argument) if outer else None
    if inner is not None or frame.f_code.co_filename not in {traced!r}:
        return inner
    file, statement = frame.f_code.co_filename, running(frame)

    def in_function(frame, event, argument):
        if event == "line":
            seen.add((file, frame.f_lineno, *statement))
        return in_function

    return in_function(frame, "line", None)

class HangsError(BaseException):
    pass

def give_up(*_):
    raise HangsError("after {seconds} seconds")

sys.settrace(trace)
for name in {names!r}:
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm({seconds})
    try:
        __import__(name)
        signal.alarm(0)
    except BaseException as error:
        signal.alarm(0)
        trace, lines = error.__traceback__, []
        while trace is not None:
            if trace.tb_frame.f_code.co_name == "<module>":
                lines.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
            trace = trace.tb_next
        with open({failures!r}, "a") as report:
            report.write(ascii((name, type(error).__name__, str(error)[:200], lines)) + "\\n")
sys.settrace(outer)
with open({ran!r}, "w") as report:
    report.write(ascii(sorted(seen)))
"""
_PATIENCE = 900  # seconds
_PATIENCE_WITH_ONE = 60  # seconds: a module that never comes back is one that does not import

Failed = tuple[str, str, str, list[tuple[str, int]]]
"""Module, error, message, lines of module bodies from the outermost."""


@dataclass(frozen=True, kw_only=True)
class ImportRun:
    """What the import of all modules did."""

    observation: Observation
    failed: tuple[Failed, ...]
    in_functions: frozenset[tuple[Line, Line]]
    """The lines that ran in functions of the traced files, each with the line of a module's body that ran them."""


def import_all(modules: Sequence[Module], root: Path, python: Path, *, traced: set[str]) -> ImportRun:
    """Import all modules of the project at `root`; lines of functions are looked at in the `traced` files."""
    with tempfile.TemporaryDirectory() as folder:
        failures, ran = Path(folder, "failed"), Path(folder, "ran")
        names = sorted({module.name for module in modules})
        folders = dict.fromkeys((str(root), *_import_roots(modules)))
        driver = Path(folder, "lazify-driver.py")
        driver.write_text(
            _DRIVER.format(
                folders=list(folders),
                names=names,
                failures=str(failures),
                ran=str(ran),
                traced=traced,
                own={str(module.path) for module in modules},
                seconds=_PATIENCE_WITH_ONE,
            )
        )
        conditions = Conditions(
            interpreter=ask(python),
            limits=Limits(seconds=_PATIENCE, bytes=8 << 30),
            environment={**os.environ, "HOME": folder, "MPLBACKEND": "agg"},
        )
        entry = Entry(name=root.name, module="lazify-driver", root=root, config_root=root, file=driver)
        observation = observe(entry, conditions, is_traced=True)
        if not isinstance(observation.outcome, Imported):
            raise RuntimeError(f"{root.name}: {observation.outcome}")  # noqa: TRY004  # of the import, not of a type
        failed = failures.read_text().splitlines() if failures.exists() else []
        return ImportRun(
            observation=observation,
            failed=tuple(map(ast.literal_eval, failed)),
            in_functions=frozenset(
                (Line(Path(file), line), Line(Path(by), at))
                for file, line, by, at in ast.literal_eval(ran.read_text())
            ),
        )


def _import_roots(modules: Iterable[Module]) -> list[str]:
    """List the folders from which the dotted names of the modules lead to them."""
    files = [
        (module, module.path.parent if module.path.name == "__init__.py" else module.path)
        for module in modules
    ]
    return sorted({str(file.parents[module.name.count(".")]) for module, file in files})
