"""LZ301, LZ302, LZ304: handlers become a lifespan that does the same, or stay with the true reason."""

from collections.abc import Mapping

import pytest

from lazify.testing import Outcome, check, refused, untouched
from tests.codemods.lifespans import RECORD, drive

ONLY = {"select": ("LZ3",)}
Files = Mapping[str, str]


def converted(
    before: Files, after: Files | None = None, *, run: str | None = None, **flags: object
) -> Outcome:
    outcome = check({"record.py": RECORD, **before}, after, flags={**ONLY, **flags}, run=run)
    assert [change.code[:3] for change in outcome.plan.changes], [r.reason for r in outcome.plan.refusals]
    return outcome


def kept(before: Files, *, because: str, **flags: object) -> Outcome:
    outcome = refused({"record.py": RECORD, **before}, because=because, flags={**ONLY, **flags})
    assert not outcome.plan.changes
    return outcome


def test_handlers_of_an_application_at_module_level_run_in_their_order() -> None:
    converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step

            app = FastAPI()


            # Connects before the rest.
            @app.on_event("startup")
            async def connect():
                step("connect")


            @app.on_event("shutdown")
            async def close():
                step("close")


            @app.on_event("startup")
            def warm():
                step("warm")


            @app.on_event("shutdown")
            def flush():
                step("flush")


            @app.get("/")
            def home():
                step("home")
            """
        },
        {
            "main.py": """
            from contextlib import asynccontextmanager

            from fastapi import FastAPI

            from record import step


            @asynccontextmanager
            async def lifespan(app: FastAPI):
                await connect()
                warm()
                try:
                    yield
                finally:
                    await close()
                    flush()


            app = FastAPI(lifespan=lifespan)


            # Connects before the rest.
            async def connect():
                step("connect")


            async def close():
                step("close")


            def warm():
                step("warm")


            def flush():
                step("flush")


            @app.get("/")
            def home():
                step("home")
            """
        },
        run=drive("main.app", "connect", "warm", "close", "flush"),
    )


def test_five_handlers_nested_in_a_factory_keep_their_closures() -> None:
    """As in letta 0.6.54."""
    outcome = converted(
        {
            "main.py": """
            import os

            from fastapi import FastAPI

            from record import step


            def create_application(name="letta") -> "FastAPI":
                debug = False
                app = FastAPI(
                    swagger_ui_parameters={"docExpansion": "none"},
                    # openapi_tags=TAGS,
                    title="Letta",
                    debug=debug,  # shows the stack
                )

                @app.on_event("startup")
                async def configure_executor():
                    step(f"configure {name}")

                @app.on_event("startup")
                def on_startup():
                    step("start")

                @app.on_event("shutdown")
                def shutdown_clients():
                    step("clients")

                @app.on_event("shutdown")
                def shutdown_scheduler():
                    step("scheduler")

                @app.get("/")
                def home():
                    return name

                if os.getenv("SECURE"):
                    print("secure")

                @app.on_event("shutdown")
                def on_shutdown():
                    step("over")

                return app


            app = create_application()
            """
        },
        run=drive("main.app", "configure letta", "start", "clients", "scheduler", "over"),
    )
    assert """    @asynccontextmanager
    async def lifespan(app: FastAPI):
        await configure_executor()
        on_startup()
        try:
            yield
        finally:
            shutdown_clients()
            shutdown_scheduler()
            on_shutdown()

    app = FastAPI(
        swagger_ui_parameters={"docExpansion": "none"},
        # openapi_tags=TAGS,
        title="Letta",
        debug=debug,  # shows the stack
        lifespan=lifespan,
    )
