"""The interpreters that the probe is tried with: those that are installed here."""

import shutil
import sys
from pathlib import Path

import pytest

_VERSIONS = [(3, minor) for minor in range(8, 16)]


def _found(version: tuple[int, int]) -> str | None:
    if version == sys.version_info[:2]:
        return sys.executable
    dotted = ".".join(map(str, version))
    installed = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{dotted}.*/bin/python"))
    return str(installed[-1]) if installed else shutil.which(f"python{dotted}")


INTERPRETERS = [
    pytest.param(
        _found(version),
        id=".".join(map(str, version)),
        marks=() if _found(version) else pytest.mark.skip(reason="no such interpreter here"),
    )
    for version in _VERSIONS
]
