"""Words that are safe to show: paths, places, quoted source code."""

from pathlib import Path

from lazify.model.places import Place


def shown(path: Path, base: Path) -> str:
    """Give the path relative to `base` if it lies inside, absolute otherwise."""
    return printable(path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path))


def position(at: Place, base: Path) -> str:
    """Give `path:line`."""
    return f"{shown(at.path, base)}:{at.span.line}"


def counted(number: int, noun: str) -> str:
    """Give `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def one_line(text: str) -> str:
    """Put text that may quote source code into one line: none of it must be taken for a patch header."""
    return printable(" ".join(text.split()))


def printable(text: str) -> str:
    """Spell out characters that would steer a terminal; bytes of a path that are no UTF-8 stay."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or "\udc80" <= char <= "\udcff" else ascii(char)[1:-1] for char in text
    )


def encoded(text: str) -> bytes:
    """Encode our own words, with the bytes of a path that are no UTF-8 as they were."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")
