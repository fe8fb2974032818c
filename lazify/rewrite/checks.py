"""The last look at a rewritten file, before anyone else sees it."""

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lazify.errors import RewriteError
from lazify.statements import parse, without_lazy

_DEPTH = 20_000
"""LibCST takes some ten frames for each level; Python's own frames need no C stack."""


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Let LibCST walk what Python's own parser can read: sums of a thousand terms, long chains of calls."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def check_compiles(text: str, before: str, path: Path) -> None:
    """Raise `RewriteError` if the text is no valid Python, though the text before was."""
    why = _fault(text)
    if why is None:
        return
    # A notebook's `await` at module level does not compile, before or after: that it can be parsed has to do.
    if _fault(before) is None or not _can_be_parsed(text):
        raise RewriteError(f"{path}: the edits together make no valid Python: {why}")


def _fault(text: str) -> str | None:
    try:
        _compile(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return None


def _can_be_parsed(text: str) -> bool:
    try:
        parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _compile(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<rewritten>", "exec", dont_inherit=True)
        except SyntaxError:
            if (plain := without_lazy(text)) == text:
                raise
            compile(plain, "<rewritten>", "exec", dont_inherit=True)
