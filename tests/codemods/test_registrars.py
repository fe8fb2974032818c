"""LZ301, LZ302: functions that register handlers on the application they are given hand them to its maker."""

from collections.abc import Mapping

import pytest

from lazify.testing import Outcome, check, refused
from tests.codemods.lifespans import RECORD, drive

ONLY = {"select": ("LZ3",)}
MAIN = """
from fastapi import FastAPI

from events import register

app = FastAPI()
register(app)
"""
EVENTS = """
from fastapi import FastAPI

from record import step


def register(app: FastAPI) -> None:
    @app.on_event("startup")
    def connect() -> None:
        step("connect")
"""


def converted(events: str, main: str = MAIN, *steps: str, **others: str) -> Outcome:
    files = {"record.py": RECORD, "events.py": events, "main.py": main, **named(others)}
    outcome = check(files, flags=ONLY, run=drive("main.app", *steps))
    assert len(outcome.plan.changes) == 1, [refusal.reason for refusal in outcome.plan.refusals]
    assert not outcome.plan.refusals
    return outcome


def kept(events: str, main: str = MAIN, *, because: str, **others: str) -> Outcome:
    files = {"record.py": RECORD, "events.py": events, "main.py": main, **named(others)}
    outcome = refused(files, because=because, flags=ONLY)
    assert not outcome.plan.changes
    return outcome


def named(others: Mapping[str, str]) -> dict[str, str]:
    """`tests__test_x="..."` stands for `tests/test_x.py`."""
    return {name if "." in name else f"{name.replace('__', '/')}.py": text for name, text in others.items()}


def test_nested_handlers_and_functions_of_the_module_are_handed_to_the_caller() -> None:
    events = """
from fastapi import FastAPI

from record import step


async def connect():
    step("connect")


def register(app: FastAPI) -> None:
    \"\"\"Tells what happens at start and end.\"\"\"
    name = app.title
    # Nothing works before.
    app.add_event_handler("startup", connect)

    @app.on_event("shutdown")  # the pool
    async def close() -> None:
        step(f"close {name}")
"""
    outcome = converted(events, MAIN.replace("(app)", "(app)  # and end"), "connect", "close FastAPI")
    assert (
        outcome.files["events.py"]
        == """from collections.abc import Awaitable, Callable

from fastapi import FastAPI

from record import step


async def connect():
    step("connect")


def register(app: FastAPI) -> "tuple[Callable[[], Awaitable[object]], ...]":
    \"\"\"Tells what happens at start and end.\"\"\"
    name = app.title

    # the pool
    async def close() -> None:
        step(f"close {name}")

    return connect, close
"""
    )
    assert (
        outcome.files["main.py"]
        == """from contextlib import asynccontextmanager

from fastapi import FastAPI

from events import register


@asynccontextmanager
async def lifespan(app: FastAPI):
    # Nothing works before.
    await connect()
    try:
        yield
    finally:
        await close()


app = FastAPI(lifespan=lifespan)
connect, close = register(app)  # and end
"""
    )


def test_a_function_that_returned_its_handler_is_left_as_it_is_but_for_the_registration() -> None:
    """The shape of a widely used template: it returns what nobody takes."""
    events = """
from typing import Awaitable, Callable

from fastapi import FastAPI

from record import step


def register_startup_event(app: FastAPI) -> Callable[[], Awaitable[None]]:
    @app.on_event("startup")
    async def _startup() -> None:  # noqa: WPS430
        app.state.pool = 3
        step("startup")

    return _startup


def register_shutdown_event(
    app: FastAPI,
) -> Callable[[], Awaitable[None]]:  # pragma: no cover
    @app.on_event("shutdown")
    async def _shutdown() -> None:  # noqa: WPS430
        step(f"shutdown {app.state.pool}")

    return _shutdown
"""
    main = """
from fastapi import FastAPI

from events import register_shutdown_event, register_startup_event


def get_app() -> FastAPI:
    app = FastAPI()

    # Adds startup and shutdown events.
    register_startup_event(app)
    register_shutdown_event(app)
    return app


app = get_app()
"""
    outcome = converted(events, main, "startup", "shutdown 3")
    gone = ('    @app.on_event("startup")\n', '    @app.on_event("shutdown")\n')
    assert outcome.files["events.py"] == events.lstrip().replace(gone[0], "").replace(gone[1], "")
    assert (
        outcome.files["main.py"]
        == """from contextlib import asynccontextmanager

from fastapi import FastAPI

from events import register_shutdown_event, register_startup_event


def get_app() -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI):
        await startup()
        try:
            yield
        finally:
            await shutdown()

    app = FastAPI(lifespan=lifespan)

    # Adds startup and shutdown events.
    startup = register_startup_event(app)
    shutdown = register_shutdown_event(app)
    return app


app = get_app()
"""
    )