""" in outcome.files["main.py"]
    assert "on_event" not in outcome.files["main.py"]


def test_the_call_form_with_a_method_of_the_same_object() -> None:
    """As in chromadb 0.4.24."""
    outcome = converted(
        {
            "main.py": """
            import fastapi

            from record import step


            class Server:
                def __init__(self, name):
                    self._app = fastapi.FastAPI(debug=True)
                    self._name = name
                    self._app.on_event("shutdown")(self.shutdown)
                    self.router = fastapi.APIRouter()
                    self.router.add_api_route("/", self.home, methods=["GET"])
                    self._app.include_router(self.router)

                def shutdown(self) -> None:
                    step(f"stop {self._name}")

                def home(self):
                    return self._name

                def app(self) -> fastapi.FastAPI:
                    return self._app


            app = Server("chroma").app()
            """
        },
        run=drive("main.app", "stop chroma"),
    )
    assert """        @asynccontextmanager
        async def lifespan(app: fastapi.FastAPI):
            try:
                yield
            finally:
                self.shutdown()

        self._app = fastapi.FastAPI(debug=True, lifespan=lifespan)
        self._name = name
        self.router""" in outcome.files["main.py"]


def test_lists_of_handlers_become_the_lifespan_argument() -> None:
    """As in prefect 2.8.0."""
    outcome = converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step


            def create_app():
                async def run_migrations():
                    step("migrate")

                async def add_block_types():
                    step("blocks")

                def start_services():
                    step("services")

                async def stop_services():
                    step("stop")

                app = FastAPI(
                    title="Prefect",
                    on_startup=[
                        run_migrations,
                        # they need the tables
                        add_block_types,
                        start_services,
                    ],
                    on_shutdown=[stop_services],
                    version="1",
                )
                return app


            app = create_app()
            """
        },
        run=drive("main.app", "migrate", "blocks", "services", "stop"),
    )
    assert """        await run_migrations()
        # they need the tables
        await add_block_types()
        start_services()
""" in outcome.files["main.py"]
    assert """    app = FastAPI(
        title="Prefect",
        lifespan=lifespan,
        version="1",
    )
""" in outcome.files["main.py"]


def test_a_router_by_another_name_whose_handler_may_be_anything() -> None:
    """As in h2o-wave 0.25.2."""
    kept(
        {
            "main.py": """
            from starlette.applications import Router


            class App:
                def __init__(self, on_startup=None):
                    self.app = Router(on_startup=[self.register, on_startup or print])

                async def register(self): ...
            """
        },
        because="whether on_startup or print is to be awaited cannot be told",
    )


def test_one_handler_in_a_list_at_module_level() -> None:
    converted(
        {
            "main.py": """
            from fastapi import FastAPI
            from record import step


            def ready():
                step("ready")


            login_api = FastAPI(on_startup=[ready])
            """
        },
        {
            "main.py": """
            from contextlib import asynccontextmanager

            from fastapi import FastAPI
            from record import step


            def ready():
                step("ready")


            @asynccontextmanager
            async def lifespan(app: FastAPI):
                ready()
                yield


            login_api = FastAPI(lifespan=lifespan)
            """
        },
        run=drive("main.login_api", "ready"),
    )


def test_factories_of_handlers_are_called_once_where_they_were() -> None:
    outcome = converted(
        {
            "events.py": """
            from record import step


            def create_start_app_handler(app):
                step(f"made for {app.title}")

                async def start_app() -> None:
                    step("start")

                return start_app
            """,
            "main.py": """
            import functools

            from fastapi import FastAPI

            from events import create_start_app_handler
            from record import step


            def get_application() -> FastAPI:
                application = FastAPI(title="shop")
                application.add_event_handler(
                    "startup",
                    create_start_app_handler(application),
                )
                application.add_event_handler("shutdown", lambda: step("bye"))
                application.add_event_handler(event_type="shutdown", func=functools.partial(step, "part"))
                return application


            app = get_application()
            """,
        },
        run=drive("main.app", "start", "bye", "part"),
    )
    text = outcome.files["main.py"]
    assert "start_app_handler = create_start_app_handler(application)" in text
    assert "await start_app_handler()" in text
    assert "async def lifespan(app: FastAPI):" in text


def test_handlers_of_one_name_are_all_called() -> None:
    converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step

            app = FastAPI()


            @app.on_event("startup")
            def on_startup():
                step("one")


            @app.on_event("startup")
            def on_startup():
                step("two")
            """
        },
        run=drive("main.app", "one", "two"),
    )


def test_names_that_are_taken_are_left_alone() -> None:
    outcome = converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step

            lifespan = 3
            asynccontextmanager = 4
            app = FastAPI()


            @app.on_event("startup")
            def app_lifespan():
                step(str(lifespan + asynccontextmanager))
            """
        },
        run=drive("main.app", "7"),
    )
    assert (
        "@contextlib.asynccontextmanager\nasync def app_lifespan_2(app: FastAPI):" in outcome.files["main.py"]
    )


