"""Strings that name things, and access to names that analysis cannot follow."""

from textwrap import dedent

import pytest

from lazify.index.lines import Lines
from lazify.index.scan import scan
from lazify.model.facts import MODULE, AttributeRef, Dynamic, Form, Mention, NameRef
from lazify.model.places import Span


def mentions(text: str) -> tuple[Mention, ...]:
    return scan(dedent(text).lstrip("\n")).mentions


def dynamics(text: str) -> tuple[Dynamic, ...]:
    return scan(dedent(text).lstrip("\n")).dynamics


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 'a.b'", ["a.b"]), ("x = 'a.b:c'", ["a.b:c"]), ("x = 'a:b'", ["a:b"]), ("x = 'a'", []), ("x = 'a b.c'", []),
        ("x = 'a.'", []), ("x = '.a'", []), ("x = '1.2'", []), ("x = 'a..b'", []), ("f('a')", []), ("f('a.b')", ["a.b"]),
        ("setattr(o, 'a', 1)", ["a"]), ("getattr(o, 'a')", ["a"]), ("patch.object(o, 'a')", ["a"]), ("m.patch('a.b')", ["a.b"]),
        ("monkeypatch.setattr(o, 'a', 1)", ["a"]), ("mocker.patch.object(target=o, attribute='a')", ["a"]),
        ("import_module('a')", ["a"]), ("'a.b'", []), ("'''a.b'''", []), ("x = ['a.b', {'c.d': 'e.f'}]", ["a.b", "c.d", "e.f"]),
        ("x['a.b']", ["a.b"]), ("x = 'a.b' if y else 'c.d'", ["a.b", "c.d"]), ("x = 'é.b'", ["é.b"]),
        ("def f(a: 'b.c') -> 'd.e': ...", []), ("x = b'a.b'", []), ("def f(x='a.b'): ...", ["a.b"]), ("x = f'a.b'", []),
        ("x = 'a.' 'b'", ["a.b"]),
    ],
)  # fmt: skip
def test_which_strings_are_mentions(text: str, expected: list[str]) -> None:
    assert [mention.text for mention in mentions(text + "\n")] == expected


def test_arguments_know_their_call() -> None:
    text = "def f():\n    with_(patch.object(o, 'a', new=1))\n"
    (mention,) = mentions(text)
    assert mention.callee == AttributeRef(NameRef("patch", MODULE), "object")
    assert mention.position == 1
    assert (mention.scope, mention.statement) == (1, 0)
    assert [argument.keyword for argument in mention.arguments] == [None, None, "new"]
    lines = Lines(text)
    assert mention.call
    assert (lines.cut(mention.span), lines.cut(mention.call)) == ("'a'", "patch.object(o, 'a', new=1)")
    assert mention.form is Form.OTHER


def test_positions_count_keywords_too() -> None:
    (mention,) = mentions("patch(new=1, target='a.b')\n")
    assert mention.position == 1


def test_a_string_within_an_argument_is_no_argument() -> None:
    (mention,) = mentions("f(['a.b'])\n")
    assert (mention.callee, mention.call, mention.position) == (None, None, -1)


def test_decorators_name_the_function_they_stand_on() -> None:
    text = """
        class T:
            @patch("a.b")
            @patch.object(o, "c", 1)
            def test(self):
                '''Doc.'''
                @x
                def inner(): ...
    """
    first, second = mentions(text)
    assert (first.form, first.holder, first.body) == (Form.DECORATOR, 2, Span(6, 8, 7, 24))
    assert (second.form, second.holder, second.body) == (Form.DECORATOR, 2, Span(6, 8, 7, 24))


def test_a_string_deeper_in_a_decorator_is_not_its_argument() -> None:
    (mention,) = mentions("@d(f('a.b'))\ndef g(): ...\n")
    assert (mention.form, mention.holder) == (Form.OTHER, -1)


def test_with_knows_its_target_and_body() -> None:
    text = "with patch('a.b') as m, patch('c.d'), patch('e.f') as (p, q):\n    @x\n    def f(): ...\n"
    found = mentions(text)
    body = Span(2, 4, 3, 16)
    assert [(m.form, m.target, m.body) for m in found] == [
        (Form.WITH, Span(1, 21, 1, 22), body),
        (Form.WITH, None, body),
        (Form.WITH, Span(1, 54, 1, 60), body),
    ]


def test_statements() -> None:
    first, second = mentions("patch('a.b')\nx = patch('a.b')\n")
    assert (first.form, second.form) == (Form.STATEMENT, Form.OTHER)


