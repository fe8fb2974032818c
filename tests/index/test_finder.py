from pathlib import Path

from lazify.index.finder import Finder
from lazify.index.modules import Folder, Module
from tests.index.worlds import ROOT, World

_FILES = {
    "src/shop/__init__.py": "",
    "src/shop/db.py": "",
    "src/shop/api/__init__.py": "",
    "src/shop/plugins/one.py": "",
    "tools/run.py": "",
}


def _finder() -> tuple[Finder, dict[str, Module]]:
    modules = World(_FILES).project.modules
    return Finder(modules), {path.relative_to(ROOT).as_posix(): module for path, module in modules.items()}


def test_a_dotted_name_leads_to_a_module_a_package_or_a_namespace_package() -> None:
    finder, modules = _finder()
    importer = modules["src/shop/api/__init__.py"]
    assert finder.absolute(importer, "shop.db") is modules["src/shop/db.py"]
    assert finder.absolute(importer, "shop") is modules["src/shop/__init__.py"]
    assert finder.absolute(importer, "shop.plugins") == Folder(ROOT / "src/shop/plugins")
    assert finder.absolute(importer, "shop.nothing") is None
    assert finder.absolute(importer, "numpy") is None


def test_dots_climb_from_the_folder_of_the_importer() -> None:
    finder, modules = _finder()
    importer = modules["src/shop/api/__init__.py"]
    assert finder.relative(importer, 2, "db") is modules["src/shop/db.py"]
    assert finder.relative(importer, 1, "") is importer


def test_packages_are_listed_from_the_outside() -> None:
    finder, modules = _finder()
    shop, api = modules["src/shop/__init__.py"], modules["src/shop/api/__init__.py"]
    assert finder.packages(modules["src/shop/db.py"]) == [shop]
    assert finder.packages(api) == [shop]
    assert finder.packages(Folder(Path("/elsewhere"))) == []


def test_only_packages_have_something_inside() -> None:
    finder, modules = _finder()
    assert finder.inside(modules["src/shop/__init__.py"], "db") is modules["src/shop/db.py"]
    assert finder.inside(modules["src/shop/db.py"], "api") is None
