"""Modules that are loaded by their paths, and asked for all of their names."""

import pytest

from lazify.testing import check, refused

PLUGIN = """
class Plugin:
    def __init__(self):
        self.text = open("pyproject.toml").read()


plugin = Plugin()


def size():
    return len(plugin.text)
"""
LOADER = """
import importlib.util
import pathlib

HERE = pathlib.Path(__file__).parent


def load(path):
    spec = importlib.util.spec_from_file_location("loaded", {path})
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {asked}


def load_all():
    return [load(path) for path in sorted((HERE / "plugins").glob("o*.py"))]
"""
LISTED = {
    "its dictionary": "sorted(name for name in module.__dict__ if name[0] != '_')",
    "vars": "sorted(name for name in vars(module) if name[0] != '_')",
    "dir": "[name for name in dir(module) if name[0] != '_']",
    "by another function": "listed(module)",
}
PROJECT = {"pyproject.toml": "", "plugins/one.py": PLUGIN}
BELOW = "\n\ndef listed(found):\n    return sorted(found.__dict__)\n"


@pytest.mark.parametrize("asked", LISTED.values(), ids=list(LISTED))
def test_a_module_whose_names_are_listed_keeps_its_values(asked: str) -> None:
    loader = LOADER.format(path="path", asked=asked) + BELOW
    refused({**PROJECT, "main.py": loader}, because="loads modules by their paths")


def test_a_module_that_is_asked_for_an_attribute_of_a_computed_name_answers() -> None:
    loader = LOADER.format(path="path", asked="[getattr(module, name).text for name in ('plugin',)]")
    outcome = check({**PROJECT, "main.py": loader}, run="import main; print(main.load_all())")
    assert "def __getattr__" in outcome.files["plugins/one.py"]


@pytest.mark.parametrize(
    "path", ["'version.py'", "HERE / 'version.py'", "str(HERE / 'docs/version.py')", "f'{HERE}/version.py'"]
)
def test_a_module_of_another_file_name_is_not_meant(path: str) -> None:
    loader = LOADER.format(path=path, asked="sorted(vars(module))")
    outcome = check({**PROJECT, "main.py": loader}, run="import main; print(main.HERE.name is not None)")
    assert [change.title for change in outcome.plan.changes] == ["plugin becomes get_plugin()"]


@pytest.mark.parametrize(
    "path",
    [
        "HERE / 'plugins/one.py'",
        "HERE.joinpath('plugins', 'one.py')",
        "f'{HERE}/plugins/one.py'",
        "f'{HERE}/plugins/{path}.py'",
        "HERE / f'plugins/{path}.py'",
        "str(HERE) + path + 'e.py'",
        "path.replace('.txt', '.py')",
        "'%s.py' % path",
        "path.with_suffix('.py')",
    ],
)
def test_a_module_of_that_file_name_is_meant(path: str) -> None:
    loader = LOADER.format(path=path, asked="sorted(vars(module))")
    refused({**PROJECT, "main.py": loader}, because="loads modules by their paths")


ASKS = {
    "a spec": 'spec = importlib.util.spec_from_file_location("one", path)\n    found = importlib.util.module_from_spec(spec)\n    spec.loader.exec_module(found)\n    return found',
    "a loader": 'return importlib.machinery.SourceFileLoader("one", path).load_module()',
    "a name": 'return importlib.import_module(path.removesuffix(".py").replace("/", "."))',
}
LOADS = "import importlib.machinery\nimport importlib.util\n\n\ndef load(path):\n    {}\n"
ASKING = "print(load('plugins/one.py').plugin.text == '', load('plugins/one.py').size())"


@pytest.mark.parametrize("loading", ASKS.values(), ids=list(ASKS))
def test_a_module_that_is_asked_for_the_attribute_answers(loading: str) -> None:
    loads = LOADS.format(loading)
    one = {**PROJECT, "main.py": f"{loads}\n\ndef main():\n    {ASKING}\n"}
    two = {**PROJECT, "load.py": loads, "main.py": f"from load import load\n\n\ndef main():\n    {ASKING}\n"}
    for files in (one, two):
        outcome = check(
            files, run="import warnings; warnings.simplefilter('ignore'); import main; main.main()"
        )
        assert "def __getattr__" in outcome.files["plugins/one.py"]


RUNS = {
    "run_path": "import runpy\n\n\ndef load(path):\n    return runpy.run_path(path)['plugin']\n",
    "a named file": "import runpy\n\n\ndef load():\n    names = runpy.run_path('plugins/one.py')\n    return names['plugin']\n",
    "exec": "def load(path):\n    names = {}\n    with open(path) as file:\n        exec(compile(file.read(), path, 'exec'), names)\n    return names['plugin']\n",
}


@pytest.mark.parametrize("text", RUNS.values(), ids=list(RUNS))
def test_a_file_that_is_run_for_the_names_it_leaves_keeps_its_values(text: str) -> None:
    refused({**PROJECT, "main.py": text}, because="be looked up in what that leaves")


NOT_FOR_NAMES = {
    "the result is dropped": "import runpy\n\n\ndef run(path):\n    runpy.run_path(path)\n",
    "code that is made": "def run(code):\n    names = {}\n    exec(code, names)\n    return names\n",
    "another file": "import runpy\n\n\ndef run():\n    return runpy.run_path('plugins/two.py')\n",
    "a file that others import": "import runpy\nfrom plugins import one\n\n\ndef run(path):\n    return runpy.run_path(path), one.size()\n",
}


@pytest.mark.parametrize("text", NOT_FOR_NAMES.values(), ids=list(NOT_FOR_NAMES))
def test_a_file_that_nobody_asks_so_is_free(text: str) -> None:
    outcome = check({**PROJECT, "main.py": text})
    assert [change.title for change in outcome.plan.changes] == ["plugin becomes get_plugin()"]
