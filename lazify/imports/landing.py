"""Where a guarded import goes in a function: to the nearest statements that come before every use.

    if not CLIP_AVAILABLE:             if not CLIP_AVAILABLE:
        return None                        return None
    return clip.load("ViT-B/32")   →   import clip

                                       return clip.load("ViT-B/32")

Where the function knows that the package is there, and where the next statement fails without it anyway, it is
imported without a question. Where only a part of the statement needs it, perhaps, the flag is asked once more;
`TYPE_CHECKING or` tells type checkers that the name is bound.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lazify.getter.problems import Problem, problem
from lazify.imports.asked import Question
from lazify.imports.evaluated import Block, blocks_of, names_in, parts_of
from lazify.imports.guarded import Guard
from lazify.imports.placement import Spot
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import Use
from lazify.model.places import Span
from lazify.statements import parse, without_docstring

_MISSING = frozenset({"ImportError", "ModuleNotFoundError"})
_UNBOUND = frozenset({"NameError", "UnboundLocalError"})
_OF_NONE = frozenset({"AttributeError", "TypeError"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """One place that some names are imported at."""

    before: Span
    names: frozenset[str]
    asks: bool = False
    """Only if the flag says so."""


@dataclass(frozen=True, slots=True)
class _Way:
    """What is known where a block begins."""

    is_there: bool = False
    """The packages are."""
    served: frozenset[str] = frozenset()
    """Names that are imported already."""
    caught: frozenset[str] = frozenset()
    """Errors that the function catches around the block."""


class Landings:
    """Answers for one guard of one module."""

    def __init__(self, view: View, module: Module, guard: Guard) -> None:
        """Read the module once."""
        self._module = module
        self._guard = guard
        self._question = Question(guard.flags, guard.nones)
        self._lines = Lines(view.text(module).whole)
        self._blocks = dict(self._starting(parse(view.text(module).whole)))
        self._uses: Mapping[tuple[int, int], str] = {}

    def of(self, spot: Spot, uses: Iterable[Use]) -> Iterator[Landing | Problem]:
        """Find the places of one function, or of the block of a script, for the uses in it."""
        body = self._blocks[spot.before[:2]]
        self._uses = {use.span[:2]: use.name for use in uses}
        unseen = self._uses.keys() - {self._at(node) for each in body for node in ast.walk(each)}
        names = frozenset(self._uses[at] for at in unseen)  # in f-strings, before Python 3.12
        if names:
            yield Landing(before=spot.before, names=names, asks=True)
        yield from self._block(body, _Way(served=names))

    def _starting(self, tree: ast.Module) -> Iterator[tuple[tuple[int, int], list[ast.stmt]]]:
        """Yield the blocks that functions and conditions begin with, by where their first statement starts."""
        for node in ast.walk(tree):
            body: list[ast.stmt] = []
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = without_docstring(node)
            elif isinstance(node, ast.If):
                body = node.body
            if body:
                yield self._span(body[0])[:2], body

    def _block(self, body: list[ast.stmt], way: _Way) -> Iterator[Landing | Problem]:
        for number, statement in enumerate(body):
            if way.is_there:
                if names := self._looked_up(body[number:]) - way.served:
                    yield Landing(before=self._span(statement), names=names)
                return
            certain, perhaps = self._parts(statement, way.served)
            if certain:
                yield self._needed_at_once(statement, certain, way)
            if perhaps:
                yield Landing(before=self._span(statement), names=perhaps, asks=True)
            way = replace(way, served=way.served | certain | perhaps)
            for block in blocks_of(statement):
                yield from self._block(block.body, self._entering(way, statement, block))
            way = replace(way, is_there=self._question.known_after(statement))

    def _needed_at_once(self, statement: ast.stmt, names: frozenset[str], way: _Way) -> Landing | Problem:
        """Without the package the statement fails: with another error, from now on, if nobody catches either."""
        before = self._span(statement)
        if self._guard.nones and not way.caught.isdisjoint(_OF_NONE):
            reason = f"{min(names)} may be None where {min(way.caught & _OF_NONE)} is caught"
            return problem(reason, self._module, before)
        asks = not way.caught.isdisjoint(_MISSING if self._guard.nones else _MISSING | _UNBOUND)
        return Landing(before=before, names=names, asks=asks)

    def _entering(self, way: _Way, statement: ast.stmt, block: Block) -> _Way:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            return replace(way, caught=frozenset())
        is_there = any(self._question.implied(test, by=by) for test, by in block.entered_by)
        return replace(way, is_there=is_there, caught=way.caught.union(*map(_names_of, block.handlers)))

    def _looked_up(self, statements: Iterable[ast.stmt]) -> frozenset[str]:
        found = {self._at(node) for each in statements for node in ast.walk(each)}
        return frozenset(name for at, name in self._uses.items() if at in found)

    def _parts(self, statement: ast.stmt, served: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Give the names that the statement looks up for certain outside of its blocks, and those it may."""
        found = [
            pair for part in parts_of(statement) for pair in names_in(part) if self._at(pair[0]) in self._uses
        ]
        certain = frozenset(name.id for name, is_certain in found if is_certain) - served
        return certain, frozenset(name.id for name, _ in found) - certain - served

    def _at(self, node: ast.AST) -> tuple[int, int] | None:
        return self._lines.span(node)[:2] if isinstance(node, ast.Name) else None

    def _span(self, statement: ast.stmt) -> Span:
        span = self._lines.span(statement)
        decorators = getattr(statement, "decorator_list", ())
        if not decorators:
            return span
        first = self._lines.span(decorators[0])
        at = self._lines.text.rindex("@", 0, self._lines.offset(first.line, first.column))
        return Span(*self._lines.place(at), *span[2:])


def _names_of(handler: ast.ExceptHandler) -> Iterator[str]:
    nodes = ast.walk(handler.type) if handler.type else ()
    for node in nodes:
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
