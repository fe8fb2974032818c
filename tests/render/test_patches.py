import subprocess
from pathlib import Path

import pytest

from lazify.model.changes import Patch, Plan
from lazify.model.effects import Evidence
from lazify.render.patches import bare, coloured, diff_root, explained
from tests.render.records import at, change, patch


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
