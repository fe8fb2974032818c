"""What the sources of a package tell of a plain import of it."""

from pathlib import Path

import pytest

from tests.benchmarks.opened import opened_by


@pytest.fixture
def package(tmp_path: Path) -> Path:
    files = {
        "__init__.py": "from .a import one\nfrom . import _hidden\n\n\ndef later():\n    from . import rest\n",
        "a/__init__.py": "from package.b import deep\n",
        "a/other.py": "",
        "b/__init__.py": "try:\n    import package.c\nexcept ImportError:\n    pass\n",
        "b/deep.py": "",
        "c.py": "",
        "_hidden.py": "from . import found\n",
        "found.py": "",
        "rest.py": "",
    }
    for name, text in files.items():
        path = tmp_path / "package" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "package"


def test_what_its_own_modules_import_is_there(package: Path) -> None:
    assert opened_by(package) == ["a", "b.*", "c.*", "found.*"]


def test_a_package_that_imports_when_it_is_asked_has_all(package: Path) -> None:
    with (package / "__init__.py").open("a") as file:
        file.write("\n\ndef __getattr__(name):\n    return importlib.import_module(f'package.{name}')\n")
    assert opened_by(package) == ["*"]
