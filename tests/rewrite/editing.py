"""Says edits by the text they concern instead of by figures."""

import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import pytest

from lazify.errors import RewriteError
from lazify.model.changes import AddImport, Edit, Erase, InsertAfter, InsertBefore, Move, Replace
from lazify.model.places import Span
from lazify.rewrite import rewrite

PATH = Path("app/m.py")

GETTER = """\
_x = None


def get_x() -> Foo:
    global _x
    if _x is None:
        _x = __lazify_hole__
    return _x
"""

LONG_GETTER = """\
_x = None


def get_x() -> Foo:
    global _x
    if _x is None:
        __lazify_hole__
        _x = x
    return _x
"""


@dataclass(frozen=True)
class Source:
    """A file, and edits at the `nth` place where a piece of its text stands as whole words."""

    text: str

    def at(self, piece: str, nth: int = 0) -> Span:
        start, end = (r"\b" if re.match(r"\w", character) else "" for character in (piece[0], piece[-1]))
        pattern = re.compile(start + re.escape(piece) + end)
        found = list(pattern.finditer(self.text))[nth]
        return Span(*self._place(found.start()), *self._place(found.end()))

    def _place(self, offset: int) -> tuple[int, int]:
        lines = re.split(r"\r\n|\r|\n", self.text[:offset])
        return len(lines), len(lines[-1])

    def replace(self, piece: str, code: str, nth: int = 0) -> Edit:
        return Replace(path=PATH, span=self.at(piece, nth), code=code)

    def erase(self, piece: str, nth: int = 0) -> Edit:
        return Erase(path=PATH, span=self.at(piece, nth))

    def before(self, piece: str, code: str, nth: int = 0) -> Edit:
        return InsertBefore(path=PATH, span=self.at(piece, nth), code=code)

    def after(self, piece: str, code: str, nth: int = 0) -> Edit:
        return InsertAfter(path=PATH, span=self.at(piece, nth), code=code)

    def move(self, *pieces: str, code: str, at: str | None = None) -> Edit:
        place = None if at is None else self.at(at)
        return Move(path=PATH, spans=tuple(self.at(piece) for piece in pieces), code=code, at=place)

    def becomes(self, expected: str, *edits: Edit) -> None:
        if expected.startswith("\n  "):
            expected = dedent(expected)[1:]
        assert rewrite(self.text, edits) == expected

    def refuses(self, *edits: Edit, because: str) -> None:
        with pytest.raises(RewriteError, match=because):
            rewrite(self.text, edits)


def source(text: str) -> Source:
    return Source(dedent(text).removeprefix("\n"))


def add(module: str, name: str | None = None) -> Edit:
    return AddImport(path=PATH, module=module, name=name)
