"""What the facts of a file say of its scopes, statements, imports and exports."""

from textwrap import dedent

import pytest

from lazify.index.scan import scan
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    CallRef,
    ChoiceRef,
    EnterRef,
    Facts,
    ItemRef,
    LambdaRef,
    LiteralRef,
    NameRef,
    Parameter,
    Ref,
    Scope,
    Statement,
    SuperRef,
)
from lazify.model.places import Span

STR, INT, LIST, DICT, NONE = map(LiteralRef, ("str", "int", "list", "dict", "None"))


def facts_of(text: str) -> Facts:
    return scan(dedent(text).lstrip("\n"))


def scope(text: str, name: str) -> Scope:
    return next(each for each in facts_of(text).scopes if each.name == name)


def statement(text: str) -> Statement:
    return facts_of(text).statements[-1]


def name(text: str, scope: int = MODULE) -> NameRef:
    return NameRef(text, scope)


def value(expression: str) -> Ref | None:
    return scan(f"y = {expression}\n").statements[0].value


# Values.


@pytest.mark.parametrize(
    ("expression", "ref"),
    [
        ("a", name("a")), ("a.b.c", AttributeRef(AttributeRef(name("a"), "b"), "c")), ("a()", CallRef(name("a"))),
        ("a[0]", ItemRef(name("a"))), ("a or b", ChoiceRef((name("a"), name("b")))),
        ("a if b else c", ChoiceRef((name("a"), name("c")))), ("a if b else a", name("a")),
        ("a or b or (c and d)", ChoiceRef((name("a"), name("b"), name("c"), name("d")))),
        ("'a'", STR), ("b'a'", LiteralRef("bytes")), ("1", INT), ("1.5", LiteralRef("float")), ("1j", LiteralRef("complex")),
        ("True", LiteralRef("bool")), ("None", NONE), ("...", LiteralRef("ellipsis")), ("[a]", LIST), ("{a: b}", DICT),
        ("{a}", LiteralRef("set")), ("(a,)", LiteralRef("tuple")), ("[a for a in b]", LIST), ("{a: a for a in b}", DICT),
        ("{a for a in b}", LiteralRef("set")), ("(a for a in b)", LiteralRef("generator")), ("f'{a}'", STR),
        ("'a' 'b'", STR), ("not a", LiteralRef("bool")), ("a < b", LiteralRef("bool")), ("-1", INT), ("-a", None),
        ("'a' + 'b'", STR), ("'a' % b", STR), ("'a' + b", None), ("1 + 2", INT),
        ("a / 'b' / 'c'", CallRef(AttributeRef(CallRef(AttributeRef(name("a"), "__truediv__")), "__truediv__"))),
        ("(b := a())", CallRef(name("a"))), ("await a()", CallRef(name("a"))), ("lambda: a", LambdaRef(1)),
        ("a().b()", CallRef(AttributeRef(CallRef(name("a")), "b"))), ("(yield)", None),
        ("a[1:2].b", AttributeRef(ItemRef(name("a")), "b")), ("''.join(a)", CallRef(AttributeRef(STR, "join"))),
        ("(-a).b", AttributeRef(ChoiceRef((None,)), "b")),
    ],
)  # fmt: skip
def test_values_are_references(expression: str, ref: Ref | None) -> None:
    assert value(expression) == ref


def test_a_comprehensions_variable_is_an_item_of_what_it_runs_over() -> None:
    facts = scan("[a.b() for a in c]\n")
    calls = [operation.subject for operation in facts.scopes[0].operations if operation.does == "call"]
    assert calls == [AttributeRef(ItemRef(name("c")), "b")]


def test_super_belongs_to_the_class() -> None:
    text = """
        class A(B):
            def f(self):
                return super().f(), super(A, self).g()
    """
    facts = facts_of(text)
    subjects = [operation.subject for operation in facts.scopes[2].operations if operation.does == "call"]
    assert subjects == [AttributeRef(SuperRef(1), "f"), AttributeRef(SuperRef(1), "g")]


# Scopes.


def test_scopes_have_qualified_names_kinds_and_parents() -> None:
    facts = facts_of(
        """
        class A:
            def f(self):
                def g(): ...
                return lambda: 1
        """
    )
    assert [(each.kind, each.name, each.parent) for each in facts.scopes] == [
        ("module", "", -1),
        ("class", "A", 0),
        ("function", "A.f", 1),
        ("function", "A.f.<locals>.g", 2),
        ("lambda", "A.f.<locals>.<lambda>", 2),
    ]


