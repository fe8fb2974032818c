"""What the rest of the program does that a later import would notice, and what only looks like it."""

from pathlib import Path

import pytest

from lazify.requirements import read_required
from lazify.testing import check, refused

HEAVY = {"heavy": ("fractions",)}
GUARDED = {
    "m.py": "import fractions\n\n\ndef half():\n    return fractions.Fraction(1, 2)\n",
    "n.py": "try:\n    import m\nexcept ImportError:\n    m = None\n",
}


def test_a_guard_above_a_module_may_be_about_what_it_imports() -> None:
    refused(GUARDED, because="n expects that importing this module may fail", flags=HEAVY)


def test_no_guard_is_about_what_is_installed_wherever_the_project_is() -> None:
    files = {**GUARDED, "requirements.txt": "fractions>=1\n"}
    assert check(files, flags=HEAVY, run="import m, n; print(m.half(), n.m is m)").plan.changes


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "pyproject.toml",
            "[project]\nname = 'x'\ndependencies = ['Big_Pack>=2', 'other; python_version < \"3.9\"']\n",
        ),
        (
            "pyproject.toml",
            "[tool.poetry.dependencies]\nbig-pack = '^2'\nother = {version = '1', optional = true}\n",
        ),
        ("requirements.txt", "big.pack[extra]==2  # pinned\nother; sys_platform == 'win32'\n"),
        ("setup.cfg", "[options]\ninstall_requires =\n    big_pack\n"),
    ],
)
def test_dependencies_without_conditions_are_required(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text)
    assert read_required(tmp_path) == {"big-pack"}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", "[project.optional-dependencies]\nall = ['big-pack']\n"),
        ("requirements-dev.txt", "big-pack\n"),
        ("setup.cfg", "[options.extras_require]\nall = big-pack\n"),
    ],
)
def test_extras_and_tools_are_not(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text)
    assert not read_required(tmp_path)


LISTING = """
    import fractions
    import inspect
    import sys


    def half():
        return fractions.Fraction(1, 2)


    def listed():
        return [name for name, _ in inspect.getmembers(sys.modules[__name__], {})]
    """


@pytest.mark.parametrize("kind", ["inspect.isclass", "inspect.isfunction"])
def test_who_lists_the_classes_of_a_module_sees_no_import_of_a_module(kind: str) -> None:
    run = "import m; print(m.listed(), m.half())"
    assert check({"m.py": LISTING.replace("{}", kind)}, flags=HEAVY, run=run).plan.changes


@pytest.mark.parametrize("kind", ["inspect.ismodule", "None", "lambda _: True"])
def test_who_lists_anything_may_see_it(kind: str) -> None:
    refused({"m.py": LISTING.replace("{}", kind)}, because="sys.modules may look fractions up", flags=HEAVY)


def test_a_class_is_listed_with_the_classes() -> None:
    code = LISTING.replace("import fractions\n", "from fractions import Fraction\n").replace("fractions.", "")
    refused({"m.py": code.replace("{}", "inspect.isclass")}, because="may look Fraction up", flags=HEAVY)
