"""Shared state: what code changes that outlives it, and reads of what others change."""

import pytest

from tests.index.worlds import World, in_app, of, state


def test_a_function_that_rebinds_a_global_changes_state() -> None:
    assert in_app("n = 0\ndef f():\n    global n\n    n = n + 1\nx = f()") == {state("app.n")}


def test_a_registry_that_is_filled_is_state() -> None:
    text = """
        REGISTRY = {}
        NAMES = []
        def put(name):
            REGISTRY[name] = 1
        def add(name):
            NAMES.append(name)
        x = put("a")
        y = add("a")
    """
    assert in_app(text) == {state("app.REGISTRY")}
    assert in_app(text, "app.y") == {state("app.NAMES")}


def test_a_registry_of_another_module_is_named_by_its_own_module() -> None:
    files = {
        "registry.py": "ITEMS = {}",
        "a.py": "from registry import ITEMS\ndef f():\n    ITEMS['a'] = 1\nx = f()",
        "b.py": "import registry\ndef f():\n    registry.ITEMS.update(a=1)\nx = f()",
        "c.py": "import registry\ndef f():\n    registry.ITEMS = {}\nx = f()",
    }
    for name in "abc":
        assert of(files, f"{name}.x") == {state("registry.ITEMS")}


def test_a_statement_that_changes_a_module_level_object_itself_is_state() -> None:
    assert in_app("ITEMS = {}\nx = ITEMS.setdefault('a', 1)") == {state("app.ITEMS")}


def test_a_counter_that_is_advanced_is_state() -> None:
    assert in_app("import itertools\ncounter = itertools.count()\nx = next(counter)") == {
        state("app.counter")
    }


def test_locals_and_fresh_objects_are_no_state() -> None:
    text = """
        def f():
            items = []
            items.append(1)
            table = {}
            table["a"] = items
            return table
        x = f()
    """
    assert in_app(text) == set()


def test_a_constructor_may_fill_its_own_object() -> None:
    text = """
        class A:
            def __init__(self):
                self.items = []
                self.items.append(1)
                self.table = {}
                self.table["a"] = 1
                self.reset()
            def reset(self):
                self.count = 0
        x = A()
    """
    assert in_app(text) == set()


def test_a_method_that_changes_a_module_level_instance_is_state() -> None:
    text = """
        class Manager:
            def __init__(self):
                self.items = []
            def register(self, item):
                self._put(item)
            def _put(self, item):
                self.items.append(item)
        manager = Manager()
        x = manager.register(1)
        y = Manager().register(1)
    """
    assert in_app(text) == {state("app.manager")}
    assert in_app(text, "app.y") == set()


def test_a_part_of_a_module_level_instance_is_the_same_state() -> None:
    text = """
        class Part:
            def __init__(self):
                self.items = []
            def put(self, item):
                self.items.append(item)
        class Whole:
            def __init__(self):
                self.part = Part()
        whole = Whole()
        x = whole.part.put(1)
    """
    assert in_app(text) == {state("app.whole")}


def test_an_object_that_is_changed_through_a_parameter_is_state() -> None:
    text = """
        REGISTRY = {}
        def put(table, name):
            table[name] = 1
        x = put(REGISTRY, "a")
        y = put({}, "a")
    """
    assert in_app(text) == {state("app.REGISTRY")}
    assert in_app(text, "app.y") == set()


def test_an_object_that_is_changed_through_a_local_alias_is_state() -> None:
    text = "REGISTRY = {}\ndef put():\n    table = REGISTRY\n    table['a'] = 1\nx = put()"
    assert in_app(text) == {state("app.REGISTRY")}


def test_an_object_that_is_changed_through_its_getter_is_state() -> None:
    text = "REGISTRY = {}\ndef get():\n    return REGISTRY\ndef put():\n    get()['a'] = 1\nx = put()"
    assert in_app(text) == {state("app.REGISTRY")}


def test_a_class_that_counts_its_instances_is_state() -> None:
    text = """
        class A:
            count = 0
            def __init__(self):
                A.count += 1
        class B:
            count = 0
            def __init__(self):
                type(self).count += 1
        class C:
            made = 0
            @classmethod
            def make(cls):
                cls.made += 1
        a = A()
        b = B()
        c = C.make()
    """
    assert in_app(text, "app.a") == {state("app.A.count")}
    assert state("app.B") in in_app(text, "app.b")
    assert state("app.C") in in_app(text, "app.c")


def test_a_registry_in_a_class_body_is_shared_by_its_instances() -> None:
    text = """
        class A:
            registry = {}
            def __init__(self, name):
                self.registry[name] = self
        x = A("a")
    """
    assert in_app(text) == {state("app.A.registry")}


def test_a_class_attribute_that_each_instance_binds_anew_is_not_shared() -> None:
    text = """
        class A:
            items = []
            def __init__(self):
                self.items = []
                self.items.append(1)
        x = A()
    """
    assert in_app(text) == set()


