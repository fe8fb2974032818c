"""Move takes statements, or one expression, into new code."""

import pytest

from tests.rewrite.editing import GETTER, LONG_GETTER, Source, source


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
