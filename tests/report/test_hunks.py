"""Each change shows the hunks that its edits make."""

from lazify.model.changes import AddImport, Change, InsertAfter, Patch, Plan
from lazify.model.effects import Evidence
from lazify.model.places import Place, Span
from lazify.report.hunks import Shares, file_diffs
from tests.render.records import BASE
from tests.report.facts import AFTER, BEFORE, change

PATH = BASE / "db.py"
PATCH = Patch(path=PATH, before=BEFORE, after=AFTER)


def test_a_diff_is_taken_apart_into_hunks_with_the_lines_that_they_cover() -> None:
    (diff,) = file_diffs([PATCH])
    assert [(hunk.head, hunk.first, hunk.last) for hunk in diff.hunks] == [
        ("@@ -1,5 +1,6 @@", 1, 5),
        ("@@ -17,7 +18,7 @@", 17, 23),
        ("@@ -47,7 +48,7 @@", 47, 53),
    ]
    assert diff.hunks[1].lines[3:5] == ("-line 20", "+changed")


def test_a_change_has_its_own_hunks_and_the_import_that_it_shares() -> None:
    plan = Plan(changes=(change("conn", PATH, 20), change("pool", PATH, 50)))
    shares = Shares(plan, [PATCH], file_diffs([PATCH]))
    assert list(shares.of(plan.changes[0])) == [(PATH, 0), (PATH, 1)]
    assert list(shares.of(plan.changes[1])) == [(PATH, 0), (PATH, 2)]


def test_edits_of_a_later_step_are_found_where_they_stand_on_the_disk() -> None:
    ground = b"# one\n# two\n# three\n" + BEFORE
    edit = InsertAfter(path=PATH, span=Span(53, 0, 53, 4), code="y = 2")  # line 50 on the disk
    late = Change(
        key="late",
        code="LZ201",
        title="late",
        at=Place(PATH, Span(50, 0, 50, 1)),
        why=(Evidence(fact="x"),),
        edits=(edit,),
        step=2,
    )
    plan = Plan(changes=(late,), grounds={2: {PATH: ground}})
    shares = Shares(plan, [PATCH], file_diffs([PATCH]))
    assert list(shares.of(late)) == [(PATH, 2)]


def test_a_change_of_which_nothing_is_left_has_no_hunks() -> None:
    edit = AddImport(path=BASE / "other.py", module="os")
    none = Change(
        key="none", code="LZ101", title="none", at=Place(PATH, Span(1, 0, 1, 1)), why=(), edits=(edit,)
    )
    plan = Plan(changes=(none,))
    assert list(Shares(plan, [PATCH], file_diffs([PATCH])).of(none)) == []


def test_carriage_returns_and_foreign_encodings_are_read_as_the_file_is() -> None:
    patch = Patch(
        path=PATH,
        before="x = 'é'\r\n".encode("latin-1"),
        after="y = 'é'\r\n".encode("latin-1"),
        encoding="latin-1",
    )
    (diff,) = file_diffs([patch])
    assert diff.hunks[0].lines == ("-x = 'é'", "+y = 'é'")
