"""Findings as lines that editors and CI understand."""

from collections.abc import Iterator
from pathlib import Path

from lazify.model.changes import Plan
from lazify.model.places import Place
from lazify.render.reasons import refused
from lazify.render.words import one_line, shown


def finding_lines(plan: Plan, base: Path) -> Iterator[str]:
    """Give `path:line:col CODE message`, sorted by place; columns count from 1."""
    found = [(change.at, change.code, one_line(change.title)) for change in plan.changes]
    found += [
        (refusal.at, refusal.code, f"{one_line(refusal.title)}; left as it is: {refused(refusal, base)}")
        for refusal in plan.refusals
    ]
    for at, code, message in sorted(found):
        yield f"{_column(at, base)} {code} {message}"


def _column(at: Place, base: Path) -> str:
    return f"{shown(at.path, base)}:{at.span.line}:{at.span.column + 1}"
