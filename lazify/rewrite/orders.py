"""What is to be done to which node: edits, once every one of them has found its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from lazify.errors import RewriteError
from lazify.model.changes import HOLE, Edit, Erase, InsertAfter, InsertBefore, Move, Replace
from lazify.model.places import Span
from lazify.rewrite.sites import Site, Sites
from lazify.rewrite.template import Fresh, Reader


@dataclass(slots=True)
class Order:
    """What is to be done to one statement."""

    before: list[Fresh] = field(default_factory=list)
    after: list[Fresh] = field(default_factory=list)
    instead: Fresh | None = None
    hole: str = ""
    """The placeholder that this statement goes to."""
    is_erased: bool = False
    lifts: str = ""
    """The placeholder in `instead` that an expression of this statement goes to."""
    claimed_by: int = -1
    """The edit that takes the statement away or moves it."""

    def claim(self, number: int) -> None:
        """Reserve the statement for one edit."""
        if self.claimed_by not in {-1, number}:
            raise Misfit("another edit changes the same statement")
        self.claimed_by = number


@dataclass(frozen=True, slots=True)
class Hole:
    """What goes to one placeholder."""

    nodes: Sequence[cst.CSTNode]
    is_whole: bool = True
    """Nothing else stands in the expression of the placeholder."""


@dataclass(slots=True)
class Orders:
    """What is to be done to the nodes of one file."""

    expressions: dict[cst.CSTNode, cst.BaseExpression] = field(default_factory=dict)
    items: dict[cst.CSTNode, Sequence[cst.CSTNode]] = field(default_factory=dict)
    """What stands in the place of an item between commas, or of a decorator; nothing if it is erased."""
    owners: set[cst.CSTNode] = field(default_factory=set)
    """What holds these items."""
    statements: dict[cst.CSTNode, Order] = field(default_factory=dict)
    lifted: set[cst.CSTNode] = field(default_factory=set)
    """Expressions that go to a placeholder, which is in the code that replaces their statement."""
    holes: dict[str, Hole] = field(default_factory=dict)
    entered: list[tuple[int, cst.CSTNode]] = field(default_factory=list)
    """Every node that an edit concerns, with the number of the edit."""

    def of(self, statement: cst.CSTNode) -> Order:
        """The order for a statement, made on first use."""
        return self.statements.setdefault(statement, Order())


class Misfit(Exception):
    """An edit does not fit."""


@dataclass(slots=True)
class _Clerk:
    sites: Sites
    reader: Reader
    orders: Orders
    number: int = 0
    """Of the edit that is being entered."""

    def take(self, edit: Edit, spans: Sequence[Span]) -> None:
        """Enter one edit, whose spans are those in the excerpt."""
        match edit:
            case Replace(code=code):
                self._replace(spans[0], code)
            case Erase():
                self._erase(spans[0])
            case InsertBefore(code=code):
                self._order(spans[0]).before.append(self.reader.statements(code))
            case InsertAfter(code=code):
                self._order(spans[0]).after.append(self.reader.statements(code))
            case Move(code=code):
                self._move(edit, spans, code)
            case _:
                raise Misfit(f"{type(edit).__name__} has no place")

    def _statement(self, span: Span) -> cst.CSTNode:
        node = self.sites.statement(span)
        if node is None:
            raise Misfit("nothing that fits it stands there")
        return node

    def _order(self, span: Span) -> Order:
        return self._enter(self._statement(span))

    def _enter(self, statement: cst.CSTNode) -> Order:
        self.orders.entered.append((self.number, statement))
        return self.orders.of(statement)

    def _claim(self, span: Span) -> Order:
        order = self._order(span)
        order.claim(self.number)
        return order

    def _replace(self, span: Span, code: str) -> None:
        for site in self.sites.at.get(span, ()):
            match site.node:
                case cst.ImportAlias():
                    is_from = isinstance(site.owner, cst.ImportFrom | cst.LazyImportFrom)
                    return self._put(site, self.reader.aliases(code, is_from=is_from))
                case cst.NameItem():
                    return self._put(site, self.reader.names(code))
                case cst.Arg() if site.node.keyword or site.node.star:
                    return self._put(site, self.reader.arguments(code))
                case cst.BaseExpression() as node:
                    return self._replace_expression(span, node, code)
        return self._replace_statement(span, code)

    def _replace_expression(self, span: Span, node: cst.BaseExpression, code: str) -> None:
        try:
            new = self.reader.expression(code)
        except cst.ParserSyntaxError:
            if self.sites.statement(span) is None:
                raise
            self._replace_statement(span, code)
            return
        if node in self.orders.expressions:
            raise Misfit("another edit replaces the same expression")
        self.orders.expressions[node] = new
        self.orders.entered.append((self.number, node))

    def _replace_statement(self, span: Span, code: str) -> None:
        node = self._statement(span)
        order = self._enter(node)
        new = self.reader.statements(code)
        if order.instead is not None and isinstance(node, cst.Global | cst.Nonlocal):
            order.instead = merged_names(node, order.instead, new)
            return
        order.claim(self.number)
        order.instead = new

    def _put(self, site: Site, items: Sequence[cst.CSTNode]) -> None:
        if site.node in self.orders.items:
            raise Misfit("another edit changes the same item")
        self.orders.items[site.node] = items
        self.orders.entered.append((self.number, site.node))
        self.orders.owners.add(site.owner)

    def _erase(self, span: Span) -> None:
        for site in self.sites.at.get(span, ()):
            match site.node:
                case cst.ImportStar():
                    order = self._enter(site.owner)
                    order.claim(self.number)
                    order.is_erased = True
                    return
                case cst.ImportAlias() | cst.NameItem() | cst.Arg() | cst.BaseElement() | cst.Decorator():
                    self._put(site, ())
                    return
        self._claim(span).is_erased = True

    def _move(self, edit: Move, spans: Sequence[Span], code: str) -> None:
        if code.count(HOLE) != 1:
            raise Misfit(f"its code has {HOLE} {code.count(HOLE)} times")
        if not edit.spans:
            raise Misfit("it moves nothing")
        hole = f"__lazify_hole_{self.number}__"
        fresh = self.reader.statements(code.replace(HOLE, hole))
        if any(line.strip() == HOLE for line in code.splitlines()):
            moved = sorted(spans[: len(edit.spans)])
            self._move_statements(moved, spans[-1] if edit.at else moved[0], fresh, hole)
        elif len(spans) == 1:
            is_whole = re.search(rf"(=|\breturn)[ \t]*{HOLE}[ \t]*(#.*)?$", code, re.MULTILINE) is not None
            self._lift(spans[0], fresh, hole, is_whole=is_whole)
        else:
            raise Misfit("only one expression can go into an expression")

    def _move_statements(self, moved: Sequence[Span], place: Span, fresh: Fresh, hole: str) -> None:
        for span in moved:
            self._claim(span).hole = hole
        self._claim(place).instead = fresh
        self.orders.holes[hole] = Hole([self._statement(span) for span in moved])

    def _lift(self, span: Span, fresh: Fresh, hole: str, *, is_whole: bool) -> None:
        found = [s for s in self.sites.at.get(span, ()) if isinstance(s.node, cst.BaseExpression)]
        if not found:
            raise Misfit("there is no expression")
        statement = found[0].statement
        if not isinstance(statement, cst.BaseSmallStatement):
            raise Misfit("the expression does not stand in a simple statement")
        order = self._enter(statement)
        order.claim(self.number)
        order.instead, order.lifts = fresh, hole
        self.orders.lifted.add(found[0].node)
        self.orders.entered.append((self.number, found[0].node))
        self.orders.holes[hole] = Hole([found[0].node], is_whole)


def place(edits: Sequence[tuple[Edit, Sequence[Span]]], sites: Sites, reader: Reader) -> Orders:
    """Enter all edits, or raise `RewriteError` for the first that does not fit."""
    clerk = _Clerk(sites, reader, Orders())
    for number, (edit, spans) in enumerate(edits):
        clerk.number = number
        try:
            clerk.take(edit, spans)
        except Misfit as error:
            raise misfit(edit, str(error)) from None
        except (cst.ParserSyntaxError, ValueError) as error:
            raise misfit(edit, f"its code is not valid there: {error}") from error
    _erase_empty_statements(clerk.orders)
    return clerk.orders


def merged_names(node: cst.Global | cst.Nonlocal, one: Fresh, other: Fresh) -> Fresh:
    """Join two replacements of the same `global` statement: each may change other names of it."""
    before = [item.name.value for item in node.names]
    first, second = _names(one), _names(other)
    if not len(before) == len(first) == len(second):
        raise Misfit("another edit changes the same statement")
    names = []
    for old, a, b in zip(before, first, second, strict=True):
        if old not in {a, b} and a != b:
            raise Misfit("another edit changes the same name")
        names.append(b if a == old else a)
    line = one.statements[0].with_deep_changes(
        one.statements[0].body[0],  # type: ignore[union-attr, arg-type]  # `_names` has seen that it is a small one
        names=[cst.NameItem(cst.Name(name)) for name in names],
    )
    return Fresh(one.header, (line,), one.footer)


def _names(fresh: Fresh) -> list[str]:
    match fresh.statements:
        case [cst.SimpleStatementLine(body=[cst.Global(names=names) | cst.Nonlocal(names=names)])]:
            return [item.name.value for item in names]
    return []


def misfit(edit: Edit, why: str) -> RewriteError:
    """The error for an edit that cannot be made."""
    match edit:
        case Move(spans=spans):
            line = spans[0].line if spans else 1
        case Replace() | Erase() | InsertBefore() | InsertAfter():
            line = edit.span.line
        case _:
            line = 1
    return RewriteError(f"{edit.path}:{line}: the {type(edit).__name__} planned for it does not fit: {why}")


def _erase_empty_statements(orders: Orders) -> None:
    """An import or `global` without names goes as a whole."""
    for owner in orders.owners:
        names = getattr(owner, "names", None)
        if isinstance(names, Sequence) and all(orders.items.get(name) == () for name in names):
            orders.of(owner).is_erased = True
