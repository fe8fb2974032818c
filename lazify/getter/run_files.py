"""Files of the project that are run by their paths, whose names are then looked up in a dictionary.

names = runpy.run_path(path)          what became a getter is not in it, and no module `__getattr__` is asked
exec(compile(file.read(), path, "exec"), names)
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lazify.getter.problems import Problem, problem
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import View, runs_in_service
from lazify.model.places import Span
from lazify.nodes import nodes_and_parents
from lazify.statements import parse

_RUNNERS = frozenset({"run_path", "exec"})
_READS = re.compile(r"\bopen\s*\(|\bread_(?:text|bytes)\b|\.\s*read\s*\(|\bget_(?:data|source|code)\b")
"""What stands around an `exec` of a file."""
_FILE = re.compile(r"""([\w-]+\.py)["']""")


@dataclass(frozen=True, slots=True)
class _Run:
    """One place, and the names of the files that it may run; any that nobody imports where there are none."""

    holder: Module
    span: Span
    files: frozenset[str]


class RunFiles:
    """Answers for one project; nothing is searched before the first question."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view

    def of(self, owner: Module) -> Iterator[Problem]:
        """Say what may run the file of a module, other than importing it."""
        for run in self._runs:
            is_meant = owner.path.name in run.files if run.files else not self._is_imported(owner)
            if is_meant and owner is not run.holder:
                reason = f"{owner.path.name} may be run by its path, and its names be looked up in what that leaves"
                yield problem(reason, run.holder, run.span)

    def _is_imported(self, owner: Module) -> bool:
        return any(runs_in_service(module) for module, _ in self._view.importers(owner))

    @cached_property
    def _runs(self) -> list[_Run]:
        holders = {
            module: None for word in sorted(_RUNNERS) for module in self._view.project.mentioning(word)
        }
        return [run for module in holders for run in self._in(module)]

    def _in(self, module: Module) -> Iterator[_Run]:
        text = self._view.text(module)
        lines = Lines(text.whole)
        nodes, around = nodes_and_parents(parse(text.whole))
        for node in nodes:
            if isinstance(node, ast.Call) and (runner := _runner(node)):
                code = self._code_around(module, node.lineno)
                is_dropped = runner == "run_path" and isinstance(around[node], ast.Expr)
                if not is_dropped and (runner == "run_path" or _READS.search(code)):
                    yield _Run(module, lines.span(node), frozenset(_FILE.findall(code)))

    def _code_around(self, module: Module, line: int) -> str:
        """The code of the innermost function around, or of the file."""
        text, functions = self._view.text(module), [s for s in module.facts.scopes if s.kind == "function"]
        holders = [scope for scope in functions if scope.span.line <= line <= scope.span.end_line]
        innermost = max(holders, key=lambda scope: scope.span.line, default=None)
        return text.whole if innermost is None else text.cut(innermost.span)


def _runner(call: ast.Call) -> str | None:
    """Name what runs a file, perhaps: `exec` does so where it is given code that is not written there, and names."""
    match call:
        case ast.Call(func=ast.Attribute(attr="run_path") | ast.Name(id="run_path")):
            return "run_path"
        case ast.Call(func=ast.Name(id="exec"), args=[ast.Constant(), *_]):
            return None
        case ast.Call(func=ast.Name(id="exec"), args=[_, *names], keywords=keywords) if names or keywords:
            return "exec"
    return None