def test_locals_have_every_value_bound_to_them() -> None:
    found = scope(
        """
        def f(a):
            b = 1
            b = a
            for c in a: pass
            with a as d, a as (e, g): pass
            try: pass
            except (E, F) as h: pass
            except G as h: pass
            i, j = 1, a
            k, *l = a
            if m := a: pass
            match a:
                case n: pass
                case K() as o: pass
                case [p, *q]: pass
            r: T = a
            s: "T"
        """,
        "f",
    ).locals
    a = name("a", 1)
    assert found == {
        "b": (INT, a),
        "c": (ItemRef(a),),
        "d": (EnterRef(a),),
        "e": (ItemRef(EnterRef(a)),),
        "g": (ItemRef(EnterRef(a)),),
        "h": (ChoiceRef((CallRef(name("E")), CallRef(name("F")))), CallRef(name("G"))),
        "i": (INT,),
        "j": (a,),
        "k": (ItemRef(a),),
        "l": (LIST,),
        "m": (a,),
        "n": (a,),
        "o": (CallRef(name("K")),),
        "p": (None,),
        "q": (LIST,),
        "r": (a, CallRef(name("T"))),
        "s": (CallRef(name("T")),),
    }


def test_the_modules_locals_are_its_names() -> None:
    facts = facts_of("x = 1\ndef f():\n    global x\n    x = 'a'\n")
    assert facts.scopes[MODULE].locals == {"x": (INT, STR)}
    assert facts.scopes[MODULE].definitions == {"f": 1}


def test_the_last_definition_wins() -> None:
    assert facts_of("def f(): ...\nclass f: ...\n").scopes[0].definitions == {"f": 2}


def test_attributes_come_from_the_class_body_and_its_methods() -> None:
    found = scope(
        """
        class A:
            x = 1
            y: Foo
            def __init__(self, other):
                self.a = other
                self.b, (self.c, other.d) = 1, []
                self.e: Bar = None
                with open() as self.f:
                    for self.g in other: pass
                def inner():
                    self.h = 1
            @classmethod
            def make(cls):
                cls.i = cls()
            @staticmethod
            def no(self):
                self.j = 1
            async def x2(this):
                this.__k = 1
        """,
        "A",
    )
    init, other = 2, name("other", 2)
    assert found.attributes == {
        "x": (INT,),
        "y": (CallRef(name("Foo")),),
        "a": (other,),
        "b": (INT,),
        "c": (ItemRef(LIST),),
        "e": (NONE, CallRef(name("Bar"))),
        "f": (EnterRef(CallRef(name("open"))),),
        "g": (ItemRef(other),),
        "h": (INT,),
        "i": (CallRef(name("cls", init + 2)),),
        "_A__k": (INT,),
    }


def test_instances_that_a_class_makes_of_itself_have_its_attributes() -> None:
    found = scope(
        """
        class A:
            def __new__(cls):
                it = super().__new__(cls)
                it.a = 1
                other = B()
                other.no = 1
                return it
            @classmethod
            def make(cls):
                it = cls()
                it.b = 1
            def f(__self):
                __self.c = 1
                setattr(__self, "d", 1)
                object.__setattr__(__self, "e", 1)
        """,
        "A",
    )
    assert found.attributes == dict.fromkeys("abcde", (INT,))


def test_private_parameters_are_mangled() -> None:
    found = scope("class A:\n    def f(self, __x): return __x\n", "A.f")
    assert (found.parameters[1].name, found.returns) == ("_A__x", (name("_A__x", 2),))


def test_returns_and_yields() -> None:
    text = """
        def f(a):
            if a: return
            return a
        def g(a):
            yield a
            yield
            yield from a
            return 1
        async def h(): ...
    """
    a = name("a", 1)
    found = scope(text, "f")
    assert (found.returns, found.is_generator, found.is_async) == ((NONE, a), False, False)
    found = scope(text, "g")
    a = name("a", 2)
    assert (found.returns, found.is_generator) == ((a, NONE, ItemRef(a)), True)
    assert scope(text, "h").is_async
    assert scan("f = lambda a: a\n").scopes[1].returns == (name("a", 1),)


