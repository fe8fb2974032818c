"""Classes: constructors, inheritance, metaclasses, class attributes, methods of known instances."""

from tests.index.worlds import World, in_app, of

READ = {"file read builtins.open"}
CONNECT = {"database sqlite3.connect"}


def test_a_constructor_runs_init() -> None:
    assert in_app('class A:\n    def __init__(self):\n        open("a")\nx = A()') == READ


def test_a_constructor_runs_new() -> None:
    text = """
        class A:
            def __new__(cls):
                open("a")
                return super().__new__(cls)
        x = A()
    """
    assert in_app(text) == READ


def test_a_class_without_a_constructor_does_nothing() -> None:
    assert in_app("class A:\n    pass\nx = A()") == set()


def test_calling_the_constructor_of_object_does_nothing() -> None:
    text = "class A:\n    def __init__(self):\n        super().__init__()\nx = A()"
    assert in_app(text) == set()


def test_a_mixin_without_bases_hands_on_to_a_class_that_nobody_knows() -> None:
    text = """
        class Mixin:
            @classmethod
            def as_view(cls, **given):
                return super().as_view(**given)
        x = Mixin.as_view()
    """
    assert "unknown super().as_view" in in_app(text)


def test_a_constructor_is_inherited_across_modules() -> None:
    files = {
        "base.py": 'class Base:\n    def __init__(self):\n        open("a")',
        "middle.py": "from base import Base as Renamed\nclass Middle(Renamed):\n    pass",
        "app.py": "import middle\nclass Leaf(middle.Middle):\n    pass\nx = Leaf()",
    }
    assert of(files, "app.x") == READ


def test_a_constructor_is_inherited_from_a_re_exported_class() -> None:
    files = {
        "pkg/__init__.py": "from .deep import Base",
        "pkg/deep.py": 'class Base:\n    def __init__(self):\n        open("a")',
        "app.py": "from pkg import Base\nclass Leaf(Base):\n    pass\nx = Leaf()",
    }
    assert of(files, "app.x") == READ


def test_an_overridden_constructor_does_not_run_unless_super_calls_it() -> None:
    text = """
        class Base:
            def __init__(self):
                open("a")
        class Quiet(Base):
            def __init__(self):
                pass
        class Loud(Base):
            def __init__(self):
                super().__init__()
        class Old(Base):
            def __init__(self):
                Base.__init__(self)
        quiet = Quiet()
        loud = Loud()
        old = Old()
    """
    assert in_app(text, "app.quiet") == set()
    assert in_app(text, "app.loud") == READ
    assert in_app(text, "app.old") == READ


def test_a_method_called_by_an_inherited_constructor_is_that_of_the_subclass() -> None:
    text = """
        class Base:
            def __init__(self):
                self.setup()
            def setup(self):
                pass
        class Leaf(Base):
            def setup(self):
                open("a")
        base = Base()
        leaf = Leaf()
    """
    assert in_app(text, "app.base") == set()
    assert in_app(text, "app.leaf") == READ


