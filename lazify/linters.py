"""Rules of the project's linters that ask for imports at the top, and how to tell them otherwise."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from lazify.config import read_pyproject

_UNDOES = "PLC0415"
"""ruff's import-outside-top-level."""


def advice(root: Path) -> str | None:
    """Say what to configure where ruff reports imports in functions; None where it does not.

    Raises ConfigError for a broken pyproject.toml; a broken ruff.toml counts as missing.
    """
    tables = [_ruff_toml(root / name) for name in (".ruff.toml", "ruff.toml")]
    pyproject = read_pyproject(root / "pyproject.toml")
    tool = pyproject.get("tool")
    ruff = tool.get("ruff") if isinstance(tool, dict) else None
    where = "[lint.per-file-ignores] of ruff.toml"
    table = next((each for each in tables if each is not None), None)
    if table is None:
        where, table = (
            "[tool.ruff.lint.per-file-ignores] of pyproject.toml",
            ruff if isinstance(ruff, dict) else {},
        )
    if not _is_selected(table):
        return None
    return f'ruff reports imports in functions here: add "path/of/file.py" = ["{_UNDOES}"] under {where}'


def _ruff_toml(file: Path) -> Mapping[str, object] | None:
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return None


def _is_selected(table: Mapping[str, object]) -> bool:
    inner = table.get("lint")
    tables = [table, inner] if isinstance(inner, dict) else [table]
    selected = [
        code for each in tables for key in ("select", "extend-select") for code in _codes(each.get(key))
    ]
    ignored = [
        code for each in tables for key in ("ignore", "extend-ignore") for code in _codes(each.get(key))
    ]
    longest = max((len(code) for code in selected if _UNDOES.startswith(code)), default=-1)
    if "ALL" in selected:
        longest = max(longest, 0)
    return longest >= 0 and not any(_UNDOES.startswith(code) and len(code) >= longest for code in ignored)


def _codes(value: object) -> list[str]:
    return [code for code in value if isinstance(code, str)] if isinstance(value, list) else []
