"""Adds an import where a person would have put it."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeGuard

import libcst as cst

from lazify.headings import HEADING
from lazify.model.changes import AddImport
from lazify.rewrite.aliases import extended, origin
from lazify.rewrite.lines import (
    IMPORTS,
    Import,
    Statement,
    at_least,
    blank,
    detach,
    is_docstring,
    is_import,
    leading,
    spacing,
    with_leading,
)

_HEADER = re.compile(r"#!|#.*coding[:=]|#.*(copyright|license|licence|spdx|author)", re.IGNORECASE)


def add_import(body: Sequence[Statement], edit: AddImport, first_use: int) -> list[Statement]:
    """Give the module's statements with the import among them; `first_use` is the index that needs it."""
    if edit.is_typing:
        return _add_for_typing(body, edit)
    reach = body[:first_use]
    if any(_binds(small, edit) for statement in reach for small in _imports(statement)):
        return list(body)
    for index, statement in enumerate(reach):
        wider = extended(statement, edit)
        if wider is not None:
            return [*body[:index], wider, *body[index + 1 :]]
    start, end = _block(reach)
    if start == end:
        return _alone(body, _prelude(body), _line(edit))
    return _among(body, _section(body, start, end, edit), edit)


def _add_for_typing(body: Sequence[Statement], edit: AddImport) -> list[Statement]:
    """Put the import into the first `if TYPE_CHECKING:`, or into a new one below the imports."""
    for index, statement in enumerate(body):
        if _is_for_typing(statement) and isinstance(block := statement.body, cst.IndentedBlock):
            lines = [each for each in block.body if isinstance(each, cst.SimpleStatementLine)]
            inner = [each for each in lines if is_import(each)]
            if any(_binds(small, edit) for each in inner for small in _imports(each)):
                return list(body)
            for each in inner:
                if (extended_line := extended(each, edit)) is not None:
                    lines_there = [extended_line if line is each else line for line in block.body]
                    return _with_block(body, index, statement, block.with_changes(body=lines_there))
            # Above what type checkers may need it for.
            end = next((n for n, each in enumerate(block.body) if each not in inner), len(block.body))
            placed = [*block.body[:end], _line(edit), *block.body[end:]]
            return _with_block(body, index, statement, block.with_changes(body=placed))
    flag = AddImport(path=edit.path, module="typing", name="TYPE_CHECKING")
    body = add_import(body, flag, len(body))
    _, end = _block(body)
    new = cst.If(cst.Name("TYPE_CHECKING"), cst.IndentedBlock([_line(edit)]), leading_lines=[blank()])
    rest = list(body[end:])
    if rest:
        wanted = max(1, spacing(new, rest[0], around_definitions=2))
        rest[0] = with_leading(rest[0], at_least(leading(rest[0]), wanted))
    return [*body[:end], new, *rest]


def _with_block(
    body: Sequence[Statement], index: int, statement: cst.If, block: cst.IndentedBlock
) -> list[Statement]:
    return [*body[:index], statement.with_changes(body=block), *body[index + 1 :]]


def _is_for_typing(statement: Statement) -> TypeGuard[cst.If]:
    match statement:
        case cst.If(test=cst.Name("TYPE_CHECKING") | cst.Attribute(attr=cst.Name("TYPE_CHECKING"))):
            return True
    return False


def _imports(statement: Statement) -> list[Import]:
    if not isinstance(statement, cst.SimpleStatementLine):
        return []
    return [small for small in statement.body if isinstance(small, IMPORTS)]


def _binds(small: Import, edit: AddImport) -> bool:
    """Tell whether the statement already imports it under the same name."""
    if isinstance(small.names, cst.ImportStar):
        return False
    pairs = {
        (a.evaluated_name, None if a.evaluated_alias == a.evaluated_name else a.evaluated_alias)
        for a in small.names
    }
    if isinstance(small, cst.ImportFrom | cst.LazyImportFrom):
        return origin(small) == edit.module and (edit.name, edit.alias) in pairs
    if edit.alias is not None:
        return edit.name is None and (edit.module, edit.alias) in pairs
    return edit.name is None and any(
        alias is None and f"{name}.".startswith(f"{edit.module}.") for name, alias in pairs
    )


def _prelude(body: Sequence[Statement]) -> int:
    """How many statements must stay first: the docstring and what comes from `__future__`."""
    index = 0
    if body and is_docstring(body[0]):
        index = 1
    while index < len(body) and any(
        isinstance(small, cst.ImportFrom) and origin(small) == "__future__" for small in _imports(body[index])
    ):
        index += 1
    return index


def _block(body: Sequence[Statement]) -> tuple[int, int]:
    """The first stretch of imports after the prelude."""
    prelude = _prelude(body)
    start = next((n for n in range(prelude, len(body)) if is_only_imports(body[n])), len(body))
    end = start
    while end < len(body) and is_only_imports(body[end]):
        end += 1
    return start, end


def is_only_imports(statement: Statement) -> bool:
    return is_import(statement) and len(_imports(statement)) == len(getattr(statement, "body", ()))


@dataclass(frozen=True, slots=True)
class _Section:
    """Imports between blank lines, by the indices of their statements."""

    first: int
    end: int
    is_new: bool = False
    """Nothing stands there yet."""


