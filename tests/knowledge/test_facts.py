import pytest

from lazify.knowledge import Case, Fact, Holds
from lazify.model.effects import EffectKind
from tests.knowledge.calls import arguments

READ, WRITE = (EffectKind.FILE_READ,), (EffectKind.FILE_WRITE,)


def fact(*cases: Case, calls: tuple[int | str, ...] = ()) -> Fact:
    return Fact(name="p.f", rule="p.f", source="a page", effects=READ, cases=cases, calls=calls)


OPENS = Case(argument="mode", at=1, has="wax+", effects=WRITE)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("'x', 'w'", Holds.YES),
        ("'x', mode='r+'", Holds.YES),
        ("'x', 'rb'", Holds.NO),
        ("'x'", Holds.NO),
        ("'x', None", Holds.NO),
        ("'x', mode", Holds.MAYBE),
        ("*names", Holds.MAYBE),
        ("'x', *names", Holds.MAYBE),
        ("'x', **options", Holds.MAYBE),
        ("'x', 'w', **options", Holds.YES),
        ("'x', 'r', *names", Holds.NO),
        ("*names, mode='w'", Holds.YES),
        ("'x', 1", Holds.NO),
    ],
)
def test_a_letter_of_a_string_is_looked_for_where_the_argument_is_a_constant(text: str, holds: Holds) -> None:
    assert OPENS.holds(arguments(text)) is holds


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("key='x'", Holds.YES),
        ("key=found", Holds.YES),
        ("key=None", Holds.NO),
        ("", Holds.NO),
        ("'x'", Holds.NO),
        ("*keys", Holds.NO),
        ("**keys", Holds.MAYBE),
    ],
)
def test_a_keyword_is_given_unless_it_is_missing_or_none(text: str, holds: Holds) -> None:
    assert Case(argument="key", given=True, effects=()).holds(arguments(text)) is holds


def test_not_given_is_the_opposite_of_given() -> None:
    missing = Case(argument="host", at=0, given=False, effects=())
    assert missing.holds(arguments("")) is Holds.YES
    assert missing.holds(arguments("None")) is Holds.YES
    assert missing.holds(arguments("'h'")) is Holds.NO
    assert missing.holds(arguments("**options")) is Holds.MAYBE


def test_a_value_is_one_of_the_constants() -> None:
    case = Case(argument="connect", values=(False,), effects=())
    assert case.holds(arguments("connect=False")) is Holds.YES
    assert case.holds(arguments("connect=True")) is Holds.NO
    assert case.holds(arguments("connect=lazily")) is Holds.MAYBE


def test_a_string_starts_with_one_of_the_prefixes() -> None:
    case = Case(argument="path", at=0, starts=("http:", "https:"), effects=())
    assert case.holds(arguments("'https://a'")) is Holds.YES
    assert case.holds(arguments("'data.csv'")) is Holds.NO
    assert case.holds(arguments("f'{base}/x'")) is Holds.MAYBE
    assert case.holds(arguments("3")) is Holds.NO


def test_only_a_case_that_provably_holds_replaces_the_effects() -> None:
    assert fact(OPENS).applies(arguments("'x', 'w'")) == WRITE
    assert fact(OPENS).applies(arguments("'x', mode")) == READ
    assert fact(OPENS).applies(arguments("'x'")) == READ


def test_the_first_case_that_holds_decides() -> None:
    quiet = Case(argument="dry", values=(True,), effects=())
    assert fact(quiet, OPENS).applies(arguments("'x', 'w', dry=True")) == ()


def test_a_case_may_look_at_the_words_around_a_call() -> None:
    case = Case(words=frozenset({"FileHandler", "WatchedFileHandler"}), effects=WRITE)
    assert fact(case).looks_at_words
    assert fact(case).applies((), {"dictConfig", "FileHandler"}) == WRITE
    assert fact(case).applies((), {"dictConfig", "StreamHandler"}) == READ
    assert not fact(OPENS).looks_at_words


def test_a_fact_is_harmless_only_if_no_case_has_an_effect() -> None:
    assert not fact().is_harmless
    assert Fact(name="f", rule="f", source="a page").is_harmless
    assert not Fact(name="f", rule="f", source="a page", cases=(OPENS,)).is_harmless


def test_the_callables_among_the_arguments_are_found_by_position_and_keyword() -> None:
    found = fact(calls=(0, "key")).called(arguments("g, h, key=k, other=o"))
    assert [argument.keyword for argument in found] == [None, "key"]
    assert fact(calls=(0,)).calls_arguments
    assert not fact().calls_arguments
