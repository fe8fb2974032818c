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
from lazify.imports.evaluated import Block, blocks_of, evaluated_for_certain, parts_of
from lazify.imports.guard import Guard
from lazify.imports.placement import Spot
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import Use
from lazify.model.places import Span
from lazify.statements import parse, without_docstring

Names = frozenset[str]

_MISSING = frozenset({"ImportError", "ModuleNotFoundError"})
_UNBOUND = frozenset({"NameError", "UnboundLocalError"})
_OF_NONE = frozenset({"AttributeError", "TypeError"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """One place that some names are imported at."""

    before: Span
    names: Names
    asks: bool = False
    """Only if the flag says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """What is known where a block begins."""

    there: Names = frozenset()
    """The names whose packages are."""
    served: Names = frozenset()
    """The names that are imported already."""
    caught: Names = frozenset()
    """Errors that the function catches around the block."""


class Landings:
    """Answers for one guard of one module."""

    def __init__(self, view: View, module: Module, guard: Guard, packages: Mapping[str, str]) -> None:
        """Read the module once; `packages` tells what every name of the guard is a part of."""
        self._module = module
        self._guard = guard
        self._packages = packages
        self._question = Question(guard.flags, guard.nones)
        self._lines = Lines(view.text(module).whole)
        self._blocks = dict(self._starting(parse(view.text(module).whole)))
        self._uses: Mapping[tuple[int, int], str] = {}
        alone = set(guard.packages[: 0 if guard.nones and len(guard.packages) > 1 else 1])
        self._first = frozenset(name for name, each in packages.items() if each in alone)
        """The names that are there as soon as their own package is, whatever becomes of the other imports."""

    def of(self, spot: Spot, uses: Iterable[Use]) -> Iterator[Landing | Problem]:
        """Find the places of one function, or of the block of a script, for the uses in it."""
        body = self._blocks[spot.before[:2]]
        self._uses = {use.span[:2]: use.name for use in uses}
        unseen = self._uses.keys() - {self._at(node) for each in body for node in ast.walk(each)}
        names = frozenset(self._uses[at] for at in unseen)  # in f-strings, before Python 3.12
        if names:
            yield Landing(before=spot.before, names=names, asks=not self._guard.ends)
        there = frozenset(self._packages) if self._guard.ends else frozenset()
        yield from self._block(body, _Way(there=there, served=names))

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
            needed = self._looked_up(body[number:]) - way.served
            for landing in self._at_statement(statement, needed, way):
                yield landing
                if isinstance(landing, Landing):
                    there = way.there if landing.asks else way.there | self._beside(landing.names)
                    way = replace(way, there=there, served=way.served | landing.names)
            for block in blocks_of(statement):
                yield from self._block(block.body, self._entering(way, statement, block))
            if self._question.known_after(statement):
                way = replace(way, there=frozenset(self._packages))

    def _at_statement(self, statement: ast.stmt, needed: Names, way: _Way) -> Iterator[Landing | Problem]:
        """Yield what is imported right before a statement, of the names that its block still needs."""
        before = self._span(statement)
        if known := needed & way.there:
            yield Landing(before=before, names=known)
        unknown = needed - way.there
        perhaps = self._perhaps(statement) & unknown
        doomed = self._certain(statement) & unknown
        if self._guard.nones and (perhaps | doomed) and not way.caught.isdisjoint(_OF_NONE):
            name = min(perhaps | doomed)
            reason = f"{name} may be None where {min(way.caught & _OF_NONE)} is caught"
            yield problem(reason, self._module, before)
        elif not way.caught.isdisjoint(_MISSING if self._guard.nones else _MISSING | _UNBOUND):
            if perhaps | doomed:
                yield Landing(before=before, names=unknown, asks=True)
        else:
            # The guard binds no name of a package that comes after one which is missing.
            plain = doomed & self._first
            if plain:
                yield Landing(before=before, names=plain)
            if (perhaps | doomed) - plain:
                yield Landing(before=before, names=unknown - plain, asks=True)

    def _beside(self, names: Iterable[str]) -> Names:
        """Give all names of the packages that these are part of."""
        packages = {self._packages[name] for name in names}
        return frozenset(name for name, package in self._packages.items() if package in packages)

    def _entering(self, way: _Way, statement: ast.stmt, block: Block) -> _Way:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            return replace(way, caught=frozenset())
        is_there = any(self._question.implied(test, by=by) for test, by in block.entered_by)
        there = frozenset(self._packages) if is_there else way.there
        return replace(way, there=there, caught=way.caught.union(*map(_names_of, block.handlers)))

    def _looked_up(self, nodes: Iterable[ast.AST]) -> Names:
        found = {self._at(node) for each in nodes for node in ast.walk(each)}
        return frozenset(name for at, name in self._uses.items() if at in found)

    def _certain(self, statement: ast.stmt) -> Names:
        """Give names whose packages the statement needs, whatever happens: one that all of its branches need counts."""
        certain = frozenset().union(
            *(self._certain_in(each.node) for each in parts_of(statement) if each.is_certain)
        )
        if isinstance(statement, ast.If) and statement.orelse:
            certain |= self._certain(statement.body[0]) & self._certain(statement.orelse[0])
        return certain

    def _certain_in(self, node: ast.AST) -> Names:
        match node:
            case ast.Name(id=name):
                return self._beside({name}) if self._at(node) in self._uses else frozenset()
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._certain_in(test) | (self._certain_in(body) & self._certain_in(orelse))
        return frozenset().union(*map(self._certain_in, evaluated_for_certain(node)))

    def _perhaps(self, statement: ast.stmt) -> Names:
        """Give the names that the statement may look up outside of its blocks."""
        return self._looked_up(part.node for part in parts_of(statement))

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
