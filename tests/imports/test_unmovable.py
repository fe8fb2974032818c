"""Heavy imports in forms that cannot move are findings, with the true reason."""

import pytest

from lazify.testing import refused, untouched

HEAVY = {"heavy": ("fractions",)}


@pytest.mark.parametrize(
    ("code", "because"),
    [
        ("from fractions import *\n", "import * brings names that only the installed package knows (m.py:1)"),
        (
            "class A:\n    import fractions\n",
            "the import makes fractions an attribute of the class A (m.py:2)",
        ),
        (
            "class A:\n    class B:\n        from fractions import Fraction\n",
            "an attribute of the class A.B (m.py:3)",
        ),
        (
            "from importlib import import_module\n\nfr = import_module('fractions')\n",
            "import_module() names the module by a string",
        ),
        ("fr = __import__('fractions')\n", "__import__() names the module by a string"),
    ],
)
def test_imports_that_no_function_can_make_are_reported(code: str, because: str) -> None:
    refused({"m.py": code}, because=because, flags=HEAVY)


@pytest.mark.parametrize(
    "code",
    [
        "from decimal import *\n",
        "def f():\n    class A:\n        import fractions\n    return A\n",
        "def f():\n    return __import__('fractions')\n",
        "import importlib\n\nif __name__ == '__main__':\n    importlib.import_module('fractions')\n",
        "from fractions import *  # lazify: ignore\n",
        "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from fractions import *\n",
        "def f(name):\n    import_module(name)\n",
    ],
)
def test_what_does_not_run_at_import_or_is_light_or_ignored_is_no_finding(code: str) -> None:
    untouched({"m.py": code}, flags=HEAVY)


def test_a_module_of_the_project_is_no_package_of_that_name() -> None:
    untouched(
        {"fractions.py": "", "m.py": "from fractions import *\nx = __import__('fractions')\n"}, flags=HEAVY
    )
