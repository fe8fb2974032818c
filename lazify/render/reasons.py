"""Why a change is made, in lines of plain text."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from lazify.model.changes import Change, Refusal
from lazify.model.effects import Evidence
from lazify.render.words import one_line, position

WIDTH = 100
INDENT = "    "


def headline(change: Change, base: Path) -> str:
    """Give the one line that names a change and the place where it starts."""
    return f"{change.code} {one_line(change.title)}  ({position(change.at, base)})"


def reasons(change: Change, base: Path) -> list[str]:
    """Give the headline, the chain and the notes."""
    lines = [headline(change, base), *chain(change.why, base)]
    for note in change.notes:
        lines += textwrap.wrap(
            one_line(note),
            width=WIDTH,
            initial_indent=f"{INDENT}note: ",
            subsequent_indent=f"{INDENT}      ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


def chain(why: Sequence[Evidence], base: Path) -> list[str]:
    """Give the facts with arrows between them; lines break before an arrow, never inside a fact."""
    return _filled(fact(evidence, base) for evidence in why)


def fact(evidence: Evidence, base: Path) -> str:
    """Give `path:line fact`, or the fact alone where it comes from the knowledge base."""
    words = one_line(evidence.fact)
    return words if evidence.at is None else f"{position(evidence.at, base)} {words}"


def refused(refusal: Refusal, base: Path) -> str:
    """Give the reason in one line, with the line that pins it unless the reason names it itself."""
    reason = one_line(refusal.reason)
    if refusal.blocked_by is None:
        return reason
    pinned = f"{refusal.blocked_by.path.name}:{refusal.blocked_by.span.line}"
    if re.search(rf"{re.escape(pinned)}(?!\d)", reason):
        return reason
    return f"{reason} ({position(refusal.blocked_by, base)})"


def _filled(facts: Iterable[str]) -> list[str]:
    lines: list[str] = []
    for words in facts:
        if not lines:
            lines.append(f"{INDENT}{words}")
        elif len(lines[-1]) + len(words) + 3 <= WIDTH:
            lines[-1] += f" → {words}"
        else:
            lines.append(f"{INDENT}→ {words}")
    return lines
