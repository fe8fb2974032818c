"""AddArgument puts an argument at the end of a call, in the layout that the call has."""

import pytest

from lazify.model.changes import AddArgument, Edit
from tests.rewrite.editing import PATH, Source, source


def add(text: Source, call: str, code: str = "new=1") -> Edit:
    return AddArgument(path=PATH, span=text.at(call), code=code)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()", "f(new=1)"),
        ("f(a)", "f(a, new=1)"),
        ("f(a, )", "f(a, new=1, )"),
        ("f(a,b=2)", "f(a,b=2, new=1)"),
        ("f(*a, **k)", "f(*a, **k, new=1)"),
        ("f(\n    a,\n    b,\n)", "f(\n    a,\n    b,\n    new=1,\n)"),
        ("f(\n    a,\n    b\n)", "f(\n    a,\n    b,\n    new=1\n)"),
        ("f(\n    a\n)", "f(\n    a,\n    new=1\n)"),
        ("f(a,\n  b)", "f(a,\n  b,\n  new=1)"),
        ("f(\n    a,  # one\n    # two\n)", "f(\n    a,  # one\n    # two\n    new=1,\n)"),
        ("f(\n    a  # one\n)", "f(\n    a,  # one\n    new=1\n)"),
        ("f(  # head\n    a,\n)", "f(  # head\n    a,\n    new=1,\n)"),
    ],
)
def test_an_argument_comes_last(before: str, after: str) -> None:
    for head in ("x = ", "self.x = ", "return_ = g("):
        tail = ")" if head.endswith("(") else ""
        text = Source(f"{head}{before}{tail}\n")
        text.becomes(f"{head}{after}{tail}\n", add(text, before))


def test_other_arguments_can_go_at_the_same_time() -> None:
    text = source("""
        x = f(
            a=1,
            b=2,
        )
        """)
    call = "f(\n    a=1,\n    b=2,\n)"
    text.becomes("x = f(\n    a=1,\n    new=1,\n)\n", add(text, call), text.erase("b=2"))


def test_what_is_no_call_gets_no_argument() -> None:
    text = source("x = y\n")
    text.refuses(add(text, "y"), because="there is no call")