def test_parameters() -> None:
    found = scope("def f(a: A, /, b: 'B' = 1, *c: C, d: A | None, e: A = x, **g): ...\n", "f")
    assert found.parameters == (
        Parameter("a", name("A"), None, "positional"),
        Parameter("b", name("B"), INT, "positional"),
        Parameter("c", name("C"), None, "*"),
        Parameter("d", name("A"), None, "keyword"),
        Parameter("e", name("A"), name("x"), "keyword"),
        Parameter("g", None, None, "**"),
    )


@pytest.mark.parametrize(
    ("annotation", "ref"),
    [
        ("A", name("A")), ("a.A", AttributeRef(name("a"), "A")), ("'A'", name("A")), ("A | None", name("A")),
        ("None | A", name("A")), ("Optional[A]", name("A")), ("typing.Optional['A']", name("A")), ("A[int]", name("A")),
        ("Union[A, None]", name("A")), ("Union[A, B]", ChoiceRef((name("A"), name("B")))), ("Annotated[A, 1]", name("A")),
        ("A | B | None", ChoiceRef((name("A"), name("B")))), ("ClassVar[A]", name("A")), ("Final[A]", name("A")),
        ("'A | None'", name("A")), ("Optional['a.A']", AttributeRef(name("a"), "A")), ("Type[A]", None), ("type[A]", None),
        ("Callable[[A], B]", None), ("Literal['A']", None), ("None", None), ("A()", None), ("'A +'", None), ("A | f()", None),
    ],
)  # fmt: skip
def test_annotations_are_read_for_the_class_they_promise(annotation: str, ref: Ref | None) -> None:
    found = scope(f"def f(a: {annotation}) -> {annotation}: ...\n", "f")
    if annotation == "A()":
        ref = CallRef(name("A")) if found.annotation else None
    assert (found.parameters[0].annotation, found.annotation) == (ref, ref)


def test_classes_have_decorators_bases_and_metaclass() -> None:
    found = scope("@d\n@e.f(1)\nclass A(B, c.C, metaclass=M, x=1): '''Doc.'''\n", "A")
    assert found.decorators == (name("d"), CallRef(AttributeRef(name("e"), "f")))
    assert found.bases == (name("B"), AttributeRef(name("c"), "C"))
    assert found.metaclass == name("M")
    assert found.docstring == Span(3, 35, 3, 45)
    assert found.span == Span(1, 0, 3, 45)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(): return x\n", "x"),
        ("def f() -> X:\n    '''Doc.'''\n    return x\n", "x"),
        ("def f(a): return x\n", None),
        ("def f(*, a): return x\n", None),
        ("@d\ndef f(): return x\n", None),
        ("async def f(): return x\n", None),
        ("def f(): return x.a\n", None),
        ("def f(): return\n", None),
        ("def f():\n    print()\n    return x\n", None),
        ("def f(): return open\n", None),
        ("def f():\n    global x\n    return x\n", None),
    ],
)
def test_accessors_are_recognised(text: str, expected: str | None) -> None:
    facts = scan(f"x = 1\n{text}")
    assert facts.scopes[1].only_returns == expected
    assert bool(facts.scopes[1].return_span) is bool(expected)


def test_an_accessor_of_a_local_is_none() -> None:
    assert scope("x = 1\ndef g(x):\n    def f(): return x\n", "g.<locals>.f").only_returns is None


def test_global_statements_are_kept_with_their_names() -> None:
    found = scope("def f():\n    if 1:\n        global a, b\n    global c\n", "f")
    assert found.globals == ((Span(3, 8, 3, 19), ("a", "b")), (Span(4, 4, 4, 12), ("c",)))


# Statements.


def test_assignments_to_plain_names() -> None:
    found = statement("x: Optional[Foo] = a(\n  1)\n")
    assert (found.kind, found.targets, found.target_form) == ("AnnAssign", ("x",), "name")
    assert (found.value, found.value_span) == (CallRef(name("a")), Span(1, 19, 2, 4))
    assert (found.annotation_span, found.annotation_names) == (
        Span(1, 3, 1, 16),
        frozenset({"Optional", "Foo"}),
    )
    assert found.binds == ("x",)


