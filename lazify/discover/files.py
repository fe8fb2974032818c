"""What a file is, by its name."""

import os
import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path


class Kind(Enum):
    """What lazify can do with a file."""

    PYTHON = "python"
    STUB = "stub"
    """Types only: nothing in it runs."""
    FOREIGN = "foreign"
    """May use the project's names, in a language that lazify does not write."""


_KINDS = {
    ".py": Kind.PYTHON,
    ".pyw": Kind.PYTHON,
    ".pyi": Kind.STUB,
    ".pyx": Kind.FOREIGN,
    ".pxd": Kind.FOREIGN,
    ".pxi": Kind.FOREIGN,
    ".ipynb": Kind.FOREIGN,
}
_TOOL_NAMES = frozenset(
    {
        "conf.py",
        "dodo.py",
        "fabfile.py",
        "gunicorn.conf.py",
        "gunicorn_conf.py",
        "hubconf.py",
        "locustfile.py",
        "manage.py",
        "noxfile.py",
        "setup.py",
    }
)
_NAMES_READ = frozenset({"conf.py", "gunicorn.conf.py", "gunicorn_conf.py", "hubconf.py"})
"""Of these, the ones that are configuration: whatever name they have may be looked up in what running them left."""
_TEST_NAME = re.compile(r"(?:test_.*|.*_test|tests|conftest)\.pyw?")
_TEST_FOLDERS = frozenset({"tests", "test", "testsuite"})
_PLATFORM_NAME = re.compile(
    r"""
      (?: vercel | now | zappa_settings | function | package | .*log.* ) \.json
    | (?: Procfile | Dockerfile | Containerfile | Makefile ) .* | [Jj]ustfile
    | .* \.ya?ml
    | (?: pyproject | fly | netlify | railway | nixpacks ) \.toml
    | \.flaskenv | .* \.env (?: \. (?! py$ ) .+ )?
    | (?: setup | scrapy ) \.cfg | setup\.py | gunicorn.*\.py | supervisord?\.conf | .*\.(?: service | sh | tf | ini )
    """,
    re.VERBOSE,
)


def kind_of(path: str) -> Kind | None:
    """Tell by the suffix or, where there is none, by the first line; None for what has no Python in it."""
    stem, dot, suffix = path.rpartition(os.sep)[2].rpartition(".")
    if dot:
        return _KINDS.get(f".{suffix}") if stem else None
    return Kind.PYTHON if _has_python_shebang(path) else None


def is_test(parts: Sequence[str]) -> bool:
    """Tell whether a file, by the parts of its path in the project, is a test or made for tests."""
    *folders, name = parts
    return not _TEST_FOLDERS.isdisjoint(folders) or _TEST_NAME.fullmatch(name) is not None


def is_run_by_a_tool(name: str) -> bool:
    """Tell whether a tool executes files of this name and reads their names: no service imports them."""
    return name in _TOOL_NAMES


def is_configuration(name: str) -> bool:
    """Tell whether a tool executes files of this name and looks up whatever names that left."""
    return name in _NAMES_READ


def is_platform_file(name: str) -> bool:
    """Tell whether a file of this name tells a platform, a server or a packager what to import."""
    return _PLATFORM_NAME.fullmatch(name) is not None


def _has_python_shebang(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            first = file.readline(128)
    except OSError:
        return False
    return first.startswith(b"#!") and b"python" in first
