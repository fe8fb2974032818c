"""Replace puts code in the place of one node, and nothing else changes."""

import pytest

from lazify.model.changes import Replace
from lazify.model.places import Span
from lazify.rewrite import rewrite
from tests.rewrite.editing import PATH, Source, source


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("print(x)\n", "print(get_x())\n"),
        ("print( x , end = '' )  # why\n", "print( get_x() , end = '' )  # why\n"),
        ("y = (x)\n", "y = (get_x())\n"),
        ("y = ((x\n ))\n", "y = ((get_x()\n ))\n"),
        ("y = x .a [0]\n", "y = get_x() .a [0]\n"),
        ("y = not x\n", "y = not get_x()\n"),
        ("y = -x ** 2\n", "y = -get_x() ** 2\n"),
        ("y = 1 if x else 2\n", "y = 1 if get_x() else 2\n"),
        ("y = lambda: x\n", "y = lambda: get_x()\n"),
        ("y = [i for i in x]\n", "y = [i for i in get_x()]\n"),
        ("y = {'a': x, **b}\n", "y = {'a': get_x(), **b}\n"),
        ("f(a, *x)\n", "f(a, *get_x())\n"),
        ("f(**x)\n", "f(**get_x())\n"),
        ("f(k=x)\n", "f(k=get_x())\n"),
        ("def f(a=x): pass\n", "def f(a=get_x()): pass\n"),
        ("@x.route\ndef f(): pass\n", "@get_x().route\ndef f(): pass\n"),
        ("class A(x): pass\n", "class A(get_x()): pass\n"),
        ("with x as y: pass\n", "with get_x() as y: pass\n"),
        ("for i in x: pass\n", "for i in get_x(): pass\n"),
        ("assert x, 'm'\n", "assert get_x(), 'm'\n"),
        ("if (y := x): pass\n", "if (y := get_x()): pass\n"),
        ("async def f():\n    await x\n", "async def f():\n    await get_x()\n"),
        ("def f():\n    yield from x\n", "def f():\n    yield from get_x()\n"),
        ("y = a[x:]\n", "y = a[get_x():]\n"),
        ("match x:\n    case 1: pass\n", "match get_x():\n    case 1: pass\n"),
        ("match y:\n    case a if x: pass\n", "match y:\n    case a if get_x(): pass\n"),
        ("y: x = 1\n", "y: get_x() = 1\n"),
        ("del x[0]\n", "del get_x()[0]\n"),
        ("raise E from x\n", "raise E from get_x()\n"),
        ("y = x if 1 else(2)\n", "y = get_x() if 1 else(2)\n"),
        ("y = a\\\n  + x\n", "y = a\\\n  + get_x()\n"),
    ],
)
def test_a_name_becomes_a_call_wherever_an_expression_may_stand(before: str, after: str) -> None:
    text = Source(before)
    text.becomes(after, text.replace("x", "get_x()"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('s = f"{x}"\n', 's = f"{get_x()}"\n'),
        ('s = f"a{x!r:>{w}}b"\n', 's = f"a{get_x()!r:>{w}}b"\n'),
        ('s = f"{w:{x}}"\n', 's = f"{w:{get_x()}}"\n'),
        ('s = "x" f"{ x }" "y"\n', 's = "x" f"{ get_x() }" "y"\n'),
        ('s = f"""\n  é {x}\n"""\n', 's = f"""\n  é {get_x()}\n"""\n'),
        ("s = rf'{{x}} {x}'\n", "s = rf'{{x}} {get_x()}'\n"),
    ],
)
def test_an_f_string_is_changed_inside(before: str, after: str) -> None:
    text = Source(before)
    nth = {'s = "x" f"{ x }" "y"\n': 1, "s = rf'{{x}} {x}'\n": 1}.get(before, 0)
    text.becomes(after, text.replace("x", "get_x()", nth))


def test_columns_count_characters_not_bytes() -> None:
    text = Source('s = "€𝒳é"; y = x\n')
    text.becomes('s = "€𝒳é"; y = get_x()\n', text.replace("x", "get_x()"))


def test_a_whole_attribute_chain_is_one_expression() -> None:
    text = source("value = pkg . m.x.attr\n")
    text.becomes("value = pkg . m.get_x().attr\n", text.replace("pkg . m.x", "pkg . m.get_x()"))


def test_code_that_was_cut_out_of_brackets_may_span_lines() -> None:
    text = source("""
        value = (m
            # the one
            .x
            .attr)
        """)
    text.becomes(
        """
        value = (m
            # the one
            .get_x()
            .attr)
        """,
        text.replace("m\n    # the one\n    .x", "m\n    # the one\n    .get_x()"),
    )


def test_a_string_is_one_expression_also_when_it_is_concatenated() -> None:
    text = source("""patch("m." 'x')\n""")
    text.becomes("""patch("m.get_x")\n""", text.replace("\"m.\" 'x'", '"m.get_x"'))


@pytest.mark.parametrize("piece", ["(a, b)", "((a), b,)", "(i for i in y)"])
def test_brackets_belong_to_a_tuple_or_generator_as_for_ast(piece: str) -> None:
    text = Source(f"y = ({piece})\n")
    text.becomes("y = (c())\n", Replace(path=PATH, span=Span(1, 5, 1, 5 + len(piece)), code="c()"))


