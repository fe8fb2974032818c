"""Unified diffs that `git apply` takes, byte for byte."""

from collections.abc import Iterator, Sequence

from lazify.alignment import Opcode, opcodes

_Lines = Sequence[bytes]

_CONTEXT = 3
_PRINTABLE = range(32, 127)
_NO_NEWLINE = b"\n\\ No newline at end of file\n"
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


def unified(path: str, before: bytes, after: bytes) -> bytes:
    """Tell what changes in the file at `path`, relative and with `/`; empty if nothing does.

    Bytes in, bytes out: a diff of a Latin-1 file is Latin-1. Lines end at `\\n` alone, as they do for git.
    """
    if before == after:
        return b""
    old, new = _lines(before), _lines(after)
    parts = [b"--- %s\n+++ %s\n" % (_name(f"a/{path}"), _name(f"b/{path}"))]
    for hunk in _hunks(opcodes(old, new)):
        parts += _hunk(hunk, old, new)
    return b"".join(parts)


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _name(path: str) -> bytes:
    """Write a path as git does: special characters quoted, a tab behind it where it has spaces."""
    raw = path.encode("utf-8", "surrogateescape")
    if all(byte in _PRINTABLE and byte not in _ESCAPES for byte in raw):
        return raw + b"\t" if b" " in raw else raw
    return b'"%s"' % "".join(map(_escape, raw)).encode("ascii")


def _escape(byte: int) -> str:
    if byte in _ESCAPES:
        return f"\\{_ESCAPES[byte]}"
    return chr(byte) if byte in _PRINTABLE else f"\\{byte:03o}"


def _hunks(codes: Sequence[Opcode]) -> Iterator[list[Opcode]]:
    """Group the changes with the lines around them; those that nearly touch share a hunk."""
    hunk: list[Opcode] = []
    for number, (tag, i, i_end, j, j_end) in enumerate(codes):
        if tag != "equal":
            hunk.append((tag, i, i_end, j, j_end))
            continue
        is_last = number == len(codes) - 1
        if hunk and (is_last or i_end - i > 2 * _CONTEXT):
            count = min(_CONTEXT, i_end - i)
            yield [*hunk, (tag, i, i + count, j, j + count)]
            hunk = []
        elif hunk:
            hunk.append((tag, i, i_end, j, j_end))
        if not hunk and not is_last:
            count = min(_CONTEXT, i_end - i)
            hunk = [(tag, i_end - count, i_end, j_end - count, j_end)]
    if hunk:
        yield hunk


def _hunk(codes: Sequence[Opcode], old: _Lines, new: _Lines) -> Iterator[bytes]:
    first, last = codes[0], codes[-1]
    yield b"@@ -%s +%s @@\n" % (_range(first[1], last[2]), _range(first[3], last[4]))
    for tag, i, i_end, j, j_end in codes:
        if tag == "equal":
            yield from _marked(b" ", old[i:i_end])
        else:
            yield from _marked(b"-", old[i:i_end])
            yield from _marked(b"+", new[j:j_end])


def _range(start: int, end: int) -> bytes:
    """Lines count from 1; an empty range names the line before it."""
    length = end - start
    if length == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + bool(length), length)


def _marked(mark: bytes, lines: _Lines) -> Iterator[bytes]:
    for line in lines:
        yield mark + line if line.endswith(b"\n") else mark + line + _NO_NEWLINE
