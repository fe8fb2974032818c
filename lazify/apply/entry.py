"""One journal entry: the files of an apply, both sides of each, and its text on the disk."""

import base64
import hashlib
import json
import os
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from lazify.errors import ApplyError

FORMAT = 1

_TEMPORARY = re.compile(r"\.lazify-[0-9a-f]+-\d+\.tmp")
_RESERVED = frozenset({"..", ".lazify", ".git", ".hg", ".svn", ".bzr", ".jj"})

Side = Literal["before", "after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What stands in a file on one side of an apply."""

    data: bytes = field(repr=False)
    mode: int
    """Permission bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """One file, before and after."""

    path: PurePosixPath
    """Relative to the home; no link on the way to it."""
    temporary: str
    """The name, in the same folder, under which the bytes are made ready."""
    before: Version
    after: Version

    def side(self, side: Side) -> Version:
        return self.before if side == "before" else self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One apply."""

    number: int
    files: tuple[FileRecord, ...]
    request: Mapping[str, object] = field(default_factory=dict)
    """What was asked for, as JSON has it: enough to plan the same again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is to be recorded of one file."""

    path: PurePosixPath
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    mode: int


def entry_of(number: int, changes: Sequence[Change], request: Mapping[str, object] | None = None) -> Entry:
    """Record the changes, with temporary names that no other file has."""
    token = os.urandom(8).hex()
    return Entry(
        number=number,
        request=request or {},
        files=tuple(
            FileRecord(
                path=change.path,
                temporary=f".lazify-{token}-{index}.tmp",
                before=Version(data=change.before, mode=change.mode),
                after=Version(data=change.after, mode=change.mode),
            )
            for index, change in enumerate(changes)
        ),
    )


def to_text(entry: Entry) -> bytes:
    files = [
        {
            "path": str(file.path),
            "temporary": file.temporary,
            "before": _version_to_json(file.before),
            "after": _version_to_json(file.after),
        }
        for file in entry.files
    ]
    content = {"format": FORMAT, "request": dict(entry.request), "files": files}
    return json.dumps(content, indent=1).encode("ascii")


def from_text(text: bytes, *, number: int, path: Path) -> Entry:
    """Raises ApplyError for an entry that is damaged, of another format, or reaches out of its home."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise ApplyError(f"{path} has format {content['format']}: use the newer lazify that wrote it")
        files = tuple(_file_from_json(item) for item in content["files"])
        request = dict(content.get("request", {}))
    except (ValueError, KeyError, TypeError, zlib.error) as error:
        raise ApplyError(f"{path} is damaged ({error}): move it away to go on without it") from error
    return Entry(number=number, files=files, request=request)


def is_reserved(path: Path) -> bool:
    """Whether the path leads out of the home, or to what belongs to lazify or to version control.

    A checkout may bring a journal that somebody else made: it must reach nothing but the checkout's files.
    """
    is_file_name = path.parts and not path.anchor and "\0" not in str(path)
    return not is_file_name or not _RESERVED.isdisjoint(part.casefold() for part in path.parts)


def _version_to_json(version: Version) -> dict[str, str]:
    return {
        "mode": f"{version.mode:o}",
        "sha256": hashlib.sha256(version.data).hexdigest(),
        "bytes": base64.b64encode(zlib.compress(version.data)).decode("ascii"),
    }


def _version_from_json(item: dict[str, str]) -> Version:
    data = zlib.decompress(base64.b64decode(item["bytes"], validate=True))
    if hashlib.sha256(data).hexdigest() != item["sha256"]:
        raise ValueError("bytes and hash differ")
    return Version(data=data, mode=int(item["mode"], 8) & 0o7777)


def _file_from_json(item: dict[str, dict[str, str]]) -> FileRecord:
    path, temporary = PurePosixPath(str(item["path"])), str(item["temporary"])
    if is_reserved(Path(path)) or not _TEMPORARY.fullmatch(temporary):
        raise ValueError(f"{path} or {temporary} is no file of the project")
    before, after = _version_from_json(item["before"]), _version_from_json(item["after"])
    return FileRecord(path=path, temporary=temporary, before=before, after=after)
