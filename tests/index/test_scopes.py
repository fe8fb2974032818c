"""Which names are the module's: Python's rules of scoping, one by one."""

import sys
from textwrap import dedent

import pytest

from lazify.index.scan import scan
from lazify.model.facts import MODULE, BindingKind, Facts, Role


def facts_of(text: str) -> Facts:
    return scan(dedent(text).lstrip("\n"))


def lines(text: str, name: str) -> list[int]:
    """The lines on which the module-level `name` is used other than by plain assignment."""
    uses = facts_of(text).uses.get(name, ())
    return [use.span.line for use in uses if use.role is not Role.STORE and use.bound == MODULE]


def kinds(text: str, name: str) -> list[BindingKind]:
    return [binding.kind for binding in facts_of(text).bindings.get(name, ())]


def test_a_function_sees_the_module() -> None:
    assert lines("x = 1\ndef f():\n    return x\n", "x") == [3]


def test_a_parameter_hides_the_module() -> None:
    assert lines("x = 1\ndef f(x):\n    return x\n", "x") == []


@pytest.mark.parametrize("signature", ["x, /", "*, x", "*x", "**x", "x=1", "x: int"])
def test_every_kind_of_parameter_hides_the_module(signature: str) -> None:
    assert lines(f"x = 1\ndef f({signature}):\n    return x\n", "x") == []


def test_a_default_is_evaluated_outside() -> None:
    facts = facts_of("x = 1\ndef f(x=x):\n    return x\n")
    (default,) = [use for use in facts.uses["x"] if use.role is Role.DEFAULT]
    assert (default.span.line, default.scope, default.deferred) == (2, MODULE, False)


def test_assignment_anywhere_makes_a_local() -> None:
    assert lines("x = 1\ndef f():\n    print(x)\n    x = 2\n", "x") == []


@pytest.mark.parametrize(
    "statement",
    [
        "x += 1", "x: int = 1", "x: int", "for x in y: pass", "with y as x: pass", "with y as (z, [x]): pass",
        "import x", "import x.y", "import y as x", "from y import x", "from y import z as x", "def x(): pass",
        "class x: pass", "del x", "try: pass\n    except E as x: pass", "(x := 1)", "[(x := 1) for y in z]",
        "match y:\n        case x: pass", "match y:\n        case [*x]: pass", "match y:\n        case {**x}: pass",
        "match y:\n        case E(a=x): pass", "match y:\n        case 1 as x: pass", "async def x(): pass",
        "z = y, *x = 1, 2", "if y:\n        while y:\n            x = 1", "try: pass\n    finally: x = 1",
        "try: pass\n    except* E as x: pass", "for y in z: pass\n    else: x = 1", "f'{(x := 1)}'",
    ],
)  # fmt: skip
def test_every_binding_makes_a_local(statement: str) -> None:
    facts = facts_of(f"x = 1\ndef f():\n    print(x)\n    {statement}\n")
    assert [use for use in facts.uses["x"] if use.bound == MODULE and use.role is not Role.STORE] == []


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("x = 1", BindingKind.ASSIGN), ("x: int = 1", BindingKind.ASSIGN), ("x: int", BindingKind.ANNOTATE),
        ("x += 1", BindingKind.AUGMENT), ("import x", BindingKind.IMPORT), ("from y import x", BindingKind.IMPORT),
        ("def x(): pass", BindingKind.FUNCTION), ("async def x(): pass", BindingKind.FUNCTION),
        ("class x: pass", BindingKind.CLASS), ("for x in y: pass", BindingKind.LOOP),
        ("with y as x: pass", BindingKind.WITH), ("try: pass\nexcept E as x: pass", BindingKind.EXCEPT),
        ("(x := 1)", BindingKind.WALRUS), ("[(x := 1) for y in z]", BindingKind.WALRUS),
        ("match y:\n    case x: pass", BindingKind.MATCH), ("match y:\n    case [*x]: pass", BindingKind.MATCH),
        ("match y:\n    case {'a': 1, **x}: pass", BindingKind.MATCH), ("del x", BindingKind.DELETE),
        ("a, (b, *x) = y", BindingKind.ASSIGN), ("for a, x in y: pass", BindingKind.LOOP),
    ],
)  # fmt: skip
def test_every_binding_of_the_module_is_recorded_with_its_kind_and_place(
    statement: str, kind: BindingKind
) -> None:
    text = f"{statement}\n"
    (binding,) = scan(text).bindings["x"]
    line = text.splitlines()[binding.span.line - 1]
    assert binding.kind is kind
    assert line[binding.span.column : binding.span.end_column] == "x"
    assert binding.scope == MODULE


