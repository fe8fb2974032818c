"""Positions in one file: from the syntax tree's bytes to characters, and from spans to offsets."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate, count
from operator import add
from typing import Any, Protocol

from lazify.model.places import Span

NEWLINE = re.compile(r"\r\n|\n|\r")
"""What Python's tokenizer takes for the end of a line; form feeds and U+2028 are not."""

new: Any = tuple.__new__  # a NamedTuple's own constructor is three times slower


class Located(Protocol):
    """A node of the syntax tree that has a position."""

    lineno: int
    col_offset: int
    end_lineno: int | None
    end_col_offset: int | None


class Lines:
    """The text of one file and where its lines begin."""

    def __init__(self, text: str) -> None:
        """Take the decoded text, newlines as they are."""
        self.text = text
        self._wide = {} if text.isascii() else _wide_lines(text)
        self.span = self._wide_span if self._wide else plain_span
        self.end = self._wide_end if self._wide else plain_end

    @cached_property
    def starts(self) -> Sequence[int]:
        """The offset of each line's first character."""
        text = self.text
        if "\r" in text:
            return [0, *(match.end() for match in NEWLINE.finditer(text))]
        lengths = accumulate(map(len, text.split("\n")[:-1]), initial=0)
        return list(map(add, lengths, count()))

    @property
    def count(self) -> int:
        """How many lines the file has; a final newline starts no line."""
        starts = self.starts
        return len(starts) - (starts[-1] == len(self.text))

    @property
    def newline(self) -> str:
        """The first newline, or `\\n` where there is none."""
        match = NEWLINE.search(self.text)
        return match.group() if match else "\n"

    def line(self, number: int) -> str:
        """Return a line, with its newline."""
        starts = self.starts
        return self.text[starts[number - 1] : starts[number] if number < len(starts) else None]

    def offset(self, line: int, column: int) -> int:
        """Turn a line and a column in characters into an offset."""
        return self.starts[line - 1] + column

    def place(self, offset: int) -> tuple[int, int]:
        """Turn an offset into a line and a column in characters."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1]

    def byte_column(self, line: int, column: int) -> int:
        """Turn a column in characters into the syntax tree's column."""
        raw = self._wide.get(line)
        return column if raw is None else len(raw.decode()[:column].encode())

    def between(self, start: int, end: int) -> Span:
        """Return the span between two offsets."""
        return Span(*self.place(start), *self.place(end))

    def cut(self, span: Span) -> str:
        """Return the text at `span`."""
        return self.text[self.offset(span.line, span.column) : self.offset(span.end_line, span.end_column)]

    def _column(self, line: int, column: int) -> int:
        raw = self._wide.get(line)
        return column if raw is None else len(raw[:column].decode(errors="replace"))

    def _wide_span(self, node: Any) -> Span:
        line, end = node.lineno, node.end_lineno
        span: Span = new(
            Span, (line, self._column(line, node.col_offset), end, self._column(end, node.end_col_offset))
        )
        return span

    def _wide_end(self, node: Any) -> tuple[int, int]:
        return node.end_lineno, self._column(node.end_lineno, node.end_col_offset)


def plain_span(node: Any) -> Span:
    """Return the span of a node in a file of ASCII alone."""
    span: Span = new(Span, (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset))
    return span


def plain_end(node: Any) -> tuple[int, int]:
    """Return where a node ends in a file of ASCII alone."""
    return node.end_lineno, node.end_col_offset


def _wide_lines(text: str) -> dict[int, bytes]:
    lines = NEWLINE.split(text)
    return {number: line.encode() for number, line in enumerate(lines, 1) if not line.isascii()}
