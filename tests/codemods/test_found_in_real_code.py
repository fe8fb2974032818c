"""Faults that a strict reviewer found in diffs of real applications, each as small as it gets.

Where a test only gives `run`, refusing is as good as rewriting: the program must do what it did.
"""

import pytest

from lazify.testing import check, refused, untouched

BOX = """
class Box:
    def __init__(self):
        self.text = open("pyproject.toml").read()

    def route(self, path):
        return lambda function: function

    def add(self, first, second=0):
        return first + second

    def close(self):
        self.text = ""
"""

MAKES_BOX = "from box import Box\n\nbox = Box()\n"

KEY = 'import os\n\nKEY = os.environ["LZ_NO_SUCH_KEY"]\n\n\ndef key():\n    return KEY\n'


# Wrong edits: the program does something else.


def test_saving_a_setting_does_not_empty_the_file_before_it_is_read() -> None:
    check(
        {
            "config.json": '{"a": 1}',
            "a.py": """
                import json

                with open("config.json") as file:
                    config = json.load(file)


                def save():
                    with open("config.json", "w") as file:
                        json.dump(config, file)
                """,
        },
        run='import a; a.save(); print(open("config.json").read())',
    )


def test_what_a_file_said_at_import_is_not_what_a_function_wrote_into_it() -> None:
    check(
        {
            "last.txt": "old",
            "a.py": """
                from pathlib import Path

                previous = Path("last.txt").read_text()


                def save(text):
                    Path("last.txt").write_text(text)


                def last():
                    return previous
                """,
        },
        run='import a; a.save("new"); print(a.last())',
    )


def test_values_read_one_after_the_other_from_one_file_keep_their_order() -> None:
    check(
        {
            "data.txt": "one\ntwo\n",
            "a.py": """
                file = open("data.txt")
                head = file.readline()
                body = file.readline()


                def of_head():
                    return head


                def of_body():
                    return body
                """,
        },
        run="import a; print(a.of_body(), a.of_head())",
    )


def test_what_a_cursor_gave_is_taken_before_it_runs_the_next_statement() -> None:
    check(
        {
            "a.py": """
                import sqlite3

                connection = sqlite3.connect(":memory:")
                cursor = connection.cursor()
                cursor.execute("select 1")
                one = cursor.fetchall()
                cursor.execute("select 2")
                two = cursor.fetchall()


                def both():
                    return two, one
                """,
        },
        run="import a; print(a.both())",
    )


def test_what_another_module_changes_after_its_imports_is_read_before() -> None:
    check(
        {
            "box.py": BOX,
            "settings.py": "class Settings:\n    size = 1\n\n\nsettings = Settings()\n",
            "a.py": """
                from settings import settings


                class Pool:
                    def __init__(self, size):
                        self.text = open("pyproject.toml").read()
                        self.size = size


                pool = Pool(settings.size)


                def size():
                    return pool.size
                """,
            "main.py": "import a\nfrom settings import settings\n\nsettings.size = 5\n\n\n"
            "def size():\n    return a.size()\n",
        },
        run="import main; print(main.size())",
    )


def test_what_another_module_adds_to_a_registry_after_its_imports_is_not_seen() -> None:
    check(
        {
            "registry.py": "registry = {}\n",
            "a.py": """
                from registry import registry


                class Menu:
                    def __init__(self, names):
                        self.text = open("pyproject.toml").read()
                        self.names = list(names)


                menu = Menu(registry)


                def names():
                    return menu.names
                """,
            "main.py": "import a\nimport registry\n\nregistry.registry['x'] = 1\n\n\n"
            "def names():\n    return a.names()\n",
        },
        run="import main; print(main.names())",
    )


def test_a_table_is_made_before_another_connection_reads_it() -> None:
    check(
        {
            "a.py": """
                import sqlite3

                db = sqlite3.connect("x.db")
                db.execute("create table t (a)")
                rows = sqlite3.connect("x.db").execute("select * from t").fetchall()


                def of_rows():
                    return rows


                def of_db():
                    return db
                """,
        },
        run="import os; os.path.exists('x.db') and os.remove('x.db'); import a; print(a.of_rows())",
    )


