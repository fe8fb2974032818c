"""Legal programs that try to make the singleton codemods change what a program does: both trees must behave alike.

What the codemods get wrong stands at the end of the file, in `BROKEN` and `BROKEN_PATCHES`.
"""

from dataclasses import dataclass

import pytest

from lazify.testing import Outcome, check, refused

BOX = """
class Box:
    def __init__(self, value=1):
        self.text = open("pyproject.toml").read()
        self.value = value
        self.used = 0

    def add(self, number):
        self.used += number
        return self.used
"""
A = "from box import Box\n\nbox = Box()\n\n\ndef own():\n    return box.add(1)\n"
HARMLESS = "class C:\n    def __init__(self, v=0): self.v = v\n"
PROXY = """
import sqlite3

_log = None


def get_log():
    global _log
    if _log is None:
        _log = sqlite3.connect(":memory:")
    return _log


class LogProxy:
    def __getattr__(self, name):
        return getattr(get_log(), name)


"""
COUNT = '; import gc; print(sum(type(o).__name__ == "Box" for o in gc.get_objects()))'
"""Added to a program: print how many boxes there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A project, and a program that shows what it does."""

    name: str
    files: dict[str, str]
    run: str
    flags: dict[str, object]

    def check(self) -> Outcome:
        """Assert that the program prints the same before and after."""
        return check(self.files, flags=self.flags, run=self.run)


def project(name: str, files: dict[str, str], run: str, **flags: object) -> Program:
    return Program(name=name, files={"box.py": BOX, **files}, run=run, flags=flags)


def owner(name: str, text: str, run: str = "import a; print(a.f())", **flags: object) -> Program:
    """The module that makes the value."""
    return project(name, {"a.py": f"from box import Box\n{text}"}, run, **flags)


def consumer(name: str, text: str, run: str = "import b; print(b.f())", **flags: object) -> Program:
    """A module that uses the value of another."""
    return project(name, {"a.py": A, "b.py": text}, run, **flags)


def forced(name: str, text: str, run: str = "import a; print(a.f())", **flags: object) -> Program:
    """A module of which everything is forced to wait."""
    files = {"m.py": HARMLESS, "a.py": text}
    return Program(name=name, files=files, run=run, flags={"singleton": ("*",), "risky": True, **flags})


def proxy(name: str, text: str, other: str | None = None, run: str = "import a; print(a.f())") -> Program:
    """A module with a hand-made proxy."""
    files = {"a.py": f"{PROXY}{text}"} | ({} if other is None else {"b.py": other})
    return Program(name=name, files=files, run=run, flags={"select": ("LZ105",)})


def _name(program: Program) -> str:
    return program.name


