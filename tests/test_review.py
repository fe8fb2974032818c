from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from lazify.model.changes import Change, Erase, Plan
from lazify.model.places import Place, Span
from lazify.review import review

LINE = Span(1, 0, 1, 5)


def change(key: str, *requires: str) -> Change:
    return Change(
        key=key,
        code="LZ101",
        title=f"{key} becomes get_{key}()",
        at=Place(Path("/service/a.py"), LINE),
        why=(),
        edits=(Erase(path=Path("/service/a.py"), span=LINE),),
        requires=frozenset(requires),
    )


def without(changes: Sequence[Change]) -> Callable[[frozenset[str]], Plan]:
    """Plan as lazify does: what is declined goes, and what requires it."""

    def replan(declined: frozenset[str]) -> Plan:
        left = [c for c in changes if c.key not in declined]
        while dangling := [c for c in left if not c.requires <= {other.key for other in left}]:
            left = [c for c in left if c not in dangling]
        return Plan(changes=tuple(left))

    return replan


class Reviewer:
    """Answers from a list, and remembers what was shown and said; the end of the list is the end of input."""

    def __init__(self, answers: str) -> None:
        self.answers = answers.split()
        self.shown: list[list[str]] = []
        self.questions: list[str] = []
        self.said: list[str] = []

    def review(
        self, changes: Sequence[Change], replan: Callable[[frozenset[str]], Plan] | None = None
    ) -> list[str] | None:
        plan = review(
            Plan(changes=tuple(changes)),
            replan=replan or without(changes),
            show=lambda change, needed: self.shown.append([c.key for c in (change, *needed)]),
            ask=self.answer,
            tell=self.said.append,
        )
        return None if plan is None else [c.key for c in plan.changes]

    def answer(self, question: str) -> str:
        self.questions.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0) + "\n"


def test_what_is_accepted_is_left_in_the_order_of_the_plan() -> None:
    reviewer = Reviewer("y n y")
    assert reviewer.review([change("a"), change("b"), change("c")]) == ["a", "c"]
    assert reviewer.shown == [["a"], ["b"], ["c"]]


def test_the_question_says_how_far_the_review_is_and_what_can_be_answered() -> None:
    reviewer = Reviewer("n y")
    reviewer.review([change("a"), change("b")])
    assert [question.split()[0] for question in reviewer.questions] == ["(1/2)", "(2/2)"]
    assert reviewer.questions[0].endswith("[y,n,a,d,q,?]? ")


def test_all_accepts_the_rest_but_not_what_was_declined_before() -> None:
    reviewer = Reviewer("n a")
    assert reviewer.review([change("a"), change("b"), change("c")]) == ["b", "c"]
    assert reviewer.shown == [["a"], ["b"]]


def test_done_declines_the_rest_and_keeps_what_was_accepted() -> None:
    reviewer = Reviewer("y d")
    assert reviewer.review([change("a"), change("b"), change("c")]) == ["a"]


def test_done_at_once_leaves_an_empty_plan() -> None:
    assert Reviewer("d").review([change("a"), change("b")]) == []


def test_quit_leaves_nothing_even_of_what_was_accepted() -> None:
    assert Reviewer("y q").review([change("a"), change("b")]) is None


def test_the_end_of_the_input_is_quit() -> None:
    assert Reviewer("y").review([change("a"), change("b")]) is None


def test_a_question_mark_prints_help_and_asks_again() -> None:
    reviewer = Reviewer("? y")
    assert reviewer.review([change("a")]) == ["a"]
    assert len(reviewer.questions) == 2
    assert "nothing at all is written" in reviewer.said[0]


@pytest.mark.parametrize("nonsense", ["abort", "x", "ja", "yn"])
def test_an_answer_that_only_begins_like_one_is_asked_again_with_help(nonsense: str) -> None:
    reviewer = Reviewer(f"{nonsense} n")
    assert reviewer.review([change("a")]) == []
    assert "y - " in reviewer.said[0]


