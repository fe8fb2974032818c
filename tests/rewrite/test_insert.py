"""InsertBefore and InsertAfter put statements beside another, at its indentation."""

import pytest

from lazify.model.changes import InsertAfter, InsertBefore
from lazify.model.places import Span
from tests.rewrite.editing import PATH, Source, source


def test_statements_go_before_another_and_its_own_comments() -> None:
    text = source("""
        a = 1

        # about b
        b = 2  # behind
        """)
    text.becomes(
        """
        a = 1

        new = 0
        # about b
        b = 2  # behind
        """,
        text.before("b = 2", "new = 0"),
    )


def test_statements_go_after_another_and_the_comment_behind_it() -> None:
    text = source("""
        a = 1  # behind
        # about b
        b = 2
        """)
    text.becomes(
        """
        a = 1  # behind
        new = 0
        # about b
        b = 2
        """,
        text.after("a = 1", "new = 0"),
    )


def test_names_of_one_module_that_come_one_by_one_share_a_line() -> None:
    """As in kraken 7.1.1, whose imports are in an order of its own."""
    text = source("""
        from m import (b, a,
                       c)
        """)
    text.becomes(
        """
        from m import (b, a,
                       c)
        from .n import a, b
        from .n import c as d
        from n import e
        from n import f  # behind
        """,
        text.after("from m import (b, a,\n               c)", "from .n import a\n"),
        text.after("from m import (b, a,\n               c)", "from .n import b\n"),
        text.after("from m import (b, a,\n               c)", "from .n import c as d\n"),
        text.after("from m import (b, a,\n               c)", "from n import e\n"),
        text.after("from m import (b, a,\n               c)", "from n import f  # behind\n"),
    )


def test_a_definition_gets_blank_lines_at_module_level() -> None:
    text = source("""
        a = 1
        b = 2
        c = 3
        """)
    text.becomes(
        """
        a = 1


        def f():
            pass


        b = 2
        c = 3
        """,
        text.before("b = 2", "def f():\n    pass\n"),
    )
    text.becomes("a = 1\nb = 2\nc = 3\n\n\ndef f():\n    pass\n", text.after("c = 3", "def f():\n    pass\n"))
    text.becomes(
        "def f():\n    pass\n\n\na = 1\nb = 2\nc = 3\n", text.before("a = 1", "def f():\n    pass\n")
    )


def test_a_definition_gets_one_blank_line_deeper() -> None:
    text = source("""
        def create_app():
            app = FastAPI()
            return app
        """)
    text.becomes(
        """
        def create_app():
            app = FastAPI()

            @asynccontextmanager
            async def lifespan(app):
                yield

            return app
        """,
        text.after("app = FastAPI()", "@asynccontextmanager\nasync def lifespan(app):\n    yield"),
    )


def test_a_statement_after_a_definition_gets_blank_lines_though_the_definition_is_old() -> None:
    text = source("""
        def f():
            pass
        """)
    text.becomes(
        "def f():\n    pass\n\n\nx = 1\n", InsertAfter(path=PATH, span=Span(1, 0, 2, 8), code="x = 1")
    )


def test_a_statement_before_a_definition_does_not_glue_to_it() -> None:
    text = source("""
        import a


        # about f
        @dec
        def f():
            pass
        """)
    text.becomes(
        """
        import a


        x = 1


        # about f
        @dec
        def f():
            pass
        """,
        InsertBefore(path=PATH, span=Span(5, 0, 7, 8), code="x = 1"),
    )


def test_blank_lines_that_are_enough_already_stay_as_they_are() -> None:
    text = source("""
        def f():
            pass



        x = 1
        """)
    text.becomes("def f():\n    pass\n\n\n\ny = 0\nx = 1\n", text.before("x = 1", "y = 0"))


def test_a_definition_that_was_folded_away_still_counts_as_one() -> None:
    text = source("""
        def f():
            pass
        x = 1
        """)
    text.becomes("def f():\n    pass\n\n\ny = 0\nx = 1\n", text.before("x = 1", "y = 0"))


def test_code_brings_its_comments() -> None:
    text = source("a = 1\nb = 2\n")
    text.becomes(
        "a = 1\n# why\nx = 1  # behind\n# end\nb = 2\n",
        text.after("a = 1", "# why\nx = 1  # behind\n# end\n"),
    )