def test_handlers_in_another_module_are_imported_when_they_run() -> None:
    converted(
        {
            "shop/__init__.py": "",
            "shop/main.py": """
            from fastapi import FastAPI

            app = FastAPI()

            from . import events
            """,
            "shop/events.py": """
            from record import step
            from shop.main import app


            @app.on_event("startup")
            async def connect():
                step("connect")


            @app.get("/")
            def home():
                return 1
            """,
        },
        {
            "shop/main.py": """
            from contextlib import asynccontextmanager

            from fastapi import FastAPI


            @asynccontextmanager
            async def lifespan(app: FastAPI):
                from .events import connect

                await connect()
                yield


            app = FastAPI(lifespan=lifespan)

            from . import events
            """,
            "shop/events.py": """
            from record import step
            from shop.main import app


            async def connect():
                step("connect")


            @app.get("/")
            def home():
                return 1
            """,
        },
        run="import shop.main\n" + drive("shop.main.app", "connect"),
    )


def test_handlers_that_come_from_other_modules() -> None:
    outcome = converted(
        {
            "db.py": """
            from record import step


            async def connect():
                step("connect")


            def close():
                step("close")
            """,
            "main.py": """
            import db
            from db import connect
            from fastapi import FastAPI

            app = FastAPI()
            # The database first.
            app.add_event_handler("startup", connect)
            app.on_event("shutdown")(db.close)  # may take a while
            """,
        },
        run=drive("main.app", "connect", "close"),
    )
    assert "    # The database first.\n    await connect()\n" in outcome.files["main.py"]
    assert "        # may take a while\n        db.close()\n" in outcome.files["main.py"]


def test_a_subclass_of_the_framework() -> None:
    converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step


            class Service(FastAPI):
                def hello(self):
                    return 1


            app = Service(title="x")


            @app.on_event("startup")
            def connect():
                step("connect")
            """
        },
        run=drive("main.app", "connect"),
    )


def test_a_subclass_that_registers_in_its_own_constructor() -> None:
    outcome = converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step


            class Service(FastAPI):
                def __init__(self):
                    super().__init__(title="x")
                    self.add_event_handler("startup", self.connect)

                async def connect(self):
                    step("connect")


            app = Service()
            """
        },
        run=drive("main.app", "connect"),
    )
    assert 'super().__init__(title="x", lifespan=lifespan)' in outcome.files["main.py"]


def test_a_subclass_that_swallows_arguments_keeps_its_handlers() -> None:
    kept(
        {
            "main.py": """
            from fastapi import FastAPI


            class Service(FastAPI):
                def __init__(self, title):
                    super().__init__(title=title)


            app = Service("x")


            @app.on_event("startup")
            def connect():
                pass
            """
        },
        because="Service.__init__() does not hand lifespan= on",
    )


def test_a_handler_that_is_a_route_too() -> None:
    """As in gradio 3.50.2."""
    converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step

            app = FastAPI()


            @app.on_event("startup")
            @app.get("/")
            async def events():
                step("events")
                return True
            """
        },
        run=drive("main.app"),
    )


def test_the_same_function_for_both_events() -> None:
    converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step

            app = FastAPI()


            @app.on_event("shutdown")
            @app.on_event("startup")
            async def both():
                step("both")
            """
        },
        run=drive("main.app", "both"),
    )


def test_an_application_of_a_method_that_a_caller_fills_is_told_by_its_annotation() -> None:
    kept(
        {
            "main.py": """
            from fastapi import FastAPI


            def register(app: FastAPI) -> None:
                @app.on_event("startup")
                def start():
                    pass
            """
        },
        because="register() is given the FastAPI, which is made by its caller",
    )


def test_a_library_that_registers_on_what_its_user_passes_in_is_left_alone() -> None:
    """As in langserve 0.3.3 and fastapi-mqtt."""
    kept(
        {
            "pyproject.toml": """
            [build-system]
            requires = []
            [project]
            name = "langserve"
            version = "1"
            """,
            "server.py": """
            from typing import Union

            from fastapi import APIRouter, FastAPI


            def add_routes(app: Union[FastAPI, APIRouter], path: str) -> None:
                _setup_global_app_handlers(app, path)


            def _setup_global_app_handlers(app: Union[FastAPI, APIRouter], path: str) -> None:
                @app.on_event("startup")
                async def startup_event():
                    print(path)


            class FastMQTT:
                def init_app(self, app: FastAPI) -> None:
                    @app.on_event("startup")
                    async def startup() -> None:
                        print(self)
            """,
        },
        because="init_app() is given the FastAPI, which is made by its caller",
    )


