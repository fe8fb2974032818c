"""Lifespans where the framework, a class or a caller has a say of its own: what is merged, what is read, what stays."""

import subprocess
import sys
from pathlib import Path

import pytest

from lazify.testing import check, refused
from tests.codemods.lifespans import RECORD, drive

ONLY = {"select": ("LZ3",)}


def app(text: str, *, head: str = "from fastapi import FastAPI") -> dict[str, str]:
    return {"record.py": RECORD, "main.py": f"{head}\n\nfrom record import step\n\n{text}"}


START = '\n\n@app.on_event("startup")\ndef start():\n    step("start")\n'


def test_a_lifespan_that_a_caller_may_leave_out_is_not_called_dead() -> None:
    text = """
def create_app(lifespan=None):
    app = FastAPI(lifespan=lifespan)

    @app.on_event("startup")
    def start():
        step("start")

    return app
"""
    for merges in (False, True):
        outcome = refused(
            app(text),
            because="lifespan=lifespan may be None, and its handlers run only then (main.py:7)",
            flags={**ONLY, "merge_lifespan": merges},
        )
        assert [refusal.code for refusal in outcome.plan.refusals] == ["LZ301"]


@pytest.mark.parametrize("value", ["lifespan if step else None", "step and lifespan"])
def test_an_expression_that_may_be_none_is_no_lifespan_either(value: str) -> None:
    text = f"def lifespan(app): ...\n\n\napp = FastAPI(lifespan={value})\n{START}"
    refused(app(text), because="may be None", flags=ONLY)


def test_merging_enters_a_plain_asynchronous_generator_as_the_framework_does(tmp_path: Path) -> None:
    text = f"""
async def lifespan(app):
    step("begin")
    yield {{"a": 1}}
    step("end")


app = FastAPI(lifespan=lifespan)
{START}"""
    merged = {**ONLY, "merge_lifespan": True}
    outcome = check(app(text), flags=merged)
    assert "    async with asynccontextmanager(lifespan)(app) as state:\n" in outcome.files["main.py"]
    for name, code in outcome.files.items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    command = [sys.executable, "-B", "-W", "ignore", "-c", drive("main.app")]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    assert said.stdout.count("begin\nstart\nlifespan.startup.complete") == 2, said.stdout


def test_merging_does_not_hide_a_handler_behind_the_names_it_needs() -> None:
    text = """
@asynccontextmanager
async def lifespan(app):
    yield {"a": 1}


app = FastAPI(lifespan=lifespan)


@app.on_event("startup")
def state():
    step("state")
"""
    head = "from contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI"
    outcome = check(app(text, head=head), flags={**ONLY, "merge_lifespan": True})
    assert (
        "    async with lifespan(app) as given:\n        state()\n        yield given\n"
        in outcome.files["main.py"]
    )


@pytest.mark.parametrize(
    "lifespan",
    [
        "def lifespan(app):\n    yield",
        "@functools.cache\ndef lifespan(app):\n    return app",
        "from strange import lifespan",
    ],
)
def test_what_may_give_no_context_manager_is_not_merged(lifespan: str) -> None:
    text = f"import functools\n\n\n{lifespan}\n\n\napp = FastAPI(lifespan=lifespan)\n{START}"
    refused(
        app(text),
        because="whether lifespan gives a context manager cannot be told",
        flags={**ONLY, "merge_lifespan": True},
    )


@pytest.mark.parametrize(
    ("classes", "because"),
    [
        (
            "class Service(FastAPI):\n    def on_event(self, event_type):\n        return super().on_event(event_type)",
            "Service.on_event() may do more than to register a handler",
        ),
        (
            "class Named:\n    def add_event_handler(self, event_type, func): ...\n\n\n"
            "class Service(Named, FastAPI): ...",
            "Named.add_event_handler() may do more than to register a handler",
        ),
        (
            "from strange import Mixin\n\n\nclass Service(Mixin, FastAPI): ...",
            "strange.Mixin of Service may have methods of its own for handlers",
        ),
    ],
)
def test_a_class_with_a_registration_of_its_own_keeps_it(classes: str, because: str) -> None:
    refused(app(f"{classes}\n\n\napp = Service()\n{START}"), because=because, flags=ONLY)


def test_a_wrapped_or_called_lifespan_context_is_the_lifespan_before_and_after() -> None:
    text = f"""
app = FastAPI()
inner = app.router.lifespan_context


@asynccontextmanager
async def outer(app):
    step("outer")
    async with inner(app) as state:
        yield state


app.router.lifespan_context = outer
{START}

async def warm():
    async with app.router.lifespan_context(app):
        pass
"""
    head = "from contextlib import asynccontextmanager\n\nfrom fastapi import FastAPI"
    check(app(text, head=head), flags=ONLY, run=drive("main.app", "outer", "start"))


@pytest.mark.parametrize(
    ("decorator", "mark", "awaited"),
    [
        ("def logged(function):\n    @wraps(function)\n    async def inner():\n        await function()\n\n    return inner",
         "logged", "await start()"),
        ("def logged(name):\n    def decorate(function):\n        def inner():\n            step(name)\n\n"
         "        return inner\n\n    return decorate", 'logged("x")', "start()"),
    ],
)  # fmt: skip
def test_a_decorator_of_the_project_is_read(decorator: str, mark: str, awaited: str) -> None:
    text = f"""
{decorator}


app = FastAPI()


@app.on_event("startup")
@{mark}
async def start():
    step("start")
"""
    head = "from functools import wraps\n\nfrom fastapi import FastAPI"
    outcome = check(app(text, head=head), flags=ONLY, run=drive("main.app", "start", "x"))
    assert f"    {awaited}\n    yield\n" in outcome.files["main.py"]


