import json
import os
import subprocess
from pathlib import Path

import pytest

from lazify.model.changes import Change, Edit, Erase, Patch, Plan, Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Failure, Place, Span
from lazify.render.document import document
from lazify.render.findings import finding_lines
from lazify.render.patches import bare, coloured, diff_root, explained
from lazify.render.reasons import reasons
from lazify.render.summary import changes_line, failure_lines, findings_line, refusal_lines
from lazify.render.words import encoded, one_line

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


def patch(path: Path, before: str = "x = 1\n", after: str = "x = 2\n") -> Patch:
    return Patch(path=path, before=before.encode(), after=after.encode())


# Reasons


def test_a_reason_begins_with_the_code_the_title_and_the_place() -> None:
    assert reasons(change(at("src/db.py", 12)), BASE) == ["LZ101 db becomes get_db()  (src/db.py:12)"]


def test_the_chain_has_an_arrow_between_facts_and_a_place_before_each_that_has_one() -> None:
    why = (
        Evidence(fact="Database()", at=at("src/db.py", 12)),
        Evidence(fact="__init__", at=at("src/db.py", 4)),
        Evidence(fact="sqlite3.connect opens a database"),
    )
    assert reasons(change(at("src/db.py", 12), *why), BASE)[1:] == [
        "    src/db.py:12 Database() → src/db.py:4 __init__ → sqlite3.connect opens a database"
    ]


def test_a_long_chain_breaks_before_an_arrow_and_never_inside_a_fact() -> None:
    facts = [f"step {number} of a chain that goes on" for number in range(6)]
    lines = reasons(change(at("a.py"), *(Evidence(fact=fact) for fact in facts)), BASE)[1:]
    assert len(lines) > 1
    assert all(len(line) <= 100 for line in lines)
    assert all(line.startswith("    → step") for line in lines[1:])
    assert " ".join(" ".join(lines).split()) == " → ".join(facts)


def test_a_fact_that_is_longer_than_a_line_is_kept_whole() -> None:
    fact = "f(" + "x" * 200 + ")"
    assert reasons(change(at("a.py"), Evidence(fact=fact)), BASE)[1:] == [f"    {fact}"]


def test_notes_stand_below_the_chain_and_wrap_under_their_first_word() -> None:
    lines = reasons(change(at("a.py"), notes=("word " * 40,)), BASE)[1:]
    assert lines[0].startswith("    note: word")
    assert lines[1].startswith("          word")


def test_code_quoted_in_a_fact_is_put_into_one_line() -> None:
    why = Evidence(fact="connect(\n    host,\n\tport\n)")
    assert reasons(change(at("a.py"), why), BASE)[1:] == ["    connect( host, port )"]


def test_characters_that_steer_a_terminal_are_spelled_out() -> None:
    assert one_line("a\x1b[31mred\u202e") == "a\\x1b[31mred\\u202e"


def test_a_file_outside_the_base_is_named_in_full() -> None:
    assert reasons(change(Place(Path("/other/a.py"), Span(3, 0, 3, 1))), BASE) == [
        "LZ101 db becomes get_db()  (/other/a.py:3)"
    ]


def test_a_path_that_is_no_text_keeps_its_bytes() -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (line,) = finding_lines(Plan(changes=(change(at(name)),)), BASE)
    assert encoded(line).startswith(b"caf\xe9.py:1:1 LZ101")


def test_a_line_break_in_a_path_breaks_no_line() -> None:
    (line,) = finding_lines(Plan(changes=(change(at("a\nb.py")),)), BASE)
    assert line == "a\\nb.py:1:1 LZ101 db becomes get_db()"


# Findings


def test_findings_are_sorted_by_place_with_columns_from_one() -> None:
    plan = Plan(
        changes=(change(at("b.py", 1)), change(at("a.py", 10, 4)), change(at("a.py", 9, 4))),
        refusals=(refusal(at("a.py", 9, 0), "class Cached needs it"),),
    )
    assert list(finding_lines(plan, BASE)) == [
        "a.py:9:1 LZ101 Base stays; left as it is: class Cached needs it",
        "a.py:9:5 LZ101 db becomes get_db()",
        "a.py:10:5 LZ101 db becomes get_db()",
        "b.py:1:1 LZ101 db becomes get_db()",
    ]


def test_a_refusal_names_the_line_that_pins_it() -> None:
    plan = Plan(refusals=(refusal(at("a.py", 9), "a class needs it", blocked_by=at("b.py", 4)),))
    assert list(finding_lines(plan, BASE)) == [
        "a.py:9:1 LZ101 Base stays; left as it is: a class needs it (b.py:4)"
    ]


def test_a_reason_that_names_the_line_itself_does_not_name_it_twice() -> None:
    plan = Plan(refusals=(refusal(at("a.py", 9), "the class at b.py:4 needs it", blocked_by=at("b.py", 4)),))
    assert list(finding_lines(plan, BASE)) == [
        "a.py:9:1 LZ101 Base stays; left as it is: the class at b.py:4 needs it"
    ]


