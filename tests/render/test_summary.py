from lazify.model.changes import Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Failure
from lazify.render.summary import changes_line, failure_lines, refusal_lines
from tests.render.records import BASE, at, change, refusal


def test_the_summary_counts_changes_by_code_and_files() -> None:
    assert (
        changes_line([change(at("a.py")), change(at("b.py"))], touched=3) == "2 changes in 3 files: 2 LZ101"
    )
    assert changes_line([change(at("a.py"))], touched=1) == "1 change in 1 file: 1 LZ101"
    assert changes_line([], touched=0) == "nothing to change"


def test_refusals_are_grouped_by_reason_the_most_frequent_first() -> None:
    refusals = [
        refusal(at("z.py", 1), "rare"),
        refusal(at("b.py", 2), "often"),
        refusal(at("a.py", 3), "often"),
    ]
    assert list(refusal_lines(refusals, BASE)) == [
        "3 left as they are:",
        "    often",
        "        a.py:3 LZ101 Base stays",
        "        b.py:2 LZ101 Base stays",
        "    rare",
        "        z.py:1 LZ101 Base stays",
    ]


def test_a_refusal_in_the_summary_tells_its_chain() -> None:
    found = Refusal(
        code="LZ104",
        title="file write at import",
        at=at("a.py", 3),
        reason="the author decides",
        why=(Evidence(fact="prepare()", at=at("a.py", 3)), Evidence(fact="os.makedirs: file write")),
    )
    assert list(refusal_lines([found], BASE))[-1] == (
        "        a.py:3 LZ104 file write at import (prepare() → os.makedirs: file write)"
    )


def test_no_refusals_take_no_line() -> None:
    assert list(refusal_lines([], BASE)) == []


def test_each_failure_is_one_line_with_its_line_number_if_there_is_one() -> None:
    failures = [
        Failure(path=BASE / "b.py", why="not valid\nPython", line=3),
        Failure(path=BASE / "a.py", why="unreadable"),
    ]
    assert list(failure_lines(failures, BASE)) == ["a.py: unreadable", "b.py:3: not valid Python"]
