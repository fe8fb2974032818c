"""Enters edits as orders: each finds exactly one place, or it is an error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from lazify.errors import RewriteError
from lazify.model.changes import HOLE, AddArgument, Edit, Erase, InsertAfter, InsertBefore, Move, Replace
from lazify.model.places import Span
from lazify.rewrite.names import renamed
from lazify.rewrite.orders import Hole, MisfitError, Order, Orders
from lazify.rewrite.sites import Site, Sites
from lazify.rewrite.template import Fresh, Reader


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
            case Erase(keeps_comments=keeps_comments):
                self._erase(spans[0], keeps_comments=keeps_comments)
            case InsertBefore(code=code):
                self._order(spans[0]).before.append(self.reader.statements(code))
            case InsertAfter(code=code):
                self._order(spans[0]).after.append(self.reader.statements(code))
            case Move(code=code):
                self._move(edit, spans, code)
            case AddArgument(code=code):
                self._add_argument(spans[0], code)
            case _:
                raise MisfitError(f"{type(edit).__name__} has no place")

    def _statement(self, span: Span) -> cst.CSTNode:
        node = self.sites.statement(span)
        if node is None:
            raise MisfitError("nothing that fits it stands there")
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
            raise MisfitError("another edit replaces the same expression")
        self.orders.expressions[node] = new
        self.orders.entered.append((self.number, node))

    def _replace_statement(self, span: Span, code: str) -> None:
        node = self._statement(span)
        new = self.reader.statements(code)
        names = renamed(node, new)
        if names is not None:
            for item, instead in names.items():
                self._put(Site(item, node, node), tuple(instead))
            return
        order = self._enter(node)
        order.claim(self.number)
        order.instead = new

    def _put(self, site: Site, items: Sequence[cst.CSTNode]) -> None:
        if site.node in self.orders.items:
            raise MisfitError("another edit changes the same item")
        self.orders.items[site.node] = items
        self.orders.entered.append((self.number, site.node))
        self.orders.owners.add(site.owner)

    def _erase(self, span: Span, *, keeps_comments: bool) -> None:
        for site in self.sites.at.get(span, ()):
            match site.node:
                case cst.ImportStar():
                    order = self._enter(site.owner)
                    order.claim(self.number)
                    order.is_erased = True
                    return
                case cst.ImportAlias() | cst.NameItem() | cst.Arg() | cst.BaseElement() | cst.Decorator():
                    self._put(site, ())
                    if keeps_comments:
                        self.orders.keeping.add(site.owner)
                    return
        order = self._claim(span)
        order.is_erased, order.keeps_comments = True, keeps_comments

    def _add_argument(self, span: Span, code: str) -> None:
        calls = [site.node for site in self.sites.at.get(span, ()) if isinstance(site.node, cst.Call)]
        if not calls:
            raise MisfitError("there is no call")
        self.orders.added.setdefault(calls[0], []).extend(self.reader.arguments(code))
        self.orders.entered.append((self.number, calls[0]))

    def _move(self, edit: Move, spans: Sequence[Span], code: str) -> None:
        if code.count(HOLE) != 1:
            raise MisfitError(f"its code has {HOLE} {code.count(HOLE)} times")
        if not edit.spans:
            raise MisfitError("it moves nothing")
        hole = f"__lazify_hole_{self.number}__"
        fresh = self.reader.statements(code.replace(HOLE, hole))
        if any(line.strip() == HOLE for line in code.splitlines()):
            moved = sorted(spans[: len(edit.spans)])
            self._move_statements(moved, spans[-1] if edit.at else moved[0], fresh, hole)
        elif len(edit.spans) == 1:
            is_whole = re.search(rf"(=|\breturn)[ \t]*{HOLE}[ \t]*(#.*)?$", code, re.MULTILINE) is not None
            order = self._lift(spans[0], hole, is_whole=is_whole)
            if edit.at is not None:
                order = self._claim(spans[1])
            order.instead, order.is_end = fresh, edit.at is not None
        else:
            raise MisfitError("only one expression can go into an expression")

    def _move_statements(self, moved: Sequence[Span], place: Span, fresh: Fresh, hole: str) -> None:
        for span in moved:
            self._claim(span).hole = hole
        order = self._claim(place)
        order.instead, order.is_end = fresh, place not in moved
        self.orders.holes[hole] = Hole([self._statement(span) for span in moved])

    def _lift(self, span: Span, hole: str, *, is_whole: bool) -> Order:
        found = [s for s in self.sites.at.get(span, ()) if isinstance(s.node, cst.BaseExpression)]
        if not found:
            raise MisfitError("there is no expression")
        statement = found[0].statement
        if not isinstance(statement, cst.BaseSmallStatement):
            raise MisfitError("the expression does not stand in a simple statement")
        order = self._enter(statement)
        order.claim(self.number)
        order.lifts = hole
        self.orders.lifted.add(found[0].node)
        self.orders.entered.append((self.number, found[0].node))
        self.orders.holes[hole] = Hole([found[0].node], is_whole)
        return order


def place(edits: Sequence[tuple[Edit, Sequence[Span]]], sites: Sites, reader: Reader) -> Orders:
    """Enter all edits, or raise `RewriteError` for the first that does not fit."""
    clerk = _Clerk(sites, reader, Orders())
    for number, (edit, spans) in enumerate(edits):
        clerk.number = number
        try:
            clerk.take(edit, spans)
        except MisfitError as error:
            raise misfit(edit, str(error)) from None
        except (cst.ParserSyntaxError, cst.CSTValidationError, ValueError) as error:
            # str() of a ParserSyntaxError may itself fail.
            why = error.message if isinstance(error, cst.ParserSyntaxError) else error
            raise misfit(edit, f"its code is not valid there: {why}") from error
    _erase_empty_statements(clerk.orders)
    return clerk.orders


def misfit(edit: Edit, why: str) -> RewriteError:
    """The error for an edit that cannot be made."""
    match edit:
        case Move(spans=spans):
            line = spans[0].line if spans else 1
        case Replace() | Erase() | InsertBefore() | InsertAfter() | AddArgument():
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
            orders.of(owner).keeps_comments = owner in orders.keeping
