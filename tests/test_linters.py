"""What the project's linter would say of imports in functions."""

from pathlib import Path

import pytest

from lazify.linters import read_linters


@pytest.mark.parametrize(
    ("text", "is_advised"),
    [
        ("", False),
        ("[tool.ruff.lint]\nselect = ['E', 'F']", False),
        ("[tool.ruff.lint]\nselect = ['ALL']", True),
        ("[tool.ruff.lint]\nextend-select = ['PL']", True),
        ("[tool.ruff]\nselect = ['PLC0415']", True),
        ("[tool.ruff.lint]\nselect = ['ALL']\nignore = ['PLC0415']", False),
        ("[tool.ruff.lint]\nselect = ['PLC0415']\nignore = ['PL']", True),
        ("[tool.ruff.lint]\nselect = ['PL']\nignore = ['PLC']", False),
    ],
)
def test_advice_is_given_where_ruff_reports_imports_in_functions(
    tmp_path: Path, text: str, is_advised: bool
) -> None:
    tmp_path.joinpath("pyproject.toml").write_text(text)

    assert ("PLC0415" in read_linters(tmp_path).ruff) is is_advised


def test_a_ruff_toml_wins_over_the_pyproject(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").write_text("[tool.ruff.lint]\nselect = ['E']")
    tmp_path.joinpath("ruff.toml").write_text("[lint]\nselect = ['PL']")

    linters = read_linters(tmp_path)

    assert "PLC0415" in linters.ruff
    assert linters.table("per-file-ignores") == "[lint.per-file-ignores] of ruff.toml"


def test_ruff_checks_for_late_imports_where_nothing_is_selected(tmp_path: Path) -> None:
    assert not read_linters(tmp_path).ruff
    tmp_path.joinpath("pyproject.toml").write_text("[tool.ruff]\nline-length = 100")

    assert read_linters(tmp_path).ruff == {"E402"}


def test_banned_modules_are_known(tmp_path: Path) -> None:
    tidy = "[tool.ruff.lint.flake8-tidy-imports]\nbanned-module-level-imports = ['torch']"
    tmp_path.joinpath("pyproject.toml").write_text(f"[tool.ruff.lint]\nselect = ['TID']\n{tidy}")
    linters = read_linters(tmp_path)

    assert linters.ruff == {"TID253"}
    assert linters.banned == {"torch"}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        (".flake8", "[flake8]\nmax-line-length = 100", ".flake8"),
        ("setup.cfg", "[flake8]\nextend-ignore = E203,\n    W503", "setup.cfg"),
        ("tox.ini", "[flake8]\nignore = E203, E402", None),
        ("tox.ini", "[flake8]\nextend-ignore =\n    E4", None),
        ("setup.cfg", "[metadata]\nname = x", None),
        (".flake8", "no configuration", None),
    ],
)
def test_flake8_checks_for_late_imports_unless_told_otherwise(
    tmp_path: Path, name: str, text: str, found: str | None
) -> None:
    tmp_path.joinpath(name).write_text(text)

    assert read_linters(tmp_path).flake8 == found
