"""What a git repository says of its files, read from its own records: git itself is not run.

Sources: gitrepository-layout(5) and gitformat-index(5). Running git would run what the repository configures,
such as core.fsmonitor.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_FLAGS = struct.Struct(">H")
_EXTENDED = 0x4000
_COMPRESSED = 4
"""The version whose names each continue the one before."""


@dataclass(frozen=True)
class Repository:
    """The repository, or the linked worktree, whose files lie below `toplevel`."""

    toplevel: Path

    @property
    def excludes(self) -> Path:
        """The file with patterns that are nobody else's."""
        return self._common / "info" / "exclude"

    @cached_property
    def tracked(self) -> frozenset[str]:
        """Absolute paths of all that git tracks and of the folders with it, these with a final slash.

        Empty where the index is missing or of a kind that cannot be read here.
        """
        try:
            names = list(_names((self._own / "index").read_bytes(), self._hash_size()))
        except (OSError, ValueError, struct.error):
            return frozenset()
        files = {f"{self.toplevel}/{name}" for name in names}
        folders = {f"{file[:end]}/" for file in files for end in _slashes(file, len(str(self.toplevel)) + 1)}
        return frozenset(files | folders)

    @cached_property
    def _own(self) -> Path:
        git = self.toplevel / ".git"
        return git if git.is_dir() else self.toplevel / _first_line(git).removeprefix("gitdir: ")

    @cached_property
    def _common(self) -> Path:
        """What all worktrees of a repository share."""
        common = _first_line(self._own / "commondir")
        return self._own / common if common else self._own

    def _hash_size(self) -> int:
        config = (
            (self._common / "config").read_bytes().lower() if (self._common / "config").is_file() else b""
        )
        return 32 if b"objectformat = sha256" in config else 20


def is_linked_worktree(git: Path) -> bool:
    """Tell by its `.git` whether a folder is another working copy of some repository: `git worktree add`."""
    return git.is_file() and "/worktrees/" in _first_line(git)


def _names(index: bytes, hash_size: int) -> Iterator[str]:
    """Read the names in an index of version 2, 3 or 4."""
    signature, version, count = struct.unpack_from(">4sII", index)
    if signature != b"DIRC" or version not in (2, 3, _COMPRESSED):
        raise ValueError("not an index")
    position, name = 12, b""
    for _ in range(count):
        start = position
        position += 40 + hash_size
        (flags,) = _FLAGS.unpack_from(index, position)
        position += 4 if flags & _EXTENDED else 2
        kept = 0
        if version == _COMPRESSED:
            dropped, position = _offset(index, position)
            kept = len(name) - dropped
        end = index.index(b"\0", position)
        name = name[:kept] + index[position:end]
        position = end + 1 if version == _COMPRESSED else start + (end - start) // 8 * 8 + 8
        yield os.fsdecode(name)


def _offset(index: bytes, position: int) -> tuple[int, int]:
    """Read how many bytes of the name before are dropped, in git's variable width, and where that ends."""
    byte = index[position]
    value = byte & 0x7F
    while byte & 0x80:
        position += 1
        byte = index[position]
        value = ((value + 1) << 7) | (byte & 0x7F)
    return value, position + 1


def _slashes(path: str, start: int) -> Iterator[int]:
    position = path.find("/", start)
    while position != -1:
        yield position
        position = path.find("/", position + 1)


def _first_line(file: Path) -> str:
    try:
        return os.fsdecode(file.read_bytes().partition(b"\n")[0])
    except OSError:
        return ""