def test_a_thread_that_a_constructor_starts_works_from_the_import_on() -> None:
    refused(
        {
            "a.py": """
                import threading


                class Monitor:
                    def __init__(self):
                        self.thread = threading.Thread(target=self.watch, daemon=True)
                        self.thread.start()

                    def watch(self):
                        print("watching")

                    def stop(self):
                        self.thread.join()


                monitor = Monitor()


                def shutdown():
                    monitor.stop()
                """,
        },
        because="author",  # like `scheduler.start()` after `scheduler = BackgroundScheduler()`
    )


def test_a_star_import_outside_a_library_still_brings_the_name() -> None:
    check(
        {
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "p"\n',
            "box.py": BOX,
            "lib.py": '__all__ = ["box"]\n\n' + MAKES_BOX + "\n\ndef total():\n    return box.add(1)\n",
        },
        run="exec('from lib import *'); print(box.add(1))",
    )


def test_a_module_whose_import_may_fail_inside_try_keeps_failing_there() -> None:
    check(
        {
            "settings.py": KEY,
            "a.py": """
                try:
                    import settings
                except Exception:
                    settings = None


                def key():
                    return settings.key() if settings else "none"
                """,
        },
        run="import a; print(a.key())",
    )


def test_an_import_inside_try_that_reaches_the_module_by_way_of_another_keeps_failing_there() -> None:
    check(
        {
            "settings.py": KEY,
            "service.py": "from settings import key\n",
            "a.py": """
                try:
                    import service
                except KeyError:
                    service = None


                def key():
                    return service.key() if service else "none"
                """,
        },
        run="import a; print(a.key())",
    )


def test_an_import_inside_try_in_a_function_keeps_failing_there() -> None:
    check(
        {
            "settings.py": KEY,
            "a.py": """
                def key():
                    try:
                        from settings import key
                    except KeyError:
                        return "none"
                    return key()
                """,
        },
        run="import a; print(a.key())",
    )


def test_a_variable_that_a_function_sets_later_is_read_before() -> None:
    check(
        {
            "a.py": """
                import os

                HOME = os.environ["HOME"]


                def sandbox():
                    os.environ["HOME"] = "/sandbox"


                def home():
                    return HOME
                """,
        },
        run="import a; a.sandbox(); print(a.home())",
    )


def test_a_variable_that_another_module_sets_after_its_imports_is_read_before() -> None:
    check(
        {
            "a.py": 'import os\n\nHOME = os.environ["HOME"]\n\n\ndef home():\n    return HOME\n',
            "main.py": 'import os\n\nimport a\n\nos.environ["HOME"] = "/x"\n\n\ndef home():\n    return a.home()\n',
        },
        run="import main; print(main.home())",
    )


def test_a_variable_that_may_be_missing_is_read_before_a_function_sets_it_for_a_while() -> None:
    check(
        {
            "gpus.py": """
                import os
                import subprocess


                def visible(count):
                    named = os.getenv("LZ_VISIBLE_DEVICES")
                    return len(named.split(",")) if named else count


                def count_gpus():
                    return visible(len(subprocess.check_output(["echo", "a", "b"]).split()))


                GPUS = count_gpus()
                """,
            "main.py": """
                import os

                import gpus


                def load(gpu):
                    os.environ["LZ_VISIBLE_DEVICES"] = gpu
                    try:
                        return gpus.GPUS
                    finally:
                        os.environ.pop("LZ_VISIBLE_DEVICES")
                """,
        },
        run='import main; print(main.load("0"), main.gpus.GPUS)',
    )