def test_code_may_be_a_comment_alone() -> None:
    text = source("a = 1\nb = 2\n")
    text.becomes("a = 1\n# why\nb = 2\n", text.after("a = 1", "# why"))
    text.becomes("a = 1\nb = 2\n# why\n", text.after("b = 2", "# why"))


def test_several_insertions_keep_the_order_of_the_edits() -> None:
    text = source("a = 1\n")
    text.becomes(
        "w = 0\nx = 0\na = 1\ny = 0\nz = 0\n",
        text.before("a = 1", "w = 0"),
        text.before("a = 1", "x = 0"),
        text.after("a = 1", "y = 0"),
        text.after("a = 1", "z = 0"),
    )


def test_an_insertion_between_statements_on_one_line_splits_it() -> None:
    text = source("if c:\n    a = 1; b = 2; d = 3  # c\n")
    text.becomes("if c:\n    a = 1\n    x = 0\n    b = 2\n    d = 3  # c\n", text.before("b = 2", "x = 0"))


def test_a_one_line_body_opens_for_an_insertion() -> None:
    text = source("def test(m): use(m)  # c\n")
    text.becomes(
        "def test(m):\n    m = m.return_value\n    use(m)  # c\n", text.before("use(m)", "m = m.return_value")
    )


@pytest.mark.parametrize(
    "header", ["class A:", "if a:\n    pass\nelse:", "try:\n    pass\nfinally:", "async def f():"]
)
def test_one_line_bodies_open_everywhere(header: str) -> None:
    text = Source(f"{header} x = 1\n")
    text.becomes(f"{header}\n    y = 0\n    x = 1\n", text.before("x = 1", "y = 0"))


def test_an_insertion_goes_with_a_replacement_of_its_anchor() -> None:
    text = source("# c\na = f(x)  # d\n")
    text.becomes(
        "y = 0\n# c\na = f(get_x())  # d\n", text.before("a = f(x)", "y = 0"), text.replace("x", "get_x()")
    )


def test_an_insertion_before_an_erased_statement_takes_its_comments() -> None:
    text = source("a = 1\n# about b\nb = 2\nc = 3\n")
    text.becomes("a = 1\n# about b\ny = 0\nc = 3\n", text.before("b = 2", "y = 0"), text.erase("b = 2"))


def test_the_file_keeps_its_missing_final_newline() -> None:
    text = Source("a = 1")
    text.becomes("a = 1\nb = 2", text.after("a = 1", "b = 2\n"))


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("indent", ["\t", "  ", "        "])
def test_new_code_takes_the_newlines_and_the_indentation_of_the_file(newline: str, indent: str) -> None:
    text = Source(f"if a:\n{indent}b = 1\nc = 2\n".replace("\n", newline))
    code = 'def f():\n    """Say.\n\n    More.\n    """\n    if a:\n        return 1\n'
    expected = (
        f"if a:\n{indent}b = 1\nc = 2\n\n\ndef f():\n{indent}"
        '"""Say.\n\n    More.\n    """\n'  # the bytes of a string are its value: they do not follow the indentation
        f"{indent}if a:\n{indent}{indent}return 1\n"
    )
    text.becomes(expected.replace("\n", newline), text.after("c = 2", code))


@pytest.mark.parametrize("others", ["", "def g():\n    return 2\n\n\ndef h():\n    return 3\n\n\n"])
def test_new_code_takes_the_indentation_of_most_blocks_and_not_of_the_one_beside_it(others: str) -> None:
    """As in pr_agent 0.2.4, where one function is indented by eight columns."""
    first = "def k():\n    return 1\n\n\n"
    odd = "def f(a):\n        if a:\n            b = 1\n            return b\n"
    text = Source(first + others + odd)
    code = "def made():\n    if x:\n        return 1\n\n\n"
    becomes = first + others + code + odd.replace("b = 1", "b = 2")
    text.becomes(becomes, text.before(odd.rstrip(), code), text.replace("b = 1", "b = 2"))


def test_the_types_of_a_function_stay_its_first_line() -> None:
    """As in zato-common: type checkers look for them there and nowhere else (PEP 484)."""
    text = source("""
        def f(data):
            # type: (list) -> dict

            # about a
            a = 1
            # type: (list) -> dict
            b = 2
        """)
    text.becomes(
        """
        def f(data):
            # type: (list) -> dict
            import m

            # about a
            a = 1
            import n

            # type: (list) -> dict
            b = 2
        """,
        text.before("a = 1", "import m"),
        text.before("b = 2", "import n"),
    )
