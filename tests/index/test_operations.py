"""What running a scope's body does, in the order in which it happens."""

from textwrap import dedent

import pytest

from lazify.index.lines import Lines
from lazify.index.scan import scan
from lazify.index.wording import expression
from lazify.model.facts import (
    MODULE,
    Argument,
    AttributeRef,
    CallRef,
    Facts,
    LambdaRef,
    LiteralRef,
    NameRef,
    Operation,
)
from lazify.model.places import Span


def facts_of(text: str) -> Facts:
    return scan(dedent(text).lstrip("\n"))


def operations(text: str, scope: str = "") -> tuple[Operation, ...]:
    return next(each for each in facts_of(text).scopes if each.name == scope).operations


def done(text: str, scope: str = "", *, reads: bool = False) -> list[str]:
    """The operations of a scope as words, without reads."""
    return [
        f"{one.does} {_shown(one)}".strip() for one in operations(text, scope) if reads or one.does != "read"
    ]


def _shown(operation: Operation) -> str:
    if operation.does in ("import", "class"):
        return str(operation.index)
    return expression(operation.subject) if operation.subject else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a(b(), c=d())(e())", ["b", "d", "a", "e", "a(…)"]),
        ("a().b().c", ["a", "a(…).b"]),
        ("x = a() if b() else c()", ["b", "a", "c"]),
        ("x[a()] = b()", ["b", "a"]),
        ("x = a() < b() < c()", ["a", "b", "c"]),
        ("x = [a() for b in c() if d()]", ["c", "d", "a"]),
        ("x = {a(): b() for c in d() for e in f()}", ["d", "f", "a", "b"]),
        ("x = {a(): b(), **c()}", ["a", "b", "c"]),
        ("x = f'{a()} {b():{c()}}'", ["a", "b", "c"]),
        ("x = a() + b() * c()", ["a", "b", "c"]),
        ("x = lambda: a()", []),
        ("x = (a(), *b(), {c()}, [d()])", ["a", "b", "c", "d"]),
        ("x = a()[b():c()]", ["a", "b", "c"]),
        ("x = (y := a()) and not b()", ["a", "b"]),
        ("a(*b(), **c())", ["b", "c", "a"]),
        ("assert a(), b()", ["a", "b"]),
        ("for x in a(): b()\nelse: c()", ["a", "b", "c"]),
        ("while a(): b()\nelse: c()", ["a", "b", "c"]),
        ("if a(): b()\nelif c(): d()\nelse: e()", ["a", "b", "c", "d", "e"]),
        ("try: a()\nexcept b(): c()\nelse: d()\nfinally: e()", ["a", "b", "c", "d", "e"]),
        ("match a():\n  case x if b(): c()", ["a", "b", "c"]),
        ("x: a() = b()", ["b", "a"]),
        ("x.y: a() = b()", ["b", "a"]),
        ("x: a()", ["a"]),
        ("del a().b, c()[d()]", ["a", "c", "d"]),
        ("x += a()", ["a"]),
        ("x = yield_(a())", ["a", "yield_"]),
        ("@a\n@b()\ndef f(x=c(), *, y=d()) -> e(): g()", ["b", "c", "d", "e", "b(…)", "a"]),
        ("@a\n@b()\nclass C(c(), d=e()): pass", ["b", "c", "e", "b(…)", "a"]),
        ("x = lambda y=a(): b()", ["a"]),
    ],
)
def test_calls_are_in_the_order_of_evaluation(text: str, expected: list[str]) -> None:
    assert [_shown(one) for one in operations(text + "\n") if one.does == "call"] == expected


def test_annotations_run_nothing_where_nobody_evaluates_them() -> None:
    assert done("from __future__ import annotations\nx: a() = 1\ndef f(b: c()) -> d(): ...\n") == ["import 0"]
    assert done("def f():\n    x: a() = 1\n", "f") == []
    assert done("x: 'a()' = 1\n") == ["call a"]


