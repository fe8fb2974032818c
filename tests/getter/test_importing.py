"""Modules that are loaded by computed names where a failure of theirs is expected."""

import re
from textwrap import dedent

import pytest

from lazify.testing import check, refused

LOADERS = {
    "a list of names": 'NAMES = ["plugins.store"]\n\n\ndef load():\n    for name in NAMES:\n        try:\n            importlib.import_module(name)\n',
    "what a name begins with": 'def load(name):\n    try:\n        return importlib.import_module(f"plugins.{name}")\n',
    "a package's modules": 'import pkgutil\nimport plugins\n\n\ndef load():\n    for each in pkgutil.iter_modules(plugins.__path__, "plugins."):\n        try:\n            importlib.import_module("plugins." + each.name)\n',
}


@pytest.mark.parametrize("loads", LOADERS.values(), ids=LOADERS)
@pytest.mark.parametrize("caught", ["Exception", "OSError", "ImportError"])
def test_a_plugin_that_may_fail_while_it_is_loaded_fails_there(loads: str, caught: str) -> None:
    indent = loads[: loads.index("try:")].rpartition("\n")[2]
    handler = f"{indent}except {caught}:\n{indent}    print('skipped')\n"
    files = {
        "plugins/__init__.py": "",
        "plugins/store.py": 'text = open("none.txt").read()\n\n\ndef show():\n    return text\n',
        "loader.py": f"import importlib\n\n{loads}{handler}",
    }
    if caught == "ImportError":
        assert check(files).plan.changes
    else:
        refused(files, because="under a guard that a failure would come after")
        other = {"other/__init__.py": "", "other/store.py": files["plugins/store.py"]}
        assert check(
            {"loader.py": files["loader.py"].replace("import plugins\n", "plugins = None\n"), **other}
        ).plan.changes


@pytest.mark.parametrize(
    ("name", "is_known"),
    [('"plugins"', True), ('"plug" + KIND', False), ('os.environ.get("P", "plugins")', False)],
)
def test_a_making_that_imports_whatever_a_name_says_stays(name: str, is_known: bool) -> None:
    """What that module does when it runs would be done later: here, nobody notices where the name is known."""
    store = (
        "import importlib\nimport os\nimport sqlite3\n\nKIND = 'ins'\n\n\ndef make():\n"
        f"    importlib.import_module({name})\n    return sqlite3.connect('x.db')\n\n\ndb = make()\n"
    )
    files = {
        "plugins.py": "names = ['a']\n",
        "store.py": store,
        "use.py": "import store\n\n\ndef f():\n    return store.db\n",
    }
    if is_known:
        assert check(files).plan.changes
    else:
        refused(files, because="making it imports a module by a computed name")


@pytest.mark.parametrize("stores", ["module.db = 1", "setattr(module, 'db', 1)", "cast(Any, module).db = 1"])
def test_an_attribute_is_set_on_a_module_whose_name_has_a_known_beginning(stores: str) -> None:
    """As in the tests of fastapi 0.165.0, which import the programs of its documentation by such names."""
    use = (
        "import importlib\nfrom typing import Any, cast\n\n\ndef f(name):\n"
        f'    module = importlib.import_module(f"plugins.{{name}}")\n    {stores}\n    return module.show()\n'
    )
    store = "import sqlite3\n\ndb = sqlite3.connect('x.db')\n\n\ndef show():\n    return db\n"
    files = {"plugins/__init__.py": "", "plugins/store.py": store, "use.py": use}
    refused(files, because="db may be set or deleted on the module as a value")
    other = {"other/__init__.py": "", "other/store.py": store, "use.py": use}
    assert check(other).plan.changes


COMPUTED = {
    "a variable": "def load(name):\n    full = f'plugins.{name}'\n    TRY import_module(full)\n",
    "the name of a package": "def load(name):\n    TRY import_module(plugins.__name__ + '.' + name)\n",
    "what is joined": "def load(name):\n    full = '.'.join([plugins.__name__, name])\n    TRY import_module(full)\n",
    "a parameter": "def load_one(full):\n    TRY import_module(full)\n\n\ndef load(name):\n    load_one(f'plugins.{name}')\n",
    "an attribute": "class Loader:\n    package = 'plugins'\n\n    def load(self, name):\n        TRY import_module(f'{self.package}.{name}')\n",
    "a constant": "PACKAGE = 'plugins'\n\n\ndef load(name):\n    TRY import_module(f'{PACKAGE}.{name}')\n",
    "a folder": "FOLDER = Path(__file__).parent / 'plugins'\n\n\ndef load():\n    for each in FOLDER.glob('*.py'):\n        TRY import_module('.'.join(each.relative_to(FOLDER.parent).with_suffix('').parts))\n",
    "a file": "FOLDER = Path(__file__).parent / 'plugins'\n\n\ndef load(name):\n    spec = spec_from_file_location(name, FOLDER / name)\n    TRY module_from_spec(spec)\n",
    "a function for it": "def find(path):\n    return import_module(path.rpartition('.')[0])\n\n\ndef load():\n    TRY find('plugins.store.show')\n",
    "an entry point": "def load():\n    for each in entry_points(group='shop.plugins'):\n        TRY each.load()\n",
}


