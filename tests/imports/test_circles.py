"""Modules that import each other work in some orders only: no move may make another one the first."""

from collections.abc import Mapping

from lazify.testing import Files, Outcome, check, refused

FLAGS: Mapping[str, object] = {"heavy": ("fractions",), "select": ("LZ2",)}
A = "import fractions\n\nX = fractions.Fraction(1)\nfrom pkg import b\n\n\nclass A(b.Base): ...\n"
B = "import fractions\nfrom pkg.a import X\n\n\nclass Base:\n    n = X * fractions.Fraction(2)\n"
CIRCLE = {"pkg/__init__.py": "", "pkg/a.py": A, "pkg/b.py": B}
MAIN = "from pkg import a\nfrom pkg import b\n\n\ndef f():\n    return b.Base.n\n\n\ndef g():\n    return a.A.n\n"
RUN = "import main; print(main.f(), main.g())"


def moved(files: Files, run: str = RUN) -> Outcome:
    """Assert that something of the project's own moves."""
    outcome = check(files, flags=FLAGS, run=run)
    assert "LZ203" in {change.code for change in outcome.plan.changes}
    return outcome


def stays(files: Files, because: str) -> None:
    """Assert that nothing of the project's own moves."""
    refused(files, because=because, flags={**FLAGS, "select": ("LZ203",)})


def test_the_first_of_a_circle_goes_on_being_imported_first() -> None:
    stays({**CIRCLE, "main.py": MAIN}, "pkg.b may not be the first of the modules")


def test_what_a_function_takes_counts_where_it_is_called_at_import() -> None:
    called = "import fractions\n\nX = fractions.Fraction(1)\nfrom pkg import b\n\n\ndef base():\n    return b.Base\n\n\nA = base()\n"
    stays({**CIRCLE, "pkg/a.py": called, "main.py": MAIN}, "pkg.b may not be the first of the modules")


def test_import_star_brings_what_is_there_by_then() -> None:
    star = "import fractions\nfrom pkg.a import *\n\n\nclass Base:\n    n = fractions.Fraction(2)\n\n\ndef x():\n    return X\n"
    stays({**CIRCLE, "pkg/b.py": star, "main.py": MAIN}, "pkg.b takes by import * what a module has by then")


def test_a_circle_that_works_in_any_order_is_imported_by_whoever_uses_it() -> None:
    later = (
        "import fractions\nfrom pkg import b\n\nX = fractions.Fraction(1)\n\n\ndef base():\n    return b.Y\n"
    )
    other = (
        "import fractions\nfrom pkg import a\n\nY = fractions.Fraction(2)\n\n\ndef base():\n    return a.X\n"
    )
    main = "from pkg import a\nfrom pkg import b\n\n\ndef f():\n    return b.base()\n\n\ndef g():\n    return a.base()\n"
    moved({**CIRCLE, "pkg/a.py": later, "pkg/b.py": other, "main.py": main})


def test_a_package_that_begins_its_circle_begins_it_for_everybody() -> None:
    moved({**CIRCLE, "pkg/__init__.py": "from pkg import a\n", "main.py": MAIN})


def test_what_only_leads_to_a_circle_waits_below_the_import_that_begins_it() -> None:
    beyond = "import fractions\nfrom pkg import a\n\nZ = a.A.n * fractions.Fraction(3)\n"
    light = {
        name: text.replace("import fractions\n", "").replace("fractions.Fraction", "int")
        for name, text in CIRCLE.items()
    }
    files = {**light, "beyond.py": beyond}
    main = "{}\n\n\ndef f():\n    return beyond.Z\n\n\ndef g():\n    return 1\n"
    moved({**files, "main.py": main.format("from pkg import a\nimport beyond")})
    stays({**files, "main.py": main.format("import beyond\nfrom pkg import b")}, "pkg.b may not be the first")


def test_a_name_handed_on_by_the_first_of_a_circle_goes_on_beginning_it() -> None:
    handed = "import fractions\n\nX = 1\nfrom pkg import b\n\n\nclass A(b.Base): ...\n\n\ndef half():\n    return fractions.Fraction(1, 2)\n"
    other = "from pkg.a import X\n\n\nclass Base:\n    n = X\n"
    main = "from pkg.a import fractions\nfrom pkg.b import Base\nfrom pkg.a import half\n\n\ndef f():\n    return fractions.Fraction(3), half(), Base.n\n"
    files = {**CIRCLE, "pkg/a.py": handed, "pkg/b.py": other, "main.py": main}
    outcome = check(files, flags=FLAGS, run="import main; print(main.f())")
    assert any("pkg.b may not be the first" in each.reason for each in outcome.plan.refusals)


DEPS = "import fractions as fr\n{body}\n\n\ndef half():\n    return fr.Fraction(1, 2)\n"
REGISTRY = "names = []\n"
USER = "from deps import {names}\nfrom registry import names\n\n\ndef count():\n    return fr.Fraction(len(names))\n"
ENTER = "from registry import names\n\nnames.append('deps')"


def test_a_module_that_is_run_for_a_name_of_others_goes_on_being_run() -> None:
    files = {"deps.py": DEPS.format(body=ENTER), "registry.py": REGISTRY, "user.py": USER.format(names="fr")}
    refused(files, because="importing deps does something others see", flags=FLAGS)


def test_a_module_that_does_nothing_need_not_be_run_for_a_name_of_others() -> None:
    files = {
        "deps.py": DEPS.format(body="LIMIT = 3"),
        "registry.py": REGISTRY,
        "user.py": USER.format(names="fr"),
    }
    after = check(files, flags=FLAGS, run="import user; print(user.count())").files["user.py"]
    assert "deps" not in after


def test_a_module_that_is_run_for_something_else_too_need_not_be_run_for_a_name_of_others() -> None:
    user = USER.format(names="fr, half")
    files = {"deps.py": DEPS.format(body=ENTER), "registry.py": REGISTRY, "user.py": f"{user}\n\nhalf\n"}
    after = check(files, flags=FLAGS, run="import user; print(user.count())").files["user.py"]
    assert "from deps import half\n" in after


def test_a_module_that_has_something_done_at_exit_is_imported_when_it_is_today() -> None:
    body = "import atexit\nimport fractions\n\nONE = fractions.Fraction(1)\n{}\n"
    user = "import ending\n\n\ndef one():\n    return ending.ONE\n"
    for text in ("atexit.register(print, 'end')", "@atexit.register\ndef end(): print('end')"):
        outcome = check({"ending.py": body.format(text), "user.py": user}, flags=FLAGS, run="import user")
        assert not outcome.plan.changes
    plain = check(
        {"ending.py": body.format("def end(): ..."), "user.py": user}, flags=FLAGS, run="import user"
    )
    assert plain.plan.changes