def test_factories_of_handlers_are_called_once_at_the_same_moment() -> None:
    events = """
from fastapi import FastAPI

from record import step


def create_start_app_handler(app):
    step("makes start")

    async def start_app():
        step("start")

    return start_app


def create_stop_app_handler(app):
    step("makes stop")

    def stop_app():
        step("stop")

    return stop_app


def register(app: FastAPI) -> None:
    step("registers")
    app.add_event_handler("startup", create_start_app_handler(app))
    step("between")
    app.add_event_handler("shutdown", create_stop_app_handler(app))
    step("registered")
"""
    outcome = converted(events, MAIN, "start", "stop")
    assert outcome.files["events.py"].endswith(
        """def register(app: FastAPI) -> "tuple[Callable[[], Any], ...]":
    step("registers")
    start_app_handler = create_start_app_handler(app)
    step("between")
    stop_app_handler = create_stop_app_handler(app)
    step("registered")
    return start_app_handler, stop_app_handler
"""
    )


def test_the_order_among_all_handlers_of_the_application_is_kept() -> None:
    events = """
from record import step


def first(app):
    app.on_event("startup")(lambda: step("a"))

    @app.on_event("shutdown")
    def over():
        step("x")


def second(app):
    @app.on_event("startup")
    def start():
        step("c")

    @app.on_event("shutdown")
    async def over():
        step("z")
"""
    main = """
from fastapi import FastAPI

import events
from record import step


def zero():
    step("zero")


app = FastAPI(on_startup=[zero])
events.first(app)


@app.on_event("startup")
async def start():
    step("b")


@app.on_event("shutdown")
async def over():
    step("y")


events.second(app)


@app.on_event("startup")
def end():
    step("d")
"""
    outcome = converted(events, main, "a", "b", "c", "d", "x", "y", "z")
    assert "startup_handler, events_over = events.first(app)" in outcome.files["main.py"]


def test_functions_that_are_given_it_by_such_a_function_hand_their_handlers_on() -> None:
    events = """
from fastapi import FastAPI

from record import step


def at_end(app: FastAPI) -> None:
    @app.on_event("shutdown")
    def close():
        step("close")


def at_start(app: FastAPI) -> None:
    @app.on_event("startup")
    async def connect():
        step("connect")


def register(app: FastAPI) -> None:
    step("registers")
    at_start(app)

    @app.on_event("startup")
    def warm():
        step("warm")

    at_end(app)
"""
    main = MAIN + '\n\n@app.on_event("startup")\ndef ready():\n    step("ready")\n'
    outcome = converted(events, main, "connect", "warm", "ready", "close")
    assert outcome.files["events.py"].endswith(
        """def at_end(app: FastAPI) -> "Callable[[], object]":
    def close():
        step("close")

    return close


def at_start(app: FastAPI) -> "Callable[[], Awaitable[object]]":
    async def connect():
        step("connect")

    return connect


def register(app: FastAPI) -> "tuple[Callable[[], Any], ...]":
    step("registers")
    connect = at_start(app)

    def warm():
        step("warm")

    close = at_end(app)
    return connect, warm, close
"""
    )
    assert "    await connect()\n    warm()\n    ready()\n" in outcome.files["main.py"]


@pytest.mark.parametrize(
    ("parameter", "head"),
    [
        ("app: FastAPI", "from fastapi import FastAPI"),
        ("app: 'FastAPI'", "from fastapi import FastAPI"),
        ("app: Optional[FastAPI] = None", "from typing import Optional\nfrom fastapi import FastAPI"),
        ("app: FastAPI", "from __future__ import annotations\nfrom fastapi import FastAPI"),
        ("app: Starlette", "from starlette.applications import Starlette"),
        ("app", "import json"),
        ("name=None, *, app", "import json"),
    ],
)
def test_the_parameter_may_be_written_in_every_way(parameter: str, head: str) -> None:
    events = f"{head}\nfrom record import step\n\n\ndef register({parameter}) -> None:\n"
    events += '    @app.on_event("startup")\n    def connect():\n        step("connect")\n'
    outcome = converted(events, MAIN.replace("(app)", "(app=app)"), "connect")
    is_late = "__future__" in head
    wanted = "-> Callable[[], object]:" if is_late else '-> "Callable[[], object]":'
    assert wanted in outcome.files["events.py"]


