"""Imports under a context manager of the project that lets failures go: a value that is made later fails past it."""

import pytest

from lazify.testing import check, refused

DATA = "data = open('missing.txt').read()\n\n\ndef f(): return data\n"
GENERATOR = (
    "from contextlib import contextmanager\n\n\n@contextmanager\ndef optional():\n    try:\n        yield\n"
    "    except {caught}:\n        {then}\n"
)
EXIT = "class Optional:\n    def __enter__(self): ...\n\n    def __exit__(self, kind, value, trace):\n        return {value}\n"
RUN = """
try:
    import b
    print(b.g())
except OSError as error:
    print(type(error))
"""


def user(manager: str, made: str) -> dict[str, str]:
    return {
        "a.py": DATA,
        "opt.py": manager,
        "b.py": f"import opt\n\na = None\nwith opt.{made}:\n    import a\n\n\ndef g(): return a is None\n",
    }


@pytest.mark.parametrize(
    ("manager", "made"),
    [
        (GENERATOR.format(caught="OSError", then="pass"), "optional()"),
        (GENERATOR.format(caught="(ValueError, OSError)", then="print('left out')"), "optional()"),
        (EXIT.format(value="kind is not None and issubclass(kind, OSError)"), "Optional()"),
        (EXIT.format(value="True"), "Optional()"),
        (EXIT.format(value="True") + "\n\nclass Low(Optional): ...\n", "Low()"),
        (EXIT.format(value="True") + "\n\nheld = Optional()\n", "held"),
    ],
)
def test_a_manager_that_swallows_what_the_making_raises_keeps_the_value(manager: str, made: str) -> None:
    files = user(manager, made)
    refused(files, because="an import of the module is guarded, and a failure would come after it (b.py:5)")
    check(files, run=RUN)


@pytest.mark.parametrize(
    ("manager", "made"),
    [
        (GENERATOR.format(caught="OSError", then="raise"), "optional()"),
        (GENERATOR.format(caught="ImportError", then="pass"), "optional()"),
        (EXIT.format(value="None"), "Optional()"),
        (EXIT.format(value="kind is not None and issubclass(kind, ImportError)"), "Optional()"),
    ],
)
def test_a_manager_that_lets_it_through_changes_nothing(manager: str, made: str) -> None:
    outcome = check(user(manager, made), flags={"singleton": ("data",)})
    assert [change.title for change in outcome.plan.changes] == ["data becomes get_data()"]


def test_a_function_that_imports_under_such_a_manager_counts() -> None:
    files = {
        "a.py": DATA,
        "opt.py": GENERATOR.format(caught="Exception", then="pass"),
        "b.py": "from opt import optional\n\n\ndef g():\n    with optional():\n        import a\n        return a is None\n    return True\n",
    }
    refused(files, because="a failure would come after it (b.py:6)")
    check(files, run=RUN)
