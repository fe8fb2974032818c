"""Records as plain values that JSON takes, and back: the fields by name, members of a union with their class."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

TAG = "is"
"""The key that holds the name of a record's class where a field may hold several."""


def to_plain(value: object, *, path: Callable[[Path], str] = str) -> Any:
    """Turn a record, or what a record may hold, into plain values; `path` writes paths.

    Raises TypeError for anything else.
    """
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case Path():
            return path(value)
        case Mapping():
            return {str(key): to_plain(each, path=path) for key, each in value.items()}
        case tuple() if hasattr(value, "_fields"):
            return {name: to_plain(getattr(value, name), path=path) for name in value._fields}
        case tuple():
            return [to_plain(each, path=path) for each in value]
    if not is_dataclass(value):
        raise TypeError(f"{type(value)} is no record")
    return {TAG: type(value).__name__} | {
        field.name: to_plain(getattr(value, field.name), path=path) for field in fields(value)
    }


def from_plain(kind: Any, plain: Any, *, path: Callable[[str], Path] = Path) -> Any:
    """Make a value of the annotation `kind` of what `to_plain` gave.

    Raises KeyError, TypeError or ValueError for what does not fit.
    """
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        if plain is None and NoneType in arguments:
            return None
        members = [each for each in arguments if each is not NoneType]
        tag = plain.get(TAG) if isinstance(plain, dict) else None
        chosen = next((each for each in members if each.__name__ == tag), members[0])
        return from_plain(chosen, plain, path=path)
    if origin is tuple:
        return tuple(from_plain(arguments[0], each, path=path) for each in plain)
    if kind is Path:
        return path(plain)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        given = {
            name: from_plain(hint, plain[name], path=path) for name, hint in get_type_hints(kind).items()
        }
        return kind(**given)
    if issubclass(kind, Enum):
        return kind(plain)
    if kind is float and isinstance(plain, int):
        return float(plain)
    if not isinstance(plain, kind):
        raise TypeError(f"{plain!r} is no {kind.__name__}")
    return plain