@pytest.mark.parametrize(
    ("imported", "call"),
    [
        ("from events import register as wire", "wire(app)"),
        ("import events", "events.register(app)"),
        ("import events as happenings", "happenings.register(it := app)"),
        ("from events import *", "register(app)"),
        ("from everything import register", "register(app)"),
    ],
)
def test_the_function_may_come_by_every_kind_of_import(imported: str, call: str) -> None:
    main = f"from fastapi import FastAPI\n{imported}\n\napp = FastAPI()\n{call}\n"
    outcome = converted(EVENTS, main, "connect", everything="from events import register\n")
    assert f"\nconnect = {call}\n" in outcome.files["main.py"]


def test_names_are_those_of_the_handlers_as_far_as_the_scope_allows() -> None:
    main = """
from fastapi import FastAPI

from record import step


def first(app):
    @app.on_event("startup")
    def handle():
        step("one")


def second(app):
    @app.on_event("startup")
    def handle():
        step("two")


def third(app):
    @app.on_event("startup")
    def step():
        over("three")


def over(text):
    print(text)


def create_app(over=None):
    app = FastAPI()
    first(app)
    second(app)
    third(app)
    return app


app = create_app()
"""
    outcome = converted("", main, "one", "two", "three")
    for line in ("handle = first(app)", "handle_2 = second(app)", "step_2 = third(app)"):
        assert f"\n    {line}\n" in outcome.files["main.py"]


def test_the_function_may_be_imported_where_the_application_is_made() -> None:
    main = """
from fastapi import FastAPI


def create_app():
    from events import register

    app = FastAPI()
    register(app)
    return app


app = create_app()
"""
    assert "    connect = register(app)\n" in converted(EVENTS, main, "connect").files["main.py"]


def test_the_function_may_stand_in_the_module_of_the_application() -> None:
    main = """
from fastapi import FastAPI

from record import step


def register(app): app.add_event_handler("startup", connect)


def connect():
    step("connect")


app = FastAPI()
register(app)
"""
    outcome = converted("", main, "connect")
    assert "def register(app):\n    return connect\n" in outcome.files["main.py"]
    assert "connect_2 = register(app)" in outcome.files["main.py"]


def test_the_function_may_stand_in_the_init_of_a_package() -> None:
    main = "from fastapi import FastAPI\nfrom wiring import register\n\napp = FastAPI()\nregister(app)\n"
    converted("", main, "connect", **{"wiring/__init__.py": EVENTS})


def test_an_attribute_of_an_object_is_passed() -> None:
    main = """
from fastapi import FastAPI
from events import register


class Server:
    def __init__(self):
        self.app = FastAPI()
        register(self.app)


app = Server().app
"""
    assert "        connect = register(self.app)\n" in converted(EVENTS, main, "connect").files["main.py"]


def test_handlers_of_one_name_and_one_handler_of_two_events() -> None:
    events = """
from record import step


def register(app):
    @app.on_event("startup")
    def handle():
        step("one")

    @app.on_event("startup")
    @app.on_event("shutdown")
    def handle():
        step("two")

    app.add_event_handler("shutdown", close)
    app.add_event_handler("startup", close)
    return app


def close():
    step("close")
"""
    outcome = converted(events, MAIN, "one", "two", "close")
    assert (
        "    return handle_handler, handle_handler_2, handle_handler_3, close\n" in outcome.files["events.py"]
    )


def test_types_that_are_imported_or_taken_already() -> None:
    events = "from typing import Callable as Function\n\nfrom record import step\n\nAwaitable = None\n\n\n"
    events += 'def register(app) -> None:\n    @app.on_event("startup")\n    async def connect():\n'
    events += '        step("connect")\n'
    text = converted(events, MAIN, "connect").files["events.py"]
    assert "from collections.abc import Awaitable as AwaitableType\n" in text
    assert '-> "Function[[], AwaitableType[object]]":' in text


def test_a_project_that_says_its_python_gets_plain_annotations() -> None:
    stated = '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.9"\n'
    outcome = converted(EVENTS, MAIN, "connect", **{"pyproject.toml": stated})
    assert "def register(app: FastAPI) -> Callable[[], object]:" in outcome.files["events.py"]


