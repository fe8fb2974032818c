"""What the user asked of one run, and how a journal keeps it: enough to plan the same again somewhere else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lazify.errors import LazifyError


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user typed."""

    paths: tuple[Path, ...]
    flags: Mapping[str, object] = field(default_factory=dict)
    """Only those given, under their names in `Config`."""


def to_json(request: Request, *, home: Path, declined: frozenset[str]) -> dict[str, object]:
    """Give what JSON can hold, with paths relative to `home`; `declined` are keys of changes: they begin with paths."""
    return {
        "flags": {name: _plain(value) for name, value in request.flags.items()},
        "paths": [os.path.relpath(path.resolve(), home) for path in request.paths],
        "declined": sorted(key.removeprefix(f"{home}/") for key in declined),
    }


def from_json(
    kept: Mapping[str, object], *, home: Path, root: Path, tree: Path
) -> tuple[Request, frozenset[str]]:
    """Give the request, and the keys that were declined, for a copy at `tree` of the project that lay at `root`.

    Raises LazifyError where the journal does not say what was asked for.
    """
    flags, paths, declined = kept.get("flags"), kept.get("paths"), kept.get("declined")
    if not (isinstance(flags, dict) and isinstance(paths, list) and isinstance(declined, list)):
        raise LazifyError("the journal does not say what was asked for")
    inside = [os.path.relpath(home / path, root) for path in paths]
    request = Request(
        paths=tuple(tree / path for path in inside if not path.startswith("..")) or (tree,),
        flags={name: tuple(value) if isinstance(value, list) else value for name, value in flags.items()},
    )
    return request, frozenset(f"{tree}/{os.path.relpath(home / key, root)}" for key in declined)


def _plain(value: object) -> object:
    match value:
        case tuple() | list():
            return list(map(_plain, value))
        case Path():
            return str(value)
    return value
