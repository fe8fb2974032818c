import json

from lazify.model.changes import Plan
from lazify.model.effects import Evidence
from lazify.model.places import Failure
from lazify.render.document import document
from tests.render.records import BASE, at, change, refusal


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
