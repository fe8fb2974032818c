"""What the modules of a drawn program are made of: bindings, imports, uses, shadows, patches.

A shape is a template: {x} and {y} are names bound at module level, {e} is an expression that uses one, {m} is
another module, {n} a name of it, {i} a number that makes definitions distinct.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

T = TypeVar("T")

NAMES = ("store", "cache", "conf")

BINDINGS = (
    '{x} = Res("a")',
    '{x} = Res("b")',
    '{x}: Res = Res("a")',
    '{x}: "Res | None" = Res("a")',
    '{x} = make("a")',
    '{x} = maybe("a")',
    '{x}, {y} = Res("a"), Res("b")',
    '{x} = {y} = Res("a")',
    'try:\n    {x} = Res("a")\nexcept OSError:\n    {x} = None',
    'try:\n    {x} = Res("missing")\nexcept OSError:\n    {x} = Res("b")',
    'if os.sep:\n    {x} = Res("a")\nelse:\n    {x} = Res("b")',
    'with open("a.txt") as stream:\n    {x} = stream.read()',
    '{x} = open("a.txt").read()',
    '{x} = os.environ["WORD"]',
    '{x} = Res("a")\n{x}.tag = "set"',
    '{x} = Res("a")\n{x}.bump(3)',
    '{x} = Res("a")\n"""What {x} is."""',
    '{x} = Res("a")  # a comment',
    '{x} = (\n    Res(\n        "a",\n    )\n)',
    '{x} = Res("a"); OTHER{i} = 1',
    '{x} = None\n\n\ndef get_{x}():\n    global {x}\n    if {x} is None:\n        {x} = Res("a")\n    return {x}',
    '{x} = Res("a")\n\n\ndef get_{x}():\n    return {x}',
    'for _{x} in ("a", "b"):\n    {x} = Res(_{x})',
    '{x} = [Res("a"), Res("b")][0]',
    '{x} = Res("a") if os.sep else None',
    '({x} := Res("a"))',
    "{x} = 5",
)
DERIVED = (
    '{x} = {y}.child("k")',
    "{x} = {y}",
    "{x} = {y}.name",
    "ITEMS{i} = [{x}, {y}]",
    "NAME{i} = {x}.name",
    'REGISTRY{i} = {{"k": {x}}}',
    "if {x}.count == 0:\n    FLAG{i} = 1",
    "class K{i}:\n    attribute = {x}\n\n    def m(self):\n        return self.attribute.name",
    "class K{i}:\n    {x} = 1\n\n    def m(self):\n        return {x}, self.{x}",
    "class K{i}:\n    {x} = {x}\n    seen = [{y} for _ in (1,)]",
    "@{x}\ndef f{i}():\n    return 1",
    "def f{i}(a={x}):\n    return a.name",
    "def f{i}(*, a=lambda: {x}.name):\n    return a()",
    "{x}.bump()",
    "del {x}",
    "PICKED{i} = [{x} for {x} in (1, 2)]",
    "PICKED{i} = [{y}.name for {x} in (1, 2)]",
    "LATER{i} = lambda: {e}\n\n\ndef f{i}():\n    return LATER{i}()",
    "def f{i}() -> Res:\n    return {x}",
    "def f{i}(a: Res = None) -> None:\n    return (a or {x}).bump()",
    "class K{i}:\n    def m(self):\n        return {e}\n\n\ndef f{i}():\n    return K{i}().m()",
    "class K{i}:\n    @property\n    def {x}(self):\n        return {x}\n\n\ndef f{i}():\n    return K{i}().{x}.name",
    '__all__ = ["{x}"]',
    '__all__ = ["{x}", "{y}", "f{i}"]',
)
REBINDING = ('{x} = {y}.child("k")', "{x} = {y}")
UNBINDING = ("del {x}", "{x} = {y}.name")
EXPRESSIONS = (
    "{x}.get()",
    "{x}.bump()",
    "{x}.name",
    "{x}",
    "[{x}.bump() for _ in range(2)]",
    "(lambda: {x}.bump())()",
    "[{x} for {x} in (1, 2)]",
    "[{y}.name for {x} in (1, 2)]",
    "[{x} for {y} in [{x}]]",
    'f"{{{x}.name}}"',
    'f"{{{x}.name!r:>5}}"',
    'f"{{{x}=}}"',
    "{x} is {y}",
    'getattr({x}, "name")',
    "({x} or None)",
    "(lambda {x}: {x})(3)",
    "(lambda {y}={x}: {y})()",
    '{x}.child("k").get()',
    "dict({x}=1)",
    "{x} is not None and {x}.name",
    "isinstance({x}, Res)",
    "len({x})",
    "({y} := {x}).name",
    "[*({x}.get(),)]",
    "{{{x}.name: {x}.count}}",
    "{x} if {x} else {y}",
    "not {x}",
    'globals()["{x}"]',
    '"{x}" in globals()',
    'eval("{x}")',
    "print({x}.name) or 1",
)
BODIES = (
    "return {e}",
    "return {e}",
    "{x} = 5\nreturn {x}",
    "global {x}\n{x} = Res('b')\nreturn {x}.name",
    "global {x}\nold = {x}\n{x} = None\ntry:\n    return old, {e}\nfinally:\n    {x} = old",
    "global {x}\n{x} += 1\nreturn {x}",
    "global {x}\ndel {x}",
    "def inner():\n    return {e}\n\nreturn inner()",
    "def inner({x}=1):\n    return {x}\n\nreturn inner(), {e}",
    "{x} = 1\n\ndef inner():\n    nonlocal {x}\n    {x} += 1\n    return {x}\n\nreturn inner()",
    "def inner():\n    global {x}\n    {x} = Res('b')\n\ninner()\nreturn {e}",
    "class C:\n    {x} = {x}\n    n = {x}.name\n\nreturn C.n",
    "class C:\n    n = {e}\n\nreturn C.n",
    "for {x} in range(2):\n    pass\nreturn {x}",
    "for item in [{x}]:\n    item.bump()\nreturn {e}",
    "try:\n    raise ValueError(1)\nexcept ValueError as {x}:\n    pass\nreturn 1",
    "try:\n    return {e}\nexcept AttributeError:\n    return 'failed'",
    "with open('a.txt') as {x}:\n    return {x}.read()",
    "import os as {x}\nreturn {x}.sep",
    "match {x}:\n    case None:\n        return 0\n    case {y}:\n        return str({y})",
    "match 1:\n    case {x}:\n        return {x}",
    "match {x}:\n    case Res(name='a'):\n        return 'is a'\nreturn {e}",
    "if (found := {x}) is not None:\n    return found.name\nreturn None",
    "import asyncio\n\nasync def go():\n    return {e}\n\nreturn asyncio.run(go())",
    "def generate():\n    yield {e}\n\nreturn list(generate())",
    "{x}.count += 1\nreturn {x}.count",
    "{x}.tag = {y}.name\nreturn {x}.tag",
    "if {x} is None:\n    return 0\nreturn {x}.bump()",
    "while {x}.count < 3:\n    {x}.bump()\nreturn {e}",
    "assert {x}, 'none'\nreturn {e}",
    "return {e}, {e}",
    "from res import Res as {x}\nreturn {x}.__name__",
)
ELSEWHERE = (
    "from {m} import {n}\nreturn {n}",
    "from {m} import {n} as {x}\nreturn {x}.bump()",
    "import {m}\nreturn {m}.{n}.bump()",
    "import {m} as other\nreturn other.{n}",
    "import {m} as other\nother.{n} = Res('b')\nreturn other.{n}.name",
    "import {m} as other\nother.{n}.bump()\nreturn other.{n}",
    "import {m} as other\ndel other.{n}",
    "import {m} as other\nreturn getattr(other, '{n}')",
    "import {m} as other\nreturn hasattr(other, '{n}')",
    "import {m} as other\nreturn vars(other)['{n}']",
    "import {m} as other\nsetattr(other, '{n}', Res('b'))\nreturn other.{n}",
    "import sys\nimport {m}\nreturn sys.modules['{m}'].{n}",
    "import importlib\nreturn importlib.import_module('{m}').{n}",
    "from unittest.mock import patch\nimport {m} as other\n"
    "with patch('{m}.{n}') as mock:\n    mock.bump.return_value = 7\n    return other.{n}.bump()",
    "from unittest.mock import patch\nimport {m} as other\n"
    "with patch.object(other, '{n}', Res('b')):\n    return other.{n}.name",
    "from unittest.mock import patch\nimport {m} as other\n"
    "with patch('{m}.Res'):\n    return type(other.{n}).__name__",
    "from unittest.mock import patch\nimport {m} as other\n"
    "with patch('{m}.{n}.name', 'patched'):\n    return other.{n}.name",
    "import os\nimport {m} as other\nos.environ['WORD'] = 'other'\nreturn other.{n}",
)
IMPORTS = (
    "from {m} import {n}",
    "from {m} import {n} as {x}",
    "import {m}",
    "import {m} as {x}",
    "from {m} import *",
    "try:\n    from {m} import {n}\nexcept ImportError:\n    {n} = None",
    "if os.sep:\n    from {m} import {n}",
    "from {m} import (\n    {n},  # why\n)",
    "import {m} as other{i}\n{x} = other{i}.{n}",
    "from {m} import {n}, {n} as {x}",
)
ATTRIBUTES = ("return {m}.{n}.bump()", "return {m}.{n}", "{m}.{n} = Res('b')\nreturn {m}.{n}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """The names of NAMES that others may look for in a module."""

    res: tuple[str, ...]
    plain: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, or one that is missing."""
        return (*self.res, *self.plain) or NAMES[:1]