@pytest.mark.parametrize(
    ("text", "targets", "form"),
    [
        ("x = 1", ("x",), "name"), ("x = y = 1", ("x", "y"), "chain"), ("x, y = 1, 2", ("x", "y"), "tuple"),
        ("[x, y] = 1, 2", ("x", "y"), "tuple"), ("x, = y", ("x",), "tuple"), ("x, *y = z", (), ""),
        ("x, y.a = z", (), ""), ("x = y, z = a", (), ""), ("x.a = 1", (), ""), ("x[0] = 1", (), ""),
        ("x: int", (), ""), ("x += 1", (), ""), ("(x) = 1", ("x",), "name"), ("x, (y, z) = a", (), ""),
    ],
)  # fmt: skip
def test_targets(text: str, targets: tuple[str, ...], form: str) -> None:
    found = statement(text)
    assert (found.targets, found.target_form) == (targets, form)


@pytest.mark.parametrize(
    ("text", "receiver"),
    [
        ("x.m(1)", "x"), ("x.a.m(y)", "x"), ("x.a = y", "x"), ("x[y] = 1", "x"), ("x += 1", "x"), ("x.a += 1", "x"),
        ("del x[0]", "x"), ("del x.a", "x"), ("f(x.m, y)", "x"), ("f(1, x)", "x"), ("f(a=x.m)", "x"), ("f(*x)", "x"),
        ("import m\nm.register(x.close)", "x"), ("import m\nm.go()", "m"), ("x.a().b()", "x"), ("x[0].a()", "x"),
        ("x = y", None), ("x", None), ("f()", None), ("del x", None), ("f(1)", None), ("x.a: int = 1", "x"),
        ("if y: x.m()", None), ("from m import n\nn.go(x)", "n"), ("x[0](y)", "x"), ("(lambda: 1)()", None),
    ],
)  # fmt: skip
def test_receivers(text: str, receiver: str | None) -> None:
    assert statement(text).receiver == receiver


@pytest.mark.parametrize(
    ("text", "contains"),
    [
        ("from a import *", {"import", "star import"}), ("import a", {"import"}), ("if 1:\n  from a import b", {"import"}),
        ("def f():\n  import a\n  del b\n  return locals()", {"def"}), ("class A:\n  import a", {"class", "import"}),
        ("class A:\n  def f(self):\n    global x", {"class", "def", "global"}), ("del a", {"del"}), ("a = await b", {"await"}),
        ("a = locals()", {"locals"}), ("a = vars()", {"locals"}), ("a = vars(b)", set()), ("a = (yield)", {"yield"}),
        ("a = lambda: (yield)", set()), ("a = 1", set()), ("for a in b:\n  def f(): ...", {"def"}),
    ],
)  # fmt: skip
def test_contents_that_cannot_move(text: str, contains: set[str]) -> None:
    assert statement(text).contains == contains


def test_guards() -> None:
    assert statement("if __name__ == '__main__':\n    x = 1\n").guard == "main"
    assert statement("if '__main__' == __name__: pass\n").guard == "main"
    assert statement("if TYPE_CHECKING: pass\n").guard == "typing"
    assert statement("if t.TYPE_CHECKING: pass\n").guard == "typing"
    assert statement("if __name__ != '__main__': pass\n").guard is None
    assert statement("if TYPE_CHECKING: pass\nelse: x()\n").guard is None
    assert statement("if not TYPE_CHECKING: pass\n").guard is None
    assert statement("def f():\n    if TYPE_CHECKING: pass\n").guard is None


def test_code_under_type_checking_is_marked_and_does_nothing() -> None:
    facts = facts_of(
        """
        if TYPE_CHECKING:
            import a
            b = a.c()
            class C:
                d = a()
        else:
            import e
            e = e
        """
    )
    assert [(item.module, item.is_typing) for item in facts.imports] == [("a", True), ("e", False)]
    assert facts.bindings["b"][0].is_typing
    assert all(use.is_typing for use in facts.uses["a"])
    assert not any(use.is_typing for use in facts.uses["e"])
    assert [operation.does for operation in facts.scopes[0].operations] == ["import", "read"]
    assert facts.scopes[1].operations == ()


def test_the_else_of_not_type_checking_is_typing() -> None:
    facts = facts_of("if not TYPE_CHECKING:\n    import a\nelse:\n    import b\n")
    assert [(item.module, item.is_typing) for item in facts.imports] == [("a", False), ("b", True)]


