"""Programs that look for a package in `sys.modules`: an import that comes later would change what they find."""

import pytest

from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",)}
USER = "import fractions\nimport use\n\n\ndef half():\n    return fractions.Fraction(1, 2)\n"
RUN = "import app, use; print(use.go()); print(app.half())"
LOOKS = {
    "in": "import sys\n\n\ndef go():\n    return 'fractions' in sys.modules\n",
    "not in": "import sys\n\n\ndef go():\n    return 'fractions.sub' not in sys.modules, 'fractions' not in sys.modules\n",
    "get": "import sys\n\n\ndef go():\n    return sys.modules.get('fractions') is not None\n",
    "item": "import sys\n\n\ndef go():\n    return sys.modules['fractions'].__name__\n",
    "one of several": "import sys\n\n\ndef go():\n    return [n for n in ('fractions', 'wave') if n in sys.modules]\n",
    "a copy": "import sys\n\n\ndef go():\n    return 'fractions' in list(sys.modules)\n",
    "the table imported": "from sys import modules\n\n\ndef go():\n    return 'fractions' in modules\n",
    "another name of sys": "import sys as s\n\n\ndef go():\n    return 'fractions' in s.modules\n",
    "a constant": "import sys\n\nNAME = 'fractions'\n\n\ndef go():\n    return NAME in sys.modules\n",
    "a beginning": "import sys\n\n\ndef go():\n    return any(m.startswith('fractions') for m in sys.modules)\n",
    "when imported": "import sys\n\nFOUND = 'fractions' in sys.modules\n\n\ndef go():\n    return FOUND\n",
}
OTHERS = {
    "itself": "import sys\n\n\ndef go():\n    return sys.modules[__name__].__name__, 'fractions'\n",
    "other modules": "def go():\n    modules = ['fractions']\n    return 'fractions' in modules\n",
    "another package": "import sys\n\n\ndef go():\n    return 'wave' in sys.modules\n",
}


@pytest.mark.parametrize("use", LOOKS.values(), ids=LOOKS)
def test_who_looks_for_a_package_finds_what_it_found(use: str) -> None:
    files = {"app.py": USER, "use.py": use}
    check(files, flags=HEAVY, run=RUN)
    refused(files, because="use looks into sys.modules, and names fractions", flags=HEAVY)


@pytest.mark.parametrize("use", OTHERS.values(), ids=OTHERS)
def test_who_looks_for_something_else_is_no_reason(use: str) -> None:
    assert check({"app.py": USER, "use.py": use}, flags=HEAVY, run=RUN).plan.changes


def test_a_name_may_be_handed_to_who_looks() -> None:
    files = {
        "app.py": USER,
        "use.py": "from help import is_loaded\n\n\ndef go():\n    return is_loaded('fractions')\n",
        "help.py": "import sys\n\n\ndef is_loaded(name):\n    return name in sys.modules\n",
    }
    check(files, flags=HEAVY, run=RUN)
    because = "help looks into sys.modules, and use names fractions to it"
    refused(files, because=because, flags=HEAVY)


def test_what_an_import_of_the_projects_own_loads_may_be_looked_for() -> None:
    files = {
        "app.py": "import store\nimport use\n\n\ndef half():\n    return store.Half(1, 2)\n",
        "store.py": "import fractions\n\n\nclass Half(fractions.Fraction): ...\n",
        "use.py": "import sys\n\n\ndef go():\n    return 'fractions' in sys.modules\n",
    }
    flags = {**HEAVY, "select": ("LZ203",)}
    check(files, flags=flags, run=RUN)
    refused(files, because="use looks into sys.modules, and names fractions", flags=flags)


@pytest.mark.parametrize(("above", "moves"), [("", True), ("from . import sub\n", False)])
def test_a_package_that_looks_first_finds_nothing_of_what_is_below_it(above: str, *, moves: bool) -> None:
    files = {
        "pack/__init__.py": f"import sys\n\n{above}FOUND = 'fractions' in sys.modules\n",
        "pack/sub.py": "import fractions\n\n\ndef half():\n    return fractions.Fraction(1, 2)\n",
    }
    run = "import pack, pack.sub; print(pack.FOUND, pack.sub.half())"
    assert bool(check(files, flags=HEAVY, run=run).plan.changes) is moves
