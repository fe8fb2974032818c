"""Small projects of several modules, drawn at random, with a driver that shows what they do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz import shapes
from tests.fuzz.driver import DRIVER

MOST = 4
"""How many steps are made to fail, one after the other; the first is none."""
HEAVY = ("*", "fractions", "colorsys", "decimal")
"""A pattern means third-party imports alone; the rest is what drawn programs import."""
REQUIRES = {False: "fastapi>=0.112.2\n", True: "fastapi<0.112.2\nstarlette>=0.36\n"}
RES = '''import os


class Res:
    """Reads a file when it is made, and counts."""

    def __init__(self, name="a"):
        self.name = name
        self.text = open(f"{name}.txt").read()
        self.count = 0
        self.tag = None

    def __repr__(self):
        return f"Res({self.name}, {self.count}, {self.tag})"

    def __len__(self):
        return 1

    def __call__(self, function):
        return function

    def get(self):
        return self.text

    def bump(self, by=1):
        self.count += by
        return self.count

    def child(self, key):
        return Child(self, key)

    def close(self):
        """Shows nothing: what only closes need not make what it closes."""


class Child:
    def __init__(self, parent, key):
        self.parent = parent
        self.name = f"{parent.name}.{key}"
        self.count = 0
        self.tag = None

    def __repr__(self):
        return f"Child({self.name}, {self.count}, {self.tag})"

    def __len__(self):
        return 1

    def __call__(self, function):
        return function

    def get(self):
        return self.parent.get() + self.name

    def bump(self, by=1):
        self.count += by
        return self.parent.bump(by)

    def child(self, key):
        return Child(self, key)

    def close(self):
        """Shows nothing: what only closes need not make what it closes."""


def make(name):
    return Res(name)


def maybe(name):
    open("a.txt").close()
    return None


class Counted(Res):
    """Knows how many there were before it."""

    made = 0

    def __init__(self, name="a"):
        super().__init__(name)
        self.number = Counted.made
        Counted.made += 1

    def __repr__(self):
        return f"Counted({self.name}, {self.number})"

    def __set_name__(self, owner, name):
        self.tag = f"{owner.__name__}.{name}"


KNOWN = []


def known(value):
    KNOWN.append(value)
    return value


def number():
    return len(KNOWN)


class Base:
    kinds = []

    def __init_subclass__(cls, **options):
        Base.kinds.append((cls.__name__, sorted(options)))


def keep(function):
    """Remembers what it decorates, and calls of it."""
    calls = []

    def called(*given, **named):
        calls.append(function.__name__)
        return len(calls), function(*given, **named)

    return called


def step(name):
    """Says what a handler does, and fails when asked to."""
    print("step", name)
    if os.environ.get("FAIL") == name:
        raise RuntimeError(name)


def taken(value):
    """Gives what it gets."""
    return value
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A project, and how to look at it."""

    modules: dict[str, str]
    """Path to text; `res.py` and what it reads come on top."""
    order: tuple[str, ...]
    """The modules that the driver imports, first to last."""
    flags: dict[str, object]
    requires: str = ""
    """What the project says of FastAPI's version."""

    def __repr__(self) -> str:
        """Show the program as one can read it."""
        texts = (f"# {path}\n{text}" for path, text in self.modules.items())
        return "\n".join((f"# {self.order} {self.flags} {self.requires}", *texts))

    @property
    def files(self) -> dict[str, str]:
        """The whole project."""
        files = {"res.py": RES, "a.txt": "alpha", "b.txt": "beta", **self.modules}
        return {**files, "requirements.txt": self.requires} if self.requires else files

    @property
    def driver(self) -> str:
        """Imports the modules, serves every application, calls every function twice; says on stderr what importing opened."""
        fails = {
            step: None for text in self.modules.values() for step in re.findall(r"step\([\"'](\w+)", text)
        }
        apps = {
            module: sorted(set(re.findall(r"\bapp\d+(?:_two|_too)?\b", self.modules[path_of(module)])))
            for module in self.order
        }
        return f"ORDER = {self.order!r}\nFAILS = {['', *fails][:MOST]!r}\nAPPS = {apps!r}\n{DRIVER}"


@st.composite
def programs(draw: DrawFn, *, flags: Mapping[str, object] | None = None, is_old: bool = False) -> Program:
    """Draw a project of two to four modules, flat or in a package, that import from those before them.

    `flags` are drawn if none are given; `is_old` says that the frameworks are those before Starlette 1.0.
    """
    package = draw(st.sampled_from(("", "", "pkg.")))
    count = draw(st.integers(2, 4))
    modules = [f"{package}m{number}" for number in range(count)]
    files: dict[str, str] = {}
    exports: dict[str, shapes.Exports] = {}
    serves: shapes.Serving = draw(st.sampled_from(("no", "plainly", "plainly", "plainly", "oddly")))
    for number, module in enumerate(modules):
        made = shapes.modules(modules[:number], exports, number, serves=serves, is_old=is_old)
        files[path_of(module)], exports[module] = draw(made)
    for module, names in exports.items():
        for extended in names.extends:  # otherwise nobody knows whether the handlers there are registered
            if draw(st.integers(0, 3)):
                files[path_of(extended)] += f"\n\n\nimport {module}\n"
    if package:
        files["pkg/__init__.py"] = draw(shapes.packages(exports))
    order = tuple(draw(st.permutations(modules)))
    requires = draw(st.sampled_from(("", REQUIRES[is_old]))) if serves != "no" else ""
    flags = draw(FLAGS) if flags is None else flags
    return Program(modules=files, order=order, flags=dict(flags), requires=requires)


def path_of(module: str) -> str:
    """Give the file of a module."""
    return f"{module.replace('.', '/')}.py"


FLAGS = st.fixed_dictionaries(
    {},
    optional={
        "risky": st.just(True),
        "singleton": st.just(("*",)),
        "getter": st.just("plain"),
        "keep_names": st.sampled_from(("always", "never")),
        "heavy": st.just(HEAVY),
    },
)
