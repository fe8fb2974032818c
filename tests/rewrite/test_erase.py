"""Erase takes something away together with what belongs to it, and leaves the rest tidy."""

import pytest

from lazify.model.changes import Erase
from lazify.model.places import Span
from tests.rewrite.editing import PATH, Source, source


def test_a_statement_goes_with_the_comments_directly_above_and_behind_it() -> None:
    text = source("""
        a = 1

        # about x
        # more
        x = 2  # behind

        b = 3
        """)
    text.becomes("a = 1\n\nb = 3\n", text.erase("x = 2"))


def test_comments_that_stand_apart_stay() -> None:
    text = source("""
        a = 1

        # Section

        # about x
        x = 2
        b = 3
        """)
    text.becomes("a = 1\n\n# Section\n\nb = 3\n", text.erase("x = 2"))


def test_comments_that_stand_apart_stay_at_the_end_of_a_block() -> None:
    text = source("""
        def f():
            a = 1

            # Section

            x = 2
        """)
    text.becomes("def f():\n    a = 1\n\n    # Section\n\n", text.erase("x = 2"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a = 1\n\nx = 2\n\nb = 3\n", "a = 1\n\nb = 3\n"),
        ("a = 1\n\nx = 2\nb = 3\n", "a = 1\n\nb = 3\n"),
        ("a = 1\nx = 2\n\nb = 3\n", "a = 1\n\nb = 3\n"),
        ("a = 1\nx = 2\nb = 3\n", "a = 1\nb = 3\n"),
        ("a = 1\n\n\nx = 2\n\nb = 3\n", "a = 1\n\n\nb = 3\n"),
        ("x = 2\n\n\nb = 3\n", "b = 3\n"),
        ("\nx = 2\n\n\nb = 3\n", "\nb = 3\n"),
        ("a = 1\n\n\nx = 2\n", "a = 1\n"),
        ("a = 1\n\n\nx = 2", "a = 1"),
        ("x = 2\n", ""),
        ("# License\n\nx = 2\nb = 3\n", "# License\n\nb = 3\n"),
        (
            "def f():\n    pass\n\n\nx = 2\n\n\ndef g():\n    pass\n",
            "def f():\n    pass\n\n\ndef g():\n    pass\n",
        ),
    ],
)
def test_blank_lines_never_pile_up(before: str, after: str) -> None:
    text = Source(before)
    text.becomes(after, text.erase("x = 2"))


def test_neighbours_that_both_go_leave_one_gap() -> None:
    text = source("""
        a = 1

        x = 2

        y = 3

        b = 4
        """)
    text.becomes("a = 1\n\nb = 4\n", text.erase("x = 2"), text.erase("y = 3"))


def test_the_header_of_a_file_stays() -> None:
    text = source("""
        #!/usr/bin/env python
        # -*- coding: utf-8 -*-
        # Copyright Somebody
        x = 2
        b = 3
        """)
    text.becomes(
        """
        #!/usr/bin/env python
        # -*- coding: utf-8 -*-
        # Copyright Somebody
        b = 3
        """,
        text.erase("x = 2"),
    )


def test_a_block_without_statements_gets_pass() -> None:
    text = source("""
        if a:
            x = 2  # gone
        else:
            b = 1
        """)
    text.becomes("if a:\n    pass\nelse:\n    b = 1\n", text.erase("x = 2"))


def test_a_body_on_the_line_of_its_header_gets_pass() -> None:
    text = Source("if a: x = 2; y = 3  # c\n")
    text.becomes("if a: pass  # c\n", text.erase("x = 2"), text.erase("y = 3"))


@pytest.mark.parametrize(
    ("piece", "after"),
    [
        ("a = 1", "b = 2; c = 3  # all\n"),
        ("b = 2", "a = 1; c = 3  # all\n"),
        ("c = 3", "a = 1; b = 2  # all\n"),
    ],
)
def test_one_of_several_statements_on_a_line_goes(piece: str, after: str) -> None:
    text = Source("a = 1; b = 2; c = 3  # all\n")
    text.becomes(after, text.erase(piece))


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        ("from m import a, x, b\n", "x", "from m import a, b\n"),
        ("from m import x, b\n", "x", "from m import b\n"),
        ("from m import a, x\n", "x", "from m import a\n"),
        ("from m import (a, x)\n", "x", "from m import (a)\n"),
        ("from m import (a, x,)\n", "x", "from m import (a,)\n"),
        ("from m import (x, a,)\n", "x", "from m import (a,)\n"),
        ("import a, x as y  # both\n", "x as y", "import a  # both\n"),
        ("import x.y, a\n", "x.y", "import a\n"),
        ("import a\nfrom m import x  # c\nimport b\n", "x", "import a\nimport b\n"),
        ("from m import *\nimport b\n", "*", "import b\n"),
        (
            "from m import (\n    a,  # A\n    x,  # X\n    b,  # B\n)\n",
            "x",
            "from m import (\n    a,  # A\n    b,  # B\n)\n",
        ),
        (
            "from m import (\n    x,  # X\n    # about b\n    b,\n)\n",
            "x",
            "from m import (\n    # about b\n    b,\n)\n",
        ),
        (
            "from m import (\n    a,  # A\n    # about it\n    x,\n)\n",
            "x",
            "from m import (\n    a,  # A\n)\n",
        ),
        ("from m import (\n    a,  # A\n    x  # X\n)\n", "x", "from m import (\n    a  # A\n)\n"),
        (
            "from m import (\n    a, x,  # both\n    b\n)\n",
            "x",
            "from m import (\n    a,  # both\n    b\n)\n",
        ),
        ("from m import (a,  # A\n               x)\n", "x", "from m import (a  # A\n               )\n"),
        ("from m import (x,\n               a)\n", "x", "from m import (a)\n"),
        ("from m import a, \\\n    x\n", "x", "from m import a\n"),
        (
            "try:\n    from m import x\nexcept ImportError:\n    y = 1\n",
            "x",
            "try:\n    pass\nexcept ImportError:\n    y = 1\n",
        ),
    ],
)
def test_an_import_alias_goes_with_its_comma_and_its_comments(before: str, piece: str, after: str) -> None:
    text = Source(before)
    text.becomes(after, text.erase(piece))


