"""LZ202: in a function, what a guard imported stands where every use comes after it, and type checkers see that."""

import textwrap

import pytest

from lazify.testing import Outcome, check, refused

FLAG = """
    try:
        import fractions

        READY = True
    except ImportError:
        READY = False

"""
NONE = """
    try:
        import fractions
    except ImportError:
        fractions = None

"""
MISSING = "no_such_package"


def moved(guard: str, code: str, *, run: str, package: str = "fractions") -> str:
    """Give what becomes of the code, which does the same with and without the package."""
    outcome = _checked(guard, code, run=run, package=package)
    _checked(guard, code, run=run, package=MISSING)
    return outcome.files["m.py"]


def _checked(guard: str, code: str, *, run: str, package: str) -> Outcome:
    text = (textwrap.dedent(guard) + textwrap.dedent(code)).replace("fractions", package)
    outcome = check({"m.py": text}, run=run, flags={"heavy": (package,)})
    assert outcome.plan.changes, [refusal.reason for refusal in outcome.plan.refusals]
    return outcome


@pytest.mark.parametrize(
    "test",
    ["not READY", "not READY or x is None", "x is None or not READY", "not (READY and x)"],
)
def test_after_a_function_has_left_without_the_package_it_is_imported_plainly(test: str) -> None:
    code = f"""
        def half(x=1):
            if {test}:
                return None
            for _ in range(2):
                if x:
                    return fractions.Fraction(1, 2)
        """
    text = moved(FLAG, code, run="import m; print(m.half(), m.half(0))")
    assert "        return None\n    import fractions\n\n    for" in text
    assert text.count("import fractions") == 1


@pytest.mark.parametrize("test", ["READY", "READY and x", "x and READY"])
def test_each_block_under_the_flag_imports_for_itself(test: str) -> None:
    code = f"""
        def half(x=1):
            if {test}:
                return fractions.Fraction(1, 2)
            return x
        """
    text = moved(FLAG, code, run="import m; print(m.half(), m.half(0))")
    assert f"    if {test}:\n        import fractions\n\n        return fractions.Fraction(1, 2)\n" in text


def test_a_flag_that_does_not_have_to_be_true_says_nothing() -> None:
    code = """
        def half(x=0):
            if READY or x:
                return str(fractions.Fraction(1, 2) if READY else x)
            return x
        """
    text = moved(FLAG, code, run="import m; print(m.half(), m.half(3))")
    assert "        if TYPE_CHECKING or READY:\n            import fractions\n" in text


def test_the_other_branch_of_a_question_knows_the_answer() -> None:
    code = """
        def half(x=1):
            if not READY:
                x += 1
            elif x:
                return fractions.Fraction(1, 2)
            else:
                return fractions.Fraction(1, 3)
            return x
        """
    text = moved(FLAG, code, run="import m; print(m.half(), m.half(0))")
    assert text.count("        import fractions\n\n        return") == 2
    assert "TYPE_CHECKING" not in text


def test_an_assertion_knows_the_answer() -> None:
    code = """
        def half():
            assert READY, "install fractions"
            return fractions.Fraction(1, 2)
        """
    text = moved(FLAG, code, run="import m\ntry: print(m.half())\nexcept AssertionError as e: print(e)")
    assert '    assert READY, "install fractions"\n    import fractions\n' in text


def test_where_nothing_asks_the_import_stands_before_the_statement_that_would_fail() -> None:
    code = """
        def half(x=1):
            if not x:
                return "without"
            print(x)
            value = fractions.Fraction(1, 2)
            return value
        """
    text = moved(
        FLAG, code, run="import m\nprint(m.half(0))\ntry: print(m.half())\nexcept Exception: print('fails')"
    )
    assert "    print(x)\n    import fractions\n\n    value = " in text


