"""What stands around a line: handlers that catch what it raises, and conditions."""

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lazify.model.places import Place, Span
from lazify.statements import parse

ANYTHING = frozenset({"", "Exception", "BaseException"})
"""Handlers that catch every failure."""
_ENDING = frozenset({"exit", "_exit", "quit", "abort"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_Block = Sequence[ast.stmt]


@dataclass(frozen=True, slots=True)
class Guard:
    """A handler around some code."""

    line: int
    catches: frozenset[str]
    """Names of exceptions without their modules; an empty one for a bare `except:`."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands between a line and the body of its function, class or module."""

    guards: tuple[Guard, ...] = ()
    """The outermost first."""
    is_conditional: bool = False
    """It stands in a branch: it may not run."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Answers for the files of one project; each is parsed once, if somebody asks."""

    read: Callable[[Path], str]
    """Gives the text of a file; raises KeyError for one that is not of the project."""
    parsed: dict[Path, ast.Module | None] = field(default_factory=dict)
    found: dict[tuple[Path, int], Around] = field(default_factory=dict)

    def of(self, at: Place) -> Around:
        """Tell what stands around the first line of a place."""
        key = (at.path, at.span.line)
        if key not in self.found:
            tree = self._tree(at.path)
            self.found[key] = Around() if tree is None else _descend(tree.body, at.span.line, Around())
        return self.found[key]

    def caught(self, at: Place, catching: Callable[[str], bool]) -> Place | None:
        """Find the innermost handler around `at` that catches one of the exceptions that `catching` accepts."""
        for guard in reversed(self.of(at).guards):
            if any(map(catching, guard.catches)):
                return Place(at.path, Span(guard.line, 0, guard.line, 0))
        return None

    def _tree(self, path: Path) -> ast.Module | None:
        if path not in self.parsed:
            try:
                self.parsed[path] = parse(self.read(path))
            except (KeyError, SyntaxError, ValueError, RecursionError):
                self.parsed[path] = None  # of an installed package, say: nothing is known to stand around it
        return self.parsed[path]


def _descend(block: _Block, line: int, found: Around, *, is_function: bool = False) -> Around:
    """Follow the blocks that hold the line down to the innermost."""
    statement = next((each for each in block if _start(each) <= line <= (each.end_lineno or 0)), None)
    if statement is None:
        return found
    if is_function and any(_may_return(each) for each in block[: block.index(statement)]):
        found = replace(found, is_conditional=True)
    for inner, guards, is_branch in _blocks(statement):
        if inner and _start(inner[0]) <= line <= (inner[-1].end_lineno or 0):
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                return _descend(inner, line, Around(), is_function=True)  # its body runs when it is called
            here = Around((*found.guards, *guards), found.is_conditional or is_branch)
            return _descend(inner, line, here, is_function=is_function)
    return found


def _blocks(statement: ast.stmt) -> Iterator[tuple[_Block, tuple[Guard, ...], bool]]:
    """Give each block of a compound statement with the handlers that guard it, and whether it is a branch."""
    match statement:
        case (
            ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=final)
            | ast.TryStar(body=body, handlers=handlers, orelse=orelse, finalbody=final)
        ):
            yield body, tuple(_guards(handlers)), False
            yield from ((handler.body, (), True) for handler in handlers)
            yield orelse, (), False
            yield final, (), False
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            yield body, tuple(_suppressed(items)), False
        case ast.If(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
            yield body, (), True
            yield orelse, (), True
        case ast.For(body=body, orelse=orelse) | ast.AsyncFor(body=body, orelse=orelse):
            yield body, (), True
            yield orelse, (), False
        case ast.Match(cases=cases):
            yield from ((case.body, (), True) for case in cases)
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) | ast.ClassDef(body=body):
            yield body, (), False


def _may_return(statement: ast.stmt) -> bool:
    """Tell whether a function may end in a statement before the one that is asked about."""
    if isinstance(statement, ast.Return):
        return True
    inner = (each for block, _, _ in _blocks(statement) for each in block)
    return not isinstance(statement, _DEFINITIONS) and any(map(_may_return, inner))


def _guards(handlers: Sequence[ast.ExceptHandler]) -> Iterator[Guard]:
    """Give the handlers that go on; one that raises again, or ends the process, guards nothing."""
    for handler in handlers:
        if not _gives_up(handler.body[-1]):
            yield Guard(handler.lineno, _caught(handler.type))


def _gives_up(last: ast.stmt) -> bool:
    match last:
        case ast.Raise():
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in _ENDING
    return False


def _suppressed(items: Sequence[ast.withitem]) -> Iterator[Guard]:
    for item in items:
        match item.context_expr:
            case ast.Call(func=ast.Name(id="suppress") | ast.Attribute(attr="suppress"), args=arguments):
                yield Guard(item.context_expr.lineno, frozenset().union(*map(_caught, arguments)))


def _caught(node: ast.expr | None) -> frozenset[str]:
    match node:
        case None:
            return frozenset({""})
        case ast.Tuple(elts=elements):
            return frozenset().union(*map(_caught, elements))
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return frozenset({name})
    return frozenset({"Exception"})  # computed: nobody can tell what it catches


def _start(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", ())
    lines: list[int] = [statement.lineno, *(each.lineno for each in decorators)]
    return min(lines)
