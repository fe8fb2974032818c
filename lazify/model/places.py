"""Where things are: sources, spans in them, and the files that could not be read."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a file: lines count from 1, columns in characters from 0, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int

    def contains(self, other: "Span") -> bool:
        """Tell whether `other` lies within this span (equal spans contain each other)."""
        return self[:2] <= other[:2] and other[2:] <= self[2:]


class Place(NamedTuple):
    """A span of one file."""

    path: Path
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One Python file of the project, not yet read."""

    path: Path
    """Absolute, not resolved: a symlink keeps its own name."""
    root: Path
    """The project root that the file belongs to."""
    module: str
    """The dotted name by which the project would import it; `app` for `app/__init__.py`."""
    is_package: bool = False
    is_test: bool = False
    """Tests, conftest files and fixtures: what they do at import is no cold start."""
    is_selected: bool = True
    """Named by PATHS: findings are reported here; other files only follow the changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file that could not be processed, and why."""

    path: Path
    why: str
    line: int | None = None
    words: frozenset[str] = frozenset()
    """Every identifier the file mentions: it counts as a user of all of them."""
