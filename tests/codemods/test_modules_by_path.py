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
