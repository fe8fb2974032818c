"""A name that was taken by `from` stays where the program replaces the original in its package."""

import pytest

from lazify.testing import check, refused

CODE = "from fractions import Fraction\n\n\ndef half():\n    return Fraction(1, 2)\n"
INSTALLS = {
    "by two texts": "import wrapt\n\n\ndef install(own):\n    wrapt.wrap_function_wrapper('fractions', 'Fraction', own)\n",
    "by a list": "import importlib\n\nNAMES = ['fractions:Fraction']\n\n\ndef install(own):\n    for each in NAMES:\n"
    "        owner, name = each.split(':')\n        setattr(importlib.import_module(owner), name, own)\n",
}


@pytest.mark.parametrize("install", INSTALLS.values(), ids=INSTALLS.keys())
def test_what_is_replaced_by_texts_is_taken_at_import(install: str) -> None:
    refused(
        {"m.py": CODE, "tracing.py": install},
        because="fractions.Fraction is replaced, which m does not see today",
        flags={"heavy": ("fractions",)},
    )


def test_a_list_of_names_without_setattr_replaces_nothing() -> None:
    files = {"m.py": CODE, "names.py": "NAMES = ['fractions:Fraction']\n\n\ndef show():\n    return NAMES\n"}
    assert check(files, flags={"heavy": ("fractions",)}, run="import m; print(m.half())").plan.changes
