"""Items between commas: taking one away leaves the comments and the layout of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import libcst as cst

Gap = cst.BaseParenthesizableWhitespace
_Row = TypeVar("_Row", bound=cst.CSTNode)

_NOTHING = cst.SimpleWhitespace("")


@dataclass(slots=True)
class Row:
    """The items, and the space after the opening bracket and before the closing one."""

    opening: Gap
    items: list[Any]  # their types differ by what holds them; LibCST has no common one with `comma`
    closing: Gap

    def has(self, item: cst.CSTNode, but: int) -> bool:
        """Tell whether an equal import alias or name stands elsewhere in the row."""
        if not isinstance(item, cst.ImportAlias | cst.NameItem):
            return False
        return any(_code(item) == _code(other) for n, other in enumerate(self.items) if n != but)

    def drop(self, index: int) -> None:
        """Take one item away with the comments on its line and above it."""
        gone = self.items.pop(index)
        if not self.items:
            self.opening = self.closing = _NOTHING
        elif index == len(self.items):
            self._close(gone)
        else:
            self._set_gap(index, _merged(self._gap(index), gone.comma.whitespace_after, is_first=index == 0))

    def swap(self, index: int, new: Sequence[Any]) -> None:
        """Put other items in the place of one."""
        old = self.items[index]
        spaced = [
            item.with_changes(comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))) for item in new
        ]
        spaced[-1] = spaced[-1].with_changes(comma=old.comma)
        self.items[index : index + 1] = spaced

    def append(self, item: Any) -> None:
        """Put an item behind the last one, on a line of its own where that has one."""
        gap = self._gap(len(self.items) - 1)
        is_closed = isinstance(self.items[-1].comma, cst.Comma)
        if isinstance(gap, cst.ParenthesizedWhitespace):
            gap = gap.with_changes(
                first_line=cst.TrailingWhitespace(newline=gap.first_line.newline), empty_lines=[]
            )
            gap = self._with_closing_comments(gap)
        else:
            gap = cst.SimpleWhitespace(" ")
        comma = self.items[-1].comma if is_closed else cst.Comma()
        self.items[-1] = self.items[-1].with_changes(comma=comma.with_changes(whitespace_after=gap))
        end = cst.Comma() if is_closed else cst.MaybeSentinel.DEFAULT
        self.items.append(item.with_changes(comma=end))

    def _with_closing_comments(self, gap: cst.ParenthesizedWhitespace) -> cst.ParenthesizedWhitespace:
        """Comments behind the last item stay behind it when another follows."""
        closing = self.closing
        if not isinstance(closing, cst.ParenthesizedWhitespace):
            return gap
        first, lines = closing.first_line, closing.empty_lines
        plain = cst.TrailingWhitespace(newline=first.newline)
        self.closing = closing.with_changes(first_line=plain, empty_lines=[])
        return gap.with_changes(first_line=first, empty_lines=lines)

    def end_with(self, space: Gap) -> None:
        """Put space behind the last comma."""
        last = self.items[-1]
        self.items[-1] = last.with_changes(comma=last.comma.with_changes(whitespace_after=space))

    def _gap(self, index: int) -> Gap:
        """The space before the item at `index`."""
        return self.items[index - 1].comma.whitespace_after if index else self.opening

    def _set_gap(self, index: int, gap: Gap) -> None:
        if index:
            item = self.items[index - 1]
            self.items[index - 1] = item.with_changes(comma=item.comma.with_changes(whitespace_after=gap))
        else:
            self.opening = gap

    def _close(self, gone: Any) -> None:
        """The last item went: what was before it is now the end."""
        item = self.items[-1]
        before = item.comma.whitespace_after
        comma: cst.Comma | cst.MaybeSentinel = cst.MaybeSentinel.DEFAULT
        if isinstance(gone.comma, cst.Comma):
            comma = item.comma.with_changes(whitespace_after=_NOTHING)
        self.items[-1] = item.with_changes(comma=comma)
        if isinstance(before, cst.ParenthesizedWhitespace):
            if isinstance(self.closing, cst.ParenthesizedWhitespace):
                self.closing = self.closing.with_changes(first_line=before.first_line)
            elif before.first_line.comment is not None:
                self.closing = before.with_changes(empty_lines=[])


def _code(item: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(item.with_changes(comma=cst.MaybeSentinel.DEFAULT))


def _merged(left: Gap, right: Gap, *, is_first: bool) -> Gap:
    """The space that stays when the item between two spaces goes."""
    if not isinstance(right, cst.ParenthesizedWhitespace):
        return left
    if isinstance(left, cst.ParenthesizedWhitespace):
        return right.with_changes(first_line=left.first_line)
    has_comments = any(line.comment for line in right.empty_lines)
    return left if is_first and not has_comments else right


def edit_row(node: _Row, edit: Callable[[Row], None]) -> _Row:
    """Change the items of a node that holds some."""
    match node:
        case cst.List() | cst.Set():
            left, right = ("lbracket", "rbracket") if isinstance(node, cst.List) else ("lbrace", "rbrace")
            return _bracketed(node, edit, "elements", left, right)
        case cst.Call():
            return _call(node, edit)  # type: ignore[return-value]  # a call comes back
        case cst.Tuple() if node.lpar:
            return _tuple(node, edit)  # type: ignore[return-value]  # a tuple comes back
        case cst.ImportFrom(lpar=cst.LeftParen()) | cst.LazyImportFrom(lpar=cst.LeftParen()):
            return _bracketed(node, edit, "names", "lpar", "rpar")
        case cst.Tuple():
            return _bare(node, edit, "elements")
        case _:
            return _bare(node, edit, "names")


def with_arguments(call: cst.Call, new: Sequence[cst.Arg]) -> cst.Call:
    """Put arguments behind those that a call has."""
    if not call.args:
        return call.with_changes(args=list(new))

    def edit(row: Row) -> None:
        for item in new:
            row.append(item)

    return _call(call, edit)


def _bracketed(node: _Row, edit: Callable[[Row], None], items: str, left: str, right: str) -> _Row:
    opening, closing = getattr(node, left), getattr(node, right)
    row = Row(opening.whitespace_after, list(getattr(node, items)), closing.whitespace_before)
    # LibCST keeps the space before the bracket of an import in the last comma, if there is one.
    in_comma = isinstance(row.items[-1].comma, cst.Comma) and isinstance(
        node, cst.ImportFrom | cst.LazyImportFrom
    )
    if in_comma:
        row.closing = row.items[-1].comma.whitespace_after
        row.end_with(_NOTHING)
    edit(row)
    if in_comma and row.items:
        row.end_with(row.closing)
        row.closing = _NOTHING
    changes = {
        items: row.items,
        left: opening.with_changes(whitespace_after=row.opening),
        right: closing.with_changes(whitespace_before=row.closing),
    }
    return node.with_changes(**changes)


def _tuple(node: cst.Tuple, edit: Callable[[Row], None]) -> cst.Tuple:
    *outer, opening = node.lpar
    closing, *rest = node.rpar
    row = Row(opening.whitespace_after, list(node.elements), closing.whitespace_before)
    edit(row)
    return node.with_changes(
        elements=row.items,
        lpar=[*outer, opening.with_changes(whitespace_after=row.opening)],
        rpar=[closing.with_changes(whitespace_before=row.closing), *rest],
    )


def _call(node: cst.Call, edit: Callable[[Row], None]) -> cst.Call:
    """A call keeps the space before its closing bracket in the last item."""
    *args, last = node.args
    row = Row(node.whitespace_before_args, list(node.args), last.whitespace_after_arg)
    if isinstance(last.comma, cst.Comma):
        row.closing = last.comma.whitespace_after
        row.end_with(_NOTHING)
    else:
        row.items = [*args, last.with_changes(whitespace_after_arg=_NOTHING)]
    edit(row)
    if row.items and isinstance(row.items[-1].comma, cst.Comma):
        row.end_with(row.closing)
    elif row.items:
        row.items[-1] = row.items[-1].with_changes(whitespace_after_arg=row.closing)
    return node.with_changes(args=row.items, whitespace_before_args=row.opening)


def _bare(node: _Row, edit: Callable[[Row], None], items: str) -> _Row:
    row = Row(_NOTHING, list(getattr(node, items)), _NOTHING)
    edit(row)
    return node.with_changes(**{items: row.items})
