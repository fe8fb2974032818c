"""Why a change is made, in lines of plain text."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from lazify.model.changes import Change, Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Place
from lazify.render.words import one_line, position

WIDTH = 100
INDENT = "    "
_PACKAGES = re.compile(r"(?:^|.*/)((?:site|dist)-packages/)")
MOST_CONDITIONS = 3
"""How many conditions stand within a line."""
LONGEST_BRIEF = 5
"""How many facts a chain may have that stands within a line."""


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
    return _filled(
        words if evidence.at is None else f"{_short(position(evidence.at, base))} {words}"
        for evidence, words in _links(why)
    )


def brief(why: Sequence[Evidence]) -> str:
    """Give the facts of a chain without their places, in brackets; a long one without its middle."""
    facts = [words for _, words in _links(why)]
    if len(facts) > LONGEST_BRIEF:
        facts[2:-2] = ["…"]
    return f" ({' → '.join(facts)})" if facts else ""


def under(conditions: Sequence[Evidence], base: Path) -> str:
    """Say in one line what must hold for a chain to run: all but the first and the last are left out of many."""
    facts = [
        one_line(each.fact) if each.at is None else f"{one_line(each.fact)} ({position(each.at, base)})"
        for each in conditions
    ]
    if len(facts) > MOST_CONDITIONS:
        facts[1:-1] = [f"{len(facts) - 2} more"]
    return f"condition: {', '.join(facts)}"


def refused(refusal: Refusal, base: Path) -> str:
    """Give the reason in one line, with the line that pins it unless the reason names it itself."""
    return pinned(refusal.reason, refusal.blocked_by, base)


def pinned(reason: str, at: Place | None, base: Path) -> str:
    """Give a reason in one line, with the line that pins something unless the reason names it itself."""
    reason = one_line(reason)
    if at is None or re.search(rf"{re.escape(at.path.name)}:{at.span.line}(?!\d)", reason):
        return reason
    return f"{reason} ({position(at, base)})"


def _links(why: Sequence[Evidence]) -> list[tuple[Evidence, str]]:
    """Put each fact into words; one that only says more of the fact before it (`f()`, `f(): network`) joins it."""
    links: list[tuple[Evidence, str]] = []
    for evidence in why:
        words = _words(evidence)
        if links and words.startswith(f"{links[-1][1]}:"):
            links[-1] = (links[-1][0], words)
        else:
            links.append((evidence, words))
    return links


def _short(place: str) -> str:
    """A file that is installed, by its path in the folder of packages: whose environment it is the user has said."""
    found = _PACKAGES.search(place)
    return place if found is None else place[found.start(1) :]


def _words(evidence: Evidence) -> str:
    words = one_line(evidence.fact)
    # What is known of the world ends with its source, for those who doubt it: they find it in the JSON.
    return words.partition(" [")[0] if evidence.at is None else words


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
