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


# Values that are computed from what functions change of a class.

CLASSES = """
class Box:
    def __init__(self, n):
        self.n = n


class Base:
    registry = {}
    seen = []
    level = 1
    count = 0

    def __init_subclass__(cls, **options):
        cls.registry[cls.__name__] = cls

    def __init__(self):
        self.seen.append(1)
        type(self).count += 1

    @classmethod
    def configure(cls, level):
        cls.level = level


class Meta(type):
    made = []

    def __new__(meta, name, bases, body):
        meta.made.append(name)
        return super().__new__(meta, name, bases, body)


class Sub(Base): ...
"""
READS = {
    "what __init_subclass__ gathers": ("sorted(Base.registry)", "Base.registry"),
    "what a metaclass gathers": ("list(classes.Meta.made)", "Meta.made"),
    "what constructors gather": ("len(classes.Base.seen)", "Base.seen"),
    "what constructors count": ("classes.Base.count", "Base.count"),
    "what a class method sets": ("Base.level", "Base.level"),
    "what a subclass inherits": ("classes.Sub.level", "Base.level"),
    "all attributes of a class": ("len(vars(classes.Base))", "Base."),
    "all properties of a class": (
        "[n for n, _ in inspect.getmembers(classes.Base, lambda x: isinstance(x, property))]",
        "Base.",
    ),
    "an attribute by its name": ("getattr(Base, 'level')", "Base."),
    "a class by its module": ("classes.Base.level * 2", "Base.level"),
    "an object made for it": ("classes.Sub().level", "Base."),
}


@pytest.mark.parametrize(("value", "because"), READS.values(), ids=READS.keys())
def test_a_value_stays_where_it_reads_of_a_class_what_functions_change(value: str, because: str) -> None:
    files = {
        "classes.py": CLASSES,
        "a.py": f"import inspect\nimport classes\nfrom classes import Base\n\nbox = classes.Box({value})\n\n\n"
        "def f():\n    return box.n\n",
        "b.py": "from classes import Base, Meta\n\n\ndef change():\n    class Late(Base): ...\n\n"
        "    class Made(metaclass=Meta): ...\n\n    Base()\n    Base.configure(7)\n    Base.extra = property(id)\n",
    }
    refused(files, because=because, flags={**EVERYTHING, "ignore": ["LZ2"]})


@pytest.mark.parametrize("value", ["Config.limit * 2", "Sub.limit", "Config().doubled()", "Config.new"])
@pytest.mark.parametrize("fill", ["setattr(cls, name, value)", "setattr(Config, name, value)"])
def test_a_value_stays_where_a_function_sets_attributes_of_a_class_by_computed_names(
    fill: str, value: str
) -> None:
    files = {
        "classes.py": "class Config:\n    limit = 1\n\n    def doubled(self):\n        return self.limit * 2\n\n"
        "    @classmethod\n    def load(cls, **values):\n        for name, value in values.items():\n"
        f"            {fill}\n\n\nclass Sub(Config): ...\n",
        "a.py": f"from classes import Config, Sub\n\nbox = str({value})\n\n\ndef f():\n    return box\n",
    }
    refused(files, because="computed name", flags={**EVERYTHING, "ignore": ["LZ2"]})


def test_what_objects_change_of_themselves_is_no_reason() -> None:
    files = {
        "classes.py": """
            class Box:
                limit = 5
                items = None

                def __init__(self):
                    self.items = []
                    self.text = open("pyproject.toml").read()

                def add(self, item):
                    self.limit = 7
                    self.items.append(item)
                    return len(self.items)
            """,
        "a.py": "from classes import Box\n\nbox = Box()\nlow = tuple([Box.limit - 1])\n\n\n"
        "def f():\n    return box.add(1), low, isinstance(box, Box)\n",
    }
    outcome = check(files, run="import a; print(a.f())", flags=EVERYTHING)
    assert "get_box()" in outcome.files["a.py"]
    assert "get_low()" in outcome.files["a.py"]


def test_what_a_library_binds_beside_the_value_stays_for_others() -> None:
    """`is_64bits` of arrow's constants, which the fallback for Windows computes."""
    outcome = check(
        {
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "p"\nversion = "1"\n',
            "constants.py": """
                import sys

                try:
                    wide = sys.maxsize > 2**32
                    LIMIT = open("pyproject.toml").read() * wide
                except OSError:
                    wide = False
                    LIMIT = ""


                def limit():
                    return LIMIT
                """,
        },
        run="import constants; print(constants.wide, constants.limit(), constants.LIMIT)",
    )
    assert outcome.plan.changes or outcome.plan.refusals


def test_who_loads_any_module_may_ask_it_for_what_it_imports() -> None:
    """`getattr(recipe, "ctx", default)` of a module that a helper of falcon's tests gives."""
    check(
        {
            "recipes/box.py": "from decimal import Decimal\n\n\ndef f():\n    return Decimal(1)\n",
            "tests/helper.py": """
                import importlib.util


                class Util:
                    @staticmethod
                    def load(path):
                        spec = importlib.util.spec_from_file_location("loaded", path)
                        module = importlib.util.module_from_spec(spec)
                        spec.loader.exec_module(module)
                        return module
                """,
            "tests/test_box.py": """
                def test_box(util, kind):
                    recipe = util.load(f"recipes/{kind}.py")
                    assert recipe.f()
                    return getattr(recipe, "Decimal", None) is not None
                """,
        },
        flags={"heavy": ("decimal",)},
        run="import sys; sys.path.insert(0, 'tests'); import helper, test_box; print(test_box.test_box(helper.Util, 'box'))",
    )
