"""LZ401, LZ402, LZ403: entry points that always answer, routers that may be missing, protection that may not."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from lazify.testing import Outcome, check, refused, untouched

Files = Mapping[str, str]

SERVICE = {
    "vercel.json": "{}",
    "src/__init__.py": "",
    "src/main.py": """
        import os

        from fastapi import FastAPI

        if os.environ.get("BROKEN"):
            raise RuntimeError("password=secret")
        print("made")
        app = FastAPI()


        @app.get("/")
        def home():
            return {"a": 1}
        """,
    "api/index.py": """
        # The entry of the platform.
        from src.main import app  # noqa: E402

        handler = app
        """,
}
FACTORY = {
    **SERVICE,
    "src/main.py": """
        import os

        from fastapi import FastAPI


        def create_app(config=None) -> FastAPI:
            if os.environ.get("BROKEN"):
                raise RuntimeError("password=secret")
            print("made")
            app = FastAPI(title=config or "shop")

            @app.get("/")
            def home():
                return {"a": 1}

            return app
        """,
    "api/index.py": """
        # The entry of the platform.
        from src.main import create_app

        app = create_app(config="serverless")
        handler = app
        """,
}
MODULE = {
    **SERVICE,
    "api/index.py": "# The entry of the platform.\nfrom src import main\n\napp = main.app\nhandler = app\n",
}
OWN = {
    **FACTORY,
    "api/index.py": FACTORY["src/main.py"]
    + """

        # The entry of the platform.
        app: FastAPI = create_app(config="serverless")
        handler = app
        """,
}
SHAPES = {"application": SERVICE, "factory": FACTORY, "module": MODULE, "own": OWN}
ASK = """
import logging, os
from starlette.testclient import TestClient

logging.disable(logging.CRITICAL)
from api.index import app, handler

assert app is handler
client = TestClient(app, raise_server_exceptions=False)
for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
    for path in ("/", "/health", "/a/b?c=d"):
        answer = client.request(method, path)
        print(method, path, answer.status_code, answer.text)
print(client.head("/x").status_code, repr(client.head("/x").text))
"""


def written(outcome: Outcome, folder: Path) -> Path:
    for name, text in outcome.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def said(folder: Path, program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-B", "-W", "ignore", "-c", program]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(params=[("LZ401", "application"), ("LZ402", "factory")], ids=str)
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    code, shape = request.param
    outcome = check(SHAPES[shape], flags={"select": (code,)}, run=ASK)
    assert [change.code for change in outcome.plan.changes] == [code]
    assert "# The entry of the platform." in outcome.files["api/index.py"]
    return written(outcome, tmp_path)


def test_a_broken_application_answers_503_on_every_path_and_method(guarded: Path) -> None:
    done = said(guarded, ASK, BROKEN="1")
    lines = done.stdout.splitlines()
    assert len(lines) == 19, done.stderr
    assert all(line.endswith('503 {"detail": "the application cannot be imported"}') for line in lines[:-1])
    assert lines[-1] == "503 ''"


@pytest.mark.parametrize(
    ("code", "shape"),
    [("LZ402", "application"), ("LZ401", "factory"), ("LZ401", "module"), ("LZ401", "own"), ("LZ402", "own")],
)
def test_other_ways_to_get_the_application_are_guarded_too(code: str, shape: str, tmp_path: Path) -> None:
    outcome = check(SHAPES[shape], flags={"select": (code,)}, run=ASK)
    done = said(written(outcome, tmp_path), ASK, BROKEN="1")
    assert done.stdout.count('503 {"detail": "the application cannot be imported"}') == 18, done.stderr


@pytest.mark.parametrize("variable", ["VERCEL_ENV", "ENVIRONMENT"])
def test_what_the_error_says_is_shown_only_outside_production(guarded: Path, variable: str) -> None:
    assert "secret" not in said(guarded, ASK, BROKEN="1", **{variable: "production"}).stdout
    assert "RuntimeError: password=secret" in said(guarded, ASK, BROKEN="1", **{variable: "preview"}).stdout


def test_the_traceback_is_logged(guarded: Path) -> None:
    program = ASK.replace("logging.disable(logging.CRITICAL)", "")
    done = said(guarded, program, BROKEN="1")
    assert "the application cannot be imported" in done.stderr
    assert 'raise RuntimeError("password=secret")' in done.stderr


def test_a_websocket_is_closed_and_a_lifespan_is_answered(tmp_path: Path) -> None:
    folder = written(check(SERVICE, flags={"select": ("LZ401",)}), tmp_path)
    program = """
import logging
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

logging.disable(logging.CRITICAL)
from api.index import app

