"""Comments on imports go wherever the import is written anew, those that type checkers read first of all."""

import textwrap

from lazify.testing import check

HEAVY = {"heavy": ("fractions", "statistics", "wave")}


def becomes(before: dict[str, str], after: dict[str, str], *, run: str = "import m") -> None:
    assert check(before, after, flags=HEAVY, run=run).plan.changes


def test_a_comment_behind_goes_along_under_type_checking() -> None:
    becomes(
        {
            "m.py": """
                import fractions  # type: ignore[import]
                from wave import Wave_read as Sound  # noqa: A001


                def f(x: fractions.Fraction, y: Sound):
                    return x
                """
        },
        {
            "m.py": """
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    import fractions  # type: ignore[import]
                    from wave import Wave_read as Sound  # noqa: A001


                def f(x: "fractions.Fraction", y: "Sound"):
                    return x
                """
        },
    )


def test_a_comment_behind_a_split_import_goes_along_and_stays() -> None:
    becomes(
        {
            "m.py": """
                import os, fractions  # type: ignore


                def f(x: fractions.Fraction):
                    return os.sep
                """
        },
        {
            "m.py": """
                import os  # type: ignore
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    import fractions  # type: ignore


                def f(x: "fractions.Fraction"):
                    return os.sep
                """
        },
    )


def test_comments_around_parentheses_are_about_every_name_and_those_inside_about_one() -> None:
    becomes(
        {
            "m.py": """
                from statistics import (  # type: ignore[import]
                    # for the report
                    mean,
                    median,  # the middle
                    stdev,
                )  # noqa: E402


                def f(values: median, other: stdev):
                    return mean(values), median(values)
                """
        },
        {
            "m.py": """
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    from statistics import median  # type: ignore[import]  # the middle  # noqa: E402
                    from statistics import stdev  # type: ignore[import]  # noqa: E402


                def f(values: "median", other: "stdev"):
                    # for the report
                    from statistics import mean  # type: ignore[import]  # noqa: E402
                    from statistics import median  # type: ignore[import]  # the middle  # noqa: E402

                    return mean(values), median(values)
                """
        },
        run="import m; print(m.f([1, 2, 6], 0))",
    )


def test_names_under_one_comment_share_a_line_under_type_checking() -> None:
    becomes(
        {
            "m.py": """
                from statistics import mean, median  # type: ignore


                def f(x: mean, y: median):
                    return x
                """
        },
        {
            "m.py": """
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    from statistics import mean, median  # type: ignore


                def f(x: "mean", y: "median"):
                    return x
                """
        },
    )


def test_a_comment_above_goes_along_under_type_checking() -> None:
    becomes(
        {
            "m.py": """
                import os

                # exact numbers
                import fractions


                def f(x: fractions.Fraction):
                    return os.sep
                """
        },
        {
            "m.py": """
                import os
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    # exact numbers
                    import fractions


                def f(x: "fractions.Fraction"):
                    return os.sep
                """
        },
    )


def test_a_comment_above_several_imports_goes_along_with_all_of_them() -> None:
    """As in invokeai 6.14.2."""
    becomes(
        {
            "m.py": """
                import os

                # Import sound components - these are in all versions
                from wave import Wave_read
                from wave import Wave_write as Writer


                def f(x: Wave_read, y: Writer):
                    return os.sep
                """
        },
        {
            "m.py": """
                import os
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    # Import sound components - these are in all versions
                    from wave import Wave_read
                    from wave import Wave_write as Writer


                def f(x: "Wave_read", y: "Writer"):
                    return os.sep
                """
        },
    )


def test_a_comment_stays_with_those_of_several_imports_that_stay() -> None:
    outcome = check(
        {
            "m.py": """
                # what numbers are made of, in two ways
                import fractions
                import decimal


                def f():
                    return fractions.Fraction(1), decimal.Decimal(1)
                """
        },
        flags=HEAVY,
        run="import m; print(m.f())",
    )
    assert "# what numbers are made of, in two ways\nimport decimal\n" in outcome.files["m.py"]


