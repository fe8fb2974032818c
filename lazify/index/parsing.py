"""One `ast.parse` of a file, also where it says `lazy import` and the running Python is older than that."""

import ast
import io
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lazify.index.lines import NEWLINE

_LAZY = re.compile(r"lazy[ \t\f\\]")  # begins with a literal, which makes searching fast
_KNOWS_LAZY = sys.version_info >= (3, 15)
_STAND_IN = "0  ;"
"""An expression and a semicolon as wide as `lazy`: the import behind it keeps its place."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, and the import statements in it that PEP 810 makes lazy."""

    tree: ast.Module
    lazy: frozenset[ast.stmt]


def parse(text: str) -> Parsed:
    """Parse a file; raises what `ast.parse` raises, which is more than SyntaxError."""
    try:
        tree = _parse(text)
    except SyntaxError as error:
        lazy = _without_lazy(text)
        if lazy is None:
            raise
        try:
            tree = _parse(lazy.text)
        except SyntaxError:
            raise error from None
        return Parsed(tree, frozenset(_restore(tree, lazy.places)))
    if not _KNOWS_LAZY or not _LAZY.search(text):
        return Parsed(tree, frozenset())
    statements = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return Parsed(tree, frozenset(node for node in statements if getattr(node, "is_lazy", 0)))


def parse_expression(text: str) -> ast.expr | None:
    """Parse what stands in a string, in parentheses as Python does; None when it is no expression."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class _Masked:
    text: str
    places: frozenset[tuple[int, int]]
    """Line and column (in bytes) of each `lazy`."""


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes are the author's concern
        return ast.parse(text)


def _without_lazy(text: str) -> _Masked | None:
    if not _LAZY.search(text):
        return None
    lines = NEWLINE.split(text)
    ends = NEWLINE.findall(text)
    places = []
    for line, column in _keywords(lines):
        raw = lines[line - 1]
        places.append((line, len(raw[:column].encode())))
        lines[line - 1] = raw[:column] + _STAND_IN + raw[column + 4 :]
    return _Masked("".join(map("".join, zip(lines, [*ends, ""], strict=True))), frozenset(places))


def _keywords(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Find every `lazy` that begins a statement and stands before `import` or `from`."""
    before, lazy = tokenize.NEWLINE, None
    begins = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
            if token.type in (tokenize.NL, tokenize.COMMENT):
                continue
            if lazy and token.string in ("import", "from"):
                yield lazy
            starts = before in begins or before == tokenize.OP
            lazy = token.start if token.string == "lazy" and starts else None
            before = token.type if token.type != tokenize.OP or token.string in ";:" else tokenize.NAME
    except (tokenize.TokenError, SyntaxError):
        return


def _restore(tree: ast.Module, places: frozenset[tuple[int, int]]) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        for field in ("body", "orelse", "finalbody"):
            body: Any = getattr(node, field, None)
            if isinstance(body, list):
                yield from _restore_in(body, places)


def _restore_in(body: list[ast.stmt], places: frozenset[tuple[int, int]]) -> Iterator[ast.stmt]:
    for index in range(len(body) - 1, -1, -1):
        stand_in = body[index]
        if isinstance(stand_in, ast.Expr) and (stand_in.lineno, stand_in.col_offset) in places:
            statement = body[index + 1]
            statement.lineno, statement.col_offset = stand_in.lineno, stand_in.col_offset
            del body[index]
            yield statement
