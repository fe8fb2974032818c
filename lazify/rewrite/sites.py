"""Finds the nodes that edits name by position."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from lazify.excerpt import Excerpt
from lazify.model.places import Span
from lazify.rewrite.cover import Cover

_ITEMS = (cst.ImportAlias, cst.ImportStar, cst.NameItem, cst.Arg, cst.BaseElement, cst.Decorator)


@dataclass(frozen=True, slots=True)
class Site:
    """A node, what holds it directly, and the statement around it."""

    node: cst.CSTNode
    owner: cst.CSTNode
    statement: cst.CSTNode | None


@dataclass(slots=True)
class Sites:
    """The nodes at the spans that were asked for."""

    at: dict[Span, list[Site]] = field(default_factory=dict)
    statements: dict[tuple[int, int], cst.CSTNode] = field(default_factory=dict)
    """By where they start; a decorated definition at its `@`, its first decorator and its own start."""
    positions: Mapping[cst.CSTNode, CodeRange] = field(default_factory=dict)
    concerned: set[cst.CSTNode] = field(default_factory=set)
    """Every statement that a span touches."""
    lines: Sequence[str] = ()

    def statement(self, span: Span) -> cst.CSTNode | None:
        """Find the statement at the span."""
        node = self.statements.get(span[:2])
        if node is None:
            return None
        end = self.positions[node].end
        if (end.line, end.column) == span[2:]:
            return node
        if end.line != span.end_line or span.end_column < end.column:
            return None
        # For Python, the semicolon after a one-line body belongs to the statement.
        rest = self.lines[end.line - 1][end.column : span.end_column]
        return None if rest.strip(" \t\f;") else node


def find(module: cst.Module, excerpt: Excerpt, spans: Iterable[Span]) -> Sites:
    """Look up the nodes at `spans`, in the statements that contain any of them."""
    positions = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    finder = _Finder(positions, frozenset(spans))
    finder.sites.lines = excerpt.lines
    module.visit(finder)
    return finder.sites


class _Finder(cst.CSTVisitor):
    def __init__(self, positions: Mapping[cst.CSTNode, CodeRange], spans: frozenset[Span]) -> None:
        super().__init__()
        self.positions = positions
        self.touched = Cover(spans)
        self.wanted = spans
        self.sites = Sites(positions=positions)
        self.path: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.BaseStatement | cst.BaseSmallStatement):
            starts = self._starts(node)
            end = self.positions[node].end
            if not self.touched.meets(starts[0], (end.line, end.column)):
                return False
            self.sites.concerned.add(node)
            if not isinstance(node, cst.SimpleStatementLine):
                self.sites.statements.update(dict.fromkeys(starts, node))
        elif isinstance(node, (cst.BaseExpression, *_ITEMS)):
            for span in self._spans(node) & self.wanted:
                self.sites.at.setdefault(span, []).append(self._site(node))
        self.path.append(node)
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self.path and self.path[-1] is original_node:
            self.path.pop()

    def _site(self, node: cst.CSTNode) -> Site:
        around = (
            n
            for n in reversed(self.path)
            if isinstance(n, cst.BaseCompoundStatement | cst.BaseSmallStatement)
        )
        return Site(node, self.path[-1], next(around, None))

    def _starts(self, node: cst.CSTNode) -> list[tuple[int, int]]:
        decorators = node.decorators if isinstance(node, cst.FunctionDef | cst.ClassDef) else ()
        marks: list[cst.CSTNode] = [*decorators[:1], *(d.decorator for d in decorators[:1]), node]
        starts = [self.positions[mark].start for mark in marks]
        return [(start.line, start.column) for start in starts]

    def _spans(self, node: cst.CSTNode) -> set[Span]:
        """The spans by which Python's `ast` would name the node."""
        match node:
            case cst.Element(value=value) | cst.Decorator(decorator=value):
                return {self._span(node), *self._spans(value)}
            case cst.Arg(keyword=None, star="", value=value):
                return {self._span(node), *self._spans(value)}
            case cst.Tuple() | cst.GeneratorExp() if node.lpar:
                start, end = self.positions[node.lpar[-1]].start, self.positions[node.rpar[0]].end
                return {Span(start.line, start.column, end.line, end.column)}
        return {self._span(node)}

    def _span(self, node: cst.CSTNode) -> Span:
        position = self.positions[node]
        return Span(position.start.line, position.start.column, position.end.line, position.end.column)