@pytest.mark.parametrize(
    ("statement", "because"),
    [
        ("from langserve import add_routes\nadd_routes(app, chain)", "langserve.add_routes registers a startup handler"),
        ("import strange\nstrange.init(app)", "strange.init() is given the application"),
        ("from strange import Thing\nThing().attach(app=app)", "is given the application"),
        ("def setup(it):\n    it.add_event_handler('startup', start)\nsetup(app)\nsetup(app)", "setup() registers handlers and is used more than once"),
        ("async def again():\n    await app.router.startup()", "app.router.startup is used by itself"),
        ("app.router.on_startup.clear()", "app.router.on_startup is used by itself"),
        ("name = 'startup'\n@app.on_event(name)\ndef f(): ...", "which event it is for is computed"),
        ("if __debug__:\n    @app.on_event('startup')\n    def f(): ...", "only under a condition"),
        ("for i in range(3):\n    @app.on_event('startup')\n    def f(): ...", "in a loop"),
        ("def main():\n    @app.on_event('startup')\n    def f(): ...", "main() registers a handler whenever it runs"),
        ("from strange import wrap\n@app.on_event('startup')\n@wrap\ndef f(): ...", "whether f is to be awaited cannot be told"),
        ("from strange import wrap\n@wrap\n@app.on_event('startup')\ndef f(): ...", "a decorator makes something else of f"),
        ("from strange import handler\napp.add_event_handler('startup', handler)", "whether handler is to be awaited"),
        ("f = app.on_event('startup')", "is used in another way than as a decorator"),
        ("on = app.on_event\n@on('startup')\ndef f(): ...", "on_event is taken from the application"),
        ("getattr(app, 'add_event_handler')('startup', print)", "add_event_handler is taken from the application"),
        ("getattr(app.router, 'on_startup').append(print)", "on_startup is taken from the application"),
        ("app.router.on_startup += [print]", "app.router.on_startup is used by itself"),
        ("app.router.on_startup.insert(0, print)", "app.router.on_startup is used by itself"),
        ("from fastapi import APIRouter\nr = APIRouter()\n@r.on_event('startup')\ndef f(): ...\napp.include_router(r)", "it includes a router with handlers"),
    ],
)  # fmt: skip
def test_what_may_come_out_otherwise_stays(statement: str, because: str) -> None:
    before = (
        "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        '@app.on_event("startup")\nasync def start():\n    pass\n\n\n'
    )
    kept({"main.py": before + statement + "\n"}, because=because)


@pytest.mark.parametrize(
    "statement",
    [
        "import uvicorn\nuvicorn.run(app)",
        "from mangum import Mangum\nhandler = Mangum(app)",
        "from prometheus_fastapi_instrumentator import Instrumentator\nInstrumentator().instrument(app).expose(app)",
        "from starlette.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware)",
        "def setup(it):\n    it.state.x = 1\nsetup(app)",
        "class Registry:\n    def __init__(self, app):\n        self.app = app\nRegistry(app)",
        "print(app, id(app))",
        "other = FastAPI()\nother.mount('/', app)",
    ],
)
def test_what_leaves_handlers_alone_is_no_reason_to_refuse(statement: str) -> None:
    before = (
        "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n"
        '@app.on_event("startup")\nasync def start():\n    pass\n\n\n'
    )
    converted({"main.py": before + statement + "\n"})


def test_tests_that_run_the_handlers_themselves_keep_them() -> None:
    kept(
        {
            "main.py": """
            from fastapi import FastAPI

            app = FastAPI()


            @app.on_event("startup")
            def start():
                pass
            """,
            "tests/test_main.py": """
            async def test_start(application):
                await application.router.startup()
            """,
        },
        because="application.router.startup is used by itself (test_main.py:2)",
    )


def test_a_name_that_tests_patch_still_reaches_the_handler_late_no_more_than_before() -> None:
    outcome = converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step

            app = FastAPI()


            @app.on_event("startup")
            def start():
                step("start")
            """,
            "tests/test_main.py": """
            from unittest.mock import patch


            def test_start():
                with patch("main.start"):
                    pass
            """,
        },
        run=drive("main.app", "start"),
    )
    assert "start_handler = start\n" in outcome.files["main.py"]


ROUTER = """
from fastapi import APIRouter, FastAPI

