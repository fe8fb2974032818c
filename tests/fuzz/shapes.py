"""What the modules of a drawn program are made of: bindings, imports, uses, shadows, patches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.applications import Applications
from tests.fuzz.lifespans import HEAD as SERVING
from tests.fuzz.templates import (
    ATTRIBUTES,
    BINDINGS,
    BODIES,
    DERIVED,
    ELSEWHERE,
    EXPRESSIONS,
    HEAD,
    IMPORTS,
    NAMES,
    REBINDING,
    UNBINDING,
)

T = TypeVar("T")
Serving = Literal["no", "plainly", "oddly"]
"""Whether modules have applications, and such as a lifespan may not serve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """The names of NAMES that others may look for in a module."""

    res: tuple[str, ...]
    plain: tuple[str, ...]
    apps: tuple[str, ...] = ()
    """Applications."""
    registrars: tuple[str, ...] = ()
    """Functions that register handlers on an application."""
    extends: tuple[str, ...] = ()
    """The modules whose applications get handlers here."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, or one that is missing."""
        return (*self.res, *self.plain) or NAMES[:1]


@st.composite
def modules(
    draw: DrawFn,
    earlier: Sequence[str],
    exports: Mapping[str, Exports],
    number: int,
    *,
    serves: Serving,
    is_old: bool,
) -> tuple[str, Exports]:
    """Draw the text of a module and the names that others may look for in it; `serves` allows applications."""
    writer = _Writer(draw, earlier, exports, number)
    applications = Applications(
        draw, writer.fill, is_first=not earlier, is_odd=serves == "oddly", is_old=is_old
    )
    lines = [HEAD] if serves == "no" else [HEAD, SERVING]
    lines += [writer.imported() for _ in range(draw(st.integers(0, 2))) if earlier]
    lines += [writer.top_level() for _ in range(draw(st.integers(1, 4)))]
    rest = [writer.function() for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        rest.append(writer.top_level())
    served = [] if serves == "no" else _served(draw, applications, exports)
    lines += _merged(draw, served, rest)
    return "\n\n\n".join(lines) + "\n", Exports(
        res=tuple(sorted(writer.bound)),
        plain=tuple(sorted(writer.plain)),
        apps=tuple(applications.names),
        registrars=tuple(applications.registrars),
        extends=tuple(sorted(applications.extended)),
    )


def _served(draw: DrawFn, applications: Applications, exports: Mapping[str, Exports]) -> list[str]:
    """What the module has of applications and handlers."""
    others = [(module, name) for module, names in exports.items() for name in names.apps]
    registrars = [(module, name) for module, names in exports.items() for name in names.registrars]
    lines = [applications.registrar()] if draw(st.integers(0, 4)) == 0 else []
    if draw(st.booleans()) or not others:
        lines += applications.application(registrars)
    elif draw(st.booleans()):
        lines += applications.elsewhere(*draw(st.sampled_from(others)))
    return lines


def _merged(draw: DrawFn, one: Sequence[str], other: Sequence[str]) -> list[str]:
    """Both, each in its order."""
    chosen = set(draw(st.permutations(range(len(one) + len(other))))[: len(one)])
    rest, more = iter(one), iter(other)
    return [next(rest if place in chosen else more) for place in range(len(one) + len(other))]


@st.composite
def packages(draw: DrawFn, exports: Mapping[str, Exports]) -> str:
    """Draw the `__init__.py` of the package: empty, or with re-exports."""
    module = draw(st.sampled_from(sorted(exports)))
    name = draw(st.sampled_from(exports[module].names))
    short = module.removeprefix("pkg.")
    return draw(
        st.sampled_from(
            (
                "",
                "",
                f"from .{short} import {name}\n",
                f"from .{short} import *\n",
                f"from . import {short}\n",
            )
        )
    )


class _Writer:
    """Fills templates for one module."""

    def __init__(
        self, draw: DrawFn, earlier: Sequence[str], exports: Mapping[str, Exports], number: int
    ) -> None:
        self._draw = draw
        self._earlier = tuple(earlier)
        self._exports = exports
        self._next = number * 100
        self.bound: set[str] = set()
        """Names that have a `Res` or a `Child` when the module is imported."""
        self.plain: set[str] = set()
        """Names that have something else."""
        self._imported: list[tuple[str, str]] = []

    def imported(self) -> str:
        """An import of an earlier module."""
        template = self._choose(IMPORTS)
        text, slots = self.fill(template)
        if template.startswith("import {m}") and " as " not in template:
            self._imported.append((slots["m"], slots["n"]))
        exports = self._exports[slots["m"]]
        if "*" in template:
            self.bound |= set(exports.res)
        elif "{n}" in template and slots["n"] in exports.res:
            self.bound |= {slots[key] for key in ("n", "x") if f" {{{key}}}" in template}
        return text

    def top_level(self) -> str:
        """A statement that binds a name, or one that uses a bound name at import."""
        template = self._choose(DERIVED if self.bound and not self._draw(st.integers(0, 2)) else BINDINGS)
        text, slots = self.fill(template)
        if template in BINDINGS:
            bound = {slots["x"]} | ({slots["y"]} if "{y}" in template else set())
            self.bound = self.bound | bound if "Res(" in template else self.bound - bound
            self.plain = self.plain - bound if "Res(" in template else self.plain | bound
        elif template in REBINDING:
            self.bound.add(slots["x"])
        elif template in UNBINDING:
            self.bound.discard(slots["x"])
            self.plain |= {slots["x"]}
        return text

    def function(self) -> str:
        """A function that the driver calls."""
        kind = self._draw(st.integers(0, 3))
        if kind == 0 and self._earlier:
            template = self._choose(ELSEWHERE)
        elif kind == 1 and self._imported:
            module, name = self._choose(self._imported)
            template = self._choose(ATTRIBUTES).replace("{m}", module).replace("{n}", name)
        else:
            template = self._choose(BODIES)
        text, slots = self.fill(template)
        return f"def f{slots['i']}():\n" + "\n".join(
            f"    {line}" if line else "" for line in text.split("\n")
        )

    def fill(self, template: str, **given: str) -> tuple[str, dict[str, str]]:
        """Fill a template with names of the module; `given` says what goes into other slots."""
        self._next += 1
        if template in DERIVED:
            names, others = tuple(sorted(self.bound)), tuple(sorted(self.bound))
            names = NAMES if template in REBINDING else names
        else:
            known = tuple(sorted(self.bound | self.plain))
            names = others = (
                known if known and template not in BINDINGS and self._draw(st.integers(0, 5)) else NAMES
            )
        slots = {"x": self._choose(names), "y": self._choose(others), "i": str(self._next)}
        slots["z"] = self._choose(sorted(self.bound)) if self.bound else "Res('a')"
        slots |= {"a": f"app{self._next}", **given}
        if "{m}" in template and "m" not in slots:
            slots["m"] = self._choose(self._earlier)
            slots["n"] = self._choose(self._exports[slots["m"]].names)
        if "{e}" in template:
            slots["e"] = self._choose(EXPRESSIONS).format(**slots)
        return template.format(**slots), slots

    def _choose(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))
