"""What a project says of itself in pyproject.toml, setup.cfg or setup.py; nothing of it is run."""

import ast
import configparser
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lazify.config import read_pyproject

PythonVersion = tuple[int, int]

_CANDIDATES: tuple[PythonVersion, ...] = ((2, 7), *((3, minor) for minor in range(40)))
_POETRY_SHORTHAND = re.compile(r"([\^~]?)\s*(\d+)(?:\.(\d+))?((?:\.[\d*]+)*)")
"""`^3.9`, `~3.9`, `3.9`; what stands in front of a plain version (`>=`) is not part of the match."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What decides how careful a rewrite must be."""

    oldest_python: PythonVersion | None = None
    """The oldest one that the project says it runs on; None where it does not say so clearly."""
    is_distributed: bool = False
    """Others may install it and import its names: it has a name and a way to be built."""


def read_metadata(root: Path) -> Metadata:
    """Read what stands at the root of a project.

    Raises ConfigError for a broken pyproject.toml; what is broken elsewhere counts as missing.
    """
    pyproject = read_pyproject(root / "pyproject.toml")
    cfg = _read_setup_cfg(root / "setup.cfg")
    arguments = _read_setup_py(root / "setup.py")
    stated = (
        _at(pyproject, "project", "requires-python"),
        _at(pyproject, "tool", "poetry", "dependencies", "python"),
        cfg.get("options", "python_requires", fallback=None),
        arguments.get("python_requires"),
    )
    has_setup_name = cfg.has_option("metadata", "name") or "name" in arguments
    return Metadata(
        oldest_python=next(filter(None, map(_oldest, stated)), None),
        is_distributed=has_setup_name or _is_distributed(pyproject),
    )


def _is_distributed(pyproject: Mapping[str, object]) -> bool:
    has_name = _at(pyproject, "project", "name") or _at(pyproject, "tool", "poetry", "name")
    if not has_name or "build-system" not in pyproject:
        return False
    if False in (_at(pyproject, "tool", "poetry", "package-mode"), _at(pyproject, "tool", "uv", "package")):
        return False
    classifiers = _at(pyproject, "project", "classifiers")
    return not (
        isinstance(classifiers, list) and any(str(each).startswith("Private ::") for each in classifiers)
    )


def _oldest(stated: object) -> PythonVersion | None:
    """Find the oldest Python that a requirement admits; None where it admits none or cannot be understood."""
    if not isinstance(stated, str) or not stated.strip():
        return None
    from packaging.specifiers import InvalidSpecifier, SpecifierSet  # costs 20 ms, and few runs need it

    try:
        alternatives = [SpecifierSet(part) for part in _standard(stated).split("||")]
    except InvalidSpecifier:
        return None
    patches = ("0", "99", *re.findall(r"\d+\.\d+\.(\d+)", stated))
    for major, minor in _CANDIDATES:
        releases = [f"{major}.{minor}.{patch}" for patch in patches]
        if any(each.contains(release) for each in alternatives for release in releases):
            return major, minor
    return None


def _standard(stated: str) -> str:
    """Translate what only Poetry has: `^3.9`, `~3.9`, a bare `3.9` or `3.9.*`, `||`."""
    alternatives = (part.split(",") for part in stated.replace("||", "|").split("|"))
    return "||".join(",".join(map(_standard_term, terms)) for terms in alternatives)


def _standard_term(term: str) -> str:
    term = term.strip()
    shorthand = _POETRY_SHORTHAND.fullmatch(term)
    if shorthand is None:
        return "" if term == "*" else term
    operator, major, minor, rest = shorthand.groups()
    if operator == "^" or (operator == "~" and minor is None):
        return f">={term.lstrip('^~ ')},<{int(major) + 1}"
    if operator == "~":
        return f">={term.lstrip('~ ')},<{major}.{int(minor) + 1}"
    return f"=={term}" if rest else f"=={term}.*"


# The three files.


def _at(table: Mapping[str, object], *keys: str) -> object:
    value: object = table
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _read_setup_cfg(file: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(file.read_text("utf-8-sig"), source=str(file))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return configparser.ConfigParser()
    return parser


def _read_setup_py(file: Path) -> dict[str, object]:
    """Find the arguments of `setup(...)`: a constant's value, None for what is computed."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return {}  # missing, or not for this Python: the scanner reports it
    return {
        keyword.arg: getattr(keyword.value, "value", None)
        if isinstance(keyword.value, ast.Constant)
        else None
        for call in _setup_calls(tree)
        for keyword in call.keywords
        if keyword.arg
    }


def _setup_calls(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("setup", "setuptools.setup"):
            yield node