def test_shutdown_handlers_that_go_away_leave_a_valid_function() -> None:
    events = "def close(): ...\n\n\ndef register(app) -> None:\n"
    events += '    app.add_event_handler("shutdown", close)\n'
    outcome = check({"events.py": events, "main.py": MAIN}, flags={**ONLY, "on_event": "remove"})
    assert outcome.files["main.py"] == MAIN.lstrip()
    assert (
        "def register(app) -> None:\n    pass\n    # close() is not registered" in outcome.files["events.py"]
    )


START = '    @app.on_event("startup")\n    def connect(): ...\n'


@pytest.mark.parametrize(
    ("function", "because"),
    [
        (f"async def register(app):\n{START}", "register(), which registers handlers, is a coroutine (events.py:5)"),
        (f"@step\ndef register(app):\n{START}", "is decorated"),
        (f"def register(app):\n{START}    yield\n", "is a generator"),
        (f"if step:\n    def register(app):\n{START.replace('    ', '        ')}", "directly in its module"),
        (f"def register(app): ...\ndef register(app):\n{START}", "is bound more than once"),
        (f"def register(app):\n    if step:\n        return\n{START}", "returns at several places"),
        (f"def register(app):\n{START}    return [connect]\n", "returns something that it works out"),
        ("def register(app):\n    if step:\n        app.add_event_handler('startup', step)\n", "only under a condition"),
        ("def register(app):\n    for _ in 'ab':\n        app.add_event_handler('startup', step)\n", "in a loop"),
        ("def register(app):\n    try:\n        app.add_event_handler('startup', step)\n"
         "    except ValueError:\n        pass\n", "may be caught"),
        ("def register(app):\n    def inner():\n        app.add_event_handler('startup', step)\n    inner()\n",
         "a handler is registered by a function inside of it"),
        (f"def register(app):\n    app = app or FastAPI()\n{START}", "one of several that it is given"),
        ("def register(app, start):\n    app.add_event_handler('startup', start)\n", "whether start is to be awaited"),
    ],
)  # fmt: skip
def test_a_function_that_may_do_otherwise_goes_on_registering(function: str, because: str) -> None:
    head = "from fastapi import FastAPI\n\nfrom record import step\n\n"
    kept(
        head + function,
        MAIN.replace("(app)", "(app, print)") if "(app, " in function else MAIN,
        because=because,
    )


@pytest.mark.parametrize(
    ("call", "because"),
    [
        ("register(app)\nregister(app)", "is used more than once (main.py:"),
        ("if __debug__:\n    register(app)", "only under a condition"),
        ("for _ in 'ab':\n    register(app)", "in a loop"),
        ("try:\n    register(app)\nexcept ValueError:\n    pass", "may be caught"),
        ("app = register(app)", "what register() gives is used"),
        ("print(register(app))", "what register() gives is used"),
        ("def late():\n    register(app)", "registers a handler whenever it runs"),
        (
            "def init(it):\n    register(it)\ninit(app)\ninit(app)",
            "init() registers handlers and is used more than once",
        ),
        (
            "def init(it):\n    if it.title:\n        register(it)\ninit(app)",
            "only under a condition (main.py:",
        ),
        (
            "def init(it):\n    if it.title:\n        return\n    register(it)\ninit(app)",
            "returns at several places",
        ),
        (
            "async def init(it):\n    register(it)\ninit(app)",
            "init(), which registers handlers, is a coroutine",
        ),
        ("def init(it):\n    return register(it)\ninit(app)", "what register() gives is used"),
        ("wire = register\nregister(app)", "is used more than once"),
        ("other = FastAPI()\nregister(other)\nregister(app)", "one of several that it is given"),
        ("register(*[app])", "register() is given the FastAPI, which is made by its caller"),
        (
            "from functools import partial\npartial(register, app)()",
            "register() is given the FastAPI, which is made by",
        ),
    ],
)
def test_a_function_that_is_called_otherwise_goes_on_registering(call: str, because: str) -> None:
    kept(EVENTS, MAIN.replace("register(app)\n", f"{call}\n"), because=because)


@pytest.mark.parametrize(
    ("test", "because"),
    [
        ("from fastapi import FastAPI\nfrom events import register\n\n\ndef test():\n    register(FastAPI())\n",
         "one of several that it is given"),
        ("from unittest.mock import Mock\nfrom events import register\n\n\ndef test():\n    register(Mock())\n",
         "one of several that it is given"),
        ("def test(monkeypatch):\n    monkeypatch.setattr('main.register', print)\n", "may be patched by its name"),
        ("import main\n\n\ndef test(monkeypatch):\n    monkeypatch.setattr(main, 'register', print)\n",
         "may be patched by its name"),
        ("import main\n\nmain.register = print\n", "is used more than once"),
        ("import events\n\n\ndef test(name):\n    getattr(events, name)(None)\n", "getattr() at test_main.py:5 may name it"),
    ],
)  # fmt: skip
def test_a_function_that_tests_reach_goes_on_registering(test: str, because: str) -> None:
    kept(EVENTS, because=because, tests__test_main=test)


