"""Issue 4, item 6: lifespans, lazy singletons and moved imports in one apply; both trees run and do the same."""

import pytest

from lazify.testing import Outcome, check

POOL = """
print("import pool")


class Client:
    def __init__(self, url):
        open("pyproject.toml").close()
        print("connects to", url)

    def __bool__(self):
        return True

    async def connect(self):
        print("connect")

    def ping(self):
        print("ping")
        return "pong"

    def close(self):
        print("closes")

    async def aclose(self):
        print("closes later")
"""
HEAD = """
from fastapi import FastAPI

from pool import Client

client = Client("redis://")
app = FastAPI()


@app.get("/")
def home():
    return client.ping()


"""
USE = """
import warnings

warnings.simplefilter("ignore")
from starlette.testclient import TestClient

import main

print("imported") if SAYS else None
for _ in range(2):
    with TestClient(main.app) as http:
        if VISITS:
            print(http.get("/").text)
print("over")
"""


def together(main: str, *, visits: bool = True, **flags: object) -> Outcome:
    program = USE.replace("VISITS", str(visits)).replace("SAYS", "False")
    return check({"pool.py": POOL, "main.py": main}, flags=flags, run=program)


CLOSING = {
    "a plain call": "@app.on_event('shutdown')\ndef stop():\n    client.close()\n",
    "an awaited call": "@app.on_event('shutdown')\nasync def stop():\n    print('stops')\n    await client.aclose()\n",
    "a test for None": "@app.on_event('shutdown')\nasync def stop():\n    if client is not None:\n        client.close()\n",
    "another function": "def close_all():\n    client.close()\n\n\n@app.on_event('shutdown')\ndef stop():\n    close_all()\n",
    "a bound method": "app.router.add_event_handler('shutdown', client.close)\n",
    "a list": "app.router.on_shutdown.append(client.close)\n",
}


@pytest.mark.parametrize("how", CLOSING)
def test_what_only_closes_a_lazy_client_does_not_make_it(how: str) -> None:
    main = HEAD + CLOSING[how]
    outcome = together(main)
    assert {change.code for change in outcome.plan.changes} >= {"LZ101"}
    assert {change.code for change in outcome.plan.changes} & {"LZ301", "LZ302"}
    idle = check(outcome.files, run=USE.replace("VISITS", "False").replace("SAYS", "True"))
    assert not idle.plan.changes
    asked = (
        USE.replace("VISITS", "False").replace("SAYS", "True") + "assert main._client is None, main._client\n"
    )
    check(outcome.files, run=asked)


def test_handlers_in_a_factory_do_not_make_a_client_to_close_it() -> None:
    outcome = together("""
    from fastapi import FastAPI

    from pool import Client

    client = Client("redis://")


    def create_app():
        app = FastAPI()

        @app.on_event("shutdown")
        async def stop():
            if client:
                client.close()
            await client.aclose()

        @app.get("/")
        def home():
            return client.ping()

        return app


    app = create_app()
    """)
    assert "if _client:\n            _client.close()\n" in outcome.files["main.py"]
    assert "if _client is not None:\n            await _client.aclose()\n" in outcome.files["main.py"]


def test_a_list_of_bound_methods_no_longer_pins_the_client() -> None:
    outcome = together("""
    from fastapi import FastAPI

    from pool import Client

    client = Client("redis://")
    app = FastAPI(on_startup=[client.connect], on_shutdown=[client.aclose])


    @app.get("/")
    def home():
        return client.ping()
    """)
    assert {change.code for change in outcome.plan.changes} == {"LZ101", "LZ302"}
    assert "await get_client().connect()" in outcome.files["main.py"]
    assert "if _client is not None:\n            await _client.aclose()" in outcome.files["main.py"]


def test_what_is_called_at_other_times_too_makes_the_client() -> None:
    outcome = together(
        f"{HEAD}def flush():\n    client.close()\n\n\n"
        "@app.on_event('shutdown')\ndef stop():\n    flush()\n\n\n"
        "@app.post('/')\ndef again():\n    flush()\n"
    )
    assert "def flush():\n    get_client().close()\n" in outcome.files["main.py"]


