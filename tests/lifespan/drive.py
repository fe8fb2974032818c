"""Runs inside any environment with FastAPI or Starlette: starts applications and prints what they recorded, as JSON.

`python drive.py SHAPES.json`, in a folder with one tree for each shape, see `behaviour.py`. Nothing of lazify and
nothing newer than Python 3.8 may be needed here.
"""

import asyncio
import importlib
import json
import logging
import os
import socket
import sys
import traceback
import urllib.error
import urllib.request
import warnings
from pathlib import Path
from typing import Any, Dict, List  # noqa: UP035 (3.8)

Steps = List[str]  # noqa: UP006 (3.8)
Saying = Dict[str, Dict[str, Steps]]  # noqa: UP006 (3.8)


def main() -> None:
    """Drive every shape of the file through all that it asks for."""
    warnings.simplefilter("ignore")
    notes = Notes()
    logging.getLogger("uvicorn.error").addHandler(notes)
    said: Saying = {}
    for shape in json.loads(Path(sys.argv[1]).read_text("utf-8")):
        said[shape["name"]] = {}
        for server in shape["servers"]:
            for fails in ["", *shape["fails"]]:
                said[shape["name"]][f"{server} {fails}".strip()] = drive(shape, server, fails, notes)
    print(json.dumps(said))


def drive(shape: Any, server: str, fails: str, notes: "Notes") -> Steps:
    """Import the shape's application afresh and let one server run it; `fails` names the step that raises."""
    folder = Path(shape["name"]).resolve()
    os.environ["FAIL"] = fails
    sys.path.insert(0, str(folder))
    steps: Steps = importlib.import_module("record").steps
    notes.steps = steps
    try:
        module, _, path = shape["app"].partition(":")
        app = importlib.import_module(module)
        for name in path.split("."):
            app = getattr(app, name)
        SERVERS[server](app, steps)
    except (Exception, SystemExit) as error:
        said = traceback.format_exception_only(type(error), error)[-1].strip()
        steps.append(f"raises {said}")
    finally:
        sys.path.remove(str(folder))
        for name, each in list(sys.modules.items()):
            if str(getattr(each, "__file__", None) or "").startswith(f"{folder}{os.sep}"):
                del sys.modules[name]
    return steps


def with_client(app: Any, steps: Steps) -> None:
    """Start it, ask once, stop it; then all of it again."""
    client = importlib.import_module("starlette.testclient").TestClient
    for _ in range(2):
        with client(app) as http:
            answer = http.get("/")
            steps.append(f"{answer.status_code} {answer.text}")


def without_startup(app: Any, steps: Steps) -> None:
    """Ask without startup and shutdown: nothing may run them."""
    client = importlib.import_module("starlette.testclient").TestClient
    answer = client(app).get("/")
    steps.append(f"{answer.status_code} {answer.text}")


def with_uvicorn(app: Any, steps: Steps) -> None:
    """Serve it on loopback, ask once over a socket, stop the server."""
    asyncio.run(serve(app, steps))


async def serve(app: Any, steps: Steps) -> None:
    """Run one uvicorn from start to stop."""
    uvicorn = importlib.import_module("uvicorn")
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="on", log_config=None, access_log=False, timeout_keep_alive=1)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not task.done():
        await asyncio.sleep(0.002)
    if server.started:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        steps.append(await asyncio.get_running_loop().run_in_executor(None, answer, url))
    server.should_exit = True
    await task
    listening.close()


def answer(url: str) -> str:
    """What one request gets."""
    try:
        with urllib.request.urlopen(url, timeout=10) as got:
            return f"{got.status} {got.read().decode()}"
    except urllib.error.HTTPError as error:
        return f"{error.code} {error.read().decode()}"


class Notes(logging.Handler):
    """Keeps what uvicorn says of startup and shutdown."""

    def __init__(self) -> None:
        """Start with a list that nobody reads."""
        super().__init__()
        self.steps: Steps = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the last line of each failure and word."""
        text = record.getMessage().strip().splitlines()
        if text and ("pplication" in text[-1] or record.levelno >= logging.ERROR):
            self.steps.append(f"uvicorn: {text[-1]}")


SERVERS = {"client": with_client, "requests": without_startup, "uvicorn": with_uvicorn}

if __name__ == "__main__":
    main()