def test_a_reason_that_names_a_line_further_down_still_gets_the_line_that_pins_it() -> None:
    plan = Plan(refusals=(refusal(at("a.py", 9), "the class at b.py:42 needs it", blocked_by=at("b.py", 4)),))
    assert next(finding_lines(plan, BASE)).endswith("needs it (b.py:4)")


def test_the_line_below_the_findings_counts_them_and_says_what_apply_would_mend() -> None:
    plan = Plan(changes=(change(at("a.py")),), refusals=(refusal(at("b.py"), "pinned"),))
    assert findings_line(plan) == "2 findings; `lazify apply` would mend 1"
    assert findings_line(Plan()) == "no findings"


# Summary


def test_the_summary_counts_changes_by_code_and_files() -> None:
    assert (
        changes_line([change(at("a.py")), change(at("b.py"))], touched=3) == "2 changes in 3 files: 2 LZ101"
    )
    assert changes_line([change(at("a.py"))], touched=1) == "1 change in 1 file: 1 LZ101"
    assert changes_line([], touched=0) == "nothing to change"


def test_refusals_are_grouped_by_reason_the_most_frequent_first() -> None:
    refusals = [
        refusal(at("z.py", 1), "rare"),
        refusal(at("b.py", 2), "often"),
        refusal(at("a.py", 3), "often"),
    ]
    assert list(refusal_lines(refusals, BASE)) == [
        "3 left as they are:",
        "    often",
        "        a.py:3 LZ101 Base stays",
        "        b.py:2 LZ101 Base stays",
        "    rare",
        "        z.py:1 LZ101 Base stays",
    ]


def test_no_refusals_take_no_line() -> None:
    assert list(refusal_lines([], BASE)) == []


def test_each_failure_is_one_line_with_its_line_number_if_there_is_one() -> None:
    failures = [
        Failure(path=BASE / "b.py", why="not valid\nPython", line=3),
        Failure(path=BASE / "a.py", why="unreadable"),
    ]
    assert list(failure_lines(failures, BASE)) == ["a.py: unreadable", "b.py:3: not valid Python"]


# JSON


def test_the_document_holds_everything_known_of_a_change() -> None:
    why = (
        Evidence(fact="Database()", at=at("db.py", 2, 5)),
        Evidence(fact="sqlite3.connect opens a database"),
    )
    found = change(at("db.py", 2, 5), *why, files=(BASE / "app.py",), notes=("a note",))
    (entry,) = json.loads(document(Plan(changes=(found,)), BASE))["changes"]
    assert entry == {
        "key": "/service/db.py:2",
        "code": "LZ101",
        "title": "db becomes get_db()",
        "path": "db.py",
        "line": 2,
        "column": 6,
        "why": [
            {"fact": "Database()", "path": "db.py", "line": 2},
            {"fact": "sqlite3.connect opens a database", "path": None, "line": None},
        ],
        "notes": ["a note"],
        "requires": [],
        "files": ["app.py", "db.py"],
    }


def test_the_document_holds_refusals_and_failures() -> None:
    plan = Plan(
        refusals=(refusal(at("a.py", 9), "pinned", blocked_by=at("b.py", 4, 2)),),
        failures=(Failure(path=BASE / "c.py", why="not valid", line=3),),
    )
    content = json.loads(document(plan, BASE))
    assert content["refusals"] == [
        {
            "code": "LZ101",
            "title": "Base stays",
            "path": "a.py",
            "line": 9,
            "column": 1,
            "reason": "pinned",
            "why": [],
            "blocked_by": {"path": "b.py", "line": 4, "column": 3},
        }
    ]
    assert content["failures"] == [{"path": "c.py", "line": 3, "why": "not valid"}]
    assert (content["version"], content["written"], content["applied"]) == (1, [], False)
    assert "diff" not in content


def test_the_document_keeps_a_diff_that_is_no_utf_8() -> None:
    diff = b"-name = '\xe9'\n"
    text = document(Plan(), BASE, diff=diff)
    assert text.isascii()
    assert json.loads(text)["diff"].encode("utf-8", "surrogateescape") == diff


# The diff of a dry run


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("db.py", "app.py"):
        (tmp_path / name).write_text("x = 1\n")
    return tmp_path


