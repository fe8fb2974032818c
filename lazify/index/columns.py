"""Many records of one kind as a few columns of plain values, which `marshal` writes and reads fast.

How a field is written follows from its annotation alone, so the records may change freely.
Every codec takes and gives whole columns: a call for each record would cost more than scanning.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache, partial
from itertools import chain, islice
from operator import attrgetter, is_not
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Protocol, Union, cast, get_args, get_origin, get_type_hints

from lazify.index.numbers import pack_numbers, shared_numbers, unpack_numbers
from lazify.index.refs import RefReader, RefWriter
from lazify.model.facts import Ref
from lazify.model.places import Span

Column = Sequence[Any]
Encoded = Any
"""Whatever `marshal` takes."""

_REFS = frozenset(get_args(Ref))
_IS_PRESENT = partial(is_not, None)


class Codec(Protocol):
    """Writes and reads one column."""

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        """Turn the values into plain ones."""
        ...

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        """Turn them back."""
        ...


@cache
def codec_of(hint: Any) -> Codec:
    """Choose the codec for values with this annotation."""
    options = frozenset(get_args(hint)) if get_origin(hint) in (UnionType, Union) else frozenset({hint})
    proper = options - {NoneType}
    if proper <= _REFS:
        return _Refs()
    if len(proper) > 1:
        return _Kinds(get_args(hint)) if all(map(is_dataclass, proper)) else _Plain()
    (single,) = proper
    codec = _of_class(single) if isinstance(single, type) and not get_args(single) else _of_generic(single)
    return codec if isinstance(codec, _Plain) or options == proper else _Optional(codec)


def _of_class(hint: type) -> Codec:
    simple: dict[type, Codec] = {Span: _Spans(), int: _Numbers(), bool: _Flags(), Path: _Paths()}
    if hint in simple:
        return simple[hint]
    if issubclass(hint, StrEnum):
        return _Names(hint)
    if is_dataclass(hint):
        return Objects(hint)
    return _Records(hint) if issubclass(hint, tuple) and hasattr(hint, "_fields") else _Plain()


def _of_generic(hint: Any) -> Codec:
    arguments = get_args(hint)
    codecs = [codec_of(argument) for argument in arguments if argument is not Ellipsis]
    if all(isinstance(codec, _Plain | _Numbers | _Flags) for codec in codecs):
        return _Plain()
    if get_origin(hint) in (dict, Mapping):
        return _Maps(*codecs)
    return _Many(codecs[0]) if Ellipsis in arguments else _Fixed(codecs)


@dataclass(frozen=True, slots=True)
class _Plain:
    """Values that `marshal` knows."""

    def encode(self, column: Column, refs: RefWriter) -> Encoded:  # noqa: ARG002  # as Codec has it
        return list(column)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:  # noqa: ARG002  # as Codec has it
        return cast(Column, encoded)


@dataclass(frozen=True, slots=True)
class _Numbers:
    def encode(self, column: Column, refs: RefWriter) -> Encoded:  # noqa: ARG002  # as Codec has it
        return pack_numbers(column)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:  # noqa: ARG002  # as Codec has it
        return shared_numbers(encoded)


@dataclass(frozen=True, slots=True)
class _Flags:
    def encode(self, column: Column, refs: RefWriter) -> Encoded:  # noqa: ARG002  # as Codec has it
        return bytes(column)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:  # noqa: ARG002  # as Codec has it
        return list(map(bool, encoded))


@dataclass(frozen=True, slots=True)
class _Refs:
    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        return pack_numbers(refs.numbers(column))

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        return list(map(refs.refs.__getitem__, unpack_numbers(encoded)))


@dataclass(frozen=True, slots=True)
class _Spans:
    def encode(self, column: Column, refs: RefWriter) -> Encoded:  # noqa: ARG002  # as Codec has it
        return pack_numbers(chain.from_iterable(column))

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:  # noqa: ARG002  # as Codec has it
        numbers = iter(shared_numbers(encoded))
        return list(map(_new(Span), zip(numbers, numbers, numbers, numbers, strict=True)))


@dataclass(frozen=True, slots=True)
class _Paths:
    def encode(self, column: Column, refs: RefWriter) -> Encoded:  # noqa: ARG002  # as Codec has it
        return list(map(str, column))

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:  # noqa: ARG002  # as Codec has it
        return list(map(cache(Path), encoded))


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Records of several classes: the position of the class of each, then those of each class."""

    records: tuple[type, ...]

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        kinds = bytes(self.records.index(type(value)) for value in column)
        parts = ([value for value in column if type(value) is record] for record in self.records)
        return kinds, _encode_columns(list(map(codec_of, self.records)), parts, refs)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        kinds, parts = encoded
        each = zip(self.records, parts, strict=True)
        values = [iter(codec_of(record).decode(part, refs)) for record, part in each]
        return [next(values[kind]) for kind in kinds]


