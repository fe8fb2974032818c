"""Refs as rows of a table: what a file mentions a hundred times is written once, and shared when read."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from lazify.model.facts import (
    AttributeRef,
    CallRef,
    ChoiceRef,
    EnterRef,
    ItemRef,
    LambdaRef,
    LiteralRef,
    NameRef,
    Ref,
    SuperRef,
)

Row = tuple[int, Any, Any]
"""The number of the kind and its fields; a Ref in a field is the number of its own row."""

_KINDS: tuple[type[Ref], ...] = (
    *(NameRef, LiteralRef, LambdaRef, SuperRef),
    *(AttributeRef, CallRef, ItemRef, EnterRef, ChoiceRef),
)
_NUMBERS: dict[type, int] = {kind: number for number, kind in enumerate(_KINDS)}
_PLAIN_KINDS = 4
"""The first ones hold no other Ref."""
_CHOICE = _NUMBERS[ChoiceRef]


class RefWriter:
    """Numbers the Refs of one file; 0 is None."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._numbers: dict[Ref | None, int] = {None: 0}

    def numbers(self, column: Sequence[Ref | None]) -> Iterable[int]:
        """Give the row of each Ref, which comes after those of the Refs in it."""
        known = self._numbers
        for ref in dict.fromkeys(column):
            if ref is not None and ref not in known:
                self._add(ref)
        return map(known.__getitem__, column)

    def _add(self, ref: Ref) -> int:
        kind = _NUMBERS[type(ref)]
        content: Any = ref[0]
        if kind == _CHOICE:
            content = tuple(self.numbers(content))
        elif kind >= _PLAIN_KINDS:
            content = self._numbers.get(content) or self._add(content)
        self.rows.append((kind, content, ref[1] if len(ref) > 1 else None))
        number = self._numbers[ref] = len(self.rows)
        return number


class RefReader:
    """The Refs of one file by their numbers, read when a field with Refs is."""

    def __init__(self, read_rows: Callable[[], list[Row]]) -> None:
        self._read_rows = read_rows

    @cached_property
    def refs(self) -> Sequence[Ref | None]:
        """None, then what each row stands for."""
        refs: list[Ref | None] = [None]
        for kind, first, second in self._read_rows():
            content = first
            if kind == _CHOICE:
                content = tuple(map(refs.__getitem__, first))
            elif kind >= _PLAIN_KINDS:
                content = refs[first]
            record: Any = _KINDS[kind]
            refs.append(tuple.__new__(record, (content,) if second is None else (content, second)))
        return refs
