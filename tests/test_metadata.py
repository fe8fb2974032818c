from pathlib import Path

import pytest

from lazify.errors import ConfigError
from lazify.metadata import Metadata, read_metadata


def described(tmp_path: Path, files: dict[str, str]) -> Metadata:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return read_metadata(tmp_path)


BUILD = "[build-system]\nrequires = ['hatchling']\n"


def test_a_project_that_says_nothing_is_an_application_for_any_python(tmp_path: Path) -> None:
    assert described(tmp_path, {}) == Metadata(oldest_python=None, is_distributed=False)


@pytest.mark.parametrize(
    ("requirement", "oldest"),
    [
        (">=3.9", (3, 9)),
        (">=3.9,<4", (3, 9)),
        ("~=3.8", (3, 8)),
        (">=3.9.2", (3, 9)),
        (">3.9", (3, 9)),
        ("==3.11.*", (3, 11)),
        ("==3.11.4", (3, 11)),
        (">=2.7, !=3.0.*, !=3.1.*", (2, 7)),
        (">=3.10, !=3.10.*", (3, 11)),
        ("<4", (2, 7)),
        ("^3.9", (3, 9)),
        ("~3.8", (3, 8)),
        ("^3.10.1", (3, 10)),
        ("3.11", (3, 11)),
        ("3.11.*", (3, 11)),
        ("^3.9 || ^2.7", (2, 7)),
        ("", None),
        ("whatever", None),
        (">=99", None),
    ],
)
def test_the_oldest_python_is_the_first_that_the_requirement_admits(
    tmp_path: Path, requirement: str, oldest: tuple[int, int] | None
) -> None:
    text = f"[project]\nname = 'x'\nrequires-python = '{requirement}'"
    assert described(tmp_path, {"pyproject.toml": text}).oldest_python == oldest


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.9'"),
        ("setup.cfg", "[options]\npython_requires = >=3.9"),
        ("setup.py", "from setuptools import setup\nsetup(name='x', python_requires='>=3.9')"),
        ("setup.py", "import setuptools\nsetuptools.setup(python_requires='>=3.9', version=read())"),
    ],
)
def test_the_requirement_may_stand_in_other_places(tmp_path: Path, name: str, text: str) -> None:
    assert described(tmp_path, {name: text}).oldest_python == (3, 9)


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": BUILD + "[project]\nname = 'x'"},
        {"pyproject.toml": BUILD + "[tool.poetry]\nname = 'x'"},
        {"setup.cfg": "[metadata]\nname = x"},
        {"setup.py": "from setuptools import setup\nsetup(name=NAME)"},
    ],
)
def test_a_project_with_a_name_and_a_build_is_distributed(tmp_path: Path, files: dict[str, str]) -> None:
    assert described(tmp_path, files).is_distributed


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[project]\nname = 'x'"},
        {"pyproject.toml": BUILD},
        {"pyproject.toml": BUILD + "[tool.poetry]\nname = 'x'\npackage-mode = false"},
        {"pyproject.toml": BUILD + "[project]\nname = 'x'\n[tool.uv]\npackage = false"},
        {"pyproject.toml": BUILD + "[project]\nname = 'x'\nclassifiers = ['Private :: Do Not Upload']"},
        {"setup.cfg": "[flake8]\nmax-line-length = 100"},
        {"setup.cfg": "no section = 1"},
        {"setup.py": "print 'old'"},
        {"setup.py": "setup = 1"},
    ],
)
def test_other_projects_are_not(tmp_path: Path, files: dict[str, str]) -> None:
    assert not described(tmp_path, files).is_distributed


def test_a_broken_pyproject_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not valid TOML"):
        described(tmp_path, {"pyproject.toml": "[project"})
