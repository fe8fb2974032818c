"""What single statements do: kinds, callees, levels, chains."""

import pytest

from lazify.model.effects import Level
from tests.index.worlds import World, in_app, of

CONNECT = {"database sqlite3.connect"}


def test_a_call_has_the_effect_the_knowledge_base_says() -> None:
    assert in_app('import sqlite3\nx = sqlite3.connect("a.db")') == CONNECT


def test_an_alias_of_a_module_is_followed() -> None:
    assert in_app('import sqlite3 as s\nx = s.connect("a.db")') == CONNECT


def test_an_alias_of_a_function_is_followed() -> None:
    assert in_app('from sqlite3 import connect as c\nx = c("a.db")') == CONNECT


def test_a_module_level_alias_by_assignment_is_followed() -> None:
    assert in_app('import sqlite3\nopen_it = sqlite3.connect\nx = open_it("a.db")') == CONNECT


def test_a_local_function_named_open_is_not_the_builtin() -> None:
    assert in_app('def open(path):\n    return path\nx = open("a")') == set()


def test_a_parameter_named_like_a_module_is_not_the_module() -> None:
    text = 'import sqlite3\ndef f(sqlite3):\n    return sqlite3.strip("a")\nx = f("text")'
    assert in_app(text) == set()


def test_a_parameter_named_open_is_not_the_builtin() -> None:
    assert in_app("def f(open):\n    return open()\nx = f(lambda: 1)") == set()


def test_a_star_import_brings_functions_that_are_followed() -> None:
    files = {
        "tools.py": "import sqlite3\ndef connect():\n    return sqlite3.connect('a')",
        "app.py": "from tools import *\nx = connect()",
    }
    assert of(files, "app.x") == CONNECT


def test_both_definitions_under_if_and_else_count() -> None:
    text = """
        import sys, sqlite3
        if sys.platform == "win32":
            def make():
                return open("a")
        else:
            def make():
                return sqlite3.connect("b")
        x = make()
    """
    assert in_app(text) == {"file read builtins.open", *CONNECT}


def test_a_fallback_definition_beside_an_import_counts() -> None:
    text = """
        try:
            from fast import load
        except ImportError:
            def load():
                return open("a")
        x = load()
    """
    assert in_app(text) == {"unknown fast.load", "file read builtins.open"}


def test_code_under_main_does_not_run_at_import() -> None:
    assert in_app('if __name__ == "__main__":\n    x = open("a")') == set()


def test_code_for_type_checkers_does_not_run() -> None:
    assert in_app('from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = open("a")') == set()


def test_a_definition_runs_its_decorators_and_defaults_but_not_its_body() -> None:
    assert in_app('def x(a=open("a")):\n    return open("b", "w")') == {"file read builtins.open"}


def test_a_with_statement_enters_what_it_is_given() -> None:
    text = """
        class Session:
            def __enter__(self):
                self.file = open("a")
                return self
            def __exit__(self, *error):
                pass
        with Session() as x:
            pass
    """
    assert in_app(text) == {"file read builtins.open"}


def test_the_target_of_a_with_statement_is_what_enter_returns() -> None:
    text = """
        import sqlite3
        class Session:
            def __enter__(self):
                return self
            def __exit__(self, *error):
                pass
            def query(self):
                return sqlite3.connect("a")
        with Session() as session:
            x = session.query()
    """
    assert in_app(text) == CONNECT


def test_effects_are_sorted_with_the_worst_first_and_told_once() -> None:
    text = """
        import somewhere
        def make():
            somewhere.a()
            open("a")
            open("b")
            somewhere.a()
        x = make()
    """
    effects = World({"app.py": text}).effects("app.x")
    assert [(e.level, e.callee) for e in effects] == [
        (Level.DANGEROUS, "builtins.open"),
        (Level.RISKY, "somewhere.a"),
    ]


def test_the_chain_leads_from_the_statement_to_the_callable_across_modules() -> None:
    files = {
        "app/__init__.py": "",
        "app/security.py": """
            class SecurityManager:
                def __init__(self):
                    from .audit import audit_logger
                    self.audit = audit_logger

            security_manager = SecurityManager()
        """,
        "app/audit.py": """
            import sqlite3

            class AuditLogger:
                def __init__(self, path="audit.db"):
                    self.connection = sqlite3.connect("audit.db")

            audit_logger = AuditLogger()
        """,
    }
    assert World(files).chain("app.security.security_manager", "sqlite3.connect") == [
        "security.py:6 SecurityManager()",
        "security.py:2 __init__",
        "security.py:3 import of app.audit",
        "audit.py:7 AuditLogger()",
        "audit.py:4 __init__",
        'audit.py:5 sqlite3.connect("audit.db")',
    ]


