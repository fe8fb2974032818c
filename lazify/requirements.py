"""Which versions of other packages a project says it runs with; nothing of it is run."""

import ast
import configparser
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from email.parser import Parser
from pathlib import Path

from lazify.config import read_pyproject

Requirements = Mapping[str, tuple[str, ...]]
"""Normalized name of a package to each version specifier that the project states for it; `` admits all."""

_LINE = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*\(?([^;#)@:]*)\)?")
_CARET = re.compile(r"\^\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?.*")
_TILDE = re.compile(r"~\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?.*")


def read_requirements(root: Path) -> Requirements:
    """Read what stands at the root of a project.

    These are pyproject.toml, setup.cfg, setup.py, *requirements*.txt, requirements/*.txt, and the metadata of an
    unpacked archive.

    Raises ConfigError for a broken pyproject.toml; what is broken elsewhere counts as missing.
    """
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for name, specifier in _stated(root):
        found[_normalized(name)][specifier] = None
    return {name: tuple(specifiers) for name, specifiers in found.items()}


def read_required(root: Path) -> frozenset[str]:
    """Name what is installed wherever the project is: its dependencies without conditions and extras.

    Raises ConfigError for a broken pyproject.toml; what is broken elsewhere counts as missing.
    """
    pyproject = read_pyproject(root / "pyproject.toml")
    lines = [
        *_strings(_at(pyproject, "project", "dependencies")),
        *_text(root / "requirements.txt").splitlines(),
    ]
    lines += _parsed(_text(root / "setup.cfg")).get("options", "install_requires", fallback="").splitlines()
    plain = {name for name, _ in _lines(line for line in lines if ";" not in line)}
    poetry = _at(pyproject, "tool", "poetry", "dependencies")
    for name, value in poetry.items() if isinstance(poetry, dict) else ():
        if not isinstance(value, list | dict) or (
            isinstance(value, dict) and value.keys() <= {"version", "extras"}
        ):
            plain.add(name)
    return frozenset(map(_normalized, plain))


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _stated(root: Path) -> Iterator[tuple[str, str]]:
    pyproject = read_pyproject(root / "pyproject.toml")
    yield from _lines(_strings(_at(pyproject, "project", "dependencies")))
    yield from _lines(_strings(_at(pyproject, "project", "optional-dependencies")))
    yield from _lines(_strings(_at(pyproject, "dependency-groups")))
    yield from _poetry(_at(pyproject, "tool", "poetry", "dependencies"))
    groups = _at(pyproject, "tool", "poetry", "group")
    for group in groups.values() if isinstance(groups, dict) else ():
        yield from _poetry(_at(group, "dependencies"))
    yield from _lines(_setup_cfg(root / "setup.cfg"))
    yield from _lines(_constants(root / "setup.py"))
    for file in [root / "PKG-INFO", *_installed(root)]:
        yield from _lines(Parser().parsestr(_text(file), headersonly=True).get_all("Requires-Dist", ()))
    for file in sorted({*root.glob("*requirements*.txt"), *root.glob("requirements/*.txt")}):
        yield from _lines(_text(file).splitlines())


def _installed(root: Path) -> list[Path]:
    """The metadata of an unpacked wheel; none of a folder into which several are installed."""
    found = sorted(root.glob("*.dist-info/METADATA"))
    return found if len(found) == 1 else []


def _lines(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        match = _LINE.match(line.strip())
        if match is not None and _is_specifier(match[2].strip()):
            yield match[1], match[2].strip()


def _is_specifier(text: str) -> bool:
    return not text or text[0] in "<>=!~"


def _poetry(table: object) -> Iterator[tuple[str, str]]:
    for name, value in table.items() if isinstance(table, dict) else ():
        for each in value if isinstance(value, list) else [value]:
            stated = each.get("version", "") if isinstance(each, dict) else each
            if isinstance(stated, str):
                yield name, ",".join(filter(None, map(_standard, stated.split(","))))


def _standard(term: str) -> str:
    """Translate what only Poetry has: `^0.103.2` is `>=0.103.2,<0.104`, a bare version `==`, `*` nothing."""
    term = term.strip()
    if (match := _CARET.fullmatch(term)) is not None:
        major, minor, patch = (int(part) if part else None for part in match.groups())
        if major or minor is None:
            return f">={term[1:].strip()},<{(major or 0) + 1}"
        return (
            f">={term[1:].strip()},<0.{minor + 1}"
            if minor or patch is None
            else f">={term[1:].strip()},<0.0.{patch + 1}"
        )
    if not term.startswith("~=") and (match := _TILDE.fullmatch(term)) is not None:
        upper = f"{int(match[1]) + 1}" if match[2] is None else f"{match[1]}.{int(match[2]) + 1}"
        return f">={term[1:].strip()},<{upper}"
    if term == "*":
        return ""
    return f"=={term}" if term[:1].isdigit() else term


def _setup_cfg(file: Path) -> Iterator[str]:
    parser = _parsed(_text(file))
    yield from parser.get("options", "install_requires", fallback="").splitlines()
    if parser.has_section("options.extras_require"):
        for value in parser["options.extras_require"].values():
            yield from value.splitlines()


def _parsed(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return configparser.ConfigParser(interpolation=None)
    return parser


def _constants(file: Path) -> Iterator[str]:
    """The strings of a setup.py: its requirements are among them, however it names and joins them."""
    try:
        tree = ast.parse(_text(file))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _at(table: object, *keys: str) -> object:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _strings(value: object) -> Iterator[str]:
    """The strings in a list, or in a table of lists."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        yield from (each for each in value if isinstance(each, str))
