"""Drives applications through a real ASGI lifespan, as a server does, and prints what happens in which order."""

RECORD = """
import os


def step(name):
    print(name)
    if os.environ.get("FAIL") == name:
        raise RuntimeError(name)
"""

OLD = """
from fastapi import FastAPI

if not hasattr(FastAPI, "add_event_handler"):  # it came from Starlette before 1.0; the router still has it
    FastAPI.add_event_handler = lambda self, event_type, func: self.router.add_event_handler(event_type, func)
"""

DRIVE = """
import asyncio
import os
import warnings

warnings.simplefilter("ignore")


async def serve(app):
    messages = ["lifespan.startup", "lifespan.shutdown"]

    async def receive():
        if len(messages) == 1:
            await request(app)
        return {{"type": messages.pop(0)}}

    async def send(message):
        print(message["type"], (message.get("message") or "").strip().splitlines()[-1:])

    try:
        await app({{"type": "lifespan", "asgi": {{"version": "3.0"}}, "state": {{}}}}, receive, send)
    except BaseException as error:
        print("raised", type(error).__name__, error)


async def request(app):
    async def receive():
        return {{"type": "http.request", "body": b"", "more_body": False}}

    async def send(message):
        print(message.get("status") or message.get("body"))

    scope = {{"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "root_path": "", "scheme": "http",
             "query_string": b"", "headers": [], "http_version": "1.1", "asgi": {{"version": "3.0"}},
             "client": ("a", 1), "server": ("b", 2)}}
    await app(scope, receive, send)


for name in ["", *{names!r}]:
    print("fails:", name)
    os.environ["FAIL"] = name
    for _ in range(2):  # an application may be started twice
        asyncio.run(serve({app}))
"""


def drive(app: str = "main.app", *names: str) -> str:
    """Write the program that starts `app`, sends a request and stops it; then again with each of `names` failing."""
    modules = app.partition(".")[0]
    return OLD + f"import {modules}\n" + DRIVE.format(app=app, names=names)
