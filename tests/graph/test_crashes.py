"""Crash points are ranked by what it takes for them to fail; what somebody catches is none."""

from pathlib import Path

import pytest

from tests.graph.projects import graph_of


def test_causes_rank_before_the_order_of_running_and_conditions_come_last(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                import os
                import requests

                config = open("config.json")
                if os.environ.get("DEBUG"):
                    key = os.environ["DEBUG_KEY"]
                rates = requests.get("https://example.org")
                os.makedirs("out")
                import settings
            """,
            "settings.py": "import os\nKEY = os.environ['KEY']\nOTHER = os.environ['OTHER']\n",
        },
    )
    assert graph.crashes() == [
        "ENVIRONMENT settings.py:2",
        "ENVIRONMENT settings.py:3",
        "ENVIRONMENT app.py:6",
        "READ_ONLY app.py:8",
        "NO_NETWORK app.py:7",
        "MISSING_FILE app.py:4",
    ]
    assert [point.rank for point in graph.whole.crash_points] == [1, 2, 3, 4, 5, 6]


def test_a_file_of_sqlite_fails_on_a_read_only_disk_and_a_server_s_database_without_it(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "import sqlite3\nimport psycopg2\na = sqlite3.connect('a.db')\n"
            "b = psycopg2.connect('host=db')\nc = sqlite3.connect(':memory:')\n"
        },
    )
    assert graph.crashes() == ["READ_ONLY app.py:3", "DATABASE app.py:4"]


def test_the_temporary_folder_is_writable_everywhere(root: Path) -> None:
    text = "import os\nimport tempfile\na = tempfile.mkdtemp()\nos.makedirs('/tmp/a')\nos.makedirs('a')\n"
    assert graph_of(root, {"app.py": text}).crashes() == ["READ_ONLY app.py:5"]


CAUGHT = [
    ("except KeyError:\n    KEY = None", True),
    ("except Exception:\n    KEY = None", True),
    ("except:\n    KEY = None", True),
    ("except (TypeError, LookupError):\n    KEY = None", True),
    ("except ImportError:\n    KEY = None", False),
    ("except KeyError:\n    raise", False),
    ("except KeyError as error:\n    print(error)\n    sys.exit(1)", False),
]


@pytest.mark.parametrize(("handler", "is_caught"), CAUGHT)
def test_a_handler_counts_if_it_names_the_failure_and_goes_on(
    root: Path, handler: str, *, is_caught: bool
) -> None:
    graph = graph_of(root, {"app.py": f"import os, sys\ntry:\n    KEY = os.environ['KEY']\n{handler}\n"})
    found = graph.caught() if is_caught else graph.crashes()
    assert "ENVIRONMENT app.py:3" in found


def test_what_suppress_names_is_caught(root: Path) -> None:
    text = "import os\nfrom contextlib import suppress\nwith suppress(OSError):\n    os.makedirs('a')\n"
    graph = graph_of(root, {"app.py": text})
    assert (graph.crashes(), graph.caught()) == ([], ["READ_ONLY app.py:4"])


def test_a_handler_in_a_function_on_the_way_counts(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                import os

                def prepare():
                    try:
                        os.makedirs("a")
                    except PermissionError:
                        pass

                prepare()
            """
        },
    )
    assert (graph.crashes(), graph.caught()) == ([], ["READ_ONLY app.py:9"])


def test_a_handler_around_the_definition_of_a_function_is_none_around_its_call(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                import os

                try:
                    def prepare():
                        os.makedirs("a")
                except OSError:
                    pass

                prepare()
            """
        },
    )
    assert graph.crashes() == ["READ_ONLY app.py:9"]


def test_a_guarded_import_guards_all_below_it_unless_another_way_has_no_guard(root: Path) -> None:
    files = {
        "app.py": "try:\n    import a\nexcept Exception:\n    a = None\n",
        "a.py": "import b\n",
        "b.py": "import os\nKEY = os.environ['KEY']\n",
    }
    guarded = graph_of(root, files)
    assert (guarded.crashes(), guarded.caught()) == ([], ["ENVIRONMENT b.py:2"])
    open_too = graph_of(root, {**files, "app.py": files["app.py"] + "import b\n"})
    assert open_too.crashes() == ["ENVIRONMENT b.py:2"]


def test_a_guard_against_missing_packages_does_not_catch_a_missing_variable(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "try:\n    import a\nexcept ImportError:\n    a = None\n",
            "a.py": "import os\nKEY = os.environ['KEY']\n",
        },
    )
    assert graph.crashes() == ["ENVIRONMENT a.py:2"]


def test_a_package_that_the_project_treats_as_optional_is_a_crash_point_where_it_does_not(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "import extra_thing\nimport other\n",
            "lib.py": "try:\n    import extra_thing\nexcept ImportError:\n    extra_thing = None\n",
        },
    )
    assert graph.crashes() == ["MISSING_PACKAGE app.py:1"]


def test_a_package_that_the_project_requires_is_not_optional(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "pyproject.toml": '[project]\nname = "demo"\nversion = "1"\ndependencies = ["Extra-Thing>=1"]\n',
            "app.py": "import extra_thing\n",
            "lib.py": "try:\n    import extra_thing\nexcept ImportError:\n    extra_thing = None\n",
        },
    )
    assert graph.crashes() == []


def test_with_an_interpreter_a_package_that_is_not_installed_fails_for_certain(root: Path) -> None:
    import sys

    graph = graph_of(
        root, {"app.py": "import click\nimport no_such_package\nimport json\n"}, python=Path(sys.executable)
    )
    assert graph.crashes() == ["CERTAIN app.py:2"]


def test_a_name_that_its_module_does_not_bind_fails_for_certain(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "from lib import there, gone\nfrom pkg import part\nfrom dynamic import anything\n",
            "lib.py": "there = 1\n",
            "pkg/__init__.py": "",
            "pkg/part.py": "",
            "dynamic.py": "def __getattr__(name): ...\n",
        },
    )
    assert graph.crashes() == ["CERTAIN app.py:1"]
    assert graph.whole.crash_points[0].what == "lib.gone"


def test_a_compiled_submodule_is_there_though_no_source_binds_it(root: Path) -> None:
    (root / "pkg").mkdir()
    (root / "pkg" / "_native.abi3.so").write_bytes(b"")
    graph = graph_of(root, {"app.py": "from pkg import _native, gone\n", "pkg/__init__.py": ""})
    assert [point.what for point in graph.whole.crash_points] == ["pkg.gone"]


def test_what_looks_for_files_and_goes_on_is_no_crash_point(root: Path) -> None:
    text = "import glob, os\nfrom dotenv import load_dotenv\na = glob.glob('x')\nb = list(os.walk('y'))\nload_dotenv()\n"
    graph = graph_of(root, {"app.py": text + "c = os.listdir('z')\n"})
    assert graph.crashes() == ["MISSING_FILE app.py:6"]


def test_a_condition_on_the_way_to_the_effect_makes_the_crash_point_conditional(root: Path) -> None:
    text = "import os\n\ndef prepare(path):\n    if path:\n        os.makedirs(path)\n\nprepare('')\n"
    (point,) = graph_of(root, {"app.py": text}).whole.crash_points
    assert point.is_conditional


def test_a_variable_that_the_file_sets_above_is_not_missing(root: Path) -> None:
    text = """
        import os
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
        os.environ["A"] = "1"
        if os.environ["B"] == "1":
            pass
        django.setup()
        a = os.environ["A"]
        b = os.environ["B"]
    """
    assert graph_of(root, {"app.py": text}).crashes() == ["ENVIRONMENT app.py:6", "ENVIRONMENT app.py:10"]
