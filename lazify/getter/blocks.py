"""Blocks of tests in which something is different for a while, and what is imported in them.

with patch.dict(os.environ, KEY="x"):       the body of app.main runs here,
    app = load_app()
client = TestClient(app)                    and what it would make on first use, here
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.index.entries import import_closure
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.model.facts import MODULE, Does
from lazify.statements import parse

_IMPORTERS = frozenset({"import_module", "__import__", "reload"})
_DEEPEST = 3
"""Functions that call functions that import."""


@dataclass(frozen=True, slots=True)
class Block:
    """One `with` statement of a test."""

    first: int
    """The line of its header, and the first of its body."""
    body: int
    last: int
    goes_on: bool
    """Code of the same function, or of the file, stands below it."""
    only_imports: bool
    """Nothing is done in it but to import something, and to look at that."""


class Blocks:
    """Answers for the tests of one project; a file is parsed when somebody asks for it."""

    def __init__(self, view: View) -> None:
        """Take the project."""
        self._view = view
        self._blocks: dict[Module, list[Block]] = {}
        self._imported: dict[tuple[Module, Block], frozenset[Module]] = {}

    def at(self, test: Module, line: int) -> Iterator[Block]:
        """Yield the block whose header has that line, if there is one."""
        if test not in self._blocks:
            self._blocks[test] = [*_blocks(parse(self._view.text(test).whole))]
        return (each for each in self._blocks[test] if each.first <= line < each.body)

    def imported(self, test: Module, block: Block) -> frozenset[Module]:
        """Give the modules whose import a block runs, by itself or by functions of the project that it calls."""
        if (test, block) not in self._imported:
            found = import_closure(self._view.project, self._imports(test, block.body, block.last, _DEEPEST))
            self._imported[test, block] = frozenset(found)
        return self._imported[test, block]

    def _imports(self, module: Module, first: int, last: int, depth: int) -> Iterator[Module]:
        project = self._view.project
        for item in module.facts.imports:
            if first <= item.span.line <= last:
                yield from project.imported_modules(module, item)
        for dynamic in module.facts.dynamics:
            if dynamic.what in _IMPORTERS and dynamic.literal and first <= dynamic.span.line <= last:
                found = project.find(dynamic.literal.lstrip("."), seen_from=module)
                yield from (found[0],) if found else ()
        for number, scope in enumerate(module.facts.scopes):
            for operation in scope.operations:
                is_inside = first <= operation.span.line <= last and operation.does is Does.CALL
                target = resolve(project, module, operation.subject) if is_inside and depth else None
                if isinstance(target, Defined):
                    called = target.module.facts.scopes[MODULE].definitions.get(target.name)
                    if called is not None and (target.module, called) != (module, number):
                        span = target.module.facts.scopes[called].span
                        yield from self._imports(target.module, span.line, span.end_line, depth - 1)


def _blocks(tree: ast.Module) -> Iterator[Block]:
    waiting: list[tuple[ast.AST, int]] = [(tree, max((n.end_lineno or 0 for n in tree.body), default=0))]
    while waiting:
        node, end = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            end = node.end_lineno or end
        if isinstance(node, ast.With | ast.AsyncWith):
            last = node.end_lineno or node.lineno
            body, only = node.body[0].lineno, all(map(_only_imports, node.body))
            yield Block(node.lineno, max(body, node.lineno + 1), last, last < end, only)
        waiting += ((each, end) for each in ast.iter_child_nodes(node) if not isinstance(each, ast.expr))


def _only_imports(statement: ast.stmt) -> bool:
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.Assert():
            return True
        case ast.Expr(value=ast.Call(func=callee)) | ast.Assign(value=ast.Call(func=callee)):
            name = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
            return name in _IMPORTERS
        case ast.With(body=body):
            return all(map(_only_imports, body))
    return False
