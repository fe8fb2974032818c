"""LZ201, LZ204: where heavy imports go, how everything follows, and what stays.

The programs run: modules of the standard library stand for heavy ones, by `--heavy`.
"""

import pytest

from lazify.errors import ConfigError
from lazify.testing import Outcome, check, refused, untouched

HEAVY = {"heavy": ("fractions", "statistics", "colorsys", "xml", "wave")}


def moved(
    before: dict[str, str], after: dict[str, str] | None = None, *, run: str | None = None, **flags: object
) -> Outcome:
    outcome = check(before, after, flags={**HEAVY, **flags}, run=run)
    assert outcome.plan.changes, [refusal.reason for refusal in outcome.plan.refusals]
    return outcome


def stays(before: dict[str, str], because: str, **flags: object) -> None:
    refused(before, because=because, flags={**HEAVY, **flags})


def test_the_import_goes_below_the_docstring_of_each_function_that_uses_it() -> None:
    moved(
        {
            "m.py": '''
                import fractions
                import os


                def half():
                    """Give one half."""
                    return fractions.Fraction(1, 2)


                async def third():
                    # a comment
                    return fractions.Fraction(1, 3)


                def folder():
                    return os.sep
                '''
        },
        {
            "m.py": '''
                import os


                def half():
                    """Give one half."""
                    import fractions

                    return fractions.Fraction(1, 2)


                async def third():
                    import fractions

                    # a comment
                    return fractions.Fraction(1, 3)


                def folder():
                    return os.sep
                '''
        },
        run="import m, asyncio; print(m.half(), asyncio.run(m.third()), m.folder())",
    )


def test_one_line_bodies_open_up() -> None:
    moved(
        {"m.py": "import fractions\n\n\ndef half(): return fractions.Fraction(1, 2)\n"},
        {"m.py": "def half():\n    import fractions\n\n    return fractions.Fraction(1, 2)\n"},
        run="import m; print(m.half())",
    )


def test_what_a_file_imports_twice_is_imported_once_in_a_function() -> None:
    twice = (
        "import fractions\nfrom wave import Error\nimport os\n\nimport fractions\nfrom wave import Error\n"
    )
    function = "def half():\n{}    return fractions.Fraction(1, 2), os.sep, Error.__name__\n"
    moved(
        {"m.py": f"{twice}\n\n{function.format('')}"},
        {"m.py": "import os\n\n\n" + function.format("    import fractions\n    from wave import Error\n\n")},
        run="import m; print(m.half())",
    )


def test_nested_functions_share_the_nearest_common_one() -> None:
    outcome = moved(
        {
            "m.py": """
                import fractions


                def outer():
                    def one():
                        return fractions.Fraction(1, 2)

                    def other():
                        return [fractions.Fraction(i, 2) for i in range(2)]

                    return one, other


                def factory():
                    def inner():
                        return fractions.Fraction(1, 3)

                    return inner
                """
        },
        run="import m; print([f() for f in m.outer()], m.factory()())",
    )
    assert outcome.files["m.py"].count("import fractions") == 2
    assert "def outer():\n    import fractions\n" in outcome.files["m.py"]
    assert "    def inner():\n        import fractions\n" in outcome.files["m.py"]


def test_methods_properties_generators_and_lambdas_inside_functions() -> None:
    moved(
        {
            "m.py": """
                from fractions import Fraction as F


                class Box:
                    @property
                    def half(self):
                        return F(1, 2)

                    @classmethod
                    def third(cls): return F(1, 3)

                    def all(self):
                        yield from (F(1, i) for i in range(1, 4))

                    def later(self):
                        return lambda: F(1, 5)

                    def local(self):
                        class Inner:
                            value = F(1, 6)
                            values = [F(1, i) for i in (7, 8)]
                        return Inner.value, Inner.values
                """
        },
        run="import m; b = m.Box(); print(b.half, b.third(), list(b.all()), b.later()(), b.local())",
    )


def test_a_statement_with_several_imports_splits() -> None:
    moved(
        {"m.py": "import os, fractions\n\n\ndef half():\n    return fractions.Fraction(1, 2), os.sep\n"},
        {
            "m.py": "import os\n\n\ndef half():\n    import fractions\n\n    return fractions.Fraction(1, 2), os.sep\n"
        },
        run="import m; print(m.half())",
    )


def test_names_of_one_module_share_a_line_and_comments_go_along() -> None:
    moved(
        {
            "m.py": """
                from statistics import variance, NormalDist  # type: ignore
                from statistics import (
                    mean,
                    median,  # the middle
                    stdev,
                )
                import wave  # noqa: A001


                def both(values):
                    return mean(values), stdev(values), variance(values), NormalDist.__name__


                def middle(values):
                    return median(values), wave.Error
                """
        },
        {
            "m.py": """
                def both(values):
                    from statistics import variance, NormalDist  # type: ignore
                    from statistics import mean, stdev

                    return mean(values), stdev(values), variance(values), NormalDist.__name__


                def middle(values):
                    import wave  # noqa: A001
                    from statistics import median  # the middle

                    return median(values), wave.Error
                """
        },
        run="import m; print(m.both([1, 2, 6]), m.middle([1, 2, 6]))",
    )


def test_a_comment_of_its_own_goes_along_and_a_heading_stays() -> None:
    moved(
        {
            "m.py": """
                import os

                # exact numbers
                import fractions

                # sounds and colours
                import wave
                import json


                def f():
                    return fractions.Fraction(1, 2), wave.Error, json.dumps(os.sep)
                """
        },
        {
            "m.py": """
                import os

                # sounds and colours
                import json


                def f():
                    # exact numbers
                    import fractions
                    import wave

                    return fractions.Fraction(1, 2), wave.Error, json.dumps(os.sep)
                """
        },
        run="import m; print(m.f())",
    )


