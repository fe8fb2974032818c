"""Results go to stdout as bytes, everything else to stderr, and every run ends with an exit code."""

import atexit
import gc
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TextIO

from lazify.errors import LazifyError

DONE = 0
FINDINGS = 1
FAILED = 2
INTERRUPTED = 130

P = ParamSpec("P")


def has_colours(stream: TextIO) -> bool:
    """Tell whether to colour what goes there: a terminal that can, and https://no-color.org not asked for."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def put(data: bytes, stream: TextIO | None = None) -> None:
    """Write a result to stdout, or what else is more than text; a reader that has gone away is no error."""
    stream = stream or sys.stdout
    try:
        stream.flush()
        stream.buffer.write(data)
        stream.buffer.flush()
    except BrokenPipeError:
        _drain(stream)


def tell(*lines: str, end: str = "\n") -> None:
    """Write lines to stderr."""
    try:
        for line in lines:
            sys.stderr.write(line + end)
        sys.stderr.flush()
    except BrokenPipeError:
        _drain(sys.stderr)


def ask(question: str) -> str:
    """Put a question on stderr and read a line; raises EOFError at the end of the input."""
    tell(question, end="")
    answer = sys.stdin.readline()
    if not sys.stdin.isatty():
        tell(answer.rstrip("\n"))  # nobody typed the line end that a terminal would show
    if not answer:
        raise EOFError
    return answer


def ends(command: Callable[P, int]) -> Callable[P, None]:
    """Make a function that returns an exit code a command: whatever it raises ends in one line on stderr."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except (KeyboardInterrupt, Exception) as error:
            code = _told(error)
        atexit.register(gc.freeze)  # taking millions of records apart takes longer than all the work
        sys.exit(code)

    return run


def _told(error: BaseException) -> int:
    """Say how a command ended, and give its exit code."""
    if _is_interruption(error):
        tell("", "lazify: interrupted; no file is half-written")
        return INTERRUPTED
    tell(f"lazify: {_line(error)}")
    if os.environ.get("LAZIFY_DEBUG"):
        tell(traceback.format_exc(), end="")
    return FAILED


def _is_interruption(error: BaseException | None) -> bool:
    """Tell whether somebody pressed Ctrl-C: what a library then leaves in a hurry may fail in its own way."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _line(error: BaseException) -> str:
    if isinstance(error, LazifyError | OSError):
        return str(error)
    words = " ".join(str(error).split())
    return (
        f"this is a bug in lazify: {type(error).__name__}: {words} at {_origin(error)};"
        " please report it, with what LAZIFY_DEBUG=1 shows"
    )


def _origin(error: BaseException) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def _drain(stream: TextIO) -> None:
    # What is still buffered must go somewhere, or the interpreter complains when it ends.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
