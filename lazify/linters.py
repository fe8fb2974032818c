"""Rules of the project's linters that speak against what lazify does to imports, as they are configured."""

import configparser
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lazify.config import read_pyproject

RULES = ("E402", "PLC0415", "TID253")
"""ruff's module-import-not-at-top-of-file, import-outside-top-level and
banned-module-level-imports."""
_DEFAULTS = ("E4", "E7", "E9", "F")
"""What ruff checks where nothing is selected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linters:
    """What the project's linters look at."""

    root: Path = Path()
    """The folder that paths in their configuration are relative to."""
    ruff: frozenset[str] = frozenset()
    """Those of `RULES` that ruff checks."""
    banned: frozenset[str] = frozenset()
    """Modules that TID253 reports at module level; PLC0415 lets them be in functions then."""
    file: str = "pyproject.toml"
    """Where ruff is configured."""
    flake8: str | None = None
    """The file that configures flake8, if it checks E402."""

    def table(self, name: str) -> str:
        """Name a table of ruff's `lint` section as it stands in the project's file."""
        prefix = "tool.ruff." if self.file == "pyproject.toml" else ""
        return f"[{prefix}lint.{name}] of {self.file}"


def read_linters(root: Path) -> Linters:
    """Read the configuration of ruff and flake8 beside the project.

    Raises ConfigError for a broken pyproject.toml; another broken file counts as missing.
    """
    file, table = _ruff(root)
    if table is None:
        return Linters(root=root, flake8=_flake8(root))
    tidy = _inner(_inner(table, "lint"), "flake8-tidy-imports") or _inner(table, "flake8-tidy-imports")
    return Linters(
        root=root,
        ruff=frozenset(rule for rule in RULES if _is_selected(table, rule)),
        banned=frozenset(_strings(tidy.get("banned-module-level-imports"))),
        file=file,
        flake8=_flake8(root),
    )


def _ruff(root: Path) -> tuple[str, Mapping[str, object] | None]:
    for name in (".ruff.toml", "ruff.toml"):
        try:
            return name, tomllib.loads((root / name).read_text("utf-8-sig"))
        except (OSError, ValueError):
            continue
    tool = _inner(read_pyproject(root / "pyproject.toml"), "tool")
    return "pyproject.toml", _inner(tool, "ruff") if "ruff" in tool else None


def _inner(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _is_selected(table: Mapping[str, object], rule: str) -> bool:
    """The longest prefix decides; where one is selected and ignored, it is ignored."""
    tables = (table, _inner(table, "lint"))
    chosen = [each["select"] for each in tables if "select" in each]
    selected = [code for codes in chosen for code in _strings(codes)] if chosen else [*_DEFAULTS]
    selected += (code for each in tables for code in _strings(each.get("extend-select")))
    ignored = [
        code for each in tables for key in ("ignore", "extend-ignore") for code in _strings(each.get(key))
    ]
    return _longest(selected, rule) > _longest(ignored, rule)


def _longest(codes: Iterable[str], rule: str) -> int:
    return max(
        (0 if code == "ALL" else len(code) for code in codes if code == "ALL" or rule.startswith(code)),
        default=-1,
    )


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _flake8(root: Path) -> str | None:
    for name in (".flake8", "setup.cfg", "tox.ini"):
        parser = configparser.RawConfigParser()
        try:
            parser.read_string((root / name).read_text("utf-8-sig"))
        except (OSError, ValueError, configparser.Error):
            continue
        if parser.has_section("flake8"):
            ignored = (parser.get("flake8", key, fallback="") for key in ("ignore", "extend-ignore"))
            codes = ",".join(ignored).replace("\n", ",").split(",")
            return None if any(code.strip() and "E402".startswith(code.strip()) for code in codes) else name
    return None