def test_a_heading_stays_while_imports_stand_below_it() -> None:
    """As `# import webrtcvad` in TTS 0.22.0, which looks like one."""
    moved(
        {
            "m.py": """
                import os

                # third-party
                import fractions
                import json

                # local
                import wave


                def f():
                    return fractions.Fraction(1, 2), wave.Error, json.dumps(os.sep)
                """
        },
        {
            "m.py": """
                import os

                # third-party
                import json


                def f():
                    import fractions
                    import wave

                    return fractions.Fraction(1, 2), wave.Error, json.dumps(os.sep)
                """
        },
        run="import m; print(m.f())",
    )


def test_an_import_of_a_submodule_still_binds_its_package() -> None:
    moved(
        {
            "m.py": """
                import xml.sax
                import xml.dom.minidom


                def parse(text):
                    return xml.dom.minidom.parseString(text).documentElement.tagName


                def package():
                    return xml.__name__
                """
        },
        run="import m; print(m.parse('<a/>'), m.package())",
    )


def test_a_package_that_brings_its_submodules_for_others_stays() -> None:
    stays(
        {
            "m.py": "import xml.dom.minidom\n\n\ndef f():\n    return xml.dom.minidom.parseString\n",
            "n.py": "import xml\n\n\ndef g():\n    return xml.dom.minidom\n",
        },
        "n uses xml.dom and does not import it",
        heavy=("xml.dom",),
    )


def test_modules_that_took_the_name_take_it_from_its_origin() -> None:
    moved(
        {
            "m.py": "import fractions\nfrom statistics import mean\n\nSIZE = 1\n\n\ndef f():\n    return fractions.Fraction(1), mean([1])\n",
            "n.py": "from m import SIZE, fractions as fr, mean\n\nHALF = fr.Fraction(1, 2)\n\n\ndef g():\n    return mean([SIZE, 2])\n",
            "o.py": "import m\n\n\ndef h():\n    return m.fractions.Fraction(3), m.SIZE\n",
        },
        {
            "m.py": "SIZE = 1\n\n\ndef f():\n    import fractions\n    from statistics import mean\n\n"
            "    return fractions.Fraction(1), mean([1])\n",
            "n.py": "import fractions as fr\n\nfrom m import SIZE\n\nHALF = fr.Fraction(1, 2)\n\n\ndef g():\n"
            "    from statistics import mean\n\n    return mean([SIZE, 2])\n",
            "o.py": "import m\n\n\ndef h():\n    import fractions\n\n    return fractions.Fraction(3), m.SIZE\n",
        },
        run="import m, n, o; print(m.f(), n.HALF, n.g(), o.h())",
    )


def test_a_module_that_is_only_run_by_such_an_import_keeps_it() -> None:
    stays(
        {
            "m.py": "import atexit\nimport fractions\n\natexit.register(print, 'end')\n\n\ndef f():\n    return fractions.Fraction(1)\n",
            "n.py": "from m import fractions\n\nHALF = fractions.Fraction(1, 2)\n",
        },
        "importing m has something done at exit",
    )


def test_exported_names_are_still_answered_for() -> None:
    outcome = moved(
        {
            "pkg/__init__.py": '__all__ = ["Fraction", "f"]\nfrom fractions import Fraction\n\n\ndef f():\n    return Fraction(1)\n',
            "use.py": "import pkg\n\n\ndef g():\n    return getattr(pkg, 'Frac' + 'tion')\n",
        },
        run="import pkg, use; print(pkg.f(), use.g(), pkg.Fraction); from pkg import *; print(Fraction)",
    )
    assert "def __getattr__(name: str):" in outcome.files["pkg/__init__.py"]
    assert "if TYPE_CHECKING:\n    from fractions import Fraction\n" in outcome.files["pkg/__init__.py"]


def test_what_others_take_only_by_computed_names_is_nothing_for_type_checkers() -> None:
    outcome = moved(
        {
            "m.py": "from fractions import Fraction\n\n\ndef f():\n    return Fraction(1)\n",
            "use.py": "import m\n\n\ndef g():\n    return getattr(m, 'Frac' + 'tion')\n",
        },
        run="import m, use; print(m.f(), use.g())",
    )
    assert "__getattr__" in outcome.files["m.py"]
    assert "TYPE_CHECKING" not in outcome.files["m.py"]


def test_a_library_answers_for_what_pep_8_calls_public() -> None:
    library = '[project]\nname = "pkg"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n'
    outcome = moved(
        {
            "pyproject.toml": library,
            "pkg/__init__.py": "from .core import f\nfrom fractions import Fraction\n\n\ndef g():\n    return Fraction(2)\n",
            "pkg/core.py": "from fractions import Fraction\n\n\ndef f():\n    return Fraction(1)\n",
        },
        run="import pkg; print(pkg.f(), pkg.Fraction(3), pkg.g())",
    )
    assert "__getattr__" in outcome.files["pkg/__init__.py"]
    assert "TYPE_CHECKING" not in outcome.files["pkg/__init__.py"]  # linters would say that nothing uses it
    assert "__getattr__" not in outcome.files["pkg/core.py"]


def test_keep_names_never_refuses_what_has_to_be_kept() -> None:
    stays(
        {
            "m.py": '__all__ = ["Fraction", "f"]\nfrom fractions import Fraction\n\n\ndef f():\n    return Fraction(1)\n'
        },
        "--keep-names never forbids",
        keep_names="never",
    )


def test_tests_that_patch_through_the_module_patch_the_origin() -> None:
    outcome = moved(
        {
            "m.py": "import statistics as st\n\n\ndef f():\n    return st.mean([1, 2])\n",
            "test_m.py": """
                from unittest.mock import patch

                import m


                def test_f():
                    with patch("m.st.mean", return_value=7):
                        assert m.f() == 7
                    with patch.object(m.st, "mean", return_value=8):
                        assert m.f() == 8
                """,
        },
        run="import test_m; test_m.test_f()",
    )
    assert 'patch("statistics.mean", return_value=7)' in outcome.files["test_m.py"]


