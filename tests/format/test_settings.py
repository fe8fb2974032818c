"""Projects say how they want their code laid out."""

from pathlib import Path

import pytest

from lazify.format import Settings, settings


def project(tmp_path: Path, **files: str) -> Path:
    (tmp_path / ".git").mkdir()
    root = tmp_path / "service"
    root.mkdir()
    for name, text in files.items():
        (tmp_path / name.replace("__", "/")).with_suffix(".toml").write_text(text)
    return root


def test_a_project_that_says_nothing_gets_black_as_it_is(tmp_path: Path) -> None:
    assert settings(project(tmp_path, service__pyproject="[project]\nname = 'a'\n")) == Settings()


def test_the_settings_of_black_are_read(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        service__pyproject="[tool.black]\nline-length = 100\nskip-string-normalization = true\n"
        "skip_magic_trailing_comma = true\ntarget-version = ['py311', 'py999']\npreview = true\n"
        "[tool.ruff]\nline-length = 50\n",
    )
    assert settings(root) == Settings(
        line_length=100,
        string_normalization=False,
        magic_trailing_comma=False,
        target_versions=frozenset({"py311"}),
        preview=True,
        is_configured=True,
    )


def test_the_settings_of_ruff_are_read(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        service__pyproject="[tool.ruff]\nline-length = 100\ntarget-version = 'py312'\n"
        "[tool.ruff.format]\nquote-style = 'single'\nindent-style = 'tab'\nskip-magic-trailing-comma = true\n",
    )
    assert settings(root) == Settings(
        line_length=100,
        string_normalization=False,
        magic_trailing_comma=False,
        target_versions=frozenset({"py312"}),
        is_configured=True,
        indents_with_tabs=True,
    )


def test_versions_come_from_what_the_project_requires(tmp_path: Path) -> None:
    found = settings(
        project(tmp_path, service__pyproject="[project]\nrequires-python = '>=3.12'\n[tool.black]\n")
    )
    assert {"py312", "py313"} <= found.target_versions
    assert "py311" not in found.target_versions


def test_the_repository_counts_where_the_service_says_nothing(tmp_path: Path) -> None:
    root = project(
        tmp_path, pyproject="[tool.black]\nline-length = 99\n", service__pyproject="[project]\nname = 'a'\n"
    )
    assert settings(root).line_length == 99


def test_what_lies_outside_the_repository_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.black]\nline-length = 99\n")
    root = tmp_path / "service"
    root.mkdir()
    assert settings(root) == Settings()


@pytest.mark.parametrize(
    "text",
    [
        "not toml [",
        "tool = 1\n",
        "[tool]\nblack = 3\n",
        "[tool.black]\nline-length = 'wide'\ntarget-version = 7\n",
        "[tool.ruff]\nformat = 1\n",
    ],
)
def test_a_broken_project_file_says_nothing(tmp_path: Path, text: str) -> None:
    found = settings(project(tmp_path, service__pyproject=text))
    assert (found.line_length, found.target_versions) == (88, frozenset())
