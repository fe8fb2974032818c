"""Rebuilds the list of statements of one block, with sane blank lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from lazify.rewrite.lines import (
    Statement,
    aligned,
    at_least,
    blanks,
    comment_line,
    detach,
    fold_name,
    has_comment,
    is_import,
    join,
    leading,
    spacing,
    starts_with_import,
    with_leading,
    without_headings,
)
from lazify.rewrite.orders import Order, Orders
from lazify.rewrite.template import Fresh

_TYPES = re.compile(r"#[ \t]*type:[ \t]*\(")
_COMMA = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_Piece = tuple[cst.BaseSmallStatement, cst.BaseSmallStatement]


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments of a statement: those above it, if they do not stay there, and the one behind it."""

    above: tuple[cst.EmptyLine, ...] = ()
    behind: cst.Comment | None = None


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
    is_module: bool = False
    statements: list[Statement] = field(default_factory=list)
    moved: dict[cst.CSTNode, Statement] = field(default_factory=dict)
    """What goes to placeholders, by the original node."""
    comments: dict[str, Comments] = field(default_factory=dict)
    """Those of statements whose expression goes to a placeholder, by that."""
    done: set[cst.CSTNode] = field(default_factory=set)
    _left: list[cst.EmptyLine] | None = None
    """What stood above statements that went away."""
    _is_fresh: bool = False
    """The last of `statements` is new."""
    _headings: list[cst.EmptyLine] = field(default_factory=list)
    """Of what stands in `_left`, the comments that stayed above an import that went."""

    def add(self, original: Statement, updated: Statement) -> None:
        """Take over a line or compound statement, and carry out the orders for it."""
        for unit in self._units(original, updated):
            order = None if unit.key is None else self.orders.statements.get(unit.key)
            if unit.key is None or order is None:
                self._keep(unit.statement)
            else:
                self.done.add(unit.key)
                self._carry_out(order, unit.statement, unit.key)

    def rest(self) -> list[cst.EmptyLine]:
        """Comments that have lost the statement below them, for the end of the block."""
        return self._left if self._left is not None and has_comment(self._left) else []

    @property
    def _is_top(self) -> bool:
        return self.is_module and not self.statements and self._left is None

    def _carry_out(self, order: Order, statement: Statement, key: cst.CSTNode) -> None:
        apart, own = detach(leading(statement))
        if order.keeps_comments and order.leaves:
            self._headings += own
            apart, own = [*apart, *own], []
        if order.is_only_erased and self._is_top and not apart:
            # Comments from the first line on may be about the file: they stay without its first statement.
            apart, own = own, []
        if order.before and not self.is_module and all(map(is_import, order.before[0].statements)):
            lines = [*apart, *own]  # comments are about what follows the imports of a function
            cut = blanks(lines) + (not self.statements and _starts_with_types(lines))
            apart, own = lines[:cut], lines[cut:]
        for number, fresh in enumerate(order.before):
            if number == 0 and order.leaves:
                apart, own = [*apart, *own], []
            self._put(fresh, apart if number == 0 else [])
            apart = []
        if order.hole:
            above = [] if order.instead is not None else [*apart[-1:], *map(aligned, own)]
            self.moved[key] = with_leading(statement, above)
        if order.lifts:
            self.comments[order.lifts] = _comments(own if order.leaves else [], statement)
        if order.instead is not None:
            self._put(_with_comment(order, statement), [*apart, *own])
        elif order.leaves:
            is_gap = self._left is not None and not self.statements and not has_comment([*self._left, *apart])
            if not is_gap:  # between two that leave, at the beginning of the block
                self._left = apart if self._left is None else join(self._left, apart)
        else:
            self._keep(with_leading(statement, [*apart, *own]))
        for fresh in _joined(order.after):
            self._put(fresh, [])

    def _units(self, original: Statement, updated: Statement) -> list[Unit]:
        """Split a line where orders concern only some of its statements."""
        pieces = _pieces(original, updated)
        if not pieces:
            return [Unit(updated, original)]
        keys = [old if old in self.orders.statements else None for old, _ in pieces]
        if len(pieces) == 1 or not any(keys):
            return [Unit(updated, keys[0])]
        erased = [key for key in keys if key is not None and self.orders.statements[key].is_only_erased]
        if len(erased) == len(pieces):
            erased = erased[1:]
        self.done |= set(erased)
        return self._split(updated, [(old, new) for old, new in pieces if old not in erased])

    def _split(self, line: Statement, pieces: Sequence[_Piece]) -> list[Unit]:
        groups: list[tuple[cst.CSTNode | None, list[cst.BaseSmallStatement]]] = []
        for old, new in pieces:
            key: cst.CSTNode | None = old if old in self.orders.statements else None
            if key is None and groups and groups[-1][0] is None:
                groups[-1][1].append(new)
            else:
                groups.append((key, [new]))
        found = []
        for number, (key, body) in enumerate(groups):
            is_last = number == len(groups) - 1
            body[-1] = body[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)
            space = _space(line) if is_last else cst.TrailingWhitespace()
            above = leading(line) if number == 0 else []
            found.append(Unit(cst.SimpleStatementLine(body, above, space), key))
        return found

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
            if self._headings and (blanks(lines) or not starts_with_import(statement)):
                self._left = without_headings(self._left, self._headings)
            is_first = not self.statements and not has_comment(self._left)
            lines = [*self._left, *lines[blanks(lines) :]] if is_first else join(self._left, lines)
            self._left, self._headings = None, []
        if self.statements and (is_fresh or self._is_fresh):
            wanted = spacing(self.statements[-1], statement, around_definitions=2 if self.is_module else 1)
            is_after_imports = self._is_fresh and not is_fresh and _imports(self.statements[-1])
            is_other = not is_import(statement) and fold_name(statement) is None
            is_other = is_other or has_comment(detach(lines)[0])
            lines = at_least(lines, max(wanted, is_after_imports and is_other))
        self.statements.append(statement if lines == leading(statement) else with_leading(statement, lines))
        self._is_fresh = is_fresh


