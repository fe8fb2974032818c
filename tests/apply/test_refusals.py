"""Where apply and undo refuse, they say why, name every file, and change nothing."""

import os
from pathlib import Path

import pytest

from lazify.apply import RealDisk, apply, recover, undo
from lazify.apply.lock import locked
from lazify.errors import ApplyError
from lazify.model.changes import Patch
from tests.apply.trees import NEW, OLD, contents, project


def refused(patches: list[Patch], *because: str, home: Path) -> None:
    found = [patch.path.read_bytes() if patch.path.exists() else None for patch in patches]
    with pytest.raises(ApplyError) as caught:
        apply(patches, home=home)
    for reason in because:
        assert reason in str(caught.value)
    assert [patch.path.read_bytes() if patch.path.exists() else None for patch in patches] == found
    assert recover(home) == ()
    assert undo(home).journal is None


def test_two_results_for_one_file_are_refused(tmp_path: Path) -> None:
    [real] = project(tmp_path, ["real.py"])
    link = tmp_path / "link.py"
    link.symlink_to("real.py")
    refused(
        [real, Patch(path=link, before=OLD, after=b"other")], "link.py and", "are one file", home=tmp_path
    )


def test_a_link_that_leads_out_of_the_home_is_refused(tmp_path: Path) -> None:
    [outside] = project(tmp_path, ["elsewhere/real.py"])
    home = tmp_path / "home"
    home.mkdir()
    (home / "a.py").symlink_to(outside.path)
    refused([Patch(path=home / "a.py", before=OLD, after=NEW)], "a.py", "not among the files of", home=home)
    assert outside.path.read_bytes() == OLD


def test_a_file_with_several_hard_links_is_refused(tmp_path: Path) -> None:
    patches = project(tmp_path)
    (tmp_path / "copy.py").hardlink_to(patches[0].path)
    refused(patches, "app/a.py has 2 names (hard links)", home=tmp_path)


def test_a_file_edited_since_it_was_read_is_refused(tmp_path: Path) -> None:
    patches = project(tmp_path)
    patches[1].path.write_bytes(b"mine\n")
    refused(patches, "app/b.py was edited since lazify read it: run lazify again", home=tmp_path)


def test_a_file_deleted_since_it_was_read_is_refused(tmp_path: Path) -> None:
    patches = project(tmp_path)
    patches[1].path.unlink()
    refused(patches, "app/b.py is gone", home=tmp_path)


def test_a_pipe_in_the_place_of_a_file_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    patches = project(tmp_path)
    patches[1].path.unlink()
    os.mkfifo(patches[1].path)
    with pytest.raises(ApplyError, match=r"b\.py is gone, or a plain file no longer"):
        apply(patches, home=tmp_path)
    assert patches[0].path.read_bytes() == OLD


def test_every_file_that_stands_in_the_way_is_named(tmp_path: Path) -> None:
    patches = project(tmp_path, ["a.py", "b.py", "c.py"])
    patches[0].path.write_bytes(b"mine\n")
    patches[2].path.chmod(0o444)
    refused(patches, "a.py was edited", "c.py is read-only (r--r--r--)", "chmod u+w", home=tmp_path)


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    patches = project(tmp_path)
    (tmp_path / "app").chmod(0o555)
    refused(patches, "app/a.py lies in a read-only folder", home=tmp_path)
    (tmp_path / "app").chmod(0o755)


def test_undo_refuses_where_any_file_was_edited_since_and_changes_nothing(tmp_path: Path) -> None:
    patches = project(tmp_path, ["a.py", "b.py", "c.py"])
    apply(patches, home=tmp_path)
    patches[1].path.write_bytes(b"mine\n")
    patches[2].path.unlink()
    with pytest.raises(ApplyError) as caught:
        undo(tmp_path)
    assert "b.py was edited since" in str(caught.value)
    assert "c.py is gone" in str(caught.value)
    assert "a.py" not in str(caught.value)
    assert contents(patches[:2]) == [NEW, b"mine\n"]
    patches[1].path.write_bytes(NEW)
    patches[2].path.write_bytes(NEW)
    undo(tmp_path)
    assert contents(patches) == [OLD, OLD, OLD]


def test_undo_does_not_follow_a_link_that_took_the_place_of_a_file(tmp_path: Path) -> None:
    [patch] = project(tmp_path, ["a.py"])
    apply([patch], home=tmp_path)
    patch.path.rename(tmp_path / "moved.py")
    patch.path.symlink_to("moved.py")
    with pytest.raises(ApplyError, match=r"a\.py is gone, or a plain file no longer"):
        undo(tmp_path)


def test_a_second_run_is_told_who_writes(tmp_path: Path) -> None:
    patches = project(tmp_path)
    (tmp_path / ".lazify").mkdir()
    with locked(tmp_path / ".lazify/lock"), pytest.raises(ApplyError, match=f"process {os.getpid()}"):
        apply(patches, home=tmp_path)
    assert contents(patches) == [OLD, OLD]
    apply(patches, home=tmp_path)
    with locked(tmp_path / ".lazify/lock"), pytest.raises(ApplyError, match="another lazify is writing here"):
        undo(tmp_path)
    assert contents(patches) == [NEW, NEW]


class EditingDisk(RealDisk):
    """Somebody saves a file just before lazify replaces the first one."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path, self.data, self.is_done = path, data, False

    def fsync(self, path: Path) -> None:
        """Not needed by a test, and slow."""

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        if source.suffix == ".tmp" and not self.is_done:
            self.is_done = True
            stamp = self.path.stat()
            self.path.write_bytes(self.data)
            os.utime(self.path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))


def test_a_file_edited_between_check_and_replacement_keeps_the_edit(tmp_path: Path) -> None:
    patches = project(tmp_path, ["a.py", "b.py", "c.py"])
    mine = OLD.replace(b"client", b"CLIENT")  # neither size nor time tells
    with pytest.raises(ApplyError, match=r"b\.py was edited while lazify was writing"):
        apply(patches, home=tmp_path, disk=EditingDisk(patches[1].path, mine))
    assert contents(patches) == [OLD, mine, OLD]
    assert not (tmp_path / ".lazify/rescued").exists()


def test_a_file_edited_after_its_replacement_in_a_run_that_fails_keeps_the_edit_and_what_it_was(
    tmp_path: Path,
) -> None:
    patches = project(tmp_path, ["a.py", "b.py"])

    class Failing(EditingDisk):
        def replace(self, source: Path, target: Path) -> None:
            if self.is_done and target.name == "b.py":
                raise OSError(5, "Input/output error", str(target))
            super().replace(source, target)

    with pytest.raises(ApplyError) as caught:
        apply(patches, home=tmp_path, disk=Failing(patches[0].path, b"mine\n"))
    assert "Every file is as it was but a.py, edited meanwhile" in str(caught.value)
    assert contents(patches) == [b"mine\n", OLD]
    assert (tmp_path / ".lazify/rescued/000001/a.py").read_bytes() == OLD
