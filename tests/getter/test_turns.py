"""What several pieces of code do with one object keeps its order."""

import pytest

from lazify.testing import check, refused

ORDER = "in an order that a getter would not keep"
SHARED = {
    "a generator of random numbers": "import random\n\nrng = random.Random(3)\nfirst = [rng.random(), open('pyproject.toml').read()]\n",
    "one that is handed on": (
        "import random\n\nrng = random.Random(3)\n\n\ndef draw(source):\n"
        "    return source.random(), open('pyproject.toml').read()\n\n\nfirst = draw(rng)\n"
    ),
    "a file": "rng = open('pyproject.toml')\nfirst = rng.readline()\n",
    "a file that is handed on": "rng = open('pyproject.toml')\nfirst = list(rng)\n",
    "a reader": "import csv\n\nrng = csv.reader(open('pyproject.toml'))\nfirst = list(rng)\n",
}


@pytest.mark.parametrize("text", SHARED.values(), ids=SHARED.keys())
def test_what_takes_its_turn_at_import_stays(text: str) -> None:
    use = "\n\ndef second():\n    return rng\n\n\ndef f():\n    return first\n"
    refused({"m.py": text + use}, because=ORDER, flags={"singleton": ("first",)})


def test_turns_are_taken_in_other_modules_too() -> None:
    files = {
        "seed.py": "import random\n\nrng = random.Random(3)\n",
        "m.py": "from seed import rng\n\nfirst = [rng.random(), open('pyproject.toml').read()]\n\n\ndef f():\n    return first[0]\n",
        "other.py": "import seed\n\n\ndef draw():\n    return seed.rng.random()\n",
    }
    assert not check(files, run="import m, other; print(other.draw(), m.f())").plan.changes
    refused(files, because=ORDER)


def test_an_object_that_nobody_else_uses_goes_along() -> None:
    text = "import random\n\nrng = random.Random(3)\nfirst = [rng.random(), open('pyproject.toml').read()]\n\n\ndef f():\n    return first\n"
    assert check({"m.py": text}, run="import m; print(m.f())").plan.changes


def test_what_finds_the_same_each_time_becomes_a_getter() -> None:
    text = (
        "import sqlite3\n\nclient = sqlite3.connect('x.db')\nadapter = client.cursor()\n\n\n"
        "def f():\n    return client.total_changes, adapter.rowcount\n"
    )
    assert check({"m.py": text}, run="import m; print(m.f())").plan.changes


CLASS = "\n\nclass Box:\n    def __init__(self):\n        self.text = open('pyproject.toml').read()\n        self.salt = {}\n\n\nbox = Box()\n\n\ndef f():\n    return box.salt\n"
DRAWS = {
    "a name": ("from seed import rng", "rng.random()"),
    "a module": ("import seed", "seed.rng.random()"),
    "a function": ("import seed", "seed.draw()"),
}


@pytest.mark.parametrize(("imported", "draws"), DRAWS.values(), ids=list(DRAWS))
def test_turns_that_a_constructor_takes_count(imported: str, draws: str) -> None:
    files = {
        "seed.py": "import random\n\nrng = random.Random(3)\n\n\ndef draw():\n    return rng.random()\n",
        "m.py": imported + CLASS.format(draws),
        "other.py": "import seed\n\n\ndef draw():\n    return seed.rng.random()\n",
    }
    check(files, run="import m, other; print(other.draw(), m.f())")
    refused(files, because=ORDER)


def test_what_only_the_making_draws_from_goes_along() -> None:
    text = (
        "import random\n\nrng = random.Random(3)\n\n\ndef make():\n    return open('pyproject.toml').read(), rng.random()\n\n\n"
        "box = make()\n\n\ndef f():\n    return box\n"
    )
    assert check({"m.py": text}, run="import m; print(m.f())").plan.changes


OPENED = {
    "an archive": (
        "import zipfile\n\nwith zipfile.ZipFile('a.zip', 'w') as new:\n    new.writestr('a', 'text')\n"
        "source = zipfile.ZipFile('a.zip')\nvalue = source.read('a')\n",
        "source.close()",
    ),
    "a stack of contexts": (
        "import contextlib\n\nsource = contextlib.ExitStack()\n"
        "value = source.enter_context(open('pyproject.toml')).read()\n",
        "source.close()",
    ),
    "a pool of threads": (
        "import concurrent.futures\n\nsource = concurrent.futures.ThreadPoolExecutor(1)\n"
        "value = source.submit(open, 'pyproject.toml')\n",
        "source.shutdown()",
    ),
}
FUNCTIONS = "\n\ndef stop():\n    {}\n\n\ndef f():\n    return value is not None\n"


@pytest.mark.parametrize(("text", "end"), OPENED.values(), ids=OPENED.keys())
def test_what_an_object_gave_before_it_was_closed_is_made_before(text: str, end: str) -> None:
    files = {"m.py": text + FUNCTIONS.format(end)}
    assert "value" not in str(check(files, run="import m; m.stop(); print(m.f())").plan.changes)
    refused(files, because="source, which making it calls, may be closed before somebody asks for it")


def test_an_object_may_be_closed_where_nobody_asks_any_more() -> None:
    text, end = OPENED["a stack of contexts"]
    files = {"m.py": f"import atexit\n{text}{FUNCTIONS.format(end)}\n\natexit.register(stop)\n"}
    assert check(files, run="import m; print(m.f())").plan.changes


def test_joining_texts_ends_nothing() -> None:
    text = "comma = ', '\nvalue = comma.join(open('pyproject.toml'))\n"
    files = {"m.py": text + FUNCTIONS.format("return comma.join('ab')")}
    assert check(files, run="import m; print(m.stop(), m.f())").plan.changes