@pytest.mark.parametrize(
    ("program", "because"),
    [
        (
            "import fractions\nclass A(fractions.Fraction): ...\n",
            "the class at m.py:2 needs fractions.Fraction",
        ),
        (
            "import fractions\n@fractions.wraps\ndef f(): ...\n",
            "the decorator at m.py:2 needs fractions.wraps",
        ),
        ("import fractions\ndef f(x=fractions.Fraction(1)): ...\n", "the default value at m.py:2"),
        ("import fractions\nclass A:\n    x = fractions.Fraction(1)\n", "the class body at m.py:3"),
        ("import fractions\nX = [fractions.Fraction(i) for i in (1,)]\n", "the statement at m.py:2"),
        ("import fractions\nX = (fractions.Fraction(i) for i in (1,))\n", "the statement at m.py:2"),
        ("import fractions\nf = lambda: fractions.Fraction(1)\n", "the lambda at m.py:2"),
        ("import fractions\ndef f(): return fractions\nX = f()\n", "runs at import and needs fractions"),
        ("import fractions\ndef f(): return fractions\ndel fractions\n", "fractions is bound again"),
        ("import fractions\ndef f(): return fractions\nfractions = 1\n", "fractions is bound again"),
        (
            "import fractions\ndef f():\n    global fractions\n    return fractions\n",
            "declares fractions global",
        ),
        ("import fractions\ndef f(x): return fractions, eval(x)\n", "eval may look fractions up"),
        (
            "import fractions\ndef f(): return fractions\ndef g(): return globals()['frac' + 'tions']\n",
            "globals may",
        ),
        ("import fractions\ndef f(): return fractions, locals()\n", "locals() would find fractions"),
        (
            "import fractions\ndef f():\n    class A:\n        fractions = fractions.Fraction\n    return A\n",
            "a class body binds",
        ),
        (
            "import fractions\nclass A:\n    def __del__(self): fractions.Fraction(1)\n",
            "__del__ uses fractions",
        ),
        ("import fractions\n", "nothing uses fractions"),
        (
            "import sys\nif sys.platform:\n    import fractions\ndef f(): return fractions\n",
            "depends on something",
        ),
        (
            "from fractions import *\nimport fractions\nfrom decimal import *\ndef f(): return fractions\n",
            "import * may bind",
        ),
        (
            "import sys\nimport fractions\nsys.path.insert(0, 'x')\ndef f(): return fractions\n",
            "where modules are found is",
        ),
        (
            "import os\nimport fractions\nos.environ['X'] = 'y'\ndef f(): return fractions\n",
            "the environment is changed",
        ),
        (
            "import fractions\ndef f():\n    '''\n    >>> fractions.Fraction(1)\n    '''\n    return fractions\n",
            "a doctest uses",
        ),
        (
            "import fractions\nfrom numba import njit\n@njit\ndef f(): return fractions\n",
            "numba.njit compiles",
        ),
        (
            "import fractions\nasync def __getattr__(name): ...\n__all__ = ['fractions']\n",
            "a __getattr__ of its own",
        ),
        (
            "import fractions\ndef f(): return fractions\n__all__ = sorted(['f'])\n",
            "__all__ is computed",
        ),
    ],
)
def test_what_something_needs_at_import_or_finds_by_its_name_stays(program: str, because: str) -> None:
    stays({"m.py": program}, because)


@pytest.mark.parametrize(
    ("others", "because"),
    [
        ({"n.py": "from m import *\n\n\ndef g():\n    return fractions\n"}, "takes fractions by import *"),
        ({"n.py": "try:\n    import m\nexcept ImportError:\n    m = None\n"}, "expects that importing this module may fail"),
        ({"n.py": "try:\n    import o\nexcept ImportError:\n    o = None\n", "o.py": "import m\n"}, "may fail"),
        ({"n.py": "def g():\n    import m\n\n    m.fractions = 1\n"}, "another value"),
        ({"test_n.py": "from unittest.mock import patch\n\n\n@patch('m.fractions')\ndef test(x): ...\n"}, "a test replaces"),
        ({"test_n.py": "def test(monkeypatch):\n    import m\n    monkeypatch.setattr(m, 'fractions', 1)\n"}, "a test replaces"),
        ({"test_n.py": "import sys\n\n\ndef test():\n    sys.modules['fractions'] = None\n"}, "names fractions: it may put another there"),
    ],
)  # fmt: skip
def test_what_others_do_with_the_name_can_forbid_the_move(others: dict[str, str], because: str) -> None:
    stays({"m.py": "import fractions\n\n\ndef f():\n    return fractions\n", **others}, because)


def test_a_function_that_is_replaced_at_its_origin_stays_as_it_was_taken() -> None:
    stays(
        {
            "m.py": "from statistics import mean\n\n\ndef f():\n    return mean([1])\n",
            "test_n.py": "from unittest.mock import patch\n\n\ndef test():\n    with patch('statistics.mean'): ...\n",
        },
        "statistics.mean is replaced, which m does not see today",
    )


def test_parameters_and_locals_of_the_same_name_are_something_else() -> None:
    moved(
        {
            "m.py": """
                from statistics import mean


                def f(values):
                    return mean(values)


                def g(mean):
                    return mean + 1


                def h():
                    mean = 3
                    def inner():
                        nonlocal mean
                        mean += 1
                        return mean
                    return inner()


                def i():
                    return [mean for mean in (1, 2)]
                """
        },
        {
            "m.py": """
                def f(values):
                    from statistics import mean

                    return mean(values)


                def g(mean):
                    return mean + 1


                def h():
                    mean = 3
                    def inner():
                        nonlocal mean
                        mean += 1
                        return mean
                    return inner()


                def i():
                    return [mean for mean in (1, 2)]
                """
        },
        run="import m; print(m.f([1, 3]), m.g(1), m.h(), m.i())",
    )