def test_a_function_that_other_projects_may_call_goes_on_registering() -> None:
    stated = '[build-system]\nrequires = []\n[project]\nname = "events"\nversion = "1"\n'
    kept(EVENTS, because="code outside the project may use it", **{"pyproject.toml": stated})
    files = {"pyproject.toml": stated, "record.py": RECORD, "main.py": MAIN}
    assert check({**files, "events.py": EVENTS}, flags={**ONLY, "keep_names": "never"}).plan.changes
    private = {
        "events.py": EVENTS.replace("register", "_register"),
        "main.py": MAIN.replace("register", "_register"),
    }
    assert check({**files, **private}, flags=ONLY).plan.changes


@pytest.mark.parametrize(
    "events",
    [
        "def register(app, admin):\n    app.add_event_handler('startup', start)\n"
        "    admin.add_event_handler('startup', start)\n",
        "def register(app, admin):\n    one(app)\n    two(admin)\n\n\n"
        "def one(app):\n    app.add_event_handler('startup', start)\n\n\n"
        "def two(app):\n    app.add_event_handler('startup', start)\n",
    ],
)
def test_a_function_that_is_given_two_applications_goes_on_registering(events: str) -> None:
    main = MAIN.replace("register(app)", "admin = FastAPI()\nregister(app, admin)")
    because = "register() registers handlers of several applications (events.py:1)"
    kept(f"{events}\n\ndef start(): ...\n", main, because=because)


def test_a_method_goes_on_registering() -> None:
    events = "class Wiring:\n    def register(self, app):\n"
    events += '        @app.on_event("startup")\n        def connect(): ...\n'
    main = MAIN.replace("import register", "import Wiring").replace("register(", "Wiring().register(")
    kept(events, main, because="register(), which registers handlers, is no function that stands directly")


def test_a_router_that_a_function_is_given_keeps_its_handlers() -> None:
    main = "from fastapi import APIRouter\nfrom events import register\n\nrouter = APIRouter()\nregister(router)\n"
    kept(
        EVENTS.replace("FastAPI", "APIRouter"),
        main,
        because="register() is given the APIRouter, which is made by its caller",
    )


def test_one_that_stays_keeps_all_handlers_of_the_application() -> None:
    main = MAIN + '\n\n@app.on_event("startup")\ndef start(): ...\n\n\nfor _ in "ab":\n    other(app)\n'
    events = EVENTS + '\n\ndef other(app):\n    @app.on_event("startup")\n    def again(): ...\n'
    kept(events, main.replace("import register", "import other, register"), because="in a loop")


CLIENT = """
import os


class Client:
    def __init__(self, url):
        print("made", url)

    def close(self):
        print("closed")


client = Client(os.environ["PATH"][:0])


def register(app):
    @app.on_event("shutdown")
    def close():
        client.close()
"""


@pytest.mark.parametrize(
    ("more", "main", "is_spared"),
    [
        ("", MAIN, True),
        ("\n\ndef wire(it):\n    register(it)\n", MAIN.replace("register", "wire"), True),
        ("", "from events import register\nfrom fastapi import FastAPI\n\n\ndef create_app():\n    app = FastAPI()\n"
         "    register(app)\n    return app\n\n\napp = create_app()\n", True),
        ("", MAIN + "\n\n@app.get('/')\ndef home():\n    from events import client\n    client.close()\n", True),
        ("\n\ndef both(app):\n    app.add_event_handler('startup', end)\n    app.add_event_handler('shutdown', end)\n"
         "\n\ndef end():\n    client.close()\n", MAIN.replace("register", "both"), False),
    ],
)  # fmt: skip
def test_shutting_down_does_not_make_a_lazy_client_to_close_it(more: str, main: str, is_spared: bool) -> None:
    files = {"record.py": RECORD, "events.py": CLIENT + more, "main.py": main}
    outcome = check(files, flags={"singleton": ("Client",), "select": ("LZ3", "LZ1")})
    assert {change.code for change in outcome.plan.changes} >= {"LZ101"}, outcome.plan.refusals
    text = outcome.files["events.py"]
    assert ("    get_client().close()\n" in text) is not is_spared
