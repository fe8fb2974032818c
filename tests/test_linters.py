"""What the project's linter would say of imports in functions."""

from pathlib import Path

import pytest

from lazify.linters import advice


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

    assert (advice(tmp_path) is not None) is is_advised


def test_a_ruff_toml_wins_over_the_pyproject(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").write_text("[tool.ruff.lint]\nselect = ['E']")
    tmp_path.joinpath("ruff.toml").write_text("[lint]\nselect = ['PL']")

    assert "of ruff.toml" in (advice(tmp_path) or "")
