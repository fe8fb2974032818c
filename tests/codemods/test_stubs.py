"""A stub beside a module is what type checkers read of it: names that it declares stay."""

import pytest

from lazify.testing import check, refused
from tests.codemods.test_singletons import BOX

A = "from box import Box\n\n_BoxOne = Box()\n\n\ndef own(): return _BoxOne.used\n"
OTHERS = {
    "another name": "def own() -> int: ...\n",
    "names by their beginnings": "_BoxOneMore: int\n_Box: int\n",
    "what it cannot tell": "def __getattr__(name: str) -> object: ...\n",
    "nothing": "",
}
OWN = {
    "the name": "from box import Box\n_BoxOne: Box\n",
    "the name in a function": "def own(box: int = _BoxOne) -> int: ...\n",
    "the name of its storage": "_box_one: int\n",
    "the name of its lock": "_box_one_lock: object\n",
    "the name of its getter": "def _get_box_one() -> int: ...\n",
    "names that it does not spell": "from box import *\n",
}


@pytest.mark.parametrize("stub", OTHERS.values(), ids=OTHERS.keys())
def test_a_stub_that_does_not_have_the_name_leaves_the_value_free(stub: str) -> None:
    outcome = check({"box.py": BOX, "a.py": A, "a.pyi": stub}, run="import a; print(a.own())")
    assert "def _get_box_one" in outcome.files["a.py"]


@pytest.mark.parametrize("stub", OWN.values(), ids=OWN.keys())
def test_a_stub_that_has_the_name_keeps_the_value(stub: str) -> None:
    refused({"box.py": BOX, "a.py": A, "a.pyi": stub}, because="the stub a.pyi declares _BoxOne")