def test_calls_have_their_arguments() -> None:
    (call,) = operations("f('a', b, *c, d=1, **e)\n")
    assert call.subject == NameRef("f", MODULE)
    assert call.arguments == (
        Argument(None, LiteralRef("str"), "a", Span(1, 2, 1, 5)),
        Argument(None, NameRef("b", MODULE), None, Span(1, 7, 1, 8)),
        Argument("*", NameRef("c", MODULE), None, Span(1, 11, 1, 12)),
        Argument("d", LiteralRef("int"), 1, Span(1, 16, 1, 17)),
        Argument("**", NameRef("e", MODULE), None, Span(1, 21, 1, 22)),
    )


def test_none_and_bytes_are_no_plain_constants() -> None:
    (call,) = operations("f(None, b'a', True, 1.5)\n")
    assert [argument.constant for argument in call.arguments] == [None, None, True, 1.5]


def test_decorators_are_called_with_what_they_stand_on() -> None:
    text = "@a.b\ndef f(): ...\n@c\nclass D: ...\n"
    first, second = [one for one in operations(text) if one.does == "call"]
    assert (first.subject, first.arguments[0].ref) == (AttributeRef(NameRef("a", MODULE), "b"), LambdaRef(1))
    assert (second.subject, second.arguments[0].ref) == (NameRef("c", MODULE), NameRef("D", MODULE))


def test_with_calls_enter() -> None:
    assert done("with a() as b, c: d()\n") == ["call a", "call a(…).__enter__", "call c.__enter__", "call d"]
    assert done("async def f():\n    async with a(): pass\n", "f") == ["call a", "call a(…).__aenter__"]


def test_constant_subscripts_are_items() -> None:
    (item,) = operations("os.environ['KEY']\n")
    assert (item.does, item.subject) == ("item", AttributeRef(NameRef("os", MODULE), "environ"))
    assert item.arguments[0].constant == "KEY"
    assert done("x[0]; x[a]; x['a':'b']\n") == []


def test_augmented_items_are_read_and_changed() -> None:
    assert done("x['a'] += b()\n") == ["item x", "call b", "mutate x", "mutate x[…]"]
    assert done("a().b += c()\n")[:2] == ["call a", "call c"]


def test_imports_and_classes_run() -> None:
    assert done("import a, b\nfrom c import d, e\n") == ["import 0", "import 1", "import 2", "import 3"]
    facts = facts_of("class A(a()):\n    x = b()\n    def f(self): c()\n")
    assert [one.does for one in facts.scopes[0].operations] == ["call", "class"]
    assert [one.subject for one in facts.scopes[1].operations] == [NameRef("b", MODULE)]
    assert facts.scopes[0].operations[1].index == 1


@pytest.mark.parametrize(
    "body",
    ["x = 1", "x += 1", "del x", "import x", "def x(): ...", "class x: ...", "for x in y: ...", "with y as x: ...", "(x := 1)",
     "[x := 1 for y in z]", "x, z = y", "from y import x", "x: int = 1", "match y:\n        case x: ..."],
)  # fmt: skip
def test_functions_write_the_modules_names_under_global(body: str) -> None:
    if body.startswith("x: int"):
        pytest.skip("Python forbids it")
    writes = [one for one in operations(f"def f():\n    global x\n    {body}\n", "f") if one.does == "write"]
    assert [one.subject for one in writes] == [NameRef("x", MODULE)]


def test_the_module_does_not_write_its_own_names() -> None:
    assert done("x = 1\nx: int = 2\n") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("class A: ...\nA.x = 1", ["class 1", "write A.x"]),
        ("import m\nm.x = 1", ["import 0", "write m.x"]),
        ("import m.n\nm.n.x += 1", ["import 0", "write m.n.x", "mutate m.n.x"]),
        ("from m import n\ndel n.x", ["import 0", "write n.x"]),
        ("x.y = 1", ["mutate x"]),
        ("x[0] = 1", ["mutate x"]),
        ("x.y.z = 1", ["mutate x.y"]),
        ("x.y[0] = 1", ["mutate x.y"]),
        ("del x[0], x.y", ["mutate x", "mutate x"]),
        ("x += 1", ["mutate x"]),
        ("x[0] += 1", ["mutate x", "mutate x[…]"]),
        ("for x.y in z: pass", ["mutate x"]),
        ("with z as x[0]: pass", ["call z.__enter__", "mutate x"]),
        ("a, x.y = z", ["mutate x"]),
        ("[0 for x.y in z]", ["mutate x"]),
        ("a().b = 1", ["call a", "mutate a(…)"]),
    ],
)
def test_stores_write_classes_and_modules_and_mutate_the_rest(text: str, expected: list[str]) -> None:
    assert done(text + "\n") == expected


