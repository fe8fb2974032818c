"""Move takes one expression into new code, and the rest of its statement away."""

import pytest

from tests.rewrite.editing import GETTER, Source, source


def test_an_expression_goes_into_the_getter_that_replaces_its_statement() -> None:
    text = source("""
        import a

        # The x.
        x = Foo()  # noqa
        y = 1
        """)
    text.becomes(
        """
        import a

        # The x.
        _x = None


        def get_x() -> Foo:
            global _x
            if _x is None:
                _x = Foo()  # noqa
            return _x


        y = 1
        """,
        text.move("Foo()", code=GETTER),
    )


def test_uses_inside_a_moved_expression_are_changed_first() -> None:
    text = source("x = Foo(client[name])\n")
    text.becomes(
        GETTER.replace("__lazify_hole__", "Foo(get_client()[name])"),
        text.move("Foo(client[name])", code=GETTER),
        text.replace("client", "get_client()"),
    )


def test_a_moved_expression_may_itself_be_replaced() -> None:
    text = source("x = y\n")
    text.becomes(
        GETTER.replace("__lazify_hole__", "get_y()"),
        text.move("y", code=GETTER),
        text.replace("y", "get_y()"),
    )


def test_an_expression_keeps_its_layout_and_its_multi_line_strings() -> None:
    text = source('''
        x = Foo(
            1,  # one
            """
          text
        """,

            [
                2,
            ],
        )
        ''')
    text.becomes(
        '''
        _x = None


        def get_x() -> Foo:
            global _x
            if _x is None:
                _x = Foo(
                    1,  # one
                    """
          text
        """,

                    [
                        2,
                    ],
                )
            return _x
        ''',
        text.move(text.text[4:-1], code=GETTER),
    )


def test_brackets_around_a_moved_expression_stay_around_it() -> None:
    text = source("x = (\n    a\n    or b\n)\n")
    expected = "(\n            a\n            or b\n        )"
    text.becomes(GETTER.replace("__lazify_hole__", expected), text.move("a\n    or b", code=GETTER))


@pytest.mark.parametrize(
    ("value", "hole", "filled"),
    [
        ("1, 2", "_x = __lazify_hole__", "_x = 1, 2"),
        ("1, 2", "_x = cast(T, __lazify_hole__)", "_x = cast(T, (1, 2))"),
        ("a or b", "_x = __lazify_hole__.c", "_x = (a or b).c"),
        ("a()", "_x = __lazify_hole__.c", "_x = a().c"),
        ("(a or b)", "_x = __lazify_hole__.c", "_x = (a or b).c"),
        ("lambda: 1", "return __lazify_hole__  # c", "return lambda: 1  # c"),
    ],
)
def test_brackets_are_added_only_where_the_expression_becomes_part_of_another(
    value: str, hole: str, filled: str
) -> None:
    text = Source(f"x = {value}\n")
    text.becomes(
        f"def f():\n    {filled}\n",
        text.move(value.strip("()") if value[0] == "(" else value, code=f"def f():\n    {hole}\n"),
    )


def test_several_comments_on_one_line_all_stay() -> None:
    text = source("x = Foo()  # old\n")
    text.becomes("# old\n_x = Foo()  # new\n", text.move("Foo()", code="_x = __lazify_hole__  # new\n"))


def test_the_code_may_stand_where_another_statement_stood() -> None:
    text = source("""
        # The x.
        x = Foo()  # made


        def get_x():
            # give
            return x  # type: ignore


        y = 1
        """)
    body = "global _x\nif _x is None:\n    _x = __lazify_hole__\nreturn _x\n"
    text.becomes(
        """
        # The x.
        _x = None


        def get_x():
            # give
            global _x
            if _x is None:
                _x = Foo()  # made
            return _x  # type: ignore


        y = 1
        """,
        text.before("x = Foo()", "_x = None\n"),
        text.move("Foo()", code=body, at="return x"),
    )


def test_comments_of_a_statement_that_leaves_its_place_go_with_it() -> None:
    text = source("""
        a = 1
        # The x.
        x = Foo()  # made
        b = 1


        def get_x():
            return x
        """)
    text.becomes(
        """
        a = 1
        b = 1


        def get_x():
            # The x.
            _x = Foo()  # made
            return _x
        """,
        text.move("Foo()", code="_x = __lazify_hole__\nreturn _x\n", at="return x"),
    )


def test_two_moves_each_fill_their_own_code() -> None:
    text = source("a = A()\nb = B(a)\n")
    text.becomes(
        "def get_a():\n    return A()\n\n\ndef get_b():\n    return B(get_a())\n",
        text.move("A()", code="def get_a():\n    return __lazify_hole__\n"),
        text.move("B(a)", code="def get_b():\n    return __lazify_hole__\n"),
        text.replace("a", "get_a()", 1),
    )
