"""Draws programs whose values are computed from something that functions change afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import indent
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.programs import FLAGS, Program, path_of
from tests.fuzz.states import BOXES, HEAD, READERS, STATES, VALUES, State

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Known:
    """A state of a module."""

    state: State
    module: str
    number: int

    @property
    def name(self) -> str:
        """What its module calls it."""
        return self.state.name.format(i=self.number)


@st.composite
def stateful(draw: DrawFn, *, flags: Mapping[str, object] | None = None) -> Program:
    """Draw a project of one to three modules, flat or in a package, with states, values and changes."""
    package = draw(st.sampled_from(("", "", "pkg.")))
    modules = [f"{package}m{number}" for number in range(draw(st.integers(1, 3)))]
    known: list[Known] = []
    values: list[tuple[str, str]] = []
    files = {"boxes.py": BOXES}
    for number, module in enumerate(modules):
        writer = _Writer(draw, module, number, known, values)
        files[path_of(module)] = writer.text(modules[:number])
    if package:
        files["pkg/__init__.py"] = ""
    order = tuple(draw(st.permutations(modules)))
    return Program(modules=files, order=order, flags=dict(draw(FLAGS) if flags is None else flags))


class _Writer:
    """Writes one module; adds its states and values to those that later modules know."""

    def __init__(
        self, draw: DrawFn, module: str, number: int, known: list[Known], values: list[tuple[str, str]]
    ) -> None:
        self._draw = draw
        self._module = module
        self._next = number * 100
        self._known = known
        self._values = values

    def text(self, earlier: Sequence[str]) -> str:
        """Imports, states, values, functions that change and read them, and perhaps a call at import."""
        parts = [HEAD, *(f"import {each} as {_alias(each)}" for each in earlier)]
        parts += [self._state() for _ in range(self._draw(st.integers(0 if self._known else 1, 2)))]
        parts += [self._value() for _ in range(self._draw(st.integers(1, 2)))]
        functions = [self._changing() for _ in range(self._draw(st.integers(1, 2)))]
        functions += [self._reading() for _ in range(self._draw(st.integers(1, 2)))]
        parts += self._draw(st.permutations(functions))
        if self._draw(st.integers(0, 3)) == 0:
            parts.append(self._value())
        return "\n\n\n".join(parts) + "\n"

    def _state(self) -> str:
        known = Known(self._choose(STATES), self._module, self._number())
        self._known.append(known)
        return self._choose(known.state.setup).format(i=known.number)

    def _value(self) -> str:
        known = self._choose(self._known)
        name = f"VALUE{self._number()}"
        template = self._choose(VALUES)
        read = self._fill(self._choose(known.state.reads), known)
        text = template.format(v=name, r=read, i=self._next)
        self._values.append((self._module, name))
        return text

    def _changing(self) -> str:
        known = self._choose(self._known)
        state, is_own = known.state, known.module == self._module
        kinds = [each for each in (state.changes, state.own if is_own else state.other) if each]
        body = self._fill(self._choose(self._choose(kinds)), known) if kinds else "pass"
        if self._draw(st.integers(0, 2)) == 0:
            body += f"\n{self._read()}"
        return _function(self._number(), body)

    def _reading(self) -> str:
        return _function(self._number(), self._read())

    def _read(self) -> str:
        module, name = self._choose(self._values)
        if module == self._module:
            return self._choose(READERS).format(v=name)
        return f"return {_alias(module)}.{name}"

    def _fill(self, template: str, known: Known) -> str:
        is_own = known.module == self._module or known.name in ("os", "decimal")
        alias = _alias(known.module)
        subject = known.name if is_own else f"{alias}.{known.name}"
        return template.format(s=subject, m=alias, M=known.module, n=known.name, i=known.number)

    def _number(self) -> int:
        self._next += 1
        return self._next

    def _choose(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))


def _function(number: int, body: str) -> str:
    return f"def f{number}():\n{indent(body, '    ')}"


def _alias(module: str) -> str:
    return f"the_{module.rpartition('.')[2]}"
