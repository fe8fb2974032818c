"""Rebuilds the list of statements of one block, with sane blank lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from lazify.rewrite.lines import (
    Statement,
    aligned,
    at_least,
    blanks,
    comment_line,
    detach,
    has_comment,
    join,
    leading,
    spacing,
    with_leading,
)
from lazify.rewrite.orders import Order, Orders
from lazify.rewrite.template import Fresh


@dataclass(frozen=True, slots=True)
class Unit:
    """One statement of the block, or those small ones of a line that no order concerns."""

    statement: Statement
    key: cst.CSTNode | None
    """The original node that orders name; None without one."""


@dataclass(slots=True)
class Block:
    """A block that is being rebuilt."""

    orders: Orders
    around_definitions: int
    """Blank lines around functions and classes: 2 in a module, 1 deeper."""
    statements: list[Statement] = field(default_factory=list)
    moved: dict[cst.CSTNode, Statement] = field(default_factory=dict)
    """What goes to placeholders, by the original node."""
    comments: dict[str, cst.Comment] = field(default_factory=dict)
    """What stood behind a statement whose expression goes to a placeholder, by that."""
    done: set[cst.CSTNode] = field(default_factory=set)
    _left: list[cst.EmptyLine] | None = None
    """What stood above statements that went away."""
    _is_fresh: bool = False
    """The last of `statements` is new."""

    def add(self, units: Iterable[Unit]) -> None:
        """Take over statements, and carry out the orders for them."""
        for unit in units:
            order = None if unit.key is None else self.orders.statements.get(unit.key)
            if unit.key is None or order is None:
                self._keep(unit.statement)
            else:
                self.done.add(unit.key)
                self._carry_out(order, unit.statement, unit.key)

    def rest(self) -> list[cst.EmptyLine]:
        """Comments that have lost the statement below them, for the end of the block."""
        return self._left if self._left is not None and has_comment(self._left) else []

    def _carry_out(self, order: Order, statement: Statement, key: cst.CSTNode) -> None:
        apart, own = detach(leading(statement))
        for number, fresh in enumerate(order.before):
            self._put(fresh, apart if number == 0 else [])
        if order.before:
            apart = []
        if order.hole:
            above = [] if order.instead is not None else [*apart[-1:], *map(aligned, own)]
            self.moved[key] = with_leading(statement, above)
        if order.lifts and isinstance(statement, cst.SimpleStatementLine):
            comment = statement.trailing_whitespace.comment
            self.comments |= {} if comment is None else {order.lifts: comment}
        if order.instead is not None:
            self._put(_with_comment(order, statement), [*apart, *own])
        elif order.is_erased or order.hole:
            self._left = apart if self._left is None else join(self._left, apart)
        else:
            self._keep(with_leading(statement, [*apart, *own]))
        for fresh in order.after:
            self._put(fresh, [])

    def _keep(self, statement: Statement) -> None:
        self._append(statement, leading(statement), is_fresh=False)

    def _put(self, fresh: Fresh, above: Sequence[cst.EmptyLine]) -> None:
        lines = [*above, *fresh.header]
        for number, statement in enumerate(fresh.statements):
            self._append(statement, [*(lines if number == 0 else []), *leading(statement)], is_fresh=True)
        if not fresh.statements:
            self._left = join(self._left or [], lines)
        if fresh.footer:
            self._left = join(self._left or [], fresh.footer)

    def _append(self, statement: Statement, lines: Sequence[cst.EmptyLine], *, is_fresh: bool) -> None:
        if self._left is not None:
            is_first = not self.statements and not has_comment(self._left)
            lines = [*self._left, *lines[blanks(lines) :]] if is_first else join(self._left, lines)
            self._left = None
        if self.statements and (is_fresh or self._is_fresh):
            wanted = spacing(self.statements[-1], statement, around_definitions=self.around_definitions)
            lines = at_least(lines, wanted)
        self.statements.append(with_leading(statement, lines))
        self._is_fresh = is_fresh


def units(original: Statement, updated: Statement, orders: Orders) -> list[Unit]:
    """Split a line where orders concern only some of its statements."""
    if not isinstance(original, cst.SimpleStatementLine) or not isinstance(updated, cst.SimpleStatementLine):
        return [Unit(updated, original)]
    concerned = [small for small in original.body if small in orders.statements]
    if not concerned:
        return [Unit(updated, None)]
    if len(original.body) == 1:
        return [Unit(updated, original.body[0])]
    return _split(original, updated, orders)


def _split(original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine, orders: Orders) -> list[Unit]:
    groups: list[tuple[cst.CSTNode | None, list[cst.BaseSmallStatement]]] = []
    for old, new in zip(original.body, updated.body, strict=True):
        key = old if old in orders.statements else None
        if key is None and groups and groups[-1][0] is None:
            groups[-1][1].append(new)
        else:
            groups.append((key, [new]))
    holder = _comment_holder([key for key, _ in groups], orders)
    found = []
    for number, (key, body) in enumerate(groups):
        body[-1] = body[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
        line = cst.SimpleStatementLine(body, leading_lines=updated.leading_lines if number == 0 else [])
        if number == holder:
            line = line.with_changes(trailing_whitespace=updated.trailing_whitespace)
        found.append(Unit(line, key))
    return found


def _comment_holder(keys: Sequence[cst.CSTNode | None], orders: Orders) -> int:
    """The comment behind a line belongs to its last statement that is not erased."""
    staying = [n for n, key in enumerate(keys) if key is None or not orders.statements[key].is_erased]
    return staying[-1] if staying else len(keys) - 1


def _with_comment(order: Order, statement: Statement) -> Fresh:
    """Let the comment behind a statement stay with the first line of the code that replaces it."""
    fresh = order.instead
    assert fresh is not None
    if order.lifts or order.hole or not isinstance(statement, cst.SimpleStatementLine):
        return fresh
    space = statement.trailing_whitespace
    if space.comment is None or not fresh.statements:
        return fresh
    first, *rest = fresh.statements
    if isinstance(first, cst.SimpleStatementLine) and first.trailing_whitespace.comment is None:
        return Fresh(fresh.header, (first.with_changes(trailing_whitespace=space), *rest), fresh.footer)
    return Fresh((*fresh.header, comment_line(space.comment)), fresh.statements, fresh.footer)