router = APIRouter()
app = FastAPI()


@router.on_event("startup")
async def startup_event():
    pass


app.include_router(router)
"""


@pytest.mark.parametrize(
    ("stated", "main", "because"),
    [
        ("", ROUTER, "no requirement of the project says which"),
        ("fastapi>=0.100", ROUTER, "no requirement of the project says which"),
        ("fastapi>=0.112.2", ROUTER, "a lifespan would run them once"),
        ("fastapi==0.115.0", ROUTER, "a lifespan would run them once"),
        ("fastapi~=0.111.0", f"{ROUTER}app.include_router(router)\n", "not included in one application, once"),
        ("fastapi<0.112", ROUTER.replace("app.include_router(router)", ""), "not included in one application"),
        (
            "fastapi<0.112",
            f"{ROUTER}\n@router.on_event('shutdown')\ndef stop(): ...\n",
            "may be registered after the application has included it",
        ),
        (
            "fastapi<0.112",
            ROUTER.replace("app.include_router(router)", "if __debug__:\n    app.include_router(router)"),
            "only under a condition",
        ),
        ("fastapi<0.112", f"{ROUTER}\nimport strange\nstrange.use(router)\n", "strange.use() is given"),
        ("fastapi<0.112", ROUTER.replace("APIRouter()", "APIRouter(on_shutdown=[print])"), "may be registered after"),
        ("fastapi<0.112", ROUTER.replace("FastAPI()", "FastAPI(lifespan=print)"), "they never run"),
    ],
)  # fmt: skip
def test_routers_keep_their_handlers_with_the_reason(stated: str, main: str, because: str) -> None:
    kept({"main.py": main, "requirements.txt": f"{stated}\n"}, because=because)


def test_an_application_that_includes_a_router_with_such_a_router_keeps_its_handlers() -> None:
    main = f"""{ROUTER.replace("app.include_router(router)", "")}
outer = APIRouter()
outer.include_router(router)
app.include_router(outer)


