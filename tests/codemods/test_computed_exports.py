"""`__all__` that code makes: what `import *` asks for must be there, and what brought the value must bring the getter."""

import pytest

from lazify.testing import check, refused

STORE = "store = open('pyproject.toml').read()\n\n\ndef own(): return len(store)\n\n\n"
LIMIT = "LIMIT = len(open('pyproject.toml').read())\n\n\ndef own(): return LIMIT\n\n\n"
USER = "from a import *\n\n\ndef f(): return len(store)\n"


@pytest.mark.parametrize(
    "exports",
    [
        "__all__ = sorted({'store'})\n",
        "__all__ = ('own',) + tuple(map(str, ['store']))\n",
        "names = ['store']\n__all__ = ['own']\n__all__.extend(names)\n",
        "__all__ = []\nfor each in ('store', 'own'):\n    __all__.append(each)\n",
        "__all__ = ['own']\n__all__[0:0] = ['store']\n",
        "__all__ = []\n\n\ndef export(name):\n    __all__.append(name)\n\n\nexport('store')\n",
        "__all__ = [n for n in dir() if n.startswith('st')]\n",
    ],
)
def test_a_list_that_spells_the_value_where_no_edit_follows_keeps_it(exports: str) -> None:
    files = {"a.py": STORE + exports, "b.py": USER}
    outcome = refused(files, because="__all__ is computed, and import * asks for what it names (b.py:1)")
    assert not outcome.plan.changes
    check(files, run="import b; print(b.f())", flags={"singleton": ("*",), "keep_names": "always"})


def test_a_list_of_names_in_capitals_does_not_bring_the_getter() -> None:
    files = {
        "a.py": LIMIT + "__all__ = [n for n in dir() if n.isupper()]\n",
        "b.py": "from a import *\n\n\ndef f(): return LIMIT\n",
    }
    refused(files, because="__all__ is computed")


@pytest.mark.parametrize(
    "exports",
    [
        "__all__ = [n for n in dir() if n[0] != '_' and n not in ('one', 'two')]\n",
        "__all__ = ['store']\n\n\ndef export(function):\n    __all__.append(function.__name__)\n    return function\n\n\n"
        "export(own)\n",
        "import parts\n__all__ = ['store', *parts.__all__]\n",
        "from parts import __all__ as others\n__all__ = list(others) + ['store']\n",
    ],
)
def test_a_list_that_names_the_getter_as_it_named_the_value_changes_nothing(exports: str) -> None:
    files = {"a.py": STORE + exports, "parts.py": "__all__ = ['one']\none = 1\n", "b.py": USER}
    if "parts" in exports:
        files["a.py"] = f"from parts import one\n{files['a.py']}"
    assert check(files, run="import b; print(b.f())").plan.changes


def test_a_list_that_nobody_asks_for_with_a_star_may_be_computed() -> None:
    files = {
        "a.py": STORE + "__all__ = []\nfor each in ('own', 'other'):\n    __all__.append(each)\n",
        "b.py": "from a import store\n\n\ndef f(): return len(store)\n",
    }
    assert check(files, run="import b; print(b.f())").plan.changes


def test_a_list_that_another_module_adds_to_keeps_the_value() -> None:
    files = {
        "a.py": STORE + "__all__ = []\n",
        "c.py": "import a\na.__all__.append('store')\n",
        "b.py": "import c\n" + USER,
    }
    refused(files, because="__all__ of a, which import * asks for, is changed from outside")


def test_a_package_that_takes_what_its_parts_list_by_computed_names_keeps_the_value() -> None:
    package = (
        "import importlib, pkgutil\n__all__ = []\nfor info in pkgutil.iter_modules(__path__):\n"
        "    part = importlib.import_module('p.' + info.name)\n    for each in part.__all__:\n"
        "        globals()[each] = getattr(part, each)\n        __all__.append(each)\n"
    )
    files = {
        "p/__init__.py": package,
        "p/a.py": "__all__ = ['store']\n" + STORE,
        "b.py": "from p import *\n\n\ndef f(): return len(store)\n",
    }
    refused(files, because="__all__ is read, which names store")
    check(files, run="import b; print(b.f())")