def test_a_script_imports_in_its_own_block() -> None:
    moved(
        {"m.py": 'import fractions\n\n\ndef f():\n    return 1\n\n\nif __name__ == "__main__":\n    print(fractions.Fraction(1, 2), f())\n'},
        {"m.py": 'def f():\n    return 1\n\n\nif __name__ == "__main__":\n    import fractions\n\n    print(fractions.Fraction(1, 2), f())\n'},
        run="import runpy; runpy.run_path('m.py', run_name='__main__')",
    )  # fmt: skip


def test_what_is_loaded_anyway_does_not_move() -> None:
    stays(
        {
            "m.py": "import fractions\nfrom fractions import Fraction\n\nX = Fraction(1)\n\n\ndef f():\n    return fractions\n"
        },
        "the statement at m.py:4 needs Fraction at import",
    )


def test_an_import_in_a_coroutine_is_noted() -> None:
    outcome = moved({"m.py": "import fractions\n\n\nasync def f():\n    return fractions.Fraction(1)\n"})
    assert any("f() blocks the event loop" in note for note in outcome.plan.changes[0].notes)


def test_a_comment_leaves_an_import_alone() -> None:
    untouched(
        {"m.py": "import fractions  # lazify: ignore[LZ201]\n\n\ndef f():\n    return fractions\n"},
        flags=HEAVY,
    )


def test_the_second_of_two_imports_of_a_file_that_becomes_empty() -> None:
    moved(
        {"m.py": "import fractions; import wave\ndef f(): return fractions.Fraction(1), wave.Error\n"},
        {
            "m.py": "def f():\n    import fractions\n    import wave\n\n    return fractions.Fraction(1), wave.Error\n"
        },
        run="import m; print(m.f())",
    )


def test_a_getter_lets_the_import_go() -> None:
    outcome = moved(
        {
            "m.py": 'import wave\n\nsound = wave.open("pyproject.toml")\n\n\ndef frames():\n    return sound.getnframes()\n'
        }
    )
    assert [change.code for change in outcome.plan.changes] == ["LZ102", "LZ201"]
    assert outcome.files["m.py"].startswith("import threading\n")
    assert "                import wave\n" not in outcome.files["m.py"]
    assert "    import wave\n\n    global _sound\n" in outcome.files["m.py"]


# Annotations


def test_an_import_that_only_annotations_use_is_for_type_checkers() -> None:
    moved(
        {
            "m.py": """
                from typing import Optional

                import fractions
                from statistics import NormalDist

                LIMIT: Optional[fractions.Fraction] = None


                class Plain:
                    size: fractions.Fraction
                    other: "fractions.Fraction"

                    def grow(self, by: fractions.Fraction) -> "NormalDist":
                        local: NormalDist = by
                        return local
                """
        },
        {
            "m.py": """
                from typing import TYPE_CHECKING, Optional

                if TYPE_CHECKING:
                    import fractions
                    from statistics import NormalDist

                LIMIT: "Optional[fractions.Fraction]" = None


                class Plain:
                    size: "fractions.Fraction"
                    other: "fractions.Fraction"

                    def grow(self, by: "fractions.Fraction") -> "NormalDist":
                        local: NormalDist = by
                        return local
                """
        },
        run="import m; print(m.LIMIT, m.Plain().grow(1))",
    )


def test_under_future_annotations_nothing_is_quoted() -> None:
    moved(
        {"m.py": "from __future__ import annotations\n\nimport fractions\n\n\ndef f(x: fractions.Fraction) -> int:\n    return 1\n"},
        {
            "m.py": "from __future__ import annotations\n\nfrom typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
            "    import fractions\n\n\ndef f(x: fractions.Fraction) -> int:\n    return 1\n"
        },
        run="import m; print(m.f(1))",
    )  # fmt: skip


def test_a_name_in_annotations_and_code_is_imported_for_both() -> None:
    outcome = moved(
        {"m.py": "import fractions\n\n\ndef f(x: fractions.Fraction):\n    return fractions.Fraction(x)\n"},
        run="import m; print(m.f(1))",
    )
    assert outcome.plan.changes[0].code == "LZ201"
    assert 'def f(x: "fractions.Fraction"):' in outcome.files["m.py"]


@pytest.mark.parametrize(
    ("program", "because"),
    [
        ("import fastapi\napp = fastapi.FastAPI()\n@app.get('/')\ndef f(x: fractions.Fraction): ...\n", "the decorator of f"),
        ("from x import known\n@known\ndef f(x: fractions.Fraction): ...\n", "the decorator of f"),
        ("from dataclasses import dataclass\n@dataclass\nclass A:\n    x: fractions.Fraction\n", "the decorator of A"),
        ("import pydantic\nclass A(pydantic.BaseModel):\n    x: fractions.Fraction\n", "the base class of A"),
        ("import pydantic\nclass B(pydantic.BaseModel): ...\nclass A(B):\n    x: fractions.Fraction\n", "the base class of"),
        ("import attrs\n@attrs.define\nclass A:\n    x: fractions.Fraction\n", "the decorator of A"),
        ("import msgspec\nclass A(msgspec.Struct):\n    x: fractions.Fraction\n", "the base class of A"),
        ("from typing import NamedTuple\nclass A(NamedTuple):\n    x: fractions.Fraction\n", "the base class of A"),
        ("import fastapi\ndef f(x: fractions.Fraction): ...\nd = fastapi.Depends(f)\n", "f is handed on"),
        ("import typer\ndef f(x: fractions.Fraction): ...\ntyper.run(f)\n", "f is handed on"),
        ("import fastapi\nclass A:\n    def __init__(self, x: fractions.Fraction): ...\nd = fastapi.Depends(A)\n", "A is handed on"),
        ("import typing\ndef f(x: fractions.Fraction): ...\ntyping.get_type_hints(f)\n", "m evaluates annotations"),
        ("class A:\n    def f(self, x: fractions.Fraction): ...\n    def g(self, r): r.add(self.f)\n", "A.f is handed on"),
    ],
)  # fmt: skip
def test_annotations_that_something_evaluates_pin_the_import(program: str, because: str) -> None:
    stays({"m.py": f"import fractions\n{program}"}, because)


