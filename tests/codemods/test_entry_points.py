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


@pytest.fixture(params=["LZ401", "LZ402"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    outcome = check(SERVICE, flags={"select": (request.param,)}, run=ASK)
    assert [change.code for change in outcome.plan.changes] == [request.param]
    assert "# The entry of the platform." in outcome.files["api/index.py"]
    return written(outcome, tmp_path)


def test_a_broken_application_answers_503_on_every_path_and_method(guarded: Path) -> None:
    done = said(guarded, ASK, BROKEN="1")
    lines = done.stdout.splitlines()
    assert len(lines) == 19, done.stderr
    assert all(line.endswith('503 {"detail": "the application cannot be imported"}') for line in lines[:-1])
    assert lines[-1] == "503 ''"


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


def test_64_first_requests_make_one_application(tmp_path: Path) -> None:
    outcome = check(SERVICE, flags={"select": ("LZ402",)})
    program = """
import threading
from starlette.testclient import TestClient
from api.index import app

print("imported")
start, codes = threading.Barrier(64), []


def ask():
    client = TestClient(app)
    start.wait()
    codes.append(client.get("/").status_code)


threads = [threading.Thread(target=ask) for _ in range(64)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(set(codes), len(codes))
"""
    done = said(written(outcome, tmp_path), program)
    assert done.stdout == "imported\nmade\n{200} 64\n", done.stderr


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


def test_a_router_whose_module_adds_middleware_stays() -> None:
    pages = "from fastapi import APIRouter\n\nrouter = APIRouter()\n"
    reports = f"{pages}\n\ndef setup(app):\n    app.add_middleware(print)\n"
    main = "from fastapi import FastAPI\n\nfrom reports import router\n\napp = FastAPI()\napp.include_router(router)\n"
    refused(
        {"main.py": main, "reports.py": reports},
        because="importing router may add middleware, which may protect",
        flags={"select": ("LZ403",)},
    )
