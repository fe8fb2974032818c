import os
from pathlib import Path

from lazify.model.changes import Plan
from lazify.model.effects import Evidence
from lazify.model.places import Place, Span
from lazify.render.findings import finding_lines
from lazify.render.reasons import reasons
from lazify.render.words import encoded, one_line
from tests.render.records import BASE, at, change


def test_a_reason_begins_with_the_code_the_title_and_the_place() -> None:
    assert reasons(change(at("src/db.py", 12)), BASE) == ["LZ101 db becomes get_db()  (src/db.py:12)"]


def test_the_chain_has_an_arrow_between_facts_and_a_place_before_each_that_has_one() -> None:
    why = (
        Evidence(fact="Database()", at=at("src/db.py", 12)),
        Evidence(fact="__init__", at=at("src/db.py", 4)),
        Evidence(fact="sqlite3.connect opens a database"),
    )
    assert reasons(change(at("src/db.py", 12), *why), BASE)[1:] == [
        "    src/db.py:12 Database() → src/db.py:4 __init__ → sqlite3.connect opens a database"
    ]


def test_a_long_chain_breaks_before_an_arrow_and_never_inside_a_fact() -> None:
    facts = [f"step {number} of a chain that goes on" for number in range(6)]
    lines = reasons(change(at("a.py"), *(Evidence(fact=fact) for fact in facts)), BASE)[1:]
    assert len(lines) > 1
    assert all(len(line) <= 100 for line in lines)
    assert all(line.startswith("    → step") for line in lines[1:])
    assert " ".join(" ".join(lines).split()) == " → ".join(facts)


def test_a_fact_that_is_longer_than_a_line_is_kept_whole() -> None:
    fact = "f(" + "x" * 200 + ")"
    assert reasons(change(at("a.py"), Evidence(fact=fact)), BASE)[1:] == [f"    {fact}"]


def test_notes_stand_below_the_chain_and_wrap_under_their_first_word() -> None:
    lines = reasons(change(at("a.py"), notes=("word " * 40,)), BASE)[1:]
    assert lines[0].startswith("    note: word")
    assert lines[1].startswith("          word")


def test_code_quoted_in_a_fact_is_put_into_one_line() -> None:
    why = Evidence(fact="connect(\n    host,\n\tport\n)")
    assert reasons(change(at("a.py"), why), BASE)[1:] == ["    connect( host, port )"]


def test_characters_that_steer_a_terminal_are_spelled_out() -> None:
    assert one_line("a\x1b[31mred\u202e") == "a\\x1b[31mred\\u202e"


def test_a_file_outside_the_base_is_named_in_full() -> None:
    assert reasons(change(Place(Path("/other/a.py"), Span(3, 0, 3, 1))), BASE) == [
        "LZ101 db becomes get_db()  (/other/a.py:3)"
    ]


def test_a_path_that_is_no_text_keeps_its_bytes() -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (line,) = finding_lines(Plan(changes=(change(at(name)),)), BASE)
    assert encoded(line).startswith(b"caf\xe9.py:1:1 LZ101")


def test_a_line_break_in_a_path_breaks_no_line() -> None:
    (line,) = finding_lines(Plan(changes=(change(at("a\nb.py")),)), BASE)
    assert line == "a\\nb.py:1:1 LZ101 db becomes get_db()"