@pytest.mark.parametrize(
    "program",
    [
        "import functools\n@functools.lru_cache(maxsize=1)\ndef f(x: fractions.Fraction): ...\n",
        "import threading\ndef f(x: fractions.Fraction): ...\nt = threading.Thread(target=f)\n",
        "from abc import ABC, abstractmethod\nclass A(ABC):\n    @abstractmethod\n    def f(self, x: fractions.Fraction): ...\n",
        "class A:\n    @property\n    def f(self) -> fractions.Fraction: ...\n    @f.setter\n    def f(self, x: fractions.Fraction): ...\n",
        "class A(Exception):\n    def __init__(self, x: fractions.Fraction): ...\n",
    ],
)
def test_annotations_that_nobody_evaluates_become_strings(program: str) -> None:
    moved({"m.py": f"import fractions\n{program}"}, run="import m")


# Guarded imports

GUARDED = """
    import logging

    # optional
    try:
        import fractions  # exact
        import wave

        READY = True
    except ImportError as error:
        READY = False
        logging.info("no fractions")


    def half():
        if not READY:
            return None
        return fractions.Fraction(1, 2), wave.Error
    """


def test_a_flag_asks_whether_the_packages_are_there() -> None:
    moved(
        {"m.py": GUARDED},
        {
            "m.py": """
                import logging
                from importlib.util import find_spec

                # optional
                READY = find_spec("fractions") is not None and find_spec("wave") is not None
                if not READY:
                    logging.info("no fractions")


                def half():
                    if not READY:
                        return None
                    import fractions  # exact
                    import wave

                    return fractions.Fraction(1, 2), wave.Error
                """
        },
        run="import m; print(m.READY, m.half())",
    )


def test_without_the_package_the_flag_is_false_and_the_rest_is_done() -> None:
    moved(
        {"m.py": GUARDED.replace("fractions", "no_such_package").replace("logging.info", "print")},
        run="import m; print(m.READY, m.half())",
        heavy=("no_such_package",),
    )


@pytest.mark.parametrize("package", ["fractions", "no_such_package"])
def test_names_that_become_none_ask_a_new_flag(package: str) -> None:
    outcome = moved(
        {
            "m.py": f"""
                try:
                    import {package} as fr
                except (ImportError, ModuleNotFoundError):
                    fr = None


                def f():
                    if fr is None or not fr:
                        return "missing"
                    return fr.Fraction(1) if fr is not None else 0


                def g() -> "fr.Fraction":
                    return 1 if fr else 2
                """
        },
        run="import m; print(m.f(), m.g())",
        heavy=(package,),
    )
    assert f'_HAS_{package.upper()} = find_spec("{package}") is not None' in outcome.files["m.py"]
    assert outcome.files["m.py"].count("import " + package) == 2


@pytest.mark.parametrize("package", ["fractions", "no_such_package"])
def test_a_guard_without_a_flag_gets_one(package: str) -> None:
    moved(
        {
            "m.py": f"""
                try:
                    from {package} import Fraction
                except ImportError:
                    pass


                def f(x):
                    try:
                        return Fraction(x)
                    except NameError:
                        return x
                """
        },
        run="import m; print(m.f(3))",
        heavy=(package,),
    )


@pytest.mark.parametrize(
    ("guard", "because"),
    [
        ("try:\n    import fractions\nexcept Exception:\n    fractions = None\n", "catches more than a missing package"),
        ("try:\n    import fractions\n    X = fractions.Fraction(1)\nexcept ImportError:\n    X = 1\n", "does more than to import"),
        ("try:\n    import fractions\nexcept ImportError:\n    import decimal as fractions\n", "cannot be told in advance"),
        ("try:\n    import fractions\nexcept ImportError as e:\n    print(e)\n", "cannot be told in advance"),
        ("try:\n    import fractions, wave\nexcept ImportError:\n    wave = None\n", "only some of the names"),
        ("try:\n    import fractions\nexcept ImportError:\n    fractions = None\nX = fractions\n", "handed on and may be None"),
        ("try:\n    import fractions\n    A = True\nexcept ImportError:\n    A = False\nif A:\n    X = fractions.Fraction(1)\n", "needs fractions.Fraction"),
        ("try:\n    import fractions\n    A = True\nexcept ImportError:\n    A = False\ndef g(A): return A, fractions\n", "A means something else"),
    ],
)  # fmt: skip
def test_guards_that_mean_something_else_stay(guard: str, because: str) -> None:
    stays({"m.py": f"{guard}\n\ndef f():\n    return fractions.Fraction(1)\n"}, because)


def test_what_others_take_from_a_guard_stays() -> None:
    stays(
        {"m.py": GUARDED, "n.py": "from m import fractions\n\nHALF = fractions.Fraction(1, 2)\n"},
        "n takes fractions from here, where it may be missing",
    )


# Singletons and imports feed each other


