"""What the analysis knows so far of where the object may be: it only ever grows."""

import re
from enum import Enum
from typing import Any

from lazify.index.modules import Module
from lazify.index.project import Defined

_MANGLED = re.compile(r"_[^_]\w*?(?=__)")


class Kind(Enum):
    """How a value has to do with the object."""

    OBJECT = "object"
    """May be the object itself, or something of it."""
    DISPLAY = "display"
    """A list, tuple or dictionary of this making that holds it: to go through that looks into nothing."""
    HOLDER = "holder"
    """May hold it in a way that nobody here sees."""


Kinds = frozenset[Kind]
NONE: Kinds = frozenset()
ANY: Kinds = frozenset(Kind)
OBJECT: Kinds = frozenset({Kind.OBJECT})
DISPLAY: Kinds = frozenset({Kind.DISPLAY})
HOLDER: Kinds = frozenset({Kind.HOLDER})

Body = tuple[Module, int]
"""The code of a scope, by the number in its module."""


class Tables:
    """Variables, attributes and results that may lead to the object."""

    def __init__(self) -> None:
        """Nothing is known of it yet."""
        self.looks = False
        """Some code looks into the object, or nobody knows what it does."""
        self.is_settled = False
        """The last round found nothing new."""
        self.called: dict[Body, None] = {}
        """The functions that got it, in the order in which they were found."""
        self.holders: set[Defined] = set()
        """Classes whose instances hold it."""
        self.made: set[Defined] = set()
        """Classes that are called."""
        self._variables: dict[tuple[Module, int, str], Kinds] = {}
        self._attributes: dict[str, Kinds] = {}
        self._results: dict[Body, Kinds] = {}

    def look(self, *, when: bool = True) -> None:
        """Note that some code looks into the object, or may."""
        self.looks = self.looks or when

    def variable(self, body: Body, name: str) -> Kinds:
        """What a variable of that scope may be."""
        return self._variables.get((*body, name), NONE)

    def attribute(self, name: str) -> Kinds:
        """What any attribute of that name may be, whatever it is taken of."""
        return self._attributes.get(_plain(name), NONE)

    def result(self, body: Body) -> Kinds:
        """What a function may give."""
        return self._results.get(body, NONE)

    @property
    def any_result(self) -> Kinds:
        """What any of the functions may give."""
        return NONE.union(*self._results.values())

    @property
    def any_attribute(self) -> Kinds:
        """What an attribute of a name that nobody knows may be."""
        return NONE.union(*self._attributes.values())

    def bind(self, body: Body, name: str, kinds: Kinds) -> None:
        """Note what a variable is bound to."""
        self._grow(self._variables, (*body, name), kinds)

    def store(self, name: str, kinds: Kinds, holder: Defined) -> None:
        """Note what an attribute of an instance of that class is set to."""
        self._grow(self._attributes, _plain(name), kinds)
        if kinds and holder not in self.holders:
            self.holders.add(holder)
            self.is_settled = False

    def give(self, body: Body, kinds: Kinds) -> None:
        """Note what a function returns."""
        self._grow(self._results, body, kinds)

    def call(self, body: Body) -> None:
        """Note a function that gets it."""
        if body not in self.called:
            self.called[body] = None
            self.is_settled = False

    def make(self, cls: Defined) -> None:
        """Note a class that is called."""
        if cls not in self.made:
            self.made.add(cls)
            self.is_settled = False

    def _grow(self, table: dict[Any, Kinds], key: object, kinds: Kinds) -> None:
        known = table.get(key, NONE)
        if not kinds <= known:
            table[key] = known | kinds
            self.is_settled = False


def _plain(name: str) -> str:
    """The name as it is written in its class: `_Local__storage` is `__storage` there."""
    return _MANGLED.sub("", name, count=1) if name.startswith("_") and not name.endswith("__") else name