def test_keys() -> None:
    found = mentions("x = {'a.b': 'c.d'}\nx['e.f']\nx['g.h'] = 1\n")
    assert [(mention.text, mention.is_key) for mention in found] == [
        ("a.b", True), ("c.d", False), ("e.f", True), ("g.h", True),
    ]  # fmt: skip


def test_strings_inside_f_strings_stand_where_the_text_has_them() -> None:
    text = 'é = f\'{x} {d["a.b"]} {f("c.d")}\'\n'
    lines = Lines(text)
    assert [lines.cut(mention.span) for mention in mentions(text)] == ['"a.b"', '"c.d"']


@pytest.mark.parametrize(
    ("text", "what", "subject", "literal", "prefix"),
    [
        ("globals()", "globals", None, None, ""),
        ("globals()['x']", "globals", None, "x", ""),
        ("globals()['x'] = 1", "globals", None, "x", ""),
        ("del globals()['x']", "globals", None, "x", ""),
        ("globals().get('x')", "globals", None, "x", ""),
        ("globals()[x]", "globals", None, None, ""),
        ("locals()", "locals", None, None, ""),
        ("vars()", "vars", None, None, ""),
        ("vars(m)['x']", "vars", NameRef("m", MODULE), "x", ""),
        ("eval('x')", "eval", None, "x", ""),
        ("exec(code)", "exec", None, None, ""),
        ("getattr(m, n)", "getattr", NameRef("m", MODULE), None, ""),
        ("getattr(m, f'get_{n}', None)", "getattr", NameRef("m", MODULE), None, "get_"),
        ("setattr(m, 'a' + n, 1)", "setattr", NameRef("m", MODULE), None, "a"),
        ("hasattr(m, n)", "hasattr", NameRef("m", MODULE), None, ""),
        ("delattr(m, n)", "delattr", NameRef("m", MODULE), None, ""),
        ("getattr(*a)", "getattr", NameRef("a", MODULE), None, ""),
        ("import_module('a.b')", "import_module", None, "a.b", ""),
        ("importlib.import_module(f'a.{b}')", "import_module", None, None, "a."),
        ("importlib.import_module('a.%s' % b)", "import_module", None, None, "a."),
        ("importlib.import_module('a.{}'.format(b))", "import_module", None, None, "a."),
        ("importlib.import_module(name='a')", "import_module", None, "a", ""),
        ("__import__('a')", "__import__", None, "a", ""),
        ("import sys\nsys.modules['a.b']", "sys.modules", None, "a.b", ""),
        ("import sys\nsys.modules[__name__].x", "sys.modules", None, None, ""),
        ("import sys\nsys.modules.get('a')", "sys.modules", None, "a", ""),
        ("import sys as _sys\n_sys.modules['a']", "sys.modules", None, "a", ""),
        ("from sys import modules", "sys.modules", None, None, ""),
        ("m.__dict__['x']", "__dict__", NameRef("m", MODULE), "x", ""),
        ("m.n.__dict__.update(x)", "__dict__", AttributeRef(NameRef("m", MODULE), "n"), None, ""),
        ("patch(f'a.{b}')", "patch", None, None, "a."),
        ("patch(target)", "patch", None, None, ""),
        ("patch.object(m, n)", "setattr", NameRef("m", MODULE), None, ""),
        ("mock.patch.object(m, attribute='a' + n)", "setattr", NameRef("m", MODULE), None, "a"),
        ("monkeypatch.setattr(m, n, 1)", "setattr", NameRef("m", MODULE), None, ""),
        ("monkeypatch.delattr(m, n)", "delattr", NameRef("m", MODULE), None, ""),
        ("__import__('a').b", "__import__", None, "a", ""),
    ],
)  # fmt: skip
def test_access_that_cannot_be_followed(
    text: str, what: str, subject: object, literal: str | None, prefix: str
) -> None:
    (found,) = dynamics(text + "\n")
    assert (found.what, found.subject, found.literal, found.prefix) == (what, subject, literal, prefix)


@pytest.mark.parametrize(
    "text",
    [
        "getattr(m, 'x')", "x.setattr(y, 'a', z)", "setattr(m, 'x', n)", "patch('a.b')", "patch.object(m, 'n')", "def f(globals):\n    globals()",
        "globals = 1\nglobals()", "x.globals()", "x.modules", "x.vars()", "x.eval(y)", "object()", "x.getattr(y, z)",
        "def f():\n    from x import getattr\n    getattr(a, b)",
    ],
)  # fmt: skip
def test_access_that_can_be_followed(text: str) -> None:
    assert dynamics(text + "\n") == ()