def test_an_import_goes_when_all_its_aliases_go() -> None:
    text = source("""
        import a
        # heavy
        from m import x, y as z  # noqa
        import b
        """)
    text.becomes("import a\nimport b\n", text.erase("x"), text.erase("y as z"))


def test_an_import_is_erased_once_when_it_goes_whole_and_in_parts() -> None:
    text = source("import a\nfrom m import x, y\n")
    text.becomes("import a\n", text.erase("from m import x, y"), text.erase("x"))


def test_several_aliases_of_one_import_go() -> None:
    text = source("from m import a, b, c, d\n")
    text.becomes("from m import c\n", text.erase("a"), text.erase("d"), text.erase("b"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('__all__ = ["a", "x"]\n', '__all__ = ["a"]\n'),
        ('__all__ = ["x"]\n', "__all__ = []\n"),
        ('__all__ = [ "x" , "a" , ]\n', '__all__ = [ "a" , ]\n'),
        ('__all__ = ("a", "x")\n', '__all__ = ("a",)\n'),
        ('__all__ = ("x", "a",)\n', '__all__ = ("a",)\n'),
        ('__all__ = ("x",)\n', "__all__ = ()\n"),
        ('__all__ = "a", "x"\n', '__all__ = "a",\n'),
        ('__all__ += ["x"]\n', "__all__ += []\n"),
        ('__all__ = [\n    "a",\n    "x",\n]\n', '__all__ = [\n    "a",\n]\n'),
        ('__all__ = [\n    "x",  # X\n    "a",  # A\n]\n', '__all__ = [\n    "a",  # A\n]\n'),
        ('__all__ = [\n    "a",\n    "x"\n]\n', '__all__ = [\n    "a"\n]\n'),
    ],
)
def test_an_element_of_a_display_goes(before: str, after: str) -> None:
    text = Source(before)
    text.becomes(after, text.erase('"x"'))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("app = FastAPI(a=1, on_startup=[f])\n", "app = FastAPI(a=1)\n"),
        ("app = FastAPI(on_startup=[f])\n", "app = FastAPI()\n"),
        ("app = FastAPI(on_startup=[f], a=1)\n", "app = FastAPI(a=1)\n"),
        ("app = FastAPI(\n    a=1,  # A\n    on_startup=[f],\n)\n", "app = FastAPI(\n    a=1,  # A\n)\n"),
        ("app = FastAPI(\n    a=1,\n    on_startup=[f]\n)\n", "app = FastAPI(\n    a=1\n)\n"),
        ("app = FastAPI(a,\n              on_startup=[f])\n", "app = FastAPI(a)\n"),
    ],
)
def test_an_argument_goes(before: str, after: str) -> None:
    text = Source(before)
    text.becomes(after, text.erase("on_startup=[f]"))


def test_a_positional_argument_goes() -> None:
    text = Source("f(a, (x), b)\n")
    text.becomes("f(a, b)\n", text.erase("x"))


def test_a_decorator_goes() -> None:
    text = source("""
        @a
        @app.on_event("startup")
        def f(): ...
        """)
    text.becomes("@a\ndef f(): ...\n", text.erase('app.on_event("startup")'))
    text.becomes('@app.on_event("startup")\ndef f(): ...\n', text.erase("@a"))


def test_a_decorated_definition_goes_whole() -> None:
    text = source("""
        a = 1


        # about f
        @dec
        def f():
            pass
            # inner


        b = 2
        """)
    text.becomes("a = 1\n\n\nb = 2\n", Erase(path=PATH, span=Span(5, 0, 7, 8)))


def test_a_comment_at_the_end_of_a_block_does_not_go_with_the_next_statement() -> None:
    text = source("""
        if a:
            b = 1
            # end of if
        x = 2
        """)
    text.becomes("if a:\n    b = 1\n    # end of if\n", text.erase("x = 2"))