@st.composite
def modules(
    draw: DrawFn, earlier: Sequence[str], exports: Mapping[str, Exports], number: int
) -> tuple[str, Exports]:
    """Draw the text of a module and the names of NAMES that others may look for in it."""
    writer = _Writer(draw, earlier, exports, number)
    lines = ["import os", "from res import Res, make, maybe"]
    lines += [writer.imported() for _ in range(draw(st.integers(0, 2))) if earlier]
    lines += [writer.top_level() for _ in range(draw(st.integers(1, 4)))]
    lines += [writer.function() for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        lines.append(writer.top_level())
    return "\n\n\n".join(lines) + "\n", Exports(
        res=tuple(sorted(writer.bound)), plain=tuple(sorted(writer.plain))
    )


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
        text, slots = self._fill(template)
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
        text, slots = self._fill(template)
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
        text, slots = self._fill(template)
        return f"def f{slots['i']}():\n" + "\n".join(
            f"    {line}" if line else "" for line in text.split("\n")
        )

    def _fill(self, template: str) -> tuple[str, dict[str, str]]:
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
        if "{m}" in template:
            slots["m"] = self._choose(self._earlier)
            slots["n"] = self._choose(self._exports[slots["m"]].names)
        if "{e}" in template:
            slots["e"] = self._choose(EXPRESSIONS).format(**slots)
        return template.format(**slots), slots

    def _choose(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))
