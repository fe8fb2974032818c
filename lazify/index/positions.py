"""Places that the syntax tree does not report: names that are defined or captured, the `@` of decorators."""

import ast
import re
import unicodedata
from typing import Any

from lazify.index.walk import Walk
from lazify.model.places import Span

_NAME = r"(?:\w|[^\x00-\x7f])+"  # identifiers hold marks that `\w` is not
_GAP = r"(?:[ \t\f]|\\(?:\r\n|\n|\r))"
_HEADER = re.compile(rf"(?:async{_GAP}+def|def|class){_GAP}+({_NAME})")
_SKIP = r"(?:[\s,)\\]|#[^\r\n]*)*"
_AS = re.compile(rf"{_SKIP}as(?:[\s\\]|#[^\r\n]*)+({_NAME})")
_REST = re.compile(rf"{_SKIP}\*\*(?:[\s\\]|#[^\r\n]*)*({_NAME})")
_LAST_WORD = re.compile(rf"{_NAME}\Z")


class PositionError(ValueError):
    """The text does not hold what the syntax tree says: this is a fault of lazify."""


def statement_span(walk: Walk, node: Any) -> Span:
    """Return the span of a statement with its decorators."""
    span = walk.span(node)
    decorators = getattr(node, "decorator_list", None)
    if not decorators:
        return span
    line, column = _at_sign(walk, walk.span(decorators[0]))
    return Span(line, column, span.end_line, span.end_column)


def definition_span(walk: Walk, node: Any) -> Span:
    """Return the span of the name that a `def` or `class` statement binds."""
    span = walk.span(node)
    return _group(walk, _HEADER, walk.lines.offset(span.line, span.column), node.name)


def span_before(walk: Walk, node: ast.expr, name: str) -> Span:
    """Return the span of `name` in `… as name`, where `node` is what stands before `as`."""
    return _group(walk, _AS, _end(walk, node), name)


def alias_span(walk: Walk, node: ast.alias) -> Span:
    """Return the span of the name that an import binds."""
    span = walk.span(node)
    if node.asname:
        return _last_word(walk, span, node.asname)
    first = node.name.partition(".")[0]
    return _checked(walk, Span(span.line, span.column, span.line, span.column + len(first)), first)


def capture_span(walk: Walk, node: ast.pattern, name: str) -> Span:
    """Return the span of the name that a pattern captures."""
    if not isinstance(node, ast.MatchMapping):
        return _last_word(walk, walk.span(node), name)
    inside = [*node.keys, *node.patterns]
    span = walk.span(node)
    offset = walk.lines.offset(span.line, span.column) + 1
    for part in inside:
        offset = max(offset, _end(walk, part))
    return _group(walk, _REST, offset, name)


def _at_sign(walk: Walk, expression: Span) -> tuple[int, int]:
    """Find the `@` before a decorator's expression, which may stand in parentheses some lines below it."""
    line = expression.line
    text = walk.lines.line(line)[: expression.column]
    while not text.lstrip().startswith("@"):
        line -= 1
        text = walk.lines.line(line)
    return line, len(text) - len(text.lstrip())


def _end(walk: Walk, node: Any) -> int:
    return walk.lines.offset(*walk.end(node))


def _group(walk: Walk, pattern: re.Pattern[str], offset: int, name: str) -> Span:
    match = pattern.match(walk.lines.text, offset)
    if match is None:
        raise PositionError(f"cannot find the name {name!r} at offset {offset}")
    return _checked(walk, walk.lines.between(match.start(1), match.end(1)), name)


def _last_word(walk: Walk, span: Span, name: str) -> Span:
    end = walk.lines.offset(span.end_line, span.end_column)
    # A name may be longer in the text than normalised, though hardly four times.
    text = walk.lines.text[max(0, end - 4 * len(name)) : end]
    match = _LAST_WORD.search(text)
    if match is None:
        raise PositionError(f"cannot find the name {name!r}")
    return _checked(walk, walk.lines.between(end - len(match.group()), end), name)


def _checked(walk: Walk, span: Span, name: str) -> Span:
    text = walk.lines.cut(span)
    if text != name and unicodedata.normalize("NFKC", text) != name:
        raise PositionError(f"{text!r} stands where {name!r} was expected, at line {span.line}")
    return span
