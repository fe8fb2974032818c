"""Which file an import names, decided by folders as Python's path finder would."""

from lazify.index.project import External, InModule
from tests.index.worlds import World


def _meaning(files: dict[str, str], module: str, name: str) -> str | None:
    world = World(files)
    match world.project.lookup(world.modules[module], name):
        case InModule(found):
            return found.path.as_posix()
        case External(found):
            return found
        case _:
            return None


def test_a_folder_without_init_inside_a_package_is_no_place_to_import_from() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/hooks/openai/__init__.py": "",
        "pkg/hooks/types.py": "",
        "pkg/hooks/first.py": "import openai\nimport types\n",
        "pkg/other.py": "import openai\nfrom pkg.hooks import first\n",
    }
    assert _meaning(files, "pkg.hooks.first", "openai") == "openai"
    assert _meaning(files, "pkg.hooks.first", "types") == "types"
    assert _meaning(files, "pkg.other", "openai") == "openai"
    assert _meaning(files, "pkg.other", "first") == "/project/pkg/hooks/first.py"


def test_its_modules_import_each_other_by_the_name_of_the_package() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/hooks/a.py": "from pkg.hooks import b\nfrom . import c\n",
        "pkg/hooks/b.py": "",
        "pkg/hooks/c.py": "",
    }
    assert _meaning(files, "pkg.hooks.a", "b") == "/project/pkg/hooks/b.py"
    assert _meaning(files, "pkg.hooks.a", "c") == "/project/pkg/hooks/c.py"


def test_scripts_in_a_folder_of_a_package_that_nobody_imports_find_what_lies_beside_them() -> None:
    files = {"pkg/__init__.py": "", "pkg/scripts/run.py": "import steps\n", "pkg/scripts/steps.py": ""}
    assert _meaning(files, "pkg.scripts.run", "steps") == "/project/pkg/scripts/steps.py"


def test_a_stray_init_at_the_root_hides_no_package_below_it() -> None:
    files = {
        "__init__.py": "",
        "src/shop/__init__.py": "",
        "src/shop/a.py": "import shop.b as b\n",
        "src/shop/b.py": "",
    }
    assert _meaning(files, "src.shop.a", "b") == "/project/src/shop/b.py"
