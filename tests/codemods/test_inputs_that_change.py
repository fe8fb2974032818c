"""What a making reads and the program changes: read later, it would be something else."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

SIZED = "from box import Box\n\n\nclass Sized(Box):\n    size = 1\n\n    def __init__(self):\n        super().__init__()\n"
SIZED += "        self.n = self.size\n\n\nbox = Sized()\n"
MADE = (
    "from box import Box\n\n\nclass Maker:\n    def make(self): return Box().used\n\n\nbox = Maker().make()\n"
)
FUNCTION = "from box import Box\n\n\ndef make(): return Box().used\n\n\nbox = make()\n"
CACHED = "import functools\nfrom box import Box\n\n\n@functools.lru_cache\ndef make(): return Box()\n\n\nbox = make()\n"
CHANGED = {
    "a dictionary that a constructor reads, below": (
        "from box import Box\n\nconf = {'n': 1}\n\n\nclass C(Box):\n    def __init__(self):\n        super().__init__()\n"
        "        self.n = conf['n']\n\n\nbox = C()\nconf['n'] = 2\n",
        "",
        "is changed in place later",
    ),
    "an attribute of the class, by a function": (
        f"{SIZED}\n\ndef f():\n    Sized.size = 5\n    return box.n\n", "", "Sized.size, which it reads, is set by a function",
    ),
    "an attribute of the class, by another module's function": (
        SIZED, "\n\ndef g():\n    a.Sized.size = 5\n    return a.box.n\n", "Sized.size, which it reads, is set by a function",
    ),
    "methods of the class, one by one": (MADE, "for n in ('make',): setattr(a.Maker, n, lambda self: 5)\n", "is changed by b"),
    "a function of the module, by its name": (FUNCTION, "setattr(a, 'make', lambda: 5)\n", "is changed by b"),
    "what a cache remembers": (f"{CACHED}\n\ndef f(): make.cache_clear()\n", "", "is forgotten"),
    "how often a cache was asked": (f"{CACHED}\n\ndef f(): return make.cache_info().currsize\n", "", "was called is asked"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "other", "because"), CHANGED.values(), ids=CHANGED.keys())
def test_a_value_stays_where_its_making_reads_what_changes(text: str, other: str, because: str) -> None:
    refused(
        {"box.py": BOX, "a.py": text, "b.py": f"import a\n{other}\n\ndef h(): return a.box\n"},
        because=because,
    )


def test_what_was_changed_above_the_value_is_no_reason() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nconf = {}\nconf['n'] = 2\n\n\ndef make(): return Box(conf['n'])\n\n\n"
            "box = make()\n\n\ndef f(): return box.used\n",
        },
        run="import a; print(a.f())",
        flags={"select": ("LZ101", "LZ102")},
    )


def test_a_cache_that_nobody_clears_is_no_reason() -> None:
    check(
        {"box.py": BOX, "a.py": f"{CACHED}\n\ndef f(): return make() is box\n"}, run="import a; print(a.f())"
    )


def test_a_value_that_is_made_of_a_builtin_of_its_name_stays() -> None:
    refused(
        {"a.py": "list = list([1])\n\n\ndef f(): return list\n"},
        because="it is made of what list was before",
        flags={"singleton": ("*",)},
    )


@pytest.mark.parametrize(
    "program",
    ["from ns import a\n\n\ndef f(): return a.box.used\n", "import ns.a\nimport ns\n\n\ndef f(): return ns.a.box.used\n",
     "from ns.a import box\nfrom ns import a\n\n\ndef f(): return a.box is box\n"],
)  # fmt: skip
def test_modules_of_a_folder_without_init_are_followed(program: str) -> None:
    check(
        {"box.py": BOX, "ns/a.py": "from box import Box\n\nbox = Box()\n", "b.py": program},
        run="import b; print(b.f())",
    )


@pytest.mark.parametrize(
    "reading",
    [
        "csv.field_size_limit()",
        "csv.list_dialects()",
        "sys.getrecursionlimit()",
        "socket.getdefaulttimeout()",
    ],
)
def test_what_the_process_is_set_to_is_read_before_somebody_sets_it(reading: str) -> None:
    """As in sqlite-utils 4.2.1, which keeps the limit that it raises later."""
    module = reading.partition(".")[0]
    refused(
        {"limits.py": f"import {module}\n\nbefore = {reading}\n\n\ndef show():\n    return before\n"},
        because="",
        flags={"singleton": ("*",), "risky": True},
    )


@pytest.mark.parametrize(
    ("made", "read"),
    [
        ("contextvars.ContextVar('who', default='nobody')", "who.get()"),
        ("threading.local()", "getattr(who, 'name', 0)"),
    ],
)
def test_what_depends_on_who_asks_is_read_at_import(made: str, read: str) -> None:
    client = (
        f"class Client:\n    def __init__(self):\n        self.who = {read}, open('pyproject.toml').read()\n"
    )
    files = {
        "a.py": f"import contextvars\nimport threading\n\nwho = {made}\n",
        "b.py": f"from a import who\n\n\n{client}\n\nclient = Client()\n\n\ndef f():\n    return client.who\n",
    }
    refused(files, because="depends on who asks for it first")


@pytest.mark.parametrize(
    ("read", "write"),
    [
        ("open(STATE).read()", "open(a.STATE, 'w').write(text)"),
        ("pathlib.Path(STATE).read_text()", "pathlib.Path(a.STATE).write_text(text)"),
        ("PATH.read_text()", "a.PATH.write_text(text)"),
    ],
)
def test_a_file_that_the_program_writes_under_a_named_path_is_read_at_import(read: str, write: str) -> None:
    files = {
        "a.py": f"import pathlib\n\nSTATE = 'state.txt'\nPATH = pathlib.Path(STATE)\n\nbefore = {read}\n\n\ndef f():\n    return before\n",
        "b.py": f"import pathlib\nimport a\n\n\ndef save(text):\n    {write}\n",
        "state.txt": "old",
    }
    assert not check(files, run="import a, b; b.save('new'); print(a.f())").plan.changes


def test_a_class_is_changed_by_classes_far_below_it() -> None:
    """A class of a class that inherits from it names only its own base."""
    files = {
        "box.py": BOX,
        "a.py": "from box import Box\n\n\nclass Base(Box):\n    limit = 1\n\n    def __init__(self):\n        super().__init__()\n"
        "        self.n = self.limit\n\n\nbox = Base()\n\n\ndef f(): return box.n\n",
        "b.py": "import a\n\n\nclass Middle(a.Base):\n    pass\n",
        "c.py": "import b\n\n\nclass Low(b.Middle):\n    def lift(self):\n        super(type(self), type(self)).limit\n"
        "        type(self).__mro__[2].limit = 5\n\n    @classmethod\n    def set(cls):\n        cls.limit = 5\n",
    }
    refused(files, because="Base.limit, which it reads, is set by a function")


@pytest.mark.parametrize(
    "change", ["sizes.append(2)", "again.sizes.append(2)", "b.sizes.append(2)", "setattr(b, 'sizes', [2])"]
)
def test_a_change_elsewhere_counts_under_whatever_names_it_is_imported(change: str) -> None:
    files = {
        "box.py": BOX,
        "start.py": "SIZES = [1]\n",
        "b.py": "from start import SIZES as sizes\n",
        "a.py": "import b\nfrom b import sizes\nfrom box import Box\n\n\nclass C(Box):\n    def __init__(self):\n"
        "        super().__init__()\n        self.n = b.sizes[-1]\n\n\nbox = C()\n\n\ndef f(): return box.n\n",
        "c.py": f"import a\nimport b\nimport b as again\nfrom b import sizes\n\n{change}\n",
    }
    refused(files, because="changed")


FILLED = "from box import Box\n\n\nclass Sized(Box):\n    size = {}\n\n    def __init__(self):\n"
FILLED += "        super().__init__()\n        self.n = dict(self.size)\n"
FILLS = "from sized import Sized\n\nSized.size = {'n': 1}\n"
MAKES = "from sized import Sized\n\nbox = Sized()\n\n\ndef f(): return box.n\n"
DONE = {
    "imported above": {"a.py": f"import fills\n{MAKES}"},
    "imported with another": {"a.py": f"import more\n{MAKES}", "more.py": "import fills\n"},
    "imported with the package": {
        "p/__init__.py": "import fills\n",
        "p/m.py": "",
        "a.py": f"from p import m\n{MAKES}",
    },
}
NOT_DONE = {
    "imported below": {"a.py": f"{MAKES}\n\nimport fills\n"},
    "imported under a condition": {"a.py": f"import sys\n\nif 'fills' in sys.argv:\n    import fills\n{MAKES}"},
    "imported where that may fail": {"a.py": f"try:\n    import nothing, fills\nexcept ImportError: ...\n{MAKES}"},
    "imported by a function": {"a.py": f"def g(): import fills\n\n\n{MAKES}"},
    "imported by a function of what is imported": {"a.py": f"import more\n{MAKES}", "more.py": "def g(): import fills\n"},
    "imported for types": {"a.py": f"from typing import TYPE_CHECKING\nif TYPE_CHECKING: import fills\n{MAKES}"},
    "imported by the other": {"a.py": f"import fills\n{MAKES}", "fills.py": f"import a\n{FILLS}"},
    "imported by the other in a call": {
        "a.py": f"import fills\n{MAKES}", "fills.py": f"def g(): import a\n\n\ng()\n{FILLS}",
    },
    "imported by another module in a call": {
        "a.py": f"import fills\n{MAKES}", "fills.py": f"import more\nmore.g()\n{FILLS}", "more.py": "def g(): import a\n",
    },
    "imported by what a call imports": {
        "a.py": f"import fills\n{MAKES}", "fills.py": f"def g(): import more\n\n\ng()\n{FILLS}",
        "more.py": "def h(): import a\n\n\nh()\n",
    },
    "imported by a computed name": {
        "a.py": f"import fills\n{MAKES}",
        "fills.py": f"import importlib\n\n\ndef g(n): importlib.import_module(n)\n\n\ng('a'.lower())\n{FILLS}",
    },
    "imported by a computed name at once": {
        "a.py": f"import fills\n{MAKES}", "fills.py": f"import importlib\n\nimportlib.import_module('a'.lower())\n{FILLS}",
    },
    "imported by nobody": {"a.py": MAKES},
    "a function of what is imported": {
        "a.py": f"import fills\n{MAKES}", "fills.py": "from sized import Sized\n\n\ndef g(): Sized.size = {'n': 2}\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("files", DONE.values(), ids=DONE.keys())
def test_what_another_module_changed_before_is_no_reason(files: dict[str, str]) -> None:
    project = {"box.py": BOX, "sized.py": FILLED, "fills.py": FILLS, **files}
    outcome = check(project, run="import a, fills; print(a.f())")
    assert "def get_box" in outcome.files["a.py"]


@pytest.mark.parametrize("files", NOT_DONE.values(), ids=NOT_DONE.keys())
def test_what_another_module_may_change_later_keeps_the_value(files: dict[str, str]) -> None:
    refused({"box.py": BOX, "sized.py": FILLED, "fills.py": FILLS, **files}, because="which it reads, is ")


IN_BODIES = {
    "an attribute of a module": "class Reg:\n    conf.sizes = {'n': 7}\n",
    "the object": "class Reg:\n    conf.sizes['n'] = 7\n",
    "in a class in a class": "class Reg:\n    class Inner:\n        conf.sizes = {'n': 7}\n",
}


@pytest.mark.parametrize("body", IN_BODIES.values(), ids=IN_BODIES.keys())
def test_bodies_of_classes_run_at_import(body: str) -> None:
    files = {
        "box.py": BOX,
        "conf.py": "sizes = {'n': 1}\n",
        "a.py": "import conf\nfrom box import Box\n\n\nclass Sized(Box):\n    def __init__(self):\n        super().__init__()\n"
        "        self.n = dict(conf.sizes)\n\n\nbox = Sized()\n\n\ndef f(): return box.n\n",
        "b.py": f"import a\nimport conf\n\n\n{body}",
    }
    refused(files, because="sizes, which")


BELOW = {
    "in a function": "def make():\n    class Low(base.Base):\n        @classmethod\n        def add(cls): cls.known.append(5)\n",
    "in a class": "class Outer:\n    class Low(base.Base):\n        @classmethod\n        def add(cls): cls.known.append(5)\n",
    "of one in the function": "def make():\n    class Middle(base.Base): ...\n\n    class Low(Middle):\n"
    "        @classmethod\n        def add(cls): cls.known.append(5)\n",
}


@pytest.mark.parametrize("below", BELOW.values(), ids=BELOW.keys())
def test_a_class_is_changed_by_classes_that_stand_in_other_code(below: str) -> None:
    files = {
        "box.py": BOX,
        "base.py": "from box import Box\n\n\nclass Base(Box):\n    known = []\n\n    def __init__(self):\n"
        "        super().__init__()\n        self.n = list(self.known)\n",
        "a.py": "from base import Base\n\nbox = Base()\n\n\ndef f(): return box.n\n",
        "b.py": f"import base\n\n\n{below}",
    }
    refused(files, because="Base.known, which it reads, is set by a function")
