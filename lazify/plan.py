"""What all codemods together want to do in one project, step by step."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from lazify.codemod import Codemod, is_concerned, step_of
from lazify.index.reading import decode
from lazify.model.changes import Change, Plan, Refusal
from lazify.model.places import Failure
from lazify.retrace import Retraced, retraced

Files = Mapping[Path, bytes]
"""What some files hold that are otherwise on the disk."""

if TYPE_CHECKING:
    from lazify.index.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A project after some changes."""

    view: "View"
    files: Files
    """Every file that is not as it is on the disk."""
    failures: tuple[Failure, ...] = ()
    """Files that cannot be rewritten: then nothing has grown."""


Grow = Callable[["View", Sequence[Change], Files], Grown]
"""Makes changes in memory, to files that hold what the last argument says."""


def plan(view: "View", codemods: Sequence[Codemod], grow: Grow) -> Plan:
    """Ask each codemod in its order; each step sees the tree that the steps before it leave."""
    said: list[Change | Refusal] = []
    grounds: dict[int, Files] = {}
    at, files = view, dict[Path, bytes]()
    pending: list[Change] = []
    for step, group in groupby(codemods, key=step_of):
        asked = [codemod for codemod in group if is_concerned(codemod, at)]
        if pending and asked:
            grown = grow(at, pending, files)
            if grown.failures:
                return _without_failures(view, codemods, grow, pending, grown.failures)
            at, files, pending = grown.view, dict(grown.files), []
            grounds[step] = files
        found = _ask(at, asked, step)
        pending += (each for each in found if isinstance(each, Change))
        said += _on_the_disk(found, view, files)
    return Plan(
        changes=tuple(sorted((each for each in said if isinstance(each, Change)), key=_step_and_place)),
        refusals=tuple(sorted((each for each in said if isinstance(each, Refusal)), key=_place)),
        failures=view.project.failures,
        declined=view.declined,
        grounds=grounds,
    )


def joined(plans: Sequence[Plan]) -> Plan:
    """Put the plans of several projects together; the keys of changes must differ between them."""
    grounds: dict[int, dict[Path, bytes]] = {}
    for each in plans:
        for step, files in each.grounds.items():
            grounds.setdefault(step, {}).update(files)
    return Plan(
        changes=tuple(change for each in plans for change in each.changes),
        refusals=tuple(refusal for each in plans for refusal in each.refusals),
        failures=tuple(failure for each in plans for failure in each.failures),
        declined=frozenset().union(*(each.declined for each in plans)),
        grounds=grounds,
    )


def lost(changes: Sequence[Change], failures: Iterable[Failure]) -> dict[str, Refusal]:
    """Refuse the changes that touch a file which cannot be rewritten, by their keys: those of the last step."""
    failed = {failure.path: failure.why for failure in failures}
    last: dict[Path, int] = {}
    for change in changes:
        for edit in change.edits:
            last[edit.path] = max(change.step, last.get(edit.path, 0))
    return {
        change.key: Refusal(
            code=change.code,
            title=change.title,
            at=change.at,
            reason=next(failed[edit.path] for edit in change.edits if edit.path in failed),
            why=change.why,
        )
        for change in changes
        if any(edit.path in failed and last[edit.path] == change.step for edit in change.edits)
    }


def _ask(view: "View", codemods: Iterable[Codemod], step: int) -> list[Change | Refusal]:
    said: list[Change | Refusal] = []
    for codemod in codemods:
        for each in codemod.plan(replace(view, earlier=tuple(said))):
            said.append(replace(each, step=step) if isinstance(each, Change) else each)
    return said


def _without_failures(
    view: "View",
    codemods: Sequence[Codemod],
    grow: Grow,
    changes: Sequence[Change],
    failures: tuple[Failure, ...],
) -> Plan:
    refusals = lost(changes, failures)
    smaller = plan(view.but(declined=view.declined | refusals.keys()), codemods, grow)
    return replace(
        smaller,
        refusals=(*smaller.refusals, *refusals.values()),
        failures=(*smaller.failures, *failures),
    )


def _on_the_disk(
    said: Sequence[Change | Refusal], view: "View", files: Mapping[Path, bytes]
) -> list[Change | Refusal]:
    if not files:
        return list(said)
    traced = {path: Retraced(view.read(path), decode(data).text) for path, data in files.items()}
    return [retraced(each, traced) for each in said]


def _step_and_place(change: Change) -> tuple[int, str, int, int, str]:
    return (change.step, *_place(change))


def _place(said: Change | Refusal) -> tuple[str, int, int, str]:
    return (said.at.path.as_posix(), said.at.span.line, said.at.span.column, said.code)
