"""What calls of code outside the project do, and calls that cannot be told."""

from lazify.model.effects import Level
from tests.index.worlds import World, in_app

CONNECT = {"database sqlite3.connect"}


def test_harmless_calls_have_no_effect() -> None:
    assert (
        in_app('import re, logging\nx = re.compile("a"), logging.getLogger("b"), dict(a=1), "a".join([])')
        == set()
    )


def test_unknown_third_party_code_is_unknown_and_never_silently_safe() -> None:
    world = World({"app.py": "from somewhere import Thing\nx = Thing()"})
    assert world.kinds("app.x") == {"unknown somewhere.Thing"}
    assert world.effects("app.x")[0].level is Level.RISKY


def test_a_call_on_an_unknown_value_is_unknown() -> None:
    assert in_app("def f(g):\n    return g()\nx = f(undefined)") == {"unknown g"}


def test_builtin_method_names_on_unknown_objects_have_no_effect() -> None:
    assert in_app("def f(thing):\n    return thing.strip().split(',')\nx = f(undefined)") == set()


def test_other_method_names_on_unknown_objects_are_unknown() -> None:
    assert in_app("def f(thing):\n    return thing.connect()\nx = f(undefined)") == {"unknown thing.connect"}


def test_methods_of_literals_have_no_effect() -> None:
    assert in_app("x = ', '.join(['a']).upper().encode()\n") == set()


def test_a_required_environment_variable_names_its_key() -> None:
    assert in_app('import os\nx = os.environ["KEY"]') == {'environment required os.environ["KEY"]'}


def test_an_environment_imported_under_another_name_is_the_same() -> None:
    assert in_app('from os import environ as e\nx = e["KEY"]') == {'environment required os.environ["KEY"]'}


def test_an_optional_environment_variable_is_not_required() -> None:
    found = in_app('import os\nx = os.environ.get("KEY"), os.getenv("B", "b")')
    assert not any(each.startswith("environment") for each in found)


def test_the_mode_of_open_decides_between_reading_and_writing() -> None:
    assert in_app('x = open("a")') == {"file read builtins.open"}
    assert in_app('x = open("a", "w")') == {"file write builtins.open"}
    assert in_app('x = open("a", mode="ab")') == {"file write builtins.open"}


def test_raising_system_exit_is_an_exit() -> None:
    text = "def f():\n    raise SystemExit(1)\nx = f()"
    assert in_app(text) == {"exit SystemExit"}
    assert in_app("import sys\ndef f():\n    sys.exit(1)\nx = f()") == {"exit sys.exit"}


def test_raising_anything_else_is_no_effect() -> None:
    assert in_app("def f():\n    raise ValueError('a')\nx = f()") == set()


def test_what_a_subclass_of_system_exit_does_when_raised_is_an_exit() -> None:
    text = "class Stop(SystemExit):\n    pass\ndef f():\n    raise Stop\nx = f()"
    assert in_app(text) == {"exit SystemExit"}


def test_starting_a_thread_is_an_effect_and_its_target_does_not_run_before_that() -> None:
    text = 'import threading\ndef work():\n    open("a")\nx = threading.Thread(target=work)'
    assert in_app(text) == set()
    assert "thread threading.Thread.start" in in_app(text + "\ny = x.start()", "app.y")


def test_callables_passed_to_map_and_sorted_run() -> None:
    text = "def work(path):\n    return open(path)\nx = {}"
    assert in_app(text.format("list(map(work, ['a']))")) == {"file read builtins.open"}
    assert in_app(text.format("sorted(['a'], key=work)")) == {"file read builtins.open"}
    assert in_app(text.format("sorted(['a'], key=lambda p: open(p))")) == {"file read builtins.open"}


def test_callables_passed_to_unknown_functions_are_not_called_at_once() -> None:
    text = 'import somewhere\ndef work():\n    return open("a")\nx = somewhere.register(work)'
    assert in_app(text) == {"unknown somewhere.register"}


def test_a_coroutine_that_is_run_is_followed() -> None:
    text = 'import asyncio\nasync def main():\n    return open("a")\nx = asyncio.run(main())'
    found = in_app(text)
    assert "file read builtins.open" in found
    assert any(each.startswith("event loop asyncio.run") for each in found)


def test_reading_the_time_moves_nothing_but_is_told() -> None:
    world = World({"app.py": "import time\nx = time.time()"})
    assert world.kinds("app.x") == {"clock time.time"}
    assert world.effects("app.x")[0].level is Level.SAFE


def test_a_metaclass_that_nobody_knows_may_run_anything_when_the_class_is_called() -> None:
    assert in_app("from acme import Meta\n\nclass A(metaclass=Meta):\n    pass\n\nx = A()\n") == {
        "unknown acme.Meta"
    }


def test_what_an_instance_of_a_known_class_gives_when_it_is_called_is_known() -> None:
    session = "from sqlalchemy.orm import sessionmaker\nSession = sessionmaker()\n"
    queried = {"database sqlalchemy.orm.Query.first"}
    assert in_app(f"{session}def f():\n    return Session().query(int).first()\nx = f()") == queried
    opened = "from contextlib import contextmanager\n@contextmanager\ndef opened():\n    yield Session()\n"
    used = "def f():\n    with opened() as session:\n        return session.query(int).first()\nx = f()"
    assert in_app(session + opened + used) == queried


def test_what_an_instance_of_a_class_without_facts_gives_when_it_is_called_is_unknown() -> None:
    text = "from somewhere import Maker\nmake = Maker()\ndef f():\n    return make().go()\nx = f()"
    kinds = World({"app.py": text}).kinds("app.x")
    assert kinds
    assert all(kind.startswith("unknown ") for kind in kinds)
