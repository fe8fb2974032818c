"""A class that registers handlers in its constructor: what else is done to its instances is done to the same application."""

import pytest

from lazify.testing import check, refused
from tests.codemods.lifespans import RECORD, drive

ONLY = {"select": ("LZ3",)}
SERVICE = """
from fastapi import FastAPI

from record import step


class Service(FastAPI):
    def __init__(self):
        super().__init__(title="x")
        self.on_event("startup")(self.connect)

    def connect(self):
        step("connect")


app = Service()


def close():
    step("close")
"""


def files(rest: str, **others: str) -> dict[str, str]:
    named = {f"{name}.py": text for name, text in others.items()}
    return {"record.py": RECORD, "main.py": SERVICE + rest, **named}


@pytest.mark.parametrize(
    "rest",
    [
        'app.on_event("shutdown")(close)\n',
        "app.router.on_shutdown.append(close)\n",
        'class Other(Service):\n    pass\n\n\nother = Other()\nother.on_event("shutdown")(close)\n',
        'class Other(Service):\n    def __init__(self):\n        super().__init__()\n        self.on_event("shutdown")(close)\n\n\napp = Other()\n',
        'def register(app):\n    app.on_event("shutdown")(close)\n\n\nregister(app)\n',
    ],
)
def test_handlers_of_an_instance_are_not_silenced_by_a_lifespan_in_the_constructor(rest: str) -> None:
    """Found by fuzzing: `app.on_event("shutdown")` stood there and was never called again."""
    outcome = refused(files(rest), because="by the constructor of Service and on what it makes", flags=ONLY)
    assert not outcome.plan.changes


def test_an_instance_in_another_module_under_another_name_counts() -> None:
    other = "from main import Service as Base, close\n\napp = Base()\napp.on_event('shutdown')(close)\n"
    refused(files("", other=other), because="on what it makes (other.py:3)", flags=ONLY)


@pytest.mark.parametrize(
    ("rest", "because"),
    [
        ("print(app.router.on_startup)\n", "app.router.on_startup is used by itself"),
        ("import langserve\n\nlangserve.add_routes(app)\n", "registers a startup handler on the application"),
    ],
)
def test_what_happens_to_an_instance_counts(rest: str, because: str) -> None:
    refused(files(rest), because=because, flags=ONLY)


def test_a_constructor_that_gives_itself_to_a_library_counts() -> None:
    main = SERVICE.replace(
        '        self.on_event("startup")',
        '        langserve.add_routes(self)\n        self.on_event("startup")',
    )
    refused(
        {"record.py": RECORD, "main.py": f"import langserve\n{main}"},
        because="registers a startup handler on the application",
        flags=ONLY,
    )


def test_instances_of_which_nothing_is_asked_get_the_lifespan_of_their_class() -> None:
    rest = "\n\nclass Other(Service):\n    pass\n\n\nother = Other()\n\n\n@app.get('/')\ndef home():\n    return 1\n"
    outcome = check(files(rest), flags=ONLY, run=drive("main.app", "connect") + drive("main.other"))
    assert [change.code for change in outcome.plan.changes] == ["LZ301"]