def test_branches_that_nobody_enters_import_nothing() -> None:
    code = """
        def half(x=1):
            if x == 1:
                return "one"
            elif x == 2:
                return fractions.Fraction(1, 2)
            try:
                return fractions.Fraction(x)
            except ValueError:
                return fractions.Fraction(0)
        """
    text = moved(FLAG, code, run="import m; print(m.half())")
    assert text.count("        import fractions\n\n        return") == 3
    assert "TYPE_CHECKING" not in text


@pytest.mark.parametrize(
    "expression",
    [
        "READY and fractions.Fraction(x)",
        "fractions.Fraction(x) if READY else x",
        "[fractions.Fraction(x) for _ in range(READY)]",
        "(lambda: fractions.Fraction(x) if READY else x)()",
        "f'{fractions.Fraction(x) if READY else x}'",
    ],
)
def test_where_a_part_of_the_statement_asks_the_flag_is_asked_for_the_import(expression: str) -> None:
    code = f"""
        def half(x=1):
            return {expression}
        """
    text = moved(FLAG, code, run="import m; print(m.half())")
    assert "    if TYPE_CHECKING or READY:\n        import fractions\n\n    return" in text
    assert "from typing import TYPE_CHECKING" in text


def test_functions_in_functions_know_what_the_outer_one_knows() -> None:
    code = """
        def half():
            def early():
                return fractions.Fraction(1, 3)

            if not READY:
                return early

            def late():
                return fractions.Fraction(1, 2)

            return late(), fractions.Fraction(2)
        """
    text = moved(FLAG, code, run="import m; print(m.half() if m.READY else 0)")
    assert "    def early():\n        import fractions\n" in text
    assert "        return early\n\n    import fractions\n\n    def late():\n        return" in text


def test_a_flag_that_nobody_asks_is_not_made() -> None:
    code = """
        def half():
            return fractions.Fraction(1, 2)
        """
    guard = NONE.replace("fractions = None", "pass")
    text = moved(guard, code, run="import m\ntry: print(m.half())\nexcept Exception: print('fails')")
    assert text == "def half():\n    import fractions\n\n    return fractions.Fraction(1, 2)\n"


def test_questions_for_none_ask_the_new_flag_and_know_its_answer() -> None:
    code = """
        def half():
            if fractions is None:
                raise ValueError("install fractions")
            return fractions.Fraction(1, 2)


        def third():
            if fractions:
                return fractions.Fraction(1, 3)


        def kind(x=1):
            return x if not fractions else fractions.Fraction(x)
        """
    run = "import m\nprint(m.third(), m.kind())\ntry: print(m.half())\nexcept ValueError as e: print(e)"
    text = moved(NONE, code, run=run)
    assert "    import fractions\n\n    return fractions.Fraction(1, 2)\n" in text
    assert "    if _HAS_FRACTIONS:\n        import fractions\n\n        return" in text
    assert "    if TYPE_CHECKING or _HAS_FRACTIONS:\n        import fractions\n\n    return x if" in text


@pytest.mark.parametrize("error", ["NameError", "(ValueError, ImportError)"])
def test_a_name_that_may_be_missing_where_that_is_caught_is_missing_as_before(error: str) -> None:
    code = f"""
        def half(x=1):
            try:
                return fractions.Fraction(x)
            except {error}:
                return "caught"
        """
    run = "import m\ntry: print(m.half())\nexcept NameError: print('fails')"
    text = moved(FLAG, code, run=run)
    assert "        if TYPE_CHECKING or READY:\n            import fractions\n" in text


def test_none_that_somebody_catches_stays() -> None:
    code = """
        def half(x=1):
            try:
                return fractions.Fraction(x)
            except (AttributeError, ValueError):
                return "caught"
        """
    refused(
        {"m.py": textwrap.dedent(NONE) + textwrap.dedent(code)},
        because="fractions may be None where AttributeError is caught",
        flags={"heavy": ("fractions",)},
    )