def test_a_declaration_in_parentheses_without_a_value_binds_nothing() -> None:
    assert kinds("(x): int\n", "x") == []


def test_global_in_a_function_binds_the_module() -> None:
    facts = facts_of(
        """
        def f():
            global x
            x = 1
            print(x)
        """
    )
    (binding,) = facts.bindings["x"]
    assert facts.scopes[binding.scope].name == "f"
    assert [(use.role, use.bound) for use in facts.uses["x"]] == [(Role.STORE, MODULE), (Role.LOAD, MODULE)]
    assert facts.scopes[binding.scope].globals[0][1] == ("x",)
    assert facts.statements[0].binds == ("f",)


def test_a_function_below_one_with_global_sees_the_module() -> None:
    text = """
        x = 0
        def outer():
            x = 1
            def middle():
                global x
                def inner():
                    return x
    """
    assert lines(text, "x") == [7]


def test_global_in_a_class_is_no_matter_for_its_methods() -> None:
    text = """
        def outer():
            x = 1
            class A:
                global x
                x = 2
                def method(self):
                    return x
    """
    facts = facts_of(text)
    assert [use.span.line for use in facts.uses["x"]] == [5]
    assert facts.scopes[facts.bindings["x"][0].scope].kind == "class"


def test_global_in_a_class_body_at_import_counts_among_what_the_statement_binds() -> None:
    (statement,) = facts_of("class A:\n    global x\n    x = 1\n").statements
    assert statement.binds == ("x", "A")
    assert "global" in statement.contains


def test_nonlocal_binds_the_function_around() -> None:
    text = """
        x = 0
        def outer():
            x = 1
            def inner():
                nonlocal x
                x = print(x)
            return x
    """
    facts = facts_of(text)
    assert lines(text, "x") == []
    outer = next(scope for scope in facts.scopes if scope.name == "outer")
    assert len(outer.locals["x"]) == 2


def test_methods_do_not_see_the_class_body() -> None:
    text = """
        x = 0
        class A:
            x = 1
            def method(self):
                return x
    """
    assert lines(text, "x") == [5]


def test_a_class_body_sees_its_own_names_once_they_are_bound() -> None:
    text = """
        x = 0
        class A:
            x = x
            y = x
    """
    assert lines(text, "x") == [3]


def test_a_class_body_skips_the_function_around_for_names_that_it_binds_later() -> None:
    text = """
        x = 0
        def f():
            x = 1
            class A:
                y = x
                x = 2
    """
    assert lines(text, "x") == [5]


def test_a_class_body_sees_the_function_around_for_names_that_it_never_binds() -> None:
    text = """
        x = 0
        def f():
            x = 1
            class A:
                y = x
    """
    assert lines(text, "x") == []


@pytest.mark.parametrize(
    "block",
    [
        "if y:\n        x = 1",
        "for y in z:\n        x = 1",
        "try:\n        x = 1\n    except E:\n        pass",
        "if y:\n        del x",
    ],
)
def test_a_name_that_a_class_body_may_have_bound_is_no_certain_use(block: str) -> None:
    facts = scan(f"x = 0\nclass A:\n    {block}\n    y = x\n")
    roles = [use.role for use in facts.uses["x"] if use.span.line > 3 and use.role is not Role.DELETE]
    assert roles[-1] is Role.UNLOCATED


def test_a_name_that_a_loop_in_a_class_body_binds_later_is_no_certain_use() -> None:
    facts = facts_of(
        """
        x = 0
        class A:
            for y in z:
                print(x)
                x = 1
        """
    )
    assert [use.role for use in facts.uses["x"]] == [Role.STORE, Role.UNLOCATED]


def test_a_name_that_a_class_body_has_deleted_is_the_modules_again() -> None:
    text = """
        x = 0
        class A:
            x = 1
            del x
            y = x
    """
    assert lines(text, "x") == [5]


def test_comprehension_variables_are_its_own() -> None:
    assert lines("x = 0\ny = [x for x in z]\n", "x") == []
    assert lines("x = 0\ny = {x: a for x, a in z}\n", "x") == []
    assert lines("x = 0\ny = (x for z in a for x in z if x)\n", "x") == []


def test_the_first_iterable_of_a_comprehension_is_evaluated_outside() -> None:
    assert lines("x = 0\ny = [x for x in x]\n", "x") == [2]
    assert lines("x = 0\ny = [x for z in x for x in x]\n", "x") == [2]