def test_a_variable_that_is_set_above_the_value_is_no_reason_to_stay() -> None:
    check(
        {
            "a.py": """
                import os

                os.environ["LZ_NAME"] = "/x"
                text = open("pyproject.toml").read() + os.getenv("LZ_NAME", "")


                def show():
                    return text
                """,
        },
        {
            "a.py": """
                import os
                import threading

                os.environ["LZ_NAME"] = "/x"
                _text = ...  # until first use: None is a value
                _text_lock = threading.RLock()


                def get_text():
                    \"\"\"Return the shared value, made on first use.\"\"\"
                    global _text
                    if _text is ...:
                        with _text_lock:
                            if _text is ...:
                                _text = open("pyproject.toml").read() + os.getenv("LZ_NAME", "")
                    return _text


                def show():
                    return get_text()
                """,
        },
        run="import a; print(a.show())",
    )


def test_what_processes_share_is_made_before_one_is_forked() -> None:
    check(
        {
            "server.py": """
                import multiprocessing

                context = multiprocessing.get_context("fork")
                restart = multiprocessing.Event()
                answers = context.Queue()


                def work():
                    answers.put("done")
                    restart.set()


                def main():
                    process = context.Process(target=work)
                    process.start()
                    process.join()
                    return restart.wait(0.2) and answers.get(timeout=1)
                """,
        },
        run="import server; print(server.main())",
    )


def test_a_relative_path_is_not_read_after_the_program_changed_its_folder() -> None:
    check(
        {
            "a.py": """
                import os

                text = open("pyproject.toml").read()


                def daemonize():
                    os.chdir("/")


                def size():
                    return len(text)
                """,
        },
        run="import a; a.daemonize(); print(a.size())",
    )


def test_tests_that_import_under_a_patched_environment_keep_passing() -> None:
    check(
        {
            "settings.py": KEY,
            "tests/test_settings.py": """
                import os
                from unittest import mock

                with mock.patch.dict(os.environ, {"LZ_NO_SUCH_KEY": "1"}):
                    import settings


                def test_key():
                    assert settings.key() == "1"
                """,
        },
        run="import sys; sys.path.insert(0, 'tests'); import test_settings as t; t.test_key(); print('passed')",
    )


def test_tests_that_expect_the_import_to_fail_keep_passing() -> None:
    check(
        {
            "settings.py": KEY,
            "tests/test_settings.py": """
                import importlib


                def test_a_missing_key():
                    try:
                        importlib.import_module("settings")
                    except KeyError:
                        return
                    raise AssertionError
                """,
        },
        run="import sys; sys.path.insert(0, 'tests'); import test_settings as t; t.test_a_missing_key(); print('passed')",
    )


def test_doctests_that_use_the_value_keep_passing() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": MAKES_BOX
            + '\n\ndef total():\n    """Add.\n\n    >>> box.add(1)\n    1\n    """\n    return box.add(1)\n',
        },
        run="import a, doctest; print(doctest.testmod(a).failed)",
    )


def test_a_logging_configuration_that_names_the_value_still_finds_it() -> None:
    check(
        {
            "api.py": 'stream = open("out.log", "a")\n\n\ndef log():\n    return stream\n',
            "logging.json": '{"handlers": {"a": {"class": "logging.StreamHandler", "stream": "ext://api.stream"}}}',
        },
        run='import logging.config as c; print(c.BaseConfigurator({}).convert("ext://api.stream").name)',
    )


def test_what_a_kubernetes_file_serves_stays() -> None:
    refused(
        {
            "box.py": BOX,
            "api.py": "from box import Box\n\nserver = Box()\n\n\ndef total():\n    return server.add(1)\n",
            "deploy/api.yaml": "kind: Deployment\nspec:\n  containers:\n  - command: [uvicorn, 'api:server']\n",
        },
        because="names server",
    )


def test_a_decorator_for_python_38_does_not_call_a_getter() -> None:
    outcome = check(
        {
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.8"\n',
            "box.py": BOX,
            "a.py": MAKES_BOX
            + '\n\ndef create():\n    @box.route("/")\n    def home():\n        return 1\n\n    return home\n',
        },
        run="import a; print(a.create()())",
    )
    assert "@get_box()." not in outcome.files["a.py"]  # grammar of Python 3.9 (PEP 614)