def test_a_function_that_calls_itself_makes_the_client() -> None:
    outcome = together(
        f"{HEAD}def stop(again=1):\n    if again:\n        stop(0)\n    client.close()\n\n\n"
        "app.on_event('shutdown')(stop)\n"
    )
    assert "    get_client().close()\n" in outcome.files["main.py"]


@pytest.mark.parametrize(
    "functions",
    [
        "def drain(n):\n    if n:\n        flush(n - 1)\n\n\ndef flush(n):\n    drain(n)\n    client.close()\n",
        "def outer():\n    def drain(n):\n        if n:\n            flush(n - 1)\n\n    def flush(n):\n"
        "        drain(n)\n        client.close()\n\n    flush(1)\n",
        "def outer():\n    def flush(n):\n        if n:\n            flush(n - 1)\n        client.close()\n\n    flush(1)\n",
    ],
)
def test_functions_that_call_each_other_make_the_client(functions: str) -> None:
    outcome = together(f"{HEAD}{functions}")
    assert "get_client().close()\n" in outcome.files["main.py"]


def test_a_startup_handler_fills_a_global_and_a_shutdown_handler_closes_it() -> None:
    """The import of what is heavy moves into the handler, the global stays what it was."""
    outcome = together(
        """
        import decimal

        from fastapi import FastAPI

        from pool import Client

        client: Client | None = None
        rate = None
        app = FastAPI()


        @app.on_event("startup")
        async def start():
            global client, rate
            rate = decimal.Decimal("0.5")
            client = Client(str(rate))


        @app.on_event("shutdown")
        async def stop():
            global client
            if client is not None:
                client.close()
            client = None


        @app.get("/")
        def home():
            return client.ping(), str(rate)
        """,
        heavy=("decimal",),
    )
    assert {change.code for change in outcome.plan.changes} == {"LZ201", "LZ301"}
    assert "async def start():\n    import decimal\n\n    global client, rate\n" in outcome.files["main.py"]


def test_a_global_that_is_made_at_import_and_again_at_startup() -> None:
    outcome = check(
        {
            "pool.py": POOL,
            "main.py": HEAD
            + "@app.on_event('startup')\ndef start():\n    global client\n    client = Client('second')\n\n\n"
            "@app.on_event('shutdown')\ndef stop():\n    client.close()\n",
        },
        flags={"select": ("LZ1", "LZ3")},
    )
    text = outcome.files["main.py"]
    assert "    global _client\n    _client = Client('second')\n" in text


def test_a_client_of_another_module_that_handlers_connect_and_close() -> None:
    outcome = check(
        {
            "pool.py": POOL,
            "db.py": "from pool import Client\n\nclient = Client('db')\n\n\nasync def stop():\n    client.close()\n",
            "main.py": """
            from fastapi import FastAPI

            import db
            from db import client

            app = FastAPI()
            app.on_event("shutdown")(db.stop)


            @app.on_event("startup")
            async def start():
                await client.connect()


            @app.get("/")
            def home():
                return client.ping()
            """,
        },
        run=USE.replace("VISITS", "True").replace("SAYS", "False"),
    )
    assert {change.code for change in outcome.plan.changes} == {"LZ101", "LZ301"}


def test_an_entry_point_beside_all_of_it() -> None:
    outcome = check(
        {
            "pool.py": POOL,
            "main.py": HEAD + CLOSING["a plain call"],
            "index.py": "from main import app\n\nhandler = app\n",
        },
        flags={"select": ("LZ1", "LZ3", "LZ401", "LZ402"), "entry": ("index.py",)},
        run=USE.replace("import main\n", "import index as main\n")
        .replace("VISITS", "True")
        .replace("SAYS", "False"),
    )
    assert {change.code for change in outcome.plan.changes} == {"LZ101", "LZ301", "LZ402"}