def test_an_import_stands_above_the_comments_that_a_body_begins_with() -> None:
    becomes(
        {
            "m.py": """
                import fractions


                def f():
                    \"\"\"Halve.\"\"\"

                    # What follows is exact.

                    # A half:
                    half = fractions.Fraction(1, 2)
                    return half
                """
        },
        {
            "m.py": """
                def f():
                    \"\"\"Halve.\"\"\"

                    import fractions

                    # What follows is exact.

                    # A half:
                    half = fractions.Fraction(1, 2)
                    return half
                """
        },
        run="import m; print(m.f())",
    )


def test_a_module_that_takes_the_name_from_its_origin_keeps_its_own_comment() -> None:
    becomes(
        {
            "m.py": "import fractions  # type: ignore[import]\n\n\ndef f():\n    return fractions.Fraction(1)\n",
            "n.py": "from m import fractions  # noqa: F401\nX = fractions.Fraction(2)\n",
        },
        {
            "m.py": "def f():\n    import fractions  # type: ignore[import]\n\n    return fractions.Fraction(1)\n",
            "n.py": "import fractions  # type: ignore[import]  # noqa: F401\nX = fractions.Fraction(2)\n",
        },
        run="import m, n; print(m.f(), n.X)",
    )


def test_a_module_that_takes_the_name_from_its_origin_gets_what_type_checkers_read() -> None:
    becomes(
        {
            "m.py": "import fractions  # type: ignore[import]  # exact\n\n\ndef f():\n    return fractions.Fraction(1)\n",
            "n.py": "from m import fractions\n\nX = fractions.Fraction(2)\n",
        },
        {
            "m.py": "def f():\n    import fractions  # type: ignore[import]  # exact\n\n    return fractions.Fraction(1)\n",
            "n.py": "import fractions  # type: ignore[import]\n\nX = fractions.Fraction(2)\n",
        },
        run="import m, n; print(m.f(), n.X)",
    )


def test_a_use_through_the_module_gets_the_comment_with_its_own_import() -> None:
    becomes(
        {
            "m.py": "import fractions  # type: ignore\n\n\ndef f():\n    return fractions.Fraction(1)\n",
            "n.py": "import m\n\n\ndef g():\n    return m.fractions.Fraction(2), m.f()\n",
        },
        {
            "m.py": "def f():\n    import fractions  # type: ignore\n\n    return fractions.Fraction(1)\n",
            "n.py": "import m\n\n\ndef g():\n    import fractions  # type: ignore\n\n    return fractions.Fraction(2), m.f()\n",
        },
        run="import n; print(n.g())",
    )


def test_a_module_getattr_imports_with_the_comment() -> None:
    before = "import fractions  # type: ignore\n\n__all__ = ['fractions', 'f']\n\n\ndef f():\n    return fractions.Fraction(1)\n"
    outcome = check({"m.py": before}, flags=HEAVY, run="import m; print(m.f(), m.fractions)")
    assert outcome.plan.changes
    assert "        import fractions  # type: ignore\n" in outcome.files["m.py"]


BLOCK = "import os\n\n# {}\nimport fractions\nimport json\n\n\ndef f():\n    return fractions.Fraction(json.loads('1'))\n"


def test_a_comment_that_names_the_first_import_of_a_block_goes_along() -> None:
    said = "Fractions are slow to load, but exact"
    outcome = check({"m.py": BLOCK.format(said)}, flags=HEAVY, run="import m; print(m.f())")
    assert outcome.files["m.py"].startswith("import os\n\nimport json\n")
    assert f"def f():\n    # {said}\n    import fractions\n" in outcome.files["m.py"]


def test_a_comment_that_may_be_about_the_whole_block_stays() -> None:
    for said in ("needed below", "json and fractions", "json for the numbers"):
        outcome = check({"m.py": BLOCK.format(said)}, flags=HEAVY, run="import m; print(m.f())")
        assert outcome.files["m.py"].startswith(f"import os\n\n# {said}\nimport json\n")


def test_a_comment_on_a_function_that_imports_first_stays_above_its_imports() -> None:
    before = """
        import fractions
        import os


        def half(x):
            # This is about the function.

            # json is needed for this one
            import json

            return json.dumps(str(fractions.Fraction(x, 2)))
        """
    body = """
            import fractions

            # This is about the function.

            # json is needed for this one
            import json

            return"""
    outcome = check(
        {"m.py": textwrap.dedent(before)}, flags={"heavy": ("fractions",)}, run="import m; print(m.half(1))"
    )
    assert textwrap.indent(textwrap.dedent(body), "    ") in outcome.files["m.py"]
