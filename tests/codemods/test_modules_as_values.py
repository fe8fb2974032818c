"""A module that is a value may be asked for any name: by `getattr`, which is served, or by its dictionary, which is not."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

A = "from box import Box\n\nbox = Box()\n\n\ndef own(): return box.used\n"
HEAD = "import importlib, inspect, operator, pkgutil, sys\nimport a\n\n\ndef f(n='a', k='bo'):\n    return "
SERVED = {
    "an attribute of a module from the table": "getattr(sys.modules[n], k + 'x').used",
    "an attribute of a module that is imported": "getattr(importlib.import_module(n), k + 'x').used",
    "an attribute by a getter": "operator.attrgetter(k + 'x')(importlib.import_module(n)).used",
    "an attribute by its path": "pkgutil.resolve_name(n + ':' + k + 'x').used",
    "an attribute by a function that is handed on": "[v.used for v in map(getattr, [sys.modules[n]], [k + 'x'])]",
}
KEPT = {
    "the dictionary of a module from the table": "vars(sys.modules[n])[k + 'x'].used",
    "the dictionary of a module that may be there": "(m := sys.modules.get(n)) and vars(m)[k + 'x'].used",
    "the dictionary of a module that is imported": "importlib.import_module(n).__dict__[k + 'x'].used",
    "dictionaries by a function that is handed on": "[d[k + 'x'] for d in map(vars, [sys.modules[n]])]",
    "the names of a module": "dir(sys.modules[n])",
    "the members of a module": "inspect.getmembers(sys.modules[n])",
    "every module": "[vars(m).get(k + 'x') for m in list(sys.modules.values())]",
    "a name that is set": "setattr(sys.modules[n], k + 'x', None)",
}
HANDED = "import importlib\nimport a\nimport b\n\nALL = [importlib.import_module(n) for n in ['' + 'a']]\nOWN = [a]\n"
HANDED += "\n\ndef load(n): return importlib.import_module(n)\n\n\ndef own(): return a\n"
HANDED += "\n\ndef call(n, k): return b.show(importlib.import_module(n), k)\n"
HANDED += "\n\nclass Keep:\n    def __init__(self, n):\n        self.module = importlib.import_module(n)\n"
ELSEWHERE = {
    "a result": "vars(h.load(n))[k + 'x']",
    "a result by way of another function": "vars(again(n))[k + 'x']",
    "a parameter": "h.call(n, k)",
    "an attribute": "vars(h.Keep(n).module)[k + 'x']",
    "the items of a list": "[vars(m)[k + 'x'] for m in h.ALL]",
    "a module that a function gives": "vars(h.own())['box']",
    "a module in a list": "vars(h.OWN[0])[k + 'x']",
    "a module that a call is given": "functools.partial(vars, h.a)()[k + 'x']",
}
MORE = "import functools\nimport h\n\n\ndef show(m, k): return vars(m)[k + 'x']\n\n\ndef again(n):\n    m = h.load(n)\n"
MORE += "    return m\n\n\n"
MORE += "def f(n='a', k='bo'):\n    return "
DEFINED = {
    "a default": ("def shown(k, m=a): return vars(m)[k]", "shown('box')"),
    "an attribute of an object that nobody has read": (
        "import types\nkept = types.SimpleNamespace(module=a)",
        "vars(kept.module)['box']",
    ),
    "a field": (
        "import dataclasses\n@dataclasses.dataclass\nclass Has:\n    module: object",
        "vars(Has(a).module)['box']",
    ),
    "a class that imports it": ("class Importing:\n    import a", "vars(Importing.a)['box']"),
    "a class that imports it under another name": (
        "class Importing:\n    import a as other",
        "vars(Importing().other)['box']",
    ),
    "a decorator": (
        "def mark(m):\n    def marked(f):\n        f.names = vars(m)\n        return f\n    return marked\n\n\n@mark(a)\ndef marked(): ...",
        "marked.names['box']",
    ),
}
FREE = {
    "a constant name of a constant module": "import sys\nimport a\n\n\ndef f(): return vars(sys.modules['a'])['own']()\n",
    "modules of another folder": "import importlib\n\n\ndef f(n='one'): return vars(importlib.import_module(f'plugins.{n}'))[n]\n",
    "modules below": "import importlib\n\n\ndef f(n='one'):\n    return vars(importlib.import_module('.' + n, 'plugins'))[n]\n",
    "an object of a class": "import sys\n\n\nclass C:\n    def __init__(self): self.one = 3\n\n\n"
    "def f(n='sys'): return vars(C())['on' + 'e'], sys.modules[n].byteorder\n",
    "another name that is set later": "import atexit\nimport a\n\n\n"
    "def f(): return atexit.register(setattr, a, 'other', 1) is setattr, a.own()\n",
    "another name that a test sets again": "import unittest\nimport a\n\n\ndef f():\n    case = unittest.TestCase()\n"
    "    case.addCleanup(setattr, a, 'other', 1)\n    case.doCleanups()\n    return a.other, a.own()\n",
    "what is only stored": "import sys\n\n\ndef f(n='none', k='on'):\n    sys.modules[n] = sys\n"
    "    return sys.modules.pop(n) is sys, vars(int).get(k)\n",
}


@pytest.mark.parametrize("asked", SERVED.values(), ids=SERVED.keys())
def test_an_attribute_of_any_module_is_served(asked: str) -> None:
    outcome = check({"box.py": BOX, "a.py": A, "b.py": HEAD + asked}, run="import b; print(b.f())")
    assert "def __getattr__" in outcome.files["a.py"]


@pytest.mark.parametrize("asked", KEPT.values(), ids=KEPT.keys())
def test_what_lists_any_module_keeps_the_values_of_all(asked: str) -> None:
    refused({"box.py": BOX, "a.py": A, "b.py": HEAD + asked}, because="may look into any module")


@pytest.mark.parametrize("asked", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_modules_are_followed_into_other_files(asked: str) -> None:
    files = {"box.py": BOX, "a.py": A, "h.py": HANDED, "b.py": MORE + asked}
    refused(files, because="may look into a")


@pytest.mark.parametrize(("defined", "asked"), DEFINED.values(), ids=DEFINED.keys())
def test_modules_are_followed_wherever_they_are_kept(defined: str, asked: str) -> None:
    imported = "" if "import a" in defined else "import a\n\n\n"
    text = f"{imported}{defined}\n\n\ndef f(): return {asked}.used\n"
    check({"box.py": BOX, "a.py": A, "b.py": text}, run="import b; print(b.f())")
    refused({"box.py": BOX, "a.py": A, "b.py": text}, because="vars may ")


@pytest.mark.parametrize("asked", ["Importing.a", "Importing().a", "Importing.other", "Importing().own()"])
def test_a_module_that_a_class_imports_is_asked_as_before(asked: str) -> None:
    text = f"class Importing:\n    import a\n    import a as other\n\n    def own(self): return self.a\n\n\ndef f(): return {asked}.box.used\n"
    outcome = check({"box.py": BOX, "a.py": A, "b.py": text}, run="import b; print(b.f())")
    assert "def __getattr__" in outcome.files["a.py"]


@pytest.mark.parametrize("program", FREE.values(), ids=FREE.keys())
def test_what_asks_other_things_leaves_the_value_free(program: str) -> None:
    plugin = {"plugins/__init__.py": "", "plugins/one.py": "one = 1\n"}
    check(
        {"box.py": BOX, "a.py": A, "b.py": program, **plugin},
        run="import a, b; print(b.f(), a.own())",
        flags={"select": ("LZ101",)},
    )


def test_the_star_import_of_another_module_that_binds_the_name_keeps_it() -> None:
    refused(
        {
            "box.py": BOX,
            "m.py": "box = 5\n",
            "a.py": "from box import Box\nfrom m import *\nbox = Box()\n\n\ndef own(): return box.used\n",
        },
        because="m gives box another value by *",
    )


@pytest.mark.parametrize(
    "handed",
    [
        "atexit.register(setattr, a, 'box', 1)",
        "atexit.register(setattr, a, *rest)",
        "atexit.register(setattr, a, **rest)",
        "atexit.register(setattr, a, name)",
        "functools.partial(setattr, a)",
        "run(setattr, a, 'other', 1)",
        "case.addCleanup(setattr, a, 'other', 1)",
        "list(map(setattr, [a], ['box'], [1]))",
    ],
)
def test_a_name_that_may_be_set_later_keeps_the_value(handed: str) -> None:
    text = f"import atexit, functools\nimport a\n\n\ndef f(run, case, name, rest): return {handed}\n"
    text += "\n\nclass Case:\n    def addCleanup(self, *given): given[0](a, given[2][:0] + 'box', 1)\n"
    refused({"box.py": BOX, "a.py": A, "b.py": text}, because="b hands on as a value")


def test_names_that_are_kept_for_everybody_are_listed_for_star_imports() -> None:
    outcome = check(
        {"box.py": BOX, "a.py": f"import os\n{A}"},
        flags={"keep_names": "always"},
        run="from a import *; print(box.used, own(), os.sep, sorted(n for n in globals() if n[0] != '_'))",
    )
    assert '__all__ = [\n    "Box",\n    "box",\n    "os",\n    "own",\n]\n' in outcome.files["a.py"]


@pytest.mark.parametrize(
    "more", ["try:\n    import nothing\nexcept ImportError: pass\n", "from os.path import *\n", "del own\n"]
)
def test_names_that_cannot_be_listed_keep_what_everybody_may_import(more: str) -> None:
    refused(
        {"box.py": BOX, "a.py": A + more},
        because="code outside the project may import *",
        flags={"keep_names": "always"},
    )


def test_what_is_made_of_the_variables_around_it_stays() -> None:
    program = (
        "import sys\n\n\ndef names(): return sorted(sys._getframe(1).f_locals)\n\n\nexec('def late(): ...')\n"
    )
    refused(
        {"a.py": program, "b.py": "import a\n\nfound = a.names()\n\n\ndef f(): return found\n"},
        because="making it reads variables of the code that it is made in",
        flags={"singleton": ("*",), "risky": True},
    )


REDUCED = "import copy, pickle\n\n\nclass Mark:\n    def __init__(self): open('pyproject.toml').close()\n"
REDUCED += "    def __reduce__(self): return {}\n\n\nMARK = Mark()\n\n\n"
REDUCED += "def f(): return pickle.loads(pickle.dumps(MARK)) is MARK, copy.deepcopy(MARK) is MARK\n"


@pytest.mark.parametrize("text", ["'MARK'", "'MA' + 'RK'"])
def test_what_pickle_knows_by_its_name_keeps_it(text: str) -> None:
    check({"a.py": REDUCED.format(text)}, run="import a; print(a.f())")


def test_any_name_is_looked_up_where_it_is_made_and_not_where_it_is_imported() -> None:
    takes = "from a import box\n\n\ndef own(): return box.used\n"
    files = {"box.py": BOX, "a.py": A, "c.py": takes, "b.py": f"{HEAD}getattr(sys.modules[n], k + 'x').used"}
    outcome = check(files, run="import b, c; print(b.f(), c.own())")
    assert "__getattr__" in outcome.files["a.py"]
    assert "__getattr__" not in outcome.files["c.py"]


def test_an_import_is_nothing_that_pickle_knows_by_its_name() -> None:
    code = "import fractions\n\n\nclass Mark:\n    def __reduce__(self): return 'MA' + 'RK'\n\n\nMARK = Mark()\n\n\n"
    code += "def f():\n    import copy\n    return copy.copy(MARK) is MARK, fractions.Fraction(1)\n"
    outcome = check({"a.py": code}, run="import a; print(a.f())", flags={"heavy": ("fractions",)})
    assert "__getattr__" not in outcome.files["a.py"]


REGISTERED = "import copyreg\nimport a\n\n\nclass Point: ...\n\n\ndef reduce(point): return {}\n\n\ndef name(n): return n\n\n\n"
REGISTERED += "{}\n\n\ndef f(): return a.own()\n"


def test_of_a_module_that_registers_reducers_only_these_give_names_to_pickle() -> None:
    point = REGISTERED.format("(Point, ())", "copyreg.pickle(Point, reduce)")
    outcome = check({"box.py": BOX, "a.py": A, "b.py": point}, run="import b; print(b.f())")
    assert "__getattr__" not in outcome.files["a.py"]
    for text, how in (("'bo' + 'x'", "reduce"), ("()", "name"), ("()", "[reduce][0]")):
        point = REGISTERED.format(text, f"copyreg.pickle(Point, {how})")
        outcome = check({"box.py": BOX, "a.py": A, "b.py": point}, run="import b; print(b.f())")
        assert ("__getattr__" in outcome.files["a.py"]) == (how != "reduce" or "bo" in text)


def test_a_name_in_an_example_of_another_module_is_served() -> None:
    example = 'import a\n\n\ndef f():\n    """\n    >>> from a import box\n    >>> box.used\n    0\n    """\n    return a.own()\n'
    check(
        {"box.py": BOX, "a.py": A, "b.py": example},
        run="import b, doctest; print(doctest.testmod(b), b.f())",
        flags={"select": ("LZ101",)},
    )


def test_a_module_that_is_loaded_again_keeps_what_others_have_taken_from_it() -> None:
    again = "import importlib\nimport a\nfrom a import box\n\n\ndef f():\n    importlib.reload(a)\n    return box is a.box\n"
    refused({"box.py": BOX, "a.py": A, "b.py": again}, because="loaded again here, and b keeps the first box")


def test_a_module_that_is_loaded_again_makes_its_value_again() -> None:
    again = "import importlib\nimport a\n\n\ndef f():\n    first = a.box\n    importlib.reload(a)\n    return first is a.box\n"
    check({"box.py": BOX, "a.py": A, "b.py": again}, run="import b; print(b.f())")


def test_a_name_beside_the_value_that_is_only_asked_for_on_the_module_keeps_both() -> None:
    refused(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\none = two = Box()\n",
            "b.py": "import importlib\n\n\ndef f():\n    from a import two\n"
            "    return two.used, importlib.import_module('a').one\n",
        },
        because="one is bound together with it",
    )


def test_names_for_everybody_are_made_lazy_at_once() -> None:
    outcome = check(
        {"box.py": BOX, "a.py": "from box import Box\n\nbox = Box()\nother = Box() if box else None\n"},
        flags={"keep_names": "always"},
        run="from a import *; print(box.used, other.used)",
    )
    assert "get_other" in outcome.files["a.py"]


def test_an_import_moves_though_code_elsewhere_asks_any_module_for_any_name() -> None:
    asks = "import importlib\n\n\ndef f(n='a', k='fractions'): return k in dir(importlib.import_module('' + n)) or k\n"
    check(
        {"a.py": "import fractions\n\n\ndef own(): return fractions.Fraction(1)\n", "b.py": asks},
        run="import a, b; print(a.own(), bool(b.f()))",
        flags={"heavy": ("fractions",)},
    )


def test_an_import_stays_where_its_module_is_handed_on_and_listed() -> None:
    lists = "import a\n\n\ndef g(): return a\n\n\ndef f(k='frac'): return k + 'tions' in vars(g())\n"
    refused(
        {"a.py": "import fractions\n\n\ndef own(): return fractions.Fraction(1)\n", "b.py": lists},
        because="may look into a, which b hands on as a value",
        flags={"heavy": ("fractions",), "select": ("LZ201",)},
    )


OUTER = "import importlib\nimport a\n\n\nclass Outer:\n    def __init__(self, n): self.keep = Keep(n)\n"
OUTER += "    def get(self): return self.keep.module\n"
KEEP = "class Keep:\n    def __init__(self, n): self.module = self.load(n)\n"
KEEP += "    def load(self, n): return importlib.import_module(n)\n"
SHOWN = "\n\ndef f(n='a', k='bo'): return vars(Outer(n).get())[k + 'x'].used\n"
TOWERS = {
    "above": {"b.py": f"{OUTER}\n\n{KEEP}{SHOWN}"},
    "below": {"b.py": f"import importlib\n\n\n{KEEP}\n\n{OUTER}{SHOWN}"},
    "elsewhere": {"b.py": f"from c import Keep\n{OUTER}{SHOWN}", "c.py": f"import importlib\n\n\n{KEEP}"},
}


@pytest.mark.parametrize("files", TOWERS.values(), ids=TOWERS.keys())
def test_a_module_is_followed_through_methods_and_attributes(files: dict[str, str]) -> None:
    refused({"box.py": BOX, "a.py": A, **files}, because="may look into any module")


LIBRARY = "[project]\nname = 'lib'\n\n[build-system]\nrequires = []\n"
LOADERS = {
    "a name that is put together": "[vars(import_module(LIB + '.' + kind)) for kind in ('store',)]",
    "a name that is joined": "[vars(import_module('.'.join((LIB, kind)))) for kind in ('store',)]",
    "a variable of the loop": "[vars(import_module(name)) for name in map((LIB + '.').__add__, ('store',))]",
}


@pytest.mark.parametrize("loading", LOADERS.values(), ids=LOADERS.keys())
def test_a_library_that_puts_names_together_takes_its_own_modules(loading: str) -> None:
    loader = f"from importlib import import_module\n\nLIB = 'lib'\n\n\ndef found():\n    return {loading}\n"
    refused(
        {
            "pyproject.toml": LIBRARY,
            "box.py": BOX,
            "lib/__init__.py": "",
            "lib/store.py": A,
            "lib/load.py": loader,
        },
        because="load.py",
    )


def test_a_library_that_is_handed_a_name_takes_modules_of_its_users() -> None:
    """As in flask 3.1.3, which spells "app" as the name of what it looks for."""
    loader = "import sys\n\nPLACES = ['store']\n\n\ndef found(name):\n    return vars(sys.modules[name])\n"
    files = {"pyproject.toml": LIBRARY, "box.py": BOX, "lib/__init__.py": "", "lib/store.py": A}
    assert check({**files, "lib/load.py": loader}).plan.changes


def test_a_library_that_is_handed_a_name_does_not_look_into_itself() -> None:
    """As in flask 3.1.3 and huey 3.5.4: what looks stands beside the value."""
    loader = "import logging, sys\n\nlog = logging.getLogger(__name__)\n\n\n"
    loader += "def found(name, key):\n    return vars(sys.modules[name])[key]\n\n\ndef f(g):\n    f.__module__ = g.__module__\n"
    files = {"pyproject.toml": LIBRARY, "box.py": BOX, "lib/__init__.py": "", "lib/store.py": A + loader}
    assert check(files, run="import box; from lib.store import found, own; print(found('box', 'Box'), own())")


@pytest.mark.parametrize(
    "told",
    [
        "def me(): return found(__name__, 'box')",
        "def me(): return found(own.__module__, 'box')",
        "def me(): return found(getattr(own, '__module__'), 'box')",
        "def me(): return found(own.__globals__['__na' + 'me__'], 'box')",
        "def me(): return found(__spec__.name, 'box')",
        "ME = 'lib.store'\n\n\ndef me(): return found(ME, 'box')",
        "class Own: ...\n\n\ndef me(): return [found(Own.__module__, n) for n in ('box',)]",
    ],
)
def test_a_library_that_knows_its_own_name_may_look_into_itself(told: str) -> None:
    loader = f"import sys\n\n\ndef found(name, key):\n    return vars(sys.modules[name])[key]\n\n\n{told}\n"
    files = {"pyproject.toml": LIBRARY, "box.py": BOX, "lib/__init__.py": "", "lib/store.py": A + loader}
    refused(files, because="sys.modules may look box up by its name")


HELD = "class Base:\n    def __init__(self, conf): self.conf = conf\n\n\n"
HOLDERS = {
    "its own constructor": ("class Holder:\n    def __init__(self, conf): self.conf = conf\n", "store"),
    "an inherited one": (f"{HELD}class Holder(Base): ...\n", "store"),
    "an inherited one, by the name": (f"{HELD}class Holder(Base): ...\n", "conf=store"),
    "one that passes it on": (
        f"{HELD}class Holder(Base):\n    def __init__(self, conf): super().__init__(conf)\n", "store",
    ),
    "all that it is given": (
        "class Holder:\n    def __init__(self, **given): self.__dict__.update(given)\n", "conf=store",
    ),
    "the making of the object": (
        "class Holder:\n    def __new__(cls, conf):\n        self = object.__new__(cls)\n        self.conf = conf\n"
        "        return self\n", "store",
    ),
    "fields": ("@dataclass\nclass Holder:\n    conf: object\n", "store"),
    "fields below a constructor": (f"{HELD}@dataclass\nclass Holder(Base):\n    conf: object\n", "store"),
    "fields of a tuple": ("class Holder(NamedTuple):\n    conf: object\n", "store"),
}  # fmt: skip


@pytest.mark.parametrize(("holder", "given"), HOLDERS.values(), ids=HOLDERS.keys())
def test_a_module_is_kept_by_whatever_makes_the_object(holder: str, given: str) -> None:
    imports = (
        "from dataclasses import dataclass\nfrom typing import NamedTuple\nimport look\nimport store\n\n\n"
    )
    files = {
        "store.py": "db = open('pyproject.toml').read()\n\n\ndef show():\n    return db\n",
        "look.py": "def look(holder, name):\n    return vars(holder.conf)[name]\n",
        "main.py": f"{imports}{holder}\n\ndef go(name):\n    return look.look(Holder({given}), name)\n",
    }
    outcome = check(files, run="import main; print(len(main.go('db')))")
    assert not outcome.plan.changes
