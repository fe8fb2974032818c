"""Imports in sections, as isort and ruff have them by default: standard library, other packages, own ones, relative."""

import sys
from collections.abc import Collection, Sequence
from itertools import pairwise
from pathlib import Path

import libcst as cst

from lazify.rewrite.lines import (
    IMPORTS,
    Import,
    Statement,
    blank,
    has_comment,
    leading,
    with_leading,
)

Own = frozenset[str]
"""The names of what may be the project's own: the folders that the file lies in, and itself."""
_Key = tuple[int, bool, int, str, str]


def own_names(path: Path) -> Own:
    """Name what an import in the file may call the project's own, by the file's place."""
    return frozenset({*path.parts[:-1], path.stem})


def in_sections(statements: Sequence[Statement], fresh: Collection[int], own: Own) -> list[Statement]:
    """Put the new imports of a block among those right beside them where they keep those sorted.

    `fresh` are the identities of the new statements. What is not sorted, and what has comments above, stays as it is.
    """
    start = end = next((n for n, each in enumerate(statements) if id(each) in fresh), len(statements))
    while start > 0 and _single(statements[start - 1]) is not None:
        start -= 1
    while end < len(statements) and _single(statements[end]) is not None:
        end += 1
    lines = list(statements[start:end])
    old = [line for line in lines if id(line) not in fresh]
    has_comments = any(has_comment(leading(line)) for line in lines)
    if len(lines) < 2 or len(old) == len(lines) or has_comments or not _is_sorted(old, own):  # noqa: PLR2004  # an order
        return list(statements)
    new = sorted((line for line in lines if id(line) in fresh), key=lambda line: _key(line, own))
    for line in new:
        at = sum(_key(each, own) <= _key(line, own) for each in old)
        old.insert(at, line)
    head = leading(lines[0])
    placed = [with_leading(old[0], head)]
    for above, line in pairwise(old):
        placed.append(with_leading(line, [blank()] if _key(above, own)[0] != _key(line, own)[0] else []))
    return [*statements[:start], *placed, *statements[end:]]


def _is_sorted(lines: Sequence[Statement], own: Own) -> bool:
    """Tell whether the imports stand in their order, with blank lines between sections and nowhere else."""
    keys = [_key(line, own) for line in lines]
    gaps = [bool(leading(line)) for line in lines[1:]]
    return keys == sorted(keys) and gaps == [one[0] != other[0] for one, other in pairwise(keys)]


def _key(statement: Statement, own: Own) -> _Key:
    small = _single(statement)
    assert small is not None
    if isinstance(small, cst.ImportFrom | cst.LazyImportFrom):
        name = "" if small.module is None else cst.Module([]).code_for_node(small.module).replace(" ", "")
        dots = len(small.relative)
        first = "" if isinstance(small.names, cst.ImportStar) else small.names[0].evaluated_name
        return 3 if dots else _rank(name, own), True, -dots, name.lower(), str(first)
    name = str(small.names[0].evaluated_name)
    return _rank(name, own), False, 0, name.lower(), ""


def _rank(module: str, own: Own) -> int:
    top = module.partition(".")[0]
    return 0 if top in sys.stdlib_module_names else 2 if top in own else 1


def _single(statement: Statement) -> Import | None:
    """Give the import that the line is, if it is one and no more."""
    match statement:
        case cst.SimpleStatementLine(body=[small]) if isinstance(small, IMPORTS):
            return small
    return None
