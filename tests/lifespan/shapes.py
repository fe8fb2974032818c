"""Shapes in which applications register handlers: each is converted, and must do the same before and after."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.version import Version

RECORD = """
import os

steps = []


def step(name):
    steps.append(name)
    if os.environ.get("FAIL") == name:
        raise RuntimeError(name)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One small project."""

    name: str
    files: Mapping[str, str]
    app: str = "main:app"
    fails: tuple[str, ...] = ()
    """The steps that are made to raise, one after the other."""
    is_gone: bool = False
    """Starlette 1.0 has no such way any more, nor has the FastAPI that stands on it."""
    framework: str = "fastapi"
    since: str | None = None
    until: str | None = None
    """The versions of FastAPI that its requirements admit: from `since` on, before `until`."""
    flags: Mapping[str, object] = field(default_factory=dict)
    servers: tuple[str, ...] = ("client", "requests", "uvicorn")

    def runs_with(self, framework: str, version: str) -> bool:
        """Tell whether it is made for this version of FastAPI or Starlette."""
        if framework == "starlette":
            return self.framework == framework
        found = Version(version)
        return (self.since is None or Version(self.since) <= found) and (
            self.until is None or found < Version(self.until)
        )


def _main(text: str) -> Mapping[str, str]:
    return {"main.py": text}


DECORATORS = Shape(
    name="decorators",
    fails=("connect", "warm", "close", "flush"),
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


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
            return "home"
        """),
)
FACTORY = Shape(
    name="factory",
    fails=("configure letta", "over"),
    files=_main("""
        from fastapi import FastAPI

        from record import step


        def create_application(name="letta") -> "FastAPI":
            app = FastAPI(title="Letta")

            @app.on_event("startup")
            async def configure():
                step(f"configure {name}")

            @app.get("/")
            def home():
                return name

            @app.on_event("shutdown")
            def on_shutdown():
                step("over")

            return app


        app = create_application()
        """),
)
CALLED = Shape(
    name="called",
    fails=("stop chroma",),
    files=_main("""
        import fastapi

        from record import step


        class Server:
            def __init__(self, name):
                self._app = fastapi.FastAPI(debug=True)
                self._name = name
                self._app.on_event("shutdown")(self.shutdown)

            def shutdown(self) -> None:
                step(f"stop {self._name}")

            def app(self) -> fastapi.FastAPI:
                return self._app


        app = Server("chroma").app()
        """),
)
LISTS = Shape(
    name="lists",
    fails=("migrate", "serve", "stop"),
    files=_main("""
        from fastapi import FastAPI

        from record import step


        async def migrate():
            step("migrate")


        def serve():
            step("serve")


        async def stop():
            step("stop")


        app = FastAPI(title="Prefect", on_startup=[migrate, serve], on_shutdown=(stop,))
        """),
)
ROUTER_OF_THE_APPLICATION = Shape(
    name="router of the application",
    fails=("connect", "close"),
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        async def connect():
            step("connect")


        def close():
            step("close")


        app.router.add_event_handler("startup", connect)
        app.router.add_event_handler("shutdown", close)
        """),
)
APPENDED = Shape(
    name="appended",
    fails=("connect", "close"),
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        async def connect():
            step("connect")


        def close():
            step("close")


        app.router.on_startup.append(connect)
        app.router.on_shutdown.append(close)
        """),
)
FACTORIES_OF_HANDLERS = Shape(
    name="factories of handlers",
    is_gone=True,
    fails=("start", "bye"),
    files={
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
                application.add_event_handler("startup", create_start_app_handler(application))
                application.add_event_handler("shutdown", lambda: step("bye"))
                application.add_event_handler("shutdown", func=functools.partial(step, "part"))
                return application


            app = get_application()
            """,
    },
)
ONE_NAME = Shape(
    name="one name for two handlers",
    fails=("two",),
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        @app.on_event("startup")
        def on_startup():
            step("one")


        @app.on_event("startup")
        async def on_startup():
            step("two")
        """),
)
TWICE = Shape(
    name="registered twice",
    fails=("both",),
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        @app.on_event("shutdown")
        @app.on_event("startup")
        @app.on_event("startup")
        async def both():
            step("both")


        app.on_event("startup")(both)
        """),
)
BOUND_LATER = Shape(
    name="names bound later",
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        @app.on_event("startup")
        def start():
            global ready
            ready = True
            step(later())


        def later():
            return "later"


        ready = False


        @app.get("/")
        def home():
            return ready


        start = "something else"
        """),
)
CLEARED = Shape(
    name="handler deleted",
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        @app.on_event("startup")
        def start():
            step("start")


        del start
        """),
)
GENERATORS = Shape(
    name="generators are called and dropped",
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        @app.on_event("startup")
        async def lifespan():
            step("never")
            yield
            step("never either")


        @app.on_event("startup")
        def start():
            step("start")


        @app.on_event("shutdown")
        def stop():
            step("never")
            yield
        """),
)
ELSEWHERE = Shape(
    name="elsewhere",
    app="shop.main:app",
    fails=("connect",),
    files={
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
)
IMPORTED = Shape(
    name="imported handlers",
    fails=("connect", "close"),
    files={
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
            app.on_event("startup")(connect)
            app.on_event("shutdown")(db.close)
            """,
    },
)
SUBCLASS = Shape(
    name="subclass",
    is_gone=True,
    fails=("connect", "warm"),
    files=_main("""
        from fastapi import FastAPI

        from record import step


        class Service(FastAPI):
            def __init__(self, **rest):
                super().__init__(title="x", **rest)


        class Own(FastAPI):
            def __init__(self):
                super().__init__(title="x")
                self.add_event_handler("startup", self.connect)

            async def connect(self):
                step("connect")


        own = Own()
        app = Service()
        app.mount("/own", own)


        @app.on_event("startup")
        def warm():
            step("warm")
        """),
)
MOUNTED = Shape(
    name="mounted applications start nothing",
    fails=("start",),
    files=_main("""
        from fastapi import FastAPI

        from record import step

        admin = FastAPI()
        app = FastAPI()
        app.mount("/admin", admin)


        @admin.on_event("startup")
        def never():
            step("never")


        @app.on_event("startup")
        def start():
            step("start")


        @admin.on_event("shutdown")
        def never_either():
            step("never either")


        @admin.get("/")
        def of_admin():
            return "admin"


        @app.get("/")
        def home():
            return "home"
        """),
)
MOUNTED_ALONE = Shape(
    name="a mounted application started by itself", app="main:admin", files=MOUNTED.files, fails=("never",)
)
STATE = Shape(
    name="state of a router's lifespan",
    fails=("start", "router"),
    files=_main("""
        from contextlib import asynccontextmanager

        from fastapi import APIRouter, Depends, FastAPI, Request

        from record import step


        @asynccontextmanager
        async def open_pool(app):
            step("router")
            yield {"pool": 3}
            step("router closes")


        router = APIRouter(lifespan=open_pool)
        app = FastAPI()


        def pool(request: Request):
            return getattr(request.state, "pool", None)


        @router.get("/")
        def home(found=Depends(pool)):
            return found


        @app.on_event("startup")
        def start():
            step("start")


        @app.on_event("shutdown")
        def stop():
            step("stop")


        app.include_router(router)
        """),
)
APP_STATE = Shape(
    name="state of the application",
    files=_main("""
        import contextvars

        from fastapi import FastAPI, Request

        from record import step

        app = FastAPI()
        name = contextvars.ContextVar("name", default="nobody")


        @app.on_event("startup")
        async def start():
            app.state.pool = ["open"]
            name.set("somebody")


        @app.on_event("startup")
        async def tell():
            step(name.get())


        @app.on_event("shutdown")
        async def stop():
            step(app.state.pool.pop())
            step(name.get())


        @app.get("/")
        async def home(request: Request):
            return getattr(request.app.state, "pool", None), name.get()
        """),
)
TASKS = Shape(
    name="tasks of a handler go on",
    files=_main("""
        import asyncio

        from fastapi import FastAPI

        from record import step

        app = FastAPI()
        tasks = []


        async def tick():
            try:
                await asyncio.Event().wait()
            finally:
                step("cancelled")


        @app.on_event("startup")
        async def start():
            tasks.append(asyncio.create_task(tick()))
            await asyncio.sleep(0)


        @app.on_event("shutdown")
        async def stop():
            task = tasks.pop()
            task.cancel()
            await asyncio.wait([task])
            step("stopped")
        """),
)
ROUTE = Shape(
    name="a handler that is a route",
    files=_main("""
        from fastapi import FastAPI

        from record import step

        app = FastAPI()


        @app.get("/")
        @app.on_event("startup")
        async def events():
            step("events")
            return True
        """),
)
METHODS = Shape(
    name="methods and static methods",
    files=_main("""
        from fastapi import FastAPI

        from record import step


        class Pool:
            def __init__(self, name):
                self.name = name

            async def open(self):
                step(f"open {self.name}")

            @staticmethod
            def warm():
                step("warm")

            def close(self):
                step(f"close {self.name}")


        pool = Pool("one")
        app = FastAPI()
        app.on_event("startup")(pool.open)
        app.on_event("startup")(Pool.warm)
        app.on_event("shutdown")(pool.close)
        pool = Pool("two")
        """),
)
NESTED_APPS = Shape(
    name="several applications of one factory",
    app="main:second",
    fails=("start b",),
    files=_main("""
        from fastapi import FastAPI

        from record import step


        def make(name):
            app = FastAPI()

            @app.on_event("startup")
            def start():
                step(f"start {name}")

            return app


        first, second = make("a"), make("b")
        """),
)
WRAPPED = Shape(
    name="the name is bound again to what wraps it",
    fails=("start",),
    files=_main("""
        from fastapi import FastAPI
        from starlette.middleware.gzip import GZipMiddleware

        from record import step

        app = FastAPI()


        @app.on_event("startup")
        def start():
            step("start")


        @app.get("/")
        def home():
            return "home"


        app = GZipMiddleware(app)
        """),
)
STARLETTE_LISTS = Shape(
    name="lists of Starlette",
    framework="starlette",
    is_gone=True,
    fails=("start", "stop"),
    files=_main("""
        from starlette.applications import Starlette
        from starlette.responses import PlainTextResponse
        from starlette.routing import Route

        from record import step


        async def start():
            step("start")


        def stop():
            step("stop")


        def home(request):
            return PlainTextResponse("home")


        app = Starlette(routes=[Route("/", home)], on_startup=[start], on_shutdown=[stop])
        """),
)
STARLETTE_CALLS = Shape(
    name="calls of Starlette",
    framework="starlette",
    is_gone=True,
    fails=("start", "warm", "stop"),
    files=_main("""
        from starlette.applications import Starlette

        from record import step

        app = Starlette()


        @app.on_event("startup")
        async def start():
            step("start")


        @app.on_event("shutdown")
        def stop():
            step("stop")


        def warm():
            step("warm")


        app.add_event_handler("startup", warm)
        """),
)
STARLETTE_ROUTER = Shape(
    name="router of Starlette",
    framework="starlette",
    is_gone=True,
    fails=("start",),
    files=_main("""
        from starlette.responses import PlainTextResponse
        from starlette.routing import Route, Router

        from record import step


        def start():
            step("start")


        def home(request):
            return PlainTextResponse("home")


        app = Router([Route("/", home)], on_startup=[start])
        """),
)
ROUTERS = Shape(
    name="routers that the application copies",
    until="0.112.2",
    fails=("own first", "of items", "of users", "users stop", "own stops"),
    files={
        "requirements.txt": "fastapi>=0.93,<0.112.2\n",
        "routers/__init__.py": "",
        "routers/users.py": """
            from fastapi import APIRouter

            from record import step

            router = APIRouter()


            @router.on_event("startup")
            async def connect():
                step("of users")


            @router.on_event("shutdown")
            def close():
                step("users stop")


            @router.get("/")
            def home():
                return "users"
            """,
        "main.py": """
            from fastapi import APIRouter, FastAPI

            from record import step
            from routers import users

            items = APIRouter()


            @items.on_event("startup")
            async def of_items():
                step("of items")


            @items.on_event("startup")
            def connect():
                step("of items, too")


            def create_app():
                app = FastAPI()

                @app.on_event("startup")
                def own_first():
                    step("own first")

                app.include_router(users.router)
                app.include_router(items, prefix="/items")

                @app.on_event("startup")
                def own_last():
                    step("own last")

                @app.on_event("shutdown")
                def own_stops():
                    step("own stops")

                return app


            app = create_app()
            """,
    },
)
_OF_A_PACKAGE = """
            from fastapi import APIRouter

            from record import step

            router = APIRouter()


            @router.on_event("shutdown")
            @router.on_event("startup")
            async def both():
                step(__name__)
            """
ONE_NAME_IN_ROUTERS = Shape(
    name="handlers of one name in several routers",
    app="shop.main:app",
    until="0.112.2",
    fails=("shop.items",),
    files={
        "setup.cfg": "[options]\ninstall_requires = fastapi<0.110\n",
        "shop/__init__.py": "",
        "shop/items/__init__.py": _OF_A_PACKAGE,
        "shop/users/__init__.py": _OF_A_PACKAGE,
        "shop/main.py": """
            from fastapi import FastAPI

            from . import items
            from .users import router as users

            app = FastAPI()
            app.include_router(router=users)
            app.include_router(items.router)
            """,
    },
)
LITELLM = Shape(
    name="a router of the same module",
    until="0.112.2",
    fails=("start", "stop"),
    files={
        "requirements.txt": "fastapi>=0.111.0,<0.112.0\n",
        "main.py": """
            from fastapi import APIRouter, FastAPI

            from record import step

            app = FastAPI()
            router = APIRouter()


            @router.on_event("startup")
            async def startup_event():
                step("start")


            @router.on_event("shutdown")
            async def shutdown_event():
                step("stop")


            app.include_router(router)
            """,
    },
)
JOINED = Shape(
    name="a router in an application with a lifespan",
    since="0.112.2",
    fails=("start", "stop", "app"),
    files={
        "requirements.txt": "fastapi>=0.112.2\n",
        "main.py": """
            from contextlib import asynccontextmanager

            from fastapi import APIRouter, FastAPI, Request

            from record import step


            @asynccontextmanager
            async def lifespan(app):
                step("app")
                yield {"pool": 3}
                step("app stops")


            router = APIRouter()
            app = FastAPI(lifespan=lifespan)


            @router.on_event("startup")
            async def startup_event():
                step("start")


            @router.get("/")
            def home(request: Request):
                return request.state.pool


            app.include_router(router)


            @router.on_event("shutdown")
            async def shutdown_event():
                step("stop")
            """,
    },
)
REGISTRARS = Shape(
    name="functions that are given the application",
    is_gone=True,
    fails=("connect", "warm", "start", "close", "flush", "stop"),
    files={
        "service/__init__.py": "",
        "service/events.py": """
            from typing import Callable

            from fastapi import FastAPI

            from record import step


            async def connect():
                step("connect")


            def create_stop_handler(app: FastAPI) -> Callable:
                step(f"made for {app.title}")

                async def stop():
                    step("stop")

                return stop


            def register(app: FastAPI) -> None:
                title = app.title
                app.add_event_handler("startup", connect)

                @app.on_event("startup")
                def warm():
                    step(f"warm {title}")
                    step("warm")

                @app.on_event("shutdown")
                async def close():
                    step("close")

                app.state.is_wired = True


            def register_rest(application):
                application.router.add_event_handler("shutdown", create_stop_handler(application))

                @application.get("/")
                def home():
                    return application.state.is_wired
            """,
        "main.py": """
            from fastapi import FastAPI

            from record import step
            from service import events


            def create_app() -> FastAPI:
                from service.events import register

                app = FastAPI(title="Shop")
                register(app)

                @app.on_event("startup")
                async def start():
                    step("start")

                @app.on_event("shutdown")
                def flush():
                    step("flush")

                events.register_rest(application=app)
                return app


            app = create_app()
            """,
    },
)
LATE_REGISTRARS = Shape(
    name="functions that use on_event of what they are given",
    fails=("startup", "shutdown"),
    files={
        "lifetime.py": """
            from typing import Awaitable, Callable, Optional

            from fastapi import FastAPI

            from record import step


            def register_startup_event(app: FastAPI) -> Callable[[], Awaitable[None]]:
                @app.on_event("startup")
                async def _startup() -> None:
                    app.state.pool = 3
                    step("startup")

                return _startup


            def register_shutdown_event(app: Optional[FastAPI] = None) -> None:
                @app.on_event("shutdown")
                async def _shutdown() -> None:
                    step(f"shutdown {app.state.pool}")
                    step("shutdown")
            """,
        "main.py": """
            from fastapi import FastAPI

            from lifetime import register_shutdown_event, register_startup_event as at_start
            from record import step


            def wire(it, log):
                log("wires")
                at_start(it)
                register_shutdown_event(app=it)
                log("wired")


            app = FastAPI()
            wire(app, step)
            """,
    },
)

SHAPES: tuple[Shape, ...] = tuple(each for each in list(globals().values()) if isinstance(each, Shape))
