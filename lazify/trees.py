"""A project as it is on the disk, and as some changes would leave it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lazify.discover import Inventory
from lazify.executor import executor
from lazify.index.entries import entry_modules
from lazify.index.reading import decode
from lazify.index.store import Store, cache_directory
from lazify.inputs import Inputs
from lazify.model.changes import Change, Edit, Patch, Plan
from lazify.model.places import Failure
from lazify.plan import Files, Grown
from lazify.rewriting import Rewriting, keep, recall, surroundings

if TYPE_CHECKING:
    from lazify.index.view import View

_EDIT_WORK = 4_000
"""Bytes of scanning that take as long as carrying out one edit, roughly."""


class Tree(Protocol):
    """A project as it is on the disk."""

    @property
    def inventory(self) -> Inventory:
        """Where it lies."""
        ...

    @property
    def inputs(self) -> Inputs:
        """What its files hold."""
        ...

    @property
    def view(self) -> "View":
        """What codemods look at."""
        ...


def unknown_entries(projects: Sequence[Tree]) -> list[str]:
    """List the entries that no project has."""
    asked = dict.fromkeys(entry for project in projects for entry in project.inputs.config.entry)
    found = {
        entry
        for project in projects
        for entry in project.inputs.config.entry
        if entry_modules(project.view.project, [entry], base=project.inputs.base)
    }
    return [entry for entry in asked if entry not in found]


def why_unknown(projects: Sequence[Tree], entry: str) -> str:
    """Say why an entry is none of the modules: it may be a file that could not be read."""
    for project in projects:
        paths = (project.inputs.base / entry, project.inventory.territory.root / entry)
        for failure in project.view.project.failures:
            if failure.path in paths:
                return failure.why if failure.line is None else f"{failure.why} (line {failure.line})"
    return "no module of that name or path is there"


Advance = Callable[[int, int], None]
"""Hears how many of how many files are done."""


def unheard(done: int, total: int) -> None:
    """Nobody watches."""


def rewritten(
    projects: Iterable[Tree],
    edits: Mapping[Path, Sequence[Edit]],
    files: Files,
    *,
    advance: Advance = unheard,
) -> list[Patch | Failure]:
    """Make the edits in memory, of each file on what `files` hold or else on the disk."""
    around = {project: surroundings(project.inputs) for project in projects}
    owners = {path: project for project in around for path in project.inputs.contents.keys}
    work = [
        Rewriting(
            path=path,
            edits=tuple(edits.get(path, ())),
            key=owners[path].inputs.contents.keys[path],
            config_root=owners[path].inventory.territory.config_root,
            version=owners[path].inputs.contents.version,
            surroundings=around[owners[path]],
            ground=files.get(path),
        )
        for path in sorted(edits.keys() | files.keys())
    ]
    with Store(cache_directory()) as store:
        results: dict[Path, Patch | Failure] = dict(recall(work, store))
        advance(len(results), len(work))
        rest = [item for item in work if item.path not in results]
        for result in _anew(rest):
            results[result.path] = result
            advance(len(results), len(work))
        done = {item: result for item in rest if isinstance(result := results[item.path], Patch)}
        keep(done, store)
    return [results[item.path] for item in work]


def _anew(work: Sequence[Rewriting]) -> Iterator[Patch | Failure]:
    if not work:
        return
    from lazify.rewrite.files import rewrite_file  # LibCST and Black, for those who rewrite

    with executor(sum(len(item.edits) for item in work) * _EDIT_WORK) as pool:
        yield from pool.map(rewrite_file, work)


def edits_of(changes: Iterable[Change]) -> dict[Path, list[Edit]]:
    """Sort the edits of some changes by file."""
    edits: dict[Path, list[Edit]] = {}
    for change in changes:
        for edit in change.edits:
            edits.setdefault(edit.path, []).append(edit)
    return edits


def finished(
    projects: Iterable[Tree], plan: Plan, *, before: int | None = None, advance: Advance
) -> list[Patch | Failure]:
    """Make every change of the plan in memory, or only those of the steps `before` one."""
    files, began = dict[Path, bytes](), dict[Path, int]()
    for step in sorted(plan.grounds):
        if before is None or step <= before:
            files.update(plan.grounds[step])
            began.update(dict.fromkeys(plan.grounds[step], step))
    edits: dict[Path, list[Edit]] = {}
    for change in plan.changes:
        for edit in change.edits:
            is_asked = before is None or change.step < before
            if is_asked and change.step >= began.get(edit.path, 0):
                edits.setdefault(edit.path, []).append(edit)
    return rewritten(projects, edits, files, advance=advance)


def grown(project: Tree, view: "View", changes: Sequence[Change], files: Files) -> Grown:
    """Make the changes of a step in memory, and read again what they changed."""
    from lazify.index.contents import hold
    from lazify.index.load import load
    from lazify.index.modules import Module

    results = rewritten([project], edits_of(changes), files)
    failures = tuple(result for result in results if isinstance(result, Failure))
    if failures:
        return Grown(view=view, files=files, failures=failures)
    patches = [result for result in results if isinstance(result, Patch)]
    fresh = {p.path: p.after for p in patches if p.after != files.get(p.path, p.before)}
    sources = [view.project.modules[path].source for path in fresh]
    with Store(cache_directory()) as store, executor(sum(map(len, fresh.values()))) as pool:
        loaded, broken = load(sources, executor=pool, store=store, contents=hold(fresh))
    if broken:
        return Grown(view=view, files=files, failures=tuple(broken))
    modules = [Module(source=each.source, facts=each.facts) for each in loaded]
    after = {patch.path: patch.after for patch in patches}

    def read(path: Path) -> str:
        return decode(after[path]).text if path in after else view.read(path)

    return Grown(view=view.after(modules, read=read), files=after)
