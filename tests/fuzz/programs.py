"""Small projects of several modules, drawn at random, with a driver that shows what they do."""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz import shapes

RES = '''class Res:
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
'''
DRIVER = """
import importlib, os, re, sys

os.environ["WORD"] = "word"

opened = []
watching = True


def watch(event, arguments):
    if watching and event == "open" and str(arguments[0]).endswith(".txt"):
        opened.append(str(arguments[0]))


def said(function):
    try:
        return repr(function())
    except Exception as error:
        # Where a guarded package is missing, its None fails, or the import that took the guard's place.
        is_missing = isinstance(error, ModuleNotFoundError) or "'NoneType' object" in str(error)
        return "nothing there" if is_missing else type(error).__name__


sys.addaudithook(watch)
modules = []
for name in ORDER:
    try:
        modules.append(importlib.import_module(name))
    except Exception as error:
        sys.exit(f"{name} does not import: {error!r}")
watching = False
for _ in range(2):
    for module in modules:
        for name in sorted(vars(module)):
            if re.fullmatch(r"f\\d+", name):
                print(module.__name__, name, said(vars(module)[name]))
print("opened", *sorted(opened), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A project, and how to look at it."""

    modules: dict[str, str]
    """Path to text; `res.py` and what it reads come on top."""
    order: tuple[str, ...]
    """The modules that the driver imports, first to last."""
    flags: dict[str, object]

    def __repr__(self) -> str:
        """Show the program as one can read it."""
        texts = (f"# {path}\n{text}" for path, text in self.modules.items())
        return "\n".join((f"# {self.order} {self.flags}", *texts))

    @property
    def files(self) -> dict[str, str]:
        """The whole project."""
        return {"res.py": RES, "a.txt": "alpha", "b.txt": "beta", **self.modules}

    @property
    def driver(self) -> str:
        """Imports the modules, calls every function twice and prints what comes back; says on stderr what importing opened."""
        return f"ORDER = {self.order!r}\n{DRIVER}"


@st.composite
def programs(draw: DrawFn) -> Program:
    """Draw a project of two to four modules, flat or in a package, that import from those before them."""
    package = draw(st.sampled_from(("", "", "pkg.")))
    count = draw(st.integers(2, 4))
    modules = [f"{package}m{number}" for number in range(count)]
    files: dict[str, str] = {}
    exports: dict[str, shapes.Exports] = {}
    for number, module in enumerate(modules):
        text, names = draw(shapes.modules(modules[:number], exports, number))
        files[f"{module.replace('.', '/')}.py"] = text
        exports[module] = names
    if package:
        files["pkg/__init__.py"] = draw(shapes.packages(exports))
    order = tuple(draw(st.permutations(modules)))
    return Program(modules=files, order=order, flags=draw(FLAGS))


FLAGS = st.fixed_dictionaries(
    {},
    optional={
        "risky": st.just(True),
        "singleton": st.just(("*",)),
        "getter": st.just("plain"),
        "keep_names": st.sampled_from(("always", "never")),
        "heavy": st.just(("*",)),
    },
)
