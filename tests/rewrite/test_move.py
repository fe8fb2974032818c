"""Move takes statements, or one expression, into new code."""

import pytest

from lazify.model.changes import Move
from lazify.model.places import Span
from tests.rewrite.editing import GETTER, LONG_GETTER, PATH, Source, source


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


def test_statements_move_together_with_their_comments() -> None:
    text = source("""
        import a

        # The x.
        x = Foo()  # one
        y = 1

        # Configure it.
        x.configure(1)  # two
        z = 2
        """)
    text.becomes(
        """
        import a

        # The x.
        _x = None


        def get_x() -> Foo:
            global _x
            if _x is None:
                x = Foo()  # one

                # Configure it.
                x.configure(1)  # two
                _x = x
            return _x


        y = 1

        z = 2
        """,
        text.move("x = Foo()", "x.configure(1)", code=LONG_GETTER),
    )


def test_a_compound_statement_is_indented_again_but_its_strings_are_not() -> None:
    text = source('''
        try:
            x = Foo("""
        raw
            raw""")

            # inside
        except (
            Error,
        ):
            # c
            x = None
        y = 1
        ''')
    whole = text.text[: text.text.index("y = 1") - 1]
    text.becomes(
        '''
        _x = None


        def get_x() -> Foo:
            global _x
            if _x is None:
                try:
                    x = Foo("""
        raw
            raw""")

                    # inside
                except (
                    Error,
                ):
                    # c
                    x = None
                _x = x
            return _x


        y = 1
        ''',
        text.move(whole, code=LONG_GETTER),
    )


def test_edits_within_moved_statements_are_made_first() -> None:
    text = source("""
        with open(path) as f:
            x = load(f, base)
            print(x)
        """)
    text.becomes(
        """
        _x = None


        def get_x() -> Foo:
            global _x
            if _x is None:
                with open(get_path()) as f:
                    x = load(f, get_base())
                _x = x
            return _x
        """,
        text.move(text.text[:-1], code=LONG_GETTER),
        text.replace("path", "get_path()"),
        text.replace("base", "get_base()"),
        text.erase("print(x)"),
    )


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


def test_statements_may_move_up_into_a_block() -> None:
    text = source("""
        def get_x():
            return x


        # The x.
        x = Foo()
        # Configure.
        x.configure()
        """)
    text.becomes(
        """
        def get_x():
            # The x.
            x = Foo()
            # Configure.
            x.configure()
            return x
        """,
        text.move("x = Foo()", "x.configure()", code="__lazify_hole__\nreturn x\n", at="return x"),
    )


def test_the_place_may_be_any_of_the_moved_statements() -> None:
    text = source("a = 1\nx = 1\nb = 2\ny = 2\nc = 3\n")
    text.becomes(
        "a = 1\nb = 2\nif c:\n    x = 1\n    y = 2\nc = 3\n",
        text.move("x = 1", "y = 2", code="if c:\n    __lazify_hole__\n", at="y = 2"),
    )


def test_spans_may_come_in_any_order() -> None:
    text = source("x = 1\ny = 2\n")
    text.becomes(
        "if c:\n    x = 1\n    y = 2\n", text.move("y = 2", "x = 1", code="if c:\n    __lazify_hole__\n")
    )


def test_one_of_several_statements_on_a_line_moves() -> None:
    text = source("import os; x = Foo(); y = 2  # c\n")
    text.becomes(
        f"import os\n{GETTER.replace('__lazify_hole__', 'Foo()')}\n\ny = 2  # c\n",
        text.move("Foo()", code=GETTER),
    )


def test_the_comment_behind_a_line_goes_with_its_last_statement() -> None:
    text = source("import os; x = Foo()  # c\n")
    text.becomes(
        f"import os\n{GETTER.replace('__lazify_hole__', 'Foo()  # c')}", text.move("Foo()", code=GETTER)
    )


def test_two_moves_each_fill_their_own_code() -> None:
    text = source("a = A()\nb = B(a)\n")
    text.becomes(
        "def get_a():\n    return A()\n\n\ndef get_b():\n    return B(get_a())\n",
        text.move("A()", code="def get_a():\n    return __lazify_hole__\n"),
        text.move("B(a)", code="def get_b():\n    return __lazify_hole__\n"),
        text.replace("a", "get_a()", 1),
    )


def test_a_move_within_a_moved_statement_composes() -> None:
    text = source("if c:\n    x = Foo()\n    y = 1\n")
    text.becomes(
        "def f():\n    if c:\n        def g():\n            return Foo()\n\n        y = 1\n",
        text.move(text.text[:-1], code="def f():\n    __lazify_hole__\n"),
        text.move("Foo()", code="def g():\n    return __lazify_hole__\n"),
    )


def test_a_block_that_gives_its_only_statement_gets_pass() -> None:
    text = source("if c:\n    x = 1\ndef f():\n    return x\n")
    text.becomes(
        "if c:\n    pass\ndef f():\n    x = 1\n    return x\n",
        text.move("x = 1", code="__lazify_hole__\nreturn x\n", at="return x"),
    )


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_moved_code_is_indented_with_tabs_in_a_file_with_tabs(newline: str) -> None:
    text = Source("if a:\n\tpass\nwith b:\n\tx = Foo(\n\t\t1,\n\t)\n".replace("\n", newline))
    expected = (
        "if a:\n\tpass\n_x = None\n\n\ndef get_x() -> Foo:\n\tglobal _x\n\tif _x is None:\n"
        "\t\twith b:\n\t\t\tx = Foo(\n\t\t\t\t1,\n\t\t\t)\n\t\t_x = x\n\treturn _x\n"
    )
    piece = "with b:\n\tx = Foo(\n\t\t1,\n\t)".replace("\n", newline)
    text.becomes(expected.replace("\n", newline), text.move(piece, code=LONG_GETTER))


def test_blank_lines_do_not_get_trailing_spaces() -> None:
    text = source("try:\n    x = (\n\n        1)\n\n    # c\n\nfinally:\n\n    pass\n")
    moved = "\n".join(f"        {line}" if line else "" for line in text.text.splitlines())
    text.becomes(
        LONG_GETTER.replace("        __lazify_hole__", moved), text.move(text.text[:-1], code=LONG_GETTER)
    )


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