def test_values_that_keep_an_import_become_getters_for_its_sake() -> None:
    outcome = moved(
        {
            "m.py": """
                import fractions
                import wave

                half = fractions.Fraction("1/2")


                class Service:
                    def __init__(self):
                        self.error = wave.Error("none")

                    def run(self):
                        return half, self.error
                """,
            "n.py": "from m import Service\n\nservice = Service()\n\n\ndef go():\n    return service.run()\n",
        },
        run="import n; print(n.go())",
    )
    titles = [change.title for change in outcome.plan.changes]
    assert titles[:2] == ["half becomes get_half()", "service becomes get_service()"]
    assert len(titles) == 4
    assert "\nimport" not in outcome.files["m.py"].removeprefix("import threading\n").partition("def ")[0]


def test_no_getter_is_made_for_an_import_that_stays_anyway() -> None:
    stays(
        {
            "m.py": "import fractions\n\nhalf = fractions.Fraction(1, 2)\n\n\nclass A(fractions.Fraction): ...\n\n\n"
            "def f():\n    return half\n"
        },
        "the statement at m.py:3 needs fractions.Fraction",
    )


def test_where_one_value_stays_the_others_stay_too() -> None:
    outcome = refused(
        {
            "m.py": "import fractions\n\nhalf = fractions.Fraction(1, 2)\nthird = fractions.Fraction(1, 3)\n\n\n"
            "def f(x=half):\n    return x, third\n"
        },
        because="needs fractions.Fraction at import",
        flags=HEAVY,
    )
    assert outcome.plan.changes == ()


# Modules of the project that are heavy by what they import

NET = """
    import fractions


    class Net(fractions.Fraction):
        def area(self):
            return self * 2
    """


def test_an_import_of_a_module_that_cannot_let_go_is_deferred() -> None:
    outcome = moved(
        {
            "pkg/__init__.py": "",
            "pkg/net.py": NET,
            "pkg/service.py": "from .net import Net\n\n\ndef area():\n    return Net(1, 2).area()\n",
            "api.py": "from pkg.service import area\nfrom pkg import service\n\n\ndef get():\n    return area(), service.area()\n",
        },
        run="import sys, api; print(api.get())",
    )
    assert [change.code for change in outcome.plan.changes] == ["LZ203"]
    assert "def area():\n    from .net import Net\n" in outcome.files["pkg/service.py"]


def test_the_edge_above_is_deferred_where_the_lowest_one_is_pinned() -> None:
    outcome = moved(
        {
            "net.py": NET,
            "deep.py": "from net import Net\n\n\nclass Deep(Net): ...\n",
            "api.py": "import deep\n\n\ndef get():\n    return deep.Deep(1, 2).area()\n",
        },
        run="import api; print(api.get())",
    )
    assert [(change.code, change.at.path.name) for change in outcome.plan.changes] == [("LZ203", "api.py")]
    assert not any(refusal.code == "LZ203" for refusal in outcome.plan.refusals)


def test_the_reason_names_what_is_no_longer_loaded() -> None:
    """As in TTS 0.22.0, where torch stays and transformers does not."""
    files = {
        "net.py": "import wave\nimport fractions\n\n\nclass Net(fractions.Fraction):\n    error = wave.Error\n",
        "api.py": "import wave\n\nfrom net import Net\n\n\nclass Noise(wave.Error): ...\n\n\n"
        "def get():\n    return Net(1, 2), Noise(3)\n",
    }
    outcome = moved(files, run="import api; print(api.get())")
    (change,) = outcome.plan.changes
    assert [each.fact for each in change.why][:2] == ["from net import Net", "import fractions"]


def test_a_use_through_a_package_that_still_answers_stays() -> None:
    """As `dataset.ImageInputTransforms` in kraken 7.1.1: nothing else would use its import."""
    user = "from pkg import base\n\n\ndef f():\n    return base.Net(1, 2).area()\n"
    files = {
        "pkg/__init__.py": "",
        "pkg/base/__init__.py": "from pkg.base.net import Net\n\n__all__ = ['Net']\n",
        "pkg/base/net.py": NET,
        "user.py": user,
    }
    outcome = moved(files, run="import user; print(user.f())")
    assert "__getattr__" in outcome.files["pkg/base/__init__.py"]
    assert outcome.files["user.py"] == user


def test_a_name_taken_through_a_package_comes_from_its_origin() -> None:
    moved(
        {
            "pkg/__init__.py": "from pkg.net import Net\n\nSIZE = 3\n",
            "pkg/net.py": NET,
            "api.py": "from pkg import SIZE, Net\n\n\ndef get() -> 'Net':\n    return Net(SIZE, 2).area()\n",
        },
        run="import api; print(api.get())",
    )


def test_a_name_that_a_package_takes_by_a_relative_import_is_named_in_full_elsewhere() -> None:
    moved(
        {
            "pkg/__init__.py": "from .net import Net\n\n\ndef make(size):\n    return Net(size, 2)\n",
            "pkg/net.py": NET,
            "service/__init__.py": "",
            "service/api.py": "import pkg\n\n\ndef get():\n    return pkg.Net(3, 2).area()\n",
            "tests/__init__.py": "",
            "tests/sizes.py": "SIZE = 3\n",
            "tests/test_pkg.py": "import pkg\n\nfrom .sizes import SIZE\n\n\ndef test():\n    assert pkg.Net(SIZE, 2).area()\n",
        },
        run="from service import api; from tests import test_pkg; print(api.get(), test_pkg.test())",
    )