def test_a_comprehension_in_a_class_body_sees_the_body_in_its_first_iterable_alone() -> None:
    text = """
        x = y = 0
        class A:
            x = y = []
            z = [x
                 for a in x
                 if y]
    """
    assert lines(text, "x") == [4]
    assert lines(text, "y") == [6]


def test_a_walrus_in_a_comprehension_binds_outside() -> None:
    text = """
        def f():
            [x := y for y in z]
            return x
        x = 0
    """
    assert lines(text, "x") == []
    assert kinds("[x := y for y in [z for z in a if (b := z)]]", "b") == [BindingKind.WALRUS]


def test_a_walrus_in_a_lambda_binds_in_the_lambda() -> None:
    text = """
        x = 0
        f = lambda: (x := 1, x)
        print(x)
    """
    assert lines(text, "x") == [3]
    assert kinds(text, "x") == [BindingKind.ASSIGN]


def test_a_walrus_in_a_default_or_decorator_binds_outside() -> None:
    assert kinds("def f(a=(x := 1)): pass\n", "x") == [BindingKind.WALRUS]
    assert kinds("@(x := y)\ndef f(): pass\n", "x") == [BindingKind.WALRUS]
    assert kinds("f = lambda a=(x := 1): a\n", "x") == [BindingKind.WALRUS]
    assert kinds("class A((x := y)): pass\n", "x") == [BindingKind.WALRUS]


def test_a_walrus_under_global_binds_the_module() -> None:
    text = """
        def f():
            global x
            return [x := 1 for _ in y]
    """
    assert kinds(text, "x") == [BindingKind.WALRUS]


def test_lambda_parameters_hide_the_module_and_their_defaults_do_not() -> None:
    facts = facts_of("x = 0\nf = lambda x=x: x\n")
    (use,) = [use for use in facts.uses["x"] if use.role is not Role.STORE]
    assert (use.role, use.span.column, use.deferred) == (Role.DEFAULT, 13, False)


def test_lambda_bodies_are_deferred() -> None:
    facts = facts_of("x = 0\nf = lambda: x\n")
    assert [(use.role, use.deferred) for use in facts.uses["x"]] == [(Role.STORE, False), (Role.LOAD, True)]


def test_annotations_and_decorators_are_evaluated_outside() -> None:
    facts = facts_of(
        """
        x = 0
        @x
        def f(a: x, *b: x, c: x = 1, **d: x) -> x:
            x = 1
        """
    )
    roles = [(use.role, use.scope, use.deferred) for use in facts.uses["x"] if use.role is not Role.STORE]
    assert roles == [(Role.DECORATOR, MODULE, False), *[(Role.ANNOTATION, MODULE, False)] * 5]


def test_bases_and_class_keywords_are_evaluated_outside() -> None:
    facts = facts_of("x = 0\nclass A(x, metaclass=x, **x):\n    x = 1\n")
    assert [use.role for use in facts.uses["x"] if use.span.line == 2] == [Role.BASE] * 3


def test_match_reads_values_and_classes() -> None:
    facts = facts_of(
        """
        x = 0
        match y:
            case x.a | x(b=1) | {x.c: 2}:
                pass
            case z if x:
                pass
        """
    )
    roles = [use.role for use in facts.uses["x"] if use.role is not Role.STORE]
    assert roles == [Role.PATTERN, Role.PATTERN, Role.PATTERN, Role.LOAD]


def test_private_names_are_mangled_in_classes() -> None:
    facts = facts_of(
        """
        __x = 0
        class _Store:
            def get(self):
                return __x, self.__y, __z__
        def f():
            return __x
        """
    )
    assert [use.span.line for use in facts.uses["__x"]] == [1, 6]
    assert [use.span.line for use in facts.uses["_Store__x"]] == [4]
    assert "__z__" in facts.uses
    assert {"__x", "__y"} <= facts.words


def test_classes_of_underscores_mangle_nothing() -> None:
    assert lines("__x = 0\nclass __:\n    y = __x\n", "__x") == [3]


def test_a_private_global_in_a_method_binds_the_mangled_name() -> None:
    facts = facts_of("class A:\n    def f(self):\n        global __x\n        __x = 1\n")
    assert set(facts.bindings) == {"A", "_A__x"}


def test_a_private_import_in_a_class_is_mangled() -> None:
    facts = facts_of("class A:\n    import __x\n    y = __x\n")
    assert facts.imports[0].binds == "_A__x"
    assert [(use.name, use.bound) for use in facts.uses["_A__x"]] == [("_A__x", 1)]