def test_methods_mutate_their_instance() -> None:
    (operation,) = operations("class A:\n    def f(self):\n        self.x = 1\n", "A.f")
    assert (operation.does, operation.subject) == ("mutate", NameRef("self", 2))


def test_what_a_function_has_made_itself_may_change() -> None:
    assert done("def f():\n    x = {}\n    x[0] = 1\n    n = 0\n    n += 1\n", "f") == []
    assert done("def f(y):\n    x = {}\n    x[0] = 1\n    x = y\n", "f") == ["mutate x"]
    assert done("x = {}\nx[0] = 1\n") == ["mutate x"]


def test_a_parameter_with_the_same_name_is_not_the_functions_own() -> None:
    assert done("def f(x):\n    if not x: x = {}\n    x[0] = 1\n", "f") == ["mutate x"]


def test_what_an_inner_function_rebinds_is_seen() -> None:
    text = """
        def f(y):
            x = {}
            def g():
                nonlocal x
                x = y
            g()
            x[0] = 1
    """
    assert done(text, "f") == ["call g", "mutate x"]


def test_reads_are_recorded_once_for_each_scope() -> None:
    text = """
        x = 1
        def f():
            x; x.a; [x for y in x]
            lambda: x
    """
    assert done(text, "f", reads=True) == ["read x"]
    assert done("x = 1\ndef f():\n    y\n", "f", reads=True) == []
    assert done("x = 1\ndef f():\n    open; x\n    x = 2\n", "f", reads=True) == []


def test_the_module_reads_once_for_each_statement() -> None:
    text = "x = 1\ny = x, x\nz = x\n"
    reads = [one for one in operations(text) if one.does == "read"]
    assert [one.statement for one in reads] == [1, 2]


def test_a_read_under_main_does_not_hide_the_one_after_it() -> None:
    text = "x = 1\nif __name__ == '__main__':\n    x\nelse:\n    x\n"
    assert [one.deferred for one in operations(text) if one.does == "read"] == [True, False]


def test_names_that_functions_bind_in_the_module_are_read_too() -> None:
    text = """
        def f():
            global x
            x = 1
        def g():
            return x, open
        def h():
            global open
            return "global nothing"
    """
    assert done(text, "g", reads=True) == ["read x"]


def test_raise() -> None:
    assert done("raise A('x') from b()\n") == ["call A", "call b", "raise A(…)"]
    assert done("raise\n") == ["raise"]


def test_operations_know_their_statement() -> None:
    facts = facts_of("a()\ndef f():\n    b()\nclass C:\n    c()\n")
    found = {
        one.subject: one.statement for scope in facts.scopes for one in scope.operations if one.does == "call"
    }
    assert found == {NameRef("a", MODULE): 0, NameRef("b", MODULE): 1, NameRef("c", MODULE): 2}


def test_operations_know_their_place() -> None:
    text = "x = (a.b(\n  1)\n)\n"
    (call,) = operations(text)
    assert Lines(text).cut(call.span) == "a.b(\n  1)"


def test_nested_scopes_keep_their_operations_apart() -> None:
    text = """
        def f():
            a()
            def g(x=b()):
                c()
            d()
    """
    assert done(text, "f") == ["call a", "call b", "call d"]
    assert done(text, "f.<locals>.g") == ["call c"]


def test_defaults_of_methods_run_with_the_class() -> None:
    assert done("class A:\n    def f(self, x=a()): b()\n", "A") == ["call a"]


def test_calls_of_calls_are_references() -> None:
    (first, second) = operations("a(1)(2)\n")
    assert second.subject == CallRef(first.subject) if first.subject else None