@pytest.mark.parametrize(
    ("files", "because"),
    [
        ({"net.py": "import fractions\nimport atexit, sys\n\nsys.path.append('x')\n\n\nclass Net(fractions.Fraction): ...\n"}, "does something others see"),
        ({"net.py": "import fractions\nfrom plugins import register\n\n\n@register\nclass Net(fractions.Fraction): ...\n"}, "may do something others see"),
        ({"net.py": "import fractions\nfrom plugins import Plugin\n\n\nclass Net(Plugin, fractions.Fraction): ...\n"}, "may do something others see"),
        ({"net.py": "import fractions\n\n\nclass Net(fractions.Fraction): ...\n\n\ndef swap():\n    global Net\n    Net = 1\n"}, "gets another value while"),
        ({"net.py": NET, "b.py": "def f():\n    import net\n\n    net.Net = 1\n"}, "gets another value"),
        ({"net.py": NET, "b.py": "def f(x):\n    return x.__subclasses__()\n"}, "lists subclasses"),
        ({"net.py": NET, "test_b.py": "from unittest.mock import patch\n\n\n@patch('net.Net')\ndef test(x): ...\n"}, "may be replaced where it is defined"),
        ({"net.py": NET, "test_b.py": "from unittest.mock import patch\n\n\n@patch('api.Net')\ndef test(x): ...\n"}, "a test replaces Net"),
    ],
)  # fmt: skip
def test_a_module_whose_import_others_notice_is_not_deferred(files: dict[str, str], because: str) -> None:
    stays(
        {"api.py": "from net import Net\n\n\ndef get():\n    return Net(1, 2)\n", **files},
        because,
        select=("LZ203",),
    )


# Entry points

PROJECT = {
    "pkg/__init__.py": "",
    "pkg/net.py": NET,
    "pkg/one.py": "from pkg.net import Net\n\n\ndef f():\n    return Net(1, 2)\n\n\ndef g():\n    return Net(3, 2)\n",
    "pkg/two.py": "from pkg.net import Net\n\n\ndef f():\n    return Net(1, 2)\n\n\ndef g():\n    return Net(3, 2)\n",
    "pkg/both.py": "from pkg import one, two\n\n\ndef f():\n    return one.f(), two.g()\n",
    "train.py": "import statistics\nfrom pkg.net import Net\n\n\ndef f():\n    return statistics.mean([Net(1, 2)])\n",
    "api.py": "from pkg.both import f\n\n\ndef get():\n    return f()\n",
}


def test_with_an_entry_the_fewest_edits_are_made() -> None:
    outcome = moved(PROJECT, run="import api, train; print(api.get(), train.f())", entry=("api.py",))
    changed = [change.at.path.name for change in outcome.plan.changes]
    assert changed == ["api.py"]


def test_without_an_entry_every_import_is_for_itself() -> None:
    outcome = moved(PROJECT, run="import api, train; print(api.get(), train.f())")
    assert {change.at.path.name for change in outcome.plan.changes} == {"one.py", "two.py", "train.py"}


def test_with_an_entry_what_pins_a_package_is_named_with_the_way_there() -> None:
    pinned = {
        "api.py": "from pkg.both import f\n\nX = f\n",
        "pkg/both.py": "from pkg import one\n\nf = one.f\n",
    }
    pinned |= {
        "pkg/one.py": "from pkg.net import Net\n\n\nclass One(Net): ...\n\n\ndef f():\n    return One(1)\n"
    }
    outcome = refused(
        {**PROJECT, **pinned},
        because="the class at net.py:4 needs fractions.Fraction",
        flags={**HEAVY, "entry": ("api.py",)},
    )
    (refusal,) = outcome.plan.refusals
    assert [evidence.fact for evidence in refusal.why][:3] == [
        "from pkg.both import f",
        "from pkg import one",
        "from pkg.net import Net",
    ]


def test_with_an_entry_nothing_moves_that_is_loaded_anyway() -> None:
    numpy = "import numpy as np\n\n\ndef g():\n    return np.zeros(1)\n"
    onnx = "import onnxruntime\n\n{}\n\ndef f():\n    return onnxruntime, two.g()\n"
    files = {"two.py": numpy, "api.py": "import two\n" + onnx.format("onnxruntime.set_seed(1)\n")}
    outcome = check(files, flags={"entry": ("api.py",), "select": ("LZ2",)})
    assert not outcome.plan.changes
    assert ["set_seed" in refusal.reason for refusal in outcome.plan.refusals] == [True]
    files["api.py"] = "import two\n" + onnx.format("")
    outcome = check(files, flags={"entry": ("api.py",), "select": ("LZ2",)})
    assert [change.code for change in outcome.plan.changes] == ["LZ203", "LZ201"]


def test_with_an_entry_a_package_that_is_pinned_stays_as_a_whole() -> None:
    code = "import fractions\nfrom fractions import Decimal\n\n\nclass Half(fractions.Fraction): ...\n\n\ndef f():\n    return Decimal(1)\n"
    outcome = check({"api.py": code}, flags={**HEAVY, "entry": ("api.py",)}, run="import api; print(api.f())")
    assert not outcome.plan.changes
    assert "the class at api.py:5 needs fractions.Fraction" in outcome.plan.refusals[0].reason


def test_an_entry_may_be_a_module_with_an_attribute() -> None:
    assert moved(PROJECT, entry=("api:app",)).plan.changes


def test_an_entry_that_nobody_has_is_an_error() -> None:
    with pytest.raises(ConfigError, match=r"the entry nowhere\.py: no module"):
        moved(PROJECT, entry=("nowhere.py",))


# PEP 810

LAZY = {
    "m.py": """
        import os, wave
        from fractions import (
            Fraction,  # exact
        )
        from statistics import mean


        def f():
            return Fraction(1), os.sep, wave.Error


        X = mean([1])
        """
}


def test_lazy_imports_stay_where_they_are() -> None:
    moved(
        LAZY,
        {
            "m.py": """
                import os
                lazy import wave
                lazy from fractions import (
                    Fraction,  # exact
                )
                from statistics import mean


                def f():
                    return Fraction(1), os.sep, wave.Error


                X = mean([1])
                """
        },
        imports="lazy",
        singleton=(),
        select=("LZ2",),
    )