def test_the_last_link_cites_the_fact_and_its_source() -> None:
    effect = World({"app.py": 'import sqlite3\nx = sqlite3.connect("a")'}).effects("app.x")[0]
    assert effect.chain[-1].at is None
    assert effect.chain[-1].fact.startswith("sqlite3.connect: database [https://docs.python.org/")


def test_the_shortest_chain_wins() -> None:
    text = """
        def deep():
            return deeper()
        def deeper():
            return open("a")
        def make():
            deep()
            deeper()
        x = make()
    """
    assert World({"app.py": text}).chain("app.x", "builtins.open") == [
        "app.py:8 make()",
        "app.py:7 deeper()",
        'app.py:4 open("a")',
    ]


def test_an_import_at_module_level_is_left_to_the_statements_of_that_module() -> None:
    files = {"config.py": 'DATA = open("a")', "app.py": "import config"}
    world = World(files)
    assert world.kinds("app.config") == set()
    assert {e.callee for e in world.engine.importing(world.modules["app"])} == {"builtins.open"}


def test_an_import_inside_a_function_runs_the_module_and_what_that_imports() -> None:
    files = {
        "deep.py": 'DATA = open("a")',
        "middle.py": "import deep",
        "app.py": "def f():\n    import middle\nx = f()",
    }
    assert World(files).chain("app.x", "builtins.open") == [
        "app.py:3 f()",
        "app.py:2 import of middle",
        "middle.py:1 import of deep",
        'deep.py:1 open("a")',
    ]


def test_modules_that_import_each_other_inside_functions_come_to_an_end() -> None:
    files = {
        "a.py": "def f():\n    import b\n    return b.g()\nx = f()",
        "b.py": 'def g():\n    import a\n    return a.f()\ny = g()\nz = open("z")',
    }
    world = World(files)
    assert world.kinds("a.x") == {"file read builtins.open"}
    assert world.kinds("b.y") == set()  # b is being imported: its own import of itself runs nothing


def test_only_the_nearest_unknown_calls_are_told() -> None:
    calls = "\n".join(f"    somewhere.f{number}()" for number in range(50))
    found = in_app(f"import somewhere\ndef f():\n{calls}\nx = f()")
    assert 0 < len(found) <= 5


LOGGING = "CONFIG = {'handlers': {'file': {'class': 'logging.%s', 'filename': 'a.log'}}}\n"


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("handlers.RotatingFileHandler", {"file write logging.config.dictConfig"}),
        ("FileHandler", {"file write logging.config.dictConfig"}),
        ("StreamHandler", set[str]()),
    ],
)
def test_a_configuration_of_logging_opens_the_files_of_the_handlers_it_names(
    handler: str, expected: set[str]
) -> None:
    files = {
        "config.py": LOGGING % handler,
        "app.py": "import logging.config\nfrom config import CONFIG\n\nlogging.config.dictConfig(CONFIG)\n",
    }
    assert {each for each in of(files, "app:4") if not each.startswith("shared state")} == expected


def test_metrics_are_files_where_the_code_names_the_folder_of_several_processes() -> None:
    text = "import os\nfrom prometheus_client import Gauge\n%s\ng = Gauge('a', 'b')\n"
    registered = {"shared state prometheus_client.Gauge"}
    assert of({"app.py": text % ""}, "app.g") == registered
    named = text % "os.environ['PROMETHEUS_MULTIPROC_DIR'] = '/tmp'"
    assert "file write prometheus_client.Gauge" in of({"app.py": named}, "app.g")
    labelled = named.replace("'b'", "'b', ['kind']")
    assert of({"app.py": labelled}, "app.g") == registered


def test_a_folder_above_a_file_is_a_path() -> None:
    text = "from pathlib import Path\nfound = sorted(Path(__file__).resolve().parents[1].rglob('*.txt'))\n"
    assert of({"app.py": text}, "app.found") == {"file read pathlib.Path.rglob"}
