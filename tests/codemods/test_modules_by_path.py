"""Modules that are loaded by their paths, and asked for all of their names."""

import textwrap

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


LOADED = {
    "by a specification": """
        spec = importlib.util.spec_from_file_location("loaded", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
    """,
    "by a loader": """
        return importlib.machinery.SourceFileLoader("loaded", path).load_module()
    """,
    "by its name": """
        return importlib.import_module(path.removesuffix(".py").replace("/", "."))
    """,
}
ASKED = {
    "where it is loaded": ("", "loaded(path).plugin.text"),
    "elsewhere": ("from loading import loaded", "loaded(path).plugin.text"),
    "of a variable": ("from loading import loaded", "[m.plugin.text for m in [loaded(path)]]"),
    "of an object": ("from loading import Keeper", "Keeper(path).module.plugin.text"),
    "of what is given": ("from loading import loaded", "asked(loaded(path))"),
}
KEEPER = "\n\nclass Keeper:\n    def __init__(self, path):\n        self.module = loaded(path)\n"


@pytest.mark.parametrize("body", LOADED.values(), ids=list(LOADED))
@pytest.mark.parametrize("asked", ASKED.values(), ids=list(ASKED))
def test_a_module_that_is_asked_for_an_attribute_answers(asked: tuple[str, str], body: str) -> None:
    imports, expression = asked
    loading = "import importlib\nimport importlib.machinery\nimport importlib.util\n\n\ndef loaded(path):\n"
    loading += textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n" + KEEPER
    main = f"{imports}\n\n\ndef asked(module):\n    return module.plugin.text\n\n\ndef show(path):\n    return {expression}\n"
    main = main if imports else loading + main
    outcome = check(
        {**PROJECT, "loading.py": loading, "main.py": main},
        run="import main; print(main.show('plugins/one.py'))",
    )
    assert "def __getattr__" in outcome.files["plugins/one.py"]


def test_a_loader_whose_modules_are_listed_keeps_them() -> None:
    main = "from importlib.machinery import SourceFileLoader\n\n\ndef names(path):\n    return vars(SourceFileLoader('m', path).load_module())\n"
    refused({**PROJECT, "main.py": main}, because="loads modules by their paths")


def test_a_module_that_is_asked_for_other_attributes_need_not_answer() -> None:
    loading = "import importlib\n\n\ndef loaded(name):\n    return importlib.import_module(name)\n"
    main = "from loading import loaded\n\n\ndef show(name):\n    return loaded(name).size()\n"
    files = {**PROJECT, "loading.py": loading, "main.py": main}
    outcome = check(files, run="import main; print(main.show('plugins.one'))")
    assert "def __getattr__" not in outcome.files["plugins/one.py"]