FOLLOWED = [
    consumer(
        "class body in function reads global then own",
        "from a import box\n\n\ndef f():\n    class C:\n        box = box\n        v = box.add(1)\n\n    return C.v, C.box.used\n",
    ),
    consumer(
        "class-level comprehension in function",
        "from a import box\n\n\ndef f():\n    class C:\n        v = [box.add(n) for n in range(2)]\n        w = [box for box in [1]]\n    return C.v, C.w\n",
    ),
    consumer(
        "comprehension iter and target",
        "from a import box\n\n\ndef f():\n    return [box for box in box.text or [box]] == []\n",
    ),
    consumer(
        "comprehension first iterable uses module name",
        "from a import box\n\n\ndef f():\n    return [box for box in [box.used]]\n",
    ),
    consumer(
        "generator nested",
        "from a import box\n\n\ndef f():\n    return list((box.used, y) for x in [box] for y in [x.used])\n",
    ),
    consumer(
        "class attr shadow method",
        "from a import box\n\n\nclass C:\n    box = 3\n\n    def m(self):\n        return box.used, self.box\n\n\ndef f():\n    return C().m()\n",
    ),
    consumer(
        "mangled name",
        "from a import box as __b\n\n\nclass C:\n    def m(self):\n        return 1\n\n\ndef f():\n    return __b.used\n",
    ),
    project(
        "mangled use in class",
        {
            "a.py": "from box import Box\n_C__v = Box()\n\n\nclass C:\n    def m(self):\n        return __v.used\n\n\ndef f():\n    return C().m()\n"
        },
        "import a; print(a.f())",
    ),
    consumer(
        "walrus in comprehension binds function local",
        "from a import box\n\n\ndef f(x=(1,2)):\n    [box := n for n in x]\n    return box\n",
    ),
    consumer(
        "walrus at module comprehension",
        "from a import box as q\n\n[(w := n) for n in (1, 2)]\n\n\ndef f():\n    return q.used, w\n",
    ),
    consumer(
        "match capture + class pattern",
        "from a import box\n\n\ndef f():\n    match box:\n        case object(used=0) as r:\n            return r.used, box.used\n",
    ),
    consumer(
        "except as deletes",
        "from a import box\n\n\ndef f():\n    try:\n        1/0\n    except ZeroDivisionError as e:\n        return box.used\n",
    ),
    consumer(
        "del attribute of item",
        "from a import box\n\n\ndef f():\n    box.d = {1: 2}\n    del box.d[1]\n    return box.d\n",
    ),
    consumer(
        "subscript store",
        "from a import box\n\n\ndef f():\n    box.d = {}\n    box.d['x'] = box\n    box.d['n'] = 1\n    box.d['n'] += 1\n    return box.d['n'], box.d['x'] is box\n",
    ),
    consumer(
        "for target attribute",
        "from a import box\n\n\ndef f():\n    for box.used in range(3):\n        pass\n    return box.used\n",
    ),
    consumer(
        "with target attribute",
        "from a import box\nimport contextlib\n\n\ndef f():\n    with contextlib.nullcontext(4) as box.used:\n        pass\n    return box.used\n",
    ),
    consumer(
        "unpack target",
        "from a import box\n\n\ndef f():\n    box.used, *box.rest = 1, 2, 3\n    return box.used, box.rest\n",
    ),
    consumer(
        "starred and kwargs",
        "from a import box\n\n\ndef f():\n    box.l = [1]\n    return (lambda *a, **k: (a, k))(*box.l, **{'box': box.used})\n",
    ),
    consumer(
        "lambda default in function",
        "from a import box\n\n\ndef f():\n    g = lambda v=box: v.add(1)\n    return g(), g()\n",
    ),
    consumer(
        "nested global",
        "from a import box\n\n\ndef f():\n    box = 1\n\n    def g():\n        global box\n        return box.used\n\n    return box, g()\n",
    ),
    consumer(
        "nonlocal shadow",
        "from a import box as q\n\n\ndef f():\n    q = 1\n    def g():\n        nonlocal q\n        q += 1\n        return q\n    return g(), q\n",
    ),
    consumer(
        "fstring multi",
        "from a import box\n\n\ndef f():\n    return f'''{\n        box.used\n    } {{box}} {box.used:{box.value}} {box.used!s}''', rf'\\{box.used}', f'a' f'{box.used}' 'b'\n",
    ),
    consumer("implicit tuple return", "from a import box\n\n\ndef f():\n    return box.used,\n"),
    consumer("print(box)end", "from a import box\n\n\ndef f(): return box.used; x = 1\n"),
    consumer(
        "one line compound",
        "from a import box\n\n\ndef f():\n    if box: return box.used\n    else: return 2\n",
    ),
    consumer("global at one line", "from a import box\n\n\ndef f(): global box; return box.used\n"),
    consumer(
        "decorator in function with comments",
        "from a import box\nimport functools\n\n\ndef f():\n    # c1\n    @functools.lru_cache(box.value)  # c2\n    # c3\n    def g():\n        return box.used\n    return g()\n",
    ),
    consumer(
        "property classmethod static",
        "from a import box\n\n\nclass C:\n    @property\n    def p(self):\n        return box.used\n    @classmethod\n    def c(cls):\n        return box.used\n    @staticmethod\n    def s(): return box.used\n\n\ndef f(): return C().p, C.c(), C.s()\n",
    ),
    consumer(
        "dataclass default factory",
        "from a import box\nfrom dataclasses import dataclass, field\n\n\n@dataclass\nclass D:\n    x: int = field(default_factory=lambda: box.used)\n\n\ndef f(): return D().x\n",
    ),
    consumer(
        "async comp and await",
        "from a import box\nimport asyncio\n\n\nasync def g():\n    async def n():\n        return box\n    return [(await n()).used async for _ in h()]\n\nasync def h():\n    yield box\n\n\ndef f(): return asyncio.run(g())\n",
    ),
    consumer(
        "async with",
        "from a import box\nimport asyncio, contextlib\n\n@contextlib.asynccontextmanager\nasync def cm():\n    yield box\n\nasync def g():\n    async with cm() as box:\n        return box.used\n\n\ndef f(): return asyncio.run(g())\n",
    ),
    consumer(
        "default in nested class method",
        "from a import box\n\n\ndef f():\n    class C:\n        def m(self, v=box.used):\n            return v\n    return C().m()\n",
    ),
    consumer("lambda module", "from a import box\nf = lambda: box.used\n"),
    consumer("getattr literal", "import a\n\n\ndef f(): return getattr(a, 'box').used\n"),
    consumer("getattr default", "import a\n\n\ndef f(): return getattr(a, 'box', None).used\n"),
    consumer("hasattr", "import a\n\n\ndef f(): return hasattr(a, 'box')\n"),
    consumer("module in variable", "import a\n\n\ndef f():\n    m = a\n    return m.box.used\n"),
    consumer("module in list", "import a\nMODS = [a]\n\n\ndef f(): return [m.box.used for m in MODS]\n"),
    consumer("module passed", "import a\n\n\ndef g(m): return m.box.used\n\n\ndef f(): return g(a)\n"),
    consumer("module conditional", "import a\n\n\ndef f(): return (a if True else None).box.used\n"),
    consumer("module via walrus", "import a\n\n\ndef f(): return (m := a).box.used, m.box.used\n"),
    consumer(
        "import_module", "import importlib\n\n\ndef f(): return importlib.import_module('a').box.used\n"
    ),
    consumer("__import__", "def f(): return __import__('a').box.used\n"),
    consumer(
        "operator attrgetter", "import a, operator\n\n\ndef f(): return operator.attrgetter('box.used')(a)\n"
    ),
    consumer(
        "pickle of value",
        "from a import box\nimport pickle\n\n\ndef f(): return pickle.loads(pickle.dumps(box)).used\n",
    ),
    consumer(
        "reload",
        "import a, importlib\n\n\ndef f():\n    one = a.box\n    importlib.reload(a)\n    return one is a.box, a.box.used\n",
    ),
    owner("value False", "box = bool(open('pyproject.toml').read())\n\n\ndef f(): return box, box\n"),
    project(
        "optional annotation truthy",
        {
            "a.py": "from box import Box\nfrom typing import Optional\nimport os\n\nbox: Optional[Box] = Box() if os.environ.get('NOPE') else None\n\n\ndef f(): return box, box\n"
        },
        "import a; print(a.f())",
    ),
    owner(
        "init sets global",
        "def own(): return box\nbox = Box()\nbox.add(1)\nprint('between')\nbox.add(2)\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured by augmented attr",
        "box = Box()\nbox.value += 4\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured with item",
        "import json\nbox = {'t': open('pyproject.toml').read()}\nbox['v'] = 3\nbox['v'] += 1\ndel box['t']\n\n\ndef f(): return box\n",
    ),
    owner(
        "configured by method reading module value later bound",
        "box = Box()\nlate = 5\nbox.value = late\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured by own function",
        "box = Box()\n\n\ndef helper(): return 7\n\n\nbox.value = helper()\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured by own class defined after",
        "box = Box()\n\n\nclass K:\n    v = 3\n\n\nbox.value = K.v\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner("configured lambda", "box = Box()\nbox.cb = lambda: box.value\n\n\ndef f(): return box.cb()\n"),
    owner(
        "comprehension init", "box = [Box(n) for n in range(2)]\n\n\ndef f(): return [x.value for x in box]\n"
    ),
    owner("comprehension own name", "box = [box for box in [Box()]]\n\n\ndef f(): return len(box)\n"),
    owner("lambda init", "box = (lambda: Box(3))()\n\n\ndef f():\n    return box.used, box.value\n"),
    owner("lambda recursion", "box = Box(lambda: box.used)\n\n\ndef f(): return box.value()\n"),
    owner("rebound twice", "box = Box(1)\nbox = Box(2)\n\n\ndef f():\n    return box.used, box.value\n"),
    owner(
        "rebound wrap",
        "box = Box(1)\nbox = Box(box.value + 1)\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "augmented list", "box = [open('pyproject.toml').read()]\nbox += [1]\n\n\ndef f(): return len(box)\n"
    ),
    owner(
        "try else finally",
        "try:\n    box = Box(1)\nexcept OSError:\n    box = None\nelse:\n    box.add(2)\nfinally:\n    pass\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "nested try",
        "try:\n    try:\n        box = Box(nope)\n    except NameError:\n        box = Box(2)\nexcept OSError as e:\n    raise RuntimeError from e\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "try except raise keeps bound err",
        "err = None\ntry:\n    box = Box(1 / 0)\nexcept ZeroDivisionError as exc:\n    err = exc\n    box = Box(5)\n\n\ndef f(): return box.value, str(err)\n",
    ),
    owner(
        "if elif else",
        "import sys\nif sys.platform == 'x':\n    box = Box(1)\nelif sys.platform == 'linux':\n    box = Box(2)\nelse:\n    box = Box(3)\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "if defines other constants",
        "if True:\n    SIZE = 3\n    box = Box(SIZE)\nelse:\n    SIZE = 4\n    box = None\n\n\ndef f(): return box.value, SIZE\n",
    ),
    owner(
        "with two",
        "with open('pyproject.toml') as f1, open('box.py') as f2:\n    one = f1.read()\n    two = f2.read()\n\n\ndef f(): return len(one), len(two)\n",
    ),
    owner(
        "with closed file used later",
        "with open('pyproject.toml') as fh:\n    text = fh.read()\n\n\ndef f(): return len(text), fh.closed\n",
    ),
    owner(
        "tuple from call",
        "import os\nhead, tail = open('pyproject.toml').read(), os.getcwd()\n\n\ndef f(): return head, tail == os.getcwd()\n",
    ),
    owner(
        "star target",
        "first, *rest = open('box.py').read().splitlines()\n\n\ndef f(): return first, len(rest)\n",
    ),
    owner(
        "nested tuple targets", "(x, [y, z]) = (1, open('box.py').read()[:2])\n\n\ndef f(): return x, y, z\n"
    ),
    owner(
        "same name twice in targets",
        "_, box, _ = 1, Box(), 3\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "chained and used partially",
        "left = right = Box()\nleft.value = 4\n\n\ndef f(): return left is right, right.value\n",
    ),
    owner(
        "semicolon two values", "left = Box(1); right = Box(2)\n\n\ndef f(): return left.value, right.value\n"
    ),
    owner("semicolon config", "box = Box(1); box.value = 4; x = 3\n\n\ndef f(): return box.value, x\n"),
    owner("semicolon after", "x = 3; box = Box(1)\n\n\ndef f(): return box.value, x\n"),
    owner("semicolon trailing", "box = Box(1);\n\n\ndef f(): return box.value\n"),
    owner("one-line if", "if True: box = Box(1)\nelse: box = None\n\n\ndef f(): return box.value\n"),
    owner("one-line with", "with open('pyproject.toml') as fh: box = fh.read()\n\n\ndef f(): return box\n"),
    owner("one-line try", "try: box = Box()\nexcept OSError: box = None\n\n\ndef f(): return box.value\n"),
    owner("no final newline", "def f(): return box.value\nbox = Box(1)"),
    owner("last statement comment eof", "def f(): return box.value\nbox = Box(1)  # end"),
    owner("last statement then comment", "def f(): return box.value\nbox = Box(1)\n# end"),
    owner(
        "comments all around",
        "# above\nbox = (  # open\n    # inner\n    Box(  # call\n        1,  # one\n    )  # close\n)  # end\n# below\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "comment between configs",
        "box = Box()  # one\n# two\nbox.value = 3  # three\n# four\n\nbox.used = 4  # five\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "multiline string in with",
        "with open('pyproject.toml') as fh:\n    box = Box('''a\n  b\n''' + fh.read())\n\n\ndef f(): return box.value\n",
    ),
    owner(
        "multiline string in try",
        "try:\n    box = Box('''a\n  b\n\\\n c''')\nexcept OSError:\n    box = Box(f'''x\n{1}\n''')\n\n\ndef f(): return box.value\n",
    ),
    owner(
        "backslash in block",
        "if True:\n    box = \\\n  Box(1)\nelse:\n    box = Box \\\n      (2)\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "implicit concatenation",
        "box = 'a' \\\n  'b' + open('pyproject.toml').read()\n\n\ndef f(): return box\n",
    ),
    owner(
        "nonlocal names local in getter",
        "size = 3\nwith open('pyproject.toml') as size_file:\n    size = len(size_file.read())\n    box = Box(size)\n\n\ndef f(): return box.value, size\n",
    ),
    owner(
        "temp shared by two groups",
        "tmp = 1\none = Box(tmp)\ntmp = 2\ntwo = Box(tmp)\n\n\ndef f(): return one.value, two.value\n",
    ),
    proxy("proxy: plain", "log = LogProxy()\n\n\ndef f(): return log.total_changes\n"),
    forced(
        "everything forced: keep always",
        "from m import C\nc = C()\nd, e = C(c), C(1)\n\n\ndef f(): return d.v is c, e.v\n",
        "import a; print(a.f(), a.c is a.c, a.e.v, a.d.v is a.c)",
        keep_names="always",
    ),
    forced(
        "everything forced: keep never",
        "from m import C\nc = C()\n\n\ndef f(): return c.v\n",
        keep_names="never",
    ),
    forced(
        "everything forced: keep always main",
        "from m import C\nc = C()\n\n\ndef f(): return c.v\n\n\nif __name__ == '__main__':\n    print(c.v)\n",
        "import runpy; runpy.run_path('a.py', run_name='__main__'); from a import c; print(c.v)",
        keep_names="always",
    ),
    forced(
        "everything forced: logger",
        "import logging\nlog = logging.getLogger(__name__)\n\n\ndef f(): return log.name\n",
    ),
    forced(
        "everything forced: regex",
        "import re\nP = re.compile('a')\n\n\ndef f(): return P.match('a') is not None\n",
    ),
    forced(
        "everything forced: id order",
        "import itertools\nn = itertools.count()\n\n\ndef f(): return next(n), next(n)\n",
    ),
    forced("everything forced: uuid", "import uuid\nx = uuid.uuid4()\n\n\ndef f(): return x == x\n"),
    forced("everything forced: eval own", "x = eval('1 + 1')\n\n\ndef f(): return x\n"),
    forced(
        "everything forced: namedtuple Enum",
        "import enum, collections\nN = collections.namedtuple('N', 'a')\nE = enum.Enum('E', 'A B')\nT = type('T', (), {})\n\n\ndef f(): return N(1), E.A, T.__name__, isinstance(T(), T)\n",
    ),
    forced(
        "everything forced: dynamic class",
        "N = type('N', (), {})\n\n\ndef f(): return N() is not None and isinstance(N(), N), N.__module__\n",
    ),
    forced(
        "everything forced: make class fn",
        "def mk():\n    class K: pass\n    return K\n\n\nK = mk()\n\n\ndef f():\n    try:\n        raise ValueError\n    except ValueError: return issubclass(K, K)\n",
    ),
    forced(
        "everything forced: except clause class",
        "def mk():\n    class E(Exception): pass\n    return E\n\n\nE = mk()\n\n\ndef f():\n    try: raise E\n    except E as e: return type(e).__name__\n",
    ),
    forced(
        "everything forced: weakref",
        "import weakref\nfrom m import C\nc = C()\nr = weakref.ref(c)\n\n\ndef f(): return r() is c\n",
    ),
    forced(
        "everything forced: weakref only",
        "import weakref\nfrom m import C\nc = C()\nr = weakref.ref(c)\n\n\ndef f(): return r() is None\n",
    ),
    forced(
        "everything forced: dict sentinel",
        "MISSING = object()\nd = dict(a=MISSING)\n\n\ndef f(x=None): return d['a'] is MISSING\n",
    ),
    forced(
        "everything forced: list of constants mutable",
        "l = list((1, 2))\n\n\ndef f():\n    l.append(3)\n    return l\n",
    ),
    forced(
        "everything forced: rebind global counter",
        "n = int('3')\n\n\ndef f():\n    global n\n    n = n + 1\n    return n\n",
        "import a; print(a.f(), a.f())",
    ),
    forced(
        "everything forced: global with/tuple",
        "n = int('3')\nm = int('4')\n\n\ndef f():\n    global n, m\n    n, m = m, n\n    return n, m\n",
        "import a; print(a.f(), a.f())",
    ),
    forced(
        "everything forced: global class body",
        "n = int('3')\n\n\ndef f():\n    class K:\n        global n\n        n = 9\n    return n\n",
        "import a; print(a.f())",
    ),
    forced(
        "everything forced: global annotated",
        "n = int('3')\n\n\ndef f():\n    global n\n    n = 5\n    def g(n=n): return n\n    return g(), n\n",
        "import a; print(a.f())",
    ),
    proxy(
        "proxy: two proxies one class",
        "log = LogProxy()\nlog2 = LogProxy()\n\n\ndef f(): return log.total_changes, log2.total_changes\n",
    ),
    proxy(
        "proxy: subclassed",
        "class Sub(LogProxy): pass\n\n\nlog = LogProxy()\n\n\ndef f(): return log.total_changes, Sub().total_changes\n",
    ),
    proxy(
        "proxy: across modules",
        "log = LogProxy()\n",
        "from a import log\n\n\ndef f(): return log.total_changes\n",
        "import b; print(b.f())",
    ),
]


@pytest.mark.parametrize("program", FOLLOWED, ids=_name)
def test_what_changes_still_does_the_same(program: Program) -> None:
    assert program.check().plan.changes


KEPT = [
    owner("temp read by function", "tmp = 1\none = Box(tmp)\n\n\ndef f():\n    return one.value, tmp\n"),
    project(
        "env set before",
        {
            "a.py": "import os\nos.environ.setdefault('KEY', 'v')\nKEY = os.environ['KEY']\n\n\ndef f(): return KEY\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "circular from import in function",
        {
            "a.py": "from box import Box\nimport b\nbox = Box()\n\n\ndef g(): return b.f()\n",
            "b.py": "import a\n\n\ndef f():\n    from a import box\n    return box.used, a.box is box\n",
        },
        "import a; print(a.g())",
    ),
    project(
        "circular from import top",
        {
            "a.py": "from box import Box\nbox = Box()\nfrom b import f\n",
            "b.py": "from a import box\n\n\ndef f(): return box.used\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "circular: b uses name unbound fallback",
        {
            "a.py": "from box import Box\nimport b\nbox = Box()\n\n\ndef f(): return b.had\n",
            "b.py": "import a\nhad = hasattr(a, 'box')\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "circular: early from import with except",
        {
            "a.py": "from box import Box\nimport b\nbox = Box()\n\n\ndef f(): return b.f()\n",
            "b.py": "try:\n    from a import box\nexcept ImportError:\n    pass\n\n\ndef f():\n    try:\n        return box.used\n    except NameError:\n        return 'unbound'\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "package: submodule same name as binding",
        {
            "p/__init__.py": "from p.box import box\n",
            "p/box.py": BOX + "\n\nbox = Box()\n",
            "b.py": "import p\nimport p.box\nfrom p import box\n\n\ndef f(): return type(p.box).__name__, type(box).__name__\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "import a.b as c",
        {
            "p/__init__.py": "",
            "p/q/__init__.py": "",
            "p/q/a.py": A,
            "b.py": "import p.q.a as c, p.q\n\n\ndef f(): return c.box is p.q.a.box\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "relative beyond",
        {
            "p/__init__.py": "",
            "p/q/__init__.py": "from .. import a\nfrom ..a import box as bb\n",
            "p/a.py": A,
            "p/q/c.py": "from . import a, bb\n\n\ndef f(): return a.box is bb\n",
            "b.py": "from p.q.c import f\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "relative import of package attr",
        {"p/__init__.py": A, "p/c.py": "from . import box\n\n\n\ndef f(): return box.used\n"},
        "import p.c; print(p.c.f())",
    ),
    project(
        "import p then attr via submodule import alias",
        {
            "p/__init__.py": "from . import a as core\n",
            "p/a.py": A,
            "b.py": "import p\n\n\ndef f(): return p.core.box.used, p.a.box.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "reexport renamed twice",
        {
            "a.py": A,
            "m.py": "from a import box as first\n",
            "n.py": "from m import first as second\n",
            "b.py": "from n import second\nimport n, m\n\n\ndef f(): return second is n.second is m.first\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star without all private",
        {
            "a.py": "from box import Box\n_box = Box()\nbox = Box()\n\n\ndef own(): return _box.used\n",
            "b.py": "from a import *\n\n\ndef f(): return box.used, '_box' in globals()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star with all excluding",
        {
            "a.py": "from box import Box\n__all__ = ['own']\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "from a import *\nfrom a import box\n\n\ndef f(): return box.used, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: two modules same name",
        {
            "a.py": A,
            "m.py": "box = 'm'\n",
            "b.py": "from a import *\nfrom m import *\n\n\ndef f(): return box\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: two modules same name order 2",
        {
            "a.py": A,
            "m.py": "box = 'm'\n",
            "b.py": "from m import *\nfrom a import *\n\n\ndef f(): return box.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: __all__ += and extend",
        {
            "a.py": "from box import Box\n__all__ = ['own']\n__all__ += ['box']\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "from a import *\n\n\ndef f(): return box.used, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: __all__ extend",
        {
            "a.py": "from box import Box\n__all__ = ['own']\n__all__.extend(['box'])\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "from a import *\n\n\ndef f(): return box.used, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: __all__ computed",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef own(): return box.used\n\n\n__all__ = [n for n in dir() if not n.startswith('_')]\n",
            "b.py": "from a import *\n\n\ndef f(): return box.used, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "__all__ tuple concatenated strings",
        {
            "a.py": "from box import Box\n__all__ = ('own', 'b' 'ox')\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "from a import *\n\n\ndef f(): return box.used, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "__all__ raw prefix string",
        {
            "a.py": "from box import Box\n__all__ = ['own', u'box', r'''box''']\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "from a import *\n\n\ndef f(): return box.used, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "namespace package two roots",
        {"n/x/a.py": A, "n/y/b.py": "from n.x.a import box\n\n\n\ndef f(): return box.used\n"},
        "import n.y.b; print(n.y.b.f())",
    ),
    project(
        "main guard script def",
        {
            "s.py": "from box import Box\nbox = Box()\n\n\ndef main():\n    print(box.add(2), own())\n\n\ndef own(): return box.used\n\n\nif __name__ == '__main__':\n    main()\n    box.value = 3\n    print(box.value)\n"
        },
        "import runpy; runpy.run_path('s.py', run_name='__main__')",
    ),
    project(
        "main: getter defined after guard",
        {
            "s.py": "from box import Box\n\n\ndef own(): return box.used\n\n\nif __name__ == '__main__':\n    print('x')\n\nbox = Box()\nif __name__ == '__main__':\n    print(own())\n"
        },
        "import runpy; runpy.run_path('s.py', run_name='__main__')",
    ),
    project(
        "getattr module own",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef __getattr__(name):\n    if name == 'later': return box\n    raise AttributeError(name)\n",
            "b.py": "import a\n\n\ndef f(): return a.later is a.box\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "getattr module dynamic names",
        {
            "a.py": "from box import Box\n_box = Box()\n\n\ndef __getattr__(name): return getattr(_box, name)\n",
            "b.py": "import a\n\n\ndef f(): return a.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "getattr module storage collision",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef __dir__(): return ['box']\n",
            "b.py": "import a\n\n\ndef f(): return dir(a), a.box.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "module self import",
        {"a.py": "import a as me\nfrom box import Box\nbox = Box()\n\n\ndef f(): return me.box.used\n"},
        "import a; print(a.f())",
    ),
    project(
        "importer sets attr in main guard",
        {
            "a.py": A,
            "b.py": "import a\n\n\ndef f(): return a.box\n\n\nif __name__ == '__main__':\n    a.box = 4\n    print(f())\n",
        },
        "import runpy; runpy.run_path('b.py', run_name='__main__')",
    ),
    project(
        "identity count",
        {"a.py": A, "b.py": "from a import box\nimport a\n\n\ndef f(): return box is a.box\n"},
        "import b; print(b.f())" + COUNT,
    ),
    project("unused instance count after import only", {"a.py": A}, "import a; a.own()" + COUNT),
    project(
        "kept by parameter default in service",
        {"a.py": A, "b.py": "import a\n\n\ndef f(x=lambda: a.box): return x().used\n"},
        "import b; print(b.f())",
    ),
    project(
        "partial of getter at import",
        {"a.py": A, "b.py": "import functools, a\n\n\ndef f(): return functools.partial(a.box.add, 1)()\n"},
        "import b; print(b.f())",
    ),
    project(
        "bound method alias",
        {
            "a.py": "from box import Box\nbox = Box()\nadd = box.add\n__all__ = ['add']\n",
            "b.py": "from a import add\n\n\ndef f(): return add(1), add(1)\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "dict registry of values",
        {
            "a.py": "from box import Box\nbox = Box()\nREG = {'box': box}\n",
            "b.py": "from a import REG\n\n\ndef f(): return REG['box'].used, [k for k in REG]\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "dict registry mutated",
        {
            "a.py": "from box import Box\nbox = Box()\nREG = {'box': box}\n",
            "b.py": "from a import REG\n\n\ndef g(): REG['x'] = 1\n\n\ndef f():\n    g()\n    return sorted(REG)\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "threads",
        {
            "a.py": "from box import Box\n\nleft = Box()\nright = [left]\n\n\ndef f(): return id(left), id(right[0])\n"
        },
        "import a, sys\nsys.setswitchinterval(1e-6)\nfrom concurrent.futures import ThreadPoolExecutor as T\nwith T(16) as t: print(len({t.submit(a.f).result() for _ in range(50)}))",
    ),
    project(
        "threads deadlock through import lock",
        {
            "m.py": "class L:\n    def __init__(self):\n        open('pyproject.toml').read()\n        import threading, time\n        r = []\n        t = threading.Thread(target=lambda: r.append(helper()))\n        t.start(); t.join(3)\n        self.r = r\n\n\ndef helper(): return 1\n",
            "a.py": "from m import L\nleft = L()\n\n\ndef f(): return left.r\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "thread in ctor uses value in worker",
        {
            "m.py": "import threading\n\n\ndef load():\n    open('pyproject.toml').read()\n    r = []\n    import a\n    t = threading.Thread(target=lambda: r.append(a.other.used), daemon=True)\n    t.start(); t.join(2)\n    return r\n",
            "a.py": "from m import load\nfrom box import Box\nother = Box()\nleft = load()\n\n\ndef f(): return left, other.used\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "two values mutual locks",
        {
            "a.py": "from box import Box\n\n\ndef get_r(): return right\n\n\nleft = Box()\nright = Box(left)\n\n\ndef f(): return left.used\n\n\ndef g(): return right.value is left\n"
        },
        "import a, threading; r=[]; ts=[threading.Thread(target=lambda k=k: r.append((a.f if k%2 else a.g)())) for k in range(20)]; [t.start() for t in ts]; [t.join(5) for t in ts]; print(len(r))",
    ),
    project(
        "signal/fork",
        {"a.py": A},
        "import a, os\na.own()\npid=os.fork()\nif pid == 0:\n    os._exit(a.own())\nprint(os.waitstatus_to_exitcode(os.waitpid(pid,0)[1]))",
    ),
    project(
        "asyncio tasks",
        {
            "a.py": A,
            "b.py": "import asyncio\nfrom a import box\n\n\nasync def g(): return id(box)\n\n\nasync def m(): return len(set(await asyncio.gather(*(g() for _ in range(9)))))\n\n\ndef f(): return asyncio.run(m())\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "raising first time",
        {
            "m.py": "import os\n\n\nclass R:\n    def __init__(self):\n        open('pyproject.toml').read()\n        self.ok = 1\n",
            "a.py": "from m import R\nr = R()\n\n\ndef f(): return r.ok\n",
        },
        "import m, a; print(a.f())",
    ),
    project(
        "exception type at import kept",
        {
            "a.py": "try:\n    box = open('nope').read()\nexcept OSError as e:\n    box = repr(e)\n\n\ndef f(): return box\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "stack depth/traceback/inspect caller",
        {
            "m.py": "import sys\n\n\ndef mk():\n    open('pyproject.toml').read()\n    return sys._getframe(1).f_code.co_name, sys._getframe(1).f_globals['__name__']\n",
            "a.py": "from m import mk\nx = mk()\n\n\ndef f(): return x\n",
        },
        "import a; print(a.f()[1])",
    ),
    project(
        "crlf block move",
        {
            "a.py": "from box import Box\r\n\r\ntry:\r\n\tbox = Box('''x\r\ny''')\r\nexcept OSError:\r\n\tbox = None\r\n\r\n\r\ndef f():\r\n\treturn box.value\r\n"
        },
        "import a; print(repr(a.f()))",
    ),
    project(
        "cr only",
        {"a.py": "from box import Box\rbox = Box()\r\rdef f():\r    return box.used\r"},
        "import a; print(a.f())",
    ),
    project(
        "mixed newlines",
        {"a.py": "from box import Box\r\nbox = Box()\n\r\ndef f():\r\n    return box.used\n"},
        "import a; print(a.f())",
    ),
    project(
        "form feed in function",
        {"a.py": "from box import Box\nbox = Box()\n\f\ndef f():\n\f    return box.used\n"},
        "import a; print(a.f())",
    ),
    project(
        "string with newline-like chars",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef f():\n    return 'a\x0bb\x1c\x85\u2028', box.used, '\u2028', box.value\n"
        },
        "import a; print(ascii(a.f()))",
    ),
    project(
        "tabs and wide chars before use",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef f():\n\tx = '😀é'; y = f'😀{box.used}é{box.value}'; return x, y\n"
        },
        "import a; print(ascii(a.f()))",
    ),
    project(
        "nfkc identifiers",
        {"a.py": "from box import Box\nﬁx = Box()\n\n\ndef f():\n\treturn fix.used, ﬁx.value\n"},
        "import a; print(ascii(a.f()))",
    ),
    project(
        "nfkc import",
        {
            "a.py": "from box import Box\nfix = Box()\n\n\ndef own(): return fix.used\n",
            "b.py": "from a import ﬁx\n\n\ndef f():\n\treturn fix.used, ﬁx.value\n",
        },
        "import b; print(ascii(b.f()))",
    ),
    project(
        "unicode name",
        {
            "a.py": "from box import Box\nверх = Box()\nЁ = Box(2)\n\n\ndef f():\n\treturn верх.used, Ё.value\n"
        },
        "import a; print(ascii(a.f()))",
    ),
    project(
        "one-char & keyword-ish names",
        {
            "a.py": "from box import Box\nclass_ = Box()\n_ = Box(2)\nprint_ = Box(3)\n\n\ndef f():\n\treturn class_.used, _.value, print_.value\n"
        },
        "import a; print(ascii(a.f()))",
    ),
    project(
        "docstring future first",
        {
            "a.py": "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n'''Doc.'''\nfrom __future__ import annotations\nfrom box import Box\nbox: Box | Nope = Box()\n\n\ndef f(): return box.used, __doc__\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "docstring then value only",
        {"a.py": "'''Doc.'''\ntext = open('pyproject.toml').read()\n\n\ndef f(): return text, __doc__\n"},
        "import a; print(a.f())",
    ),
    project(
        "no docstring string value first",
        {"a.py": "text = open('pyproject.toml').read()\n'''attr doc'''\n\n\ndef f(): return text, __doc__\n"},
        "import a; print(a.f())",
    ),
    project(
        "imports in try first",
        {
            "a.py": "try:\n    import threading\nexcept ImportError:\n    threading = None\ntext = open('pyproject.toml').read()\n\n\ndef f(): return text\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "threading imported later",
        {
            "a.py": "text = open('pyproject.toml').read()\nimport threading\n\n\ndef f(): return text, threading.__name__\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "threading imported in if",
        {
            "a.py": "import sys\nif sys is None:\n    import threading\ntext = open('pyproject.toml').read()\n\n\ndef f(): return text\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "threading type checking only",
        {
            "a.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import threading\ntext = open('pyproject.toml').read()\n\n\ndef f(): return text\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "threading as other",
        {
            "a.py": "import threading as t\nfrom threading import Thread as threading\ntext = open('pyproject.toml').read()\n\n\ndef f(): return text, threading.__name__\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "import sorting: local threading module",
        {
            "threading_.py": "",
            "p/__init__.py": "",
            "p/threading.py": "x = 1\n",
            "p/a.py": "from . import threading\ntext = open('pyproject.toml').read()\n\n\ndef f(): return text, threading.x\n",
        },
        "import p.a; print(p.a.f())",
    ),
    project(
        "value first line with imports after",
        {"a.py": "text = open('pyproject.toml').read(); import os\n\n\ndef f(): return text, os.sep\n"},
        "import a; print(a.f())",
    ),
    project(
        "value before its class import",
        {
            "a.py": "def mk():\n    return open('pyproject.toml').read()\n\n\ntext = mk()\nfrom box import Box\n\n\ndef f(): return text\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "annotation class defined under TYPE_CHECKING",
        {
            "a.py": "from typing import TYPE_CHECKING\nfrom box import Box\nif TYPE_CHECKING:\n    from box import Box as T\nbox: 'T' = Box()\n\n\ndef f(): return box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "annotation TYPE_CHECKING unquoted future",
        {
            "a.py": "from __future__ import annotations\nfrom typing import TYPE_CHECKING\nfrom box import Box\nif TYPE_CHECKING:\n    from box import Box as T\nbox: T = Box()\n\n\ndef f(): return box.used\n"
        },
        "import a, inspect; print(a.f())",
    ),
    project(
        "annotation with or, string, generic",
        {
            "a.py": "from typing import Dict, Any\nimport json\ncfg: Dict[str, 'Any'] = json.loads(open('pyproject.toml').read() or '{}')\n\n\ndef f(): return cfg\n"
        },
        "import a, typing; print(a.f())",
    ),
    project(
        "annotation multi-line",
        {
            "a.py": "import json\ncfg: dict[\n    str,  # k\n    int,\n] = json.loads(open('pyproject.toml').read() or '{}')\n\n\ndef f(): return cfg\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "annotated Final unqualified",
        {
            "a.py": "import typing as t\nfrom box import Box\nbox: t.Final = Box()\n\n\ndef f(): return box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "annotated side effect",
        {
            "a.py": "from box import Box\n\n\ndef T():\n    print('T')\n    return int\n\n\nbox: T() = Box()\n\n\ndef f(): return box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "alias class conditionally",
        {
            "a.py": "try:\n    from nope import Box\nexcept ImportError:\n    from box import Box\nbox = Box()\n\n\ndef f(): return box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "loop closure",
        {
            "a.py": "from box import Box\nfns = []\nfor i in range(3):\n    fns.append(lambda: i)\nbox = Box([g() for g in fns])\n\n\ndef f(): return box.value\n"
        },
        "import a; print(a.f())",
    ),
    proxy(
        "proxy: setattr",
        "log = LogProxy()\n\n\ndef f():\n    log.row_factory = None\n    return get_log().row_factory, log.total_changes\n",
    ),
    owner(
        "mangled value in class",
        "__v = Box()\n\n\nclass C:\n    def m(self):\n        return [k for k in globals().keys() if 'C__v' in k]\n\n\ndef f():\n    return __v.used, C().m()\n",
    ),
    project(
        "mangled use: dunder storage in class",
        {
            "a.py": "from box import Box\n__v = Box()\n\n\nclass C:\n    def m(self):\n        try:\n            return __v.used\n        except NameError as e:\n            return 'NameError'\n\n\ndef f():\n    return C().m(), __v.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "mangled module attribute",
        {
            "a.py": "from box import Box\n__v = Box()\n\n\ndef f():\n    return __v.used\n",
            "b.py": "import a\n\n\nclass C:\n    def m(self):\n        return hasattr(a, '__v'), a.f()\n    def n(self):\n        try:\n            return a.__v\n        except AttributeError:\n            return 'no'\n",
        },
        "import b; print(b.C().m(), b.C().n())",
    ),
    consumer(
        "type params", "from a import box\n\n\ndef f() -> 'box':\n    x: 'box' = box\n    return x.used\n"
    ),
    consumer(
        "future annotations",
        "from __future__ import annotations\nfrom a import box\n\n\ndef f(x: box = None) -> box:\n    y: box = box\n    return y.used\n",
    ),
    consumer("fstring equals attr", "from a import box\n\n\ndef f():\n    return f'{box.used=}'\n"),
    consumer(
        "fstring nested equals",
        "from a import box\n\n\ndef f():\n    return f'{[box.used for _ in (1,)] = }'\n",
    ),
    consumer(
        "dataclass default",
        "from a import box\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass D:\n    x: object = box\n\n\ndef f(): return D().x.used\n",
    ),
    consumer(
        "enum",
        "from a import box\nimport enum\n\n\nclass E(enum.Enum):\n    X = box.value\n\n\ndef f(): return E.X\n",
    ),
    consumer("lambda default module", "from a import box\nf = lambda v=box: v.used\n"),
    consumer(
        "generator expr at module first iter",
        "from a import box\ng = (x for x in [box.used])\n\n\ndef f(): return list(g)\n",
    ),
    consumer(
        "generator expr at module later",
        "from a import box\ng = (box.used for x in [1])\n\n\ndef f(): return list(g)\n",
    ),
    consumer(
        "conditional import both",
        "try:\n    from a import box\nexcept ImportError:\n    from nope import box\n\n\ndef f(): return box.used\n",
    ),
    consumer(
        "import into global",
        "def f():\n    global box\n    from a import box\n    return box.used\n\n\ndef g(): return box.used\n",
        "import b; print(b.f(), b.g())",
    ),
    consumer(
        "import as global other name",
        "q = None\n\n\ndef f():\n    global q\n    from a import box as q\n    return q.used\n\n\ndef g(): return q.used\n",
        "import b; print(b.f(), b.g())",
    ),
    consumer(
        "function import rebound",
        "def f():\n    from a import box\n    x = box.used\n    box = 3\n    return x, box\n",
    ),
    consumer(
        "function import del",
        "def f():\n    from a import box\n    x = box.used\n    del box\n    return x\n",
    ),
    consumer(
        "function import nonlocal",
        "def f():\n    from a import box\n    def g():\n        nonlocal box\n        box = 5\n    g()\n    return box\n",
    ),
    consumer("vars(module)", "import a\n\n\ndef f(): return vars(a)['box'].used\n"),
    consumer("module dict", "import a\n\n\ndef f(): return a.__dict__['box'].used\n"),
    consumer("delattr", "import a\n\n\ndef f():\n    delattr(a, 'box')\n    return hasattr(a, 'box')\n"),
    owner(
        "named after storage in chain",
        "box = other = Box()\nthird = other\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "config between others",
        "box = Box()\nlimit = 3\nbox.value = limit\nlimit = 4\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "config with changed input",
        "limit = 1\nbox = Box(limit)\nlimit = 2\nbox.value = limit\nlimit = 3\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured after passing",
        "box = Box()\nholder = [box]\nbox.value = 9\n\n\ndef f(): return holder[0].value, box.value\n",
    ),
    owner(
        "configured after copy",
        "box = Box()\nn = box.value\nbox.value = 9\n\n\ndef f(): return n, box.value\n",
    ),
    owner(
        "configured in if",
        "import sys\nbox = Box()\nif sys:\n    box.value = 4\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured in for",
        "box = Box()\nfor n in range(3):\n    box.add(n)\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured in with",
        "box = Box()\nwith open('pyproject.toml') as fh:\n    box.value = len(fh.read())\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured in try",
        "box = Box()\ntry:\n    box.nope()\nexcept AttributeError:\n    box.value = 8\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured by function",
        "def conf(x): x.value = 9\n\n\nbox = Box()\nconf(box)\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured by setattr",
        "box = Box()\nsetattr(box, 'value', 9)\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "configured by tuple attr",
        "box = Box()\nbox.value, box.used = 5, 6\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner("walrus config", "box = Box()\nbox.value = (size := 5)\n\n\ndef f(): return box.value, size\n"),
    project(
        "ctor reads via from import",
        {
            "m.py": "class Box:\n    def __init__(self):\n        self.t = open('pyproject.toml').read()\n        try:\n            from a import box\n        except ImportError:\n            box = None\n        self.o = box\n",
            "a.py": "from m import Box\nbox = Box()\n\n\ndef f(): return box.o\n",
        },
        "import a; print(a.f())",
    ),
    owner(
        "loop var", "for box in [Box(1), Box(2)]:\n    pass\n\n\ndef f():\n    return box.used, box.value\n"
    ),
    owner("del after", "tmp = Box(1)\nbox = tmp\ndel tmp\n\n\ndef f():\n    return box.used, box.value\n"),
    owner(
        "match statement",
        "match 1:\n    case 1:\n        box = Box(1)\n    case _:\n        box = None\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    owner(
        "while", "while True:\n    box = Box(3)\n    break\n\n\ndef f():\n    return box.used, box.value\n"
    ),
    owner(
        "if with import inside",
        "if True:\n    import json\n    box = Box(json.dumps(1))\nelse:\n    box = None\n\n\ndef f(): return box.value, json.dumps(2)\n",
    ),
    owner(
        "if defines function",
        "if True:\n    def helper(): return 3\n    box = Box(helper())\nelse:\n    box = None\n\n\ndef f(): return box.value, helper()\n",
    ),
    owner(
        "if constants used at import",
        "if True:\n    SIZE = 3\n    box = Box(SIZE)\nelse:\n    SIZE = 4\n    box = None\n\n\ndef f(n=SIZE): return box.value, n\n",
    ),
    owner(
        "attribute target", "class NS: pass\n\n\nns = NS()\nns.box = Box()\n\n\ndef f(): return ns.box.used\n"
    ),
    owner(
        "name and attribute target",
        "class NS: pass\n\n\nns = NS()\nns.box = box = Box()\n\n\ndef f(): return ns.box is box\n",
    ),
    owner("item target", "d = {}\nd['box'] = box = Box()\n\n\ndef f(): return d['box'] is box\n"),
    owner(
        "temp set by function",
        "tmp = [1]\none = Box(tmp)\n\n\ndef put():\n    tmp.append(2)\n\n\ndef f():\n    put()\n    return len(one.value), one.value is tmp\n",
    ),
    owner(
        "input list copied",
        "tmp = [1]\none = Box(list(tmp))\n\n\ndef put():\n    tmp.append(2)\n\n\ndef f():\n    put()\n    return len(one.value)\n",
    ),
    project(
        "input in other module rebound",
        {
            "cfg.py": "level = 1\n\n\ndef up():\n    global level\n    level += 1\n",
            "a.py": "import cfg\nfrom box import Box\none = Box(cfg.level)\n\n\ndef f():\n    cfg.up()\n    return one.value\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "input in other module mutated",
        {
            "cfg.py": "d = {}\n\n\ndef up():\n    d['x'] = 1\n",
            "a.py": "import cfg\nfrom box import Box\none = Box(dict(cfg.d))\n\n\ndef f():\n    cfg.up()\n    return one.value\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "input attribute set from third module",
        {
            "cfg.py": "level = 1\n",
            "c.py": "import cfg\n\n\ndef up(): cfg.level = 5\n",
            "a.py": "import cfg\nfrom box import Box\none = Box(cfg.level)\n\n\ndef f():\n    import c\n    c.up()\n    return one.value\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "input from-imported attr mutated",
        {
            "cfg.py": "class S: level = 1\n\n\nsettings = S()\n",
            "c.py": "from cfg import settings\n\n\ndef up(): settings.level = 5\n",
            "a.py": "from cfg import settings\nfrom box import Box\none = Box(settings.level)\n\n\ndef f():\n    import c\n    c.up()\n    return one.value\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "input class attr mutated at import later",
        {
            "cfg.py": "class S: level = 1\n",
            "a.py": "from cfg import S\nfrom box import Box\none = Box(S.level)\n\n\ndef f():\n    return one.value\n",
            "c.py": "import a\nfrom cfg import S\nS.level = 7\n",
        },
        "import c, a; print(a.f())",
    ),
    project(
        "env changed at import later",
        {
            "a.py": "import os\nHOME = os.environ['HOME']\n\n\ndef f(): return HOME\n",
            "c.py": "import a, os\nos.environ['HOME'] = '/x'\n",
        },
        "import c, a; print(a.f())",
    ),
    project(
        "env changed in function",
        {
            "a.py": "import os\nHOME = os.environ['HOME']\n\n\ndef f(): return HOME\n",
            "c.py": "import a, os\n\n\ndef g():\n    os.environ['HOME'] = '/x'\n    return a.f()\n",
        },
        "import c, a; print(c.g())",
    ),
    project(
        "env popped at import",
        {"a.py": "import os\nHOME = os.environ['HOME']\nos.environ.pop('HOME')\n\n\ndef f(): return HOME\n"},
        "import a; print(a.f())",
    ),
    project(
        "env deleted at import",
        {"a.py": "import os\nHOME = os.environ['HOME']\ndel os.environ['HOME']\n\n\ndef f(): return HOME\n"},
        "import a; print(a.f())",
    ),
    project(
        "env missing handled by importer",
        {
            "a.py": "import os\nKEY = os.environ['NO_SUCH']\n\n\ndef f(): return KEY\n",
            "b.py": "try:\n    from a import KEY\nexcept KeyError:\n    KEY = 'default'\n\n\ndef f(): return KEY\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "reexport by assignment",
        {
            "a.py": A,
            "m.py": "from a import box\nthing = box\n",
            "b.py": "from m import thing\n\n\ndef f(): return thing.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "reexport by assignment from module",
        {
            "a.py": A,
            "m.py": "import a\nthing = a.box\nadd = a.box.add\n",
            "b.py": "from m import thing, add\n\n\ndef f(): return add(1), thing.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "main module run",
        {"a.py": A, "p/__init__.py": "", "p/__main__.py": "from a import box\n\nprint(box.used)\n"},
        "import runpy; runpy.run_module('p', run_name='__main__')",
    ),
    project(
        "main guard rebinding",
        {
            "s.py": "from box import Box\nbox = Box()\n\n\ndef own(): return box\n\n\nif __name__ == '__main__':\n    box = 5\n    print(own())\n"
        },
        "import runpy; runpy.run_path('s.py', run_name='__main__')",
    ),
    project(
        "main guard else",
        {
            "s.py": "from box import Box\nbox = Box()\n\n\ndef own(): return box.used\n\n\nif __name__ == '__main__':\n    print(own())\nelse:\n    print('imported', box.used)\n"
        },
        "import s",
    ),
    project(
        "main guard and",
        {
            "s.py": "from box import Box\nbox = Box()\n\n\ndef own(): return box.used\n\n\nif __name__ == '__main__' or True:\n    print('x', box.used)\n"
        },
        "import s",
    ),
    project(
        "globals setdefault",
        {"a.py": "from box import Box\nbox = Box()\n\n\ndef f(): return globals().get('box') is box\n"},
        "import a; print(a.f())",
    ),
    project(
        "exec module",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef f():\n    exec('q = box.used', globals())\n    return q, box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "import hook from importer set attr",
        {"a.py": A, "b.py": "import a\na.box = 5\n\n\ndef f(): return a.box\n"},
        "import b; print(b.f())",
    ),
    project(
        "importer rebinding local copy",
        {
            "a.py": A,
            "b.py": "import a\nfrom a import box\n\n\ndef g():\n    a.box = 5\n    return box.used, a.box\n",
        },
        "import b; print(b.g())",
    ),
    project(
        "importer rebinding own name",
        {"a.py": A, "b.py": "from a import box\n\n\ndef g():\n    global box\n    box = 5\n    return box\n"},
        "import b; print(b.g())",
    ),
    project(
        "importer deletes",
        {"a.py": A, "b.py": "import a\n\n\ndef g():\n    del a.box\n    return hasattr(a, 'box')\n"},
        "import b; print(b.g())",
    ),
    project(
        "importer augments",
        {
            "a.py": "n = int(open('pyproject.toml').read() or 3)\n\n\ndef own(): return n\n",
            "b.py": "import a\n\n\ndef g():\n    a.n += 1\n    return a.n\n",
        },
        "import b; print(b.g())",
    ),
    project(
        "partial at import",
        {
            "a.py": A,
            "b.py": "import functools, a\ng = functools.partial(a.box.add, 1)\n\n\ndef f(): return g()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "dict registry mutated at import elsewhere",
        {
            "a.py": "from box import Box\nbox = Box()\nREG = {'box': box}\n",
            "b.py": "from a import REG\nREG['x'] = 1\n\n\ndef f():\n    return sorted(REG)\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "side effect order between values",
        {
            "m.py": "log = []\n\n\nclass R:\n    def __init__(self, n):\n        open('pyproject.toml').read()\n        log.append(n)\n",
            "a.py": "from m import R, log\none = R(1)\ntwo = R(2)\n\n\ndef f():\n    two, one\n    return log\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "class counter",
        {
            "m.py": "class R:\n    n = 0\n\n    def __init__(self):\n        open('pyproject.toml').read()\n        R.n += 1\n        self.id = R.n\n",
            "a.py": "from m import R\none = R()\ntwo = R()\n\n\ndef f(): return two.id, one.id\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "class counter type(self)",
        {
            "m.py": "class R:\n    n = 0\n\n    def __init__(self):\n        open('pyproject.toml').read()\n        type(self).n += 1\n        self.id = type(self).n\n",
            "a.py": "from m import R\none = R()\ntwo = R()\n\n\ndef f(): return two.id, one.id\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "class counter __class__",
        {
            "m.py": "class R:\n    n = []\n\n    def __init__(self):\n        open('pyproject.toml').read()\n        self.n.append(1)\n        self.id = len(self.n)\n",
            "a.py": "from m import R\none = R()\ntwo = R()\n\n\ndef f(): return two.id, one.id\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "registry by metaclass/init_subclass",
        {
            "m.py": "SEEN = {}\n\n\nclass R:\n    def __init__(self, n):\n        open('pyproject.toml').read()\n        SEEN[n] = self\n",
            "a.py": "from m import R\none = R('one')\n\n\ndef f(): return one\n",
            "b.py": "import a, m\n\n\ndef f(): return sorted(m.SEEN)\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "registry by decorator class",
        {
            "m.py": "import weakref\nSEEN = weakref.WeakSet()\n\n\nclass R:\n    def __init__(self):\n        open('pyproject.toml').read()\n        SEEN.add(self)\n",
            "a.py": "from m import R\none = R()\n\n\ndef f(): return one\n",
            "b.py": "import a, m\n\n\ndef f(): return len(m.SEEN)\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "import side effect lost: blinker connect",
        {
            "m.py": "class Sig:\n    def __init__(self): self.s = []\n    def connect(self, x): self.s.append(x)\n\n\nsig = Sig()\n\n\nclass R:\n    def __init__(self):\n        open('pyproject.toml').read()\n        sig.connect(self)\n",
            "a.py": "from m import R\none = R()\n\n\ndef f(): return one\n",
            "b.py": "import a, m\n\n\ndef f(): return len(m.sig.s)\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "config by passing elsewhere",
        {
            "a.py": "from box import Box\nimport reg\nbox = Box()\nreg.register(box)\n\n\ndef f(): return box.used\n",
            "reg.py": "items = []\n\n\ndef register(x): items.append(x)\n",
        },
        "import a, reg; print(len(reg.items))",
    ),
    project(
        "config elsewhere at import",
        {"a.py": A, "b.py": "from a import box\nbox.value = 12\n\n\ndef f(): return box.value\n"},
        "import b; print(b.f())",
    ),
    project(
        "annotation with value of later name",
        {
            "a.py": "from __future__ import annotations\nfrom box import Box\nbox: Later = Box()\n\n\nclass Later: pass\n\n\ndef f(): return box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "class rebound later",
        {"a.py": "from box import Box\nbox = Box()\nBox = None\n\n\ndef f(): return box.used\n"},
        "import a; print(a.f())",
    ),
    project(
        "function replaced from outside",
        {
            "a.py": "import helpers\nbox = helpers.load()\n\n\ndef f(): return box\n",
            "helpers.py": "def load(): return open('pyproject.toml').read()\n",
            "b.py": "import a, helpers\nhelpers.load = lambda: 'replaced'\n\n\ndef f(): return a.f()\n",
        },
        "import b; print(repr(b.f()))",
    ),
    project(
        "function input deleted",
        {
            "a.py": "def load(): return open('pyproject.toml').read()\n\n\nbox = load()\ndel load\n\n\ndef f(): return box\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "imports deleted",
        {
            "a.py": "import json\nbox = json.loads(open('pyproject.toml').read() or '{}')\ndel json\n\n\ndef f(): return box\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "del loop var deleted",
        {
            "a.py": "from box import Box\nfor i in range(2):\n    pass\nbox = Box(i)\ndel i\n\n\ndef f(): return box.value\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "del in try",
        {
            "a.py": "from box import Box\nn = 3\nbox = Box(n)\ntry:\n    del n\nexcept NameError:\n    pass\n\n\ndef f(): return box.value\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "function redefined",
        {
            "a.py": "def load(): return open('pyproject.toml').read()\n\n\nbox = load()\n\n\ndef load(): return 'second'\n\n\ndef f(): return repr(box)\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "helper reads constant rebound in function",
        {
            "a.py": "MODE = 'one'\n\n\ndef load(): return open('pyproject.toml').read() + MODE\n\n\nbox = load()\n\n\ndef f():\n    global MODE\n    MODE = 'two'\n    return box\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "iterator input shared",
        {
            "a.py": "from box import Box\nit = iter([1, 2, 3])\none = Box(next(it))\ntwo = Box(next(it))\n\n\ndef f(): return two.value, one.value\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "open file shared",
        {
            "a.py": "fh = open('box.py')\nfirst = fh.readline()\nsecond = fh.readline()\n\n\ndef f(): return second, first\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "open file shared order dependent",
        {"a.py": "fh = open('box.py')\nhead = fh.read(7)\nrest = fh.read(5)\n\n\ndef f(): return rest\n"},
        "import a; print(a.f())",
    ),
    project(
        "cursor mutated through method",
        {
            "m.py": "class C:\n    def __init__(self):\n        open('pyproject.toml').read()\n        self.n = 0\n    def take(self):\n        self.n += 1\n        return self.n\n",
            "a.py": "from m import C\nc = C()\none = c.take()\ntwo = c.take()\n\n\ndef f(): return two, one\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "value computed then mutated",
        {
            "m.py": "class C:\n    def __init__(self):\n        open('pyproject.toml').read()\n        self.n = 0\n",
            "a.py": "from m import C\nc = C()\nn = c.n\n\n\ndef g(): c.n = 7\n\n\ndef f():\n    g()\n    return n\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "snapshot of list",
        {
            "m.py": "class C:\n    def __init__(self):\n        open('pyproject.toml').read()\n        self.l = []\n",
            "a.py": "from m import C\nc = C()\nstart = list(c.l)\n\n\ndef add(): c.l.append(1)\n\n\ndef f():\n    add()\n    return start\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "snapshot len across module",
        {
            "m.py": "class C:\n    def __init__(self):\n        open('pyproject.toml').read()\n        self.l = []\n    def put(self): self.l.append(1)\n",
            "a.py": "from m import C\nc = C()\n",
            "b.py": "from a import c\nstart = len(c.l)\n\n\ndef f():\n    c.put()\n    return start\n",
        },
        "import b; print(b.f())",
    ),
    forced(
        "everything forced: rand",
        "import random\nrandom.seed(3)\nx = random.random()\n\n\ndef f():\n    random.random()\n    return x\n",
    ),
    forced(
        "everything forced: os.getcwd",
        "import os\ncwd = os.getcwd()\n\n\ndef f():\n    os.chdir('/')\n    return cwd != '/'\n",
    ),
    forced(
        "everything forced: getpid",
        "import os\npid = os.getpid()\n\n\ndef f():\n    p = os.fork()\n    if p == 0: os._exit(int(pid == os.getpid()))\n    return os.waitstatus_to_exitcode(os.waitpid(p, 0)[1])\n",
    ),
    forced(
        "everything forced: super globals",
        "names = sorted(k for k in globals() if not k.startswith('_'))\n\n\ndef f(): return names\n",
    ),
    forced(
        "everything forced: dir()",
        "names = [k for k in dir() if not k.startswith('_')]\n\n\ndef f(): return names\n",
    ),
    forced(
        "everything forced: vars()",
        "size = len([k for k in vars() if not k.startswith('_')])\n\n\ndef f(): return size\n",
    ),
    forced("everything forced: locals in comp", "size = dict(locals())\n\n\ndef f(): return 'f' in size\n"),
    forced(
        "everything forced: partial decorator",
        "import functools\n\n\ndef deco(fn): return fn\n\n\nd = functools.partial(deco)\n\n\n@d\ndef f(): return 1\n",
    ),
    forced(
        "everything forced: contextvar",
        "import contextvars\ncv = contextvars.ContextVar('cv', default=1)\n\n\ndef f(): return cv.get()\n",
    ),
    forced(
        "everything forced: global for loop",
        "n = int('3')\n\n\ndef f():\n    global n\n    for n in range(2): pass\n    return n\n",
        "import a; print(a.f(), a.f())",
    ),
    forced(
        "everything forced: global walrus",
        "n = int('3')\n\n\ndef f():\n    global n\n    if (n := n + 1): return n\n",
        "import a; print(a.f(), a.f())",
    ),
    forced(
        "everything forced: global except",
        "n = int('3')\n\n\ndef f():\n    global n\n    try: 1/0\n    except ZeroDivisionError as n: pass\n    try: return n\n    except NameError: return 'gone'\n",
        "import a; print(a.f())",
    ),
    forced(
        "everything forced: global import as",
        "n = int('3')\n\n\ndef f():\n    global n\n    import os as n\n    return n.sep\n",
        "import a; print(a.f())",
    ),
    forced(
        "everything forced: global def",
        "n = int('3')\n\n\ndef f():\n    global n\n    def n(): return 5\n    return n()\n",
        "import a; print(a.f())",
    ),
    forced(
        "everything forced: tuple group write",
        "x, y = divmod(7, 2)\n\n\ndef g():\n    global x\n    x = 9\n\n\ndef f():\n    g()\n    return x, y\n",
    ),
    forced(
        "everything forced: conditional rebinding in main",
        "n = int('3')\n\n\ndef f(): return n\n\n\nif __name__ == '__main__':\n    n = 5\n    print(f())\n",
        "import runpy; runpy.run_path('a.py', run_name='__main__')",
    ),
    forced(
        "everything forced: type alias",
        "from typing import Union, NewType\nU = Union[int, str]\nI = NewType('I', int)\n\n\ndef f(x: 'U' = 1): return I(x)\n",
    ),
    forced(
        "everything forced: mappingproxy/annot use",
        "import types\nP = types.SimpleNamespace(a=1)\n\n\ndef f(x: 'P' = 1): return P.a, x\n",
    ),
    forced(
        "everything forced: string annotation use",
        "import types\nP = types.SimpleNamespace(a=1)\n\n\ndef f():\n    x: 'P.a' = 3\n    return P.a, x\n",
    ),
    proxy("proxy: stored", "log = LogProxy()\nL = [log]\n\n\ndef f(): return L[0].total_changes\n"),
]


@pytest.mark.parametrize("program", KEPT, ids=_name)
def test_what_is_hard_does_the_same(program: Program) -> None:
    program.check()


PATCHING = {
    "a.py": "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
    "b.py": "from a import box\n\nother = 1\n\n\ndef f():\n    return box\n",
    "box.py": BOX,
}
TEST_HEAD = """
from unittest import mock, TestCase
from unittest.mock import patch, MagicMock, sentinel, DEFAULT
import pytest
import a
import b
"""
RUN_PYTEST = """
import subprocess, sys

command = [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
result = subprocess.run(command, capture_output=True, text=True)
assert result.returncode == 0, result.stdout
"""
PATCHED = {
    "monkeypatch attr path on class method": "def test(monkeypatch):\n    monkeypatch.setattr('a.box.add', lambda n: 4)\n    assert b.f().add(1) == 4\n",
    "stacked decorators with values": "@patch('b.other', 2)\n@patch('b.box')\n@patch('a.box', 3)\n@patch('a.f')\ndef test(af, bbox):\n    assert b.f() is bbox and a.box == 3 and a.f is af and b.other == 2\n",
    "stacked both same": "@patch('b.box')\n@patch('a.box')\ndef test(abox, bbox):\n    assert b.f() is bbox and a.f() is abox\n",
    "stacked with parametrize": "@pytest.mark.parametrize('n', [1, 2])\n@patch('b.box')\ndef test(box, n):\n    assert b.f() is box and n\n",
    "stacked parametrize below": "@patch('b.box')\n@pytest.mark.parametrize('n', [1, 2])\ndef test(box, n):\n    assert b.f() is box and n\n",
    "patch with fixture": "@pytest.fixture\ndef fx(): return 4\n\n\n@patch('b.box')\ndef test(box, fx):\n    assert b.f() is box and fx == 4\n",
    "patch via mock module": "@mock.patch('b.box')\ndef test(box):\n    assert b.f() is box\n",
    "patch.object via mock": "@mock.patch.object(b, 'box')\ndef test(box):\n    assert b.f() is box\n",
    "patch.object new positional": "@mock.patch.object(b, 'box', 7)\ndef test():\n    assert b.f() == 7\n",
    "patch.object new kw": "@mock.patch.object(b, 'box', new=7)\ndef test():\n    assert b.f() == 7\n",
    "patch MagicMock()": "def test():\n    with mock.patch('b.box', MagicMock()) as m:\n        m.used = 4\n        assert b.f() is m\n",
    "patch on class value": "@patch('b.box', 5)\nclass TestIt:\n    def test_a(self):\n        assert b.f() == 5\n",
    "patch on TestCase class": "@patch('b.box', 5)\nclass TestIt(TestCase):\n    def test_a(self):\n        assert b.f() == 5\n",
    "with tuple": "def test():\n    with patch('b.box') as m, patch('a.box', 5) as five:\n        assert b.f() is m and a.f() == five == 5\n",
    "with parenthesised": "def test():\n    with (\n        patch('b.box') as m,\n        patch('a.box') as n,\n    ):\n        assert b.f() is m and a.f() is n\n",
    "with one line": "def test():\n    with patch('b.box') as m: assert b.f() is m\n",
    "with same mock used after": "def test():\n    with patch('b.box') as m:\n        b.f().add(1)\n    m.add.assert_called_once_with(1)\n",
    "with mock calls": "def test():\n    with patch('b.box') as m:\n        b.f().add(1)\n        assert m.mock_calls == [mock.call.add(1)]\n",
    "decorator mock default arg docstring": "@patch('b.box')\ndef test(m, /):\n    'doc'\n    assert b.f() is m\n",
    "decorator one line body": "@patch('b.box')\ndef test(m): assert b.f() is m\n",
    "decorator on fixture": "@pytest.fixture\ndef fx():\n    with patch('b.box') as m:\n        yield m\n\n\ndef test(fx):\n    assert b.f() is fx\n",
    "fixture yields patch value": "@pytest.fixture\ndef box():\n    with patch('b.box', [3]) as m:\n        yield m\n\n\ndef test(box):\n    assert b.f() is box and box == [3]\n",
    "implicit concat string": "@patch('b.' 'box')\ndef test(m):\n    assert b.f() is m\n",
    "monkeypatch raising False": "def test(monkeypatch):\n    monkeypatch.setattr('b.box', 5, raising=False)\n    assert b.f() == 5\n",
    "monkeypatch raising positional": "def test(monkeypatch):\n    monkeypatch.setattr(b, 'box', 5, False)\n    assert b.f() == 5\n",
    "monkeypatch context": "def test(monkeypatch):\n    with monkeypatch.context() as mp:\n        mp.setattr(b, 'box', 5)\n        assert b.f() == 5\n    assert b.f() != 5\n",
    "monkeypatch lambda value": "def test(monkeypatch):\n    monkeypatch.setattr(b, 'box', lambda: 3)\n    assert b.f()() == 3\n",
    "patch attr arg": "class S: x = 1\n\n\ndef test():\n    with patch('b.box', S.x):\n        S.x = 2\n        assert b.f() == 1\n",
    "patch with await value": "import asyncio\n\n\nasync def v(): return 3\n\n\ndef test():\n    async def m():\n        with patch('b.box', await v()):\n            return b.f()\n    assert asyncio.run(m()) == 3\n",
    "monkeypatch in class body-level method default": "class TestX:\n    V = 1\n    def test(self, monkeypatch):\n        monkeypatch.setattr(b, 'box', self.V)\n        assert b.f() == 1\n",
    "global in test import": "from a import box\n\n\ndef test():\n    assert box is a.f() is b.f()\n",
    "import at test parametrize": "from a import box\n\n\n@pytest.mark.parametrize('x', [box, box.value])\ndef test(x):\n    assert x is box or x == 1\n",
    "fixture named box": "@pytest.fixture\ndef box():\n    return 3\n\n\ndef test(box):\n    assert box == 3 and b.box.value == 1\n",
    "fixture named box and import": "from a import box as real\n\n\n@pytest.fixture\ndef box():\n    return real\n\n\ndef test(box):\n    assert box is b.f()\n",
    "usefixtures": "@pytest.fixture(name='box')\ndef _box(monkeypatch):\n    monkeypatch.setattr('b.box', 8)\n\n\n@pytest.mark.usefixtures('box')\ndef test():\n    assert b.f() == 8\n",
    "isinstance in skipif": "@pytest.mark.skipif(a.box is None, reason='x')\ndef test():\n    assert b.f() is a.box\n",
    "assert identity through patch": "def test():\n    m = MagicMock()\n    with patch('b.box', m):\n        assert b.box is m\n        b.box.used = 3\n        assert m.used == 3\n",
    "patch and read via name in other ns": "def test():\n    with patch('a.box', 3):\n        from a import box\n        assert box == 3\n",
    "patch attribute of value in ns": "def test():\n    with patch('b.box.used', 99):\n        assert b.f().used == 99\n    assert b.f().used == 0\n",
    "patch object value attr": "def test():\n    with patch.object(a.box, 'used', 99):\n        assert b.f().used == 99\n    assert b.f().used == 0\n",
    "monkeypatch attr path": "def test(monkeypatch):\n    monkeypatch.setattr('a.box.used', 99)\n    assert b.f().used == 99\n",
    "patch nested dict": "def test():\n    with patch.dict(a.box.__dict__, used=4):\n        assert b.f().used == 4\n",
    "patch dict str path": "def test():\n    with patch.dict('a.box.__dict__', used=4):\n        assert b.f().used == 4\n",
    "two with same": "def test():\n    with patch('b.box', 1):\n        with patch('b.box', 2):\n            assert b.f() == 2\n        assert b.f() == 1\n",
}


def test_tests_that_patch_follow() -> None:
    """One run of pytest for all of them: each is a file of its own."""
    names = {f"tests/test_{n}.py": f"{TEST_HEAD}\n\n{text}" for n, text in enumerate(PATCHED.values())}
    outcome = check({**PATCHING, **names}, run=RUN_PYTEST)
    assert len(outcome.plan.changes) == 1, outcome.plan.refusals


UNPATCHED = {
    "patch.object attribute kw": (
        "@mock.patch.object(target=b, attribute='box', new=7)\ndef test():\n    assert b.f() == 7\n",
        "a patch of box passes attribute, new, target",
    ),
    "patch target kw": (
        "@mock.patch(target='b.box', new=7)\ndef test():\n    assert b.f() == 7\n",
        "a patch of box passes new, target",
    ),
    "patch return_value": (
        "@mock.patch('b.box', return_value=7)\ndef test(m):\n    assert b.f()() == 7\n",
        "a patch of box passes return_value",
    ),
    "patch configure attrs": (
        "@mock.patch('b.box', **{'used': 7})\ndef test(m):\n    assert b.f().used == 7\n",
        "a patch of box passes **",
    ),
    "patch kw attr": (
        "@mock.patch('b.box', used=7)\ndef test(m):\n    assert b.f().used == 7\n",
        "a patch of box passes used",
    ),
    "patch new_callable": (
        "@mock.patch('b.box', new_callable=MagicMock)\ndef test(m):\n    assert b.f() is m\n",
        "a patch of box passes new_callable",
    ),
    "patch spec": (
        "@mock.patch('b.box', spec=True)\ndef test(m):\n    assert b.f() is m\n",
        "a patch of box passes spec",
    ),
    "patch wraps": (
        "def test():\n    with mock.patch('b.box', wraps=b.box) as m:\n        assert b.f() is m\n",
        "a patch of box passes wraps",
    ),
    "patch on class": (
        "@patch('b.box')\nclass TestIt:\n    def test_a(self, box):\n        assert b.f() is box\n    def test_b(self, box):\n        assert b.f() is box\n",
        "which parameter receives the mock of box cannot be told",
    ),
    "setUp start addCleanup": (
        "class TestIt(TestCase):\n    def setUp(self):\n        p = patch('b.box')\n        self.box = p.start()\n        self.addCleanup(p.stop)\n    def test_a(self):\n        assert b.f() is self.box\n",
        "a patcher of box is kept and started elsewhere",
    ),
    "setUp start inline": (
        "class TestIt(TestCase):\n    def setUp(self):\n        self.box = patch('b.box').start()\n        self.addCleanup(patch.stopall)\n    def test_a(self):\n        assert b.f() is self.box\n",
        "a patcher of box is kept and started elsewhere",
    ),
    "enterContext": (
        "class TestIt(TestCase):\n    def setUp(self):\n        self.box = self.enterContext(patch('b.box'))\n    def test_a(self):\n        assert b.f() is self.box\n",
        "a patcher of box is kept and started elsewhere",
    ),
    "ExitStack": (
        "import contextlib\n\n\ndef test():\n    with contextlib.ExitStack() as s:\n        m = s.enter_context(patch('b.box'))\n        assert b.f() is m\n",
        "a patcher of box is kept and started elsewhere",
    ),
    "with as attribute": (
        "class TestX:\n    def test(self):\n        with patch('b.box') as self.m:\n            assert b.f() is self.m\n",
        "the patch is bound to something other than a plain name",
    ),
    "with stored": (
        "def test():\n    cm = patch('b.box')\n    with cm as m:\n        assert b.f() is m\n",
        "a patcher of box is kept and started elsewhere",
    ),
    "decorator varargs": (
        "@patch('b.box')\ndef test(*args):\n    assert b.f() is args[0]\n",
        "which parameter receives the mock of box cannot be told",
    ),
    "decorator same target name var": (
        "T = 'b.box'\n\n\n@patch(T)\ndef test(m):\n    assert b.f() is m\n",
        "computed path",
    ),
    "parametrize path": (
        "@pytest.mark.parametrize('path', ['b.box', 'b.other'])\ndef test(path):\n    with patch(path, 7):\n        assert 7 in (b.f(), b.other)\n",
        "computed path",
    ),
    "name var": (
        "@pytest.mark.parametrize('name', ['box'])\ndef test(monkeypatch, name):\n    monkeypatch.setattr(b, name, 7)\n    assert b.f() == 7\n",
        "setattr may reach box by its name",
    ),
    "patch.multiple str": (
        "def test():\n    with patch.multiple('b', box=5):\n        assert b.f() == 5\n",
        "patch.multiple() replaces box",
    ),
    "patch.dict globals": (
        "def test():\n    with patch.dict(b.__dict__, {'box': 5}):\n        assert b.f() == 5\n",
        "__dict__ may reach box by its name",
    ),
    "monkeypatch name kw": (
        "def test(monkeypatch):\n    monkeypatch.setattr(b, name='box', value=5)\n    assert b.f() == 5\n",
        "a patch of box passes name, value",
    ),
    "monkeypatch setitem dict": (
        "def test(monkeypatch):\n    monkeypatch.setitem(b.__dict__, 'box', 5)\n    assert b.f() == 5\n",
        "__dict__ may reach box by its name",
    ),
    "monkeypatch setitem vars": (
        "def test(monkeypatch):\n    monkeypatch.setitem(vars(b), 'box', 5)\n    assert b.f() == 5\n",
        "vars may reach box by its name",
    ),
    "monkeypatch delattr": (
        "def test(monkeypatch):\n    monkeypatch.delattr(b, 'box')\n    with pytest.raises(NameError): b.f()\n",
        "a test deletes the name",
    ),
    "patch with starred": (
        "def test():\n    args = ('b.box', 5)\n    with patch(*args):\n        assert b.f() == 5\n",
        "computed path",
    ),
    "patch kwargs value": (
        "def test():\n    kw = {'new': 5}\n    with patch('b.box', **kw):\n        assert b.f() == 5\n",
        "a patch of box passes **",
    ),
    "setattr builtin": (
        "def test():\n    old = b.box\n    setattr(b, 'box', 5)\n    assert b.f() == 5\n    setattr(b, 'box', old)\n",
        "setattr() rebinds box",
    ),
    "direct assign": (
        "def test():\n    old = b.box\n    b.box = 5\n    try:\n        assert b.f() == 5\n    finally:\n        b.box = old\n",
        "box is rebound in a module that only imports it",
    ),
    "direct assign a": (
        "def test():\n    old = a.box\n    a.box = 5\n    try:\n        assert a.f() == 5\n    finally:\n        a.box = old\n",
        "box is rebound here, and b.py:1 keeps the first value",
    ),
    "mock seal/ property": (
        "def test():\n    with patch('b.box', new_callable=mock.PropertyMock) as m:\n        assert b.f() is m\n",
        "a patch of box passes new_callable",
    ),
}


@pytest.mark.parametrize(("test", "because"), UNPATCHED.values(), ids=list(UNPATCHED))
def test_patches_that_cannot_follow_forbid_it(test: str, because: str) -> None:
    refused({**PATCHING, "tests/test_b.py": f"{TEST_HEAD}\n\n{test}"}, because=because)


RUN_TESTS = """
import sys, unittest
from inspect import signature

sys.path.insert(0, "tests")
import test_b as module

def call(function):
    if "monkeypatch" in signature(function).parameters:
        with module.pytest.MonkeyPatch.context() as monkeypatch:
            return function(monkeypatch)
    function()

for name, found in list(vars(module).items()):
    if name == "test":
        call(found)
    elif name == "TestX":
        call(found().test)
    elif name == "TestIt":
        result = unittest.TestResult()
        unittest.defaultTestLoader.loadTestsFromTestCase(found).run(result)
        assert result.wasSuccessful(), (result.errors, result.failures)
"""
CLOSE_CALLS = {
    "patch DEFAULT": "@mock.patch('b.box', DEFAULT)\ndef test(m):\n    assert b.f() is m\n",
    "patch mock.DEFAULT kw": "def test():\n    with mock.patch('b.box', new=mock.DEFAULT) as m:\n        assert b.f() is m\n",
    "setUp start value": "class TestIt(TestCase):\n    def setUp(self):\n        p = patch('b.box', 4)\n        p.start()\n        self.addCleanup(p.stop)\n    def test_a(self):\n        assert b.f() == 4\n",
    "setUp start value used": "class TestIt(TestCase):\n    def setUp(self):\n        p = patch('b.box', [4])\n        self.v = p.start()\n        self.addCleanup(p.stop)\n    def test_a(self):\n        assert b.f() == [4] and self.v is b.f() and self.v[0] == 4\n",
    "enterContext value": "class TestIt(TestCase):\n    def setUp(self):\n        self.box = self.enterContext(patch('b.box', [3]))\n    def test_a(self):\n        assert b.f() is self.box\n",
    "with as second uses first": "def test():\n    with patch('b.box') as m, patch.object(m, 'used', 5):\n        assert b.f().used == 5\n",
    "with second uses value": "def test():\n    with patch('b.box') as m, patch('b.other', m):\n        assert b.f() is b.other\n",
    "decorator method self first other name": "class TestX:\n    @patch('b.box')\n    def test(this, m):\n        assert b.f() is m\n",
    "decorator staticmethod": "class TestX:\n    @staticmethod\n    @patch('b.box')\n    def test(m):\n        assert b.f() is m\n",
    "decorator async": "import asyncio\n\n\n@patch('b.box')\nasync def helper(m):\n    assert b.f() is m\n\n\ndef test():\n    asyncio.run(helper())\n",
    "decorator on helper": "@patch('b.box')\ndef helper(x, m):\n    assert b.f() is m and x == 1\n\n\ndef test():\n    helper(1)\n",
    "decorator fstring": "M = 'b'\n\n\n@patch(f'{M}.box')\ndef test(m):\n    assert b.f() is m\n",
    "decorator concat": "M = 'b'\n\n\n@patch(M + '.box')\ndef test(m):\n    assert b.f() is m\n",
    "decorator format": "M = 'b'\n\n\n@patch('%s.box' % M)\ndef test(m):\n    assert b.f() is m\n",
    "patch.multiple value": "def test():\n    with patch.multiple(b, box=5, other=6):\n        assert b.f() == 5\n",
    "monkeypatch fn value later rebinding": "def test(monkeypatch):\n    v = [1]\n    monkeypatch.setattr(b, 'box', v)\n    w = v\n    v = 3\n    assert b.f() is w\n",
    "monkeypatch in loop": "def test(monkeypatch):\n    for v in (1, 2):\n        monkeypatch.setattr(b, 'box', v)\n        got = b.f\n    v = 9\n    assert got() == 2\n",
    "patch name rebound in with": "def test():\n    v = 1\n    with patch('b.box', v):\n        v = 2\n        assert b.f() == 1\n",
    "patch star value": "def test():\n    args = (5,)\n    with patch('b.box', *args):\n        assert b.f() == 5\n",
    "patch lambda value in class body": "class TestX:\n    V = [1]\n    @patch('b.box', V)\n    def test(self):\n        assert b.f() is self.V\n",
    "patch value in comprehension class": "class TestX:\n    V = [1]\n    P = patch('b.box', V)\n    def test(self):\n        with self.P: assert b.f() is self.V\n",
}


@pytest.mark.parametrize("test", CLOSE_CALLS.values(), ids=list(CLOSE_CALLS))
def test_patches_follow_or_forbid_it(test: str) -> None:
    check({**PATCHING, "tests/test_b.py": f"{TEST_HEAD}\n\n{test}"}, run=RUN_TESTS)


# ---------------------------------------------------------------------------------------------------------------
# What is wrong today. A case that holds belongs above.

BROKEN = [
    consumer(
        "import in class body",
        "class C:\n    from a import box\n    def m(self): return self.box.used\n\n\ndef f(): return C().m()\n",
    ),
    consumer(
        "import in class body in function",
        "def f():\n    class C:\n        from a import box\n        def m(self): return self.box.used\n    return C().m(), C.box.used\n",
    ),
    consumer("locals() in function", "def f():\n    from a import box\n    return sorted(locals())\n"),
    consumer(
        "locals format",
        "from a import box\n\n\ndef f():\n    from a import box\n    return '{box.used}'.format(**locals())\n",
    ),
    consumer("sys.modules", "import sys, a\n\n\ndef f(): return sys.modules['a'].box.used\n"),
    consumer(
        "sys.modules name",
        "import sys, a\n\n\ndef f(): return getattr(sys.modules[a.__name__], 'box').used\n",
    ),
    consumer(
        "sys.modules dict", "import sys, a\n\n\ndef f(): return sys.modules['a'].__dict__['box'].used\n"
    ),
    consumer(
        "sys.modules var", "import sys, a\n\n\ndef f():\n    m = sys.modules['a']\n    return m.box.used\n"
    ),
    consumer(
        "module set via passed",
        "import a\n\n\ndef g(m): m.box = 5\n\n\ndef f():\n    g(a)\n    return a.box\n",
    ),
    consumer("dir(module)", "import a\n\n\ndef f(): return 'box' in dir(a)\n"),
    consumer(
        "inspect getmembers",
        "import a, inspect\n\n\ndef f(): return [n for n, v in inspect.getmembers(a) if n == 'box']\n",
    ),
    consumer(
        "import_module var",
        "import importlib\n\n\ndef f(n='a'): return importlib.import_module(n).box.used\n",
    ),
    consumer("eval", "from a import box\n\n\ndef f(): return eval('box.used')\n"),
    consumer(
        "exec import",
        "def f():\n    d = {}\n    exec('from a import box; r = box.used', d)\n    return d['r']\n",
    ),
    consumer("runpy", "import runpy\n\n\ndef f(): return runpy.run_module('a')['box'].used\n"),
    consumer(
        "copy of global function",
        "from a import box\n\n\ndef f():\n    import sys\n    return sys._getframe().f_globals['box'].used\n",
    ),
    consumer("func globals", "import a\n\n\ndef f(): return a.own.__globals__['box'].used\n"),
    owner(
        "value Ellipsis",
        "import json\n\n\ndef mk():\n    open('pyproject.toml').read()\n    print('made')\n    return ...\n\n\nbox = mk()\n\n\ndef f(): return box, box\n",
        "import a; x=a.f(); print(x)",
    ),
    project(
        "value Ellipsis count",
        {
            "m.py": "n = 0\n\n\ndef mk():\n    open('pyproject.toml').read()\n    print('made')\n    return ...\n",
            "a.py": "from m import mk\nbox = mk()\n\n\ndef f(): return box, box\n",
        },
        "import a; x=a.f(); print(x)",
    ),
    owner(
        "class with __new__ returning None",
        "class N:\n    def __new__(cls):\n        open('pyproject.toml').read()\n        print('made')\n        return None\n\n\nn = N()\n\n\ndef f(): return n, n\n",
        "import a; print(a.f())",
    ),
    project(
        "class __new__ none imported",
        {
            "m.py": "class N:\n    def __new__(cls):\n        open('pyproject.toml').read()\n        print('made')\n        return None\n",
            "a.py": "from m import N\nn = N()\n\n\ndef f(): return n, n\n",
        },
        "import a; print(a.f())",
    ),
    owner("walrus init", "box = (inner := Box())\n\n\ndef f(): return box is inner\n"),
    owner("walrus init in call", "box = Box(size := 4)\n\n\ndef f(): return box.value, size\n"),
    owner(
        "init calls function reading itself",
        "def g():\n    try:\n        return box\n    except NameError:\n        return 'unbound'\n\n\nbox = Box(g())\n\n\ndef f():\n    return box.used, box.value\n",
    ),
    project(
        "ctor reads module value",
        {
            "m.py": "class Box:\n    def __init__(self):\n        self.t = open('pyproject.toml').read()\n        import a\n        self.has = hasattr(a, 'box')\n",
            "a.py": "from m import Box\nbox = Box()\n\n\ndef f(): return box.has\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "package: submodule named like getter",
        {
            "p/__init__.py": "from box import Box\nbox = Box()\n\n\ndef f(): return box.used\n",
            "p/get_box.py": "x = 1\n",
            "b.py": "import p.get_box\nfrom p import box\n\n\ndef f(): return box.used, p.f()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "package: submodule named like storage",
        {
            "p/__init__.py": "from box import Box\nbox = Box()\n\n\ndef f(): return box.used\n",
            "p/_box.py": "x = 1\n",
            "b.py": "import p._box\nfrom p import box\n\n\ndef f(): return box.used, p.f(), p._box.x\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "package: submodule named getter and local import",
        {
            "p/__init__.py": "from p.a import box\n",
            "p/a.py": "from box import Box\nbox = Box()\n",
            "p/get_box.py": "x = 1\n",
            "b.py": "import p.get_box\nimport p\n\n\ndef f(): return p.box.used, p.get_box.x\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: getter leaks",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "def get_box(): return 'mine'\n\n\nfrom a import *\n\n\ndef f(): return get_box(), own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: threading leaks",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "threading = 'mine'\nfrom a import *\n\n\ndef f(): return threading, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: Any leaks",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef put(v):\n    global box\n    box = v\n\n\ndef own(): return box.used\n",
            "b.py": "Any = any\nfrom a import *\n\n\ndef f(): return Any([1]), own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: consumer builtin shadow through two",
        {
            "a.py": A,
            "m.py": "from a import *\n",
            "b.py": "from m import *\n\n\ndef f(): return box.used, own()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: conditional",
        {
            "a.py": A,
            "b.py": "try:\n    from a import *\nexcept ImportError:\n    box = None\n\n\ndef f(): return box.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "star: __all__ from other",
        {
            "m.py": "__all__ = ['box']\nfrom a import box\n",
            "a.py": A,
            "n.py": "import m\nfrom m import *\n__all__ = m.__all__ + ['x']\nx = 1\n",
            "b.py": "from n import *\n\n\ndef f(): return box.used, x\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "__all__ read by program",
        {
            "a.py": "from box import Box\n__all__ = ['own', 'box']\nbox = Box()\n\n\ndef own(): return box.used\n",
            "b.py": "import a\n\n\ndef f(): return [type(getattr(a, n)).__name__ for n in a.__all__]\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "module class replaced",
        {
            "a.py": "import sys, types\nfrom box import Box\nbox = Box()\n\n\nclass M(types.ModuleType):\n    @property\n    def p(self): return self.box.used\n\n\nsys.modules[__name__].__class__ = M\n",
            "b.py": "import a\n\n\ndef f(): return a.p, a.box.used\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "module self sys.modules",
        {
            "a.py": "import sys\nfrom box import Box\nbox = Box()\nthis = sys.modules[__name__]\n\n\ndef f(): return this.box.used, box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "module self sys.modules write",
        {
            "a.py": "import sys\nfrom box import Box\nbox = Box()\nthis = sys.modules[__name__]\n\n\ndef f():\n    this.box = 4\n    return box\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "module self getattr computed",
        {
            "a.py": "import sys\nfrom box import Box\nbox = Box()\n\n\ndef f(n='box'): return getattr(sys.modules[__name__], n).used, box.used\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "threading deleted",
        {
            "a.py": "import threading\nlock = threading.Lock()\ndel threading\ntext = open('pyproject.toml').read()\n\n\ndef f(): return text\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "__annotations__ read",
        {
            "a.py": "from box import Box\nbox: Box = Box()\n\n\ndef f(): return box.used, sorted(__annotations__)\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "get_type_hints",
        {
            "a.py": "from box import Box\nbox: Box = Box()\n\n\ndef f(): return box.used\n",
            "b.py": "import a, typing\n\n\ndef f(): return sorted(typing.get_type_hints(a))\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "class replaced from outside",
        {
            "a.py": "from box import Box\nbox = Box()\n\n\ndef f(): return type(box).__name__\n",
            "b.py": "import a\na.Box = int\n\n\ndef f(): return a.f()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "helper calls redefined function",
        {
            "a.py": "def inner(): return open('pyproject.toml').read()\n\n\ndef load(): return inner()\n\n\nbox = load()\n\n\ndef inner(): return 'second'\n\n\ndef f(): return repr(box)\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "helper reads constant rebound later",
        {
            "a.py": "MODE = 'one'\n\n\ndef load(): return open('pyproject.toml').read() + MODE\n\n\nbox = load()\nMODE = 'two'\n\n\ndef f(): return box\n"
        },
        "import a; print(a.f())",
    ),
    project(
        "helper reads other module setting",
        {
            "cfg.py": "MODE = 'one'\n",
            "h.py": "import cfg\n\n\ndef load(): return open('pyproject.toml').read() + cfg.MODE\n",
            "a.py": "import h\nbox = h.load()\n\n\ndef f(): return box\n",
            "b.py": "import a, cfg\ncfg.MODE = 'two'\n\n\ndef f(): return a.f()\n",
        },
        "import b; print(b.f())",
    ),
    forced(
        "everything forced: keep always star import",
        "from m import C\nc = C()\n\n\ndef f(): return c.v\n",
        "from a import *\ntry:\n    print(c.v)\nexcept NameError: print('gone')",
        keep_names="always",
    ),
    forced(
        "everything forced: keep always star import, of a file read in a with statement",
        "import json\nwith open('pyproject.toml') as file:\n    config = file.read()\n\n\ndef f(): return config\n",
        "from a import *\nprint(f())",
        keep_names="always",
    ),
    forced(
        "everything forced: sys.argv",
        "import sys\nargs = list(sys.argv)\n\n\ndef f():\n    sys.argv.append('x')\n    return args\n",
    ),
    forced(
        "everything forced: threading local/ident",
        "import threading\nme = threading.get_ident()\nmain = threading.current_thread().name\n\n\ndef f():\n    r = []\n    t = threading.Thread(target=lambda: r.append(main)); t.start(); t.join()\n    return r, me == threading.get_ident()\n",
    ),
    forced(
        "everything forced: pickle class by name",
        "import pickle, collections\nmk = collections.namedtuple\nN = mk('N', 'a')\n\n\ndef f(): return pickle.loads(pickle.dumps(N(1)))\n",
    ),
    proxy(
        "proxy: isinstance",
        "log = LogProxy()\n\n\ndef f(): return isinstance(log, LogProxy), log.total_changes\n",
    ),
    proxy("proxy: setattr own", "log = LogProxy()\n\n\ndef f():\n    log.mine = 4\n    return log.mine\n"),
    proxy(
        "proxy: getattr with extra methods",
        "class P2:\n    def __getattr__(self, name):\n        return getattr(get_log(), name)\n    def extra(self): return 'extra'\n\n\nlog = P2()\n\n\ndef f(): return log.extra()\n",
    ),
    proxy(
        "proxy: prefixing getattr",
        "class P2:\n    def __getattr__(self, name):\n        return getattr(get_log(), 'total_' + name)\n\n\nlog = P2()\n\n\ndef f(): return log.changes\n",
    ),
    proxy(
        "proxy: default getattr",
        "class P2:\n    def __getattr__(self, name):\n        return getattr(get_log(), name, 'none')\n\n\nlog = P2()\n\n\ndef f(): return log.nope\n",
    ),
    proxy(
        "proxy: inherits",
        "class Base:\n    total_changes = 'base'\n\n\nclass P2(Base):\n    def __getattr__(self, name):\n        return getattr(get_log(), name)\n\n\nlog = P2()\n\n\ndef f(): return log.total_changes\n",
    ),
    proxy(
        "proxy: class attr",
        "class P2:\n    total_changes = 'cls'\n\n    def __getattr__(self, name):\n        return getattr(get_log(), name)\n\n\nlog = P2()\n\n\ndef f(): return log.total_changes\n",
    ),
]


@pytest.mark.parametrize("program", BROKEN, ids=_name)
def test_broken_program_does_the_same(program: Program) -> None:
    program.check()


BROKEN_PATCHES = {
    "module name in patch.object": "@patch.object(b.__name__ and b, 'box')\ndef test(m):\n    assert b.f() is m\n",
    "list of paths": "PATHS = ['b.box', 'b.other']\n\n\ndef test(monkeypatch):\n    for p in PATHS: monkeypatch.setattr(p, 7)\n    assert b.f() == 7\n",
    "patch.multiple dict": "def test():\n    with patch.multiple('b', **{'box': 5}):\n        assert b.f() == 5\n",
    "patch.dict of f globals": "def test():\n    with patch.dict(b.f.__globals__, box=5):\n        assert b.f() == 5\n",
    "patch.dict str": "def test():\n    with patch.dict('b.__dict__', box=5):\n        assert b.f() == 5\n",
    "patch with walrus": "def test():\n    with patch('b.box', (v := [1])):\n        assert b.f() is v\n",
    "patch in sub process str": "import subprocess, sys\n\n\ndef test():\n    out = subprocess.run([sys.executable, '-c', 'from a import box; print(box.used)'], capture_output=True, text=True)\n    assert out.stdout == '0\\n'\n",
}


@pytest.mark.parametrize("test", BROKEN_PATCHES.values(), ids=list(BROKEN_PATCHES))
def test_broken_patch_follows_or_forbids_the_change(test: str) -> None:
    check({**PATCHING, "tests/test_b.py": f"{TEST_HEAD}\n\n{test}"}, run=RUN_TESTS)


UNSEEN = [
    consumer(
        "module kept in an attribute and written",
        "import a\n\n\nclass C:\n    def __init__(self, module): self.module = module\n\n    def put(self):\n        m = self.module\n        m.box = 5\n\n\ndef f():\n    C(a).put()\n    return a.box\n",
    ),
    consumer(
        "module passed by keyword and written",
        "import a\n\n\ndef g(*, module): module.box = 5\n\n\ndef f():\n    g(module=a)\n    return a.box\n",
    ),
    consumer(
        "module passed on and listed",
        "import a\n\n\ndef g(m): return 'box' in dir(m), 'box' in vars(m)\n\n\ndef f(): return g(a)\n",
    ),
    consumer(
        "module in a variable and its dictionary",
        "import a\nM = a\n\n\ndef f(): return M.__dict__['box'].used\n",
    ),
    consumer(
        "module in a variable set by computed name",
        "import a\n\n\ndef f(n='box'):\n    m = a\n    setattr(m, n, 5)\n    return a.box\n",
    ),
    consumer(
        "module in a variable deleted by name",
        "import a\n\n\ndef f():\n    m = a\n    delattr(m, 'box')\n    return hasattr(a, 'box')\n",
    ),
    consumer(
        "sys.modules get and set",
        "import sys, a\n\n\ndef f():\n    sys.modules.get('a').box = 5\n    return a.box\n",
    ),
    consumer(
        "import_module and set",
        "import importlib, a\n\n\ndef f():\n    m = importlib.import_module('a')\n    m.box = 5\n    return a.box\n",
    ),
    consumer(
        "eval with the names of the module",
        "import a\n\n\ndef f(): return eval('box.used', vars(a))\n",
    ),
    consumer(
        "eval of an attribute of the module",
        "import a\n\n\ndef f(): return eval('a.box.used + 1')\n",
    ),
    consumer(
        "exec into the frame of the module",
        "from a import box\n\n\ndef f():\n    d = {}\n    exec('def g(): return 3', d)\n    return d['g'](), sorted(n for n in dir() if n == 'box'), box.used\n",
    ),
    consumer(
        "code of several lines in a string",
        "CODE = '''\nimport a\nr = a.box.used\n'''\n\n\ndef f():\n    d = {}\n    exec(CODE, d)\n    return d['r']\n",
    ),
    consumer(
        "sub process",
        "import subprocess, sys\n\n\ndef f():\n    code = 'import sys; sys.path.insert(0, \".\"); from a import box; print(box.used)'\n    return subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout\n",
    ),
    consumer(
        "inspect of the frame of a function",
        "from a import box\nimport inspect\n\n\ndef f(): return inspect.currentframe().f_globals.get('box') is None, box.used\n",
    ),
    consumer(
        "globals of an imported function",
        "from a import own\n\n\ndef f(): return own.__globals__['box'].used\n",
    ),
    consumer(
        "all names of __all__ read in a function",
        "__all__ = ['box']\nfrom a import box\n\n\ndef f():\n    import b\n    return [type(getattr(b, n)).__name__ for n in __all__]\n",
    ),
    project(
        "import guarded two modules up",
        {
            "k.py": "import os\nKEY = os.environ['LZ_NO_SUCH_KEY']\n\n\ndef key(): return KEY\n",
            "m.py": "import k\n",
            "n.py": "from m import k\n",
            "b.py": "try:\n    import n\nexcept Exception:\n    n = None\n\n\ndef f(): return n.k.key() if n else 'none'\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "plugin imported by name under a guard",
        {
            "k.py": "import os\nKEY = os.environ['LZ_NO_SUCH_KEY']\n\n\ndef key(): return KEY\n",
            "b.py": "import importlib\n\n\ndef f():\n    try:\n        return importlib.import_module('k').key()\n    except KeyError:\n        return 'none'\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "plugin imported by name under a guard and used after it",
        {
            "k.py": "import os\nKEY = os.environ['LZ_NO_SUCH_KEY']\n\n\ndef key(): return KEY\n",
            "b.py": "import importlib\n\n\ndef f():\n    try:\n        k = importlib.import_module('k')\n    except KeyError:\n        return 'none'\n    return k.key()\n",
        },
        "import b; print(b.f())",
    ),
    owner(
        "Ellipsis out of a table",
        "TABLE = {'x': ...}\n\n\ndef mk():\n    print('made')\n    return open('pyproject.toml').read() and TABLE['x']\n\n\nbox = mk()\n\n\ndef f(): return box, box\n",
        "import a; x=a.f(); print(x)",
    ),
    owner(
        "Ellipsis out of a text",
        "import ast\nbox = ast.literal_eval(open('pyproject.toml').read() or '...')\n\n\ndef f(): return box, box\n",
        "import a; x=a.f(); print(x)",
    ),
    project(
        "the program uses Ellipsis for unset",
        {
            "m.py": "class Loader:\n    def __init__(self): self.text = open('pyproject.toml').read()\n    def load(self): return None\n\n\ndef mk():\n    return Loader().load()\n",
            "a.py": "from m import mk\nbox = mk()\n\n\ndef reset():\n    global box\n    box = ...\n\n\ndef f():\n    reset()\n    return box\n",
        },
        "import a; print(a.f())",
    ),
    project(
        "helper reads a name of a module that another sets",
        {
            "cfg.py": "class Cfg:\n    mode = 'one'\n",
            "h.py": "from cfg import Cfg\n\n\ndef load(): return open('pyproject.toml').read() + Cfg.mode\n",
            "a.py": "import h\nbox = h.load()\n\n\ndef f(): return box\n",
            "b.py": "import a, cfg\ncfg.Cfg.mode = 'two'\n\n\ndef f(): return a.f()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "function replaced from outside",
        {
            "h.py": "def load(): return open('pyproject.toml').read() + 'one'\n",
            "a.py": "import h\nbox = h.load()\n\n\ndef f(): return box\n",
            "b.py": "import a, h\nh.load = lambda: 'two'\n\n\ndef f(): return a.f()\n",
        },
        "import b; print(b.f())",
    ),
    project(
        "import path that the program changes",
        {
            "a.py": "import sys\nfrom box import Box\nbox = Box(list(sys.path))\n\n\ndef f():\n    sys.path.append('x')\n    return 'x' in box.value\n",
        },
        "import a; print(a.f())",
    ),
    proxy("proxy: class asked", "log = LogProxy()\n\n\ndef f(): return log.__class__.__name__\n"),
    proxy(
        "proxy: asked for its type elsewhere",
        "log = LogProxy()\n",
        "from a import log\n\n\ndef f(): return type(log).__name__\n",
        run="import b; print(b.f())",
    ),
    proxy(
        "proxy: other result first",
        "class P2:\n    def __getattr__(self, name):\n        if name == 'x':\n            return 1\n        return getattr(get_log(), name)\n\n\nlog = P2()\n\n\ndef f(): return log.x\n",
    ),
]


@pytest.mark.parametrize("program", UNSEEN, ids=_name)
def test_what_is_reached_unseen_does_the_same(program: Program) -> None:
    program.check()