def test_a_server_that_is_started_and_kept_in_a_name_starts_at_import() -> None:
    refused(
        {
            "a.py": """
                from prometheus_client import start_http_server

                metrics = start_http_server(9000)


                def stop():
                    metrics[0].shutdown()
                """,
        },
        because="author",
    )


# Effects that are there and not found.


def test_what_a_configuring_call_reads_is_a_reason_to_wait() -> None:
    outcome = check(
        {
            "app.ini": "[app]\nsize = 1\n",
            "a.py": """
                import configparser

                config = configparser.ConfigParser()
                config.read("app.ini")


                def size():
                    return config["app"]["size"]
                """,
        },
        run="import a; print(a.size())",
    )
    assert [change.title for change in outcome.plan.changes] == ["config becomes get_config()"]


def test_variables_read_by_a_computed_name_are_required() -> None:
    outcome = check(
        {
            "a.py": """
                import os

                KEYS = {name: os.environ[name] for name in ("HOME", "PATH")}


                def keys():
                    return sorted(KEYS)
                """,
        },
        run="import a; print(a.keys())",
    )
    assert [change.code for change in outcome.plan.changes] == ["LZ103"]


def test_settings_with_an_env_file_read_it() -> None:
    outcome = check(
        {
            "a.py": """
                from pydantic_settings import BaseSettings, SettingsConfigDict


                class Settings(BaseSettings):
                    model_config = SettingsConfigDict(env_file=".env")
                    size: int = 1


                settings = Settings()


                def size():
                    return settings.size
                """,
        },
    )
    assert [change.title for change in outcome.plan.changes] == ["settings becomes get_settings()"]


# False reasons.


def test_a_variable_read_only_where_it_is_known_to_be_set_is_not_required() -> None:
    untouched(
        {
            "a.py": """
                import os

                if "LEVEL" in os.environ:
                    LEVEL = os.environ["LEVEL"]
                else:
                    LEVEL = "info"


                def level():
                    return LEVEL
                """,
        }
    )


def test_removing_a_variable_that_may_be_missing_does_not_require_it() -> None:
    untouched({"a.py": 'import os\n\nos.environ.pop("SLURM_NTASKS", None)\n'})


def test_asking_locals_for_one_name_says_nothing_of_others() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": MAKES_BOX
            + '\nif "error" in locals():\n    print("failed")\n\n\ndef total():\n    return box.add(1)\n',
        },
        run="import a; print(a.total())",
    )
    assert [change.title for change in outcome.plan.changes] == ["box becomes get_box()"]


def test_a_plain_record_of_mediapipe_reads_no_file() -> None:
    untouched(
        {
            "a.py": """
                import mediapipe as mp

                pen = mp.solutions.drawing_styles.DrawingSpec(color=(10, 200, 250), thickness=1)


                def draw():
                    return pen
                """,
        },
        flags={"select": ("LZ1",)},
    )


def test_joining_posix_paths_touches_no_file() -> None:
    untouched(
        {
            "a.py": 'import posixpath\n\nBASE = posixpath.join("a", "b")\n\n\ndef base():\n    return BASE\n',
        },
        flags={"risky": True},
    )


# What a reviewer would not merge.


