"""What runs a drawn program and says what it does: its functions, and its applications as a server runs them."""

DRIVER = """
import asyncio, importlib, os, re, signal, sys
from fastapi import FastAPI

os.environ["WORD"] = "word"

opened = []
watching = True


def watch(event, arguments):
    if watching and event == "open" and str(arguments[0]).endswith(".txt"):
        opened.append(str(arguments[0]))


def said(function):
    try:
        return repr(function())
    except Exception as error:
        return kind(error)


def kind(error):
    # Where a guarded package is missing, its None fails, or the import that took the guard's place.
    is_missing = isinstance(error, ModuleNotFoundError) or "'NoneType' object" in str(error)
    return "nothing there" if is_missing else type(error).__name__

def served(modules, functions):
    # Every run begins with what importing left: in a process of its own.
    for fails in (*FAILS, None):
        sys.stdout.flush()
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            continue
        signal.alarm(30)  # those of the parent are not inherited
        os.environ["FAIL"] = fails or ""
        print("without startup" if fails is None else f"fails: {fails}")
        for module in modules:
            for name in APPS[module.__name__]:
                start(module, name, [ask] if fails is None else [lifespan] if fails else [lifespan] * 2, functions)
        sys.stdout.flush()
        os._exit(0)


def start(module, name, rounds, functions):
    app = vars(module).get(name)
    if app is None and f"get_{name}" in vars(module):
        app = vars(module)[f"get_{name}"]()
    for serve in rounds if callable(app) else ():
        print(module.__name__, name)
        asyncio.run(serve(app, functions))


async def lifespan(app, functions):
    events = ["startup", "shutdown"]

    async def receive():
        event = events.pop(0)
        if event == "shutdown":
            await ask(app, functions)
        return {"type": f"lifespan.{event}"}

    async def send(message):
        print(message["type"])

    try:
        await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)
    except Exception as error:
        print("lifespan raises", kind(error))


async def ask(app, functions):
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        print(message.get("status") or message.get("body"))

    scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "root_path": "", "scheme": "http"}
    scope |= {"query_string": b"", "headers": [], "http_version": "1.1", "asgi": {"version": "3.0"}, "state": {}}
    scope |= {"client": ("a", 1), "server": ("b", 2)}
    for _ in range(2):
        try:
            await app(dict(scope), receive, send)
        except Exception as error:
            print("request raises", kind(error))
        for function in functions:
            print(said(function))

if not hasattr(FastAPI, "add_event_handler"):  # it came from Starlette before 1.0; the router still has it
    FastAPI.add_event_handler = lambda self, event_type, func: self.router.add_event_handler(event_type, func)
sys.addaudithook(watch)
modules = []
for name in ORDER:
    try:
        modules.append(importlib.import_module(name))
    except Exception as error:
        sys.exit(f"{name} does not import: {error!r}")
watching = False
functions = [f for m in modules for name, f in sorted(vars(m).items()) if re.fullmatch(r"f\\d+", name)]
served(modules, functions)
for _ in range(2):
    for module in modules:
        for name in sorted(vars(module)):
            if re.fullmatch(r"f\\d+", name):
                print(module.__name__, name, said(vars(module)[name]))
print("opened", *sorted(opened), file=sys.stderr)
"""