def test_the_block_of_a_script_asks_as_well() -> None:
    code = """
        if __name__ == "__main__":
            if READY:
                print(fractions.Fraction(1, 2))
        """
    text = moved(FLAG, code, run="import runpy; runpy.run_module('m', run_name='__main__')")
    assert "    if READY:\n        import fractions\n\n        print(" in text


@pytest.mark.parametrize(
    "code",
    [
        "def half(x=1):\n    if READY: return fractions.Fraction(x)\n    return x\n",
        "def half(x=1):\n    if READY: x = 2; return fractions.Fraction(x)\n    return x\n",
        "def half(x=1):\n\tif READY:\n\t\treturn fractions.Fraction(x)\n\treturn x\n",
        "def half(x=1):\n    if not READY: return x\n    x = 2; return fractions.Fraction(x)\n",
        "def half(x=1):\n    if not READY: return x\n    @str\n    def f(): return fractions.Fraction(x)\n    return f[:9]\n",
        "def half(x=1):\n    if not READY: return 'ü'\n    ü = 1; return fractions.Fraction(ü)\n",
        "def half(x=1):\n    with open(__file__) as f:\n        if READY:\n            # why\n            return fractions.Fraction(x)\n",
        "async def one(x=1):\n    if READY:\n        return fractions.Fraction(x)\n    return x\n\n\ndef half():\n    import asyncio\n    return asyncio.run(one())\n",
        "def half(x=1):\n    match x:\n        case 1 if READY:\n            return fractions.Fraction(x)\n        case _:\n            return READY and fractions\n",
    ],
)
def test_every_layout_is_understood(code: str) -> None:
    run = "import m\ntry: print(m.half())\nexcept Exception: print('fails')"
    _checked(FLAG, f"\n{code}", run=run, package="fractions")
    _checked(FLAG, f"\n{code}", run=run, package=MISSING)


@pytest.mark.parametrize(
    "code",
    [
        "def half(x=1):\n    return fractions.Fraction(x) if x else fractions.Fraction(1, 2)\n",
        "def half(x=1):\n    if x:\n        return fractions.Fraction(x)\n    else:\n        return fractions.Fraction(1, 2)\n",
        "def half(x=1):\n    if x < 0:\n        x = fractions.Fraction\n    elif x:\n        x = fractions.Fraction(x)\n    else:\n        fractions\n    return fractions.Fraction(x)\n",
        "def half(x=1):\n    x = fractions.Fraction(x)\n    for _ in range(2):\n        x = fractions.Fraction(x)\n    return x or fractions\n",
    ],
)
def test_what_every_branch_needs_is_imported_once(code: str) -> None:
    run = "import m\ntry: print(m.half())\nexcept Exception: print('fails')"
    text = moved(FLAG, f"\n{code}", run=run)
    assert "def half(x=1):\n    import fractions\n\n" in text
    assert text.count("import fractions") == 1


ENDS = """
    import sys

    try:
        import fractions
    except ImportError:  # it is an extra
        print("pip install it")
        sys.exit(0)
"""


def test_after_a_guard_that_ends_the_program_nothing_asks_again() -> None:
    code = "\n\ndef half(x=1):\n    try:\n        return fractions.Fraction(x)\n    except NameError:\n        return 0\n"
    text = moved(ENDS, code, run="import m; print(m.half())")
    assert (
        '# it is an extra\nif find_spec("fractions") is None:\n    print("pip install it")\n    sys.exit(0)\n'
        in text
    )
    assert "_HAS_" not in text
    assert "TYPE_CHECKING" not in text


def test_what_a_guard_says_of_its_lines_stays_above_the_flag() -> None:
    guard = "\ntry:  # optional\n    import fractions  # exact\n    READY = True\nexcept ImportError:  # pragma: no cover\n"
    code = "    READY = False  # halves are floats\n\n\ndef half(x=1):\n    if READY:\n        return fractions.Fraction(x)\n"
    text = moved(guard + code, "", run="import m; print(m.half())")
    assert "\n# optional\n# halves are floats\nREADY = find_spec" in f"\n{text}"
    assert text.count("# exact") == 1


