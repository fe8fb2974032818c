"""A value whose making takes a lock is not made by somebody who holds it."""

import pytest

from lazify.testing import check, refused

HELD = "making it takes a lock that others hold"
LOAD = (
    "\n\ndef load():\n    with lock:\n        return open('pyproject.toml').read()\n\n\ntable = load()\n\n\n"
)
FIND = "def find():\n    with lock:\n        return table\n"
OF_CLASS = """
class Table:
    lock = threading.Lock()

    def __init__(self):
        with self.lock:
            self.text = open("pyproject.toml").read()


table = Table()


def find():
    with Table.lock:
        return table.text
"""
OWN = """
class Table:
    def __init__(self):
        self.lock = threading.Lock()
        self.load()

    def load(self):
        with self.lock:
            self.text = open("pyproject.toml").read()

    def get(self):
        with self.lock:
            return self.text


table = Table()


def find():
    return table.get()
"""
CONTEXT = """
from contextlib import contextmanager


@contextmanager
def locked():
    with lock:
        yield


def load():
    with locked():
        return open("pyproject.toml").read()


table = load()


def find():
    with locked():
        return table
"""
TAKEN = {
    "of a module": f"lock = threading.Lock(){LOAD}{FIND}",
    "by acquire": f"lock = threading.RLock(){LOAD}def find():\n    lock.acquire()\n    try: return table\n    finally: lock.release()\n",
    "of a class": OF_CLASS,
    "by who calls who asks": f"lock = threading.Lock(){LOAD}def get():\n    return table\n\n\ndef find():\n    with lock:\n        return get()\n",
    "handed over": f"lock = threading.Lock()\n{CONTEXT}",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN.keys())
def test_a_lock_that_others_hold_keeps_the_value(text: str) -> None:
    files = {"m.py": f"import threading\n\n{text}"}
    assert not check(files, run="import m; print(m.find())").plan.changes
    refused(files, because=HELD)


@pytest.mark.parametrize(
    "text",
    [
        OWN,
        f"lock = threading.Lock(){LOAD}def find():\n    return table\n",
        f"lock = threading.Lock(){LOAD}def find():\n    return table\n\n\ndef save():\n    with lock:\n        pass\n",
    ],
    ids=["made along with it", "that nobody else takes", "that others hold who do not ask"],
)
def test_a_lock_that_nobody_holds_does_not(text: str) -> None:
    assert check({"m.py": f"import threading\n\n{text}"}, run="import m; print(m.find())").plan.changes


def test_a_lock_of_another_module_is_the_same_lock() -> None:
    files = {
        "locks.py": "import threading\n\nlock = threading.Lock()\n",
        "m.py": f"from locks import lock{LOAD}",
        "b.py": f"import m\nfrom locks import lock\n\n\n{FIND.replace('table', 'm.table')}",
    }
    refused(files, because=HELD)
