"""Facts for pages: a small project, and one whose every name and line tries to break out."""

from pathlib import Path

from lazify.model.changes import AddImport, Change, Patch, Plan, Refusal, Replace
from lazify.model.effects import Evidence
from lazify.model.places import Failure, Place, Span
from lazify.model.reports import Finding, Measured, Slice, Timeline
from lazify.report.content import Facts
from tests.render.graphs import NASTY, graph, hostile
from tests.render.records import BASE, at, refusal

BEFORE = b"".join(b"line %d\n" % number for number in range(1, 61))
AFTER = BEFORE.replace(b"line 3\n", b"import threading\nline 3\n").replace(b"line 20\n", b"changed\n")
AFTER = AFTER.replace(b"line 50\n", b"changed too\n")


def change(key: str, path: Path, line: int, **more: object) -> Change:
    edit = Replace(path=path, span=Span(line, 0, line, 1), code="x")
    return Change(
        key=key,
        code="LZ101",
        title=f"{key} becomes get_{key}()",
        at=Place(path, Span(line, 0, line, 1)),
        why=(
            Evidence(fact="connect()", at=at("db.py", line)),
            Evidence(fact="sqlite3.connect: database [docs]"),
        ),
        edits=(edit, AddImport(path=path, module="threading")),
        notes=("the first call blocks",),
        **more,  # type: ignore[arg-type]  # one record, few words in the tests
    )


def facts() -> Facts:
    path = BASE / "db.py"
    plan = Plan(
        changes=(change("conn", path, 20), change("pool", path, 50)),
        refusals=(
            refusal(at("a.py", 9), "the class at b.py:4 needs Base at import", blocked_by=at("b.py", 4)),
            Refusal(
                code="LZ201",
                title="numpy is imported at module level",
                at=at("c.py", 1),
                reason="the statement at c.py:3 needs np at import",
            ),
        ),
        failures=(Failure(path=BASE / "broken.py", why="not valid Python", line=3),),
    )
    return Facts(
        title="shop",
        base=BASE,
        graphs=(graph(),),
        plan=plan,
        patches=(Patch(path=path, before=BEFORE, after=AFTER),),
    )


def hostile_facts() -> Facts:
    path = BASE / NASTY / "n.py"
    before, after = f"x = 1  # {NASTY}\n".encode(), f"x = 2  # {NASTY}\n".encode()
    change = Change(
        key=NASTY,
        code="LZ101",
        title=NASTY,
        at=Place(path, Span(1, 0, 1, 1)),
        why=(Evidence(fact=NASTY, at=Place(path, Span(1, 0, 1, 1))),),
        edits=(Replace(path=path, span=Span(1, 0, 1, 1), code="y"),),
        notes=(NASTY,),
    )
    return Facts(
        title=NASTY,
        base=BASE,
        graphs=(hostile(),),
        plan=Plan(
            changes=(change,),
            refusals=(Refusal(code="LZ104", title=NASTY, at=change.at, reason=NASTY, why=change.why),),
            failures=(Failure(path=path, why=NASTY),),
        ),
        patches=(Patch(path=path, before=before, after=after),),
        measured=Measured(
            timelines=(timeline(NASTY, "before", 100.0), timeline(NASTY, "after", 20.0)),
            findings=((NASTY, Finding(aspect=NASTY, judgement="worse", before=NASTY, after=NASTY)),),
            notes=(NASTY,),
        ),
    )


def timeline(title: str, side: str, ms: float) -> Timeline:
    inner = Slice(name=f"{title}.inner", ms=ms / 2, kind="other", at="a.py:3")
    outer = Slice(name=title, ms=ms, kind="own", below=(inner,))
    return Timeline(
        title=title, side=side, ms=ms, is_measured=True, mib=50.0, modules=2, note=title, slices=(outer,)
    )