def _section(body: Sequence[Statement], start: int, end: int, edit: AddImport) -> _Section:
    """The part of the import block where the import belongs, or the place for a new part."""
    cuts = [start, *(n for n in range(start + 1, end) if _starts_section(body[n])), end]
    sections = [_Section(first, last) for first, last in pairwise(cuts)]
    rank = _rank(edit.module)
    ranks = [{_rank(_module(body[n])) for n in range(part.first, part.end)} for part in sections]
    matching = [part for part, found in zip(sections, ranks, strict=True) if rank in found]
    alike = (part for part in matching if _is_all(body[part.first : part.end], is_from=edit.name is not None))
    if matching:
        return next(alike, matching[0])
    index = next((part.first for part, found in zip(sections, ranks, strict=True) if min(found) > rank), end)
    return _Section(index, index, is_new=True)


def _is_all(lines: Sequence[Statement], *, is_from: bool) -> bool:
    """Tell whether all lines are of one kind: some keep `import x` and `from x import y` apart."""
    kinds = (isinstance(_imports(line)[0], cst.ImportFrom | cst.LazyImportFrom) for line in lines)
    return all(kind == is_from for kind in kinds)


def _starts_section(statement: Statement) -> bool:
    return any(line.comment is None for line in leading(statement))


def _rank(module: str) -> int:
    """Standard library, other packages, relative: the order of sections."""
    if module.startswith("."):
        return 2
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def _module(statement: Statement) -> str:
    small = _imports(statement)[0]
    if isinstance(small, cst.ImportFrom | cst.LazyImportFrom):
        return origin(small)
    return small.names[0].evaluated_name


def _line(edit: AddImport) -> cst.SimpleStatementLine:
    code = f"import {edit.module}" if edit.name is None else f"from {edit.module} import {edit.name}"
    code += f" as {edit.alias}" if edit.alias else ""
    line = cst.parse_statement(code)
    assert isinstance(line, cst.SimpleStatementLine)
    return line.with_changes(
        leading_lines=[cst.EmptyLine(comment=cst.Comment(comment)) for comment in edit.above],
        trailing_whitespace=_behind(edit.behind),
    )


def _behind(comment: str) -> cst.TrailingWhitespace:
    if not comment:
        return cst.TrailingWhitespace()
    return cst.TrailingWhitespace(cst.SimpleWhitespace("  "), cst.Comment(comment))


def _among(body: Sequence[Statement], section: _Section, edit: AddImport) -> list[Statement]:
    index = section.end if section.is_new else _sorted_place(body, section, edit)
    line, is_new = _line(edit), section.is_new
    if index > section.first or (is_new and index and is_only_imports(body[index - 1])):
        rest = list(body[index:])
        if is_new and rest and is_import(rest[0]):
            rest[0] = with_leading(rest[0], at_least(leading(rest[0]), 1))
        return [*body[:index], with_leading(line, [*([blank()] if is_new else []), *leading(line)]), *rest]
    old = body[index]
    kept, own = _divided(leading(old), is_first=index == 0)
    below = at_least(own, 1) if is_new else own
    return [
        *body[:index],
        with_leading(line, [*kept, *leading(line)]),
        with_leading(old, below),
        *body[index + 1 :],
    ]


def _divided(
    lines: Sequence[cst.EmptyLine], *, is_first: bool
) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """Which lines above the first import stay above a new first import, and which belong to the old one."""
    apart, own = detach(lines)
    if own and own[0].comment is not None:
        is_heading = bool(HEADING.match(own[0].comment.value)) or (is_first and not apart)
        return ([*apart, *own], []) if is_heading else (apart, own)
    return apart, own


def _sorted_place(body: Sequence[Statement], section: _Section, edit: AddImport) -> int:
    """Where the import keeps the section sorted, in one of the two usual orders; at its end if it is not."""
    lines = body[section.first : section.end]
    modules = [_module(line).lower() for line in lines]
    froms = [isinstance(_imports(line)[0], cst.ImportFrom | cst.LazyImportFrom) for line in lines]
    wanted = edit.module.lower()
    split = list(zip(froms, modules, strict=True))
    if split == sorted(split):
        return section.first + sum(key <= (edit.name is not None, wanted) for key in split)
    if modules == sorted(modules):
        return section.first + sum(module <= wanted for module in modules)
    return section.end


def _alone(body: Sequence[Statement], index: int, line: Statement) -> list[Statement]:
    """The only import: after the docstring and the comments that head the file."""
    if index:
        line = with_leading(line, [blank(), *leading(line)])
    if index == len(body):
        return [*body, line]
    old = body[index]
    lines = leading(old)
    if not index:
        head, lines = _heading(lines)
        line = with_leading(line, [*head, *leading(line)])
    wanted = max(1, spacing(line, old, around_definitions=2))
    return [*body[:index], line, with_leading(old, at_least(lines, wanted)), *body[index + 1 :]]


def _heading(lines: Sequence[cst.EmptyLine]) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """Split the comments at the start of a file into its header and those of its first statement."""
    apart, own = detach(lines)
    marked = [n for n, line in enumerate(own) if line.comment and _HEADER.match(line.comment.value)]
    if marked and not any(line.comment for line in apart):
        return [*apart, *own], []
    return (apart, own) if any(line.comment for line in apart) else ([], list(lines))
