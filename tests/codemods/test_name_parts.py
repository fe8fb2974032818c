"""Who sets a part of a module's name on another module registers a submodule, and no value of the same name."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

A = "from box import Box\n\ncrate = Box()\n\n\ndef own(): return crate.used\n"
MADE = "import sys, types\nimport a\n\nMADE = types.ModuleType({name!r})\n\n\n"
REGISTERS = "def f(module=MADE):\n    sys.modules[module.__name__] = module\n    name = module.__name__\n"
PLAIN = (
    f"{REGISTERS}    parent, _, last = name.rpartition('.')\n    setattr(sys.modules[parent], last, module)\n"
)
SETS = {
    "cut in three": PLAIN,
    "cut in two": f"{REGISTERS}    parent, last = name.rsplit('.', 1)\n    setattr(sys.modules[parent], last, module)\n",
    "cut at once": "def f(module=MADE):\n    parent, _, last = module.__name__.rpartition('.')\n"
    "    setattr(sys.modules[parent], last, module)\n",
    "handed in by Python": "class Loader:\n    def __init__(self, above): self.above = sys.modules[above]\n\n"
    "    def load_module(self, fullname):\n        last = fullname.rsplit('.', 1)[1]\n"
    "        setattr(self.above, last, MADE)\n        return MADE\n\n\n"
    "def f(above='a', whole=MADE.__name__): return Loader(above).load_module(whole)\n",
}
OTHERS = {
    "bound twice": PLAIN.replace("    setattr", "    last = last or 'cra' + 'te'\n    setattr"),
    "its whole bound twice": PLAIN.replace("    parent,", "    name = name or 'a.cra' + 'te'\n    parent,"),
    "bound by another function": PLAIN.replace(
        "    setattr", "    def g():\n        nonlocal last\n    setattr"
    ),
    "a name that is given": "def f(name='crate', module=None):\n    parent, _, last = name.rpartition('.')\n"
    "    setattr(sys.modules[parent or 'a'], last, module)\n",
    "the name of a function": "def crate(): ...\n\n\ndef f(module='a'):\n"
    "    setattr(sys.modules[module], crate.__name__.rpartition('.')[2], crate)\n",
    "the name of a function on a module": "def crate(): ...\n\n\ndef f(module='a'):\n"
    "    _, _, last = crate.__name__.rpartition('.')\n    setattr(sys.modules[module], last, crate)\n",
    "a method that nobody imports with": "class Loader:\n    def put(self, name, above='a'):\n"
    "        last = name.rsplit('.', 1)[-1]\n        setattr(sys.modules[above], last, None)\n\n\n"
    "def f(name='box'): return Loader().put(name)\n",
    "names that are listed": f"{PLAIN}\n\ndef names(module='a'): return [f'a.{{n}}' for n in dir(sys)]\n",
    "another thing of the module": PLAIN.replace(
        "= module.__name__\n    parent", "= module.__doc__\n    parent"
    ),
}


@pytest.mark.parametrize("sets", SETS.values(), ids=SETS.keys())
def test_a_module_is_registered_on_another_one(sets: str) -> None:
    files = {"box.py": BOX, "a.py": A, "b.py": MADE.format(name="a.sub") + sets}
    outcome = check(files, run="import a, b; b.f(); print(a.own(), a.sub.__name__)")
    assert "def get_crate" in outcome.files["a.py"]


@pytest.mark.parametrize("sets", SETS.values(), ids=SETS.keys())
def test_a_module_that_is_called_like_the_value_takes_its_place(sets: str) -> None:
    _kept({"a.py": A, "b.py": MADE.format(name="a.crate") + sets})


def test_a_part_of_a_name_that_another_file_spells_is_one() -> None:
    _kept({"a.py": A, "b.py": MADE.format(name="a.sub") + PLAIN, "c.py": "NAMES = ['crate']\n"})


def test_a_name_that_an_object_is_asked_for_is_no_part_of_one() -> None:
    asks = "class C:\n    crate = 3\n\n\ndef g():\n    'Ask for crate.'\n    return getattr(C, 'crate')\n"
    files = {"box.py": BOX, "a.py": A, "b.py": MADE.format(name="a.sub") + PLAIN, "c.py": asks}
    outcome = check(files, run="import a, b, c; b.f(); print(a.own(), c.g())")
    assert "def get_crate" in outcome.files["a.py"]


def test_a_submodule_that_is_called_like_the_value_is_one() -> None:
    program = MADE.format(name="p.sub").replace("import a\n", "import p.a\n") + PLAIN
    _kept({"p/__init__.py": "", "p/a.py": A, "q/__init__.py": "", "q/crate.py": "", "b.py": program})


@pytest.mark.parametrize("sets", OTHERS.values(), ids=OTHERS.keys())
def test_any_other_name_may_be_that_of_the_value(sets: str) -> None:
    _kept({"a.py": A, "b.py": MADE.format(name="a.sub") + sets})


def _kept(files: dict[str, str]) -> None:
    refused({"box.py": BOX, **files}, because="setattr may look into any module")