def _starts_with_types(lines: Sequence[cst.EmptyLine]) -> bool:
    """Tell whether the first comment gives the types of the function that the block is of (PEP 484)."""
    comment = next((line.comment.value for line in lines if line.comment is not None), "")
    return _TYPES.match(comment) is not None


def _joined(found: Sequence[Fresh]) -> list[Fresh]:
    """Put names of one module on one line, where no comment and no alias parts them, as isort does."""
    joined: list[Fresh] = []
    for fresh in found:
        match [*joined[-1:], fresh]:
            case [
                Fresh(
                    (), (cst.SimpleStatementLine(body=[cst.ImportFrom(names=[*names]) as first]) as line,), ()
                ),
                Fresh(
                    (), (cst.SimpleStatementLine(body=[cst.ImportFrom(names=[*more]) as other]) as below,), ()
                ),
            ] if _is_plain(line, first) and _is_plain(below, other) and _source(first) == _source(other):
                separated = [*names[:-1], names[-1].with_changes(comma=_COMMA), *more]
                whole = line.with_changes(body=[first.with_changes(names=separated)])
                joined[-1] = Fresh((), (whole,), ())
            case _:
                joined.append(fresh)
    return joined


def _is_plain(line: cst.SimpleStatementLine, statement: cst.ImportFrom) -> bool:
    names = [] if isinstance(statement.names, cst.ImportStar) else statement.names
    return line.trailing_whitespace.comment is None and all(each.asname is None for each in names)


def _source(statement: cst.ImportFrom) -> tuple[int, str]:
    """Where the names come from: the number of dots, and the module."""
    return len(statement.relative), cst.Module([]).code_for_node(statement.module) if statement.module else ""


def _imports(statement: Statement) -> bool:
    """Tell whether all that it does is to import, be it under a guard."""
    if isinstance(statement, cst.Try | cst.If):
        return all(
            isinstance(each, cst.SimpleStatementLine) and is_import(each) for each in statement.body.body
        )
    return is_import(statement)


def _pieces(original: Statement, updated: Statement) -> list[_Piece]:
    """The small statements of a line, before and after the edits inside them."""
    if not isinstance(original, cst.SimpleStatementLine) or not isinstance(updated, cst.SimpleStatementLine):
        return []
    return list(zip(original.body, updated.body, strict=True))


def _comments(above: Sequence[cst.EmptyLine], statement: Statement) -> Comments:
    return Comments(tuple(map(aligned, above)), _space(statement).comment)


def _space(statement: Statement) -> cst.TrailingWhitespace:
    """What follows a line; a compound statement has nothing behind it."""
    return (
        statement.trailing_whitespace
        if isinstance(statement, cst.SimpleStatementLine)
        else cst.TrailingWhitespace()
    )


def _with_comment(order: Order, statement: Statement) -> Fresh:
    """Let the comment behind a statement stay with the code that replaces it."""
    fresh = order.instead or Fresh((), (), ())
    if order.lifts or order.hole or not isinstance(statement, cst.SimpleStatementLine):
        return fresh
    space = statement.trailing_whitespace
    if space.comment is None or not fresh.statements:
        return fresh
    lines = list(fresh.statements)
    index = len(lines) - 1 if order.is_end else 0
    line = lines[index]
    if isinstance(line, cst.SimpleStatementLine) and line.trailing_whitespace.comment is None:
        lines[index] = line.with_changes(trailing_whitespace=space)
    else:
        lines[index] = with_leading(line, [*leading(line), comment_line(space.comment)])
    return Fresh(fresh.header, tuple(lines), fresh.footer)