@pytest.mark.parametrize("above", ["READY = False\n\n", "READY = None\nimport math\n", "READY = X = 1\n"])
def test_what_a_flag_is_before_goes_where_nobody_sees_it(above: str) -> None:
    code = "\n\ndef half(x=1):\n    if READY:\n        return fractions.Fraction(x)\n"
    text = moved(f"{above}{textwrap.dedent(FLAG)}", code, run="import m; print(m.half(), m.READY)")
    assert text.count("READY =") == (2 if "X" in above else 1)


@pytest.mark.parametrize(
    "says",
    [
        "logging.exception('no')",
        "logging.error('no', exc_info=True)",
        "print(traceback.format_exc())",
        "print(sys.exc_info())",
    ],
)
def test_what_a_guard_says_about_the_exception_keeps_it(says: str) -> None:
    head = "import logging, sys, traceback\n\ntry:\n    import fractions\n    READY = True\nexcept ImportError:\n"
    code = f"{head}    READY = False\n    {says}\n\n\ndef half(x=1):\n    return READY and fractions.Fraction(x)\n"
    because = "what the guard says without the package is about the exception"
    refused({"m.py": code}, because=because, flags={"heavy": ("fractions",)})


BOTH = """
    try:
        import {first}
        import {second}
    except ImportError:
        {handler}

"""
PARTLY = """
    def half():
        try:
            value = statistics.mean([1, 2])
        except Exception:
            return "without"
        return fractions.Fraction(value)


    def whole():
        return fractions.Fraction(1)
    """
EITHER = """
    def either(x=1):
        try:
            return (fractions.Fraction if x else statistics.mean)(1)
        except NameError:
            return "without"
    """


@pytest.mark.parametrize("missing", ["", "fractions", "statistics"])
def test_what_stands_before_a_missing_package_in_its_guard_is_there(missing: str) -> None:
    guard = BOTH.format(first="fractions", second="statistics", handler="pass")
    text = textwrap.dedent(guard) + textwrap.dedent(EITHER)
    text = text.replace(f"import {missing}\n", f"import no_such_package as {missing}\n") if missing else text
    heavy = ("fractions", "statistics", "no_such_package")
    outcome = check({"m.py": text}, run="import m\nprint(m.either())", flags={"heavy": heavy})
    assert outcome.plan.changes, [refusal.reason for refusal in outcome.plan.refusals]


@pytest.mark.parametrize("handler", ["pass", "fractions = statistics = None"])
@pytest.mark.parametrize("missing", ["", "fractions", "statistics"])
def test_what_follows_a_missing_package_in_its_guard_is_missing_too(handler: str, missing: str) -> None:
    guard = BOTH.format(first="fractions", second="statistics", handler=handler)
    text = textwrap.dedent(guard) + textwrap.dedent(PARTLY)
    text = text.replace(f"import {missing}\n", f"import no_such_package as {missing}\n") if missing else text
    run = "import m\nprint(m.half())\ntry: print(m.whole())\nexcept Exception: print('fails')"
    heavy = ("fractions", "statistics", "no_such_package")
    outcome = check({"m.py": text}, run=run, flags={"heavy": heavy})
    assert outcome.plan.changes, [refusal.reason for refusal in outcome.plan.refusals]


@pytest.mark.parametrize(
    ("asked", "becomes"),
    [
        ("fractions is None or statistics is None", "not _HAS_FRACTIONS_AND_STATISTICS"),
        ("not fractions or statistics is None", "not _HAS_FRACTIONS_AND_STATISTICS"),
        ("not (fractions is not None and statistics is not None)", "not (_HAS_FRACTIONS_AND_STATISTICS)"),
        ("x or fractions is None", "x or not _HAS_FRACTIONS_AND_STATISTICS"),
    ],
)
def test_names_that_become_none_together_are_asked_for_once(asked: str, becomes: str) -> None:
    guard = BOTH.format(first="fractions", second="statistics", handler="fractions = statistics = None")
    code = f"def half(x=0):\n    if {asked}:\n        return 0\n    return fractions.Fraction(statistics.mean([x]))\n"
    text = textwrap.dedent(guard) + code
    flags = {"heavy": ("fractions", "statistics")}
    after = check({"m.py": text}, run="import m\nprint(m.half(), m.half(1))", flags=flags).files["m.py"]
    assert f"    if {becomes}:\n" in after