@pytest.mark.parametrize("loads", COMPUTED.values(), ids=COMPUTED)
def test_how_the_name_of_a_plugin_is_computed_makes_no_difference(loads: str) -> None:
    head = (
        "from importlib import import_module\nfrom importlib.metadata import entry_points\n"
        "from importlib.util import module_from_spec, spec_from_file_location\nfrom pathlib import Path\n\n{}\n\n\n"
    )
    code = re.sub(r"( *)TRY (.*)", r"\1try:\n\1    \2\n\1except OSError:\n\1    print('skipped')", loads)
    store = {
        "store.py": "text = open('none.txt').read()\n\n\ndef show():\n    return text\n",
        "__init__.py": "",
    }
    listed = '[project]\nname = "shop"\nversion = "1"\n\n[project.entry-points."shop.plugins"]\nstore = "{}.store:show"\n'
    for package, is_loaded in (("plugins", True), ("other", False)):
        files = {f"{package}/{name}": text for name, text in store.items()}
        files["loader.py"] = f"{head.format('import plugins' if is_loaded else 'plugins = Path')}{code}"
        files["pyproject.toml"] = listed.format("plugins")
        outcome = check(files)
        assert bool(outcome.plan.changes) is not is_loaded
        assert (
            not is_loaded
            or "under a guard that a failure would come after" in outcome.plan.refusals[0].reason
        )


LISTS = {
    "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    shop = main:main\n{} =\n    store = store:show\n",
    "setup.py": "from setuptools import setup\n\nsetup(entry_points={{'{}': ['store = store:show'], 'console_scripts': []}})\n",
    "setup.py with a call": "from setuptools import setup\n\nsetup(entry_points=dict(shop_plugins=[], **{{'{}': 'store = store:show'}}))\n",
    "setup.py with a text": "import setuptools\n\nENTRIES = '''\n    [{}]\n    store = store:show\n'''\nsetuptools.setup(entry_points=ENTRIES)\n",
}


@pytest.mark.parametrize("group", ["shop.plugins", "other"])
@pytest.mark.parametrize("lists", LISTS)
def test_entry_points_of_another_group_are_loaded_by_others(lists: str, group: str) -> None:
    files = {
        lists.partition(" ")[0]: LISTS[lists].format(group),
        "store.py": "text = open('none.txt').read()\n\n\ndef show():\n    return text\n",
        "loader.py": "import pkg_resources\n\n\ndef load():\n    for each in pkg_resources.iter_entry_points('shop.plugins'):\n"
        "        try:\n            each.load()\n        except OSError:\n            print('skipped')\n",
    }
    assert bool(check(files).plan.changes) is (group == "other")


STORE = {
    "shop/__init__.py": "",
    "shop/store.py": "text = open('none.txt').read()\n\n\ndef show():\n    return text\n",
    "shop/plugins.py": """\
        def load():
            return _load()


        def _load():
            import shop.store

            return shop.store


        class Plugin:
            def __init__(self):
                from shop.store import show

                self.show = show


        class Shelf:
            @property
            def store(self):
                return self._find()

            def _find(self):
                from shop.store import show

                return show
        """,
}
CALLER = "from shop import plugins\nfrom shop.plugins import Plugin, Shelf, load\n\n\ndef make(given):\n    try:\n        return {}\n    except {}:\n        print('skipped')\n"


@pytest.mark.parametrize("call", ["load()", "plugins.load()", "Plugin()", "Shelf().store", "given._find()"])
@pytest.mark.parametrize("caught", ["Exception", "(KeyError, OSError)"])
def test_a_guard_around_a_call_may_be_about_what_the_function_imports(call: str, caught: str) -> None:
    """`load()` gives None today where the file is missing; later, the module, and its functions fail."""
    files = {**STORE, "main.py": CALLER.format(call, caught)}
    refused(files, because="what is called here imports the module")


@pytest.mark.parametrize(
    ("call", "caught"),
    [("load()", "ImportError"), ("load()", "KeyError"), ("given.make()", "OSError"), ("None", "OSError")],
)
def test_a_guard_around_other_calls_is_about_those(call: str, caught: str) -> None:
    assert check({**STORE, "main.py": CALLER.format(call, caught)}).plan.changes


@pytest.mark.parametrize("path", ["main.py", "shop/__init__.py", "shop/plugins.py"])
def test_what_is_imported_without_a_guard_fails_before_the_call(path: str) -> None:
    files = {**STORE, "main.py": CALLER.format("load()", "OSError")}
    files[path] = f"import shop.store\n{dedent(files[path])}"
    assert check(files).plan.changes


@pytest.mark.parametrize(("name", "is_loaded"), [("yara", False), ("plugins.store", True)])
def test_a_name_that_is_a_constant_of_the_module_is_known(name: str, is_loaded: bool) -> None:
    """As misp-modules 3.1.1 asks for yara, and loads its own modules in another place."""
    files = {
        "plugins/__init__.py": "",
        "plugins/store.py": "text = open('none.txt').read()\n\n\ndef show():\n    return text\n",
        "loader.py": f"import importlib\n\nNAME = '{name}'\nFOLDER = 'plugins'\n\n\ndef load():\n    try:\n"
        "        importlib.import_module(NAME)\n    except OSError:\n        print('skipped')\n",
    }
    assert bool(check(files).plan.changes) is not is_loaded


@pytest.mark.parametrize("is_open", [False, True])
def test_a_guard_in_a_package_that_the_one_around_it_needs_is_about_its_module_all_the_same(
    *, is_open: bool
) -> None:
    """Importing the outer package runs the guard, and does not fail where that catches what happens."""
    openly = "from shop.store.m import text\n" if is_open else ""
    files = {
        "shop/__init__.py": "from shop.store import NAME\n",
        "shop/store/__init__.py": "from shop.store.names import NAME\n"
        f"{openly}\ntry:\n    from shop.store.m import show\nexcept OSError:\n    show = None\n",
        "shop/store/names.py": "NAME = 'store'\n",
        "shop/store/m.py": "text = open('data.txt').read()\n\n\ndef show():\n    return text\n",
        "data.txt": "data",
    }
    if is_open:
        assert check(files, run="import shop; print(shop.store.show())").plan.changes
    else:
        refused(files, because="an import of the module is guarded, and a failure would come after it")
