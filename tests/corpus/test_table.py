"""What the tables say of results."""

from typing import Any

from tests.corpus.table import by_mode, shares
from tests.corpus.tool import version


def tried(mode: str, *, lost: list[str], made_by: str = "") -> dict[str, Any]:
    return {
        "name": "sample",
        "version": "1.0",
        "mode": mode,
        "lazify": made_by or version(),
        "passed": {"before": 7, "after": 7 - len(lost)},
        "changes": {"LZ101": 2, "LZ201": 1},
        "lost": lost,
    }


def test_a_library_has_one_row_and_a_mode_that_was_not_run_is_said_to_be() -> None:
    rows = list(by_mode([tried("normal", lost=[]), tried("both", lost=["test_a"])]))

    assert rows == [
        ["sample 1.0", 7, "0 (3)", "not run", "not run", "1 (3)"],
        ["all 1", 7, 0, 0, 0, 1],
    ]


def test_a_result_of_another_lazify_is_marked() -> None:
    first, *_ = by_mode([tried("normal", lost=[], made_by="older")])

    assert first[2] == "0 (3, older)"


def test_a_share_is_that_of_the_values_that_nothing_pins() -> None:
    assert shares({"candidates": 15, "pinned": 2, "needed": 3, "rewritten": 9}) == [15, 2, 3, 10, 9, "90"]


def test_where_all_values_are_pinned_there_is_no_share() -> None:
    assert shares({"candidates": 2, "pinned": 2, "needed": 0, "rewritten": 0}) == [2, 2, 0, 0, 0, ""]
