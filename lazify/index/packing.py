"""Facts as bytes, one section for each field, read back section by section when somebody asks for it.

A run needs the names and imports of every file, but the operations and uses of only a few.
"""

import marshal
import struct
from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import cache, cached_property, partial
from itertools import accumulate, pairwise
from typing import Any, get_type_hints

from lazify.index.columns import Codec, Objects, codec_of
from lazify.index.refs import RefReader, RefWriter
from lazify.model.facts import Facts, Operation, Scope

_FIELDS = tuple(field.name for field in fields(Facts))
_OPERATIONS = "operations"
_INNER = "operations of functions"
_REFS = "refs"
_SECTIONS = (*_FIELDS, _OPERATIONS, _INNER, _REFS)
_LENGTHS = struct.Struct(f"<{len(_SECTIONS)}I")


def pack(facts: Facts) -> bytes:
    """Turn `facts` into bytes for `unpack`."""
    refs = RefWriter()
    columns = {name: [getattr(facts, name)] for name in _FIELDS}
    columns["scopes"] = list(facts.scopes)
    columns[_OPERATIONS] = [() if _is_function(scope) else scope.operations for scope in facts.scopes]
    columns[_INNER] = [scope.operations if _is_function(scope) else () for scope in facts.scopes]
    encoded = [_codec(name).encode(column, refs) for name, column in columns.items()]
    sections = [marshal.dumps(each) for each in (*encoded, refs.rows)]
    return _LENGTHS.pack(*map(len, sections)) + b"".join(sections)


def unpack(packed: bytes) -> Facts:
    """Give the facts that `pack` took; each field is decoded when it is first asked for."""
    facts = PackedFacts.__new__(PackedFacts)
    object.__setattr__(facts, "_sections", _Sections(packed))
    return facts


class _Sections:
    """The bytes of one file's facts, and what several fields need of them."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed
        self._refs = RefReader(partial(self.read, _REFS))

    @cached_property
    def operations(self) -> Sequence[tuple[Operation, ...]]:
        return self.decode(_OPERATIONS)

    @cached_property
    def inner_operations(self) -> Sequence[tuple[Operation, ...]]:
        return self.decode(_INNER)

    def decode(self, name: str) -> Sequence[Any]:
        return _codec(name).decode(self.read(name), self._refs)

    def read(self, name: str) -> Any:
        return marshal.loads(memoryview(self.packed)[slice(*self._places[name])])

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """Where each section starts and ends."""
        ends = accumulate(_LENGTHS.unpack_from(self.packed), initial=_LENGTHS.size)
        return dict(zip(_SECTIONS, pairwise(ends), strict=True))


class PackedFacts(Facts):
    """Facts that are still bytes, field by field."""

    __slots__ = ("_sections",)
    _sections: _Sections

    def __getattr__(self, name: str) -> Any:
        """Decode a field: Python asks here when its slot is empty."""
        if name not in _FIELDS:
            raise AttributeError(name)
        column = self._sections.decode(name)
        value = _with_operations(column, self._sections) if name == "scopes" else column[0]
        object.__setattr__(self, name, value)
        return value

    def __eq__(self, other: object) -> bool:
        """Compare field by field, with facts of either kind."""
        return _same(self, other) if isinstance(other, Facts) else NotImplemented

    __hash__ = Facts.__hash__

    def __reduce__(self) -> tuple[Callable[[bytes], Facts], tuple[bytes]]:
        """Travel between processes as the bytes; what `dataclasses.replace` made has none yet."""
        return unpack, (self._sections.packed if hasattr(self, "_sections") else pack(self),)


class PackedScope(Scope):
    """A scope whose operations are still bytes: most functions are never followed."""

    __slots__ = ("_number", "_sections")
    _sections: _Sections
    _number: int

    def __getattr__(self, name: str) -> Any:
        """Decode the operations, all at once: those of the file's functions, or what runs at import."""
        if name != _OPERATIONS:
            raise AttributeError(name)
        sections = self._sections
        operations = (sections.inner_operations if _is_function(self) else sections.operations)[self._number]
        object.__setattr__(self, _OPERATIONS, operations)
        return operations

    def __eq__(self, other: object) -> bool:
        """Compare field by field, with scopes of either kind."""
        return _same(self, other) if isinstance(other, Scope) else NotImplemented

    __hash__ = Scope.__hash__


def _is_function(scope: Scope) -> bool:
    return scope.kind in ("function", "lambda")


def _with_operations(scopes: Sequence[Any], sections: _Sections) -> tuple[PackedScope, ...]:
    for number, scope in enumerate(scopes):
        object.__setattr__(scope, "_sections", sections)
        object.__setattr__(scope, "_number", number)
    return tuple(scopes)


def _same(one: Facts | Scope, other: Facts | Scope) -> bool:
    return all(getattr(one, field.name) == getattr(other, field.name) for field in fields(one))


@cache
def _codec(section: str) -> Codec:
    if section == "scopes":
        return Objects(PackedScope, lazy=frozenset({_OPERATIONS}))
    if section in (_OPERATIONS, _INNER):
        return codec_of(get_type_hints(Scope)[_OPERATIONS])
    return codec_of(get_type_hints(Facts)[section])
