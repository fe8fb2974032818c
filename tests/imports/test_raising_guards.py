"""LZ202: a guard that only says what to install goes, as it stands, into the one function that uses the package."""

import textwrap

import pytest

from lazify.testing import check, refused

GUARD = """
    import os

    # Needed for halves.
    try:
        import fractions  # exact
        from statistics import mean
    except ImportError as e:
        # Tell what to do.
        raise ImportError(
            "pip install fractions"
        ) from e

    LIMIT = os.sep


"""
HEAVY = {"heavy": ("fractions", "statistics", "no_such_package")}


def program(code: str, guard: str = GUARD) -> dict[str, str]:
    return {"m.py": textwrap.dedent(guard).lstrip() + textwrap.dedent(code).lstrip()}


def moved(code: str, guard: str = GUARD, run: str = "import m; print(m.half())") -> str:
    outcome = check(program(code, guard), flags=HEAVY, run=run)
    assert [change.code for change in outcome.plan.changes] == ["LZ202"], [
        refusal.reason for refusal in outcome.plan.refusals
    ]
    return outcome.files["m.py"]


def test_the_guard_goes_with_its_comments_into_the_function() -> None:
    text = moved(
        '''
        def half():
            """Give one half."""
            return mean([fractions.Fraction(0), fractions.Fraction(1)])
        '''
    )
    assert text == textwrap.dedent(
        '''\
        import os

        LIMIT = os.sep


        def half():
            """Give one half."""
            # Needed for halves.
            try:
                import fractions  # exact
                from statistics import mean
            except ImportError as e:
                # Tell what to do.
                raise ImportError(
                    "pip install fractions"
                ) from e

            return mean([fractions.Fraction(0), fractions.Fraction(1)])
        '''
    )


def test_a_missing_package_is_told_by_the_call_in_the_same_words() -> None:
    missing = GUARD.replace("import fractions", "import no_such_package as fractions")
    files = program("def half():\n    return mean([fractions.Fraction(1)])\n", missing)
    outcome = check(files, flags=HEAVY)
    (change,) = outcome.plan.changes
    assert any("that it is missing shows when it is used" in note for note in change.notes)
    namespace: dict[str, object] = {}
    exec(outcome.files["m.py"], namespace)
    half = namespace["half"]
    assert callable(half)
    with pytest.raises(ImportError, match="pip install fractions"):
        half()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_tabs_and_newlines_stay_what_they_are(newline: str) -> None:
    guard = (
        "try:\n\timport fractions\nexcept ModuleNotFoundError:\n\traise RuntimeError('no') from None\n\n\n"
    )
    text = (guard + "def half():\n\treturn fractions.Fraction(1, 2)\n").replace("\n", newline)
    outcome = check({"m.py": text}, flags=HEAVY, run="import m; print(m.half())")
    body = (
        "try:\n\t\timport fractions\n\texcept ModuleNotFoundError:\n\t\traise RuntimeError('no') from None\n"
    )
    assert body.replace("\n", newline) in outcome.files["m.py"]


def test_of_two_guards_the_first_still_fails_first_and_no_gap_is_left() -> None:
    guards = "".join(
        f"try:\n    import no_such_package as {name}\nexcept ImportError:\n    raise ImportError('{name}')\n\n"
        for name in ("first", "second")
    )
    outcome = check({"m.py": f"{guards}\ndef half():\n    return second, first\n"}, flags=HEAVY)
    text = outcome.files["m.py"]
    assert text.startswith("def half():\n    try:\n")
    assert text.index("'first'") < text.index("'second'")


def test_a_function_of_one_line_gets_a_block_and_comments_behind_the_guard_come_along() -> None:
    guard = "try: import fractions\nexcept ImportError: raise ImportError('no')  # why\n\n\n"
    text = moved("def half(x=1): x += 1; return fractions.Fraction(1, x)\n", guard)
    assert text == (
        "def half(x=1):\n    try: import fractions\n    except ImportError: raise ImportError('no')  # why\n"
        "    x += 1\n    return fractions.Fraction(1, x)\n"
    )


