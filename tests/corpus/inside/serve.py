"""Runs inside an application's environment: serves it by uvicorn on loopback and prints what happened, as JSON.

`python serve.py SERVED.json`: `program` binds `app`, `handlers` are the functions of it whose calls are recorded,
`requests` are paths, to which every GET route of its OpenAPI document that takes no parameter in its path is added,
but for those that `omits` names; `root` is the folder of its sources. It writes what happened, in order, and all answers.
"""

import asyncio
import json
import logging
import os
import socket
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any, Dict, List, Set  # noqa: UP035 (3.8)

import uvicorn

Steps = List[str]  # noqa: UP006 (3.8)
Answers = Dict[str, Any]  # noqa: UP006 (3.8)


def main() -> None:
    """Start, ask, stop."""
    asked: Dict[str, Any] = json.loads(Path(sys.argv[1]).read_text("utf-8"))  # noqa: UP006 (3.8)
    steps: Steps = []
    answers: Answers = {}
    names: Dict[str, Any] = {}  # noqa: UP006 (3.8)
    exec(compile(asked["program"], "program", "exec"), names)
    app = names["app"]
    logging.getLogger("uvicorn.error").addHandler(Notes(steps))
    watch(steps, set(asked["handlers"]), asked["root"])
    try:
        asyncio.run(serve(app, paths(app, asked), steps, answers))
    except (Exception, SystemExit) as error:
        steps.append(f"raises {type(error).__name__}: {error}")
    sys.setprofile(None)
    Path(asked["answer"]).write_text(json.dumps([steps, answers]), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # threads that an application leaves behind must not keep it


def paths(app: Any, asked: "Dict[str, Any]") -> Steps:  # noqa: UP006 (3.8)
    """What is asked for: what is wished, then all routes that need nothing but their path."""
    routes: Dict[str, Any] = app.openapi()["paths"] if hasattr(app, "openapi") else {}  # noqa: UP006 (3.8)
    plain = [path for path, methods in routes.items() if "get" in methods and "{" not in path]
    return [*asked["requests"], *(p for p in plain if p not in asked["requests"] and p not in asked["omits"])]


async def serve(app: Any, requests: Steps, steps: Steps, answers: Answers) -> None:
    """Run one uvicorn from start to stop."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="on", log_config=None, access_log=False))
    task = asyncio.ensure_future(server.serve(sockets=[listening]))
    while not getattr(server, "started", False) and not task.done():
        await asyncio.sleep(0.01)
    for path in requests if not task.done() else []:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}{path}"
        loop = asyncio.get_running_loop()
        answers[path] = await loop.run_in_executor(None, answer, url)
        steps.append(f"{path} {answers[path]['status']}")
    server.should_exit = True
    await task
    listening.close()


def answer(url: str) -> Answers:
    """What one request gets: status, headers and body; redirects are not followed."""
    try:
        with _OPENER.open(url, timeout=20) as got:
            return read(got, int(got.status))
    except urllib.error.HTTPError as error:
        return read(error, error.code)
    except OSError as error:
        return {"status": type(error).__name__, "headers": {}, "body": ""}


def read(got: Any, status: int) -> Answers:
    """Keep all but what never ends."""
    body = got.read(4_000_000).decode("utf-8", "backslashreplace")
    return {"status": status, "headers": dict(got.headers.items()), "body": body}


class Unfollowed(urllib.request.HTTPRedirectHandler):
    """Takes a redirect for an answer."""

    def redirect_request(self, *_: Any) -> None:
        """Do not ask again."""


_OPENER = urllib.request.build_opener(Unfollowed)


def watch(steps: Steps, names: Set[str], root: str) -> None:  # noqa: UP006 (3.8)
    """Record the calls of functions of these names below `root`, once for each frame."""
    frames: List[FrameType] = []  # noqa: UP006 (3.8)

    def seen(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event != "call" or code.co_name not in names or not code.co_filename.startswith(root):
            return
        if not any(each is frame for each in frames):  # a coroutine that goes on is no second call
            frames.append(frame)
            steps.append(f"{code.co_name}()")

    threading.setprofile(seen)
    sys.setprofile(seen)


class Notes(logging.Handler):
    """Keeps what uvicorn says of startup and shutdown."""

    def __init__(self, steps: Steps) -> None:
        """Write into `steps`."""
        super().__init__()
        self._steps = steps

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the last line of each failure and word."""
        text = record.getMessage().strip().splitlines()
        if text and ("pplication" in text[-1] or record.levelno >= logging.ERROR):
            self._steps.append(f"uvicorn: {text[-1]}")


if __name__ == "__main__":
    main()