@app.on_event("startup")
def start(): ...
"""
    outcome = kept({"main.py": main}, because="it includes a router with handlers")
    assert len(outcome.plan.refusals) == 2


def test_a_handler_that_each_run_registers_again_stays() -> None:
    """As in skypilot."""
    kept(
        {
            "main.py": """
            import fastapi
            import uvicorn


            class LoadBalancer:
                def __init__(self):
                    self._app = fastapi.FastAPI()

                def run(self):
                    @self._app.on_event("startup")
                    async def startup():
                        pass

                    uvicorn.run(self._app)
            """
        },
        because="run() registers a handler whenever it runs, and the application is made elsewhere",
    )


def test_arguments_from_a_caller_may_hold_a_lifespan() -> None:
    kept(
        {
            "main.py": """
            from fastapi import FastAPI


            def create(app_kwargs=None):
                app_kwargs = app_kwargs or {}
                app = FastAPI(**app_kwargs)

                @app.on_event("startup")
                def start():
                    pass

                return app
            """
        },
        because="**app_kwargs may hold a lifespan or handlers already",
    )


@pytest.mark.parametrize(
    ("main", "because"),
    [
        ("HANDLERS = [print]\napp = FastAPI(on_startup=HANDLERS)\n", "the handlers of on_startup= are not listed there"),
        ("app = FastAPI(on_shutdown=[*[print]])\n", "the handlers of on_shutdown= are not listed there"),
        ("NAME = 'startup'\napp = FastAPI()\n@app.on_event(NAME)\ndef f(): ...\n", "which event it is for is computed"),
        ("class S:\n    app = FastAPI()\n    @app.on_event('startup')\n    def f(): ...\n", "made in a class body"),
    ],
)  # fmt: skip
def test_handlers_that_cannot_be_read_are_reported(main: str, because: str) -> None:
    kept({"main.py": f"from fastapi import FastAPI\n{main}"}, because=because)


def test_a_class_that_hands_handlers_on_has_none_of_its_own() -> None:
    untouched(
        {
            "main.py": """
            from fastapi import FastAPI


            class Service(FastAPI):
                def __init__(self, on_startup=None, **rest):
                    super().__init__(on_startup=on_startup, **rest)
            """
        },
        flags=ONLY,
    )


def test_an_early_return_leaves_handlers_unregistered() -> None:
    kept(
        {
            "main.py": """
            from fastapi import FastAPI


            def create(plain):
                app = FastAPI()
                if plain:
                    return app

                @app.on_event("startup")
                def start():
                    pass

                return app
            """
        },
        because="the function may return before it registers the handler",
    )


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", "[project]\nname = 'x'\nversion = '1'\ndependencies = ['fastapi>=0.68']\n"),
        ("pyproject.toml", "[tool.poetry.dependencies]\nfastapi = '^0.88.0'\n"),
        ("requirements.txt", "fastapi[all]==0.92.0\n"),
        ("requirements-dev.txt", "fastapi < 0.93  # old\n"),
        ("setup.cfg", "[options]\ninstall_requires =\n    fastapi>=0.70\n"),
        (
            "PKG-INFO",
            "Metadata-Version: 2.1\nName: x\nRequires-Dist: fastapi (>=0.90,<1) ; extra == 'server'\n",
        ),
        ("x-1.dist-info/METADATA", "Metadata-Version: 2.1\nRequires-Dist: fastapi>=0.70\n\nText.\n"),
        ("setup.py", "from setuptools import setup\nsetup(install_requires=['fastapi >= 0.70'])\n"),
    ],
)
def test_a_requirement_that_admits_a_fastapi_without_lifespan_is_a_reason(file: str, text: str) -> None:
    main = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.on_event('startup')\ndef start(): ...\n"
    kept({"main.py": main, file: text}, because="FastAPI before 0.93 never runs lifespan=")


@pytest.mark.parametrize("stated", ["", ">=0.93", "==0.115.*", "~=0.104", "<1", ">0.92.9,<2", "!=0.100"])
def test_other_requirements_are_none(stated: str) -> None:
    main = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.on_event('startup')\ndef start(): ...\n"
    files = {"main.py": main, "requirements.txt": f"fastapi{stated}\n"}
    if stated.startswith(">0.92"):
        kept(files, because="FastAPI before 0.93")
    else:
        converted(files)


@pytest.mark.parametrize(("starlette", "is_enough"), [(">=1.0.1", True), (">=0.25", False), ("", False)])
def test_a_new_starlette_comes_with_a_new_fastapi(starlette: str, is_enough: bool) -> None:
    """As in feast 0.67.0."""
    files = {"main.py": PLAIN, "requirements.txt": f"fastapi>=0.68\nstarlette{starlette}\n"}
    if is_enough:
        converted(files)
    else:
        kept(files, because="FastAPI before 0.93 never runs lifespan=")


def test_starlette_has_a_minimum_of_its_own() -> None:
    main = "from starlette.applications import Starlette\n\n\ndef go(): ...\n\n\napp = Starlette(on_startup=[go])\n"
    kept(
        {"main.py": main, "requirements.txt": "starlette>=0.13\n"},
        because="Starlette before 0.16 cannot run such a lifespan",
    )
    converted({"main.py": main, "requirements.txt": "starlette>=0.16\nfastapi==0.50\n"})


def test_handlers_beside_a_lifespan_are_reported() -> None:
    before = {
        "main.py": """
        from contextlib import asynccontextmanager

        from fastapi import FastAPI

        from record import step


        @asynccontextmanager
        async def lifespan(app):
            step("begin")
            yield {"a": 1}
            step("end")


        app = FastAPI(lifespan=lifespan)


        @app.on_event("startup")
        def start():
            step("start")


        @app.on_event("shutdown")
        async def stop():
            step("stop")
        """
    }
    outcome = kept(before, because="they never run")
    assert [refusal.code for refusal in outcome.plan.refusals] == ["LZ304"]
    merged = converted(before, merge_lifespan=True).files["main.py"]
    assert (
        """@asynccontextmanager
async def lifespan_with_handlers(app: FastAPI):
    async with lifespan(app) as state:
        start()
        try:
            yield state
        finally:
            await stop()


