"""Former names in modules that have a `__getattr__` of their own: it serves one name more, or the change is refused."""

import pytest

from lazify.testing import check, refused, untouched
from tests.codemods.test_singletons import BOX

LIBRARY = '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "p"\n'
VALUE = "from box import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n\n\n"
OLD = '    if name == "old":\n        return f().used + 5\n    raise AttributeError(name)\n'
SERVED = "import a; from a import box, f; print(box is f(), a.box.used, a.old, hasattr(a, 'none'))"


@pytest.mark.parametrize(
    "own",
    [
        "def __getattr__(name):\n" + OLD,
        'def __getattr__(name: str) -> object:\n    """Serve an old name."""\n' + OLD,
        "def __getattr__(asked, /):\n" + OLD.replace("name", "asked"),
        "def __getattr__(name):\n    import math\n\n" + OLD,
        "OLDER = {'old': 5}\n\n\ndef __getattr__(name): return OLDER[name] if name in OLDER else getattr(f(), name)\n",
        "import typing as t\n\nif not t.TYPE_CHECKING:\n\n"
        + "".join(f"    {line}\n" for line in ("def __getattr__(name):\n" + OLD).splitlines()),
    ],
    ids=["plain", "documented", "another parameter", "imports", "one line", "not for type checkers"],
)
def test_the_function_that_a_module_has_is_asked_for_the_former_name_first(own: str) -> None:
    outcome = check({"pyproject.toml": LIBRARY, "box.py": BOX, "a.py": VALUE + own}, run=SERVED)

    text = outcome.files["a.py"]
    assert text.count("def __getattr__") == 1
    assert text.index('== "box"') < text.index("f()", text.index("def __getattr__"))


def test_a_package_serves_what_it_passes_on() -> None:
    outcome = check(
        {
            "pyproject.toml": LIBRARY,
            "p/__init__.py": "from .a import box as thing\n\n\ndef __getattr__(name):\n    if name == 'old':\n        return 4\n"
            "    raise AttributeError(name)\n",
            "p/boxes.py": BOX,
            "p/a.py": "from .boxes import Box\n\nbox = Box()\n\n\ndef f():\n    return box\n",
        },
        run="import p, p.a; print(p.old, p.thing is p.a.f() is p.a.box)",
    )

    assert outcome.files["p/__init__.py"].count("def __getattr__") == 1


def test_imports_and_values_of_one_module_are_served_by_one_function() -> None:
    outcome = check(
        {
            "pyproject.toml": LIBRARY,
            "box.py": BOX,
            "a.py": "import fractions\n\nfrom box import Box\n\n__all__ = ['box', 'f', 'fractions']\n\nbox = Box()\n\n\ndef f():\n    return fractions.Fraction(box.value)\n",
        },
        flags={"heavy": ("fractions",)},
        run="import a; print(a.f(), a.box.value, a.fractions.Fraction(2))",
    )

    text = outcome.files["a.py"]
    assert text.count("def __getattr__") == 1
    assert '"fractions"' in text
    assert '"box"' in text


@pytest.mark.parametrize(
    "own",
    [
        "__getattr__ = {}.get\n",
        "import functools\n\n\n@functools.cache\ndef __getattr__(name):\n" + OLD,
        "async def __getattr__(name):\n" + OLD,
        "def __getattr__(*names):\n    raise AttributeError(names)\n",
        "def __getattr__(name, depth=0):\n" + OLD,
        "import os\n\nif os.environ.get('OLD'):\n\n    def __getattr__(name): raise AttributeError(name)\n",
        "if f:\n\n    def __getattr__(name): raise AttributeError(name)\nelse:\n\n    def __getattr__(name): return 4\n",
        "def __getattr__(name):\n" + OLD + "\n\ndef __getattr__(name):\n    raise AttributeError(name)\n",
        "from functools import partial as __getattr__\n",
        "def __getattr__(name):\n    yield name\n",
    ],
    ids=[
        "assigned", "decorated", "async", "starred", "two parameters", "on a condition", "one of two", "bound twice",
        "imported", "generator",
    ],
)  # fmt: skip
def test_a_function_that_may_not_be_there_or_not_answer_serves_nothing(own: str) -> None:
    refused(
        {"pyproject.toml": LIBRARY, "box.py": BOX, "a.py": VALUE + own},
        because="box has to keep working and the module has a __getattr__ of its own",
    )


def test_flags_that_tell_whether_packages_are_there_stay_as_they_are_under_a_star() -> None:
    program = (
        "from importlib.util import find_spec\n\nTHERE = find_spec('abc') is not None and find_spec('xyz') is not None\n\n\n"
        "def f(): return THERE\n"
    )
    untouched({"a.py": program}, flags={"singleton": ("*",), "risky": True})
