from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import pytest

from lazify.codemod import Codemod, Example
from lazify.config import CODES
from lazify.errors import LazifyError
from lazify.explain import PLANNED, explanation, listing
from lazify.index.view import View
from lazify.model.changes import Change, Refusal


@dataclass(frozen=True)
class Tables:
    """Tables become lazy.

    A table that a class needs stays.
    """

    order: ClassVar[int] = 1
    codes: ClassVar[Mapping[str, str]] = {"LZ101": "a table at module level", "XY900": "a code of a plug-in"}
    opt_in: ClassVar[frozenset[str]] = frozenset()
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            code="LZ101",
            before={"db.py": "\n    table = Table()\n"},
            after={"db.py": "\n    def get_table(): ...\n"},
            flags={"singleton": ("Table",), "risky": True, "keep_names": "always"},
        ),
        Example(code="LZ101", before={"db.py": "class A(table): ..."}, refused="class A needs table"),
        Example(code="XY900", before={"db.py": "touch()"}),
    )

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        yield from ()


CODEMODS: tuple[Codemod, ...] = (Tables(),)


def test_an_explanation_is_the_meaning_the_docstring_and_the_examples() -> None:
    assert explanation("LZ101", CODEMODS) == (
        "LZ101  a table at module level\n"
        "\n"
        "Tables become lazy.\n"
        "\n"
        "A table that a class needs stays.\n"
        "\n"
        "Before, with --singleton Table --risky --keep-names always:\n"
        "\n"
        "    # db.py\n"
        "    table = Table()\n"
        "\n"
        "After:\n"
        "\n"
        "    # db.py\n"
        "    def get_table(): ...\n"
        "\n"
        "Left as it is (class A needs table):\n"
        "\n"
        "    # db.py\n"
        "    class A(table): ...\n"
    )


def test_a_code_that_is_only_reported_is_said_to_be_left_as_it_is() -> None:
    assert "Reported, and left as it is:\n\n    # db.py\n    touch()\n" in explanation("XY900", CODEMODS)


def test_only_the_examples_of_the_code_are_shown() -> None:
    assert "Table()" not in explanation("XY900", CODEMODS)


def test_small_letters_will_do() -> None:
    assert explanation(" lz101", CODEMODS) == explanation("LZ101", CODEMODS)


def test_an_unknown_code_is_an_error_that_names_the_nearest_known_one() -> None:
    with pytest.raises(LazifyError, match="unknown code LZ1O1; the nearest known one is LZ101"):
        explanation("LZ1O1", CODEMODS)


def test_a_code_without_a_codemod_is_said_to_be_not_implemented() -> None:
    assert explanation("LZ201", CODEMODS) == (
        "LZ201  a heavy import that only functions use (not implemented in this version)\n"
    )


def test_the_list_has_every_code_once_with_its_meaning_of_those_that_are_installed() -> None:
    lines = listing(CODEMODS).splitlines()
    assert [line.split()[0] for line in lines] == sorted({*CODES, "XY900"})
    assert "LZ101  a table at module level" in lines
    assert "XY900  a code of a plug-in" in lines


def test_every_code_that_the_configuration_knows_has_a_meaning() -> None:
    assert set(PLANNED) == set(CODES)
