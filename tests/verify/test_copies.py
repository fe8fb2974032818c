import os
from pathlib import Path

from lazify.verify.copies import copy_tree, differing, lay
from tests.verify.projects import written


def names(tree: Path) -> set[str]:
    return {path.relative_to(tree).as_posix() for path in tree.rglob("*") if not path.is_dir()}


def test_files_go_along_but_for_history_caches_and_environments(tmp_path: Path) -> None:
    root = written(
        tmp_path / "app",
        {
            "a.py": "",
            "data/b.json": "",
            ".env": "",
            ".git/HEAD": "",
            ".lazify/journal/000001.committed": "",
            "pkg/__pycache__/a.pyc": "",
            "env/pyvenv.cfg": "",
            "env/lib/c.py": "",
            "node_modules/d.js": "",
        },
    )
    copy_tree(root, tmp_path / "copy")
    assert names(tmp_path / "copy") == {"a.py", "data/b.json", ".env"}


def test_links_into_the_project_lead_into_the_copy(tmp_path: Path) -> None:
    root = written(tmp_path / "app", {"real/a.py": "", "b.py": ""})
    (root / "folder").symlink_to("real")
    (root / "absolute.py").symlink_to(root / "b.py")
    (root / "outside").symlink_to(tmp_path / "elsewhere")
    (root / "relative").symlink_to("../elsewhere")
    copy = tmp_path / "copy"
    copy_tree(root, copy)
    assert (copy / "folder").resolve() == copy / "real"
    assert (copy / "absolute.py").resolve() == copy / "b.py"
    assert (copy / "outside").readlink() == tmp_path / "elsewhere"
    assert (copy / "relative").readlink() == tmp_path / "elsewhere"


def test_what_cannot_be_copied_is_left_out(tmp_path: Path) -> None:
    root = written(tmp_path / "app", {"a.py": ""})
    os.mkfifo(root / "pipe")
    copy_tree(root, tmp_path / "copy")
    assert names(tmp_path / "copy") == {"a.py"}


def test_files_are_laid_over_with_their_modes(tmp_path: Path) -> None:
    root = written(tmp_path / "app", {"a.py": "old", "gone.py": ""})
    (root / "a.py").chmod(0o755)
    lay({Path("a.py"): b"new", Path("gone.py"): None, Path("deep/er.py"): b"", Path("never.py"): None}, root)
    assert names(root) == {"a.py", "deep/er.py"}
    assert (root / "a.py").read_text() == "new"
    assert os.access(root / "a.py", os.X_OK)


def test_a_link_in_the_copy_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "mine"
    outside.write_text("mine")
    root = written(tmp_path / "app", {})
    root.mkdir()
    (root / "a.py").symlink_to(outside)
    lay({Path("a.py"): b"theirs"}, root)
    assert outside.read_text() == "mine"
    assert (root / "a.py").read_text() == "theirs"


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    one = written(tmp_path / "one", {"same.py": "", "other.py": "1", "gone.py": ""})
    two = written(tmp_path / "two", {"same.py": "", "other.py": "2", "new.py": ""})
    assert differing(one, two) == {
        Path("gone.py"): (b"", None),
        Path("new.py"): (None, b""),
        Path("other.py"): (b"1", b"2"),
    }
