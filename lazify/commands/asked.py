"""What commands make of the command line, each in the same way."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from lazify.progress import Bar
from lazify.request import Request


def request(paths: Sequence[Path], flags: Mapping[str, object]) -> Request:
    """Give the request with only those flags that were given."""
    given = {name: value for name, value in flags.items() if value not in (None, (), False)}
    return Request(paths=tuple(paths) or (Path(),), flags=given)


def bar() -> Bar:
    """Give a progress bar, which only a terminal sees."""
    return Bar(visible=sys.stderr.isatty())
