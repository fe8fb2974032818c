"""How a project wants its code laid out, from its project files."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lazify.layout import folders

_BLACK_WIDTH = 88


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the project lays out its code."""

    line_length: int = _BLACK_WIDTH
    string_normalization: bool = True
    magic_trailing_comma: bool = True
    target_versions: frozenset[str] = frozenset()
    """`py311`, …; empty: Black tells from the code."""
    preview: bool = False
    unstable: bool = False
    is_configured: bool = False
    """The project says so itself."""
    indents_with_tabs: bool = False


def settings(root: Path) -> Settings:
    """Read `[tool.black]`, else `[tool.ruff]`, from the nearest project file within the repository."""
    for folder in folders(root):
        document = read_toml(folder / "pyproject.toml")
        tools = as_table(document.get("tool"))
        if isinstance(tools.get("black"), Mapping):
            return _of_black(tools["black"], document)
        for ruff in (
            read_toml(folder / ".ruff.toml"),
            read_toml(folder / "ruff.toml"),
            as_table(tools.get("ruff")),
        ):
            if ruff:
                return _of_ruff(ruff, document)
    return Settings()


def read_toml(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # A missing or broken project file says nothing about layout; `load_config` names a broken one.
        return {}


def as_table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _of_black(table: Mapping[str, Any], document: Mapping[str, Any]) -> Settings:
    named = {key.replace("--", "").replace("-", "_"): value for key, value in table.items()}
    return Settings(
        line_length=_width(named.get("line_length")),
        string_normalization=not named.get("skip_string_normalization", False),
        magic_trailing_comma=not named.get("skip_magic_trailing_comma", False),
        target_versions=_versions(named.get("target_version"), document),
        preview=bool(named.get("preview", False)),
        unstable=bool(named.get("unstable", False)),
        is_configured=True,
    )


def _of_ruff(table: Mapping[str, Any], document: Mapping[str, Any]) -> Settings:
    layout = as_table(table.get("format"))
    return Settings(
        line_length=_width(table.get("line-length")),
        string_normalization=layout.get("quote-style", "double") == "double",
        magic_trailing_comma=not layout.get("skip-magic-trailing-comma", False),
        target_versions=_versions(table.get("target-version"), document),
        is_configured=True,
        indents_with_tabs=layout.get("indent-style") == "tab",
    )


def _width(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else _BLACK_WIDTH


def _versions(value: object, document: Mapping[str, Any]) -> frozenset[str]:
    """The versions that are named, as far as this Black knows them; else those that the project requires."""
    from black.files import infer_target_version
    from black.mode import TargetVersion

    named = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    known = frozenset(str(name).lower() for name in named if str(name).upper() in TargetVersion.__members__)
    required = (
        infer_target_version({"project": dict(as_table(document.get("project")))}) if not known else None
    )
    return known or frozenset(version.name.lower() for version in required or ())