def git_apply(diff: bytes, cwd: Path) -> None:
    done = subprocess.run(["git", "apply", "-"], cwd=cwd, input=diff, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_the_whole_chain_stands_above_the_file_where_the_change_starts_and_one_line_above_the_others(
    tree: Path,
) -> None:
    found = change(
        at("db.py", base=tree), Evidence(fact="sqlite3.connect opens a database"), files=(tree / "app.py",)
    )
    patches = [patch(tree / "app.py"), patch(tree / "db.py")]
    text = explained(Plan(changes=(found,)), patches, base=tree, root=tree).decode()
    app, db = text.split("\n--- a/db.py")[0].split("\n\n")
    assert app.splitlines()[:2] == ["LZ101 db becomes get_db()  (db.py:1)", "--- a/app.py"]
    assert db.splitlines() == ["LZ101 db becomes get_db()  (db.py:1)", "    sqlite3.connect opens a database"]


def test_the_whole_chain_is_told_once_even_if_the_file_where_it_starts_stays(tree: Path) -> None:
    found = change(
        at("db.py", base=tree), Evidence(fact="a fact"), files=(tree / "app.py", tree / "other.py")
    )
    patches = [patch(tree / "app.py"), patch(tree / "other.py")]
    text = explained(Plan(changes=(found,)), patches, base=tree, root=tree).decode()
    assert text.count("a fact") == 1
    assert text.count("LZ101") == 2


def test_a_file_tells_only_of_the_changes_that_touch_it(tree: Path) -> None:
    changes = (change(at("db.py", base=tree), title="one"), change(at("app.py", base=tree), title="other"))
    text = explained(Plan(changes=changes), [patch(tree / "app.py")], base=tree, root=tree).decode()
    assert "LZ101 other" in text
    assert "LZ101 one" not in text


HOSTILE = [
    "--- a/db.py\n+++ b/db.py\n@@ -1 +1 @@\n-x = 1\n+x = 3",
    "diff --git a/db.py b/db.py",
    "@@ -1 +1 @@",
    "GIT binary patch",
    "Index: db.py",
    "*** db.py",
    "1d",
    "\\ No newline at end of file",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_git_apply_takes_the_diff_whatever_the_reasons_quote(tree: Path, words: str) -> None:
    found = change(
        at("db.py", base=tree),
        Evidence(fact=words),
        Evidence(fact=words),
        title=words,
        notes=(words, "word " * 19 + words),
    )
    plan = Plan(
        changes=(found, change(at("app.py", base=tree), Evidence(fact=words), files=(tree / "db.py",)))
    )
    git_apply(explained(plan, [patch(tree / "app.py"), patch(tree / "db.py")], base=tree, root=tree), tree)
    assert (tree / "db.py").read_text() == (tree / "app.py").read_text() == "x = 2\n"


def test_git_apply_takes_the_diff_of_files_without_a_last_line_end_and_with_crlf(tree: Path) -> None:
    (tree / "db.py").write_bytes(b"x = 1\r\ny = 1")
    (tree / "app.py").write_bytes(b"x = '\xe9'")
    patches = [
        Patch(path=tree / "app.py", before=b"x = '\xe9'", after=b"x = '\xe9\xe9'\n"),
        Patch(path=tree / "db.py", before=b"x = 1\r\ny = 1", after=b"x = 2\r\ny = 1"),
    ]
    plan = Plan(changes=(change(at("db.py", base=tree), files=(tree / "app.py",)),))
    git_apply(explained(plan, patches, base=tree, root=tree), tree)
    assert (tree / "db.py").read_bytes() == b"x = 2\r\ny = 1"
    assert (tree / "app.py").read_bytes() == b"x = '\xe9\xe9'\n"


def test_the_bare_diff_has_no_reasons_and_applies(tree: Path) -> None:
    diff = bare([patch(tree / "app.py"), patch(tree / "db.py")], root=tree)
    assert diff.startswith(b"--- a/app.py\n")
    git_apply(diff, tree)
    assert (tree / "db.py").read_text() == "x = 2\n"


def test_paths_are_relative_to_the_base_even_in_a_subfolder_of_a_repository(tree: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tree, check=True)
    folder = tree / "services"
    folder.mkdir()
    (folder / "db.py").write_text("x = 1\n")
    patches = [patch(folder / "db.py")]
    git_apply(bare(patches, root=diff_root(patches, folder)), folder)
    assert (folder / "db.py").read_text() == "x = 2\n"


def test_files_outside_the_base_have_paths_relative_to_what_holds_all_of_them(tree: Path) -> None:
    for folder in ("one", "two", "elsewhere"):
        (tree / folder).mkdir()
    patches = [patch(tree / "one" / "a.py"), patch(tree / "two" / "a.py")]
    assert diff_root(patches, tree / "one") == tree
    assert diff_root(patches[1:], tree / "elsewhere") == tree / "two"
    assert diff_root([], tree / "one") == tree / "one"


def test_the_diff_names_the_file_itself_and_no_link_to_it(tree: Path) -> None:
    (tree / "real").mkdir()
    (tree / "real" / "a.py").write_text("x = 1\n")
    (tree / "link").symlink_to("real", target_is_directory=True)
    patches = [patch(tree / "link" / "a.py")]
    git_apply(bare(patches, root=diff_root(patches, tree)), tree)
    assert (tree / "real" / "a.py").read_text() == "x = 2\n"


def test_colours_can_be_taken_away_again_without_a_trace(tree: Path) -> None:
    found = change(at("db.py", base=tree), Evidence(fact="a fact"))
    diff = explained(Plan(changes=(found,)), [patch(tree / "db.py")], base=tree, root=tree)
    painted = coloured(diff)
    assert b"\x1b[31m-x = 1\x1b[0m\n" in painted
    assert b"\x1b[32m+x = 2\x1b[0m\n" in painted
    for code in (b"\x1b[0m", b"\x1b[1m", b"\x1b[31m", b"\x1b[32m", b"\x1b[33m", b"\x1b[36m"):
        painted = painted.replace(code, b"")
    assert painted == diff
