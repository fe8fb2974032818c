"""What stands inside strings: f-strings' replacement fields and quoted annotations, at their own places."""

import ast
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lazify.index.fields import Field, replacement_fields
from lazify.index.mentions import note_piece
from lazify.index.parsing import parse_expression
from lazify.index.walk import Walk
from lazify.model.facts import LiteralRef, Ref, Role

_STR = LiteralRef("str")
_REPORTS_PLACES = sys.version_info >= (3, 12)
"""PEP 701: before it, the positions inside f-strings are guesses."""
_QUOTED = re.compile(r"[uU]?(\"\"\"|'''|\"|')")
_SHOWN = re.compile(r"[\s)]*=(?!=)")


def joined(walk: Walk, node: Any) -> Ref | None:
    """An f-string."""
    if _REPORTS_PLACES or walk.is_unlocated:
        _read_reported(walk, node)
        return _STR
    fields = _fields_of(walk, node)
    placed = _place(walk, node, fields) if fields is not None else None
    if placed is None:
        with unlocated(walk, node):
            _read_reported(walk, node)
        return _STR
    for value, is_shown in placed:
        _visit(walk, value, is_shown=is_shown)
    for piece in _pieces(node):
        note_piece(walk, piece)
    return _STR


def template(walk: Walk, node: Any) -> Ref | None:
    """A template string (PEP 750), which keeps the text of its expressions."""
    with walk.acting(Role.DEBUG):
        _read_reported(walk, node)
    return LiteralRef("Template")


@contextmanager
def unlocated(walk: Walk, node: Any) -> Iterator[None]:
    """Give everything inside the place of the whole string."""
    if walk.is_unlocated:
        yield
        return
    span = walk.span(node)
    before = walk.span, walk.end
    walk.span, walk.end, walk.is_unlocated = (lambda _: span), (lambda _: span[2:]), True
    yield
    (walk.span, walk.end), walk.is_unlocated = before, False


def relocate_quoted(walk: Walk, string: ast.Constant, inner: ast.expr) -> bool:
    """Move an expression parsed from a string to its place in the file; False where it has none."""
    if walk.is_unlocated:
        return False
    span = walk.span(string)
    text = walk.lines.cut(span)
    opening = _QUOTED.match(text)
    if opening is None or span.line != span.end_line:
        return False
    quote = opening.group(1)
    if text != opening.group() + str(string.value) + quote:
        return False
    _shift(inner, string.lineno, string.col_offset + opening.end())
    return True


def _read_reported(walk: Walk, node: Any) -> None:
    before = ""
    for value in node.values:
        if isinstance(value, ast.Constant):
            before = str(value.value)
            note_piece(walk, before)
            continue
        shown = before.rstrip().endswith("=") and not walk.is_unlocated and _is_shown(walk, value.value)
        _visit(walk, value.value, is_shown=shown)
        if value.format_spec:
            _read_reported(walk, value.format_spec)
        before = ""


def _is_shown(walk: Walk, node: ast.expr) -> bool:
    return bool(_SHOWN.match(walk.lines.text, walk.lines.offset(*walk.end(node))))


def _visit(walk: Walk, node: ast.expr, *, is_shown: bool) -> None:
    before = walk.role
    if is_shown:
        walk.role = Role.DEBUG
    walk.visit(node)
    walk.role = before


def _pieces(node: Any) -> Iterator[str]:
    for value in node.values:
        if isinstance(value, ast.Constant):
            yield str(value.value)
        elif value.format_spec:
            yield from _pieces(value.format_spec)


def _fields_of(walk: Walk, node: Any) -> list[Field] | None:
    span = walk.span(node)
    lines = walk.lines
    start, end = lines.offset(span.line, span.column), lines.offset(span.end_line, span.end_column)
    return replacement_fields(lines.text, start, end)


def _values(node: Any) -> Iterator[ast.expr]:
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            yield value.value
            if value.format_spec:
                yield from _values(value.format_spec)


def _place(walk: Walk, node: Any, fields: list[Field]) -> list[tuple[ast.expr, bool]] | None:
    """Give every expression of an f-string at its own place; None if the fields do not fit the tree."""
    values = list(_values(node))
    if len(values) != len(fields):
        return None
    placed: list[tuple[ast.expr, bool]] = []
    for value, field in zip(values, fields, strict=True):
        if isinstance(value, ast.Constant):
            placed.append((value, field.is_shown))
            continue
        inner = value if _move_chain(walk, value, field) else _parse_again(walk, value, field)
        if inner is None:
            return None
        placed.append((inner, field.is_shown))
    return placed


def _parse_again(walk: Walk, value: ast.expr, field: Field) -> ast.expr | None:
    inner = parse_expression(walk.lines.text[field.start : field.end])
    if inner is None or _shape(inner) != _shape(value):
        return None
    line, column = walk.lines.place(field.start)
    _shift(inner, line, walk.lines.byte_column(line, column))
    return inner


def _move_chain(walk: Walk, node: Any, field: Field) -> bool:
    """Move `a.b.c`, the most frequent expression by far, to where its text begins."""
    text = walk.lines.text[field.start : field.end]
    links: list[Any] = []
    while type(node) is ast.Attribute:
        links.append(node)
        node = node.value
    if type(node) is not ast.Name or text != ".".join([node.id, *[link.attr for link in reversed(links)]]):
        return False
    line, column = walk.lines.place(field.start)
    start = end = walk.lines.byte_column(line, column)
    links.append(node)
    for link in reversed(links):
        end += len(link.id.encode()) if link is node else len(link.attr.encode()) + 1
        link.lineno = link.end_lineno = line
        link.col_offset, link.end_col_offset = start, end
    return True


def _shape(node: ast.expr) -> list[tuple[type[ast.AST], object]]:
    return [(type(part), getattr(part, "id", None)) for part in ast.walk(node)]


def _shift(node: ast.expr, line: int, column: int) -> None:
    """Move a tree that `parse_expression` made to where its text begins."""
    for part in ast.walk(node):
        if hasattr(part, "lineno"):
            _move(part, line, column - 1)


def _move(part: Any, line: int, column: int) -> None:
    if part.lineno == 1:
        part.col_offset += column
    if part.end_lineno == 1:
        part.end_col_offset += column
    part.lineno += line - 1
    part.end_lineno += line - 1
