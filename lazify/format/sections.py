"""How a project wants its imports sorted, from its project files, as isort's own options."""

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lazify.format.project import Settings, as_table, read_toml
from lazify.layout import folders

_ISORT_FILES = (
    (".isort.cfg", ("settings", "isort")),
    ("setup.cfg", ("isort", "tool:isort")),
    ("tox.ini", ("isort",)),
)
_RUFF_FILES = (".ruff.toml", "ruff.toml")
_SAME = frozenset(
    {
        "case-sensitive",
        "classes",
        "combine-as-imports",
        "constants",
        "default-section",
        "extra-standard-library",
        "force-single-line",
        "force-sort-within-sections",
        "force-to-top",
        "from-first",
        "known-first-party",
        "known-local-folder",
        "known-third-party",
        "length-sort",
        "length-sort-straight",
        "lines-between-types",
        "no-lines-before",
        "no-sections",
        "order-by-type",
        "single-line-exclusions",
        "split-on-trailing-comma",
        "variables",
    }
)
"""What ruff's [lint.isort] and isort call alike, but for dashes (docs of ruff, settings, lint.isort)."""

_LISTS = frozenset(
    {
        "classes",
        "constants",
        "extra_standard_library",
        "force_to_top",
        "known_first_party",
        "known_local_folder",
        "known_third_party",
        "no_lines_before",
        "single_line_exclusions",
        "variables",
    }
)
"""Those of them that are lists of names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """What is known of the order of a project's imports."""

    isort: Path | None = None
    """The file that configures isort."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """isort's options that stand for what ruff's configuration says."""
    sources: tuple[Path, ...] = ()
    """Where modules of the project lie, besides the package that a file is in."""
    is_configured: bool = False
    """The project says something of it."""


def sections(root: Path, layout: Settings) -> Sections:
    """Read isort's configuration, else ruff's, from the nearest project file within the repository."""
    for folder in folders(root):
        if found := _of_isort(folder):
            return Sections(isort=found, is_configured=True)
        for ruff in _ruffs(folder):
            return _of_ruff(folder, ruff, layout)
    return Sections(options={"line_length": layout.line_length}, sources=(root, root / "src"))


def _of_isort(folder: Path) -> Path | None:
    for name, headings in _ISORT_FILES:
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        try:
            parser.read(folder / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # isort cannot read it either
        if any(parser.has_section(heading) for heading in headings):
            return folder / name
    file = folder / "pyproject.toml"
    return file if "isort" in as_table(read_toml(file).get("tool")) else None


def _ruffs(folder: Path) -> Iterator[Mapping[str, Any]]:
    yield from filter(None, (read_toml(folder / name) for name in _RUFF_FILES))
    if ruff := as_table(as_table(read_toml(folder / "pyproject.toml").get("tool")).get("ruff")):
        yield ruff


def _of_ruff(folder: Path, ruff: Mapping[str, Any], layout: Settings) -> Sections:
    lint = as_table(ruff.get("lint"))
    said = {**as_table(ruff.get("isort")), **as_table(lint.get("isort"))}
    options = {key.replace("-", "_"): value for key, value in said.items() if key in _SAME}
    for name in _LISTS & options.keys():
        options[name] = _strings(options[name])
    if said.get("relative-imports-order") == "closest-to-furthest":
        options["reverse_relative"] = True
    for name, modules in as_table(said.get("sections")).items():
        options[f"known_{name.replace('-', '_').lower()}"] = _strings(modules)
    if order := _strings(said.get("section-order")):
        options["sections"] = [_section(name) for name in order]
    if "default_section" in options:
        options["default_section"] = _section(str(options["default_section"]))
    if "no_lines_before" in options:
        options["no_lines_before"] = [_section(name) for name in options["no_lines_before"]]
    return Sections(
        options={"line_length": layout.line_length, **options},
        sources=tuple(folder / name for name in _strings(ruff.get("src", [".", "src"]))),
        is_configured=bool(said) or _selects(ruff) or _selects(lint),
    )


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _section(name: str) -> str:
    """`first-party` is `FIRSTPARTY`; own sections are their names in capitals."""
    known = {"future", "standard-library", "third-party", "first-party", "local-folder"}
    special = {"standard-library": "STDLIB"}
    return special.get(name, name.replace("-", "" if name in known else "_").upper())


def _selects(lint: Mapping[str, Any]) -> bool:
    """Tell whether the rules for imports are chosen."""
    chosen = [*_strings(lint.get("select")), *_strings(lint.get("extend-select"))]
    return any(code in ("ALL", "I", "I0", "I00", "I001") for code in chosen)
