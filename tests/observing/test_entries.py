import os
from pathlib import Path

import pytest

from lazify.errors import ConfigError
from lazify.model.observations import Imported
from lazify.observing.entries import locate
from tests.observing.project import seen, written


@pytest.mark.parametrize(
    ("file", "entry", "module", "folder"),
    [
        ("api/index.py", "api/index.py", "api.index", None),
        ("api/index.py", "api.index", "api.index", None),
        ("api/index.py", "api.index:app", "api.index", None),
        ("src/shop/__init__.py", "src/shop/__init__.py", "shop", "src"),
        ("src/shop/__init__.py", "src/shop", "shop", "src"),
        ("src/shop/__init__.py", "shop", "shop", "src"),
        ("services/web/__init__.py", "services/web/__init__.py", "web", "services"),
        ("services/web/__init__.py", "web", "web", "services"),
        ("main.py", "main.py", "main", None),
    ],
)
def test_an_entry_is_found_under_its_name(
    tmp_path: Path, file: str, entry: str, module: str, folder: str | None
) -> None:
    root = written(tmp_path, {file: ""})
    found = locate(entry, base=root)
    assert (found.module, found.file, found.root) == (module, root / file, root)
    assert found.folder == (None if folder is None else root / folder)
    assert seen(root, entry).outcome == Imported()


@pytest.mark.parametrize("name", ["my-entry.py", "class.py", "1.2/index.py"])
def test_a_file_that_no_name_leads_to_is_loaded_all_the_same(tmp_path: Path, name: str) -> None:
    observation = seen(written(tmp_path, {name: "import part\n", "part.py": ""}), name)
    assert observation.outcome == Imported()
    assert [Path(each.file) for each in observation.names if each.file.name != "part.py"] == [tmp_path / name]


@pytest.mark.parametrize(
    ("entry", "why"),
    [("api/index.py", "no such file"), ("nothing.py", "no such file"), ("folder", "__init__.py")],
)
def test_what_is_no_entry_is_said_so(tmp_path: Path, entry: str, why: str) -> None:
    root = written(tmp_path, {"folder/part.py": ""})
    with pytest.raises(ConfigError, match=why):
        locate(f"./{entry}" if entry == "folder" else entry, base=root)


def test_without_a_marker_the_project_is_where_the_user_stands(tmp_path: Path) -> None:
    root = written(tmp_path, {"api/index.py": ""})
    os.unlink(root / "pyproject.toml")  # noqa: PTH108  # of `written`
    assert locate("api/index.py", base=root).module == "api.index"


def test_a_project_inside_another_is_its_own(tmp_path: Path) -> None:
    root = written(tmp_path, {"one/api/index.py": "", "one/pyproject.toml": ""})
    found = locate("one/api/index.py", base=root)
    assert (found.module, found.root) == ("api.index", root / "one")
