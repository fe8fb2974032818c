"""LZ401, LZ402, LZ403: entry points that always answer, and routers that an application can do without."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from lazify.codemod import Example
from lazify.entries.entry import Entry, entries, entry_problem, lazy_problem
from lazify.entries.optional import Optional, optional_problem, routers
from lazify.entries.text import guard_text, lazy_text, optional_text
from lazify.getter.names import Names
from lazify.getter.problems import Problem
from lazify.index.view import View
from lazify.lifespan.origins import Origins
from lazify.lifespan.trees import Tree, Trees
from lazify.model.changes import HOLE, AddImport, Change, Edit, Erase, Move, Refusal, Replace
from lazify.model.effects import Evidence
from lazify.model.places import Place

_MAIN = "from fastapi import FastAPI\n\napp = FastAPI()\n"
_ADMIN = "from fastapi import APIRouter\n\nrouter = APIRouter()\n"
_INCLUDES = "from fastapi import FastAPI\n\nfrom reports import router\n\napp = FastAPI()\napp.include_router(router)\n"
_INCLUDED = (
    "import logging\n\nfrom fastapi import FastAPI\n\ntry:\n    from reports import router\nexcept Exception:\n"
    '    logging.getLogger(__name__).exception("router cannot be imported and is left out")\n    router = None\n\n'
    "app = FastAPI()\nif router is not None:\n    app.include_router(router)\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPoints:
    """An entry point that cannot import its application takes everything down, and the platform says no more than that.

    LZ401 puts the import under a guard: where it fails, every path and method answers 503 with the reason, and the
    traceback is logged. What the error says is shown only where VERCEL_ENV or ENVIRONMENT names no production.
    LZ402 imports the application on the first request instead: once, however many come first, and again after a
    failure, which is answered in the same way, so that LZ401 beside it has nothing to add. LZ403 leaves out a router
    whose import fails.

    The application may be imported, or made by what is imported: `app = create_app()`, `app = main.app`. Entry
    points are what `--entry` or the files of a platform name. Whatever protects is never left out:
    authentication, CSRF, CORS, rate limits, trusted hosts. All three are opt-in.
    """

    order: ClassVar[int] = 400
    codes: ClassVar[Mapping[str, str]] = {
        "LZ401": "an entry point whose import of the application is not guarded",
        "LZ402": "an entry point whose `app` is undefined until the application can be imported",
        "LZ403": "a router whose failure to import takes the application down",
    }
    opt_in: ClassVar[frozenset[str]] = frozenset({"LZ401", "LZ402", "LZ403"})
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            code="LZ401",
            before={"main.py": _MAIN, "index.py": "from main import app\n\napp.debug = True\n"},
            refused="the entry point does more with app than to hand it on",
            flags={"select": ("LZ401",), "entry": ("index.py",)},
        ),
        Example(
            code="LZ402",
            before={"main.py": _MAIN, "index.py": "from main import app\n\napp.debug = True\n"},
            refused="the entry point does more with app than to hand it on",
            flags={"select": ("LZ402",), "entry": ("index.py",)},
        ),
        Example(
            code="LZ403",
            before={"reports.py": _ADMIN, "main.py": _INCLUDES},
            after={"main.py": _INCLUDED},
            flags={"select": ("LZ403",)},
        ),
    )

    def is_concerned(self, view: View) -> bool:
        """Tell whether one of the codes is selected."""
        return any(view.config.wants(code) for code in self.codes)

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        """Guard the entry points and the optional routers."""
        trees, names = Trees(view), Names(view)
        origins = Origins(view, trees)
        if view.config.wants("LZ401") or view.config.wants("LZ402"):
            for entry in entries(view, trees, origins):
                yield from _guarded(view, names, entry)
        if view.config.wants("LZ403"):
            for optional in routers(view, trees, origins):
                yield _left_out(view, optional)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One thing to guard."""

    code: str
    title: str
    at: Place
    fact: str
    edits: tuple[Edit, ...]
    problem: Problem | None


