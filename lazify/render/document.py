"""The plan and what became of it as one JSON object."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from lazify.model.changes import Change, Plan, Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Failure, Place
from lazify.render.patches import files
from lazify.render.words import shown

VERSION = 1
"""Grows when a key changes its meaning or goes; new keys may come without."""


def document(
    plan: Plan,
    base: Path,
    *,
    written: Iterable[Path] = (),
    diff: bytes | None = None,
    verdict: Mapping[str, object] | None = None,
) -> str:
    """Give the object as a text in ASCII; bytes of `diff` that are no UTF-8 become lone low surrogates."""
    paths = [shown(path, base) for path in written]
    content: dict[str, object] = {
        "version": VERSION,
        "changes": [_change(change, base) for change in plan.changes],
        "refusals": [_refusal(refusal, base) for refusal in plan.refusals],
        "failures": [_failure(failure, base) for failure in plan.failures],
        "written": paths,
        "applied": bool(paths),
    }
    if diff is not None:
        content["diff"] = diff.decode("utf-8", "surrogateescape")
    if verdict is not None:
        content["verdict"] = dict(verdict)
    return json.dumps(content, indent=2) + "\n"


def _change(change: Change, base: Path) -> dict[str, object]:
    return {
        "key": change.key,
        "code": change.code,
        "title": change.title,
        **_place(change.at, base),
        "why": [_evidence(evidence, base) for evidence in change.why],
        "notes": list(change.notes),
        "requires": sorted(change.requires),
        "files": [shown(path, base) for path in files(change)],
    }


def _refusal(refusal: Refusal, base: Path) -> dict[str, object]:
    blocked_by = refusal.blocked_by
    return {
        "code": refusal.code,
        "title": refusal.title,
        **_place(refusal.at, base),
        "reason": refusal.reason,
        "why": [_evidence(evidence, base) for evidence in refusal.why],
        "blocked_by": None if blocked_by is None else _place(blocked_by, base),
    }


def _failure(failure: Failure, base: Path) -> dict[str, object]:
    return {"path": shown(failure.path, base), "line": failure.line, "why": failure.why}


def _evidence(evidence: Evidence, base: Path) -> dict[str, object]:
    at = evidence.at
    return {
        "fact": evidence.fact,
        "path": None if at is None else shown(at.path, base),
        "line": None if at is None else at.span.line,
    }


def _place(at: Place, base: Path) -> dict[str, object]:
    return {"path": shown(at.path, base), "line": at.span.line, "column": at.span.column + 1}