with TestClient(app) as client:
    print(client.get("/").status_code)
    try:
        with client.websocket_connect("/ws"):
            pass
    except WebSocketDisconnect as closed:
        print(closed.code)
"""
    assert said(folder, program, BROKEN="1").stdout == "503\n1013\n"


THREADS = """
import threading
from starlette.testclient import TestClient
from api.index import app

print("imported")
start, codes = threading.Barrier(64), []


def ask():
    client = TestClient(app)
    start.wait()
    codes.append(client.get("/").status_code)


def ask_all():
    codes.clear()
    threads = [threading.Thread(target=ask) for _ in range(64)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    print(set(codes), len(codes))
"""
TASKS = """
import asyncio
from api.index import app

print("imported")


async def ask():
    codes = []

    async def send(message):
        codes.append(message.get("status"))

    async def receive():
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "root_path": "", "scheme": "http",
             "query_string": b"", "headers": [], "http_version": "1.1", "asgi": {"version": "3.0"},
             "client": ("a", 1), "server": ("b", 2)}
    await app(scope, receive, send)
    return codes[0]


async def together():
    return await asyncio.gather(*(ask() for _ in range(64)))


def ask_all():
    codes = asyncio.run(together())
    print(set(codes), len(codes))
"""
SERVED = """
import asyncio, socket, urllib.error, urllib.request
from concurrent.futures import ThreadPoolExecutor
import uvicorn
from api.index import app

print("imported")


def ask(url):
    try:
        return urllib.request.urlopen(url, timeout=20).status
    except urllib.error.HTTPError as error:
        return error.code


async def serve():
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    url = "http://127.0.0.1:%s/" % listening.getsockname()[1]
    with ThreadPoolExecutor(64) as pool:
        loop = asyncio.get_running_loop()
        codes = await asyncio.gather(*(loop.run_in_executor(pool, ask, url) for _ in range(64)))
    server.should_exit = True
    await task
    listening.close()
    return codes


def ask_all():
    codes = asyncio.run(serve())
    print(set(codes), len(codes))
"""


@pytest.mark.parametrize(
    ("clients", "shape"),
    [(THREADS, "application"), (TASKS, "factory"), (SERVED, "module"), (THREADS, "own")],
    ids=["threads", "tasks", "uvicorn", "own"],
)
def test_64_first_requests_make_one_application(tmp_path: Path, clients: str, shape: str) -> None:
    outcome = check(SHAPES[shape], flags={"select": ("LZ402",)})
    program = f"""{clients}
import logging, os
logging.disable(logging.CRITICAL)
os.environ["BROKEN"] = "1"
ask_all()
del os.environ["BROKEN"]
ask_all()
ask_all()
"""
    done = said(written(outcome, tmp_path), program)
    assert done.stdout == "imported\n{503} 64\nmade\n{200} 64\n{200} 64\n", done.stderr


def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    outcome = check(SERVICE, flags={"select": ("LZ402",)})
    program = """
import logging, os
from starlette.testclient import TestClient
from api.index import app