app = FastAPI(lifespan=lifespan_with_handlers)
"""
        in merged
    )


def test_comments_take_findings_out() -> None:
    untouched(
        {
            "main.py": """
            from fastapi import FastAPI

            app = FastAPI()


            @app.on_event("startup")  # lazify: ignore[LZ301]
            def start():
                pass
            """
        },
        flags=ONLY,
    )


def test_only_real_applications_are_meant() -> None:
    untouched(
        {
            "main.py": """
            from discord import Client, FastAPI

            client = Client()
            app = FastAPI()


            @client.on_event("ready")
            def ready():
                pass


            @app.on_event("startup")
            def start():
                pass


            class Emitter:
                def on_event(self, name):
                    return print

                def add_event_handler(self, name, function):
                    pass


            Emitter().add_event_handler("startup", print)
            """
        },
        flags=ONLY,
    )


def test_a_second_application_of_the_module_gets_a_lifespan_of_its_own() -> None:
    outcome = converted(
        {
            "main.py": """
            from fastapi import FastAPI
            from starlette.applications import Starlette

            from record import step


            async def on_start():
                step("started")


            admin = FastAPI(on_startup=[on_start])
            app = FastAPI()
            app.mount("/admin", admin)


            @app.on_event("startup")
            def start():
                step("start")
            """
        },
        run=drive("main.app", "start") + drive("main.admin", "started"),
    )
    assert "lifespan=lifespan" in outcome.files["main.py"]
    assert "lifespan=app_lifespan" in outcome.files["main.py"]


MOTOR = """
print("motor")


class AsyncIOMotorClient:
    def __init__(self, url):
        self._socket = open("pyproject.toml")
        print("connects to", url)

    def __getitem__(self, name):
        return self

    def close(self):
        print("closes")
"""
SERVICE = """
import os

from fastapi import FastAPI

from motor import AsyncIOMotorClient

client = AsyncIOMotorClient(os.environ["MONGO_URL"])
db = client[os.environ["DB_NAME"]]
app = FastAPI()


@app.get("/")
def home():
    return db is None


@app.on_event("shutdown")
async def shutdown_db_client():
    if client:
        client.close()
"""
USE = """
import os

os.environ |= {"MONGO_URL": "mongo", "DB_NAME": "db"}
from starlette.testclient import TestClient

import main

with TestClient(main.app) as http:
    if VISIT:
        http.get("/")
print("over")
"""


def test_shutting_down_does_not_make_a_lazy_client_in_order_to_close_it() -> None:
    """Row S11: the getters of one step and the lifespan of another in one run."""
    outcome = check({"motor.py": MOTOR, "main.py": SERVICE}, run=USE.replace("VISIT", "True"))
    codes = {change.code for change in outcome.plan.changes}
    assert codes == {"LZ101", "LZ103", "LZ301"}, codes
    text = outcome.files["main.py"]
    assert "async def lifespan(app: FastAPI):" in text
    assert "    if _client:\n        _client.close()\n" in text
    files = {**outcome.files, "main.py": text}
    unused = check(files, run=USE.replace("VISIT", "False") + "assert main._client is None\n")
    assert not unused.plan.changes


def test_shutdown_handlers_go_away_when_asked() -> None:
    outcome = check({"motor.py": MOTOR, "main.py": SERVICE}, flags={"on_event": "remove"})
    assert {change.code for change in outcome.plan.changes} == {"LZ101", "LZ103", "LZ303"}
    text = outcome.files["main.py"]
    assert "lifespan" not in text
    assert text.endswith(
        "# shutdown_db_client() is not registered for shutdown: serverless platforms never call it.\n"
    )


def test_a_shutdown_handler_that_something_else_calls_stays_callable() -> None:
    outcome = converted(
        {
            "main.py": """
            from fastapi import FastAPI

            app = FastAPI(on_shutdown=[print])


            def close():
                pass


            # closes
            @app.on_event("shutdown")
            def stop():
                pass


            app.add_event_handler("shutdown", close)  # last


            @app.post("/stop")
            def now():
                stop()
            """
        },
        {
            "main.py": """
            from fastapi import FastAPI

            app = FastAPI()


            def close():
                pass


            # stop() is not registered for shutdown: serverless platforms never call it.
            # closes
            def stop():
                pass


            # close() is not registered for shutdown: serverless platforms never call it.
            # last


            @app.post("/stop")
            def now():
                stop()
            """
        },
        on_event="remove",
    )
    assert [change.code for change in outcome.plan.changes] == ["LZ303"]


UVICORN = """
import asyncio
import socket
import urllib.request
import warnings