@pytest.mark.parametrize(
    ("before", "piece", "code", "after"),
    [
        ("from m import x\n", "x", "get_x", "from m import get_x\n"),
        ("from m import x as y, z\n", "x as y", "get_x as get_y", "from m import get_x as get_y, z\n"),
        (
            "from m import (\n    x,  # one\n    y,\n)\n",
            "x",
            "get_x",
            "from m import (\n    get_x,  # one\n    y,\n)\n",
        ),
        ("from m import a,x\n", "x", "get_x as x", "from m import a,get_x as x\n"),
        ("from .. import x\n", "x", "y", "from .. import y\n"),
        ("from m import x\n", "x", "x, get_x", "from m import x, get_x\n"),
        ("import a.b as c, d\n", "a.b as c", "a.c as c", "import a.c as c, d\n"),
        ("import a.b\n", "a.b", "a.c.d", "import a.c.d\n"),
    ],
)
def test_an_import_alias_is_replaced(before: str, piece: str, code: str, after: str) -> None:
    text = Source(before)
    text.becomes(after, text.replace(piece, code))


def test_an_alias_that_is_imported_already_is_not_imported_twice() -> None:
    text = source("from m import x, get_x, y\n")
    text.becomes("from m import get_x, y\n", text.replace("x", "get_x"))


def test_two_aliases_that_become_one_are_imported_once() -> None:
    text = source("from m import x, y, z\n")
    text.becomes("from m import get, z\n", text.replace("x", "get"), text.replace("y", "get"))


def test_a_keyword_argument_is_replaced_whole() -> None:
    text = source("app = FastAPI(title='a', on_startup = [f], debug=1)\n")
    text.becomes(
        "app = FastAPI(title='a', lifespan=lifespan, debug=1)\n",
        text.replace("on_startup = [f]", "lifespan=lifespan"),
    )


@pytest.mark.parametrize("word", ["global", "nonlocal"])
def test_a_name_of_a_global_statement_is_renamed(word: str) -> None:
    text = source(f"""
        def g():
            x = y = 1

            def f():
                {word} x , y  # both
                x = 1
        """)
    expected = text.text.replace(f"{word} x , y", f"{word} _x , y").replace(
        "        x = 1\n", "        _x = 1\n"
    )
    if word == "nonlocal":
        expected = expected.replace("    x = y = 1", "    _x = y = 1")
        edits = [text.replace("x", "_x", n) for n in (0, 1, 2)]
    else:
        edits = [text.replace("x", "_x", n) for n in (1, 2)]
    text.becomes(expected, *edits)


def test_a_global_statement_is_given_whole_where_names_have_no_place() -> None:
    text = source("""
        def f():
            global x, y  # both
            x = 1
        """)
    text.becomes(
        """
        def f():
            global _x, y  # both
            _x = 1
        """,
        text.replace("global x, y", "global _x, y"),
        text.replace("x", "_x", 1),
    )


def test_two_changes_may_each_rename_a_name_of_one_global_statement() -> None:
    text = source("""
        def f():
            global x, y, z
        """)
    text.becomes(
        """
        def f():
            global _x, _z
        """,
        text.replace("global x, y, z", "global _x, y, z"),
        text.replace("global x, y, z", "global x, y, _z"),
        text.replace("global x, y, z", "global x, z"),
    )


def test_a_statement_becomes_several() -> None:
    text = source("""
        if a:
            x = 1  # one
            y = 2
        """)
    text.becomes(
        """
        if a:
            p = 1  # one
            if p:
                q = 2
            y = 2
        """,
        text.replace("x = 1", "p = 1\nif p:\n    q = 2\n"),
    )


def test_a_statement_on_the_line_of_its_header_stays_there_if_it_can() -> None:
    text = source("if a: x = 1; y = 2  # c\n")
    text.becomes("if a: z = 3; y = 2  # c\n", text.replace("x = 1", "z = 3"))


def test_a_block_opens_for_code_that_needs_it() -> None:
    text = source("if a: x = 1; y = 2  # c\nb = 1\n")
    text.becomes(
        """
        if a:
            for z in x:
                pass
            y = 2  # c
        b = 1
        """,
        text.replace("x = 1", "for z in x:\n    pass"),
    )


def test_an_expression_statement_is_replaced_by_an_expression_or_by_statements() -> None:
    text = source("start()  # now\n")
    text.becomes("begin()  # now\n", text.replace("start()", "begin()"))
    text.becomes("a = 1  # now\nb = 2\n", text.replace("start()", "a = 1\nb = 2"))


def test_a_decorated_definition_is_found_by_its_decorator_and_by_its_own_start() -> None:
    text = source("""
        @a
        @b(1)
        def f():
            pass;
        """)
    for start in (Span(1, 0, 4, 8), Span(1, 1, 4, 8), Span(3, 0, 4, 8), Span(3, 0, 4, 9)):
        text.becomes("g = 1\n", Replace(path=PATH, span=start, code="g = 1"))


def test_equal_edits_of_two_changes_count_once() -> None:
    text = source("print(x)\n")
    text.becomes("print(get_x())\n", text.replace("x", "get_x()"), text.replace("x", "get_x()"))


def test_no_edits_change_nothing() -> None:
    assert rewrite("not python at all (\x00", []) == "not python at all (\x00"
