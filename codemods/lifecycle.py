"""LZ301, LZ302, LZ303, LZ304: handlers of startup and shutdown become a lifespan."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from lazify.codemod import Example
from lazify.index.view import View, runs_in_service
from lazify.lifespan.decisions import Decision, Decisions, has_applications
from lazify.model.changes import Change, Refusal
from lazify.model.effects import Evidence

_WORDS = ("on_event", "add_event_handler", "on_startup", "on_shutdown")
_DEAD = "they never run: the framework runs lifespan= alone; --merge-lifespan makes them part of it"

_BEFORE = """\
from fastapi import FastAPI

app = FastAPI(title="Shop")


@app.on_event("startup")
async def connect():
    print("connected")


@app.on_event("shutdown")
def close():
    print("closed")
"""
_AFTER = """\
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    await connect()
    try:
        yield
    finally:
        close()


app = FastAPI(title="Shop", lifespan=lifespan)


async def connect():
    print("connected")


def close():
    print("closed")
"""
_REMOVED = """\
from contextlib import asynccontextmanager

from fastapi import FastAPI


@asynccontextmanager
async def lifespan(app: FastAPI):
    await connect()
    yield


app = FastAPI(title="Shop", lifespan=lifespan)


async def connect():
    print("connected")


# close() is not registered for shutdown: serverless platforms never call it.
"""
_LISTED = """\
from starlette.applications import Starlette


def connect():
    print("connected")


def make_app():
    return Starlette(on_startup=[connect])
"""
_LISTED_AFTER = """\
from contextlib import asynccontextmanager

from starlette.applications import Starlette


def connect():
    print("connected")


def make_app():
    @asynccontextmanager
    async def lifespan(app: Starlette):
        connect()
        yield

    return Starlette(lifespan=lifespan)
"""
_SILENCED = """\
from fastapi import FastAPI
from service import lifespan

app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
def connect():
    print("connected")
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """Startup and shutdown handlers are deprecated in FastAPI and gone from Starlette 1.0: a lifespan calls them.

    All handlers of an application become part of one lifespan, or none does: a lifespan silences the rest. They
    run in the same order, are awaited as before, keep their names, and do not move. When a startup handler
    fails, no shutdown handler runs, as before. With `--on-event remove`, what is registered for shutdown goes away
    instead, for platforms that never shut down, and a comment says so.

    A function of the project that registers handlers on the application it is given returns them instead, where its
    only call stands beside the constructor; the lifespan calls what the caller gets.

    Handlers of a router become those of the application that includes it, where the project requires FastAPI before
    0.112.2, which copies them; from there on a router of applications that have a lifespan gets one of its own.

    Refused where another order or another number of calls might come out: handlers under a condition, other handlers
    of routers (FastAPI runs them once, twice or never, depending on its version), functions that register them and
    are called twice, patched, or called by code nobody here sees, applications that are given to libraries which may
    register handlers of their own, code that reads the handlers, decorators that nobody knows, and versions of
    FastAPI before 0.93 and Starlette before 0.16.
    """

    order: ClassVar[int] = 50  # `on_shutdown=[client.close]` pins the client until a lifespan stands there
    codes: ClassVar[Mapping[str, str]] = {
        "LZ301": "handlers are registered by the deprecated on_event()",
        "LZ302": "handlers are given to add_event_handler(), on_startup= or on_shutdown=",
        "LZ303": "handlers of shutdown that a serverless platform never calls",
        "LZ304": "handlers stand beside a lifespan=: they never run",
    }
    opt_in: ClassVar[frozenset[str]] = frozenset()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(code="LZ301", before={"main.py": _BEFORE}, after={"main.py": _AFTER}),
        Example(code="LZ302", before={"main.py": _LISTED}, after={"main.py": _LISTED_AFTER}),
        Example(
            code="LZ303",
            before={"main.py": _BEFORE},
            after={"main.py": _REMOVED},
            flags={"on_event": "remove"},
        ),
        Example(code="LZ304", before={"main.py": _SILENCED}, refused="they never run"),
    )

    def is_concerned(self, view: View) -> bool:
        """Tell whether anything in the project registers handlers on what is an application today.

        Moving the import of a framework, which only `--heavy` does, may let it be told of more.
        """
        is_named = any(view.project.mentioning(word) for word in _WORDS)
        return is_named and (bool(view.config.heavy) or has_applications(view))

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        """Say which applications get a lifespan, and which keep their handlers and why."""
        for decision in Decisions(view).all():
            code = _code(decision, is_removing=view.config.on_event == "remove")
            if not view.config.wants(code) or not _is_asked(view, decision, code):
                continue
            yield _said(view, decision, code)


def _code(decision: Decision, *, is_removing: bool) -> str:
    if decision.is_dead:
        return "LZ304"
    if is_removing and any(each.event == "shutdown" for each in decision.registrations):
        return "LZ303"
    codes = {registration.code for registration in decision.registrations}
    return "LZ302" if codes == {"LZ302"} else "LZ301"


def _is_asked(view: View, decision: Decision, code: str) -> bool:
    """Tell whether the finding lies in what the user named, and no comment takes it out."""
    module = view.project.modules[decision.at.path]
    is_reported = module.source.is_selected and not module.facts.ignores_file and runs_in_service(module)
    for each in decision.registrations:
        ignores, span = each.tree.module.facts.ignores, each.at.span
        for line in range(span.line, span.end_line + 1):
            if line in ignores and (not ignores[line] or code in ignores[line]):
                return False
    return is_reported


def _said(view: View, decision: Decision, code: str) -> Change | Refusal:
    why = tuple(
        Evidence(fact=f"a handler for {each.event}", at=each.at) for each in decision.registrations
    ) or (Evidence(fact="a handler", at=decision.at),)
    problem = decision.problem
    if code == "LZ304" and not view.config.merge_lifespan:
        return Refusal(code=code, title="handlers beside a lifespan", at=decision.at, reason=_DEAD, why=why)
    key = f"{decision.at.path.as_posix()}:{decision.key}"
    if problem is None and key not in view.declined:
        return Change(
            key=key,
            code=code,
            title=_title(decision, code),
            at=decision.at,
            why=why,
            edits=decision.edits,
            notes=decision.notes,
        )
    reason = "it is left out by choice" if problem is None else problem.reason
    return Refusal(
        code=code,
        title="handlers of startup and shutdown",
        at=decision.at,
        reason=reason,
        why=why,
        blocked_by=None if problem is None else problem.at,
    )


def _title(decision: Decision, code: str) -> str:
    count = len(decision.registrations)
    if code == "LZ303":
        gone = sum(each.event == "shutdown" for each in decision.registrations)
        rest = f", {count - gone} become a lifespan" if count > gone else ""
        return f"{gone} shutdown {'handler is' if gone == 1 else 'handlers are'} not registered{rest}"
    return "1 handler becomes a lifespan" if count == 1 else f"{count} handlers become a lifespan"
