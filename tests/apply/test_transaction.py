"""Apply writes every file, undo brings every byte, mode and link back."""

import os
import shutil
import stat
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from lazify.apply import apply, find_home, find_homes, home_of, recover, undo
from lazify.errors import ApplyError
from lazify.model.changes import Patch, Receipt
from tests.apply.trees import NEW, OLD, contents, project


def test_apply_writes_every_file_and_undo_brings_every_byte_back(tmp_path: Path) -> None:
    patches = project(tmp_path)
    receipt = apply(patches, home=tmp_path)
    assert contents(patches) == [NEW, NEW]
    assert receipt.written == tuple(patch.path for patch in patches)
    assert receipt.journal is not None and receipt.journal.is_file()
    undone = undo(tmp_path)
    assert undone.written == receipt.written
    assert contents(patches) == [OLD, OLD]


def test_nothing_but_the_files_and_the_journal_is_left_behind(tmp_path: Path) -> None:
    apply(project(tmp_path), home=tmp_path)
    undo(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lazify", "app"]
    assert sorted(path.name for path in (tmp_path / "app").iterdir()) == ["a.py", "b.py"]


def test_the_journal_hides_itself_from_git(tmp_path: Path) -> None:
    apply(project(tmp_path), home=tmp_path)
    assert (tmp_path / ".lazify" / ".gitignore").read_text() == "*\n"


def test_patches_that_change_nothing_leave_no_trace(tmp_path: Path) -> None:
    project(tmp_path)
    same = Patch(path=tmp_path / "app/a.py", before=OLD, after=OLD)
    assert apply([same], home=tmp_path) == Receipt(written=(), journal=None)
    assert apply([], home=tmp_path) == Receipt(written=(), journal=None)
    assert not (tmp_path / ".lazify").exists()


def test_undo_without_an_apply_says_that_there_is_nothing(tmp_path: Path) -> None:
    assert undo(tmp_path) == Receipt(written=(), journal=None)
    assert recover(tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_undo_again_walks_further_back(tmp_path: Path) -> None:
    [first] = project(tmp_path, ["a.py"])
    second = Patch(path=first.path, before=NEW, after=b"third\n")
    apply([first], home=tmp_path)
    apply([second], home=tmp_path)
    undo(tmp_path)
    assert first.path.read_bytes() == NEW
    undo(tmp_path)
    assert first.path.read_bytes() == OLD
    assert undo(tmp_path).journal is None


def test_an_apply_after_an_undo_is_the_next_to_be_undone(tmp_path: Path) -> None:
    patches = project(tmp_path)
    for _ in range(3):
        apply(patches, home=tmp_path)
        undo(tmp_path)
    apply(patches[:1], home=tmp_path)
    assert undo(tmp_path).written == (patches[0].path,)
    assert undo(tmp_path).journal is None


def test_the_last_twenty_applies_are_kept(tmp_path: Path) -> None:
    [patch] = project(tmp_path, ["a.py"])
    steps = [OLD, *(b"step %d\n" % number for number in range(23))]
    for before, after in pairwise(steps):
        apply([Patch(path=patch.path, before=before, after=after)], home=tmp_path)
    undone = 0
    while undo(tmp_path).journal is not None:
        undone += 1
    assert undone == 20
    assert patch.path.read_bytes() == steps[3]


def test_one_apply_over_several_services_is_one_undo(tmp_path: Path) -> None:
    patches = project(tmp_path, ["services/one/app/main.py", "services/two/app/main.py"])
    home = home_of([tmp_path / "services/one", tmp_path / "services/two"])
    apply(patches, home=home)
    assert find_home(tmp_path / "services/one/app") == home == tmp_path / "services"
    undo(home)
    assert contents(patches) == [OLD, OLD]


def test_the_home_of_a_file_is_its_folder(tmp_path: Path) -> None:
    [patch] = project(tmp_path, ["app/a.py"])
    assert home_of([patch.path]) == tmp_path / "app"


def test_roots_with_nothing_in_common_are_refused() -> None:
    with pytest.raises(ApplyError, match="no folder in common"):
        home_of([Path("/usr"), Path("/etc")])


def test_a_home_is_found_only_where_something_was_applied(tmp_path: Path) -> None:
    assert find_home(tmp_path) is None
    patches = project(tmp_path)
    apply(patches, home=tmp_path)
    (tmp_path / "app/.lazify/journal").mkdir(parents=True)
    assert find_home(tmp_path / "app") == tmp_path


def test_a_home_where_all_is_undone_does_not_hide_the_one_around_it(tmp_path: Path) -> None:
    inner, outer = project(tmp_path, ["one/a.py", "one/b.py"])
    apply([inner], home=tmp_path / "one")
    apply([outer], home=tmp_path)
    assert find_homes(tmp_path / "one") == (tmp_path / "one", tmp_path)
    undo(tmp_path / "one")
    assert find_home(tmp_path / "one") == tmp_path


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o664, 0o755, 0o4755])
def test_modes_are_kept_and_brought_back(tmp_path: Path, mode: int) -> None:
    [patch] = project(tmp_path, ["run.py"])
    patch.path.chmod(mode)
    apply([patch], home=tmp_path)
    assert stat.S_IMODE(patch.path.stat().st_mode) == mode
    patch.path.chmod(0o666)
    undo(tmp_path)
    assert stat.S_IMODE(patch.path.stat().st_mode) == mode


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_is_kept(tmp_path: Path) -> None:
    [patch] = project(tmp_path, ["a.py"])
    os.chown(patch.path, 1234, 4321)
    apply([patch], home=tmp_path)
    assert (patch.path.stat().st_uid, patch.path.stat().st_gid) == (1234, 4321)
    undo(tmp_path)
    assert (patch.path.stat().st_uid, patch.path.stat().st_gid) == (1234, 4321)


