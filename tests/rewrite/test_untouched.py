"""What no edit concerns stays byte for byte."""

import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lazify.model.changes import Erase, Replace
from lazify.model.places import Span
from lazify.rewrite import rewrite
from tests.rewrite.editing import GETTER, PATH, Source, add, source

# Stretches of code that must survive, whatever happens around them.
ODD = (
    "a=  1   \n",
    "\n   \n\t\n",
    "\f\ndef f( a,b ):\n\treturn(a)   # tab\n",
    "\fclass A : pass\n",
    'b = """\n\x0c text\t\n   """ ; c = 2 ;\n',
    "if a :\n  b\n  # odd\n\n    # odder\n",
    "d = 1 \\\n\n",
    "@dec\n\n# between\n@ dec2 (1)\nclass B( object , ):\n    '''é'''\n    def f(self): return 1 ; \n",
    "lazy import heavy\n",
    "for i in x: print(i); break\nelse : pass\n",
    "try:\n    a\nexcept  (A,B)as e :\n    b\n",
    "s = 'x' ; t = r'\\x' ; u = f'{ s !r:>{ t }}'\n",
    "e = '\u2028\x1c'  # \u2028 \x85\n",
    "def g():\n\n\n\n    pass\n    \n\n    # last\n  # lower\n",
    "match a:\n  case[1, *_]:pass\n",
    "x2 = (  # open\n\n   1,\n )\n",
    "type A = int\n" if sys.version_info >= (3, 12) else "A = int\n",
)


@given(
    st.lists(st.sampled_from(ODD)), st.lists(st.sampled_from(ODD)), st.sampled_from(["", "tail = 1", "# end"])
)
@settings(max_examples=150, deadline=None)
def test_an_edit_changes_only_its_own_bytes(above: list[str], below: list[str], tail: str) -> None:
    head, rest = "".join(above), "".join(below) + tail
    line = head.replace("\r", "\n").count("\n") + 1
    text = f"{head}value = x\n{rest}"
    edit = Replace(path=PATH, span=Span(line, 8, line, 9), code="get_x()")
    assert rewrite(text, [edit]) == f"{head}value = get_x()\n{rest}"


@given(st.lists(st.sampled_from(ODD)), st.lists(st.sampled_from(ODD)))
@settings(max_examples=100, deadline=None)
def test_an_edit_deep_in_a_function_changes_only_its_own_bytes(above: list[str], below: list[str]) -> None:
    head = "".join(above)
    body = textwrap.dedent("""\
        class Deep :
          def f( self ) :
                # odd indentation
                value = x  ;  y  =  2   # c

                return value


        """)
    text = head + body + "".join(below)
    place = Source(text)
    line = place.at("value = x").line
    edit = Replace(path=PATH, span=Span(line, 16, line, 17), code="get_x()")
    assert rewrite(text, [edit]) == head + body.replace("value = x", "value = get_x()") + "".join(below)


@given(st.lists(st.sampled_from(ODD), max_size=4), st.lists(st.sampled_from(ODD), max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_getter_leaves_everything_around_it_alone(above: list[str], below: list[str]) -> None:
    head, rest = "".join(above), "".join(below)
    place = Source(f"{head}x = Foo()\n{rest}")
    result = rewrite(place.text, [place.move("Foo()", code=GETTER)])
    assert result.startswith(head)
    assert result.endswith(rest)
    middle = result.removeprefix(head).removesuffix(rest)
    assert middle.split() == GETTER.replace("__lazify_hole__", "Foo()").split()


@pytest.mark.parametrize("newlines", [("\r\n", "\r\n"), ("\n", "\r\n"), ("\r\n", "\n"), ("\r", "\r")])
def test_newlines_stay_as_they_are_also_where_they_differ(newlines: tuple[str, str]) -> None:
    one, two = newlines
    text = Source(f"a = 1{one}b = x{two}c = 3{one}")
    text.becomes(f"a = 1{one}b = get_x(){two}c = 3{one}", text.replace("x", "get_x()"))


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n# c", "\n    # c\n", "\n\f\n", ";", " # c"])
def test_the_end_of_the_file_stays(end: str) -> None:
    text = Source(f"a = x{end}")
    text.becomes(f"a = get_x(){end}", text.replace("x", "get_x()"))


def test_a_form_feed_before_a_changed_statement_stays() -> None:
    text = Source("a = 1\n\f\f  \nb = 2\n\fdef f():\n    return x\n\f\n")
    text.becomes("a = 1\n\f\f  \nb = 2\n\fdef f():\n    return get_x()\n\f\n", text.replace("x", "get_x()"))


def test_columns_behind_a_form_feed_are_those_of_python() -> None:
    text = Source("a = 1\n\fb = x\n")
    text.becomes("a = 1\n\fb = get_x()\n", text.replace("x", "get_x()"))


def test_lazy_imports_survive_and_can_be_edited() -> None:
    text = source("""
        lazy import a
        lazy from m import x, y
        z = x
        """)
    text.becomes(
        """
        lazy import a
        lazy from m import get_x, y
        z = get_x()
        """,
        text.replace("x", "get_x"),
        text.replace("x", "get_x()", 1),
    )
    text.becomes("lazy from m import y\nz = x\n", text.erase("a"), text.erase("x"))


def test_what_libcst_cannot_parse_does_not_matter_elsewhere() -> None:
    deep = "(" * 90 + ")" * 90
    text = Source(f"a = {deep}\nb = x\n")
    text.becomes(f"a = {deep}\nb = get_x()\n", text.replace("x", "get_x()"))


def test_the_names_that_stand_for_folded_code_may_be_in_a_file_already() -> None:
    text = source("a = 1\nb = x + __lazify_fold_0__ + __lazify_fold_7__\n")
    text.becomes(text.text.replace("x", "get_x()"), text.replace("x", "get_x()"))


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="calls by way of C have a fixed limit there")
@pytest.mark.parametrize("code", ["x" + " + a" * 900, "x" + ".a()" * 900, "x" + "[0]" * 900])
def test_deep_code_is_no_hindrance(code: str) -> None:
    text = Source(f"v = {code}\n")
    text.becomes(f"v = get_{code.replace('x', 'x()', 1)}\n", text.replace("x", "get_x()"))


def test_code_that_is_parsed_but_not_compiled_can_be_edited() -> None:
    text = Source("await x\n")
    text.becomes("await get_x()\n", text.replace("x", "get_x()"))


def test_several_edits_in_several_places_leave_the_rest() -> None:
    text = source("""
        import os
        def a( ): return x
        b=1
        def c( ): return x
        d=2
        e = x
        """)
    text.becomes(
        text.text.replace("x", "get_x()").replace("import os\n", "import os\nimport threading\n"),
        *(text.replace("x", "get_x()", n) for n in range(3)),
        add("threading"),
    )


def test_a_real_file_survives_the_erasure_of_its_import() -> None:
    text = Path(textwrap.__file__).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    line = next(n for n, content in enumerate(lines) if content.startswith("import re"))
    edit = Erase(path=PATH, span=Span(line + 1, 0, line + 1, 9))
    assert rewrite(text, [edit]) == "".join(lines[:line] + lines[line + 2 :])