warnings.simplefilter("ignore")
import uvicorn

import main


async def serve():
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(main.app, log_level="critical", lifespan="on")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    if server.started:
        url = "http://127.0.0.1:%s/" % listening.getsockname()[1]
        print(await asyncio.to_thread(lambda: urllib.request.urlopen(url).read()))
    server.should_exit = True
    await task
    print("started", server.started)


for fail in ["", "connect", "close"]:
    print("fails:", fail)
    os.environ["FAIL"] = fail
    try:
        asyncio.run(serve())
    except SystemExit as stop:
        print("exits", stop.code)
"""


def test_a_real_server_sees_no_difference() -> None:
    pytest.importorskip("uvicorn")
    converted(
        {
            "main.py": """
            from fastapi import FastAPI

            from record import step

            app = FastAPI()


            @app.on_event("startup")
            async def connect():
                step("connect")


            @app.on_event("shutdown")
            def close():
                step("close")


            @app.get("/")
            def home():
                step("home")
            """
        },
        run="import os\n" + UVICORN,
    )


PLAIN = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.on_event('startup')\ndef start(): ...\n"


@pytest.mark.parametrize(
    ("files", "note"),
    [
        ({"vercel.json": "{}"}, "vercel.json: Vercel runs startup when an instance begins"),
        ({"serverless.yml": "service: x\n"}, "serverless.yml: AWS Lambda starts no lifespan by itself"),
        ({"template.yaml": "Resources: {}\n"}, "template.yaml: AWS Lambda starts no lifespan by itself"),
        ({"Procfile": "web: uvicorn main:app --lifespan off\n"}, "Procfile: uvicorn is told --lifespan off"),
        (
            {"Dockerfile": 'CMD ["uvicorn", "main:app"]\n'},
            "Dockerfile: the server that is started there runs",
        ),
        (
            {"service.yaml": "apiVersion: serving.knative.dev/v1\n"},
            "service.yaml: Cloud Run starts the container",
        ),
        (
            {"cloudbuild.yaml": "steps:\n- args:\n  - run\n  - deploy\n  - shop\n"},
            "cloudbuild.yaml: Cloud Run starts",
        ),
        (
            {"pyproject.toml": "[tool.poe.tasks]\nserve = 'uvicorn main:app'\n"},
            "pyproject.toml: the server that is",
        ),
        ({"compose.yaml": "command:\n  - uvicorn\n  - main:app\n"}, "compose.yaml: the server that is"),
        (
            {
                "api.py": "from mangum import Mangum\nfrom main import app\nhandler = Mangum(app, lifespan='off')\n"
            },
            "Mangum runs neither startup nor shutdown (api.py:3)",
        ),
        (
            {"api.py": "from mangum import Mangum\nfrom main import app\nhandler = Mangum(app)\n"},
            "Mangum runs startup before and shutdown after every single invocation (api.py:3)",
        ),
        (
            {
                "api.py": "from mangum import Mangum\nfrom main import app, MODE\nhandler = Mangum(app, MODE)\n"
            },
            "Mangum decides by its lifespan argument",
        ),
    ],
)
def test_a_change_says_whether_the_lifespan_runs_where_the_project_is_deployed(
    files: Files, note: str
) -> None:
    outcome = converted({"main.py": PLAIN, **files})
    assert any(note in each for each in outcome.plan.changes[0].notes), outcome.plan.changes[0].notes


@pytest.mark.parametrize(
    "files",
    [
        {"logging.yml": "loggers:\n  uvicorn:\n    level: INFO\n  uvicorn.error: {level: INFO}\n"},
        {
            "pyproject.toml": "[project]\nname = 'x'\nversion = '1'\ndependencies = ['uvicorn>=0.20', 'fastapi']\n"
        },
    ],
)
def test_the_name_of_a_server_is_no_command_that_starts_it(files: Files) -> None:
    notes = converted({"main.py": PLAIN, **files}).plan.changes[0].notes
    assert not [note for note in notes if "the server that is started there" in note]


def test_a_change_in_a_library_says_who_else_is_concerned() -> None:
    project = '[build-system]\nrequires = []\n[project]\nname = "x"\nversion = "1"\n'
    outcome = converted({"main.py": PLAIN, "pyproject.toml": project})
    assert "from outside are silenced" in outcome.plan.changes[0].notes[0]
