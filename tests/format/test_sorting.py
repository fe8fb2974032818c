"""New imports stand where the tool would put them that the project sorts its imports with."""

import textwrap
from pathlib import Path

import pytest

from lazify.format import sections, settings, sort_changed

BEFORE = "import os\n\nimport click\n\nimport own.a\n"
ADDED = "import os\n\nimport click\n\nimport own.a\nimport wave\nfrom own.b import c\nimport numpy\n"
USUAL = "import os\nimport wave\n\nimport click\nimport numpy\n\nimport own.a\nfrom own.b import c\n"


def sort(before: str, after: str, root: Path, *, file: str = "own/m.py", **files: str) -> str:
    (root / ".git").mkdir()
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).with_name("__init__.py").write_text("")
    for name, text in files.items():
        (root / name.replace("__", ".")).write_text(text)
    known = sections(root, settings(root))
    return sort_changed(textwrap.dedent(before), textwrap.dedent(after), root / file, known)


def test_new_imports_join_those_that_are_sorted(tmp_path: Path) -> None:
    assert sort(BEFORE, ADDED, tmp_path) == USUAL


def test_a_folder_of_the_same_name_makes_no_package_the_project_s_own(tmp_path: Path) -> None:
    """feast lies in sdk/python/feast, and its templates are no package."""
    before = "import click\nimport feast\nimport pandas\n"
    after = "import click\nimport wave\nimport feast\nimport pandas\n"
    expected = "import wave\n\nimport click\nimport feast\nimport pandas\n"
    (tmp_path / "feast/templates").mkdir(parents=True)
    (tmp_path / "feast/templates/m.py").write_text("")
    (tmp_path / ".git").mkdir()
    known = sections(tmp_path / "feast/templates", settings(tmp_path))
    assert sort_changed(before, after, tmp_path / "feast/templates/m.py", known) == expected


def test_new_imports_of_a_function_stand_in_sections(tmp_path: Path) -> None:
    before = "def f():\n    return 1\n"
    after = "def f():\n    from .x import y\n    import numpy as np\n    import abc\n    from own.z import q\n\n    return 1\n"
    assert sort(before, after, tmp_path) == (
        "def f():\n    import abc\n\n    import numpy as np\n\n    from own.z import q\n\n    from .x import y\n\n    return 1\n"
    )


def test_imports_that_are_not_sorted_stay_where_they_are(tmp_path: Path) -> None:
    before = "def f():\n    import click\n    import os\n    return 1\n"
    after = "def f():\n    import numpy\n    import click\n    import os\n    return 1\n"
    assert sort(before, after, tmp_path) == after


def test_imports_that_no_edit_touched_stay_as_they_are(tmp_path: Path) -> None:
    before = "import os\nimport abc\n\n\ndef f():\n    return 1\n"
    after = "import os\nimport abc\n\n\ndef f():\n    import wave\n    return 1\n"
    assert sort(before, after, tmp_path) == after


def test_a_section_whose_last_import_left_leaves_no_gap(tmp_path: Path) -> None:
    assert sort("import os\n\nimport numpy\n\nimport own.a\n", "import os\n\n\nimport own.a\n", tmp_path) == (
        "import os\n\nimport own.a\n"
    )


def test_the_comment_above_the_first_import_stays_above_it(tmp_path: Path) -> None:
    before = "# about os\nimport os\n"
    after = "# about os\nimport os\nimport abc\n"
    assert sort(before, after, tmp_path) == after


def test_comments_go_along_with_their_imports(tmp_path: Path) -> None:
    before = "import abc\n\n# about click\nimport click  # noqa\n"
    after = "import abc\n\n# about click\nimport click  # noqa\nimport wave\n"
    assert sort(before, after, tmp_path) == "import abc\nimport wave\n\n# about click\nimport click  # noqa\n"


def test_names_under_different_comments_are_not_joined(tmp_path: Path) -> None:
    after = "def f():\n    from m import b  # type: ignore\n    from m import a\n"
    assert sort("def f():\n    pass\n", after, tmp_path) == after


@pytest.mark.parametrize("comment", ["# isort: skip_file", "# isort:off", "# ruff: isort: skip_file"])
def test_files_that_want_no_sorting_get_none(tmp_path: Path, comment: str) -> None:
    assert sort(f"{comment}\n{BEFORE}", f"{comment}\n{ADDED}", tmp_path) == f"{comment}\n{ADDED}"


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("pyproject__toml", "tool.isort"),
        ("setup__cfg", "isort"),
        ("tox__ini", "isort"),
        ("__isort__cfg", "settings"),
    ],
)
def test_isort_is_configured_in_any_of_its_files(tmp_path: Path, name: str, heading: str) -> None:
    value = '"black"' if name.endswith("toml") else "black"
    file = {name: f"[{heading}]\nprofile = {value}\nforce_sort_within_sections = true\n"}
    after = "import os\nfrom abc import ABC\n"
    assert sort("import os\n", after, tmp_path, **file) == "from abc import ABC\nimport os\n"


