"""Statements that run first-party code: functions, generators, lambdas, comprehensions, class bodies."""

from tests.index.worlds import World, in_app, of

READ = {"file read builtins.open"}


def test_functions_are_followed_through_other_functions() -> None:
    assert in_app('def a():\n    return b()\ndef b():\n    return open("a")\nx = a()') == READ


def test_a_function_that_is_only_defined_does_not_run() -> None:
    assert in_app('def a():\n    return open("a")\nx = [a]') == set()


def test_a_nested_function_runs_when_it_is_called() -> None:
    assert in_app('def a():\n    def b():\n        return open("a")\n    return b()\nx = a()') == READ
    assert in_app('def a():\n    def b():\n        return open("a")\n    return b\nx = a()') == set()
    assert in_app('def a():\n    def b():\n        return open("a")\n    return b\nx = a()()') == READ


def test_a_lambda_runs_when_it_is_called() -> None:
    assert in_app('x = lambda: open("a")') == set()
    assert in_app('make = lambda: open("a")\nx = make()') == READ
    assert in_app('x = (lambda: open("a"))()') == READ


def test_calls_in_comprehensions_run() -> None:
    assert in_app('x = [open(p) for p in ["a"]]') == READ


def test_calling_a_generator_function_counts_as_running_it() -> None:
    assert in_app('def lines():\n    yield from open("a")\nx = list(lines())') == READ


def test_methods_of_what_a_generator_yields_are_followed() -> None:
    text = """
        class Job:
            def run(self):
                return open("a")
        def jobs():
            yield Job()
        for job in jobs():
            x = job.run()
    """
    assert in_app(text) == READ


def test_a_context_manager_made_of_a_generator_gives_what_it_yields() -> None:
    text = """
        from contextlib import contextmanager
        class Job:
            def run(self):
                return open("a")
        @contextmanager
        def job():
            yield Job()
        with job() as it:
            x = it.run()
    """
    assert in_app(text) == READ


def test_the_arguments_of_a_call_are_followed_into_its_parameters() -> None:
    text = """
        def apply(function, value):
            return function(value)
        def load(path):
            return open(path)
        x = apply(load, "a")
        y = apply(str, 1)
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == set()


def test_arguments_are_passed_on_from_function_to_function() -> None:
    text = """
        def outer(job):
            return inner(run=job)
        def inner(*, run):
            return run()
        x = outer(lambda: open("a"))
    """
    assert in_app(text) == READ


def test_a_default_argument_runs_when_nothing_is_passed() -> None:
    text = """
        def load():
            return open("a")
        def make(loader=load):
            return loader()
        x = make()
        y = make(dict)
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == set()


def test_arguments_that_hide_in_stars_are_unknown() -> None:
    assert in_app("def f(g):\n    return g()\nx = f(*undefined)") == {"unknown g"}


def test_a_partial_calls_its_function_with_what_it_was_given() -> None:
    text = """
        from functools import partial
        def apply(function, path):
            return function(path)
        make = partial(apply, open)
        x = make("a")
    """
    assert in_app(text) == READ


def test_making_a_partial_calls_nothing() -> None:
    text = 'from functools import partial\ndef load():\n    return open("a")\nx = partial(load)'
    assert in_app(text) == set()


def test_a_class_body_runs_where_the_class_is_defined() -> None:
    assert in_app('class x:\n    data = open("a")') == READ


def test_a_class_body_inside_a_function_runs_with_it() -> None:
    text = 'def make():\n    class Local:\n        data = open("a")\n    return Local\nx = make()'
    assert in_app(text) == READ


def test_values_are_followed_through_choices() -> None:
    text = """
        import sqlite3, json
        choice = sqlite3 if json else json
        x = choice.connect("a")
    """
    assert "database sqlite3.connect" in in_app(text)


