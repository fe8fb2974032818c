"""What stands around a line: handlers that catch what it raises, and conditions."""

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lazify.model.effects import Evidence
from lazify.model.places import Place, Span
from lazify.order.conditions import Block, Condition, after, branches, within
from lazify.statements import parse, split_lines

ANYTHING = frozenset({"", "Exception", "BaseException"})
"""Handlers that catch every failure."""
_ENDING = frozenset({"exit", "_exit", "quit", "abort"})


@dataclass(frozen=True, slots=True)
class Guard:
    """A handler around some code."""

    line: int
    catches: frozenset[str]
    """Names of exceptions without their modules; an empty one for a bare `except:`."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands between a place and the body of its function, class or module."""

    guards: tuple[Guard, ...] = ()
    """The outermost first."""
    conditions: tuple[Condition, ...] = ()
    """What must hold for it to run, the outermost first."""

    @property
    def is_conditional(self) -> bool:
        """It stands in a branch: it may not run."""
        return bool(self.conditions)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Answers for the files that somebody asks about; each is parsed once."""

    read: Callable[[Path], str]
    """Gives the text of a file; raises KeyError, OSError or ValueError for one that cannot be read."""
    parsed: dict[Path, tuple[ast.Module, list[str]] | None] = field(default_factory=dict)
    """With the lines."""
    found: dict[tuple[Path, int, int], Around] = field(default_factory=dict)

    def of(self, at: Place) -> Around:
        """Tell what stands around the beginning of a place."""
        key = (at.path, at.span.line, at.span.column)
        if key not in self.found:
            self.found[key] = self._look(at)
        return self.found[key]

    def conditions(self, places: Iterable[Place]) -> tuple[Evidence, ...]:
        """Give all that must hold for those places to run, in their order, each once."""
        return tuple(
            dict.fromkeys(
                Evidence(fact=words, at=Place(place.path, Span(line, 0, line, 0)))
                for place in places
                for words, line in self.of(place).conditions
            )
        )

    def caught(self, at: Place, catching: Callable[[str], bool]) -> Place | None:
        """Find the innermost handler around `at` that catches one of the exceptions that `catching` accepts."""
        for guard in reversed(self.of(at).guards):
            if any(map(catching, guard.catches)):
                return Place(at.path, Span(guard.line, 0, guard.line, 0))
        return None

    def _look(self, at: Place) -> Around:
        found = self._parsed(at.path)
        if found is None:
            return Around()
        tree, lines = found
        line = lines[at.span.line - 1] if at.span.line <= len(lines) else ""
        return _descend(tree.body, (at.span.line, len(line[: at.span.column].encode())), Around())

    def _parsed(self, path: Path) -> tuple[ast.Module, list[str]] | None:
        if path not in self.parsed:
            try:
                text = self.read(path)
                self.parsed[path] = parse(text), split_lines(text)
            except (KeyError, OSError, SyntaxError, ValueError, RecursionError):
                self.parsed[path] = None  # nothing is known to stand around it
        return self.parsed[path]


def _descend(block: Block, at: tuple[int, int], found: Around, *, is_function: bool = False) -> Around:
    """Follow the blocks that hold a position (line, column in bytes) down to the innermost."""
    line = at[0]
    statement = next((each for each in block if _start(each) <= line <= (each.end_lineno or 0)), None)
    if statement is None:
        return found
    if is_function:
        above = (after(each) for each in block[: block.index(statement)])
        found = _under(found, above)
    for inner, guards, condition in _blocks(statement):
        if inner and _start(inner[0]) <= line <= (inner[-1].end_lineno or 0):
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
                return _descend(inner, at, Around(), is_function=True)  # its body runs when it is called
            here = _under(Around((*found.guards, *guards), found.conditions), [condition])
            return _descend(inner, at, here, is_function=is_function)
    return _under(found, within(statement, at))


def _under(found: Around, conditions: Iterable[Condition | None]) -> Around:
    further = tuple(each for each in conditions if each is not None)
    return Around(found.guards, (*found.conditions, *further))


def _blocks(statement: ast.stmt) -> Iterator[tuple[Block, tuple[Guard, ...], Condition | None]]:
    """Give each block of a compound statement with the handlers that guard it, and what must hold."""
    match statement:
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) | ast.ClassDef(body=body):
            yield body, (), None
        case ast.Try(body=guarded, handlers=handlers) | ast.TryStar(body=guarded, handlers=handlers):
            for block, condition in branches(statement):
                yield block, tuple(_guards(handlers)) if block is guarded else (), condition
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            yield body, tuple(_suppressed(items)), None
        case _:
            yield from ((block, (), condition) for block, condition in branches(statement))


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