@pytest.mark.parametrize("answer", ["Y", "yes", "YES"])
def test_answers_may_be_words_or_capitals(answer: str) -> None:
    assert Reviewer(answer).review([change("a")]) == ["a"]


def test_an_empty_plan_asks_nothing() -> None:
    reviewer = Reviewer("")
    assert reviewer.review([]) == []
    assert reviewer.questions == []


def test_a_change_is_shown_with_all_it_requires_and_accepted_with_them() -> None:
    reviewer = Reviewer("y")
    changes = [change("a", "b"), change("b", "c"), change("c")]
    assert reviewer.review(changes) == ["a", "b", "c"]
    assert reviewer.shown == [["a", "b", "c"]]


def test_changes_that_require_each_other_are_one_question() -> None:
    reviewer = Reviewer("y")
    assert reviewer.review([change("a", "b"), change("b", "a")]) == ["a", "b"]
    assert reviewer.shown == [["a", "b"]]


def test_declining_a_change_leaves_what_it_requires_to_a_question_of_its_own() -> None:
    reviewer = Reviewer("n y")
    assert reviewer.review([change("a", "b"), change("b")]) == ["b"]
    assert reviewer.shown == [["a", "b"], ["b"]]


def test_declining_what_another_requires_drops_and_names_that_other() -> None:
    reviewer = Reviewer("n y")
    assert reviewer.review([change("a"), change("b", "a"), change("c")]) == ["c"]
    assert reviewer.said == ["dropped with it: LZ101 b becomes get_b()"]


def test_an_accepted_change_that_falls_with_a_declined_one_is_named_as_accepted() -> None:
    changes = [change("a"), change("b")]

    def replan(declined: frozenset[str]) -> Plan:
        return Plan(changes=() if "b" in declined else tuple(changes))

    reviewer = Reviewer("y n")
    assert reviewer.review(changes, replan) == []
    assert reviewer.said == ["dropped with it although accepted: LZ101 a becomes get_a()"]


def adapting(declined: frozenset[str]) -> Plan:
    """Plan a so that it looks different when b is declined."""
    if "b" not in declined:
        return Plan(changes=(change("a"), change("b")))
    if "a" in declined:
        return Plan()
    return Plan(changes=(replace(change("a"), title="a becomes get_a(), b stays"),))


def test_an_accepted_change_that_looks_different_afterwards_is_asked_again() -> None:
    reviewer = Reviewer("y n n")
    assert reviewer.review([change("a"), change("b")], adapting) == []
    assert reviewer.shown == [["a"], ["b"], ["a"]]
    assert reviewer.said == ["looks different now: LZ101 a becomes get_a(), b stays"]


def test_after_done_an_accepted_change_that_looks_different_is_kept_and_named() -> None:
    reviewer = Reviewer("y d")
    assert reviewer.review([change("a"), change("b")], adapting) == ["a"]
    assert reviewer.said == ["looks different now: LZ101 a becomes get_a(), b stays"]


def test_a_change_that_only_the_new_plan_has_is_asked_for() -> None:
    def replan(declined: frozenset[str]) -> Plan:
        return Plan(changes=(change("instead"),))

    reviewer = Reviewer("n y")
    assert reviewer.review([change("a")], replan) == ["instead"]


def test_a_change_that_only_the_new_plan_has_is_of_the_rest_that_done_declines() -> None:
    def replan(declined: frozenset[str]) -> Plan:
        return Plan(changes=() if "instead" in declined else (change("instead"),))

    assert Reviewer("d").review([change("a")], replan) == []


def test_a_plan_that_brings_back_what_was_declined_is_a_bug_and_no_endless_question() -> None:
    with pytest.raises(RuntimeError, match="planned again although declined: a"):
        Reviewer("d").review([change("a")], lambda declined: Plan(changes=(change("a"),)))
