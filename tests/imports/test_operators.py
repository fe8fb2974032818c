"""LZ203: an operator in the body of a module may be answered by a method that others see something of."""

import pytest

from lazify.testing import check, refused

FLAGS = {"heavy": ("fractions",), "select": ("LZ203",)}
BASE = """
    HOOKS = []


    class Hook:
        def __or__(self, other):
            HOOKS.append(other)
            return self

        __ror__ = __or__

        def __invert__(self):
            global LAST
            LAST = self

        def __add__(self, other):
            return 1
    """
WAITING = "import base\nimport fractions\n\n{code}\nHALF = fractions.Fraction(1, 2)\n\n\ndef solve():\n    return str(HALF)\n"
MAIN = "import base\nimport waiting\n\n\ndef handler():\n    return waiting.solve()\n\n\ndef other():\n    return len(base.HOOKS)\n"


def files(code: str) -> dict[str, str]:
    return {"base.py": BASE, "waiting.py": WAITING.format(code=code), "main.py": MAIN}


@pytest.mark.parametrize(
    "code",
    [
        "BOTH = base.Hook() | 1",
        "class F(base.Hook):\n    A = base.Hook()\n\n\nBOTH = F.A | F.A\n",
        "hook = base.Hook()\nhook | 1",
        "hook = base.Hook()\nhook |= 1",
        "TABLE = {'a': base.Hook()}\nclass F:\n    A = [TABLE['a'] | 2]",
        "def f(x=base.Hook() | 2): ...",
        "BEFORE = ~base.Hook()",
    ],
)
def test_what_an_operator_does_to_others_is_done_in_time(code: str) -> None:
    check(files(code), flags=FLAGS, run="import main; print(main.other())")
    because = "importing waiting uses an operator that Hook.__"
    refused(files(code), because=because, flags=FLAGS)


@pytest.mark.parametrize(
    "code",
    [
        "THREE = base.Hook() + 2",
        "def f(x): return x | base.Hook()",
        "f = lambda: base.Hook() | 1",
        "ALL = 1 - 2",
    ],
)
def test_what_only_computes_may_come_later(code: str) -> None:
    assert check(files(code), flags=FLAGS, run="import main; print(main.other())").plan.changes
