"""How a project reaches its users: as a library whose names others import, or as an application that is run."""

import configparser
from pathlib import Path

from lazify.config import read_pyproject


def is_library(root: Path) -> bool:
    """Tell whether the project is built into a distribution: code nobody here can see may import its names.

    Sources: PEP 518 (`[build-system]`), PEP 621 (`[project]`), Poetry's `package-mode`, setuptools' setup.cfg and
    setup.py. A pyproject.toml without a build system configures an application. Raises ConfigError.
    """
    pyproject = read_pyproject(root / "pyproject.toml")
    if "build-system" in pyproject:
        tools = pyproject.get("tool")
        poetry = tools.get("poetry") if isinstance(tools, dict) else None
        return not (isinstance(poetry, dict) and poetry.get("package-mode") is False)
    return (root / "setup.py").is_file() or _names_metadata(root / "setup.cfg")


def _names_metadata(file: Path) -> bool:
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return False  # no setup.cfg that setuptools could read
    return parser.has_option("metadata", "name")
