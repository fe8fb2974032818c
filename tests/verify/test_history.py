import subprocess
from pathlib import Path

import pytest

from lazify.errors import LazifyError
from lazify.verify.history import head
from tests.verify.projects import committed, written


def git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout


def test_the_files_are_those_of_the_last_commit(tmp_path: Path) -> None:
    root = committed(written(tmp_path / "app", {"a.py": "1", "gone.py": "2"}))
    written(root, {"a.py": "edited", "new.py": "", "staged.py": ""})
    (root / "gone.py").unlink()
    git(root, "add", "staged.py")
    commit, files = head(root)
    assert files == {Path("a.py"): b"1", Path("gone.py"): b"2", Path("staged.py"): None}
    assert git(root, "rev-parse", "HEAD").startswith(commit)


def test_a_folder_of_a_repository_is_taken_alone(tmp_path: Path) -> None:
    repository = committed(written(tmp_path / "mono", {"services/one/a.py": "1", "services/two/b.py": "2"}))
    _, files = head(repository / "services/one")
    assert files == {Path("a.py"): b"1"}


def test_names_may_hold_anything(tmp_path: Path) -> None:
    root = committed(written(tmp_path / "app", {"with space.py": "", "ünicode.py": "", 'quo"te.py': ""}))
    _, files = head(root)
    assert set(files) == {Path("with space.py"), Path("ünicode.py"), Path('quo"te.py')}


def test_index_and_checkout_stay_as_they_are(tmp_path: Path) -> None:
    root = committed(written(tmp_path / "app", {"a.py": "1"}))
    written(root, {"a.py": "2"})
    git(root, "add", "a.py")
    written(root, {"a.py": "3"})
    before = (git(root, "status", "--porcelain=v2"), (root / ".git/index").read_bytes())
    head(root)
    assert (git(root, "status", "--porcelain=v2"), (root / ".git/index").read_bytes()) == before


@pytest.mark.parametrize("is_repository", [True, False])
def test_where_there_is_no_commit_the_way_on_is_said(tmp_path: Path, is_repository: bool) -> None:
    if is_repository:
        git(tmp_path, "init", "-q")
    with pytest.raises(LazifyError, match="--before PATH"):
        head(tmp_path)
