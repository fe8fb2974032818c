"""Where the replacement fields of an f-string stand, read from its source as Python before 3.12 reads it."""

import re
from typing import NamedTuple

_TOKEN = re.compile(r"([A-Za-z]{0,2})(\"\"\"|'''|\"|')")
_GAP = re.compile(r"(?:[ \t\f\r\n\\]|#[^\r\n]*)*")
_PLAIN = re.compile(r"""[^\\{}'"]+""")
"""Text that means itself, whatever the quotes."""
_PLAIN_CODE = re.compile(r"""[^'"()\[\]{}=!<>:]+""")
"""Code that neither ends an expression nor hides an end."""
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


class Field(NamedTuple):
    """The offsets of one expression; fields of its format follow it."""

    start: int
    end: int
    is_shown: bool
    """`{x=}`"""


class _MisreadError(Exception):
    pass


def replacement_fields(text: str, start: int, end: int) -> list[Field] | None:
    """List the fields of the string literals between two offsets in order; None where they cannot be read."""
    fields: list[Field] = []
    try:
        while start < end:
            token = _TOKEN.match(text, start)
            if token is None:
                return None
            prefix, quote = token.group(1).lower(), token.group(2)
            reader = _Reader(text, token.end(), quote, fields, is_raw="r" in prefix)
            start = reader.literal() if "f" in prefix else reader.plain()
            gap = _GAP.match(text, start)
            start = gap.end() if gap else start
    except (IndexError, _MisreadError):
        return None
    return fields


class _Reader:
    def __init__(self, text: str, at: int, quote: str, fields: list[Field], *, is_raw: bool) -> None:
        self._text, self._at, self._quote, self._fields = text, at, quote, fields
        self._is_raw = is_raw

    def plain(self) -> int:
        """Skip a string that is no f-string; return where it ends."""
        while not self._text.startswith(self._quote, self._at):
            self._at += 2 if self._text[self._at] == "\\" else 1
        return self._at + len(self._quote)

    def literal(self) -> int:
        """Read an f-string to its end."""
        while not self._text.startswith(self._quote, self._at):
            self._literal_step(nested=False)
        return self._at + len(self._quote)

    def _literal_step(self, *, nested: bool) -> None:
        text, at = self._text, self._at
        character = text[at]
        if character == "\\":
            self._escape()
        elif character in "{}" and text[at + 1] == character and not nested:
            self._at += 2
        elif character == "{":
            self._at += 1
            self._field()
        else:
            self._skip(_PLAIN)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        """Go on by one character, or by as many as mean nothing."""
        match = pattern.match(self._text, self._at)
        self._at = match.end() if match else self._at + 1

    def _escape(self) -> None:
        following = self._text[self._at + 1]
        if self._is_raw:  # a backslash keeps a quote from ending the string, but `{` still begins a field
            self._at += 1 if following in "{}" else 2
        elif following == "N" and self._text[self._at + 2] == "{":
            self._at = self._text.index("}", self._at) + 1
        else:
            self._at += 1 if following in "{}" else 2

    def _field(self) -> None:
        start = self._at
        self._expression()
        end = self._at
        position = len(self._fields)
        is_shown = self._text[self._at] == "="
        self._fields.append(Field(start, end, is_shown))
        if is_shown:
            self._at += 1
            while self._text[self._at].isspace():
                self._at += 1
        if self._text[self._at] == "!":
            self._at += 2
            while self._text[self._at].isspace():
                self._at += 1
        if self._text[self._at] == ":":
            self._at += 1
            self._specification()
        if self._text[self._at] != "}" or len(self._fields) <= position:
            raise _MisreadError
        self._at += 1

    def _specification(self) -> None:
        while self._text[self._at] != "}":
            if self._text.startswith(self._quote, self._at):
                raise _MisreadError
            self._literal_step(nested=True)

    def _expression(self) -> None:
        """Go to the character that ends an expression: one of `=!:}` outside of brackets."""
        closing: list[str] = []
        while True:
            character = self._text[self._at]
            if character in "'\"":
                self._string(character)
            elif character in _BRACKETS:
                closing.append(_BRACKETS[character])
                self._at += 1
            elif closing:
                if character == closing[-1]:
                    closing.pop()
                self._skip(_PLAIN_CODE)
            elif character in "=!<>":
                if self._text[self._at + 1] == "=":
                    self._at += 2
                elif character in "<>":
                    self._at += 1
                else:
                    return
            elif character in ":}":
                return
            else:
                self._skip(_PLAIN_CODE)

    def _string(self, quote: str) -> None:
        text = self._text
        if text.startswith(quote * 3, self._at):
            quote *= 3
        self._at = text.index(quote, self._at + len(quote)) + len(quote)
