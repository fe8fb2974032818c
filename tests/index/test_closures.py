"""Decorators and functions that return functions."""

from tests.index.worlds import World, in_app, of

READ = {"file read builtins.open"}


def test_a_decorated_function_runs_its_body_and_the_wrapper() -> None:
    text = """
        import sqlite3
        def logged(function):
            def wrapper():
                open("log", "w")
                return function()
            return wrapper
        @logged
        def load():
            return sqlite3.connect("a")
        x = load()
    """
    assert in_app(text) == {"file write builtins.open", "database sqlite3.connect"}
    assert in_app(text, "app.load") == set()


def test_a_wrapper_under_functools_wraps_is_the_same() -> None:
    text = """
        import functools
        def logged(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper
        @logged
        def load():
            return open("a")
        x = load()
        y = load
    """
    assert in_app(text) == READ
    assert in_app(text, "app.load") == set()


def test_decorators_on_top_of_each_other_are_followed() -> None:
    text = """
        def first(function):
            def wrapper():
                return function()
            return wrapper
        def second(function):
            def wrapper():
                return function()
            return wrapper
        @first
        @second
        def load():
            return open("a")
        x = load()
    """
    assert in_app(text) == READ


def test_a_decorator_that_takes_arguments_is_followed() -> None:
    text = """
        def retry(times, loader):
            def decorator(function):
                def wrapper():
                    loader()
                    return function()
                return wrapper
            return decorator
        @retry(3, loader=lambda: open("a"))
        def load():
            return 1
        x = load()
    """
    assert in_app(text) == READ


def test_a_decorator_of_another_module_is_followed() -> None:
    files = {
        "tools.py": "def logged(function):\n    def wrapper():\n        open('log', 'w')\n        return function()\n    return wrapper",
        "app.py": "import tools\n@tools.logged\ndef load():\n    return 1\nx = load()",
    }
    assert of(files, "app.x") == {"file write builtins.open"}


def test_a_decorator_that_calls_what_it_decorates_does_so_at_the_definition() -> None:
    text = """
        def now(function):
            return function()
        @now
        def x():
            return open("a")
    """
    assert in_app(text) == READ


def test_a_decorator_that_is_a_class_runs_its_constructor() -> None:
    text = """
        class Registered:
            def __init__(self, function):
                open("registry", "w")
        @Registered
        def x():
            pass
    """
    assert in_app(text) == {"file write builtins.open"}


def test_an_unknown_decorator_is_unknown_and_the_function_still_runs() -> None:
    text = 'from somewhere import task\n@task\ndef load():\n    return open("a")\nx = load()'
    assert in_app(text, "app.load") == {"unknown somewhere.task"}
    assert in_app(text) == READ


def test_a_cached_function_runs() -> None:
    text = 'import functools\n@functools.lru_cache(maxsize=1)\ndef load():\n    return open("a")\nx = load()'
    assert in_app(text, "app.load") == set()
    assert in_app(text) == READ


def test_a_decorated_method_is_bound_to_its_instance() -> None:
    text = """
        def logged(method):
            def wrapper(self):
                return method(self)
            return wrapper
        class Job:
            @logged
            def run(self):
                return self.load()
            def load(self):
                return open("a")
        x = Job().run()
    """
    assert in_app(text) == READ


def test_a_function_that_returns_a_function_closes_over_its_arguments() -> None:
    text = """
        def lazy(factory):
            def get():
                return factory()
            return get
        files = lazy(lambda: open("a"))
        plain = lazy(dict)
        x = files()
        y = plain()
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == set()


def test_what_a_closure_makes_is_known() -> None:
    text = """
        class Job:
            def run(self):
                return open("a")
        def lazy(factory):
            def get():
                return factory()
            return get
        job = lazy(Job)()
        x = job.run()
    """
    assert in_app(text) == READ


def test_functions_that_close_over_functions_over_functions_come_to_an_end() -> None:
    text = """
        def wrap(function):
            def wrapper():
                return function()
            return wrapper
        function = open
        while function:
            function = wrap(wrap(function))
        x = function()
    """
    assert in_app(text) >= READ


def test_a_class_decorator_of_the_project_leaves_the_class_a_class() -> None:
    text = """
        def registered(cls):
            return cls
        @registered
        class A:
            def __init__(self):
                open("a")
        x = A()
    """
    assert in_app(text) == READ


def test_a_bound_method_that_is_passed_keeps_its_instance() -> None:
    text = """
        class Job:
            def run(self):
                return self.load()
            def load(self):
                return None
        class Loud(Job):
            def load(self):
                return open("a")
        def call(function):
            return function()
        x = call(Loud().run)
        y = call(Job().run)
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == set()


def test_the_chain_names_the_decorator_where_it_runs() -> None:
    text = 'def now(function):\n    return function()\n@now\ndef x():\n    return open("a")'
    assert World({"app.py": text}).chain("app.x", "builtins.open") == [
        "app.py:3 @now",
        "app.py:2 function()",
        'app.py:5 open("a")',
    ]


def test_a_class_defined_in_a_function_knows_the_arguments_of_the_function() -> None:
    text = """
        def make(loader):
            class Local:
                data = loader("a")
            return Local
        x = make(open)
        y = make(str)
    """
    assert in_app(text) == READ
    assert in_app(text, "app.y") == set()
