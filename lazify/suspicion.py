"""Who might be guilty: the changes of a plan, planned again without some of them, or the files that differ."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lazify import api
from lazify.errors import LazifyError
from lazify.model.changes import Patch, Plan
from lazify.model.verdicts import Guilty
from lazify.request import from_json
from lazify.verify.bench import Bench
from lazify.verify.blame import Files, Made, Suspects
from lazify.verify.copies import copy_tree, differing


@dataclass(frozen=True, slots=True, kw_only=True)
class Redone:
    """An apply that the journal keeps, so that it can be planned again."""

    request: Mapping[str, object]
    home: Path
    """Of the journal."""
    root: Path
    after: Files
    """What it left, relative to the root."""


def of_plan(loaded: api.Loaded, plan: Plan, root: Path) -> Suspects:
    """Suspect every change of a plan for the project at `root`."""

    def make(wanted: Sequence[Guilty]) -> Made:
        smaller = api.only(loaded, plan, {change.key for change in wanted})
        smaller, patches = api.patches(loaded, smaller, progress=api.NoProgress())
        keys = {change.key for change in smaller.changes}
        return Made(
            changes=tuple(change for change in wanted if change.key in keys), files=files_of(patches, root)
        )

    changes = tuple(
        Guilty(
            key=change.key,
            title=f"{change.code} {change.title}",
            at=f"{os.path.relpath(change.at.path, root)}:{change.at.span.line}",
        )
        for change in plan.changes
    )
    return Suspects(changes=changes, make=make)


def of_apply(redone: Redone, table: Bench, *, progress: api.Progress) -> Suspects | None:
    """Plan on the first state what was planned then; None where something else comes out than is there now."""
    tree = table.work / "plan" / table.name
    copy_tree(table.before, tree)
    (tree / ".git").mkdir(exist_ok=True)  # tells the root of a project that has no other mark
    try:
        request, declined = from_json(redone.request, home=redone.home, root=redone.root, tree=tree)
        loaded = api.load(request, progress=progress)
        chosen, patches = api.patches(loaded, api.plan(loaded, declined=declined), progress=progress)
    except LazifyError:
        return None
    if files_of(patches, tree) != redone.after or not _is_there(redone.after, table.after):
        return None
    return of_plan(loaded, chosen, tree)


def of_files(table: Bench) -> Suspects:
    """Suspect every file that differs."""
    changed = differing(table.before, table.after)

    def make(wanted: Sequence[Guilty]) -> Made:
        files = {Path(each.key): changed[Path(each.key)][1] for each in wanted}
        return Made(changes=tuple(wanted), files=files)

    files = tuple(Guilty(key=str(path), title="what differs in this file", at=str(path)) for path in changed)
    return Suspects(changes=files, make=make)


def files_of(patches: Sequence[Patch], root: Path) -> dict[Path, bytes | None]:
    """Give what patches leave, relative to `root`."""
    return {Path(os.path.relpath(patch.path, root)): patch.after for patch in patches}


def _is_there(files: Files, tree: Path) -> bool:
    return all((tree / path).is_file() and (tree / path).read_bytes() == data for path, data in files.items())