@pytest.mark.parametrize(
    ("said", "after", "expected"),
    [
        ("[tool.ruff.lint.isort]\nforce-single-line = true\n", "import os\nfrom m import a, b\n", "import os\n\nfrom m import a\nfrom m import b\n"),
        ("[tool.ruff.lint.isort]\nknown-first-party = ['m']\n", "import os\nimport m\nimport z\n", "import os\n\nimport z\n\nimport m\n"),
        ("[tool.ruff.isort]\nlines-between-types = 1\n", "import os\nfrom abc import A\n", "import os\n\nfrom abc import A\n"),
        ("[tool.ruff]\nsrc = ['lib']\n", "import os\nimport lm\nimport z\n", "import os\n\nimport z\n\nimport lm\n"),
        ("[tool.ruff.lint.isort]\nsection-order = ['third-party', 'standard-library', 'x']\n[tool.ruff.lint.isort.sections]\nx = ['m']\n", "import os\nimport m\nimport z\n", "import z\n\nimport os\n\nimport m\n"),
        ("[tool.ruff.lint.isort]\nrelative-imports-order = 'closest-to-furthest'\n", "import os\nfrom .. import a\nfrom . import b\n", "import os\n\nfrom . import b\nfrom .. import a\n"),
        ("[tool.ruff.lint.isort]\nno-lines-before = ['third-party']\n", "import os\nimport m\n", "import os\nimport m\n"),
    ],
)  # fmt: skip
def test_what_ruff_is_told_is_done(tmp_path: Path, said: str, after: str, expected: str) -> None:
    (tmp_path / "lib/lm").mkdir(parents=True)
    assert sort("import os\n", after, tmp_path, pyproject__toml=said) == expected


def test_a_project_that_says_nothing_shows_its_order_by_its_imports(tmp_path: Path) -> None:
    before = "from abc import ABC\nimport os\nfrom typing import Any\n"
    after = "from abc import ABC\nimport os\nfrom typing import Any\nimport re\n"
    expected = "from abc import ABC\nimport os\nimport re\nfrom typing import Any\n"
    assert sort(before, after, tmp_path) == expected


def test_what_the_tool_would_add_is_not_added(tmp_path: Path) -> None:
    said = "[tool.isort]\nadd_imports = ['from __future__ import annotations']\n"
    assert (
        sort("import os\n", "import os\nimport abc\n", tmp_path, pyproject__toml=said)
        == "import abc\nimport os\n"
    )


def test_a_long_line_with_a_comment_is_not_broken(tmp_path: Path) -> None:
    """`# type: ignore` on another line would mean nothing."""
    long = f"from package import {'a' * 80}  # type: ignore"
    after = f"def f():\n    import z\n    {long}\n    import abc\n"
    assert (
        sort("def f():\n    pass\n", after, tmp_path)
        == f"def f():\n    import abc\n\n    import z\n    {long}\n"
    )


@pytest.mark.parametrize(
    "said",
    [
        "[tool.isort]\nno_such_option = 3\n",
        "[tool.isort]\nprofile = 'no such profile'\n",
        "[tool.isort]\nline_length = 'wide'\n",
        "[tool.ruff.lint.isort]\nknown-first-party = 3\nsection-order = ['no', 'such']\n",
        "[tool.ruff.lint.isort]\nno-lines-before = 3\nlines-after-imports = 'x'\n",
        "[tool.ruff]\nsrc = 3\nselect = 4\n[tool.ruff.lint]\nisort = 'x'\n",
    ],
)
def test_where_the_settings_are_wrong_imports_stay_as_they_are(tmp_path: Path, said: str) -> None:
    after = "import os\nimport abc\n"
    assert sort("import os\n", after, tmp_path, pyproject__toml=said) in (after, "import abc\nimport os\n")


def test_a_comment_that_is_about_no_import_stays_above_what_it_stood_above(tmp_path: Path) -> None:
    """paddlex explains a function, and then why it imports matplotlib first."""
    before = "def f():\n    # Like load().\n\n    # use() comes first.\n    import a\n\n    a.use()\n"
    after = before.replace("    # Like", "    import numpy\n\n    # Like")
    assert sort(before, after, tmp_path) == after


def test_a_comment_that_is_about_an_import_moves_with_it(tmp_path: Path) -> None:
    before = "def f():\n    # first\n    import alpha\n\n    alpha.use()\n"
    after = before.replace("    # first", "    import numpy\n    # first")
    expected = before.replace("import alpha\n", "import alpha\n    import numpy\n")
    assert sort(before, after, tmp_path) == expected
