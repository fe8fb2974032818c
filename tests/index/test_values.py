"""The class of a value, as far as it can be told."""

import pytest

from lazify.index.project import Defined
from lazify.model.facts import MODULE, NameRef
from tests.index.worlds import World


def class_of(text: str, name: str = "app.x") -> str | None:
    return World({"app.py": text}).class_of(name)


def test_a_constructor_gives_its_class() -> None:
    assert class_of("class A:\n    pass\nx = A()") == "app.A"


def test_the_class_is_named_by_the_module_that_defines_it() -> None:
    files = {"a.py": "class A:\n    pass", "app.py": "from a import A as B\nx = B()"}
    assert World(files).class_of("app.x") == "a.A"


def test_a_function_gives_the_class_of_what_it_returns() -> None:
    assert class_of("class A:\n    pass\ndef make():\n    a = A()\n    return a\nx = make()") == "app.A"
    assert class_of("class A:\n    pass\ndef make() -> 'A':\n    return undefined\nx = make()") == "app.A"


def test_a_method_that_returns_self_gives_the_class() -> None:
    assert class_of("class A:\n    def set(self):\n        return self\nx = A().set().set()") == "app.A"


def test_a_generic_class_gives_the_class() -> None:
    text = (
        "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass A(Generic[T]):\n    pass\nx = A[int]()"
    )
    assert class_of(text) == "app.A"


def test_two_functions_with_different_arguments_give_different_classes() -> None:
    text = "class A: ...\nclass B: ...\ndef make(cls):\n    return cls()\nx = make(A)\ny = make(B)"
    assert class_of(text) == "app.A"
    assert class_of(text, "app.y") == "app.B"


def test_an_external_class_is_named_as_it_is_imported() -> None:
    assert class_of("import somewhere.deep as s\nx = s.Thing()") == "somewhere.deep.Thing"


def test_the_knowledge_base_tells_what_external_functions_return() -> None:
    assert class_of("import sqlite3\nx = sqlite3.connect('a')") == "sqlite3.Connection"


def test_builtin_types_are_told() -> None:
    assert class_of("x = dict(a=1)") == "dict"
    assert class_of("x = 'a'.upper()") == "str"
    assert class_of("x = []") == "list"


def test_what_cannot_be_told_is_none() -> None:
    assert class_of("from somewhere import make\nx = make()") is None
    assert class_of("class A: ...\nclass B: ...\nx = A() if undefined else B()") is None
    assert class_of("class A: ...\nx = undefined or A()") is None
    assert class_of("x = None") is None


def test_a_class_defined_twice_under_a_condition_is_one_name() -> None:
    assert class_of("if undefined:\n    class A: ...\nelse:\n    class A: ...\nx = A()") == "app.A"


def test_a_reference_that_is_gone_is_not_taken_for_one_made_later() -> None:
    """Codemods make references of their own, and Python gives their addresses to the next ones."""
    world = World({"app.py": "class A:\n    pass\nclass B:\n    pass\na = A()\nb = B()\nc = 1\n"})
    module = world.modules["app"]
    for _ in range(50):
        for name, expected in (("a", "A"), ("b", "B")):
            found = world.engine.class_of(module, NameRef("".join([name]), MODULE), MODULE)
            assert isinstance(found, Defined)
            assert found.name == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Path(__file__).parent", "pathlib.Path"),
        ("Path(__file__).parent.parent", "pathlib.Path"),
        ("Path(__file__).parent.stem", "str"),
        ("Path(__file__).drive", None),
        ("sys.stdout", None),
    ],
)
def test_the_class_of_an_attribute_is_what_the_knowledge_base_says(
    expression: str, expected: str | None
) -> None:
    assert class_of(f"import sys\nfrom pathlib import Path\nx = {expression}") == expected


def test_an_operator_that_declines_leaves_what_its_annotation_says() -> None:
    adds = "    def __add__(self, other){}:\n        return self if other else NotImplemented\nx = A() + 1"
    assert class_of("class A:\n" + adds.format(" -> 'A'")) == "app.A"
    assert class_of("class A:\n" + adds.format("")) is None  # the other operand may answer
