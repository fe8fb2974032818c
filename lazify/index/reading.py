"""Bytes to text and back, exactly: byte order mark, PEP 263 cookie, newlines as they are."""

import codecs
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_FIRST_TWO_LINES = re.compile(rb"[^\r\n]*(?:\r\n?|\n)?[^\r\n]*(?:\r\n?|\n)?")
_BIJECTIVE = frozenset({"utf-8", "ascii", "us-ascii", "iso-8859-1"})


class UnreadableError(ValueError):
    """A file is no Python text; the message says why in one line."""

    def __init__(self, why: str, *, line: int | None = None) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a file says, and all that is needed to write it back."""

    text: str
    """Without the byte order mark, with its own newlines."""
    encoding: str
    bom: bool


def read(path: Path) -> Text:
    """Read one Python file.

    Raises OSError and UnreadableError.
    """
    return decode(path.read_bytes())


def decode(data: bytes) -> Text:
    """Decode as the Python compiler would (PEP 263).

    Raises UnreadableError.
    """
    if data.startswith(_WIDE_MARKS):
        raise UnreadableError("is UTF-16 or UTF-32, which Python does not read: save it as UTF-8", line=1)
    if b"\0" in data:
        raise UnreadableError("has NUL bytes", line=_line(data, data.index(b"\0")))
    bom = data.startswith(codecs.BOM_UTF8)
    encoding = _encoding(data)
    body = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + (len(codecs.BOM_UTF8) if bom else 0)
        why = f"not valid {encoding}: byte 0x{data[at]:02x} at offset {at}"
        raise UnreadableError(why, line=_line(data, at)) from error
    except (LookupError, UnicodeError) as error:  # codecs of bytes to bytes; codecs with errors of their own
        raise UnreadableError(f"cannot be decoded as {encoding}: {error}", line=1) from error
    decoded = Text(text=text, encoding=encoding, bom=bom)
    if encoding not in _BIJECTIVE and encode(text, decoded) != data:
        raise UnreadableError(f"written in {encoding} in a way that cannot be written back byte for byte")
    return decoded


def encode(text: str, like: Text) -> bytes:
    """Encode `text` the way that `like` was read.

    Raises UnicodeEncodeError where the encoding has no such character.
    """
    return (codecs.BOM_UTF8 if like.bom else b"") + text.encode(like.encoding)


def _encoding(data: bytes) -> str:
    head = _FIRST_TWO_LINES.match(data)
    lines = iter(head[0].splitlines(keepends=True) if head else ())
    try:
        encoding, _ = tokenize.detect_encoding(lambda: next(lines, b""))
    except SyntaxError as error:
        return _problem(str(error))
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    if encoding.replace("_", "-").startswith(("utf-16", "utf-32")):
        raise UnreadableError(f"declares {encoding}, which Python does not read: save it as UTF-8", line=1)
    return encoding


def _problem(message: str) -> str:
    """Say in one line what `tokenize.detect_encoding` raised, or name the encoding that fails to decode."""
    kind, _, name = message.partition(": ")
    if kind == "unknown encoding":
        raise UnreadableError(f"declares the unknown encoding {name}", line=1)
    if kind == "encoding problem":
        raise UnreadableError("begins with a UTF-8 byte order mark but declares another encoding", line=1)
    return "utf-8"


def _line(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
