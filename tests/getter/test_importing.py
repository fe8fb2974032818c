"""Modules that are loaded by computed names where a failure of theirs is expected."""

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
