"""A library that is handed a name takes modules of its users, unless it hands on what its own modules are called."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

LIBRARY = "[project]\nname = 'lib'\n\n[build-system]\nrequires = []\n"
STORE = "from box import Box\n\nbox = Box()\n\n\ndef own(): return box.used\n"
LOAD = "import sys\n\n\ndef found(name):\n    return vars(sys.modules[name])\n"
HEAD = "from lib import load, store\n\n\n"
FILES = {
    "pyproject.toml": LIBRARY,
    "box.py": BOX,
    "lib/__init__.py": "",
    "lib/store.py": STORE,
    "lib/load.py": LOAD,
}
VIA = LOAD + "\n\ndef via(cls): return found(cls.__module__)\n"
TOLD = {
    "the module itself": {
        "lib/store.py": f"{STORE}from lib import load\n\n\ndef f(): return load.found(__name__)\n"
    },
    "what it defines": {
        "lib/store.py": f"{STORE}from lib import load\n\n\ndef f(): return load.found(own.__module__)\n"
    },
    "its name": {"lib/use.py": f"{HEAD}def f(): return load.found(store.__name__)\n"},
    "another name of it": {
        "lib/use.py": "import lib.store as s\nfrom lib.load import found\n\n\ndef f():\n    m = s\n    return found(m.__name__)\n"
    },
    "what describes it": {"lib/use.py": f"{HEAD}def f(): return load.found(store.__spec__.name)\n"},
    "what is defined there": {"lib/use.py": f"{HEAD}def f(): return load.found(store.own.__module__)\n"},
    "what is handed in": {"lib/use.py": f"{HEAD}def f(g=store.own): return load.found(g.__module__)\n"},
    "what is asked for it": {
        "lib/use.py": f"{HEAD}def f(g=store.own): return load.found(getattr(g, '__module__', None))\n"
    },
    "a function that looks beside it": {
        "lib/load.py": VIA,
        "lib/use.py": f"{HEAD}def f(): return load.via(store.own)\n",
    },
    "a function with a variable": {
        "lib/load.py": "import sys\n\n\ndef of(cls):\n    name, _ = cls.__module__, 1\n    return vars(sys.modules[name])\n",
        "lib/use.py": f"{HEAD}def f(): return load.of(store.own)\n",
    },
    "an object that keeps it": {
        "lib/load.py": "import sys\n\n\ndef of(kept): return vars(sys.modules[kept.module])\n",
        "lib/use.py": f"{HEAD}class Kept:\n    def __init__(self, g): self.module = g.__module__\n\n\n"
        "def f(): return load.of(Kept(store.own))\n",
    },
    "a function by another name": {
        "lib/__init__.py": "from .load import found\n",
        "lib/use.py": "from lib import found, store\n\n\ndef f(): return found(store.own.__module__)\n",
    },
    "a module that is imported by name": {
        "lib/use.py": "import importlib\nfrom lib import load\n\n\ndef f():\n"
        "    m = importlib.import_module('lib.store')\n    return load.found(m.__name__)\n"
    },
    "the name that it is imported by": {
        "lib/use.py": "import importlib\nfrom lib import load\n\nNAME = 'lib.store'\n\n\n"
        "def f(): return importlib.import_module(NAME), load.found(NAME)\n"
    },
    "a function that is called like an import": {
        "lib/use.py": "from lib import load\n\n\ndef import_module(name): return load.found(name)\n\n\n"
        "def f(): return import_module('lib.store')\n"
    },
}
REGISTRY = "from lib.load import found\n\nKNOWN = []\n\n\ndef register(name): KNOWN.append(name)\n\n\n"
REGISTERED = f"from lib.registry import register\n{STORE}\n\nregister(__name__)\n"
KEPT = {
    "in a list": {"lib/registry.py": f"{REGISTRY}def f(): return [found(name) for name in KNOWN]\n"},
    "in a loop": {
        "lib/registry.py": f"{REGISTRY}def f():\n    for name in KNOWN:\n        return found(name)\n"
    },
    "as an item": {"lib/registry.py": f"{REGISTRY}def f(): return found(KNOWN[0])\n"},
}
SHOWN = {
    "in a text": "def f(g=len): return f'{g.__module__}.{g.__name__}', '%s' % g.__module__, load\n",
    "in a text with others": "def f(g=len): return '%s.%s' % (g.__module__, g.__name__), load\n",
    "compared": "def f(g=len): return g.__module__ == 'builtins', g.__module__.startswith('b'), load\n",
    "moved": "def f(g=len):\n    f.__module__ = g.__module__\n    return load\n",
    "imported by it": "import importlib\n\n\ndef f(): return importlib.import_module('lib.store').own(), load\n",
    "the name of a function": "def f(g=len): return load.found('sys')[g.__name__[:0] + 'byteorder'] and 3\n",
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD.keys())
def test_a_library_that_hands_on_the_name_of_a_module_may_look_into_it(told: dict[str, str]) -> None:
    refused(FILES | told, because="may look into any module")


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT.keys())
def test_a_name_that_another_file_keeps_may_come_to_the_place(kept: dict[str, str]) -> None:
    refused(FILES | {"lib/store.py": REGISTERED} | kept, because="may look into any module")


def test_subclasses_that_are_known_by_their_modules_tell_the_names() -> None:
    base = "class Base:\n    known = []\n\n    def __init_subclass__(cls): Base.known.append(cls.__module__)\n\n\n"
    registry = f"from lib.load import found\n\n\n{base}def f(): return [found(n) for n in Base.known]\n"
    store = f"from lib.registry import Base\n{STORE}\n\nclass Kept(Base): ...\n"
    refused(FILES | {"lib/store.py": store, "lib/registry.py": registry}, because="may look into any module")


def test_a_file_is_no_name_of_a_module() -> None:
    load = "import importlib.util as u\n\n\ndef found(path):\n    spec = u.spec_from_file_location('made', path)\n"
    load += "    made = u.module_from_spec(spec)\n    spec.loader.exec_module(made)\n    return vars(made)\n"
    use = "from lib import load\n\n\ndef f(g=len): return load.found(__file__)['SIZE'] + len(g.__module__)\n\n\nSIZE = 3\n"
    outcome = check(
        FILES | {"lib/load.py": load, "lib/use.py": use}, run="from lib import store; print(store.own())"
    )
    assert "def get_box" in outcome.files["lib/store.py"]


@pytest.mark.parametrize("shown", SHOWN.values(), ids=SHOWN.keys())
def test_a_name_that_is_only_shown_tells_nobody(shown: str) -> None:
    use = f"from lib import load\n\n\n{shown}"
    outcome = check(
        FILES | {"lib/use.py": use}, run="from lib import store, use; print(store.own(), use.f() and 3)"
    )
    assert "def get_box" in outcome.files["lib/store.py"]


def test_a_name_that_goes_elsewhere_tells_nobody() -> None:
    other = "def keep(name): return [name]\n\n\ndef f(g=len): return keep(g.__module__)\n"
    outcome = check(
        FILES | {"lib/use.py": other}, run="from lib import store, use; print(store.own(), use.f())"
    )
    assert "def get_box" in outcome.files["lib/store.py"]
