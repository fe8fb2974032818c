"""Facts as bytes, one section for each field, read back field by field when somebody asks for it.

A run needs the names and imports of every file, but the uses, scopes and statements of only a few. The bytes
hold nothing but the records of lazify.model: whatever else a forged cache asks for is refused.
"""

import io
import pickle
import struct
import zlib
from collections.abc import Callable
from dataclasses import fields

import lazify.model.facts
import lazify.model.places
from lazify.model.facts import Facts

_FIELDS = tuple(field.name for field in fields(Facts))
_POSITIONS = {name: position for position, name in enumerate(_FIELDS)}
_LENGTHS = struct.Struct(f"<{len(_FIELDS)}I")


def pack(facts: Facts) -> bytes:
    """Turn `facts` into bytes for `unpack`."""
    sections = [
        zlib.compress(pickle.dumps(getattr(facts, name), pickle.HIGHEST_PROTOCOL), 1) for name in _FIELDS
    ]
    return _LENGTHS.pack(*map(len, sections)) + b"".join(sections)


def unpack(packed: bytes) -> Facts:
    """Give the facts that `pack` took; each field is decoded when it is first asked for."""
    return PackedFacts(packed)


class PackedFacts(Facts):
    """Facts that are still bytes, field by field."""

    __slots__ = ("_packed",)
    _packed: bytes

    def __init__(self, packed: bytes) -> None:
        """Keep the bytes; the slots of the fields stay empty until `__getattr__` fills them."""
        object.__setattr__(self, "_packed", packed)

    def __getattr__(self, name: str) -> object:
        """Decode a field: Python asks here when its slot is empty."""
        position = _POSITIONS.get(name)
        if position is None:
            raise AttributeError(name)
        value = _section(self._packed, position)
        object.__setattr__(self, name, value)
        return value

    def __eq__(self, other: object) -> bool:
        """Compare field by field, with facts of either kind."""
        if not isinstance(other, Facts):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in _FIELDS)

    __hash__ = Facts.__hash__

    def __reduce__(self) -> tuple[Callable[[bytes], Facts], tuple[bytes]]:
        """Travel between processes as the bytes."""
        return unpack, (self._packed,)


def _section(packed: bytes, position: int) -> object:
    lengths = _LENGTHS.unpack_from(packed)
    start = _LENGTHS.size + sum(lengths[:position])
    return _Records(io.BytesIO(zlib.decompress(packed[start : start + lengths[position]]))).load()


def _known_records() -> dict[tuple[str, str], type]:
    modules = (lazify.model.facts, lazify.model.places)
    return {
        (module.__name__, name): value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module.__name__
    }


_RECORDS = _known_records()


class _Records(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        record = _RECORDS.get((module, name))
        if record is None:
            raise pickle.UnpicklingError(f"{module}.{name} is no record of lazify")
        return record