def test_shutting_down_asks_the_storage_when_it_also_tests_something_else() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": """
                import atexit

                from box import Box

                box = Box()
                enabled = True


                def shutdown():
                    if enabled and box.text:
                        box.close()


                atexit.register(shutdown)


                def total():
                    return box.add(1)
                """,
        },
        run="import a; print(a.total())",
    )
    shutdown = outcome.files["a.py"].partition("def shutdown")[2].partition("atexit")[0]
    assert "get_box()" not in shutdown, shutdown


def test_a_function_that_says_what_it_returns_types_the_getter() -> None:
    outcome = check(
        {
            "a.py": 'def load() -> str:\n    return open("pyproject.toml").read()\n\n\n'
            "text = load()\n\n\ndef size():\n    return len(text)\n",
        },
        run="import a; print(a.size())",
    )
    assert "def get_text() -> str:" in outcome.files["a.py"]
    assert "None is a value" not in outcome.files["a.py"]


def test_texts_that_are_formatted_are_texts() -> None:
    outcome = check(
        {
            "a.py": 'import secrets\n\nAGENT = f"pip/{secrets.token_hex()}"\n'
            'NAME = "pip/{}".format(secrets.token_hex())\n\n\ndef names():\n    return AGENT, NAME\n',
        },
        flags={"singleton": ("AGENT", "NAME")},
        run="import a; print(len(a.names()))",
    )
    assert "def get_agent() -> str:" in outcome.files["a.py"]
    assert "def get_name() -> str:" in outcome.files["a.py"]
    assert "None is a value" not in outcome.files["a.py"]


def test_a_comment_that_silences_a_tool_stays_on_its_line() -> None:
    said = "  # noqa: PLC0415  # startup owns the active configuration of it"
    outcome = check(
        {
            "pyproject.toml": "[tool.ruff]\nline-length = 100\n",
            "box.py": BOX,
            "service/__init__.py": "",
            "service/server.py": "from box import Box\n\nhandler_of_boxes = Box()\n",
            "a.py": f"def total():\n    from service.server import handler_of_boxes{said}\n\n"
            "    return handler_of_boxes.add(1)  # pyright: ignore[reportUnknownMemberType]  # untyped as of now it is\n",
        },
        run="import a; print(a.total())",
    )
    text = outcome.files["a.py"]
    assert f"    from service.server import get_handler_of_boxes{said}\n" in text
    assert "    return get_handler_of_boxes().add(1)  # pyright: ignore[reportUnknownMemberType]" in text


def test_no_blank_line_comes_between_the_imports_that_change() -> None:
    check(
        {
            "box.py": BOX,
            "a.py": MAKES_BOX + "alpha = 1\n",
            "b.py": "import os\nfrom a import alpha\nfrom a import box\nfrom json import dumps\n\n\n"
            "def total():\n    return dumps(box.add(alpha, len(os.sep)))\n",
            "c.py": "import os\nfrom a import box as zed\n\n\ndef total():\n    return zed.add(len(os.sep))\n",
        },
        {
            "a.py": """
                import threading

                from box import Box

                _box: "Box | None" = None
                _box_lock = threading.RLock()


                def get_box() -> Box:
                    \"\"\"Return the shared Box, made on first use.\"\"\"
                    global _box
                    if _box is None:
                        with _box_lock:
                            if _box is None:
                                _box = Box()
                    return _box


                alpha = 1
                """,
            "b.py": "import os\nfrom a import alpha\nfrom a import get_box\nfrom json import dumps\n\n\n"
            "def total():\n    return dumps(get_box().add(alpha, len(os.sep)))\n",
            "c.py": "import os\nfrom a import get_box as get_zed\n\n\n"
            "def total():\n    return get_zed().add(len(os.sep))\n",
        },
        run="import b, c; print(b.total(), c.total())",
    )


def test_sorted_names_of_an_import_are_sorted_again_when_the_getter_stands_elsewhere() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": "from box import Box\n\nzone = Box()\nalpha = 1\nomega = 2\n",
            "b.py": "from a import alpha, omega, zone\n\n\ndef total():\n    return zone.add(alpha, omega)\n",
        },
        run="import b; print(b.total())",
    )
    assert outcome.files["b.py"].startswith("from a import alpha, get_zone, omega\n")


def test_lines_aligned_with_an_opening_bracket_stay_aligned() -> None:
    check(
        {
            "box.py": BOX,
            "pyproject.toml": '[tool.yapf]\nbased_on_style = "google"\n',
            "a.py": MAKES_BOX
            + "\n\ndef total(first, second):\n    return box.add(first,\n                   second=second)\n",
        },
        {
            "a.py": """
                import threading

                from box import Box

                _box: "Box | None" = None
                _box_lock = threading.RLock()


                def get_box() -> Box:
                    \"\"\"Return the shared Box, made on first use.\"\"\"
                    global _box
                    if _box is None:
                        with _box_lock:
                            if _box is None:
                                _box = Box()
                    return _box


                def total(first, second):
                    return get_box().add(first,
                                         second=second)
                """,
        },
    )


def test_the_text_that_documents_a_value_documents_its_getter() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": MAKES_BOX + '"""The one box of all."""\n\n\ndef total():\n    return box.add(1)\n',
        },
        run="import a; print(a.total())",
    )
    assert '    return _box\n\n\n"""The one box of all."""' not in outcome.files["a.py"]
    assert "The one box of all." in outcome.files["a.py"]


def test_tests_of_a_library_do_not_keep_names_for_others() -> None:
    outcome = check(
        {
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "p"\n',
            "box.py": BOX,
            "lib.py": MAKES_BOX,
            "tests/__init__.py": "",
            "tests/test_lib.py": "from lib import box\n\n\ndef test_total():\n    assert box.add(1) == 1\n",
        },
        run="from tests import test_lib; test_lib.test_total()",
    )
    assert "__getattr__" not in outcome.files["tests/test_lib.py"]
    assert "__getattr__" in outcome.files["lib.py"]


def test_a_value_that_is_annotated_to_be_a_text_is_not_said_to_be_none() -> None:
    outcome = check(
        {
            "a.py": 'from pathlib import Path\n\ntext: str = Path("pyproject.toml").read_text()\n\n\n'
            "def size():\n    return len(text)\n",
        },
        run="import a; print(a.size())",
    )
    assert "None is a value" not in outcome.files["a.py"]


def test_a_type_checker_still_knows_that_a_tested_value_is_not_none() -> None:
    outcome = check(
        {
            "box.py": BOX,
            "a.py": """
                import os
                from typing import Optional

                from box import Box

                box: Optional[Box] = Box() if os.sep else None


                def total() -> int:
                    if box is None:
                        return 0
                    return box.add(1)
                """,
        },
        run="import a; print(a.total())",
    )
    total = outcome.files["a.py"].partition("def total")[2]
    assert total.count("get_box()") < 2, f"no checker narrows a call: {total}"


ACCESSOR = {
    "pkg/__init__.py": """
        class Registry:
            def __init__(self):
                self.name = open("pyproject.toml").name

        registry = Registry()

        def get_registry():
            return registry
    """,
    "pkg/main.py": "from pkg import get_registry\n\n\ndef name():\n    return get_registry().name\n",
}
REPLACING = """
    from unittest.mock import patch
    import pkg
    from pkg import get_registry
    from pkg.main import name

    class Other:
        name = "other"

    def test():
        {new}
        with patch.object(pkg, "registry", {value}):
            return name(), get_registry().name
