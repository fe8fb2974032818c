"""What was learned of each file, kept between runs by the hash of its content, in the user's cache.

Losing it costs time, never a result: whatever goes wrong with it, the run goes on without.
"""

import hashlib
import os
import sqlite3
import stat
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import lazify

FILE = "facts-1.sqlite3"
"""The number changes with the schema."""
LIMIT = 512 * 2**20
"""Bytes above which the least recently used facts go."""
_DAY = 86_400
_BATCH = 500  # SQLite before 3.32 takes at most 999 parameters
_SCHEMA = """
    PRAGMA page_size = 16384;
    PRAGMA auto_vacuum = INCREMENTAL;
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, day INTEGER NOT NULL, value BLOB NOT NULL);
    CREATE INDEX IF NOT EXISTS facts_by_day ON facts (day);
"""
_IS_THERE = "SELECT 1 FROM sqlite_master WHERE name = 'facts_by_day'"
"""What is made last."""

Warn = Callable[[str], None]


def cache_directory() -> Path | None:
    """Find where the cache belongs: LAZIFY_CACHE_DIR, or the user's own cache folder; None without a home."""
    named = os.environ.get("LAZIFY_CACHE_DIR")
    if named:
        return Path(named).expanduser().absolute()
    try:
        return _user_cache() / "lazify"
    except RuntimeError:  # no home directory
        return None


def content_key(data: bytes, version: bytes) -> bytes:
    """Name the facts of a file with these bytes, learned by this `version` of lazify."""
    return hashlib.blake2b(data, digest_size=20, key=version).digest()


@cache
def scanner_version() -> bytes:
    """Digest what the facts of a file depend on besides its bytes, once in a run: this Python, and lazify's scanner."""
    digest = hashlib.blake2b(f"{sys.version_info} {lazify.__version__}".encode(), digest_size=32)
    package = Path(lazify.__file__).parent
    for folder in ("index", "model"):
        for file in sorted((package / folder).glob("*.py")):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.digest()


class Store:
    """A table of packed facts by content key; without a directory, or after a failure, it is always empty."""

    def __init__(self, directory: Path | None, *, warn: Warn = lambda _: None, limit: int = LIMIT) -> None:
        """Open the database in `directory`, which is made where it is missing; `warn` hears of what fails."""
        self._file = directory / FILE if directory else None
        self._warn = warn
        self._limit = limit
        self._connection: sqlite3.Connection | None = None
        with self._guarded():
            self._open()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Look up many keys at once; what is missing or damaged is left out."""
        found: dict[bytes, bytes] = {}
        with self._guarded():
            if self._connection:
                found.update(_select(self._connection, keys, today=_today()))
        return found

    def put(self, items: Mapping[bytes, bytes]) -> None:
        """Keep these facts, and let go of the oldest where they would not fit."""
        with self._guarded():
            if self._connection and items:
                with self._connection:
                    rows = [(key, _today(), _sealed(value)) for key, value in items.items()]
                    self._connection.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", rows)
                _shrink(self._connection, self._limit)

    def close(self) -> None:
        """Close the database; the store is empty from then on."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_owner(self._file.parent)
        self._connection = sqlite3.connect(self._file, timeout=5)
        self._connection.execute("PRAGMA synchronous = OFF")
        if self._connection.execute(_IS_THERE).fetchone() is None:  # to set it up again takes a write
            self._connection.executescript(_SCHEMA)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Go on without a cache when it fails; a damaged database is begun anew."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            self.close()
            self._warn(f"no cache ({self._file}): {error}")
        except sqlite3.DatabaseError as error:
            self.close()
            self._warn(f"the cache was damaged and is begun anew ({self._file}): {error}")
            self._begin_anew()

    def _begin_anew(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                Path(f"{self._file}{suffix}").unlink()
        with suppress(sqlite3.Error, OSError):  # the warning has been given
            self._open()


def _user_cache() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME"
    named = os.environ.get(variable, "")
    return Path(named) if Path(named).is_absolute() else Path.home() / ".cache"


def _check_owner(directory: Path) -> None:
    """What is read from the cache is believed: nobody else may have written it."""
    status = directory.stat()
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise PermissionError("the folder belongs to another user")
    if os.name == "posix" and status.st_mode & stat.S_IWOTH:
        raise PermissionError("the folder is one that others can write to")


def _today() -> int:
    return int(time.time()) // _DAY


def _select(
    connection: sqlite3.Connection, keys: Sequence[bytes], *, today: int
) -> Iterable[tuple[bytes, bytes]]:
    stale = []
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        marks = ",".join("?" * len(batch))
        for key, day, sealed in connection.execute(
            f"SELECT key, day, value FROM facts WHERE key IN ({marks})", batch
        ):
            if day != today:
                stale.append((today, key))
            value = _unsealed(sealed)
            if value is not None:
                yield key, value
    if stale:
        with connection:
            connection.executemany("UPDATE facts SET day = ? WHERE key = ?", stale)


def _shrink(connection: sqlite3.Connection, limit: int) -> None:
    size = _size(connection)
    if size <= limit:
        return
    with connection:
        for key, length in connection.execute(
            "SELECT key, length(value) FROM facts ORDER BY day, rowid"
        ).fetchall():
            if size <= limit * 3 // 4:
                break
            connection.execute("DELETE FROM facts WHERE key = ?", (key,))
            size -= length
    connection.execute("PRAGMA incremental_vacuum")


def _size(connection: sqlite3.Connection) -> int:
    """Count the bytes of all pages in use: to add up the facts would read every page."""
    used, free, bytes_each = (
        connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("page_count", "freelist_count", "page_size")
    )
    return int(used - free) * int(bytes_each)


def _sealed(value: bytes) -> bytes:
    return zlib.crc32(value).to_bytes(4, "little") + value


def _unsealed(sealed: bytes) -> bytes | None:
    """Check what SQLite does not: that the disk gave back what it was given."""
    value = sealed[4:]
    return value if zlib.crc32(value).to_bytes(4, "little") == sealed[:4] else None