def _guarded(view: View, names: Names, entry: Entry) -> Iterator[Change | Refusal]:
    """Say what becomes of an entry point: lazy where that is asked for and possible, else guarded."""
    problem = entry_problem(view, entry)
    if view.config.wants("LZ402"):
        why_not = problem or lazy_problem(view.effects, entry)
        yield _said(view, _finding(names, entry, "LZ402", why_not))
        if why_not is None or problem is not None:
            return
    if view.config.wants("LZ401"):
        yield _said(view, _finding(names, entry, "LZ401", problem))


def _finding(names: Names, entry: Entry, code: str, problem: Problem | None) -> "_Finding":
    return _Finding(
        code=code,
        title=f"{entry.name} answers 503 if it cannot be imported",
        at=entry.tree.place(entry.statements[0]),
        fact=f"{entry.name} does not exist if {entry.source} fails",
        edits=() if problem else tuple(_entry_edits(names, entry, code)),
        problem=problem,
    )


def _entry_edits(names: Names, entry: Entry, code: str) -> Iterator[Edit]:
    tree, module, path = entry.tree, entry.tree.module, entry.tree.module.path
    spans = tuple(tree.span(each) for each in entry.statements)
    reason = _free(names, tree, "_unavailable")
    for needed in ("json", "logging", "os"):
        yield AddImport(path=path, module=needed)
    name, hole = entry.name, HOLE
    if entry.is_inside and entry.value is not None:
        name = _free(names, tree, "_application")
        hole = f"{HOLE}\n\n    {name} = {tree.cut(entry.value)}"
        yield Replace(path=path, span=tree.span(entry.value), code=name)
    if code == "LZ401":
        yield Move(path=path, spans=spans, code=guard_text(name, reason, hole))
        return
    yield AddImport(path=path, module="threading")
    getter = names.getter(name, [module])
    storage = names.storage(name, module)
    yield Replace(path=path, span=spans[0], code=lazy_text(name, getter, storage, reason, _source(entry)))
    yield from (Erase(path=path, span=span) for span in spans[1:])


def _source(entry: Entry) -> tuple[str, str]:
    """The import, if there is one, and the expression that is the application then."""
    item, statement = entry.item, entry.statement
    if entry.value is not None or item is None:
        return "" if statement is None else ast.unparse(statement), ast.unparse(
            entry.value or ast.Constant(None)
        )
    source = "." * item.level + item.module
    return f"from {source} import {item.name} as imported", "imported"


def _left_out(view: View, optional: Optional) -> Change | Refusal:
    tree, path = optional.tree, optional.tree.module.path
    problem = optional_problem(view, optional)
    include = f"if {optional.name} is not None:\n    {HOLE}\n"
    edits: tuple[Edit, ...] = (
        AddImport(path=path, module="logging"),
        Move(path=path, spans=(tree.span(optional.statement),), code=optional_text(optional.name, HOLE)),
        Move(path=path, spans=(tree.span(optional.include),), code=include),
    )
    finding = _Finding(
        code="LZ403",
        title=f"{optional.name} is left out if it fails",
        at=tree.place(optional.include),
        fact=f"the application does not start if {optional.item.module or optional.name} cannot be imported",
        edits=edits,
        problem=problem,
    )
    return _said(view, finding)


def _said(view: View, finding: _Finding) -> Change | Refusal:
    why = (Evidence(fact=finding.fact, at=finding.at),)
    code, title, problem = finding.code, finding.title, finding.problem
    key = f"{finding.at.path.as_posix()}:{title}:{code}"
    if problem is None and key not in view.declined:
        return Change(key=key, code=code, title=title, at=finding.at, why=why, edits=finding.edits)
    reason = "it is left out by choice" if problem is None else problem.reason
    blocked_by = None if problem is None else problem.at
    return Refusal(code=code, title=title, at=finding.at, reason=reason, why=why, blocked_by=blocked_by)


def _free(names: Names, tree: Tree, stem: str) -> str:
    number, name = 1, stem
    while not names.is_free(name, tree.module):
        number += 1
        name = f"{stem}_{number}"
    return names.give(name, tree.module)