def test_a_number_that_an_instance_counts_up_is_its_own() -> None:
    text = """
        class A:
            count = 0
            def __init__(self):
                self.count += 1
        x = A()
    """
    assert in_app(text) == set()


def test_a_registry_of_subclasses_is_filled_when_a_subclass_is_defined() -> None:
    text = """
        class Base:
            known = []
            def __init_subclass__(cls):
                Base.known.append(cls)
        class x(Base):
            pass
    """
    assert in_app(text) == {state("app.Base.known")}


def test_a_decorator_that_registers_is_state() -> None:
    text = """
        HANDLERS = {}
        def handler(name):
            def register(function):
                HANDLERS[name] = function
                return function
            return register
        @handler("a")
        def x():
            pass
    """
    assert in_app(text) == {state("app.HANDLERS")}


def test_setting_an_attribute_of_a_class_by_name_is_state() -> None:
    assert in_app("class A:\n    pass\ndef f():\n    setattr(A, 'a', 1)\nx = f()") == {state("app.A")}


def test_setting_an_attribute_of_self_by_name_is_no_state() -> None:
    text = "class A:\n    def __init__(self):\n        setattr(self, 'a', 1)\nx = A()"
    assert in_app(text) == set()


def test_the_registries_of_the_process_are_state_by_the_knowledge_base() -> None:
    text = "import signal, sys\ndef f():\n    signal.signal(2, print)\n    sys.path.append('a')\nx = f()"
    assert in_app(text) == {"shared state signal.signal", "shared state sys.path.append"}


def test_setting_an_environment_variable_is_state() -> None:
    found = in_app("import os\ndef f():\n    os.environ['A'] = '1'\nx = f()")
    assert any(each.startswith("shared state os.environ") for each in found)


def test_the_chain_of_a_change_ends_where_it_happens() -> None:
    text = "REGISTRY = {}\ndef put():\n    REGISTRY['a'] = 1\nx = put()"
    assert World({"app.py": text}).chain("app.x", "app.REGISTRY") == [
        "app.py:4 put()",
        "app.py:3 changes app.REGISTRY",
    ]


def test_a_default_that_all_calls_share_is_state() -> None:
    text = """
        def remember(item, seen=[]):
            seen.append(item)
            return seen
        x = remember(1)
        y = remember(1, [])
    """
    assert in_app(text) == {state("app.remember.seen")}
    assert in_app(text, "app.y") == set()


FIELD = """
    from dataclasses import dataclass, field
    from collections import deque
    ROWS = []
    def shared(): return ROWS
    class Rows(list): pass
    @dataclass
    class Table:
        name: str = "t"
        rows: list = field({how})
        def add(self): self.rows.append(1)
    def make():
        table = Table()
        table.add()
        return table
    x = make()
"""


@pytest.mark.parametrize(
    "how",
    ["default_factory=list", "default_factory=Rows", "default_factory=deque", "default_factory=lambda: []",
     "default_factory=lambda: Rows()", "repr=False, default_factory=list", "default=None"],
)  # fmt: skip
def test_a_field_that_is_made_for_each_instance_is_not_shared(how: str) -> None:
    assert in_app(FIELD.format(how=how)) == set()


@pytest.mark.parametrize(
    "how",
    ["default=ROWS", "default_factory=shared", "default_factory=lambda: ROWS", "**{'default': ROWS}",
     "default_factory=lambda: shared()"],
)  # fmt: skip
def test_a_field_that_may_give_each_instance_the_same_object_is_shared(how: str) -> None:
    assert state("app.Table.rows") in in_app(FIELD.format(how=how))


def test_a_field_that_somebody_sets_of_the_class_is_shared() -> None:
    text = FIELD.format(how="default_factory=list") + "    def put(): Table.rows = ROWS\n"
    assert state("app.Table.rows") in in_app(text)


@pytest.mark.parametrize(
    ("method", "changes"), [("format", False), ("split", False), ("get", True), ("append", True), ("x", True)]
)
def test_methods_of_texts_change_nothing_of_the_table_that_holds_them(method: str, *, changes: bool) -> None:
    text = f"PAIRS = [('a', 'b')]\nx = [a.{method}('q') for a, b in PAIRS]"
    assert (state("app.PAIRS") in in_app(text)) is changes


@pytest.mark.parametrize("method", ["register_task", "add_worker", "include_router", "unregister_hook"])
def test_a_method_that_nobody_has_read_enters_what_its_name_says(method: str) -> None:
    assert state("app.app") in in_app(f"from acme import App\napp = App()\nx = app.{method}(1)")


def test_what_registers_in_an_object_of_its_own_changes_nobody_elses() -> None:
    text = "from acme import App\ndef make():\n    app = App()\n    return app.register_task(1)\nx = make()"
    assert not any("state" in each for each in in_app(text))
