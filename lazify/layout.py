"""The files that say how a project lays out its code."""

from collections.abc import Iterator
from pathlib import Path

_NAMES = ("pyproject.toml", "ruff.toml", ".ruff.toml", ".isort.cfg", "setup.cfg", "tox.ini")


def folders(root: Path) -> list[Path]:
    """The root, and the folders above it within its repository."""
    above = [root, *root.parents]
    end = next((n for n, folder in enumerate(above) if (folder / ".git").exists()), 0)
    return above[: end + 1]


def layout_files(root: Path) -> Iterator[Path]:
    """List the places where settings of Black, isort and ruff may stand."""
    return (folder / name for folder in folders(root) for name in _NAMES)
