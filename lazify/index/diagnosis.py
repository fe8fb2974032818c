"""Why a file could not be scanned, in one line, and which identifiers it mentions all the same."""

import re
import sys
import unicodedata

from lazify.index.reading import UnreadableError

_WORD = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")
_ASCII_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_PYTHON_2_MESSAGES = re.compile(
    r"Missing parentheses in call to '(print|exec)'|multiple exception types must be|leading zeros in decimal"
    r"|parameters cannot be parenthesized"
)
_PYTHON_2_LINE = re.compile(
    r"""
      ^\s* (print | exec) \s+ [^\s=.(\[,)]           # print "x", print >> f, exec code
    | ^\s* print \s* $
    | ^\s* except \s+ [\w.()\s,]+? , \s* \w+ \s* :   # except E, e:
    | ^\s* raise \s+ [\w.]+ \s* , \s* \S             # raise E, "text"
    | \b 0 \d+ [lL]? \b | \b \d+ [lL] \b             # 0777, 10L
    | \b [uU][rR] ["'] | <> | ` [^`]+ `              # ur"x", a <> b, `x`
    """,
    re.VERBOSE,
)


def diagnose(error: Exception, text: str = "") -> tuple[str, int | None]:
    """Say why scanning `text` raised `error`, and on which line."""
    match error:
        case UnreadableError():
            return str(error), error.line
        case SyntaxError() if "too many nested" in error.msg:
            return "too deeply nested", error.lineno
        case SyntaxError():
            return _syntax(error, text), error.lineno
        case RecursionError() | MemoryError():
            return "too deeply nested", None
        case _:
            return f"lazify's scanner failed, please report it: {type(error).__name__}: {error}", None


def mentioned_words(data: bytes) -> frozenset[str]:
    """Find every identifier in `data`, whatever its encoding, or more: UTF-16 is ASCII with NUL bytes."""
    data = data.replace(b"\0", b"")
    found = {*_WORD.findall(data), *_ASCII_WORD.findall(data)}
    words = {word.decode("utf-8", "replace") for word in found}
    return frozenset(words | {unicodedata.normalize("NFKC", word) for word in words if not word.isascii()})


def _syntax(error: SyntaxError, text: str) -> str:
    if _is_python_2(error, text):
        return f"looks like Python 2: {error.msg}"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"not valid for Python {version}: {error.msg}"


def _is_python_2(error: SyntaxError, text: str) -> bool:
    if _PYTHON_2_MESSAGES.search(error.msg):
        return True
    lines = text.splitlines()
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    return bool(_PYTHON_2_LINE.search(line))
