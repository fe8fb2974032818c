"""Unified diffs that `git apply` takes, byte for byte."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_Lines = Sequence[bytes]
_Opcode = tuple[str, int, int, int, int]

_CONTEXT = 3
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
    for hunk in _hunks(_opcodes(old, new)):
        parts += _hunk(hunk, old, new)
    return b"".join(parts)


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _name(path: str) -> bytes:
    """Write a path as git does: quoted where it has special characters, with a tab behind where it has spaces."""
    raw = path.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in _ESCAPES for byte in raw):  # noqa: PLR2004 - the printable ASCII characters
        return raw + b"\t" if b" " in raw else raw
    return b'"%s"' % "".join(map(_escape, raw)).encode("ascii")


def _escape(byte: int) -> str:
    if byte in _ESCAPES:
        return f"\\{_ESCAPES[byte]}"
    return chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"  # noqa: PLR2004 - the printable ASCII characters


def _opcodes(old: _Lines, new: _Lines) -> list[_Opcode]:
    """What difflib says, asked only about the stretches between lines that surely stayed."""
    found: list[_Opcode] = []
    i = j = 0
    for next_i, next_j in [*_anchors(old, new), (len(old), len(new))]:
        _extend(found, old, new, (i, next_i, j, next_j))
        i, j = next_i, next_j
    return found


def _extend(found: list[_Opcode], old: _Lines, new: _Lines, bounds: tuple[int, int, int, int]) -> None:
    """Compare one stretch, without what is equal at its start and end."""
    i, i_end, j, j_end = bounds
    start = _common(old, new, bounds)
    _append(found, ("equal", i, i + start, j, j + start))
    i, j = i + start, j + start
    end = 0
    while i_end - end > i and j_end - end > j and old[i_end - end - 1] == new[j_end - end - 1]:
        end += 1
    matcher = SequenceMatcher(None, old[i : i_end - end], new[j : j_end - end])
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        _append(found, (tag, i + a, i + a_end, j + b, j + b_end))
    _append(found, ("equal", i_end - end, i_end, j_end - end, j_end))


def _common(old: _Lines, new: _Lines, bounds: tuple[int, int, int, int]) -> int:
    i, i_end, j, j_end = bounds
    count = 0
    while i + count < i_end and j + count < j_end and old[i + count] == new[j + count]:
        count += 1
    return count


def _append(found: list[_Opcode], code: _Opcode) -> None:
    """Add an opcode, joined to the one before where both say the same."""
    tag, i, i_end, j, j_end = code
    if i == i_end and j == j_end:
        return
    if found and found[-1][0] == tag:
        _, i, _, j, _ = found.pop()
    elif found and "equal" not in {tag, found[-1][0]}:
        _, i, _, j, _ = found.pop()
        tag = "replace" if i < i_end and j < j_end else tag
    found.append((tag, i, i_end, j, j_end))


def _anchors(old: _Lines, new: _Lines) -> list[tuple[int, int]]:
    """Lines that stand once in both files, in the same order in both: the idea of patience diff."""
    places = _once(new)
    pairs = [(i, places[line]) for line, i in _once(old).items() if line in places]
    return _increasing(pairs)


def _once(lines: _Lines) -> dict[bytes, int]:
    seen: dict[bytes, int] = {}
    for number, line in enumerate(lines):
        seen[line] = -1 if line in seen else number
    return {line: number for line, number in seen.items() if number >= 0}


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest part of the pairs in which the second figure grows, too."""
    ends: list[int] = []
    tails: list[int] = []
    before: list[int] = []
    for number, (_, j) in enumerate(pairs):
        place = bisect_left(ends, j)
        ends[place : place + 1] = [j]
        tails[place : place + 1] = [number]
        before.append(tails[place - 1] if place else -1)
    found: list[tuple[int, int]] = []
    number = tails[-1] if tails else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _hunks(codes: Sequence[_Opcode]) -> Iterator[list[_Opcode]]:
    """Group the changes with the lines around them; those that nearly touch share a hunk."""
    hunk: list[_Opcode] = []
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


def _hunk(codes: Sequence[_Opcode], old: _Lines, new: _Lines) -> Iterator[bytes]:
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
