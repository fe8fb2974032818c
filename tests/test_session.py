"""Whole sessions, as a user has them: real projects, the real engine, real `git apply`."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lazify import codemod
from lazify.cli import main

SERVICE = {
    "pyproject.toml": '[project]\nname = "service"\nversion = "1"\n',
    "src/app/__init__.py": "",
    "src/app/store.py": """\
import sqlite3


class Store:
    def __init__(self):
        self.rows = sqlite3.connect("store.db")


store = Store()
""",
    "src/app/settings.py": """\
import os

KEY = os.environ["SERVICE_KEY"]
""",
    "src/app/routes.py": """\
from app.settings import KEY
from app.store import store


def answer():
    return (KEY, type(store).__name__)
""",
}


def write(root: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


def read(root: Path) -> dict[str, bytes]:
    """Give every file of the project, without what lazify and Python keep for themselves."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not {".lazify", "__pycache__", ".git"} & set(path.parts)
    }


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("LAZIFY_DEBUG", raising=False)
    root = write(tmp_path / "service", SERVICE)
    monkeypatch.chdir(root)
    return root


def lazify(*arguments: str, stdin: str = "", expect: int = 0) -> Result:
    result = CliRunner().invoke(main, arguments, input=stdin)
    assert result.exit_code == expect, result.output
    return result


def git_apply(diff: bytes, cwd: Path) -> None:
    done = subprocess.run(["git", "apply", "-"], cwd=cwd, input=diff, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def answer(service: Path, **env: str) -> str:
    """Import the service in a process of its own, tell what it made at import, then use it."""
    program = (
        "import os, app.routes\n"
        "before = os.path.exists('store.db')\n"
        "os.environ['SERVICE_KEY'] = 'key'\n"
        "print(before, app.routes.answer())"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program],
        cwd=service,
        env={**os.environ, "PYTHONPATH": "src", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (service / "store.db").unlink(missing_ok=True)
    return done.stdout.strip()


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
    write(service, {"tests/test_store.py": "from app.store import store\n\n\ndef test_it():\n    assert store\n"})
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


def test_interactive_leaves_a_consistent_program_for_every_choice(service: Path) -> None:
    before = read(service)
    for answers, lazy_store in (("y\nn\n", False), ("n\ny\n", True)):
        lazify("apply", "-i", "src", stdin=answers)
        assert answer(service, SERVICE_KEY="key") == f"{not lazy_store} ('key', 'Store')"
        lazify("undo")
        assert read(service) == before


def test_interactive_shows_the_call_sites_of_the_change_it_asks_for(service: Path) -> None:
    shown = lazify("apply", "-i", "src", stdin="n\nn\n").stderr
    settings, store, _ = shown.split("make this change")
    assert "+    return (get_key(), type(store).__name__)" in settings
    assert "+    return (KEY, type(get_store()).__name__)" in store


def test_interactive_with_nothing_accepted_writes_nothing(service: Path) -> None:
    before = read(service)
    assert "nothing to change" in lazify("apply", "-i", "src", stdin="d\n").stderr
    assert read(service) == before
    assert not (service / ".lazify").exists()


def test_interactive_drops_what_depends_on_a_declined_change_or_asks_for_it_in_its_new_form(
    service: Path,
) -> None:
    text = "import sqlite3\n\nconn = sqlite3.connect('a.db')\ncursor = conn.cursor()\n\n\ndef rows():\n    return cursor\n"
    write(service, {"src/app/store.py": text, "src/app/routes.py": ""})
    lazify("apply", "-i", "--select", "LZ101,LZ102", "src", stdin="n\n" + "y\n" * 3)
    compile((service / "src/app/store.py").read_text(), "store.py", "exec")
    assert "conn = sqlite3.connect('a.db')\n" in (service / "src/app/store.py").read_text()
    assert "get_conn" not in (service / "src/app/store.py").read_text()


SERVICES = {f"{name}/{path}": text for name in ("one", "two") for path, text in SERVICE.items()}


@pytest.fixture
def services(service: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write(service.parent / "services", SERVICES)
    monkeypatch.chdir(root)
    return root


def test_several_services_take_one_call_one_summary_and_one_undo(services: Path) -> None:
    before = read(services)
    assert "4 changes in 6 files: 2 LZ101, 2 LZ103" in lazify("apply", "one", "two").stderr
    assert [answer(services / name) for name in ("one", "two")] == ["False ('key', 'Store')"] * 2
    assert "put back 6 files" in lazify("undo").stderr
    assert read(services) == before


def test_a_change_declined_in_one_service_is_made_in_the_other(services: Path) -> None:
    lazify("apply", "-i", "--select", "LZ101", "one", "two", stdin="n\ny\n")
    assert "get_store" not in (services / "one/src/app/store.py").read_text()
    assert "get_store" in (services / "two/src/app/store.py").read_text()


def test_one_service_with_a_broken_configuration_leaves_the_other_done(services: Path) -> None:
    (services / "one/pyproject.toml").write_text("[tool.lazify\n")
    assert "one/pyproject.toml" in lazify("apply", "one", "two", expect=2).stderr
    assert "get_store" not in (services / "one/src/app/store.py").read_text()
    assert "get_store" in (services / "two/src/app/store.py").read_text()


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
