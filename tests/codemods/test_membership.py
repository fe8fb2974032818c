"""A function that only asks the table of modules what it contains takes no module from it."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

A = "from box import Box\n\ncrate = Box()\n\n\ndef own(): return crate.used\n"
ASKS = "import importlib, sys\nimport h\n\n\ndef f(name='none'):\n    h.not_in({asked})\n"
ASKS += "    return 'crate' in dir(importlib.import_module('h'))\n"
SEARCHES = {
    "compared": "def not_in(a, b): assert a not in b\n",
    "compared and shown": "def not_in(a, b, message=None):\n    'Say that a is no part of b.'\n"
    "    assert a not in b, message or '%r is in %r' % (a, len(b))\n",
    "shown": "def not_in(a, b):\n    assert not a in b, f'{a} {b}' + repr(b) + '%s %s' % (a, b)\n",
}
TAKES = {
    "an entry": "def not_in(a, b): return b[a]\n",
    "a part of a display": "def not_in(a, b): return a not in [b]\n",
    "what is sought": "def not_in(b, a): return b not in vars(a['a'])\n",
    "its variables": "def not_in(a, b):\n    assert a not in b\n    return locals()\n",
    "another name": "def not_in(a, b):\n    found = b\n    return a not in found\n",
    "a result": "def not_in(a, b): return a not in b or b\n",
    "bound anew": "def not_in(a, b):\n    b = b.copy()\n    assert a not in b\n",
    "one function of two": "def not_in(a, b): assert a not in b\n\n\ndef other(a, b): return b[a]\n\n\nnot_in = other\n",
    "decorated": "def shows(f): return lambda *given: vars(given[1]['a'])\n\n\n@shows\ndef not_in(a, b): assert a not in b\n",
    "one of all": "def not_in(*b): assert 'a' not in b\n",
}


@pytest.mark.parametrize("searches", SEARCHES.values(), ids=SEARCHES.keys())
def test_a_table_that_is_only_searched_leaves_values_free(searches: str) -> None:
    files = {"box.py": BOX, "a.py": A, "h.py": searches, "b.py": ASKS.format(asked="name, sys.modules")}
    outcome = check(files, run="import a, b; print(a.own(), b.f())")
    assert "def get_crate" in outcome.files["a.py"]


@pytest.mark.parametrize("takes", TAKES.values(), ids=TAKES.keys())
def test_a_table_that_a_function_may_take_from_keeps_them(takes: str) -> None:
    _kept({"h.py": takes, "b.py": ASKS.format(asked="name, sys.modules")})


@pytest.mark.parametrize("asked", ["*(name, sys.modules)", "b=sys.modules, a=name", "sys.modules, (name,)"])
def test_a_table_that_is_handed_in_by_another_way_keeps_them(asked: str) -> None:
    _kept({"h.py": SEARCHES["compared"], "b.py": ASKS.format(asked=asked)})


def _kept(files: dict[str, str]) -> None:
    refused({"box.py": BOX, "a.py": A, **files}, because="dir may look into any module")
