"""Names that the making of a value mentions, and that are bound below it."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

PROXY = """
class Proxy:
    def __init__(self, find):
        self.text = open("pyproject.toml").read()
        self.find = find
"""


def test_a_lambda_that_runs_later_may_read_what_is_bound_below() -> None:
    check(
        {
            "box.py": PROXY,
            "a.py": "from box import Proxy\n\nproxy = Proxy(lambda: find(3))\n\n\ndef find(number): return number + 1\n\n\n"
            "def f(): return proxy.find()\n",
        },
        run="import a; print(a.f())",
    )


def test_an_annotation_may_name_what_is_bound_below() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nbox: 'Boxes' = Box()\n\n\nclass Boxes: ...\n\n\ndef f(): return box.used\n",
        },
        run="import a; print(a.f())",
    )


@pytest.mark.parametrize(
    "below",
    [
        "find = None\n\n\ndef g():\n    global find\n    find = int\n",
        "def find(number): return 1\n\n\nfind = int\n",
        "from box import find\n\n\ndel find\n",
    ],
    ids=["rebound by a function", "bound twice", "deleted again"],
)
def test_a_lambda_that_unknown_code_gets_and_whose_name_changes_below_keeps_the_value(below: str) -> None:
    program = f"from unknown import Proxy\n\nproxy = Proxy(lambda: find(3))\n\n\n{below}\n\ndef f(): return proxy.find()\n"
    refused(
        {"box.py": "\n\ndef find(number): ...\n", "a.py": program},
        because="find, which it reads, is",
        flags={"risky": True, "singleton": ("*",)},
    )


def test_a_lambda_that_the_making_runs_reads_what_is_not_there_yet() -> None:
    refused(
        {
            "box.py": "class Box:\n    def __init__(self, find):\n        self.text = open('pyproject.toml').read()\n"
            "        try:\n            self.found = find()\n        except NameError:\n            self.found = None\n",
            "a.py": "from box import Box\n\nbox = Box(lambda: find(3))\n\n\ndef find(number): return number\n\n\n"
            "def f(): return box.found\n",
        },
        because="find, which it reads, is bound again later",
    )


KEPT = "class Proxy:\n    def __init__(self, find):\n        self.text = open('pyproject.toml').read()\n        self.find = find\n"
RUN = KEPT + "        self.found = find()\n"
STREAM = (
    "import sys\nfrom box import Proxy\n\nproxy = Proxy(lambda: sys.argv)\n\n\ndef put(): sys.argv = ['put']\n\n\n"
    "def f(): return proxy.find()\n"
)


def test_a_lambda_for_later_may_read_what_functions_change() -> None:
    check({"box.py": KEPT, "a.py": STREAM}, run="import a; a.put(); print(a.f())")


def test_a_lambda_that_is_run_at_once_may_not() -> None:
    refused({"box.py": RUN, "a.py": STREAM}, because="sys.argv, which it reads, is changed by a")


def test_a_lambda_that_unknown_code_gets_may_not() -> None:
    refused(
        {"a.py": STREAM.replace("box", "unknown")},
        because="sys.argv, which it reads, is changed by a",
        flags={"risky": True, "singleton": ("*",)},
    )


@pytest.mark.parametrize(
    "value",
    [
        "sorted(rows(), key=lambda row: TABLE.get(row, 0))",
        "list(itertools.groupby(rows(), key=lambda row: TABLE.get(row)))",
        "collections.defaultdict(lambda: TABLE.get('a'), a=rows())['x']",
        "call(lambda: TABLE.get(rows()[0]))",
        "Table(lambda: TABLE.get(rows()[0]))['x']",
        "call(itertools.groupby(rows(), key=lambda row: TABLE.get(row)).__next__)",
    ],
)
def test_a_lambda_that_others_may_run_while_the_value_is_made_reads_what_is_there_now(value: str) -> None:
    refused(
        {
            "a.py": "import collections, itertools\n\nTABLE = {}\n\n\ndef rows(): return open('pyproject.toml').readlines()\n\n\n"
            "def call(make): return make()\n\n\nclass Table(collections.defaultdict): ...\n\n\n"
            f"x = {value}\nTABLE['a'] = 3\n\n\ndef f(): return x\n"
        },
        because="TABLE, which it reads, is changed in place later",
        flags={"singleton": ("x",)},
    )
