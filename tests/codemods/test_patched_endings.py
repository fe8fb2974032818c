"""Tests that compute the module of what they patch, and spell the rest."""

import pytest

from lazify.testing import check, refused

MAIN = """

def limit(): return 5


class Client:
    def __init__(self):
        self.text = open("pyproject.toml").read()
        self.limit = limit()

    def size(self): return self.limit


client = Client()


def size(): return client.size()
"""
TEST = """
from unittest.mock import patch

import main as module


def test_size():
    with patch({path}, {new}):
        assert module.client and module.size() is not None
        print(module.size(), module.client.size())
    print(module.size())
"""
PATHS = {
    "of a module": 'f"{module.__name__}.other"',
    "of a class": 'f"{module.Client.__module__}.other"',
    "by addition": 'module.__name__ + ".other"',
    "of the test itself": 'f"{__name__}.other"',
    "by keyword": 'target=f"{module.__name__}.other"',
}


def patching(path: str, new: str = "5, create=True") -> str:
    return TEST.format(path=path, new="new=5, create=True" if path.startswith("target") else new)


@pytest.mark.parametrize("path", PATHS.values(), ids=list(PATHS))
def test_a_name_that_is_not_patched_is_made_later(path: str) -> None:
    outcome = check(
        {"pyproject.toml": "", "main.py": MAIN, "test_main.py": patching(path)},
        run="import test_main; test_main.test_size()",
    )
    assert [change.title for change in outcome.plan.changes] == ["client becomes get_client()"]


PATCHED = {
    "the name itself": ('f"{module.__name__}.client"', "module.Client()"),
    "an attribute of it": ('f"{module.__name__}.client.size"', "lambda: 7"),
    "by a path of which more is computed": ('f"{module.__name__}.{str(1)}client"', "5, create=True"),
    "by an object's own name": ('f"{module.Client.__qualname__}.client"', "5, create=True"),
}


@pytest.mark.parametrize(("path", "new"), PATCHED.values(), ids=list(PATCHED))
def test_a_name_that_may_be_patched_stays(path: str, new: str) -> None:
    refused(
        {"pyproject.toml": "", "main.py": MAIN, "test_main.py": patching(path, new)},
        because="a test that spells client patches computed paths",
    )


@pytest.mark.parametrize("path", ['f"{module.__name__}.limit"', 'f"{module.__name__}.Client.__init__"'])
def test_what_the_making_uses_may_be_patched_so(path: str) -> None:
    refused(
        {"pyproject.toml": "", "main.py": MAIN, "test_main.py": patching(path, "lambda: 7")},
        because="a test replaces",
    )