logging.disable(logging.CRITICAL)
client = TestClient(app)
print(client.get("/").status_code)
del os.environ["BROKEN"]
print(client.get("/").status_code, client.get("/").status_code)
"""
    assert said(written(outcome, tmp_path), program, BROKEN="1").stdout == "503\nmade\n200 200\n"


def test_the_lazy_entry_answers_as_the_guarded_one_so_both_together_are_one_change(tmp_path: Path) -> None:
    outcome = check(SERVICE, flags={"select": ("LZ401", "LZ402")}, run=ASK)
    assert [change.code for change in outcome.plan.changes] == ["LZ402"]
    done = said(written(outcome, tmp_path), ASK, BROKEN="1")
    assert done.stdout.count('503 {"detail": "the application cannot be imported"}') == 18


def test_an_application_that_cannot_wait_is_guarded_when_both_are_asked_for() -> None:
    main = "import asyncio\nfrom fastapi import FastAPI\nasyncio.run(asyncio.sleep(0))\napp = FastAPI()\n"
    outcome = check({**SERVICE, "src/main.py": main}, flags={"select": ("LZ4",)})
    assert [change.code for change in outcome.plan.changes] == ["LZ401"]
    assert [refusal.code for refusal in outcome.plan.refusals] == ["LZ402"]
    assert "the event loop, which runs by then" in outcome.plan.refusals[0].reason


def test_a_factory_that_uses_the_event_loop_is_not_called_inside_one() -> None:
    main = (
        "import asyncio\nfrom fastapi import FastAPI\n\n\n"
        "def create_app():\n    asyncio.run(asyncio.sleep(0))\n    return FastAPI()\n"
    )
    entry = "from src.main import create_app\n\napp = create_app()\n"
    refused(
        {**SERVICE, "src/main.py": main, "api/index.py": entry},
        because="the event loop, which runs by then",
        flags={"select": ("LZ402",)},
    )


@pytest.mark.parametrize("code", ["LZ401", "LZ402"])
def test_an_application_that_is_made_inside_of_mangum_is_guarded(code: str, tmp_path: Path) -> None:
    entry = "from src.main import create_app\nfrom mangum import Mangum\n\nhandler = Mangum(create_app())\n"
    double = (
        "import sys, types\n\n\nclass Mangum:\n    def __init__(self, app):\n        self.app = app\n\n\n"
        "sys.modules['mangum'] = types.SimpleNamespace(Mangum=Mangum)\n"
    )
    files = {**FACTORY, "api/index.py": entry}
    program = double + ASK.replace("app, handler", "handler").replace(
        "assert app is handler", "app = handler.app"
    )
    outcome = check(files, flags={"select": (code,)}, run=program)
    assert "handler = Mangum(_application)" in outcome.files["api/index.py"]
    done = said(written(outcome, tmp_path), program, BROKEN="1")
    assert done.stdout.count('503 {"detail": "the application cannot be imported"}') == 18, done.stderr


@pytest.mark.parametrize("code", ["LZ401", "LZ402"])
def test_an_entry_point_may_start_a_server_itself(code: str) -> None:
    main = '\nif __name__ == "__main__":\n    import uvicorn\n\n    uvicorn.run(app)\n'
    entry = f"from src.main import app\n{main}"
    assert check({**SERVICE, "api/index.py": entry}, flags={"select": (code,)}).plan.changes


@pytest.mark.parametrize("code", ["LZ401", "LZ402"])
@pytest.mark.parametrize("line", ["from src import json", "logging = None", "for error in (): ..."])
def test_names_that_the_guard_needs_must_mean_what_it_means(code: str, line: str) -> None:
    entry = {"api/index.py": f"{line}\nfrom src.main import app\n"}
    refused({**SERVICE, **entry}, because="means something of the module's own", flags={"select": (code,)})


def test_mangum_gets_what_always_answers() -> None:
    entry = {
        "api/index.py": "from mangum import Mangum\n\nfrom src.main import app\n\nhandler = Mangum(app)\n"
    }
    outcome = check({**SERVICE, **entry}, flags={"select": ("LZ401",)})
    assert len(outcome.plan.changes) == 1


@pytest.mark.parametrize("code", ["LZ401", "LZ402"])
@pytest.mark.parametrize(
    ("entry", "because"),
    [
        ("from src.main import app\napp.title = 'x'\n", "does more with app than to hand it on"),
        ("from src.main import app, os\n", "the import brings more than the application"),
        ("from src.main import app\nif app:\n    app = None\n", "app is bound more than once"),
        ("from src import main\nprint()\napp = main.app\n", "other statements stand between"),
        ("from src import main\napp = main.app\nprint(main.os)\n", "does more with main than to hand it on"),
    ],
)
def test_an_entry_point_that_needs_the_application_itself_stays(code: str, entry: str, because: str) -> None:
    refused({**SERVICE, "api/index.py": entry}, because=because, flags={"select": (code,)})


def test_an_application_that_uses_the_event_loop_at_import_is_not_imported_inside_one() -> None:
    main = "import asyncio\nfrom fastapi import FastAPI\nasyncio.run(asyncio.sleep(0))\napp = FastAPI()\n"
    refused(
        {**SERVICE, "src/main.py": main},
        because="the event loop, which runs by then",
        flags={"select": ("LZ402",)},
    )


def test_nothing_is_guarded_unless_it_is_asked_for() -> None:
    untouched(SERVICE, flags={"ignore": ("LZ1",)})


def test_a_module_that_no_platform_names_is_no_entry_point() -> None:
    files = {name: text for name, text in SERVICE.items() if name != "vercel.json"}
    untouched(files, flags={"select": ("LZ401",)})
    outcome = check(files, flags={"select": ("LZ401",), "entry": ("api/index.py",)})
    assert len(outcome.plan.changes) == 1


REPORTS = {
    "main.py": """
        from fastapi import FastAPI

        from pages import router as pages
        from reports import router as reports  # monthly

        app = FastAPI()
        app.include_router(pages)
        # Reports come last.
        app.include_router(reports, prefix="/reports")
        """,
    "pages.py": "from fastapi import APIRouter\n\nrouter = APIRouter()\n\n\n@router.get('/')\ndef home(): ...\n",
    "reports.py": """
        import os

        from fastapi import APIRouter

        if os.environ.get("BROKEN"):
            raise RuntimeError("no reports")
        router = APIRouter()


        @router.get("/all")
        def everything(): ...
        """,
}
PAGES = """
from starlette.testclient import TestClient
from main import app