@dataclass(frozen=True, slots=True)
class _Names:
    """Members of an enumeration, by their position in it."""

    members: type[StrEnum]

    def encode(self, column: Column, refs: RefWriter) -> Encoded:  # noqa: ARG002  # as Codec has it
        return bytes(map(_positions(self.members).__getitem__, column))

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:  # noqa: ARG002  # as Codec has it
        return list(map(list(self.members).__getitem__, encoded))


@cache
def _positions(members: type[StrEnum]) -> Mapping[StrEnum, int]:
    return {member: position for position, member in enumerate(members)}


@dataclass(frozen=True, slots=True)
class _Optional:
    inner: Codec

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        present = [value for value in column if value is not None]
        return bytes(map(_IS_PRESENT, column)), self.inner.encode(present, refs)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        is_present, inner = encoded
        present = iter(self.inner.decode(inner, refs))
        return [next(present) if each else None for each in is_present]


@dataclass(frozen=True, slots=True)
class _Many:
    """Tuples of any length."""

    inner: Codec

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        return pack_numbers(map(len, column)), self.inner.encode(list(chain.from_iterable(column)), refs)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        lengths, inner = encoded
        values = iter(self.inner.decode(inner, refs))
        return [tuple(islice(values, length)) if length else () for length in unpack_numbers(lengths)]


@dataclass(frozen=True, slots=True)
class _Fixed:
    """Tuples of one length, with its own codec for each place."""

    inner: Sequence[Codec]

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        return _encode_columns(self.inner, zip(*column, strict=True), refs)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        return list(_decode_rows(self.inner, encoded, refs))


@dataclass(frozen=True, slots=True)
class _Maps:
    keys: Codec
    inner: Codec

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        keys, values = (
            list(chain.from_iterable(column)),
            chain.from_iterable(each.values() for each in column),
        )
        counts = pack_numbers(map(len, column))
        return counts, self.keys.encode(keys, refs), self.inner.encode(list(values), refs)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        counts, keys, inner = encoded
        items = zip(self.keys.decode(keys, refs), self.inner.decode(inner, refs), strict=True)
        return [dict(islice(items, count)) for count in unpack_numbers(counts)]


@dataclass(frozen=True, slots=True)
class _Records:
    """Named tuples."""

    record: type

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        return _encode_columns(_codecs(self.record), zip(*column, strict=True), refs)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        return list(map(_new(self.record), _decode_rows(_codecs(self.record), encoded, refs)))


@dataclass(frozen=True, slots=True)
class Objects:
    """Frozen dataclasses with slots; those in `lazy` fields stay out."""

    record: type
    lazy: frozenset[str] = frozenset()

    def encode(self, column: Column, refs: RefWriter) -> Encoded:
        """Write all fields but the lazy ones."""
        codecs = self._codecs()
        columns = (list(map(attrgetter(name), column)) for name in codecs)
        return len(column), _encode_columns(list(codecs.values()), columns, refs)

    def decode(self, encoded: Encoded, refs: RefReader) -> Column:
        """Make objects whose lazy slots are empty."""
        count, columns = encoded
        objects: list[Any] = [object.__new__(self.record) for _ in range(count)]
        for (name, codec), each in zip(self._codecs().items(), columns, strict=True):
            fill = getattr(self.record, name).__set__
            deque(map(fill, objects, codec.decode(each, refs)), maxlen=0)
        return objects

    def _codecs(self) -> dict[str, Codec]:
        return {name: codec for name, codec in _fields(self.record).items() if name not in self.lazy}


@cache
def _fields(record: type) -> dict[str, Codec]:
    hints = get_type_hints(record)
    names = [field.name for field in fields(record)] if is_dataclass(record) else hints
    return {name: codec_of(hints[name]) for name in names}


def _codecs(record: type) -> list[Codec]:
    return list(_fields(record).values())


def _encode_columns(codecs: Sequence[Codec], columns: Iterable[Column], refs: RefWriter) -> list[Encoded]:
    """Write each column; there is none at all where there is no record."""
    return [codec.encode(column, refs) for codec, column in zip(codecs, columns, strict=False)]


def _decode_rows(
    codecs: Sequence[Codec], encoded: list[Encoded], refs: RefReader
) -> Iterator[tuple[Any, ...]]:
    columns = [codec.decode(each, refs) for codec, each in zip(codecs, encoded, strict=False)]
    return zip(*columns, strict=True)


def _new(record: type) -> Callable[[Iterable[Any]], Any]:
    """Make a named tuple from its values in C alone: its own constructor is a Python function."""
    return partial(tuple.__new__, record)