def test_super_follows_the_order_of_the_instance_not_of_the_class() -> None:
    text = """
        class Base:
            def setup(self):
                pass
        class Left(Base):
            def setup(self):
                super().setup()
        class Right(Base):
            def setup(self):
                open("a")
        class Both(Left, Right):
            def __init__(self):
                self.setup()
        x = Both()
        y = Left().setup()
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == set()


def test_classes_that_inherit_from_each_other_come_to_an_end() -> None:
    assert in_app("class A(B):\n    pass\nclass B(A):\n    pass\nx = A()") == set()


def test_a_metaclass_runs_when_a_class_is_defined_and_when_it_is_called() -> None:
    text = """
        class Meta(type):
            def __new__(mcs, name, bases, body):
                open("a")
                return super().__new__(mcs, name, bases, body)
            def __call__(cls, *args):
                open("b", "w")
                return super().__call__(*args)
        class A(metaclass=Meta):
            pass
        class B(A):
            pass
        x = B()
    """
    assert in_app(text, "app.A") == READ
    assert in_app(text, "app.B") == READ
    assert in_app(text) == {"file write builtins.open"}


def test_init_subclass_runs_when_a_subclass_is_defined() -> None:
    text = """
        class Base:
            def __init_subclass__(cls, **options):
                open("a")
        class Leaf(Base):
            pass
    """
    assert in_app(text, "app.Base") == set()
    assert in_app(text, "app.Leaf") == READ


def test_set_name_runs_when_the_class_is_defined() -> None:
    text = """
        class Field:
            def __set_name__(self, owner, name):
                open("a")
        class A:
            field = Field()
    """
    assert in_app(text, "app.A") == READ


def test_a_dataclass_runs_post_init_and_default_factories() -> None:
    text = """
        from dataclasses import dataclass, field
        def load():
            return open("a")
        @dataclass
        class A:
            data: object = field(default_factory=load)
        @dataclass
        class B:
            path: str = ""
            def __post_init__(self):
                open(self.path, "w")
        @dataclass
        class C(A):
            pass
        a = A()
        b = B()
        c = C()
    """
    assert in_app(text, "app.A") == set()
    assert in_app(text, "app.a") == READ
    assert in_app(text, "app.b") == {"file write builtins.open"}
    assert in_app(text, "app.c") == READ


def test_constructing_a_class_with_an_unknown_base_is_unknown() -> None:
    text = "from somewhere import Base\nclass A(Base):\n    pass\nx = A()"
    assert in_app(text) == {"unknown somewhere.Base"}


def test_constructing_a_class_with_a_known_base_does_what_that_does() -> None:
    text = "import sqlite3, threading\nclass A(threading.Thread):\n    pass\nx = A()"
    assert in_app(text) == set()


def test_exceptions_and_enums_of_the_project_are_harmless() -> None:
    text = """
        from enum import Enum
        class Wrong(Exception):
            pass
        class Colour(Enum):
            RED = 1
        x = Wrong("a"), Colour(1)
    """
    assert in_app(text) == set()


def test_both_definitions_of_a_class_count() -> None:
    text = """
        import sys
        if sys.platform == "win32":
            class A:
                def __init__(self):
                    open("a")
        else:
            class A:
                def __init__(self):
                    open("a", "w")
        x = A()
    """
    assert in_app(text) == {"file read builtins.open", "file write builtins.open"}


def test_the_chain_of_an_inherited_constructor_names_the_file_of_the_base() -> None:
    files = {
        "base.py": 'class Base:\n    def __init__(self):\n        open("a")',
        "app.py": "from base import Base\nclass Leaf(Base):\n    pass\nx = Leaf()",
    }
    assert World(files).chain("app.x", "builtins.open") == [
        "app.py:4 Leaf()",
        "base.py:2 __init__",
        'base.py:3 open("a")',
    ]


def test_classes_that_functions_of_the_library_make_are_harmless() -> None:
    text = """
        from collections import namedtuple
        from typing import NamedTuple
        Point = namedtuple("Point", "x y")
        class Wide(namedtuple("Wide", "x y z")):
            pass
        class Named(NamedTuple):
            x: int
        x = Point(1, 2), Wide(1, 2, 3), Named(1)
    """
    assert in_app(text) == set()


def test_nested_classes_are_found_through_their_class() -> None:
    text = """
        class Outer:
            class Inner:
                def __init__(self):
                    open("a")
        x = Outer.Inner()
        y = Outer().Inner()
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == READ


def test_the_constructor_of_an_unknown_base_is_told_once() -> None:
    text = """
        from somewhere import Base
        class A(Base):
            def __init__(self):
                super().__init__(1)
        x = A()
    """
    assert in_app(text) == {"unknown somewhere.Base"}


def test_settings_need_their_fields_only_if_they_have_no_defaults() -> None:
    text = """
        from pydantic_settings import BaseSettings
        class Needs(BaseSettings):
            key: str
        class Full(BaseSettings):
            key: str = ""
        x = Needs()
        y = Full()
    """
    assert in_app(text) == {"environment required pydantic_settings.BaseSettings"}
    assert in_app(text, "app.y") == set()