client = TestClient(app)
print(client.get("/").status_code, client.get("/reports/all").status_code)
"""


def test_a_router_that_fails_is_left_out(tmp_path: Path) -> None:
    outcome = check(REPORTS, flags={"select": ("LZ403",)}, run=PAGES)
    assert len(outcome.plan.changes) == 2
    text = outcome.files["main.py"]
    assert "    from reports import router as reports  # monthly\nexcept Exception:\n" in text
    assert "# Reports come last.\nif reports is not None:\n    app.include_router(" in text
    done = said(written(outcome, tmp_path), PAGES, BROKEN="1")
    assert done.stdout == "200 404\n"
    assert "reports cannot be imported and is left out" in done.stderr
    assert "RuntimeError: no reports" in done.stderr


PROTECTION = {
    "authentication": ("auth", "router"),
    "login": ("accounts", "login_router"),
    "permissions": ("permissions", "router"),
    "CSRF": ("csrf", "router"),
    "CORS": ("cors", "router"),
    "rate limits": ("ratelimit", "router"),
    "throttling": ("throttle", "router"),
    "trusted hosts": ("trusted_hosts", "router"),
    "API keys": ("apikeys", "api_key_router"),
}


@pytest.mark.parametrize("kind", PROTECTION)
def test_protection_is_never_left_out(kind: str) -> None:
    module, name = PROTECTION[kind]
    refused(
        {
            "main.py": f"from fastapi import FastAPI\n\nfrom {module} import {name}\n\n"
            f"app = FastAPI()\napp.include_router({name})\n",
            f"{module}.py": f"from fastapi import APIRouter\n\n{name} = APIRouter()\n",
        },
        because="it must not be left out",
        flags={"select": ("LZ403",)},
    )


@pytest.mark.parametrize(
    "middleware",
    [
        "from starlette.middleware.cors import CORSMiddleware as M",
        "from starlette.middleware.trustedhost import TrustedHostMiddleware as M",
        "from starlette.middleware.authentication import AuthenticationMiddleware as M",
        "from starlette.middleware.httpsredirect import HTTPSRedirectMiddleware as M",
        "from csrf import CSRFMiddleware as M",
        "from slowapi.middleware import SlowAPIMiddleware as M",
    ],
)
def test_middleware_is_never_guarded(middleware: str) -> None:
    untouched(
        {
            "main.py": f"from fastapi import FastAPI\n{middleware}\n\napp = FastAPI()\napp.add_middleware(M)\n",
            "csrf.py": "class CSRFMiddleware: ...\n",
        },
        flags={"select": ("LZ4",)},
    )


PLAIN_ROUTER = "from fastapi import APIRouter\n\nrouter = APIRouter()\n"
INCLUDES = "from fastapi import FastAPI\n\nfrom reports import router\n\napp = FastAPI()\napp.include_router(router)\n"


@pytest.mark.parametrize(
    ("files", "because"),
    [
        (
            {"reports.py": f"{PLAIN_ROUTER}\n\ndef setup(app):\n    app.add_middleware(print)\n"},
            "may add what protects (add_middleware in reports.py)",
        ),
        (
            {
                "reports.py": f"import shield\n{PLAIN_ROUTER}",
                "shield.py": "from shop import app\n\n\n@app.middleware('http')\ndef check(): ...\n",
                "shop.py": "app = 1\n",
            },
            "may add what protects (middleware in shield.py)",
        ),
        (
            {"reports.py": f"{PLAIN_ROUTER}\n\n@router.get('/{{rest:path}}')\ndef deny(): ...\n"},
            "what stands behind it would show",
        ),
        (
            {"reports.py": f"{PLAIN_ROUTER}\n\n@router.get('/')\ndef verify_signature(): ...\n"},
            "it must not be left out",
        ),
        (
            {
                "reports.py": PLAIN_ROUTER,
                "main.py": INCLUDES.replace("(router)", "(router, dependencies=[check_session])"),
            },
            "it must not be left out",
        ),
        (
            {
                "reports.py": PLAIN_ROUTER,
                "main.py": INCLUDES.replace("(router)", "(router, prefix='/oauth')"),
            },
            "it must not be left out",
        ),
    ],
)
def test_a_router_behind_which_protection_may_stand_is_never_left_out(files: Files, because: str) -> None:
    refused({"main.py": INCLUDES, **files}, because=because, flags={"select": ("LZ403",)})
