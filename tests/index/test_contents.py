import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lazify.errors import LazifyError
from lazify.index import contents as module
from lazify.index.contents import Contents, look
from lazify.index.store import Store, content_key, scanner_version


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "cache") as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    return path


@pytest.fixture
def has_rested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as old as soon as they are written."""
    monkeypatch.setattr(module, "REST", -(10**9))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every file that is read."""
    found: list[Path] = []
    real = module._read

    def watched(path: Path) -> object:
        found.append(path)
        return real(path)

    monkeypatch.setattr(module, "_read", watched)
    return found


def seen(file: Path, store: Store) -> Contents:
    return look([file], root=file.parent, store=store)


def key(text: str) -> bytes:
    return content_key(text.encode(), scanner_version())


@pytest.mark.usefixtures("has_rested")
def test_a_file_that_did_not_change_is_not_read_again(file: Path, store: Store, reads: list[Path]) -> None:
    assert seen(file, store).keys == seen(file, store).keys == {file: key("x = 1\n")}
    assert reads == [file]


def test_a_file_that_was_just_written_is_read_again(file: Path, store: Store, reads: list[Path]) -> None:
    seen(file, store)
    seen(file, store)
    assert reads == [file, file]


def test_a_file_is_remembered_once_it_has_rested(
    file: Path, store: Store, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    later = time.time_ns() + module.REST + 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)
    seen(file, store)
    seen(file, store)
    assert reads == [file]


def test_a_file_from_the_future_is_always_read(file: Path, store: Store, reads: list[Path]) -> None:
    os.utime(file, (time.time() + 1000, time.time() + 1000))
    seen(file, store)
    seen(file, store)
    assert reads == [file, file]


@pytest.mark.usefixtures("has_rested")
def test_a_change_that_keeps_size_and_modification_time_is_seen(file: Path, store: Store) -> None:
    before = file.stat()
    seen(file, store)
    file.write_text("y = 2\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert seen(file, store).keys == {file: key("y = 2\n")}


@pytest.mark.usefixtures("has_rested")
def test_another_file_under_the_same_name_is_seen(file: Path, store: Store) -> None:
    seen(file, store)
    other = file.with_name("other")
    other.write_text("y = 2\n")
    other.replace(file)
    assert seen(file, store).keys == {file: key("y = 2\n")}


@pytest.mark.usefixtures("has_rested")
def test_a_symlink_that_leads_elsewhere_is_seen(file: Path, store: Store) -> None:
    other, link = file.with_name("other.py"), file.with_name("link.py")
    other.write_text("y = 2\n")
    link.symlink_to(file)
    seen(link, store)
    link.unlink()
    link.symlink_to(other)
    assert seen(link, store).keys == {link: key("y = 2\n")}


@pytest.mark.usefixtures("has_rested")
def test_a_file_that_changes_while_it_is_read_is_not_remembered(
    file: Path, store: Store, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, statuses = os.fstat, iter(range(10))

    def changing(descriptor: int) -> os.stat_result:
        found = list(real(descriptor))
        return os.stat_result([*found[:6], next(statuses), *found[7:]])

    monkeypatch.setattr(os, "fstat", changing)
    seen(file, store)
    seen(file, store)
    assert reads == [file, file]


@pytest.mark.usefixtures("has_rested")
def test_another_scanner_reads_everything_again(
    file: Path, store: Store, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = seen(file, store).keys
    monkeypatch.setattr(module, "scanner_version", lambda: b"another")
    assert seen(file, store).keys != first
    assert reads == [file, file]


@pytest.mark.usefixtures("has_rested")
def test_a_file_that_is_gone_is_a_failure_even_if_it_was_known(file: Path, store: Store) -> None:
    seen(file, store)
    file.unlink()
    found = seen(file, store)
    assert not found.keys
    assert found.failures[file].why == "cannot be read: No such file or directory"


def test_what_was_looked_at_can_be_read_until_it_changes(file: Path, store: Store) -> None:
    found = seen(file, store)
    assert found.read(file) == b"x = 1\n"
    file.write_text("x = 2\n")
    with pytest.raises(LazifyError, match=r"a\.py was edited while lazify ran: run it again"):
        found.read(file)
    file.unlink()
    with pytest.raises(LazifyError, match=r"a\.py: cannot be read any more"):
        found.read(file)