def test_an_attribute_that_is_none_at_first_is_the_application_that_it_gets() -> None:
    text = """
class Server:
    def __init__(self):
        self.app: FastAPI | None = None

    def build(self):
        self.app = FastAPI()
        self.app.on_event("startup")(self.start)
        return self.app

    async def start(self):
        step("start")


app = Server().build()
"""
    outcome = check(app(text), flags=ONLY, run=drive("main.app", "start"))
    assert "self.app = FastAPI(lifespan=lifespan)" in outcome.files["main.py"]


@pytest.mark.parametrize(
    ("above", "decorator"),
    [
        ("import contextlib\n", "@contextlib.asynccontextmanager"),
        ("asynccontextmanager = contextlib = None\n", "@async_context_manager"),
        ("try:\n    import nothing\n    from contextlib import asynccontextmanager\nexcept ImportError:\n    pass\n",
         "@contextlib.asynccontextmanager"),
        ("if step is None:\n    import contextlib\n", "@asynccontextmanager"),
    ],
)  # fmt: skip
def test_the_decorator_is_one_that_is_bound_when_the_lifespan_is(above: str, decorator: str) -> None:
    outcome = check(app(f"{above}\napp = FastAPI()\n{START}"), flags=ONLY, run=drive("main.app"))
    assert f"{decorator}\nasync def lifespan" in outcome.files["main.py"]


def test_an_import_below_the_application_comes_too_late() -> None:
    text = f"app = FastAPI()\n\nimport contextlib\n{START}"
    outcome = check(app(text), flags=ONLY, run=drive("main.app"))
    assert outcome.files["main.py"].startswith("from contextlib import asynccontextmanager\n")


def test_comments_inside_of_what_goes_away_stay() -> None:
    text = """
def close():
    step("close")


app = FastAPI(
    on_startup=[  # in this order
        lambda: step("a"),  # first
        # no more
    ],
)


@app.on_event("startup")  # the pool
def start():
    step("start")


app.on_event(
    "shutdown"  # the end
)(close)  # behind
app.on_event("startup")(
    # a lambda
    lambda: step("b"),
)
"""
    outcome = check(app(text), flags=ONLY, run=drive("main.app"))
    for comment in ("in this order", "first", "no more", "the pool", "the end", "behind", "a lambda"):
        assert outcome.files["main.py"].count(f"# {comment}\n") == 1, comment


def test_directives_to_tools_go_with_what_they_are_about() -> None:
    text = 'app = FastAPI()\n\n\n@app.on_event("startup")  # type: ignore[deprecated]\ndef start():\n    step("start")\n'
    assert "type: ignore" not in check(app(text), flags=ONLY).files["main.py"]


@pytest.mark.parametrize(
    ("factory", "because"),
    [
        ("    app = FastAPI()\n    yield app\n    app.on_event('startup')(print)", "may return before it registers"),
        ("    try:\n        app = FastAPI()\n        int('x')\n        app.on_event('startup')(print)\n"
         "    except ValueError:\n        pass\n    return app", "what fails before a handler is registered may be caught"),
        ("    app = FastAPI()\n    with suppress(ValueError):\n        int('x')\n        app.on_event('startup')(print)\n"
         "    return app", "what fails before a handler is registered may be caught"),
    ],
)  # fmt: skip
def test_an_application_that_may_be_there_without_its_handlers_keeps_them(factory: str, because: str) -> None:
    head = "from contextlib import suppress\nfrom fastapi import FastAPI"
    refused(app(f"def make():\n{factory}\n", head=head), because=because, flags=ONLY)


def test_a_block_that_lets_every_failure_pass_is_none_of_these() -> None:
    text = """
app = FastAPI()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")

    @app.on_event("startup")
    def start():
        step("start")
try:
    other = FastAPI()

    @other.on_event("startup")
    def never():
        step("never")
except ValueError:
    step("broken")
    raise
"""
    head = "import warnings\n\nfrom fastapi import FastAPI"
    outcome = check(app(text, head=head), flags=ONLY, run=drive("main.app", "start"))
    assert len(outcome.plan.changes) == 2


def test_an_application_behind_a_property_is_found() -> None:
    text = """
class Server:
    def __init__(self):
        self._app = FastAPI()

        @self.app.on_event("startup")
        def start():
            step("start")

    @property
    def app(self):
        return self._app


app = Server().app
"""
    outcome = check(app(text), flags=ONLY, run=drive("main.app", "start"))
    assert "self._app = FastAPI(lifespan=lifespan)" in outcome.files["main.py"]


def test_an_attribute_that_its_class_annotates_is_an_application_whose_origin_is_not_known() -> None:
    text = """
@dataclass
class Server:
    app: FastAPI = field(default_factory=FastAPI)

    def __post_init__(self):
        self.app.on_event("startup")(print)
"""
    head = "from dataclasses import dataclass, field\n\nfrom fastapi import FastAPI"
    refused(app(text, head=head), because="where the FastAPI is made cannot be told", flags=ONLY)