"""


@pytest.mark.parametrize(("new", "value"), [("", "Other()"), ("new = Other()", "new")])
def test_a_replaced_value_reaches_those_who_hold_the_function_that_gives_it(new: str, value: str) -> None:
    """pint's tests import `get_application_registry` by name, and replace `pint.application_registry`."""
    outcome = check(
        {**ACCESSOR, "test_pkg.py": REPLACING.format(new=new, value=value)},
        run="import test_pkg; print(test_pkg.test())",
    )
    assert [change.title for change in outcome.plan.changes] == ["registry becomes get_shared_registry()"]


def test_a_function_that_nobody_holds_becomes_the_getter_though_the_value_is_replaced() -> None:
    files = {
        name: text.replace("from pkg import get_registry", "import pkg") for name, text in ACCESSOR.items()
    }
    files["pkg/main.py"] = files["pkg/main.py"].replace("get_registry()", "pkg.get_registry()")
    test = REPLACING.format(new="", value="Other()").replace("from pkg import get_registry", "")
    outcome = check(
        {**files, "test_pkg.py": test.replace("get_registry()", "pkg.get_registry()")},
        run="import test_pkg; print(test_pkg.test())",
    )
    assert [change.title for change in outcome.plan.changes] == ["registry becomes get_registry()"]
