"""The entry points that a project lists of itself, for programs that look for plugins: groups, and their modules."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lazify.statements import parse

_SECTION = re.compile(r"""\[\s*(?:project\.entry-points|tool\.poetry\.plugins)\.["']?([^"'\]]+)["']?\s*\]""")
"""`[project.entry-points."shop.plugins"]`"""
_CFG = "[options.entry_points]"
_CFG_GROUP = re.compile(r"(\S+)\s*=\s*$")
_GROUP = re.compile(r"\s*\[([^\]]+)\]\s*$")
_ENTRY = re.compile(r"""\s*[^\s=]+\s*=\s*["']?([^\W\d][\w.]*)""")
"""`store = "shop.store:Store"`"""


def entry_points(texts: Mapping[Path, str]) -> dict[str, frozenset[str]]:
    """Read the modules of each group from pyproject.toml, setup.cfg and setup.py."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file, text in texts.items():
        for group, name in _of_setup(text) if file.name == "setup.py" else _of_sections(text):
            found[group].add(name)
    return {group: frozenset(names) for group, names in found.items()}


def _of_sections(text: str) -> Iterator[tuple[str, str]]:
    group, is_cfg = "", False
    for line in text.splitlines():
        if line.startswith("["):
            section = _SECTION.match(line)
            group, is_cfg = section[1] if section else "", line.strip() == _CFG
        elif is_cfg and (header := _CFG_GROUP.match(line)):
            group = header[1]
        elif group and (entry := _ENTRY.match(line)):
            yield group, entry[1]


def _of_setup(text: str) -> Iterator[tuple[str, str]]:
    """`entry_points={"shop.plugins": ["store = shop.store:Store"]}`, wherever the file has such a table, or a text."""
    if "entry_points" not in text:
        return
    try:
        nodes = [*ast.walk(parse(text))]
    except (SyntaxError, ValueError):
        return
    for node in nodes:
        groups: Iterable[tuple[ast.expr | None, ast.expr]] = ()
        match node:
            case ast.Dict(keys=keys, values=values):
                groups = zip(keys, values, strict=True)
            case ast.Call(func=ast.Name(id="dict"), keywords=keywords):
                groups = ((ast.Constant(each.arg), each.value) for each in keywords)
            case ast.Constant(value=str(lines)) if "\n" in lines:
                yield from _of_lines(lines)
        for key, value in groups:
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield from ((key.value, name) for name in _listed(value))


def _of_lines(text: str) -> Iterator[tuple[str, str]]:
    """A text with lines like those of a file of its own: `[shop.plugins]`."""
    group = ""
    for line in text.splitlines():
        if header := _GROUP.match(line):
            group = header[1]
        elif group and (entry := _ENTRY.match(line)):
            yield group, entry[1]


def _listed(value: ast.expr) -> Iterator[str]:
    for node in ast.walk(value):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (m := _ENTRY.match(node.value)):
            yield m[1]