def test_code_under_main_is_deferred_and_its_else_is_not() -> None:
    facts = facts_of(
        """
        import a
        if __name__ == "__main__":
            a.b()
        else:
            a.c()
        """
    )
    assert [(use.attributes, use.deferred) for use in facts.uses["a"]] == [(("b",), True), (("c",), False)]
    calls = [operation for operation in facts.scopes[0].operations if operation.does == "call"]
    assert [operation.deferred for operation in calls] == [True, False]


def test_main_in_a_function_is_an_ordinary_condition() -> None:
    facts = facts_of("def f():\n    if __name__ == '__main__':\n        g()\n")
    assert [operation.deferred for operation in facts.scopes[1].operations if operation.does == "call"] == [
        False
    ]


def test_docstrings_and_shared_lines() -> None:
    first, second, third, last = facts_of("'''Doc.'''; x = 1\ny = (\n  2); z = 3\n").statements
    assert (first.is_docstring, second.is_docstring) == (True, False)
    assert [each.shares_line for each in (first, second, third, last)] == [True] * 4
    assert [each.shares_line for each in facts_of("x = 1\n\ny = 2\n").statements] == [False, False]
    assert facts_of("'''Doc.'''\n").scopes[0].docstring == Span(1, 0, 1, 10)


def test_statements_bind_each_name_once_and_in_order() -> None:
    assert statement("for x in y:\n    z = x = 1\n    def f(): ...\n").binds == ("x", "z", "f")
    assert statement("try: import a.b\nexcept E as e: a = 1\n").binds == ("a", "e")
    assert statement("del x").binds == ()
    assert statement("x: int").binds == ("x",)


# Imports, exports and the rest.


def test_imports() -> None:
    facts = facts_of(
        "import a.b, c as d\nfrom ..e.f import (g,\n  h as i)\nfrom . import j\nfrom k import *\n"
    )
    fields = [(i.module, i.name, i.alias, i.level, i.binds) for i in facts.imports]
    assert fields == [
        ("a.b", None, None, 0, "a"),
        ("c", None, "d", 0, "d"),
        ("e.f", "g", None, 2, "g"),
        ("e.f", "h", "i", 2, "i"),
        ("", "j", None, 1, "j"),
        ("k", "*", None, 0, ""),
    ]
    assert (facts.imports[1].span, facts.imports[1].statement_span) == (Span(1, 12, 1, 18), Span(1, 0, 1, 18))
    assert facts.imports[3].span == Span(3, 2, 3, 8)
    assert facts.imports[5].span == Span(5, 14, 5, 15)


def catches(text: str) -> list[frozenset[str] | None]:
    return [item.catches for item in facts_of(text).imports]


def test_imports_know_what_catches_their_failure() -> None:
    text = """
        try:
            import a
        except (ImportError, os.error): import b
        except: pass
        else: import c
        finally: import d
        import e
    """
    assert catches(text) == [frozenset({"ImportError", "os.error", ""}), None, None, None, None]
    assert catches("try: import a\nfinally: pass\n") == [None]
    assert catches("try:\n    def f(): import a\nexcept E: pass\n") == [None]
    assert catches("try:\n  try: import a\n  finally: pass\nexcept E: pass\n") == [frozenset({"E"})]
    assert catches("with contextlib.suppress(ImportError):\n    import a\nimport b\n") == [
        frozenset({"ImportError"}),
        None,
    ]


def test_imports_in_functions_and_classes_have_their_scope() -> None:
    facts = facts_of("def f():\n    import a\nclass A:\n    import b\n")
    assert [item.scope for item in facts.imports] == [1, 2]