def test_a_value_or_a_default_may_be_either() -> None:
    text = """
        import sqlite3
        class Service:
            def __init__(self, client=None):
                self.client = client or sqlite3.connect("a")
        x = Service()
    """
    assert in_app(text) == {"database sqlite3.connect"}


def test_a_name_bound_twice_may_be_either() -> None:
    text = "make = str\nmake = open\nx = make('a')"
    assert in_app(text) == READ


def test_functions_of_another_module_are_followed_by_attribute() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/deep.py": 'def load():\n    return open("a")',
        "app.py": "import pkg.deep\nx = pkg.deep.load()",
    }
    assert of(files, "app.x") == READ


def test_functions_are_followed_through_re_exports() -> None:
    files = {
        "pkg/__init__.py": "from .deep import load as read",
        "pkg/deep.py": 'def load():\n    return open("a")',
        "app.py": "from pkg import read\nx = read()",
    }
    assert of(files, "app.x") == READ


def test_an_item_of_an_object_runs_its_method() -> None:
    text = """
        class Table:
            def __getitem__(self, key):
                return open(key)
        table = Table()
        x = table["a"]
    """
    assert in_app(text) == READ


def test_getattr_with_a_constant_name_is_an_attribute() -> None:
    text = 'import sqlite3\nx = getattr(sqlite3, "connect")("a")'
    assert in_app(text) == {"database sqlite3.connect"}


def test_a_long_chain_of_functions_needs_no_deep_stack() -> None:
    functions = "\n".join(f"def f{n}():\n    return f{n + 1}()" for n in range(3000))
    text = f'{functions}\ndef f3000():\n    return open("a")\nx = f0()'
    world = World({"app.py": text})
    assert world.kinds("app.x") == READ
    assert len(world.chain("app.x", "builtins.open")) == 3002


def test_a_long_chain_of_assignments_needs_no_deep_stack() -> None:
    names = "\n".join(f"a{n + 1} = a{n}" for n in range(3000))
    assert in_app(f"a0 = open\n{names}\nx = a3000('a')") == READ


def test_calls_of_the_same_function_nested_in_each_other_come_to_an_end() -> None:
    text = "x = getattr(getattr(getattr(undefined, 'a'), 'b'), 'c')()"
    assert in_app(text) == {"unknown getattr(…)"}


def test_a_loop_that_walks_a_structure_comes_to_an_end() -> None:
    text = """
        import somewhere
        def walk(node):
            while node:
                node = node.parent
                visit(node.child)
        def visit(node):
            return walk(node.next)
        x = walk(somewhere.root)
    """
    assert in_app(text) == set()


def test_a_module_imported_by_its_name_in_a_string_runs() -> None:
    files = {
        "plugins/__init__.py": "",
        "plugins/audit.py": 'log = open("a")',
        "app.py": 'import importlib\nx = importlib.import_module("plugins.audit")',
    }
    assert of(files, "app.x") == READ


def test_calls_of_one_function_with_other_arguments_are_told_apart() -> None:
    text = """
        def call(function):
            return function
        def main():
            call(str)()
            call(dict)()
            return call(int)()
        def other():
            return [call(open)("a"), call(dict)()]
        x = main()
        y = other()
    """
    assert in_app(text) == set()
    assert in_app(text, "app.y") == READ


def test_a_constructor_that_gives_something_else_gives_that_too() -> None:
    text = """
        class Real:
            def run(self):
                return open("a")
        class Factory:
            def __new__(cls):
                return Real()
        x = Factory().run()
    """
    assert in_app(text) >= READ


def test_a_name_that_is_defined_again_below_is_what_it_was_above() -> None:
    assert in_app('from json import loads as a\nx = a("1")\ndef a():\n    return open("a")') == set()
    assert in_app('def a(): ...\nx = a()\ndef a():\n    return open("a")') == set()
    assert in_app('def a(): ...\ndef a():\n    return open("a")\nx = a()') == READ
    assert in_app('def a(): ...\ndef b():\n    return a()\ndef a():\n    return open("a")\nx = b()') == READ
