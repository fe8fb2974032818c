"""What `lazify apply` would make of each statement, looked up by its place."""

from collections.abc import Iterator
from pathlib import Path

from lazify.model.changes import Change, Move, Plan, Refusal
from lazify.model.graphs import Fate
from lazify.model.places import Place, Span


class Fates:
    """The changes and refusals of a plan by the lines that they are about."""

    def __init__(self, plan: Plan) -> None:
        """Places in `plan` are those of the disk, but for the edits of later steps."""
        self._known: dict[Path, list[tuple[Span, Fate]]] = {}
        findings: list[Change | Refusal] = [*plan.changes, *plan.refusals]
        for said in findings:
            for place in _places(said):
                self._known.setdefault(place.path, []).append((place.span, _fate(said)))

    def of(self, at: Place, *, is_import: bool) -> Fate | None:
        """Find what becomes of the statement at a place: as an import, or as something that has an effect."""
        for span, fate in self._known.get(at.path, ()):
            is_about_imports = fate.code.startswith("LZ2")
            if is_about_imports is is_import and _overlap(span, at.span):
                return fate
        return None


def _places(said: Change | Refusal) -> Iterator[Place]:
    yield said.at
    if isinstance(said, Change) and said.step <= 1:
        for edit in said.edits:
            if isinstance(edit, Move):
                yield from (Place(edit.path, span) for span in edit.spans)


def _fate(said: Change | Refusal) -> Fate:
    if isinstance(said, Change):
        return Fate(code=said.code, title=said.title, is_mended=True)
    return Fate(
        code=said.code, title=said.title, is_mended=False, reason=said.reason, pinned_by=said.blocked_by
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.line <= other.end_line and other.line <= one.end_line
