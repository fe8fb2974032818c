import os
from pathlib import Path

import pytest

from lazify.discover.territory import stake
from tests.discover.conftest import Tree


def roots(root: Path, *paths: str) -> dict[str, list[str]]:
    """Root to PATHS, relative to the tree."""
    territories, failures = stake([root / path for path in paths])
    assert not failures
    return {
        os.path.relpath(each.root, root): [os.path.relpath(path, root) for path in each.paths]
        for each in territories
    }


def refusal(path: Path) -> str:
    territories, (failure,) = stake([path])
    assert not territories
    return failure.why


@pytest.mark.parametrize(
    "marker", ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "manage.py"]
)
def test_the_nearest_folder_with_a_marker_is_the_root(tree: Tree, marker: str) -> None:
    root = tree({"pyproject.toml": "", f"svc/{marker}": "", "svc/src/app/main.py": ""})
    assert roots(root, "svc/src/app") == {"svc": ["svc/src/app"]}
    assert roots(root, "svc/src/app/main.py") == {"svc": ["svc/src/app/main.py"]}
    assert roots(root, "svc") == {"svc": ["svc"]}


def test_a_list_of_dependencies_inside_a_package_is_no_root(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "main.py": "", "app/__init__.py": "", "app/requirements.txt": ""})
    assert roots(root, "app") == {".": ["app"]}


def test_without_a_marker_the_repository_is_the_root(tree: Tree) -> None:
    root = tree({".git/": "", "app/__init__.py": "", "app/sub/main.py": "", "tests/test_main.py": ""})
    assert roots(root, "app/sub") == {".": ["app/sub"]}
    assert roots(root, "app", "tests") == {".": ["app", "tests"]}


def test_a_marker_above_the_repository_does_not_count(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "repo/.git": "gitdir: elsewhere", "repo/app/main.py": ""})
    assert roots(root, "repo/app") == {"repo": ["repo/app"]}


def test_a_marker_in_the_home_folder_does_not_count(tree: Tree) -> None:
    root = tree({"../setup.py": "", "app/main.py": ""})
    assert roots(root, "app") == {"app": ["app"]}


def test_a_repository_of_the_whole_home_does_not_count(tree: Tree) -> None:
    root = tree({"../.git/": "", "app/main.py": ""})
    assert roots(root, "app") == {"app": ["app"]}


def test_without_marker_and_repository_a_folder_is_its_own_root(tree: Tree) -> None:
    root = tree({"app/main.py": "", "other/main.py": ""})
    assert roots(root, "app") == {"app": ["app"]}


def test_without_marker_and_repository_the_root_is_above_the_topmost_package(tree: Tree) -> None:
    root = tree(
        {"lib/pkg/__init__.py": "", "lib/pkg/sub/__init__.py": "", "lib/pkg/sub/a.py": "", "lib/use.py": ""}
    )
    assert roots(root, "lib/pkg/sub/a.py") == {"lib": ["lib/pkg/sub/a.py"]}
    assert roots(root, "lib/pkg") == {"lib": ["lib/pkg"]}


def test_a_file_in_the_home_folder_does_not_claim_all_of_it(tree: Tree, tmp_path: Path) -> None:
    tree({"../script.py": "", "app/main.py": ""})
    (territory,), _ = stake([tmp_path / "script.py"])
    assert territory.root == tmp_path
    assert territory.is_shallow
    (whole,), _ = stake([tmp_path])
    assert not whole.is_shallow


def test_services_with_markers_are_projects_of_their_own(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            "services/a/pyproject.toml": "",
            "services/a/app/main.py": "",
            "services/b/requirements.txt": "",
            "services/b/app/main.py": "",
        }
    )
    assert roots(root, "services/a", "services/b") == {
        "services/a": ["services/a"],
        "services/b": ["services/b"],
    }


def test_services_without_markers_are_projects_of_their_own_when_their_modules_collide(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            "services/a/app/__init__.py": "",
            "services/b/app/__init__.py": "",
            "services/c/other/__init__.py": "",
            "tests/app/__init__.py": "",
        }
    )
    paths = ["services/a", "services/b", "services/c", "tests"]
    assert roots(root, *paths) == {
        "services/a": ["services/a"],
        "services/b": ["services/b"],
        ".": ["services/c", "tests"],
    }


def test_files_as_given_by_pre_commit_are_no_projects_of_their_own(tree: Tree) -> None:
    root = tree({".git/": "", "a/main.py": "", "b/main.py": ""})
    assert roots(root, "a/main.py", "b/main.py") == {".": ["a/main.py", "b/main.py"]}


def test_packages_are_no_projects_of_their_own(tree: Tree) -> None:
    root = tree({".git/": "", "a/__init__.py": "", "a/x.py": "", "b/__init__.py": "", "b/x.py": ""})
    assert roots(root, "a", "b") == {".": ["a", "b"]}


def test_a_root_inside_another_is_left_out_there_when_both_are_given(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "main.py": "", "svc/pyproject.toml": "", "svc/main.py": ""})
    (outer, inner), _ = stake([root, root / "svc"])
    assert (outer.root, outer.without) == (root, (root / "svc",))
    assert (inner.root, inner.without) == (root / "svc", ())
    (alone,), _ = stake([root])
    assert alone.without == ()


def test_the_configuration_is_the_nearest_pyproject(tree: Tree) -> None:
    root = tree({".git/": "", "pyproject.toml": "", "svc/requirements.txt": "", "svc/app/main.py": ""})
    (territory,), _ = stake([root / "svc"])
    assert territory.config_root == root
    (territory,), _ = stake([tree({"lone/.git/": "", "lone/a.py": ""}) / "lone"])
    assert territory.config_root == root / "lone"


def test_a_path_given_twice_counts_once(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py": ""})
    (territory,), _ = stake([root / "a.py", root / "." / "a.py"])
    assert territory.paths == (root / "a.py",)


def test_relative_paths_start_at_the_working_folder(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree({"pyproject.toml": "", "app/a.py": ""})
    monkeypatch.chdir(root / "app")
    (territory,), _ = stake([Path(), Path("../app/a.py")])
    assert territory.root == root
    assert territory.paths == (root / "app", root / "app" / "a.py")


def test_dots_after_a_symlink_mean_where_it_leads(tree: Tree) -> None:
    root = tree({"far/away/a.py": "", "far/b.py": "", "near/link -> ../far/away": ""})
    (territory,), failures = stake([root / "near" / "link" / ".." / "b.py"])
    assert not failures
    assert territory.paths == (root / "far" / "b.py",)


def test_what_cannot_be_processed_is_named(tree: Tree) -> None:
    root = tree({"notes.txt": "", "ring -> ring": "", "plain.py": ""})
    os.mkfifo(root / "pipe.py")
    assert refusal(root / "missing") == "no such file or folder"
    assert refusal(root / "notes.txt") == "not a Python file"
    assert refusal(root / "pipe.py") == "neither a file nor a folder"
    assert refusal(root / "plain.py" / "below") == "cannot be read: Not a directory"
    assert refusal(root / "ring") == "cannot be read: Too many levels of symbolic links"


def test_a_script_without_a_suffix_is_a_python_file_by_its_first_line(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "bin/run": "#!/usr/bin/env python3\n", "bin/other": "#!/bin/sh\n"})
    assert roots(root, "bin/run") == {".": ["bin/run"]}
    assert refusal(root / "bin" / "other") == "not a Python file"


def test_bad_paths_do_not_stop_the_others(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py": ""})
    territories, failures = stake([root / "missing", root / "a.py"])
    assert [each.root for each in territories] == [root]
    assert [failure.path for failure in failures] == [root / "missing"]
