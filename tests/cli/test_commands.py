import json
from pathlib import Path

import pytest

from lazify import api
from lazify.model.changes import Receipt
from lazify.model.places import Failure
from tests.cli.engine import Engine, change, lazify, refusal


def test_apply_writes_and_says_on_stderr_what_it_did(engine: Engine) -> None:
    engine.changes = (change("db", engine.base), change("cache", engine.base))
    result = lazify("apply")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "2 changes in 2 files: 2 LZ101\n`lazify undo` brings everything back\n"
    assert engine.applied == [engine.base / "cache.py", engine.base / "db.py"]


def test_apply_names_what_it_leaves_and_why(engine: Engine) -> None:
    engine.refusals = (refusal("base", engine.base),)
    result = lazify("apply")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[:4] == [
        "nothing to change",
        "1 left as it is:",
        "    class Cached needs it",
        "        base.py:3 LZ101 base is made at import",
    ]


def test_apply_exits_with_2_and_names_each_file_that_could_not_be_processed_but_does_the_rest(
    engine: Engine,
) -> None:
    engine.changes = (change("db", engine.base),)
    engine.failures = (Failure(path=engine.base / "old.py", why="not valid for Python 3.11", line=7),)
    engine.late_failures = (Failure(path=engine.base / "odd.py", why="an edit does not fit"),)
    result = lazify("apply")
    assert result.exit_code == 2
    assert engine.applied == [engine.base / "db.py"]
    assert result.stderr.splitlines()[-2:] == [
        "odd.py: an edit does not fit",
        "old.py:7: not valid for Python 3.11",
    ]


def test_the_undo_that_is_offered_names_the_project_when_it_lies_below(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.changes = (change("db", engine.base),)
    engine.base = engine.base / "service"
    assert "`lazify undo service`" not in lazify("apply").stderr
    engine.base = engine.base.parent
    journal = engine.base / "service/.lazify/journal/000001.committed"
    monkeypatch.setattr(
        api, "apply", lambda loaded, patches, **_: Receipt(written=(Path("x"),), journal=journal)
    )
    assert "`lazify undo service` brings everything back" in lazify("apply").stderr


def test_what_a_killed_run_left_is_ended_first_and_told(engine: Engine) -> None:
    engine.left_by_a_killed_run = ("an interrupted apply was taken back",)
    for command in ("apply", "check"):
        assert lazify(command).stderr.startswith("an interrupted apply was taken back\n")


def test_a_dry_run_writes_nothing_and_prints_only_the_diff_with_its_reasons(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    result = lazify("apply", "--dry-run")
    assert result.exit_code == 0
    assert engine.applied == []
    assert result.stdout == (
        "LZ101 db becomes get_db()  (db.py:2)\n"
        "    sqlite3.connect opens a database\n"
        "--- a/db.py\n"
        "+++ b/db.py\n"
        "@@ -1 +1 @@\n"
        "-x = 1\n"
        "+x = 2\n"
    )
    assert result.stderr == "1 change in 1 file: 1 LZ101\n"


def test_a_dry_run_says_where_its_diff_applies_when_that_is_not_the_current_directory(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    engine.base = engine.base / "elsewhere"
    engine.base.mkdir()
    result = lazify("apply", "--dry-run")
    assert "--- a/db.py\n" in result.stdout
    assert f"the paths of this diff are relative to {engine.base.parent}: apply it there" in result.stderr


def test_json_holds_what_was_written(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    content = json.loads(lazify("apply", "--format", "json").stdout)
    assert content["written"] == ["db.py"]
    assert content["applied"] is True
    assert "diff" not in content
    assert [entry["key"] for entry in content["changes"]] == ["db"]


def test_json_of_a_dry_run_holds_the_bare_diff(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    content = json.loads(lazify("apply", "--format", "json", "--dry-run").stdout)
    assert content["diff"].startswith("--- a/db.py\n")
    assert (content["written"], content["applied"]) == ([], False)


def test_interactive_shows_each_change_with_its_own_diff_and_applies_what_was_accepted(
    engine: Engine,
) -> None:
    engine.changes = (change("cache", engine.base), change("db", engine.base))
    result = lazify("apply", "-i", stdin="n\ny\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert engine.applied == [engine.base / "db.py"]
    cache, db = result.stderr.split("(1/2) make this change")
    assert "LZ101 cache becomes get_cache()" in cache
    assert "+++ b/cache.py" in cache
    assert "b/db.py" not in cache
    assert "+++ b/db.py" in db


@pytest.mark.parametrize("answers", ["y\nq\n", "y\n", ""])
def test_interactive_quit_or_the_end_of_the_input_writes_nothing(engine: Engine, answers: str) -> None:
    engine.changes = (change("cache", engine.base), change("db", engine.base))
    result = lazify("apply", "-i", stdin=answers)
    assert result.exit_code == 0
    assert engine.applied == []
    assert result.stderr.endswith("nothing was written\n")


def test_interactive_with_dry_run_prints_the_diff_of_what_was_accepted(engine: Engine) -> None:
    engine.changes = (change("cache", engine.base), change("db", engine.base))
    result = lazify("apply", "-i", "--dry-run", stdin="n\ny\n")
    assert engine.applied == []
    assert result.stdout.startswith("LZ101 db becomes get_db()")
    assert "cache" not in result.stdout


def test_interactive_quit_with_json_still_prints_one_object(engine: Engine) -> None:
    engine.changes = (change("cache", engine.base),)
    content = json.loads(lazify("apply", "-i", "--format", "json", stdin="q\n").stdout)
    assert content["applied"] is False


def test_undo_says_how_many_files_it_brought_back(engine: Engine) -> None:
    engine.applied = [engine.base / "db.py"]
    result = lazify("undo")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "put back 1 file\n")


def test_undo_without_an_apply_is_no_error(engine: Engine) -> None:
    result = lazify("undo")
    assert (result.exit_code, result.stderr) == (0, "nothing to undo\n")


def test_check_is_quiet_and_exits_with_0_when_there_is_nothing(engine: Engine) -> None:
    result = lazify("check")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no findings\n")


def test_check_lists_findings_and_exits_with_1(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    engine.refusals = (refusal("base", engine.base),)
    result = lazify("check")
    assert result.exit_code == 1
    assert result.stdout == (
        "base.py:3:1 LZ101 base is made at import; left as it is: class Cached needs it\n"
        "db.py:2:1 LZ101 db becomes get_db() (sqlite3.connect opens a database)\n"
    )
    assert result.stderr == "2 findings; `lazify apply` would mend 1\n"


def test_check_exits_with_2_when_a_file_could_not_be_read_even_with_findings(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    engine.failures = (Failure(path=engine.base / "old.py", why="not valid for Python 3.11", line=7),)
    result = lazify("check")
    assert result.exit_code == 2
    assert "db.py:2:1" in result.stdout
    assert result.stderr.endswith("old.py:7: not valid for Python 3.11\n")


def test_check_gives_json(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    result = lazify("check", "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["changes"][0]["path"] == "db.py"


def test_explain_lists_all_codes() -> None:
    result = lazify("explain")
    assert result.exit_code == 0
    assert {"LZ101", "LZ105", "LZ403"} <= {line.split()[0] for line in result.stdout.splitlines()}


def test_explain_of_an_unknown_code_exits_with_2_and_names_the_nearest() -> None:
    result = lazify("explain", "LZ999")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("lazify: unknown code LZ999; the nearest known one is LZ")
