"""Draws applications with handlers into the modules of a program."""

import re
from collections.abc import Callable, Sequence
from textwrap import indent
from typing import Protocol, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.lifespans import (
    APPLICATIONS,
    ELSEWHERE,
    HOLDERS,
    ODD_APPLICATIONS,
    ODD_HOLDERS,
    ODD_REGISTRATIONS,
    OLD_APPLICATIONS,
    REGISTRARS,
    REGISTRATIONS,
    ROUTES,
    STEPS,
)

T = TypeVar("T")


class Fill(Protocol):
    """Fills the slots of a template; tells what they got."""

    def __call__(self, template: str, **slots: str) -> tuple[str, dict[str, str]]:
        """Fill those that are given, too."""


class Applications:
    """The applications of one module, and what it does to those of others."""

    def __init__(self, draw: DrawFn, fill: Fill, *, is_first: bool, is_odd: bool, is_old: bool) -> None:
        """Write with the slots of the module; the first has no other to look at.

        Only odd ones have what keeps handlers from becoming a lifespan: little of it keeps them all.
        """
        self._is_odd = is_odd
        self._steps = [each for each in STEPS if not (is_first and "{m}" in each)]
        self._draw = draw
        self._fill = fill
        self._is_old = is_old
        self.names: list[str] = []
        """Applications that others may import."""
        self.registrars: list[str] = []
        """Functions that register on what they are given."""
        self.extended: set[str] = set()
        """Modules whose applications get handlers here."""

    def registrar(self) -> str:
        """A function for others."""
        text = self._template(REGISTRARS, r="")
        self.registrars += re.findall(r"def (register_all\d+)", text)
        return text

    def application(self, registrars: Sequence[tuple[str, str]]) -> list[str]:
        """An application and what is registered on it."""
        if self._count(0, 3) == 0:
            inner = [self._registration("app") for _ in range(self._count(1, 3))]
            text = _placed(self._template(self._any(HOLDERS, ODD_HOLDERS)), "{inner}", "\n\n".join(inner))
        else:
            text = self._template(
                self._any(APPLICATIONS, ODD_APPLICATIONS) + (OLD_APPLICATIONS if self._is_old else ())
            )
        return [text, *self._registered(self._named(text), registrars)]

    def elsewhere(self, module: str, name: str) -> list[str]:
        """Handlers that this module registers on the application of another."""
        self.extended.add(module)
        text, receiver = self._imported(module, name)
        return [f"{text}\n\n\n{self._registration(receiver)}"]

    def _registered(self, receiver: str, registrars: Sequence[tuple[str, str]]) -> list[str]:
        found = [self._registration(receiver) for _ in range(self._count(0, 3))]
        if registrars and self._count(0, 2):
            text, callee = self._imported(*self._choose(registrars))
            found.append(f"{text}\n\n\n{callee}({receiver})")
        if self._count(0, 2):
            found.append(self._template(ROUTES, r=receiver))
        if len(self.names) > 1 and self._count(0, 1):
            found.append(f"{receiver}.mount('/other', {self.names[0]})")
        order: Sequence[str] = self._draw(st.permutations(found))
        return list(order)

    def _registration(self, receiver: str) -> str:
        return self._template(self._any(REGISTRATIONS, ODD_REGISTRATIONS), r=receiver)

    def _any(self, usual: tuple[str, ...], odd: tuple[str, ...]) -> tuple[str, ...]:
        return odd if self._is_odd and self._count(0, 2) == 0 else usual

    def _named(self, text: str) -> str:
        names: list[str] = re.findall(r"\bapp\d+(?:_two|_too)?\b", text)
        self.names += dict.fromkeys(names)
        chosen: str = self._choose(names)
        return chosen

    def _imported(self, module: str, name: str) -> tuple[str, str]:
        statement, receiver = self._choose(ELSEWHERE)
        text, slots = self._fill(statement, m=module, r=name)
        return text, receiver.format(**slots)

    def _template(self, templates: Sequence[str], **slots: str) -> str:
        template = _placed(self._choose(templates), "{b}", self._choose(self._steps))
        text, _ = self._fill(
            template,
            d=self._choose(("def", "async def")),
            v=self._choose(("startup", "shutdown")),
            inner="{inner}",
            **slots,
        )
        return text

    def _count(self, least: int, most: int) -> int:
        return int(self._draw(st.integers(least, most)))

    def _choose(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))


def _placed(template: str, hole: str, text: str) -> str:
    """Put lines where the hole stands, as deep as that is."""
    deep: Callable[[re.Match[str]], str] = lambda found: indent(text, found[1])  # noqa: E731 (one expression)
    return re.sub(rf"(?m)^( *){re.escape(hole)}", deep, template)
