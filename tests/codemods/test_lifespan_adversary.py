"""Handlers and applications that other code reaches in ways that do not look like it; each was once got wrong."""

import pytest

from lazify.testing import Outcome, check, refused
from tests.codemods.lifespans import RECORD, drive

ONLY = {"select": ("LZ3",)}
HEAD = """
from fastapi import APIRouter, FastAPI

from record import step

app = FastAPI()


@app.on_event("startup")
def start():
    step("start")


"""


def files(rest: str, other: str = "") -> dict[str, str]:
    return {"record.py": RECORD, "main.py": HEAD + rest, "other.py": other}


def same(before: dict[str, str]) -> Outcome:
    outcome = check(before, flags=ONLY, run="import main, other\n" + drive("main.app", "start"))
    assert [change.code for change in outcome.plan.changes] == ["LZ301"]
    return outcome


@pytest.mark.parametrize(
    ("rest", "other"),
    [
        ("globals()['st' + 'art'] = lambda: step('never')\n", ""),
        ("globals().update(start=lambda: step('never'))\n", ""),
        ("", "import main\n\nvars(main)['start'] = None\n"),
        ("", "import main\n\nmain.__dict__['start'] = None\n"),
        ("", "import main\n\nfor name in ('start',):\n    setattr(main, name, None)\n"),
        ("", "import main\n\nsetattr(main, 'start', None)\n"),
        ("", "import main\n\nmain.start = None\n"),
    ],
)
def test_a_handler_whose_name_gets_another_value_is_called_by_one_of_its_own(rest: str, other: str) -> None:
    assert "    start_handler()\n" in same(files(rest, other)).files["main.py"]


def test_a_dictionary_of_another_module_says_nothing_of_the_handler() -> None:
    other = "import record\n\nvars(record)['other'] = globals()\n"
    assert "    start()\n" in same(files("", other)).files["main.py"]


def test_a_function_of_a_module_that_another_function_replaces_is_bound_where_it_is_registered() -> None:
    main = """
    import other
    from fastapi import FastAPI

    app = FastAPI()
    app.on_event("startup")(other.start)


    @app.on_event("startup")
    def last():
        other.start = None
    """
    start = "from record import step\n\n\ndef start():\n    step('start')\n"
    outcome = same({"record.py": RECORD, "main.py": main, "other.py": start})
    assert "start_handler = other.start\n" in outcome.files["main.py"]


def test_a_method_that_another_module_replaces_on_the_class_is_bound_where_it_is_registered() -> None:
    rest = (
        "class Pool:\n    def close(self):\n        step('close')\n\n\npool = Pool()\n"
        "app.on_event('shutdown')(pool.close)\n"
    )
    other = "import main\nfrom record import step\n\nmain.Pool.close = lambda self: step('never')\n"
    outcome = same(files(rest, other))
    assert "close_handler = pool.close\n" in outcome.files["main.py"]


@pytest.mark.parametrize(
    ("rest", "because"),
    [
        (
            "match app:\n    case it:\n        it.on_event('startup')(print)\n",
            "a handler is registered on what may be this application",
        ),
        (
            "for name in ('on_event',):\n    getattr(app, name)('startup')(print)\n",
            "getattr() may take anything",
        ),
        (
            "for name in ('startup',):\n    getattr(app.router, f'on_{name}').append(print)\n",
            "getattr() may take anything from the application",
        ),
        (
            "vars(app.router)['on_' + 'startup'].append(print)\n",
            "vars() may take anything from the application",
        ),
        (
            "second = FastAPI()\nsecond.router = app.router\nsecond.on_event('startup')(print)\n",
            "second.router is given another one (main.py:14)",
        ),
        (
            "def register(it=app):\n    it.on_event('shutdown')(print)\n\n\nregister()\n",
            "what register() is given cannot be told",
        ),
        (
            "def register(*, it=app):\n    it.on_event('shutdown')(print)\n\n\nregister()\n",
            "what register() is given cannot be told",
        ),
    ],
)
def test_handlers_that_reach_the_application_by_another_way_keep_the_rest(rest: str, because: str) -> None:
    outcome = refused(files(rest), because=because, flags=ONLY)
    assert not outcome.plan.changes


def test_a_module_by_another_name_may_be_the_one_with_the_application() -> None:
    other = "import main as first\n\nmain = first\n\n\n@main.app.on_event('startup')\ndef more(): ...\n"
    refused(files("", other), because="a handler is registered on what may be this application", flags=ONLY)


@pytest.mark.parametrize(
    "rest", ["title = getattr(app, 'title')\n", "setattr(app, 'title', 'x')\n", "app.state.router = 5\n"]
)
def test_what_is_asked_by_its_name_is_no_reason_to_refuse(rest: str) -> None:
    same(files(rest))


def test_a_router_of_another_class_may_be_replaced() -> None:
    rest = "class Web:\n    def __init__(self):\n        self.router = None\n\n\nweb = Web()\nweb.router = APIRouter()\n"
    same(files(rest))