def test_code_for_older_pythons_too_lists_its_lazy_modules() -> None:
    moved(
        LAZY,
        {
            "m.py": """
                __lazy_modules__ = ["wave", "fractions"]
                import os, wave
                from fractions import (
                    Fraction,  # exact
                )
                from statistics import mean


                def f():
                    return Fraction(1), os.sep, wave.Error


                X = mean([1])
                """
        },
        run="import m; print(m.f())",
        imports="lazy-modules",
        select=("LZ2",),
    )


@pytest.mark.parametrize(("requires", "is_lazy"), [(">=3.15", True), (">=3.11", False)])
def test_auto_follows_the_oldest_python_of_the_project(requires: str, is_lazy: bool) -> None:
    outcome = moved(
        {
            "pyproject.toml": f'[project]\nname = "m"\nrequires-python = "{requires}"\n',
            "m.py": "import wave\n\n\ndef f():\n    return wave\n",
        }
    )
    assert ("lazy import wave" in outcome.files["m.py"]) is is_lazy


@pytest.mark.parametrize(
    ("program", "because"),
    [
        (
            "try:\n    import fractions\nexcept ImportError:\n    pass\ndef f(): return fractions\n",
            "cannot stand in a try",
        ),
        (
            "import fractions\nX = [fractions.Fraction(1) for _ in '1']\ndel X\n",
            "needs fractions.Fraction at import",
        ),
        ("import fractions\ndef f(): return globals(), fractions\n", "globals may look"),
    ],
)
def test_an_import_is_not_lazy_where_that_is_illegal_or_pointless(program: str, because: str) -> None:
    stays({"m.py": program}, because, imports="lazy")


def test_a_list_of_its_own_is_left_alone() -> None:
    stays(
        {"m.py": "__lazy_modules__ = ['os']\nimport wave\n\n\ndef f():\n    return wave\n"},
        "its own",
        imports="lazy-modules",
    )


# Notes, and what only shows in packages


def test_linters_that_would_undo_the_work_are_named_once() -> None:
    outcome = moved(
        {
            "pyproject.toml": "[tool.ruff.lint]\nselect = ['ALL']\n",
            "m.py": "import wave\n\n\ndef f():\n    return wave\n",
            "n.py": "import fractions\n\n\ndef f():\n    return fractions\n",
        }
    )
    assert sum("PLC0415" in note for change in outcome.plan.changes for note in change.notes) == 1


def test_an_import_that_every_request_needs_is_noted() -> None:
    outcome = moved(
        {
            "m.py": "import wave\nfrom web import Base\n\n\nclass LogMiddleware:\n    async def dispatch(self, request, call_next):\n"
            "        return wave\n"
        }
    )
    assert any("every request passes LogMiddleware.dispatch()" in n for n in outcome.plan.changes[0].notes)


def test_a_name_that_is_also_a_submodule_stays() -> None:
    stays(
        {
            "pkg/__init__.py": "from fractions import Fraction as half\n\n\ndef f():\n    return half(1)\n",
            "pkg/half.py": "",
        },
        "half is a module of the package, too",
    )


def test_a_guard_in_a_package_that_has_loaded_the_module_already_does_no_harm() -> None:
    moved(
        {
            "pkg/__init__.py": "from pkg import core\n",
            "pkg/core.py": "import fractions\n\n\ndef f():\n    return fractions.Fraction(1)\n",
            "pkg/late.py": "def g():\n    try:\n        from pkg.core import f\n    except ImportError:\n        f = None\n    return f\n",
        },
        run="import pkg.late; print(pkg.late.g()())",
    )


def test_who_takes_a_base_class_past_a_package_that_lets_it_go_is_heavy_all_the_same() -> None:
    """`store` takes Base from where it is defined now, and whoever imports `store` in passing no longer should."""
    files = {
        "pkg/__init__.py": "",
        "pkg/base/__init__.py": "from .base import Base\n",
        "pkg/base/base.py": "import fractions\n\n\nclass Base(fractions.Fraction): ...\n",
        "pkg/base/light.py": "",
        "pkg/store/__init__.py": "from .store import Store\n\n__all__ = ['Store']\n",
        "pkg/store/store.py": "from ..base import Base\n\n\nclass Store(Base): ...\n",
    }
    outcome = moved(files, run="from pkg.store import Store; print(Store(1))")
    assert "from ..base.base import Base" in outcome.files["pkg/store/store.py"]
    assert "__getattr__" in outcome.files["pkg/store/__init__.py"]


def test_a_name_stays_where_all_who_import_its_package_take_it() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/base/__init__.py": "from .base import Base\n",
        "pkg/base/base.py": "import fractions\n\n\nclass Base(fractions.Fraction): ...\n",
        "pkg/one.py": "from .base import Base\n\n\nclass One(Base): ...\n",
        "two.py": "import pkg.base\n\n\nclass Two(pkg.base.Base): ...\n",
    }
    stays(files, "the class at base.py:4 needs fractions.Fraction at import")
    light = {**files, "three.py": "import pkg.base\n\n\ndef f(): return pkg.base.Base(3)\n"}
    outcome = moved(light, run="import three, two, pkg.one; print(three.f(), two.Two(2), pkg.one.One(1))")
    assert outcome.files["pkg/one.py"].startswith("from .base.base import Base\n")


def test_what_moves_and_what_stays_of_a_package_each_has_its_own_reason() -> None:
    code = (
        "import xml.dom\nfrom xml.sax import handler\n\n\nclass Own(xml.dom.Node): ...\n\n\n"
        "def f():\n    return handler.version\n"
    )
    flags = {"heavy": ("xml.dom", "xml.sax")}
    outcome = check({"m.py": code}, flags=flags, run="import m; print(m.f())")
    (change,), (refusal,) = outcome.plan.changes, outcome.plan.refusals
    assert [each.fact for each in change.why][:1] == ["from xml.sax import handler"]
    assert (change.at.span.line, refusal.at.span.line) == (2, 1)
    assert [each.fact for each in refusal.why][:1] == ["import xml.dom"]
