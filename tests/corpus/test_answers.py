"""What counts as a difference between an application before and after."""

import json

from tests.corpus.answers import compare


def _answer(body: object, *, status: int = 200, **headers: str) -> dict[str, object]:
    text = body if isinstance(body, str) else json.dumps(body)
    return {"/": {"status": status, "headers": headers, "body": text}}


def test_equal_answers_have_no_problem() -> None:
    same = _answer({"name": "shop", "tags": ["a", "b"]})

    assert compare([same, same], same).problems == ()


def test_another_value_in_a_body_is_a_problem() -> None:
    before = _answer({"name": "shop", "started": True})

    found = compare([before, before], _answer({"name": "shop", "started": False}))

    assert found.problems == ("/ body started: ('bool', True) became ('bool', False)",)


def test_what_differs_between_two_runs_of_the_same_tree_is_left_out() -> None:
    before, again, after = (_answer({"name": "shop", "now": now}) for now in (1, 2, 3))

    found = compare([before, again], after)

    assert (found.loose, found.problems) == ((("/", "body", "now"),), ())


def test_what_is_new_or_gone_is_a_problem() -> None:
    before = _answer({"items": [1, 2]})

    assert compare([before, before], _answer({"items": [1]})).problems == (
        "/ body items: 'a list of 2' became 'a list of 1'",
        "/ body items [1]: ('int', 2) became nothing",
    )


def test_status_and_headers_count() -> None:
    before = _answer("ok", server="uvicorn")

    found = compare([before, before], _answer("ok", status=503, server="other"))

    assert [problem.partition(":")[0] for problem in found.problems] == ["/ header server", "/ status"]


def test_text_is_compared_word_by_word() -> None:
    before, again = _answer("requests 5\nstarted 17.2"), _answer("requests 5\nstarted 18.9")

    assert compare([before, again], _answer("requests 5\nstarted 20.1")).problems == ()
    assert compare([before, again], _answer("requests 6\nstarted 20.1")).problems == (
        "/ body line 1 word 2: '5' became '6'",
    )


def test_true_is_not_one() -> None:
    before = _answer({"ok": True})

    assert compare([before, before], _answer({"ok": 1})).problems


def test_items_that_come_in_any_order_are_not_compared_one_by_one() -> None:
    small, large = {"a": 1}, {"b": 1, "c": 2}
    before, again = _answer([small, small, large]), _answer([small, large, small])

    assert compare([before, again], _answer([large, small, small])).problems == ()
    assert compare([before, again], _answer([large, small])).problems == (
        "/ body: 'a list of 3' became 'a list of 2'",
    )
