"""When two trees hold the same code."""

from pathlib import Path

from tests.corpus.trees import digest


def test_what_is_no_code_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = digest(tmp_path)
    (tmp_path / "coverage.xml").write_text("<xml/>")

    assert digest(tmp_path) == before


def test_every_byte_of_code_matters(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = digest(tmp_path)
    (tmp_path / "a.py").write_text("x = 2\n")

    assert digest(tmp_path) != before


def test_a_file_that_moved_is_another_tree(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = digest(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")

    assert digest(tmp_path) != before