def test_the_class_cell_is_nobodys_use() -> None:
    assert "__class__" not in facts_of("class A:\n    def f(self):\n        return __class__\n").uses


def test_builtins_are_recorded_only_with_a_star_import_or_when_the_module_binds_them() -> None:
    assert "open" not in facts_of("open(1)\n").uses
    assert "open" in facts_of("from x import *\nopen(1)\n").uses
    assert "open" in facts_of("def f():\n    return open\nopen = 1\n").uses
    assert "open" in facts_of("def g():\n    global open\n    open = 1\ndef f():\n    return open\n").uses
    assert "open" not in facts_of("def g():\n    global open\n    return open\n").uses


def test_unknown_names_are_recorded_as_the_modules() -> None:
    assert lines("def f():\n    return nowhere\n", "nowhere") == [2]


def test_names_that_functions_import_are_recorded_with_their_scope() -> None:
    facts = facts_of(
        """
        def f():
            import numpy as np
            def g():
                return np.mean()
            np = None
        """
    )
    number = next(n for n, scope in enumerate(facts.scopes) if scope.name == "f")
    assert [(use.bound, use.attributes, use.role) for use in facts.uses["np"]] == [
        (number, ("mean",), Role.LOAD),
        (number, (), Role.STORE),
    ]


def test_other_locals_are_not_recorded() -> None:
    assert set(facts_of("def f(a):\n    b = a\n    return b\n").uses) == set()


def test_conditional_imports_all_bind() -> None:
    text = """
        try:
            import x
        except ImportError:
            x = None
    """
    assert kinds(text, "x") == [BindingKind.IMPORT, BindingKind.ASSIGN]
    assert facts_of(text).statements[0].binds == ("x",)


def test_f_strings_hold_uses() -> None:
    assert lines("x = 0\ny = f'{x} {x.a!r:>{x}}'\n", "x") == [2, 2, 2]


def test_names_in_nested_functions_of_a_comprehension_are_resolved_through_it() -> None:
    assert lines("x = 0\ny = [lambda: x for x in z]\n", "x") == []
    assert lines("x = 0\ny = [lambda x: x for z in x]\n", "x") == [2]


def test_quoted_annotations_are_uses() -> None:
    facts = facts_of("import np\ndef f(a: 'np.array', b: \"list['np']\") -> None: ...\n")
    assert [(use.role, use.attributes, use.span.column) for use in facts.uses["np"]] == [
        (Role.ANNOTATION, ("array",), 10),
        (Role.ANNOTATION, (), 31),
    ]


def test_quoted_annotations_with_escapes_are_not_located() -> None:
    facts = facts_of("import np\na: 'n\\x70'\nb: 'n' 'p'\nc: '''\nnp'''\n")
    assert [use.role for use in facts.uses["np"]] == [Role.UNLOCATED] * 3


def test_literals_and_metadata_in_annotations_are_no_annotations() -> None:
    facts = facts_of("a: Literal['np']\nb: Annotated['np', 'mp']\nc: Annotated[int, f('kp')]\n")
    assert "np" in facts.uses
    assert len(facts.uses["np"]) == 1
    assert not {"mp", "kp"} & set(facts.uses)


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695 is syntax of Python 3.12")
def test_type_parameters_hide_the_module() -> None:
    text = """
        T = x = 0
        def f[T: x](a: T) -> T:
            return T
        class A[T](B[T]):
            y: T
            def method(self, a: T): ...
        type Pair[T] = tuple[T, x]
        print(T)
    """
    assert lines(text, "T") == [8]
    facts = facts_of(text)
    assert [(use.span.line, use.deferred) for use in facts.uses["x"] if use.role is not Role.STORE] == [
        (2, True),
        (7, True),
    ]
    assert kinds(text, "Pair") == [BindingKind.TYPE]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695 is syntax of Python 3.12")
def test_type_parameters_see_the_class_body() -> None:
    text = """
        x = 0
        class A:
            x = 1
            def f[T: x](self, a: x): ...
    """
    assert lines(text, "x") == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="PEP 695 is syntax of Python 3.12")
def test_defaults_of_generic_functions_are_evaluated_outside_their_type_parameters() -> None:
    assert lines("T = 0\ndef f[T](a=T): ...\n", "T") == [2]


@pytest.mark.skipif(sys.version_info < (3, 13), reason="PEP 696 is syntax of Python 3.13")
def test_defaults_of_type_parameters_are_uses() -> None:
    assert lines("x = 0\nclass A[T = x]: ...\n", "x") == [2]
