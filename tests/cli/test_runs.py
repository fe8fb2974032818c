"""Whole sessions, as a user has them: a real service, the real engine, real `git apply`."""

import json
import subprocess
from pathlib import Path

import pytest

from lazify import codemod
from tests.cli.service import answer, git_apply, lazify, read, write


def test_apply_makes_the_import_harmless_and_the_answers_stay(service: Path) -> None:
    assert answer(service, SERVICE_KEY="key") == "True ('key', 'Store')"
    result = lazify("apply", "src")
    assert result.stdout == ""
    assert "2 changes in 3 files: 1 LZ101, 1 LZ103" in result.stderr
    assert answer(service) == "False ('key', 'Store')"


def test_what_a_dry_run_prints_is_what_apply_does(service: Path) -> None:
    before = read(service)
    diff = lazify("apply", "--dry-run", "src").stdout_bytes
    assert read(service) == before
    lazify("apply", "src")
    applied = read(service)
    lazify("undo")
    assert read(service) == before
    git_apply(diff, service)
    assert read(service) == applied


def test_a_dry_run_says_why_above_each_file(service: Path) -> None:
    text = lazify("apply", "--dry-run", "src").stdout
    above_routes = text.split("--- a/src/app/routes.py")[0]
    assert "LZ101 store becomes get_store()  (src/app/store.py:9)" in above_routes
    assert "sqlite3.connect" not in above_routes
    above_store = text.split("--- a/src/app/store.py")[0].split("+++")[-1]
    assert "sqlite3.connect" in above_store
    assert "src/app/store.py:6" in above_store


def test_a_dry_run_in_a_subfolder_of_a_repository_applies_there(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "-q"], cwd=service, check=True)
    monkeypatch.chdir(service / "src")
    diff = lazify("apply", "--dry-run").stdout_bytes
    assert b"--- a/app/store.py" in diff
    git_apply(diff, service / "src")
    assert lazify("check", ".").stdout == ""


def test_a_dry_run_that_reaches_above_the_current_directory_says_where_it_applies(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(service / "src")
    write(
        service,
        {"tests/test_store.py": "from app.store import store\n\n\ndef test_it():\n    assert store\n"},
    )
    result = lazify("apply", "--dry-run", ".")
    assert f"relative to {service}: apply it there" in result.stderr
    git_apply(result.stdout_bytes, service)
    assert "get_store()" in (service / "tests/test_store.py").read_text()


def test_a_second_run_changes_nothing(service: Path) -> None:
    lazify("apply", "src")
    result = lazify("apply", "src")
    assert "nothing to change" in result.stderr
    assert lazify("apply", "--dry-run", "src").stdout_bytes == b""


def test_undo_brings_back_every_byte_also_of_files_that_are_no_utf_8(service: Path) -> None:
    latin = b"# -*- coding: latin-1 -*-\nfrom app.store import store\r\n\r\n\r\ndef name():\r\n    return store, '\xe9'"
    write(service, {"src/app/latin.py": latin})
    before = read(service)
    lazify("apply", "src")
    assert b"get_store(), '\xe9'" in (service / "src/app/latin.py").read_bytes()
    assert "put back 4 files" in lazify("undo").stderr
    assert read(service) == before


def test_undo_where_nothing_was_applied_is_no_error(service: Path) -> None:
    assert "nothing to undo" in lazify("undo").stderr


def test_undo_after_an_edit_changes_nothing_and_says_why(service: Path) -> None:
    lazify("apply", "src")
    edited = service / "src/app/store.py"
    edited.write_text(edited.read_text() + "# edited\n")
    before = read(service)
    assert "store.py was edited since" in lazify("undo", expect=2).stderr
    assert read(service) == before


def test_a_project_below_the_current_directory_is_undone_by_its_path(
    service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read(service)
    monkeypatch.chdir(service.parent)
    assert "`lazify undo service` brings everything back" in lazify("apply", "service").stderr
    lazify("undo", "service")
    assert read(service) == before


def test_check_lists_what_apply_would_change_and_is_content_afterwards(service: Path) -> None:
    lines = lazify("check", "src", expect=1).stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["src/app/settings.py:3:1", "LZ103"],
        ["src/app/store.py:9:1", "LZ101"],
    ]
    lazify("apply", "src")
    assert lazify("check", "src").stdout == ""


def test_check_names_what_is_left_and_why(service: Path) -> None:
    write(service, {"src/app/late.py": "from app.store import store\n\n\nclass Late(type(store)): ...\n"})
    lines = lazify("check", "src", "--select", "LZ101", expect=1).stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("src/app/store.py:9:1 LZ101 ")
    assert "left as it is: " in lines[0]
    assert "late.py:4" in lines[0]


def test_select_and_ignore_choose_by_prefix(service: Path) -> None:
    assert "LZ103" not in lazify("check", "src", "--select", "LZ101", expect=1).stdout
    assert "LZ101" not in lazify("check", "src", "--ignore", "LZ101", expect=1).stdout
    assert lazify("check", "src", "--ignore", "LZ1").stdout == ""


def test_a_file_that_cannot_be_parsed_is_named_and_the_rest_is_done(service: Path) -> None:
    write(service, {"src/app/old.py": "print 'python 2'\n"})
    result = lazify("apply", "src", expect=2)
    assert [line for line in result.stderr.splitlines() if line.startswith("src/app/old.py:1: ")]
    assert "get_store" in (service / "src/app/store.py").read_text()
    assert (service / "src/app/old.py").read_text() == "print 'python 2'\n"


def test_a_path_that_does_not_exist_is_named_and_the_rest_is_done(service: Path) -> None:
    result = lazify("apply", "src", "nowhere", expect=2)
    assert "nowhere" in result.stderr
    assert "get_store" in (service / "src/app/store.py").read_text()


def test_a_wrong_flag_is_one_line_and_exit_code_2(service: Path) -> None:
    result = lazify("check", "--select", "LZ999", expect=2)
    assert result.stdout == ""
    assert result.stderr.startswith("lazify: --select")
    assert result.stderr.count("\n") == 1


def test_a_broken_configuration_is_one_line_and_exit_code_2(service: Path) -> None:
    (service / "pyproject.toml").write_text("[tool.lazify]\nselct = ['LZ101']\n")
    before = read(service)
    result = lazify("apply", "src", expect=2)
    assert [line for line in result.stderr.splitlines() if "selct" in line and "select" in line]
    assert read(service) == before


def test_json_is_one_object_with_everything(service: Path) -> None:
    content = json.loads(lazify("apply", "--dry-run", "--format", "json", "src").stdout)
    assert [entry["code"] for entry in content["changes"]] == ["LZ103", "LZ101"]
    store = content["changes"][1]
    assert (store["path"], store["line"], store["column"]) == ("src/app/store.py", 9, 1)
    assert store["files"] == ["src/app/routes.py", "src/app/store.py"]
    assert store["why"][0]["path"] == "src/app/store.py"
    git_apply(content["diff"].encode(), service)
    assert "get_store" in (service / "src/app/routes.py").read_text()


def test_every_code_of_the_installed_codemods_is_explained_with_an_example() -> None:
    codes = [code for each in codemod.load() for code in each.codes]
    assert {"LZ101", "LZ102", "LZ103", "LZ104"} <= set(codes)
    for code in codes:
        text = lazify("explain", code).stdout
        assert text.startswith(f"{code}  ")
        assert "not implemented" not in text
        assert "    # " in text, f"{code} shows no example"
