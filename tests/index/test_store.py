import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lazify.index import store as module
from lazify.index.store import FILE, Store, cache_directory, content_key, scanner_version


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "lazify"


@pytest.fixture
def warnings() -> Iterator[list[str]]:
    yield []


def test_what_is_put_is_found_by_the_next_run(directory: Path) -> None:
    with Store(directory) as store:
        assert store.get([b"a", b"b"]) == {}
        store.put({b"a": b"one", b"b": b""})
        assert store.get([b"a", b"b", b"c"]) == {b"a": b"one", b"b": b""}
    with Store(directory) as store:
        assert store.get([b"b", b"a"]) == {b"a": b"one", b"b": b""}


def test_thousands_of_keys_are_found_at_once(directory: Path) -> None:
    items = {number.to_bytes(4, "little"): b"x" * (number % 7) for number in range(3000)}
    with Store(directory) as store:
        store.put(items)
        assert store.get(list(items)) == items


def test_without_a_directory_nothing_is_kept(warnings: list[str]) -> None:
    with Store(None, warn=warnings.append) as store:
        store.put({b"a": b"one"})
        assert store.get([b"a"]) == {}
    assert warnings == []


def test_a_closed_store_is_empty(directory: Path) -> None:
    store = Store(directory)
    store.put({b"a": b"one"})
    store.close()
    assert store.get([b"a"]) == {}
    store.put({b"a": b"one"})


def test_only_the_user_can_enter_the_directory(directory: Path) -> None:
    Store(directory).close()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_directory_of_another_user_is_not_trusted(
    directory: Path, monkeypatch: pytest.MonkeyPatch, warnings: list[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    with Store(directory, warn=warnings.append) as store:
        store.put({b"a": b"one"})
        assert store.get([b"a"]) == {}
    (warning,) = warnings
    assert "belongs to another user" in warning


def test_a_directory_that_others_can_write_to_is_not_trusted(directory: Path, warnings: list[str]) -> None:
    directory.mkdir(parents=True)
    directory.chmod(0o777)
    with Store(directory, warn=warnings.append) as store:
        store.put({b"a": b"one"})
        assert store.get([b"a"]) == {}
    (warning,) = warnings
    assert "others can write to" in warning


@pytest.mark.parametrize("garbage", [b"", b"garbage" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_database_is_begun_anew(directory: Path, warnings: list[str], garbage: bytes) -> None:
    with Store(directory) as store:
        store.put({b"a": b"one"})
    (directory / FILE).write_bytes(garbage)
    with Store(directory, warn=warnings.append) as store:
        assert store.get([b"a"]) == {}
        store.put({b"a": b"two"})
        assert store.get([b"a"]) == {b"a": b"two"}
    assert len(warnings) == (1 if garbage else 0)
    with Store(directory, warn=warnings.append) as store:
        assert store.get([b"a"]) == {b"a": b"two"}


def test_damage_that_the_database_does_not_see_is_a_miss(directory: Path) -> None:
    with Store(directory) as store:
        store.put({b"a": b"one", b"b": b"two"})
    with sqlite3.connect(directory / FILE) as connection:
        connection.execute(
            "UPDATE facts SET value = CAST(substr(value, 1, 4) || 'owe' AS BLOB) WHERE hex(key) = '61'"
        )
    connection.close()
    with Store(directory) as store:
        assert store.get([b"a", b"b"]) == {b"b": b"two"}


@pytest.mark.parametrize("flipped", range(0, 60_000, 1717))
def test_a_flipped_byte_anywhere_gives_no_wrong_answer(directory: Path, flipped: int) -> None:
    items = {bytes([number]): bytes([number]) * 700 for number in range(30)}
    with Store(directory) as store:
        store.put(items)
    file = directory / FILE
    data = bytearray(file.read_bytes())
    data[flipped % len(data)] ^= 0xFF
    file.write_bytes(data)
    with Store(directory) as store:
        assert store.get(list(items)).items() <= items.items()


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, warnings: list[str]) -> None:
    (tmp_path / "file").touch()
    with Store(tmp_path / "file" / "cache", warn=warnings.append) as store:
        store.put({b"a": b"one"})
        assert store.get([b"a"]) == {}
    (warning,) = warnings
    assert warning.startswith("no cache (")


def test_the_oldest_facts_go_when_the_limit_is_reached(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = 100
    monkeypatch.setattr(module, "_today", lambda: today)
    with Store(directory, limit=4_200_000) as store:
        for today in range(100, 106):
            store.put({bytes([today]): b"x" * 990_000})
            store.get([bytes([100])])  # used every day
        kept = store.get([bytes([day]) for day in range(100, 106)])
    assert bytes([100]) in kept
    assert bytes([105]) in kept
    assert bytes([101]) not in kept
    assert sum(map(len, kept.values())) <= 4_200_000


def test_many_processes_may_write_at_once(directory: Path) -> None:
    program = """
import sys
from pathlib import Path
from lazify.index.store import Store
def fail(message): sys.exit(message)
for turn in range(20):
    with Store(Path(sys.argv[1]), warn=fail) as store:
        store.put({f"{sys.argv[2]} {turn} {n}".encode(): b"x" * 2000 for n in range(20)})
        if len(store.get([f"{sys.argv[2]} {turn} {n}".encode() for n in range(20)])) != 20: fail("lost")
"""
    started = [subprocess.Popen([sys.executable, "-c", program, directory, name]) for name in "ab"]
    assert [process.wait() for process in started] == [0, 0]
    with Store(directory) as store:
        keys = [f"{name} {turn} {n}".encode() for name in "ab" for turn in range(20) for n in range(20)]
        assert len(store.get(keys)) == 800


def test_a_killed_writer_leaves_a_sound_cache(directory: Path, warnings: list[str]) -> None:
    program = """
import os, sys
from pathlib import Path
from lazify.index.store import Store
store = Store(Path(sys.argv[1]))
store.put({b"a": b"one"})
store._connection.execute("BEGIN IMMEDIATE")
store._connection.execute("INSERT INTO facts VALUES (CAST('b' AS BLOB), 1, zeroblob(100000))")
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", program, directory], check=False)
    with Store(directory, warn=warnings.append) as store:
        assert store.get([b"a", b"b"]) == {b"a": b"one"}
        store.put({b"b": b"two"})
        assert store.get([b"b"]) == {b"b": b"two"}
    assert warnings == []


def test_the_key_depends_on_the_bytes_and_the_scanner() -> None:
    keys = {content_key(data, version) for data in (b"", b"x") for version in (b"1", b"2")}
    assert len(keys) == 4
    assert content_key(b"x", scanner_version()) == content_key(b"x", scanner_version())


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LAZIFY_CACHE_DIR": "/a/b"}, "/a/b"),
        ({"LAZIFY_CACHE_DIR": "~/b"}, "/home/me/b"),
        ({"XDG_CACHE_HOME": "/x"}, "/x/lazify"),
        ({"XDG_CACHE_HOME": "relative"}, "/home/me/.cache/lazify"),
        ({}, "/home/me/.cache/lazify"),
    ],
)
@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="other platforms have other places")
def test_the_cache_is_where_the_user_wants_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in ("LAZIFY_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/me")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_directory() == Path(expected)


def test_a_relative_cache_directory_is_made_absolute(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LAZIFY_CACHE_DIR", "here")
    assert cache_directory() == tmp_path / "here"
