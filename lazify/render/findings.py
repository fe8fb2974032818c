"""Findings as lines that editors and CI understand."""

from collections.abc import Iterator
from pathlib import Path

from lazify.model.changes import Change, Plan, Refusal
from lazify.model.places import Place
from lazify.render.reasons import brief, refused
from lazify.render.words import one_line, shown


def finding_lines(plan: Plan, base: Path) -> Iterator[str]:
    """Give `path:line:col CODE message`, sorted by place; columns count from 1."""
    found = [(change.at, change.code, _what(change)) for change in plan.changes]
    found += [
        (refusal.at, refusal.code, f"{_what(refusal)}; left as it is: {refused(refusal, base)}")
        for refusal in plan.refusals
    ]
    for at, code, message in sorted(found):
        yield f"{_column(at, base)} {code} {message}"


def _column(at: Place, base: Path) -> str:
    return f"{shown(at.path, base)}:{at.span.line}:{at.span.column + 1}"


def _what(finding: Change | Refusal) -> str:
    return one_line(finding.title) + brief(finding.why)
