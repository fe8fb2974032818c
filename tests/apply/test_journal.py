"""The journal keeps the order, says what it did, and is trusted no further than the project reaches."""

import base64
import hashlib
import json
import os
import zlib
from pathlib import Path

import pytest

from lazify.apply import Outcome, Recovery, apply, recover, undo
from lazify.errors import ApplyError
from lazify.model.changes import Patch
from tests.apply.trees import NEW, OLD, contents, project


def write_entry(home: Path, name: str, path: str, *, temporary: str = ".lazify-00-0.tmp") -> Path:
    """A journal entry that somebody else made."""
    sides = {
        side: {
            "mode": "644",
            "sha256": hashlib.sha256(data).hexdigest(),
            "bytes": base64.b64encode(zlib.compress(data)).decode(),
        }
        for side, data in {"before": OLD, "after": NEW}.items()
    }
    entry = home / ".lazify" / "journal" / name
    entry.parent.mkdir(parents=True)
    entry.write_text(json.dumps({"format": 1, "files": [{"path": path, "temporary": temporary, **sides}]}))
    return entry


def test_clocks_that_jump_do_not_change_the_order(tmp_path: Path) -> None:
    [patch] = project(tmp_path, ["a.py"])
    first = apply([patch], home=tmp_path)
    second = apply([Patch(path=patch.path, before=NEW, after=b"third\n")], home=tmp_path)
    assert first.journal is not None and second.journal is not None
    os.utime(first.journal, (2e9, 2e9))
    os.utime(second.journal, (0, 0))
    undo(tmp_path)
    assert patch.path.read_bytes() == NEW


def test_what_recover_did_is_told(tmp_path: Path) -> None:
    patches = project(tmp_path)
    receipt = apply(patches, home=tmp_path)
    assert receipt.journal is not None
    receipt.journal.rename(receipt.journal.with_suffix(".prepared"))
    patches[1].path.write_bytes(OLD)
    heard: list[Recovery] = []
    apply([Patch(path=patches[1].path, before=OLD, after=b"x")], home=tmp_path, tell=heard.append)
    assert [(item.outcome, item.restored) for item in heard] == [(Outcome.TAKEN_BACK, (patches[0].path,))]
    assert str(heard[0]) == "an interrupted apply was taken back"


@pytest.mark.parametrize(
    "path", ["../out.py", "/etc/passwd", "", ".git/config", "a/.GIT/config", ".lazify/lock", "a\0"]
)
def test_a_journal_that_came_with_a_checkout_reaches_nothing_but_its_files(tmp_path: Path, path: str) -> None:
    write_entry(tmp_path, "000001.prepared", path)
    with pytest.raises(ApplyError, match=r"000001\.prepared is damaged"):
        recover(tmp_path)


def test_a_journal_that_came_with_a_checkout_removes_nothing_but_temporary_files(tmp_path: Path) -> None:
    [patch] = project(tmp_path, ["a.py"])
    write_entry(tmp_path, "000001.prepared", "b.py", temporary="a.py")
    with pytest.raises(ApplyError, match="damaged"):
        recover(tmp_path)
    assert patch.path.read_bytes() == OLD


@pytest.mark.parametrize("link", [".lazify", ".lazify/journal"])
def test_a_journal_that_leads_out_of_the_checkout_is_refused(tmp_path: Path, link: str) -> None:
    home, outside = tmp_path / "home", tmp_path / "outside"
    patches = project(home)
    (outside / "journal").mkdir(parents=True)
    (home / link).parent.mkdir(exist_ok=True)
    (home / link).symlink_to(outside)
    with pytest.raises(ApplyError, match="is a link"):
        apply(patches, home=home)
    assert contents(patches) == [OLD, OLD]
    assert [path.name for path in outside.iterdir()] == ["journal"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"format": 1}', '{"format": 1, "files": [1]}', "\0", '{"files": []}']
)
def test_a_damaged_journal_is_named(tmp_path: Path, text: str) -> None:
    write_entry(tmp_path, "000003.committed", "a.py").write_text(text)
    with pytest.raises(ApplyError, match=r"000003\.committed is damaged.*move it away"):
        undo(tmp_path)


def test_a_journal_whose_bytes_do_not_fit_their_hash_is_damaged(tmp_path: Path) -> None:
    entry = write_entry(tmp_path, "000003.committed", "a.py")
    entry.write_text(entry.read_text().replace(hashlib.sha256(OLD).hexdigest(), "0" * 64))
    with pytest.raises(ApplyError, match="bytes and hash differ"):
        undo(tmp_path)


def test_a_journal_of_a_newer_lazify_is_left_to_it(tmp_path: Path) -> None:
    write_entry(tmp_path, "000001.committed", "a.py").write_text('{"format": 2}')
    with pytest.raises(ApplyError, match="format 2: use the newer lazify"):
        undo(tmp_path)


def test_a_journal_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    patches = project(tmp_path)
    (tmp_path / ".lazify").write_text("a file")
    with pytest.raises(ApplyError, match=r"\.lazify"):
        apply(patches, home=tmp_path)
    assert contents(patches) == [OLD, OLD]
