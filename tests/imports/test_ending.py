"""What runs when the program ends imports nothing by itself: some packages cannot be imported then."""

import pytest

from lazify.testing import check, refused

FLAGS = {"heavy": ("concurrent.futures", "fractions")}
HEAD = "import atexit\nimport weakref\n\nimport fractions\n\n\n"
BYE = "def bye():\n    print(fractions.Fraction(1, 2))\n\n\n"
OBJECT = """\
class Client:
    def __init__(self):
        {}

    def close(self):
        print(fractions.Fraction(1, 2))


CLIENT = Client()
"""


@pytest.mark.parametrize(
    "code",
    [
        BYE + "atexit.register(bye)\n",
        "@atexit.register\n" + BYE,
        BYE + "atexit.register(lambda: bye())\n",
        BYE + "def end():\n    bye()\n\n\natexit.register(end)\n",
        BYE + "class Kept: ...\n\n\nKEPT = Kept()\nweakref.finalize(KEPT, bye)\n",
        OBJECT.format("atexit.register(self.close)"),
        OBJECT.format("weakref.finalize(self, Client.close, None)"),
        "def setup():\n    def bye():\n        print(fractions.Fraction(1, 2))\n\n    atexit.register(bye)\n\n\nsetup()\n",
    ],
)
def test_a_function_that_runs_at_exit_keeps_its_imports_above(code: str) -> None:
    refused({"m.py": HEAD + code}, because="runs at exit, when fractions may not be importable", flags=FLAGS)


def test_another_module_may_register_it() -> None:
    main = "import atexit\nimport m\n\natexit.register(m.bye)\n"
    files = {"m.py": "import fractions\n\n\n" + BYE, "main.py": main}
    refused(files, because="bye runs at exit, when fractions may not be importable", flags=FLAGS)


def test_other_functions_import_what_they_use() -> None:
    code = HEAD + BYE + "def end(): ...\n\n\natexit.register(end)\n"
    assert check({"m.py": code}, run="import m; m.bye()", flags=FLAGS).plan.changes


def test_an_import_may_fail_at_exit() -> None:
    """In CPython 3.11: the heavy package is loaded in time, as it was before."""
    code = (
        "import atexit\n\nimport concurrent.futures.thread as threads\n\n\n"
        "def bye():\n    print(threads.ThreadPoolExecutor.__name__)\n\n\natexit.register(bye)\n"
    )
    assert not check({"m.py": code}, run="import m", flags=FLAGS).plan.changes
