"""An edit that does not fit is an error that names its line, never a partial result."""

import pytest

from lazify.errors import RewriteError
from lazify.model.changes import Erase, Move, Replace
from lazify.model.places import Span
from lazify.rewrite import rewrite
from tests.rewrite.editing import GETTER, LONG_GETTER, PATH, Source, source


@pytest.mark.parametrize(
    "span",
    [
        Span(1, 0, 1, 2),
        Span(1, 1, 1, 3),
        Span(2, 0, 2, 1),
        Span(1, 6, 1, 8),
        Span(9, 0, 9, 1),
        Span(1, 6, 2, 1),
    ],
)
def test_a_span_that_fits_nothing_is_an_error_that_names_the_line(span: Span) -> None:
    with pytest.raises(RewriteError, match=rf"^app/m.py:{span.line}: "):
        rewrite("print(x)\n", [Replace(path=PATH, span=span, code="y")])


def test_replacements_within_each_other_are_refused() -> None:
    text = source("y = f(x)\n")
    text.refuses(text.replace("f(x)", "g()"), text.replace("x", "z"), because="m.py:1: .*another edit")


def test_two_replacements_of_one_expression_are_refused() -> None:
    text = source("y = x\n")
    text.refuses(text.replace("x", "a()"), text.replace("x", "b()"), because="m.py:1: .*same expression")


def test_two_replacements_of_one_statement_are_refused() -> None:
    text = source("y = x\n")
    text.refuses(text.replace("y = x", "a = 1"), text.replace("y = x", "b = 1"), because="same statement")


def test_two_changes_may_not_rename_one_global_differently() -> None:
    text = source("def f():\n    global x\n")
    text.refuses(
        text.replace("global x", "global a"), text.replace("global x", "global b"), because="same item"
    )


def test_a_replacement_within_an_erased_statement_is_refused() -> None:
    text = source("def f():\n    return x\n\n\ny = 1\n")
    whole = Erase(path=PATH, span=Span(1, 0, 2, 12))
    text.refuses(whole, text.replace("x", "get_x()"), because="m.py:2: .*takes away")


@pytest.mark.parametrize("code", ["", "a b", "x =", "(", "if"])
def test_code_that_is_no_python_is_refused(code: str) -> None:
    text = source("print(x)\n")
    text.refuses(text.replace("x", code), because="m.py:1: .*not valid")


def test_code_that_does_not_compile_in_its_place_is_refused() -> None:
    text = source("def f():\n    x = 1\n")
    text.refuses(text.replace("x = 1", "nonlocal y"), because="no valid Python")


def test_code_that_would_join_with_its_neighbour_is_refused() -> None:
    text = source('y = 1 if"a"else 2\n')
    text.refuses(text.replace('"a"', "b"), because="no Python")


def test_a_file_that_python_cannot_parse_is_refused_with_the_line() -> None:
    text = Source("a = 1\nb = (\n")
    text.refuses(text.replace("a = 1", "a = 2"), because=r"^app/m.py:2: cannot be parsed")


def test_an_insertion_within_what_another_edit_erases_is_refused() -> None:
    text = source("def f():\n    a = 1\n")
    text.refuses(
        text.before("a = 1", "b = 1"),
        text.erase("def f():\n    a = 1"),
        because="m.py:2: the InsertBefore .*another edit",
    )


def test_an_anchor_must_be_a_statement() -> None:
    text = source("a = b\n")
    text.refuses(text.before("b", "x = 1"), because="m.py:1: .*nothing that fits")


def test_a_tuple_without_brackets_cannot_become_empty() -> None:
    text = Source("for i in x,: pass\n")
    text.refuses(text.erase("x"), because="m.py")


def test_an_erased_set_is_not_silently_a_dict() -> None:
    text = Source("s = {x}\n")
    text.refuses(text.erase("x"), because="m.py")


def test_an_expression_that_is_no_item_cannot_be_erased() -> None:
    text = Source("y = x + 1\n")
    text.refuses(text.erase("x"), because="m.py:1: .*nothing that fits")


def test_an_elif_is_no_statement_of_its_own() -> None:
    text = source("""
        if a:
            b = 1
        elif c:
            d = 1
        """)
    text.refuses(Erase(path=PATH, span=Span(3, 0, 4, 9)), because="m.py:3: ")


def test_a_change_in_the_rest_of_a_lifted_statement_is_refused() -> None:
    text = source("x: T = Foo()\n")
    text.refuses(
        text.move("Foo()", code=GETTER), text.replace("T", "U"), because="m.py:1: the Replace .*another edit"
    )


def test_two_moves_of_one_statement_are_refused() -> None:
    text = source("x, y = A(), B()\n")
    text.refuses(text.move("A()", code=GETTER), text.move("B()", code=GETTER), because="same statement")


def test_a_statement_that_moves_cannot_be_erased() -> None:
    text = source("x = A()\n")
    text.refuses(text.move("x = A()", code=LONG_GETTER), text.erase("x = A()"), because="same statement")


@pytest.mark.parametrize(
    ("code", "because"),
    [
        ("x = 1\n", "0 times"),
        ("__lazify_hole__\n__lazify_hole__\n", "2 times"),
        ("if a: __lazify_hole__\n", "one expression|there is no expression|stand alone"),
        ("x = '__lazify_hole__'\n", "there is no expression|stand alone"),
    ],
)
def test_code_needs_exactly_one_placeholder(code: str, because: str) -> None:
    text = source("x = A()\ny = 1\n")
    text.refuses(text.move("x = A()", code=code), because=because)


def test_a_placeholder_in_a_string_is_no_placeholder() -> None:
    text = source("x = A()\n")
    text.refuses(text.move("A()", code="x = '__lazify_hole__'\n"), because="m.py")


def test_an_expression_in_a_header_does_not_move() -> None:
    text = source("if a():\n    b = 1\n")
    text.refuses(text.move("a()", code=GETTER), because="m.py:1: .*simple statement")


def test_a_move_without_spans_is_refused() -> None:
    text = source("x = 1\n")
    text.refuses(Move(path=PATH, spans=(), code=GETTER, at=Span(1, 0, 1, 5)), because="moves nothing")


def test_code_that_cannot_hold_what_moves_is_refused() -> None:
    text = source("def f():\n    x = 1\n    return x\n")
    text.refuses(
        text.move("return x", code="class A:\n    __lazify_hole__\n"),
        because="m.py: the edits together make no valid Python: 'return' outside function",
    )