def exports(text: str) -> tuple[list[str] | None, bool]:
    facts = facts_of(text)
    return None if facts.exports is None else [each for each, _ in facts.exports], facts.exports_are_dynamic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", (None, False)), ("__all__ = ['a', 'b']", (["a", "b"], False)), ("__all__ = ('a',)", (["a"], False)),
        ("__all__: list[str] = ['a']", (["a"], False)), ("__all__ = ['a'] + ['b']", (["a", "b"], False)),
        ("__all__ = ['a']\n__all__ += ['b']", (["a", "b"], False)), ("__all__ = ['a']\n__all__ += m.__all__", (["a"], True)),
        ("__all__ = ['a']\n__all__.extend(['b'])", (["a", "b"], False)), ("__all__ = []\n__all__.append('a')", (["a"], False)),
        ("__all__ = ['a']\n__all__.remove('a')", (["a"], True)), ("__all__ = f()", ([], True)),
        ("__all__ = ['a', b]", (["a"], True)), ("__all__ = [*['a'], 'b']", (["a", "b"], False)),
        ("if x:\n  __all__ = ['a']\nelse:\n  __all__ = ['b']", (["a", "b"], False)),
        ("__all__ = ['a']\ndef f():\n  global __all__\n  __all__ = []", (["a"], True)), ("__all__ = ['a']\nprint(__all__)", (["a"], False)),
        ("__all__ = ['a']\n__all__[0] = 'b'", (["a"], True)), ("__all__ = b = ['a']", ([], True)), ("__all__, b = c", ([], True)),
        ("__all__ = ['a']\n__all__.sort()", (["a"], False)), ("from m import __all__", ([], True)), ("__all__ = ['a']\ndel __all__", (["a"], True)),
    ],
)  # fmt: skip
def test_exports(text: str, expected: tuple[list[str] | None, bool]) -> None:
    assert exports(text) == expected


def test_exports_know_where_their_strings_stand() -> None:
    assert facts_of("__all__ = [\n  'a']\n").exports == (("a", Span(2, 2, 2, 5)),)


def test_ignore_comments() -> None:
    facts = facts_of(
        """
        # lazify: ignore-file
        x = 1  # lazify: ignore[LZ101, lz2]
        y = '''
        # lazify: ignore
        '''  #lazify:ignore
        # lazify: ignore-file
        z = 1  # lazify: ignored
        """
    )
    assert facts.ignores == {2: {"LZ101", "LZ2"}, 5: frozenset()}
    assert facts.ignores_file
    assert not facts_of("x = 1\n# lazify: ignore-file\n").ignores_file
    assert facts_of("'''Doc.'''\n# lazify: ignore-file\nx = 1\n").ignores_file
    assert not facts_of("x = '# lazify: ignore-file'\n").ignores_file


def test_future_annotations() -> None:
    assert facts_of("from __future__ import annotations\n").future_annotations
    assert not facts_of("from __future__ import division\n").future_annotations
    assert facts_of("'''Doc.'''\nfrom __future__ import (division,\n annotations as a)\n").future_annotations


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\n", 0), ("'''Doc.'''\nx = 1\n", 1), ("'''Doc.\n'''\n\nfrom __future__ import annotations\nimport x\n", 4),
        ("#!/usr/bin/python\nx = 1\n", 1), ("#!/usr/bin/python\n# -*- coding: utf-8 -*-\nx = 1\n", 2), ("# hello\nx = 1\n", 0),
        ("'''Doc.'''; x = [\n1]\ny = 1\n", 2), ("import x\n'''No doc.'''\n", 0), ("", 0), ("# a\n'''Doc.'''", 2),
        ("from __future__ import a\nfrom __future__ import b\n", 2),
    ],
)  # fmt: skip
def test_the_line_after_which_an_import_may_stand(text: str, line: int) -> None:
    assert scan(text).insertion_line == line


def test_words() -> None:
    facts = facts_of(
        """
        import ma.mb as mc
        from md import me as mf, mg
        def fa(pa, *, pb=va.aa, **pc): global ga; nonlocals = ka(kb=1)
        class ca(cb, cc=1): cd = lambda la: 'sa.sb:sc'
        try: pass
        except ea as eb: pass
        match x:
            case ma1(mb1=mc1) as md1: pass
            case {**me1}: pass
        [za for za in zb]; f'{fa1.fb1} fc1.fd1'; {'ta': 1}['tb']; x.ya = x.yb.yc
        g('not words here', 'wa', "a, b")
        def h(a: 'qa.qb', b: 'qc[qd]'): ...
        """
    )
    expected = (
        "ma mb mc md me mf mg fa pa pb va aa pc ga nonlocals ka kb ca cb cc cd la sa sb sc ea eb ma1 mb1 mc1 md1 me1 "
        "za zb fa1 fb1 fc1 fd1 ta tb ya yb yc wa qa qb qc qd"
    )
    assert set(expected.split()) <= facts.words
    assert not {"here", "words"} & facts.words