@pytest.mark.skipif(sys.platform != "linux", reason="extended attributes as Linux has them")
def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    [patch] = project(tmp_path, ["a.py"])
    try:
        os.setxattr(patch.path, "user.note", b"kept")
    except OSError as error:
        pytest.skip(f"this file system has no user attributes: {error}")
    apply([patch], home=tmp_path)
    assert os.getxattr(patch.path, "user.note") == b"kept"


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    [target] = project(tmp_path, ["shared/real.py"])
    link = tmp_path / "app.py"
    link.symlink_to("shared/real.py")
    receipt = apply([Patch(path=link, before=OLD, after=NEW)], home=tmp_path)
    assert receipt.written == (link,)
    assert link.readlink() == Path("shared/real.py")
    assert target.path.read_bytes() == NEW
    undo(tmp_path)
    assert link.readlink() == Path("shared/real.py")
    assert target.path.read_bytes() == OLD


def test_a_file_reached_by_two_names_is_written_once(tmp_path: Path) -> None:
    [real] = project(tmp_path, ["real.py"])
    link = tmp_path / "link.py"
    link.symlink_to("real.py")
    apply([real, Patch(path=link, before=OLD, after=NEW)], home=tmp_path)
    undo(tmp_path)
    assert real.path.read_bytes() == OLD


def test_a_moved_checkout_can_still_be_undone(tmp_path: Path) -> None:
    project(tmp_path / "here", ["app/a.py"])
    apply([Patch(path=tmp_path / "here/app/a.py", before=OLD, after=NEW)], home=tmp_path / "here")
    shutil.move(tmp_path / "here", tmp_path / "there")
    undo(tmp_path / "there")
    assert (tmp_path / "there/app/a.py").read_bytes() == OLD


def test_names_that_are_not_utf_8_and_long_names_survive_the_journal(tmp_path: Path) -> None:
    names = [os.fsdecode(b"caf\xe9.py"), "\N{SNOWMAN} a\n.py", "n" * 252 + ".py"]
    patches = project(tmp_path, names)
    apply(patches, home=tmp_path)
    undo(tmp_path)
    assert contents(patches) == [OLD] * 3


def test_paths_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, ["app/a.py"])
    monkeypatch.chdir(tmp_path / "app")
    apply([Patch(path=Path("a.py"), before=OLD, after=NEW)], home=Path(".."))
    monkeypatch.chdir(tmp_path)
    assert undo(Path()).written == (tmp_path / "app/a.py",)
