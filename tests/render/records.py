"""Small plans to render."""

from pathlib import Path

from lazify.model.changes import Change, Edit, Erase, Patch, Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Place, Span

BASE = Path("/service")


def at(path: str, line: int = 1, column: int = 0, base: Path = BASE) -> Place:
    return Place(base / path, Span(line, column, line, column + 1))


def edits(*paths: Path) -> tuple[Edit, ...]:
    return tuple(Erase(path=path, span=Span(1, 0, 1, 1)) for path in paths)


def change(
    place: Place,
    *why: Evidence,
    title: str = "db becomes get_db()",
    files: tuple[Path, ...] = (),
    **more: object,
) -> Change:
    return Change(
        key=f"{place.path}:{place.span.line}",
        code="LZ101",
        title=title,
        at=place,
        why=why,
        edits=edits(place.path, *files),
        notes=more.get("notes", ()),  # type: ignore[arg-type]  # one record, few words in the tests
    )


def refusal(place: Place, reason: str, title: str = "Base stays", **more: Place) -> Refusal:
    return Refusal(code="LZ101", title=title, at=place, reason=reason, blocked_by=more.get("blocked_by"))


def patch(path: Path) -> Patch:
    return Patch(path=path, before=b"x = 1\n", after=b"x = 2\n")