def test_annotations_and_type_checkers_keep_the_name() -> None:
    text = moved("def half(other: fractions.Fraction = None):\n    return mean([fractions.Fraction(1)])\n")
    assert "if TYPE_CHECKING:\n    import fractions" in text
    assert 'other: "fractions.Fraction"' in text


@pytest.mark.parametrize(
    ("code", "guard", "because"),
    [
        ("def half(): return fractions\ndef third(): return mean\n", GUARD, "2 functions would each need the guard"),
        ("def half(): return fractions\n", GUARD, "nothing uses mean"),
        ("def half(): return fractions\nclass Own(fractions.Fraction): x = mean\n", GUARD, "needs fractions.Fraction"),
        ("def half(ImportError=1): return fractions, mean\n", GUARD, "ImportError means something else"),
        (
            "def half():\n    e = 1\n    def inner():\n        nonlocal e\n        e = fractions, mean\n    return inner(), e\n",
            GUARD,
            "e means something else",
        ),
        ("def half():\n    global e\n    e = fractions, mean\n", GUARD, "e means something else"),
        ("x = 1\ndef half(): return fractions, mean, x\n", GUARD.replace('"pip', '(x := "pip") or "'), "in a function"),
        ("class A:\n    def half(self): return fractions, mean\n", GUARD.replace('"pip', '__doc or "'), "in a function"),
        ("os = 'x'\ndef half(): return fractions, mean\n", GUARD.replace('"pip', 'os.sep or "'), "os is bound again"),
        ("e = 1\ndef half(): return fractions, mean, e\n", GUARD, "e means something else"),
        ("def half(): return fractions, mean\n", GUARD.replace('"pip install fractions"', '"""a\n            b"""'), "spans lines"),
        (
            "def half(): return fractions, mean\n",
            GUARD.replace("# Tell what to do.", "print('no')"),
            "cannot be told in advance",
        ),
    ],
)  # fmt: skip
def test_what_would_mean_something_else_there_stays(code: str, guard: str, because: str) -> None:
    refused(program(code, guard), because=because, flags=HEAVY)


@pytest.mark.parametrize(
    ("other", "because"),
    [
        (
            "try:\n    import m\nexcept ImportError:\n    m = None\n",
            "expects that importing this module may fail",
        ),
        (
            "from importlib import import_module\n\n\ndef load(name):\n    try:\n        return import_module(name)\n"
            "    except ImportError:\n        return None\n",
            "may expect that importing this module fails",
        ),
    ],
)
def test_who_expects_the_module_to_fail_keeps_the_guard_there(other: str, because: str) -> None:
    files = program("def half():\n    return mean([fractions.Fraction(1)])\n")
    refused({**files, "other.py": other}, because=because, flags=HEAVY)


@pytest.mark.parametrize(("top", "statement"), [("import m\n", "importlib.reload(m)"), ("", "import m")])
def test_what_a_test_expects_to_fail_keeps_its_guard(top: str, statement: str) -> None:
    """With `builtins.__import__` replaced, the module is loaded again, or for the first time."""
    files = program("def half():\n    return mean([fractions.Fraction(1)])\n")
    test = f"import importlib\n{top}import pytest\n\n\ndef test_it():\n    with pytest.raises(ImportError):\n        {statement}\n"
    because = "it is imported where somebody may expect that it fails"
    refused({**files, "tests/test_m.py": test}, because=because, flags=HEAVY)


@pytest.mark.parametrize("odd", ["\\u2028", "\\x0c"])
def test_what_only_some_call_a_line_break_is_a_part_of_the_message(odd: str) -> None:
    guard = GUARD.replace("pip install", f"pip{odd.encode().decode('unicode_escape')}install")
    moved("def half():\n    return mean([fractions.Fraction(1)])\n", guard)


def test_what_is_loaded_anyway_keeps_its_guard() -> None:
    files = program("def half():\n    return mean([fractions.Fraction(1)])\n")
    base = "import fractions\n\n\nclass Half(fractions.Fraction): ...\n"
    code = (
        files["m.py"]
        .replace("import os\n", "import os\n\nimport base\n")
        .replace("LIMIT =", "LIMIT = base.Half,")
    )
    outcome = check({"m.py": code, "base.py": base}, flags=HEAVY, run="import m; print(m.half())")
    assert not outcome.plan.changes
