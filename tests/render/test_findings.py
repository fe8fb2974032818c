from lazify.model.changes import Plan
from lazify.model.effects import Evidence
from lazify.render.findings import finding_lines
from lazify.render.summary import findings_line
from tests.render.records import BASE, at, change, refusal


def test_findings_are_sorted_by_place_with_columns_from_one() -> None:
    plan = Plan(
        changes=(change(at("b.py", 1)), change(at("a.py", 10, 4)), change(at("a.py", 9, 4))),
        refusals=(refusal(at("a.py", 9, 0), "class Cached needs it"),),
    )
    assert list(finding_lines(plan, BASE)) == [
        "a.py:9:1 LZ101 Base stays; left as it is: class Cached needs it",
        "a.py:9:5 LZ101 db becomes get_db()",
        "a.py:10:5 LZ101 db becomes get_db()",
        "b.py:1:1 LZ101 db becomes get_db()",
    ]


def test_a_refusal_names_the_line_that_pins_it() -> None:
    plan = Plan(refusals=(refusal(at("a.py", 9), "a class needs it", blocked_by=at("b.py", 4)),))
    assert list(finding_lines(plan, BASE)) == [
        "a.py:9:1 LZ101 Base stays; left as it is: a class needs it (b.py:4)"
    ]


def test_a_reason_that_names_the_line_itself_does_not_name_it_twice() -> None:
    plan = Plan(refusals=(refusal(at("a.py", 9), "the class at b.py:4 needs it", blocked_by=at("b.py", 4)),))
    assert list(finding_lines(plan, BASE)) == [
        "a.py:9:1 LZ101 Base stays; left as it is: the class at b.py:4 needs it"
    ]


def test_a_reason_that_names_a_line_further_down_still_gets_the_line_that_pins_it() -> None:
    plan = Plan(refusals=(refusal(at("a.py", 9), "the class at b.py:42 needs it", blocked_by=at("b.py", 4)),))
    assert next(finding_lines(plan, BASE)).endswith("needs it (b.py:4)")


def test_the_line_below_the_findings_counts_them_and_says_what_apply_would_mend() -> None:
    plan = Plan(changes=(change(at("a.py")),), refusals=(refusal(at("b.py"), "pinned"),))
    assert findings_line(plan) == "2 findings; `lazify apply` would mend 1"
    assert findings_line(Plan()) == "no findings"


def chained(*facts: str) -> Plan:
    first, *rest = facts
    why = (Evidence(fact=first, at=at("db.py", 12)), *(Evidence(fact=fact) for fact in rest))
    return Plan(changes=(change(at("db.py", 12), *why),))


def test_a_finding_tells_its_chain_without_places_and_sources() -> None:
    plan = chained("Database()", "sqlite3.connect: database [https://docs.python.org: opens it]")
    assert list(finding_lines(plan, BASE)) == [
        "db.py:12:1 LZ101 db becomes get_db() (Database() → sqlite3.connect: database)"
    ]


def test_a_finding_with_a_long_chain_tells_its_beginning_and_its_end() -> None:
    (line,) = finding_lines(chained("a()", "b()", "c()", "d()", "e()", "f()"), BASE)
    assert line.endswith("(a() → b() → … → e() → f())")
    (line,) = finding_lines(chained("a()", "b()", "c()", "d()", "e()"), BASE)
    assert line.endswith("(a() → b() → c() → d() → e())")


def test_brackets_in_quoted_code_are_no_source() -> None:
    (line,) = finding_lines(chained("data [0]", 'os.environ["KEY"]: required'), BASE)
    assert line.endswith('(data [0] → os.environ["KEY"]: required)')