def test_a_guard_about_a_name_says_what_is_no_longer_asked() -> None:
    guard = "try:\n    {0}\n    HAS = True\nexcept ImportError:\n    HAS = False\n\n\n"
    use = "def f():\n    return {0} if HAS else None\n"
    whole = check({"m.py": guard.format("import torch") + use.format("torch.Tensor")})
    part = check({"m.py": guard.format("from torch import Tensor") + use.format("Tensor")})
    said = [[note for change in each.plan.changes for note in change.notes] for each in (whole, part)]
    assert said == [
        ["torch: what is installed and cannot be imported shows when it is used"],
        ["torch: what is installed and cannot be imported or lacks Tensor shows when it is used"],
    ]


ASKING = "import os\nimport m\n\nprint(hasattr(m, os.environ.get('NAME', 'fractions')))\n"


@pytest.mark.parametrize("package", ["fractions", MISSING])
def test_who_asks_for_what_a_guard_that_ends_the_program_imports_gets_it(package: str) -> None:
    text = textwrap.dedent(ENDS) + "\n\ndef half(x=1):\n    return fractions.Fraction(x)\n"
    text = text.replace("import fractions", f"import {package} as fractions")
    outcome = check({"m.py": text, "ask.py": ASKING}, run="import ask", flags={"heavy": (package,)})
    assert "def __getattr__" in outcome.files["m.py"]


@pytest.mark.parametrize("handler", ["pass", "fractions = statistics = None"])
@pytest.mark.parametrize("missing", ["", "fractions", "statistics"])
@pytest.mark.parametrize("name", ["fractions", "statistics"])
def test_who_asks_for_a_name_of_a_guard_gets_it_if_it_was_bound(
    handler: str, missing: str, name: str
) -> None:
    guard = BOTH.format(first="fractions", second="statistics", handler=handler)
    text = textwrap.dedent(guard) + textwrap.dedent(PARTLY)
    text = text.replace(f"import {missing}\n", f"import no_such_package as {missing}\n") if missing else text
    heavy = ("fractions", "statistics", "no_such_package")
    files = {"m.py": text, "ask.py": ASKING.replace("'fractions'", repr(name))}
    outcome = check(files, run="import ask", flags={"heavy": heavy})
    assert "def __getattr__" in outcome.files["m.py"]


def test_a_part_of_an_estimated_package_may_be_missing_in_another_version() -> None:
    """As in infinity_emb 0.0.20: optimum 2 has no bettertransformer."""
    code = "def better(model):\n    return BetterTransformer.transform(model) if READY else model\n"
    guard = textwrap.dedent(FLAG).replace(
        "import fractions", "from optimum.bettertransformer import BetterTransformer"
    )
    refused({"m.py": guard + code}, because="optimum may be there without optimum.bettertransformer")


def test_a_part_that_was_measured_is_where_its_package_is() -> None:
    code = "def total(x):\n    return logsumexp(x) if READY else x\n"
    guard = textwrap.dedent(FLAG).replace("import fractions", "from scipy.special import logsumexp")
    assert check({"m.py": guard + code}).plan.changes


def test_a_package_that_may_fail_where_it_is_installed_keeps_its_guard() -> None:
    """As in aider 0.86.2: importing GitPython fails where the program git is missing."""
    code = "def head(path):\n    return git.Repo(path).head if READY else None\n"
    guard = textwrap.dedent(FLAG).replace("fractions", "git")
    refused({"m.py": guard + code}, because="git may be installed and fail to be imported")
