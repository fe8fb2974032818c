"""The text of moved imports, with the comments that stood on them."""

import re
from collections.abc import Sequence

from lazify.imports.candidates import HeavyImport
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.places import Span

_BEHIND = re.compile(r"[ \t]*,?[ \t]*\)?[ \t]*(#[^\r\n]*)")
_IMPORT = re.compile(r"(?:import|from)\s")
_HEADING = re.compile(
    r"#\W*(standard|stdlib|std|built-?in|python|third|3rd|local|first|project|import|external|internal)",
    re.IGNORECASE,
)


def lines_of(view: View, module: Module, imports: Sequence[HeavyImport], *, with_above: bool) -> str:
    """Write the statements for one place: names of one module share a line where no comment parts them.

    `with_above` brings along the comments that stand above the imports and are about nothing else.
    """
    lines: list[tuple[str, str]] = []
    joined: dict[tuple[str, str, Span | None], int] = {}
    for each in imports:
        behind = comment_behind(view, module, each)
        above = comments_above(view, module, each)[0] if with_above else []
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
    return "".join(f"{line}{behind}\n" for line, behind in lines)


def comment_behind(view: View, module: Module, found: HeavyImport) -> str:
    """Give the comment on the line of an alias, with the gap before it; one on a line of several is about all."""
    item, text = found.item, view.text(module)
    last = item.span
    for other in module.facts.imports:
        is_beside = other.statement_span == item.statement_span and other.span.line == item.span.end_line
        if is_beside and other.span > last:
            last = other.span
    match = _BEHIND.match(text.line(last.end_line), last.end_column)
    return f"  {match[1].rstrip()}" if match else ""


def comments_above(view: View, module: Module, found: HeavyImport) -> tuple[list[str], bool]:
    """Give the comments directly above an import that go along with it, and whether those there must stay."""
    item, text = found.item, view.text(module)
    first = item.statement_span.line
    above: list[str] = []
    while first - len(above) > 1 and (line := text.line(first - len(above) - 1).strip()).startswith("#"):
        above.insert(0, line)
    if not above:
        return [], False
    is_alone = all(
        i.statement_span != item.statement_span for i in module.facts.imports if i.span != item.span
    )
    below = text.line(item.statement_span.end_line + 1)
    is_about_others = bool(_IMPORT.match(below)) or any(map(_HEADING.match, above))
    if not is_alone or is_about_others or len(above) == first - 1 or item.statement_span.column:
        return [], True
    return above, False


def indented(code: str) -> str:
    """Indent whole lines once."""
    return "".join(f"    {line}\n" for line in code.splitlines())
