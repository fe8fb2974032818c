"""Which statement of a module's body a line belongs to."""

import ast
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from lazify.model.observations import Line


class Statements:
    """Maps lines to the first lines of statements; the files are read when they are asked for, once."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._starts: dict[Path, list[int]] = {}

    def start(self, at: Line) -> Line:
        """Give the line where the innermost statement begins that `at` is in; `at` itself where nobody can tell.

        Bodies of functions and classes are part of the statement that defines them.
        """
        if at.path not in self._starts:
            self._starts[at.path] = sorted(_starts_of(at.path))
        starts = self._starts[at.path]
        found = bisect_right(starts, at.line)
        return Line(at.path, starts[found - 1]) if found else at


def _starts_of(path: Path) -> Iterator[int]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError):
        return
    queue: list[ast.AST] = [tree]
    while queue:
        for node in ast.iter_child_nodes(queue.pop()):
            if isinstance(node, ast.stmt):
                decorators = getattr(node, "decorator_list", ())
                yield min([node.lineno, *(each.lineno for each in decorators)])
            is_definition = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if isinstance(node, ast.stmt | ast.excepthandler | ast.match_case) and not is_definition:
                queue.append(node)
