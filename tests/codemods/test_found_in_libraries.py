"""Faults that a strict reviewer found in diffs of libraries that were tried unseen, each as small as it gets."""

import pytest

from lazify.testing import check, refused

EVERYTHING = {"singleton": ["*"], "risky": True}


# Imports by way of `sys.path`, and files that a tool runs and reads by their names.

STORE = "class Store:\n    def __init__(self):\n        self.text = open('pyproject.toml').read()\n        self.n = 1\n"
COMMON = {"tools/common.py": f"{STORE}\n\nstore = Store()\n\n\ndef size():\n    return len(store.text)\n"}


@pytest.mark.parametrize(
    "taking",
    [
        "from common import store as kept\nprint(kept.n)",
        "import common\nprint(common.store.n)",
        "import common as c\nprint(getattr(c, 'sto' + 're').n, c.size())",
        "from common import *\nprint(store.n)",
        "import common\ncommon.store = 5\nprint(common.size.__globals__['store'])",
    ],
)
def test_a_module_that_is_found_by_way_of_sys_path_keeps_its_names(taking: str) -> None:
    script = f"import sys\nsys.path.insert(0, 'tools')\n{taking}\n"
    check({**COMMON, "scripts/run.py": script}, run="import runpy; runpy.run_path('scripts/run.py')")


def test_a_star_import_from_a_folder_that_only_sys_path_knows_is_named() -> None:
    script = "import sys\nsys.path.insert(0, 'tools')\nfrom common import *\nprint(store.n)\n"
    because = "run.py:3 may import common.py by way of sys.path, and * brings no former name"
    refused({**COMMON, "scripts/run.py": script}, because=because)


def test_a_test_may_patch_a_module_by_the_name_that_sys_path_gives_it() -> None:
    files = {
        **COMMON,
        "checks/test_size.py": """
            import sys
            from unittest.mock import patch

            sys.path.insert(0, "tools")
            import common


            def test_size():
                with patch("common.store") as store:
                    store.text = "four"
                    assert common.size() == 4
            """,
    }
    run = "import sys; sys.path.insert(0, 'checks'); import test_size; test_size.test_size(); print('passed')"
    check(files, run=run)


@pytest.mark.parametrize(
    "importing", ["from shared import *", "from shared import theme", "from shared import theme as t"]
)
def test_what_a_tool_reads_in_its_configuration_stays_a_value(importing: str) -> None:
    files = {"docs/shared.py": 'theme = open("pyproject.toml").read()\n', "docs/conf.py": f"{importing}\n"}
    refused(files, because="a tool that runs conf.py may read")


def test_a_private_name_in_a_configuration_follows() -> None:
    files = {
        "docs/shared.py": 'theme = open("pyproject.toml").read()\n',
        "docs/conf.py": "from shared import theme as _theme\n\nhtml_theme = str(_theme)\n",
    }
    run = "import runpy; print(repr(runpy.run_path('docs/conf.py')['html_theme']))"
    outcome = check(files, run=f"import sys; sys.path.insert(0, 'docs'); {run}")
    assert "get_theme" in outcome.files["docs/shared.py"]


# Guarded imports whose names others may take from the module.

TAKES = "import importlib\n\n\ndef take(name, *default):\n    return getattr(importlib.import_module('guarded'), name, *default)\n"
MISSING = "no_such_package_of_anybody"


def _guarded(*, package: str, otherwise: str, flag: str = "") -> dict[str, str]:
    guard = f"try:\n    import {package} as it\n{flag}except ImportError:\n    {otherwise}\n"
    return {
        "guarded.py": f"{guard}\n\ndef f():\n    return it.__name__\n",
        "taking.py": TAKES,
    }


@pytest.mark.parametrize("package", [MISSING, "fractions"])
def test_a_name_that_is_none_without_its_package_is_none_for_others_too(package: str) -> None:
    run = "import taking; print(getattr(taking.take('it'), '__name__', None), taking.take('it', 5) is None)"
    files = _guarded(package=package, otherwise="it = None")
    outcome = check(files, run=run, flags={"heavy": [package]})
    assert "def __getattr__" in outcome.files["guarded.py"]


@pytest.mark.parametrize("package", [MISSING, "fractions"])
@pytest.mark.parametrize(("flag", "otherwise"), [("    HAS = True\n", "HAS = False"), ("", "pass")])
def test_a_name_that_is_not_there_without_its_package_is_not_there_for_others(
    package: str, flag: str, otherwise: str
) -> None:
    run = "import taking; print(getattr(taking.take('it', 5), '__name__', 'missing'))"
    files = _guarded(package=package, otherwise=otherwise, flag=flag)
    outcome = check(files, run=run, flags={"heavy": [package]})
    assert "def __getattr__" in outcome.files["guarded.py"]
