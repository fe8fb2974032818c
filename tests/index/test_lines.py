"""Positions, in every formatting that Python's tokenizer accepts."""

import ast
import warnings

import pytest

from lazify.index.lines import Lines
from lazify.index.scan import scan
from lazify.model.facts import Facts, Role
from lazify.model.places import Span


def spans(text: str, name: str) -> list[Span]:
    return [use.span for use in scan(text).uses[name] if use.role is not Role.STORE]


def cuts(text: str, name: str) -> list[str]:
    lines = Lines(text)
    return [lines.cut(span) for span in spans(text, name)]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_newline_of_python_ends_a_line(newline: str) -> None:
    text = newline.join(["x = 0", "print(", "  x)", "'''", "'''; x", ""])
    assert spans(text, "x") == [Span(3, 2, 3, 3), Span(5, 5, 5, 6)]
    facts = scan(text)
    assert (facts.newline, facts.lines) == (newline, 5)


def test_mixed_newlines() -> None:
    assert spans("x = 0\r\n\rx\n\r\nx\r", "x") == [Span(3, 0, 3, 1), Span(5, 0, 5, 1)]


@pytest.mark.parametrize("odd", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_nothing_else_ends_a_line(odd: str) -> None:
    text = f"x = '{odd}'\n# {odd}\nx\n"
    assert spans(text, "x") == [Span(3, 0, 3, 1)]
    assert scan(text).lines == 3


def test_the_last_line_needs_no_newline() -> None:
    assert scan("x\ny").lines == 2
    assert scan("x\ny\n").lines == 2
    assert scan("").lines == 0
    assert scan("").newline == "\n"
    assert scan("\n").lines == 1


def test_form_feeds_and_tabs_count_as_one_column() -> None:
    assert spans("x = 0\n\x0cif 1:\n\x0c\tx\n", "x") == [Span(3, 2, 3, 3)]


def test_columns_count_characters() -> None:
    text = "x = 0\n'äöü€😀', x; ä = x.ñ.b\nz = 'ß'\n"
    facts = scan(text)
    assert spans(text, "x") == [Span(2, 9, 2, 10), Span(2, 16, 2, 17)]
    assert facts.uses["x"][2].ends == ((2, 19), (2, 21))
    assert facts.statements[2].span == Span(2, 12, 2, 21)
    assert facts.bindings["ä"][0].span == Span(2, 12, 2, 13)


def test_lines_with_wide_characters_elsewhere_in_a_node() -> None:
    text = "x = 0\nf(\n  'ä', x,\n  'ü' 'é')  # ö\n"
    assert spans(text, "x") == [Span(3, 7, 3, 8)]
    assert scan(text).scopes[0].operations[-1].span == Span(2, 0, 4, 10)


def test_identifiers_are_normalised_as_python_does() -> None:
    text = "ﬁle = 0\ndef f(): return file.ﬂow, ﬁle\n"
    facts = scan(text)
    assert set(facts.bindings) == {"file", "f"}
    assert [Lines(text).cut(use.span) for use in facts.uses["file"]] == ["ﬁle", "file", "ﬁle"]
    assert facts.uses["file"][1].attributes == ("flow",)
    assert Lines(text).cut(facts.bindings["file"][0].span) == "ﬁle"


@pytest.mark.parametrize(
    "header",
    [
        "def ñame():",
        "async  def ñame():",
        "async \\\n def \\\n ñame():",
        "class\tñame:",
        "@dec\ndef ñame():",
        "class ñame(x, a=ñame): ",
    ],
)
def test_names_of_definitions_are_found(header: str) -> None:
    text = f"é = 1\n{header}\n    pass\n"
    (binding,) = scan(text).bindings["ñame"]
    assert Lines(text).cut(binding.span) == "ñame"


@pytest.mark.parametrize(
    "handler",
    [
        "except E as name:",
        "except (E, F) as name:",
        "except (E  # as x\n  ) as name:",
        "except E \\\n as \\\n name :",
        "except (E) as name:",
    ],
)
def test_names_of_caught_errors_are_found(handler: str) -> None:
    text = f"try: pass\n{handler} pass\n"
    (binding,) = scan(text).bindings["name"]
    assert Lines(text).cut(binding.span) == "name"


@pytest.mark.parametrize(
    "pattern",
    [
        "name", "(name)", "[1, *name]", "{'a': 1, **name}", "{'a': (b) , # **no\n **name,}", "{** name}",
        "A() as name", "(A() | B()) as name", "A(b=[C(), name])", "{**\\\nname}",
    ],
)  # fmt: skip
def test_names_of_captures_are_found(pattern: str) -> None:
    text = f"match x:\n  case {pattern}: pass\n"
    (binding,) = scan(text).bindings["name"]
    assert Lines(text).cut(binding.span) == "name"


@pytest.mark.parametrize(
    ("statement", "name"),
    [("import name", "name"), ("import name.b.c", "name"), ("import a.b as name", "name"),
     ("from . import (a, # x\n  name)", "name"), ("from a import b \\\n as name", "name"), ("import a, name", "name"),
     ("import name  .  b", "name")],
)  # fmt: skip
def test_names_of_imports_are_found(statement: str, name: str) -> None:
    text = f"{statement}\n"
    (binding,) = scan(text).bindings[name]
    assert Lines(text).cut(binding.span) == name


@pytest.mark.parametrize("at", ["@", "@ ", "@(\n  ", "@\\\n", "@(  # @x\n\n", "@(\n a\n @ "])
def test_definitions_begin_at_the_sign_of_their_first_decorator(at: str) -> None:
    closing = ")" if "(" in at else ""
    text = f"x = 1\nif x:\n    {at}dec.o(1){closing}\n    @other\n    def f(): pass\n"
    facts = scan(text)
    assert facts.scopes[1].span[:2] == (3, 4)
    text = f"{at}dec{closing}\nclass A: pass\n"
    assert scan(text).statements[0].span[:2] == (1, 0)


def test_attributes_end_where_their_names_end() -> None:
    text = "(x\n  .a  # c\n  . b).c()\n"
    (use,) = scan(text).uses["x"]
    assert use.attributes == ("a", "b", "c")
    assert use.ends == ((2, 4), (3, 5), (3, 8))
    assert use.is_called


FIELDS = [
    "f'{x}'", "f'{ x }'", "f'{{x}} {x}'", "f'{x!r}'", "f'{x:>10}'", "f'{x:{x}.{x}}'", "f'{x.a[\"b\"]}'", "rf'\\{x}'",
    "f'\\N{BULLET} {x}'", "f'''\n{x}\n {x\n}'''", "('a' f'{x}'\n  \"b\" # {x}\n F'{x}')", "f'{(lambda a: x)}'",
    "f'{x != x}'", "f'{x == x!s}'", "f'{x <= x}{x > x}'", "f'{ {1: x}[1] }'", "f'é{x}' 'ü' f'{x}'", "f'{x or \"}\"}'",
    "f\"{', '.join(x)}\"", "f'{f\"{x}\"}'", "f'{f\"{x:{x}}\"!r:{x}}'", "Rf'\\N{x}'", "fr\"\\\"{x}\"", "f'\\'{x}'",
    "f'\\{x}'", "f'{x,}'", "f'{x if x else x}'", "f'{[a for a in x]}'", "f'{x:%Y-{x}}'", "f'{x:}'",
    "u'{x}' f'{x}'", "f'{x}' '''{x}''' f'''{x}'''", "f'{x[1:2]}'", "f'{x(a=1)}'", "f'{x()!a:x}'", "f'{1}{x}'", "f'{x :{1}}'",
    "f'{x!r:^{x}}'", "f'\\x7b{x}'", "f'{\"a\" \"b\"}{x}'", "f'{x}\\\n{x}'", "f'{-x}'", "f'{*x,}'", "f'{x:{x}{x}}{x}'",
]  # fmt: skip


@pytest.mark.parametrize("string", FIELDS)
@pytest.mark.parametrize("before", ["x = 1; y = ", "x = 1\nprint('é', ", "class x: pass\nz = ('a', 'b'\n , "])
def test_names_in_f_strings_stand_where_the_text_has_them(string: str, before: str) -> None:
    text = before + string + (")" if "(" in before else "") + "\n"
    facts = scan(text)
    found = [use for use in facts.uses["x"] if use.role is not Role.STORE]
    assert {use.role for use in found} == {Role.LOAD}
    assert {Lines(text).cut(use.span) for use in found} == {"x"}
    assert len({use.span for use in found}) == len(found) == _loads(text)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_names_in_f_strings_of_several_lines_are_found_with_every_newline(newline: str) -> None:
    text = "y = (f'''é\n{x}\n {x.a(\n x)\n}'''\n 'a' # {x}\n f'{x}')\n".replace("\n", newline)
    found = scan(text).uses["x"]
    assert [(use.span.line, use.span.column) for use in found] == [(2, 1), (3, 2), (4, 1), (7, 4)]
    assert cuts(text, "x") == ["x"] * 4


def _loads(text: str) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        nodes = list(ast.walk(ast.parse(text)))
    return sum(isinstance(n, ast.Name) and n.id == "x" and isinstance(n.ctx, ast.Load) for n in nodes)


@pytest.mark.parametrize(
    "string",
    [
        "f'{x=}'",
        "f'{ x = }'",
        "f'{x=!r:>9}'",
        "f'{x.a=}'",
        "f'a{x(1)=:5}'",
        "f'{(x)=}'",
        "f'{x  =  }'",
        "f'x={x=}'",
    ],
)
def test_names_in_debug_fields_are_marked(string: str) -> None:
    facts: Facts = scan(f"import x\ny = {string}\n")
    assert [use.role for use in facts.uses["x"]] == [Role.DEBUG]


@pytest.mark.parametrize("string", ["f'x={x}'", "f'{x:=^9}'", "f'={x!r:=^9}'", "f'x = {x==1}'", "f'x={x}=1'"])
def test_other_fields_are_not(string: str) -> None:
    facts: Facts = scan(f"import x\ny = {string}\n")
    assert [use.role for use in facts.uses["x"]] == [Role.LOAD]


def test_names_may_hold_marks_that_are_no_letters() -> None:
    text = "def עִברִית(): pass\nclass कि: pass\ntry: pass\nexcept E as कि: pass\nimport x as कि\nמִ = f'{מִ}'\n"
    facts = scan(text)
    for bindings in facts.bindings.values():
        for binding in bindings:
            assert Lines(text).cut(binding.span) == binding.name
    assert [use.role for use in facts.uses["מִ"]] == [Role.STORE, Role.LOAD]
