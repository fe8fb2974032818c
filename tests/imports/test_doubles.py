"""An import in a function may first run in a test that replaces what packages ask while they are imported."""

import pytest

from lazify.testing import Files, check, refused

HEAVY = {"heavy": ("fractions",)}
TEST = """
from unittest.mock import mock_open, patch
import os
import pathlib
import sys

import m


def test_half(monkeypatch):
    {change}
    assert m.half() == 0.5
"""
CODE = "import fractions\n\n\ndef half():\n    return float(fractions.Fraction(1, 2))\n"
CHANGES = [
    "patch('builtins.open', mock_open()).start()",
    "monkeypatch.setattr('builtins.open', mock_open())",
    "monkeypatch.setattr(sys, 'platform', 'win32')",
    "patch.object(os.path, 'exists', return_value=True).start()",
    "monkeypatch.setattr(pathlib.Path, 'read_text', lambda self: '')",
]


@pytest.mark.parametrize("change", CHANGES)
def test_an_import_stays_out_of_what_a_test_fakes(change: str) -> None:
    files: Files = {"m.py": CODE, "test_m.py": TEST.format(change=change)}
    refused(files, because="which importing fractions may use", flags=HEAVY)


@pytest.mark.parametrize(
    "change",
    ["patch('time.sleep').start()", "monkeypatch.setattr(sys, 'argv', ['x'])", "open('x', 'w').close()"],
)
def test_what_no_import_asks_for_does_not_matter(change: str) -> None:
    assert check({"m.py": CODE, "test_m.py": TEST.format(change=change)}, flags=HEAVY).plan.changes


def test_a_test_that_does_not_import_the_module_does_not_matter() -> None:
    files: Files = {"m.py": CODE, "test_n.py": TEST.replace("import m\n", "").format(change=CHANGES[0])}
    assert check(files, flags=HEAVY).plan.changes
