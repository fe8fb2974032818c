"""The text of moved imports, with the comments that stood on them."""

import re
from collections.abc import Collection, Iterable, Sequence

from lazify.headings import FOLD, HEADING
from lazify.imports.candidates import HeavyImport
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import Import
from lazify.model.places import Span

_BEHIND = re.compile(r"[ \t]*,?[ \t]*\)?[ \t]*(#[^\r\n]*)")
_OPENING = re.compile(r"\([ \t]*(#[^\r\n]*)")
_CHECKED = re.compile(r"#[ \t]*(?:type|pyright|pyrefly|pyre|ty|mypy)\b[:-][^#\r\n]*")
_IMPORT = re.compile(r"(?:import|from)\s")
_LONG = 5  # letters: a shorter name is a part of other words, as `torch` is of PyTorch


def lines_of(
    view: View, module: Module, imports: Sequence[HeavyImport], *, leaving: Collection[Span] | None = None
) -> str:
    """Write the statements for one place: names of one module share a line where no comment parts them.

    What the file imports twice is imported once. With the statements that are `leaving`, comments above the imports
    come along that are about nothing else.
    """
    lines: list[tuple[str, str]] = []
    joined: dict[tuple[str, str, Span | None], int] = {}
    written: set[tuple[str, str]] = set()
    for each in imports:
        behind = comment_behind(view, module, each.item)
        above = [] if leaving is None else comments_above(view, module, each.item, leaving)[0]
        if (each.text, behind) in written:
            lines += ((comment, "") for comment in above)
            continue
        written.add((each.text, behind))
        start, _, names = each.text.partition(" import ")
        statement = (
            each.item.statement_span if each.item.alias else None
        )  # isort parts those that have an alias
        at = joined.get((start, behind, statement)) if names and not above else None
        if at is not None:
            lines[at] = (f"{lines[at][0]}, {names}", behind)
            continue
        lines += ((comment, "") for comment in above)
        joined[start, behind, statement] = len(lines)
        lines.append((each.text, behind))
    return "".join(f"{_commented(line, behind)}\n" for line, behind in lines)


def line_of(view: View, module: Module, found: HeavyImport) -> str:
    """Write the statement for its own module, with the comment behind it."""
    return _commented(found.text, comment_behind(view, module, found.item))


def line_elsewhere(view: View, module: Module, found: HeavyImport) -> str:
    """Write it for another module, where only a comment that type checkers read means something."""
    return _commented(found.text, "  ".join(_for_checkers(comment_behind(view, module, found.item))))


def line_instead(view: View, importer: Module, item: Import, line: str) -> str:
    """Put the comments behind another import, in whose place the line stands, behind those of the line."""
    behind = comment_behind(view, importer, item)
    return line if behind in line else _commented(line, behind)


def comment_behind(view: View, module: Module, item: Import) -> str:
    """Give the comments on the line of an alias, and on the first and last line of its statement: they are about all.

    One on a line of several is about all of these. A comment for type checkers counts only where it comes first.
    """
    text, statement = view.text(module), item.statement_span
    last = item.span
    for other in module.facts.imports:
        is_beside = other.statement_span == statement and other.span.line == item.span.end_line
        if is_beside and other.span > last:
            last = other.span
    found = [
        _OPENING.search(text.line(statement.line)) if statement.end_line > statement.line else None,
        _BEHIND.match(text.line(last.end_line), last.end_column),
        _BEHIND.match(text.line(statement.end_line), statement.end_column),
    ]
    comments = list(dict.fromkeys(match[1].rstrip() for match in found if match))
    return "  ".join(sorted(comments, key=lambda comment: not _for_checkers(comment)))


def comments_above(
    view: View, module: Module, item: Import, leaving: Collection[Span]
) -> tuple[list[str], bool]:
    """Give the comments directly above an import that go along with it, and whether those there must stay.

    They are about the imports right below, too, and go along if all of these are `leaving`, or if they name what the
    import brings and nothing that those bring.
    """
    statement = item.statement_span
    is_inside = item.span.line > statement.line
    first = item.span.line if is_inside else statement.line
    above = _comments_above(view, module, first)
    if is_inside:
        is_first = not view.text(module).line(first)[: item.span.column].strip()
        return above if is_first else [], True
    if not above:
        return [], False
    is_alone = all(i.statement_span != statement for i in module.facts.imports if i.span != item.span)
    is_about_others = any(map(_is_heading, above)) or (
        _is_about_others(view, module, statement, leaving) and not _names(module, above, statement)
    )
    if not is_alone or is_about_others or len(above) == first - 1 or statement.column:
        return [], True
    return above, False


def comments_above_guard(view: View, module: Module, guard: Span) -> tuple[list[str], bool]:
    """Give the comments directly above a guard that go along with it, and whether those there must stay."""
    above = _comments_above(view, module, guard.line)
    is_about_others = any(map(_is_heading, above)) or len(above) == guard.line - 1
    return ([], True) if is_about_others else (above, False)


def _is_heading(comment: str) -> bool:
    return bool(HEADING.match(comment) or FOLD.match(comment))


def _is_about_others(view: View, module: Module, statement: Span, leaving: Collection[Span]) -> bool:
    """Tell whether an import that stays stands right below, or below others that go."""
    statements = {item.statement_span.line: item.statement_span for item in module.facts.imports}
    line = statement.end_line + 1
    while _IMPORT.match(view.text(module).line(line)):
        if line not in statements or statements[line] not in leaving:
            return True
        line = statements[line].end_line + 1
    return False


def _names(module: Module, above: Iterable[str], statement: Span) -> bool:
    """Tell whether the comments name what the import right below brings, and no other import of the module."""
    words = " ".join(above)
    named = {
        item.statement_span == statement
        for item in module.facts.imports
        for name in filter(None, (*item.module.split("."), item.name, item.alias))
        if re.search(
            re.escape(name) if len(name) >= _LONG else rf"\b{re.escape(name)}\b", words, re.IGNORECASE
        )
    }
    return named == {True}


def _comments_above(view: View, module: Module, first: int) -> list[str]:
    text = view.text(module)
    above: list[str] = []
    while first - len(above) > 1 and (line := text.line(first - len(above) - 1).strip()).startswith("#"):
        above.insert(0, line)
    return above


def _commented(code: str, behind: str) -> str:
    return f"{code}  {behind}" if behind else code


def _for_checkers(comments: str) -> list[str]:
    """`# type: ignore[import-untyped]`: without it type checkers would find something new."""
    return [found.rstrip() for found in _CHECKED.findall(comments)]


def indented(code: str) -> str:
    """Indent whole lines once."""
    return "".join(f"    {line}\n" for line in code.splitlines())
