"""Lines aligned with a bracket that moved."""

from lazify.format.hanging import realigned


def test_lines_below_a_bracket_move_with_it() -> None:
    before = "x = a.f(one,\n        two)\n"
    assert (
        realigned(before, "x = get_a().f(one,\n        two)\n") == "x = get_a().f(one,\n              two)\n"
    )


def test_lines_below_a_bracket_before_the_change_stay() -> None:
    before = "x = f(a,\n      two)\n"
    assert realigned(before, "x = f(get_a(),\n      two)\n") == "x = f(get_a(),\n      two)\n"


def test_brackets_within_moved_lines_take_theirs_along() -> None:
    before = "a.f(g(1,\n      2),\n    h(3,\n      4))\n"
    after = "bc.f(g(1,\n      2),\n    h(3,\n      4))\n"
    assert realigned(before, after) == "bc.f(g(1,\n       2),\n     h(3,\n       4))\n"


def test_indented_lines_and_texts_stay() -> None:
    before = 'a.f(\n    one, """\n    text\n""")\n'
    after = before.replace("a.f", "bcd.f")
    assert realigned(before, after) == after
