"""Reads the tables of effects*.toml, one at a time: the format stands at the top of effects.toml."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lazify.knowledge.facts import Case
from lazify.model.effects import EffectKind

_HEADER = re.compile(r'^\["?([\w.]+)"?\]$', re.MULTILINE)


@dataclass(slots=True, kw_only=True)
class Row:
    """What one table says of one name, gathered from its lists."""

    is_listed: bool = False
    """Stands in a list that says what a call does; otherwise that comes from the nearest `X.*`."""
    effects: list[EffectKind] = field(default_factory=list)
    subclassing: list[EffectKind] = field(default_factory=list)
    bases: list[str] = field(default_factory=list)
    calls: list[int | str] = field(default_factory=list)
    keeps: list[int | str] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    is_declaration: bool = False
    is_class: bool | None = None
    is_decorator: bool = False
    mutates: bool = False
    needs_fields: bool = False
    varies: bool = False
    alias: str | None = None
    returns: str | None = None
    value: str | None = None
    source: str
    inferred: str | None = None
    suspected: str | None = None


def split(text: str) -> Iterator[tuple[str, str]]:
    """The tables of one file: name and text. Each is a TOML document of its own."""
    headers = list(_HEADER.finditer(text))
    ends = [*(header.start() for header in headers), len(text)]
    for header, end in zip(headers, ends[1:], strict=True):
        yield header[1], text[header.start() : end]


def read(name: str, text: str) -> Mapping[str, Row]:
    """What the table of that name says, by full names."""
    table: dict[str, Any] = tomllib.loads(text)[name]
    source = table.pop("source")
    rows: dict[str, Row] = defaultdict(lambda: Row(source=source))
    for key, content in table.items():
        if key == "cases":
            _add_cases(rows, content)
        elif isinstance(content, list):
            for item in content:
                _mark(rows[item], key)
        else:
            for detail, item in _pairs(content):
                owner = f"{name}.{item}".rpartition(".")[0]
                _detail(rows[item], key, owner if detail == "self" else detail)
    return {f"{name}.{item}": row for item, row in rows.items()}


def _pairs(content: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for detail, items in content.items():
        for item in items:
            yield detail, item


def _mark(row: Row, key: str) -> None:
    match key:
        case "classes":
            row.is_class = True
        case "functions":
            row.is_class = False
        case "decorators":
            row.is_decorator = True
        case "fields":
            row.needs_fields = True
        case "varies":
            row.varies = True
        case "harmless":
            row.is_listed = True
        case "declaration":
            row.is_listed = row.is_declaration = True
        case "mutates":
            row.is_listed = row.mutates = True
        case _:
            row.is_listed = True
            row.effects.append(kind(key))


def _detail(row: Row, key: str, detail: str) -> None:
    match key:
        case "returns":
            row.returns = detail
        case "values":
            row.value = detail
        case "aliases":
            row.alias = detail
        case "sources":
            row.source = detail
        case "inferred":
            row.inferred = detail
        case "suspected":
            row.suspected = detail
        case "bases":
            row.bases.append(detail)
        case "calls":
            row.calls.append(int(detail) if detail.isdigit() else detail)
        case "keeps":
            row.keeps.append(int(detail) if detail.isdigit() else detail)
        case "subclassing":
            row.subclassing.append(kind(detail))
        case _:
            raise KeyError(key)


def _add_cases(rows: Mapping[str, Row], cases: Iterable[Mapping[str, Any]]) -> None:
    for case in cases:
        made = Case(
            argument=case.get("argument", ""),
            at=case.get("at"),
            given=case.get("given"),
            is_passed=case.get("passed", False),
            values=tuple(case.get("is", ())),
            has=case.get("has", ""),
            starts=tuple(case.get("starts", ())),
            words=frozenset(case.get("words", ())),
            effects=tuple(kind(effect) for effect in case["effects"]),
        )
        for item in case["of"]:
            rows[item].cases.append(made)


def kind(key: str) -> EffectKind:
    """The effect that a key such as `file_write` names."""
    return EffectKind[key.upper()]
