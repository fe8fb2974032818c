import os
import subprocess
import sys
from pathlib import Path

import pytest

from lazify.discover import Inventory, stake, survey
from tests.discover.conftest import Tree


def look(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> Inventory:
    (territory,), failures = stake([root / path for path in paths or (".",)])
    assert not failures
    return survey(territory, exclude=exclude)


def listed(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [str(source.path.relative_to(root)) for source in look(root, *paths, exclude=exclude).sources]


def named(root: Path, *paths: str) -> dict[str, str]:
    return {str(source.path.relative_to(root)): source.module for source in look(root, *paths).sources}


def selected(root: Path, *paths: str) -> list[str]:
    return [str(source.path.relative_to(root)) for source in look(root, *paths).sources if source.is_selected]


# What is left out.


def test_python_files_are_listed_in_order_and_nothing_else(tree: Tree) -> None:
    root = tree(
        {"pyproject.toml": "", "b.py": "", "a/z.py": "", "a.py": "", "w.pyw": "", "x.txt": "", ".py": ""}
    )
    assert listed(root) == ["a/z.py", "a.py", "b.py", "w.pyw"]


@pytest.mark.parametrize(
    "folder",
    [
        *(
            ".git",
            ".hg",
            ".svn",
            ".tox",
            ".nox",
            ".eggs",
            ".lazify",
            "__pycache__",
            "node_modules",
            "site-packages",
        ),
        *("x.egg-info", "x.dist-info", "_vendor", "vendor", "vendored", "third_party"),
    ],
)
def test_what_is_not_first_party_is_left_out(tree: Tree, folder: str) -> None:
    root = tree(
        {
            "pyproject.toml": "",
            "a.py": "",
            f"pkg/{folder}/six/__init__.py": "",
            f"{folder}/six/__init__.py": "",
        }
    )
    assert listed(root) == ["a.py"]


def test_a_package_about_vendors_is_first_party(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "shop/vendor/__init__.py": "", "shop/vendor/models.py": ""})
    assert listed(root) == ["shop/vendor/__init__.py", "shop/vendor/models.py"]


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
def test_environments_are_left_out_whatever_their_name(tree: Tree, mark: str) -> None:
    root = tree({"pyproject.toml": "", "a.py": "", f"stuff/{mark}": "", "stuff/lib/x.py": ""})
    assert listed(root) == ["a.py"]


def test_build_folders_are_left_out_beside_packaging_only(tree: Tree) -> None:
    root = tree(
        {
            "setup.py": "",
            "build/lib/a.py": "",
            "dist/a.py": "",
            "pkg/build/a.py": "",
            "pkg/dist/a.py": "",
        }
    )
    assert listed(root) == ["pkg/build/a.py", "pkg/dist/a.py", "setup.py"]


def test_a_package_called_build_is_first_party(tree: Tree) -> None:
    root = tree({"setup.py": "", "build/__init__.py": ""})
    assert listed(root) == ["build/__init__.py", "setup.py"]


def test_what_git_ignores_is_left_out(tree: Tree) -> None:
    root = tree(
        {
            ".git/info/exclude": "private.py\n",
            ".gitignore": "gen/\n*_pb2.py\n!keep_pb2.py\n",
            "gen/a.py": "",
            "a_pb2.py": "",
            "keep_pb2.py": "",
            "private.py": "",
            "pkg/.gitignore": "/local.py\n!again_pb2.py\n",
            "pkg/local.py": "",
            "pkg/again_pb2.py": "",
            "pkg/sub/local.py": "",
        }
    )
    assert listed(root) == ["keep_pb2.py", "pkg/again_pb2.py", "pkg/sub/local.py"]


def test_ignore_files_count_without_a_repository(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", ".gitignore": "gen/\n", "gen/a.py": "", "a.py": ""})
    assert listed(root) == ["a.py"]


def test_ignore_files_above_the_root_count_inside_a_repository(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            ".gitignore": "*.gen.py\n",
            "svc/pyproject.toml": "",
            "svc/a.gen.py": "",
            "svc/a.py": "",
        }
    )
    assert listed(root, "svc") == ["svc/a.py"]


def test_a_root_that_git_ignores_is_looked_at_when_it_is_named(tree: Tree) -> None:
    root = tree({".git/": "", ".gitignore": "svc/\n", "svc/pyproject.toml": "", "svc/a.py": ""})
    assert listed(root, "svc") == ["svc/a.py"]


def test_the_excludes_of_a_linked_worktree_are_those_of_its_repository(tree: Tree) -> None:
    root = tree(
        {
            "main/.git/info/exclude": "private.py\n",
            "main/.git/worktrees/other/commondir": "../..\n",
            "other/.git": "gitdir: ../main/.git/worktrees/other\n",
            "other/private.py": "",
            "other/a.py": "",
        }
    )
    assert listed(root, "other") == ["other/a.py"]


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_what_git_tracks_is_listed_although_it_is_ignored(tree: Tree, version: str) -> None:
    root = tree(
        {
            ".gitignore": "lib/\nlocal_*.py\n",
            "a.py": "",
            "lib/tracked.py": "",
            "lib/deep/tracked.py": "",
            f"lib/deep/{'u' * 200}.py": "",
            "lib/untracked.py": "",
            "lib/other/untracked.py": "",
            "local_tracked.py": "",
            "local_untracked.py": "",
            "svc/setup.py": "",
            "svc/lib/tracked.py": "",
        }
    )
    git(root, "init", "-q")
    git(root, "config", "index.version", version)
    git(root, "add", "-f", "lib/tracked.py", "lib/deep", "local_tracked.py", "svc", "a.py")
    if version == "3":
        (root / "lib/deep/intended.py").touch()
        git(root, "add", "-f", "-N", "lib/deep/intended.py")
    assert (root / ".git/index").read_bytes()[:8] == b"DIRC\0\0\0" + bytes([int(version)])
    wanted = [
        "a.py",
        "lib/deep/tracked.py",
        f"lib/deep/{'u' * 200}.py",
        "lib/tracked.py",
        "local_tracked.py",
        "svc/lib/tracked.py",
        "svc/setup.py",
    ]
    assert [name for name in listed(root) if "intended" not in name] == wanted
    assert listed(root, "svc") == ["svc/lib/tracked.py", "svc/setup.py"]
    assert "lib/tracked.py" not in listed(root, exclude=("lib",))


def test_an_index_that_cannot_be_read_tracks_nothing(tree: Tree) -> None:
    root = tree({".git/index": "DIRC nonsense", ".gitignore": "b.py", "a.py": "", "b.py": ""})
    assert listed(root) == ["a.py"]


def test_other_working_copies_of_the_repository_are_left_out_and_submodules_are_not(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            "a.py": "",
            ".worktrees/fix/.git": "gitdir: ../../.git/worktrees/fix\n",
            ".worktrees/fix/a.py": "",
            "libs/sub/.git": "gitdir: ../../.git/modules/sub\n",
            "libs/sub/b.py": "",
        }
    )
    assert listed(root) == ["a.py", "libs/sub/b.py"]
    assert listed(root, ".worktrees/fix") == [".worktrees/fix/a.py"]


def git(root: Path, *arguments: str) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *arguments], cwd=root, check=True, env=environment)


def test_exclude_is_relative_to_the_configuration(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py": "", "gen/a.py": "", "pkg/gen/a.py": "", "pkg/b_old.py": ""})
    assert listed(root, exclude=("/gen", "*_old.py")) == ["a.py", "pkg/gen/a.py"]
    assert listed(root, exclude=("*.py", "!a.py")) == ["a.py", "gen/a.py", "pkg/gen/a.py"]


@pytest.mark.parametrize(
    "path",
    [
        "gen",
        "gen/a.py",
        "node_modules/x",
        "node_modules/x/a.py",
        "env",
        "env/lib",
        "excluded",
        "excluded/a.py",
    ],
)
def test_what_the_user_names_is_never_left_out(tree: Tree, path: str) -> None:
    root = tree(
        {
            "pyproject.toml": "",
            ".gitignore": "gen/**\n",
            "b.py": "",
            "gen/a.py": "",
            "node_modules/x/a.py": "",
            "env/pyvenv.cfg": "",
            "env/lib/a.py": "",
            "excluded/a.py": "",
        }
    )
    found = look(root, path, exclude=("excluded/**",))
    selected = [str(source.path.relative_to(root)) for source in found.sources if source.is_selected]
    (only,) = selected
    assert only.startswith(path)
    assert len(found.sources) == 2


def test_other_projects_inside_are_left_out_when_both_are_named(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py": "", "svc/pyproject.toml": "", "svc/b.py": ""})
    territories, _ = stake([root, root / "svc"])
    outer, inner = map(survey, territories)
    assert [source.path for source in outer.sources] == [root / "a.py"]
    assert [source.path for source in inner.sources] == [root / "svc" / "b.py"]
    assert listed(root) == ["a.py", "svc/b.py"]


def test_only_what_is_named_is_looked_at_in_a_home_folder(tree: Tree, tmp_path: Path) -> None:
    tree(
        {
            "../a.py": "",
            "../b.py": "",
            "../pkg/__init__.py": "",
            "../pkg/sub/__init__.py": "",
            "other/c.py": "",
        }
    )
    assert listed(tmp_path, "a.py") == ["a.py", "b.py"]
    assert listed(tmp_path, "pkg/sub") == ["a.py", "b.py", "pkg/__init__.py", "pkg/sub/__init__.py"]


# What is said of each file.


def test_sources_under_the_paths_are_selected_and_the_others_follow(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "app/a.py": "", "app2/a.py": "", "tests/test_a.py": ""})
    selected = {
        source.path.relative_to(root).as_posix(): source.is_selected for source in look(root, "app").sources
    }
    assert selected == {"app/a.py": True, "app2/a.py": False, "tests/test_a.py": False}


def test_tests_are_recognised(tree: Tree) -> None:
    tests = [
        "tests/helpers.py",
        "pkg/test/x.py",
        "test_a.py",
        "pkg/a_test.py",
        "conftest.py",
        "app/tests.py",
        "pkg/testsuite/x.py",
    ]
    others = ["pkg/testing.py", "pkg/contest.py", "pkg/latest/a.py", "attest.py"]
    root = tree({"pyproject.toml": "", **dict.fromkeys(tests + others, "")})
    found = {source.path.relative_to(root).as_posix() for source in look(root).sources if source.is_test}
    assert found == set(tests)


def test_a_project_that_lies_in_a_folder_called_tests_is_no_test(tree: Tree) -> None:
    root = tree({"tests/pyproject.toml": "", "tests/app.py": ""})
    assert not any(source.is_test for source in look(root, "tests").sources)


def test_modules_are_named_as_the_project_imports_them(tree: Tree) -> None:
    root = tree(
        {
            "pyproject.toml": "",
            "main.py": "",
            "pkg/__init__.py": "",
            "pkg/mod.py": "",
            "pkg/bare/mod.py": "",
            "src/app/__init__.py": "",
            "src/app/mod.py": "",
            "src/google/cloud/thing/__init__.py": "",
            "backend/app/__init__.py": "",
            "backend/run.py": "",
        }
    )
    assert named(root) == {
        "main.py": "main",
        "pkg/__init__.py": "pkg",
        "pkg/mod.py": "pkg.mod",
        "pkg/bare/mod.py": "pkg.bare.mod",
        "src/app/__init__.py": "app",
        "src/app/mod.py": "app.mod",
        "src/google/cloud/thing/__init__.py": "google.cloud.thing",
        "backend/app/__init__.py": "app",
        "backend/run.py": "backend.run",
    }


def test_a_package_called_src_keeps_its_name(tree: Tree) -> None:
    root = tree(
        {"pyproject.toml": "", "src/__init__.py": "", "src/api/__init__.py": "", "src/api/main.py": ""}
    )
    assert named(root)["src/api/main.py"] == "src.api.main"


def test_a_root_that_is_a_package_itself_names_its_modules(tree: Tree) -> None:
    root = tree({"svc/__init__.py": "", "svc/pyproject.toml": "", "svc/app/a.py": ""})
    assert named(root, "svc") == {"svc/__init__.py": "svc", "svc/app/a.py": "svc.app.a"}


def test_the_size_is_that_of_all_sources(tree: Tree) -> None:
    assert (
        look(tree({"pyproject.toml": "", "a.py": "x = 1", "b.py": "y", "c.pyi": "long", "x/d.py": ""})).size
        == 6
    )


def test_packages_are_marked(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "pkg/__init__.py": "", "pkg/a.py": ""})
    assert [source.is_package for source in look(root).sources] == [True, False]


def test_scripts_without_a_suffix_are_sources(tree: Tree) -> None:
    root = tree(
        {"pyproject.toml": "", "bin/run": "#!/usr/bin/env python3\nimport app\n", "bin/sh": "#!/bin/sh\n"}
    )
    assert listed(root) == ["bin/run"]


# What else is collected.


def test_files_that_name_entry_objects_are_collected(tree: Tree) -> None:
    names = [
        *(
            "vercel.json",
            "Procfile",
            "serverless.yml",
            "template.yaml",
            "Dockerfile",
            "Dockerfile.prod",
            "setup.cfg",
        ),
        *(
            "docker-compose.yml",
            "docker-compose.prod.yaml",
            "compose.yaml",
            "app.yaml",
            "fly.toml",
            "render.yaml",
        ),
        *(
            "gunicorn.conf.py",
            "supervisord.conf",
            "web.service",
            "Makefile",
            "deploy/run.sh",
            "pyproject.toml",
            ".env",
            ".env.example",
            "deploy/production.env",
            ".flaskenv",
        ),
    ]
    root = tree(
        {
            **dict.fromkeys(names, ""),
            "README.md": "",
            "data.json": "",
            "env": "",
            "environment.txt": "",
            ".gitignore": "ignored/",
            "ignored/a.sh": "",
        }
    )
    assert {path.relative_to(root).as_posix() for path in look(root).platform_files} == set(names)


def test_platform_files_above_a_service_are_collected_too(tree: Tree) -> None:
    root = tree(
        {".git/": "", "Procfile": "", "svc/requirements.txt": "", "svc/Dockerfile": "", "b/Dockerfile": ""}
    )
    assert look(root, "svc").platform_files == (root / "Procfile", root / "svc" / "Dockerfile")


def test_stubs_and_what_only_others_can_rewrite_are_listed_apart(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py": "", "a.pyi": "", "fast.pyx": "", "study.ipynb": ""})
    found = look(root)
    assert [source.path.name for source in found.sources] == ["a.py"]
    assert found.stubs == {root / "a.pyi"}
    assert found.foreign == (root / "fast.pyx", root / "study.ipynb")


# Symlinks and other things that are no plain files.


def test_a_symlink_to_what_is_listed_is_a_link_and_no_source(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py": "", "b.py -> a.py": "", "pkg/c.py": "", "alias -> pkg": ""})
    found = look(root)
    assert [source.path.name for source in found.sources] == ["a.py", "c.py"]
    assert found.links == ((root / "alias", root / "pkg"), (root / "b.py", root / "a.py"))


def test_a_symlink_to_elsewhere_in_the_repository_keeps_its_own_name(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            "shared/x.py": "",
            "shared/pkg/y.py": "",
            "svc/pyproject.toml": "",
            "svc/x.py -> ../shared/x.py": "",
            "svc/pkg -> ../shared/pkg": "",
        }
    )
    assert listed(root, "svc") == ["svc/pkg/y.py", "svc/x.py"]


def test_what_a_symlink_brings_in_may_be_used_elsewhere_and_is_selected_only_by_name(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            "shared/x.py": "",
            "shared/pkg/y.py": "",
            "svc/pyproject.toml": "",
            "svc/a.py": "",
            "svc/x.py -> ../shared/x.py": "",
            "svc/pkg -> ../shared/pkg": "",
        }
    )
    assert selected(root, "svc") == ["svc/a.py"]
    assert selected(root, "svc/pkg") == ["svc/pkg/y.py"]
    assert selected(root, "svc", "svc/x.py") == ["svc/a.py", "svc/x.py"]


def test_a_symlink_out_of_the_repository_is_not_followed(tree: Tree) -> None:
    root = tree({"in/.git/": "", "in/x.py -> ../out/x.py": "", "in/pkg -> ../out": "", "out/x.py": ""})
    assert listed(root, "in") == []


def test_symlink_loops_end(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            "in/pyproject.toml": "",
            "in/a.py": "",
            "in/self -> .": "",
            "in/up -> ..": "",
            "in/ring -> ring": "",
            "in/gone -> nowhere": "",
            "in/out -> ../out": "",
            "out/b.py": "",
            "out/back -> ../in": "",
            "out/again -> .": "",
        }
    )
    assert listed(root, "in") == ["in/a.py", "in/out/b.py"]


def test_two_symlinks_to_one_folder_count_once(tree: Tree) -> None:
    root = tree({".git/": "", "in/setup.py": "", "in/x -> ../out": "", "in/y -> ../out": "", "out/b.py": ""})
    found = look(root, "in")
    assert [source.path for source in found.sources] == [root / "in" / "setup.py", root / "in" / "x" / "b.py"]
    assert found.links == ((root / "in" / "y", root / "in" / "x"),)


def test_a_symlink_that_is_ignored_is_not_followed(tree: Tree) -> None:
    root = tree(
        {
            ".git/": "",
            "in/Pipfile": "",
            "in/.gitignore": "bazel-*\n",
            "in/bazel-out -> ../out": "",
            "out/b.py": "",
        }
    )
    assert listed(root, "in") == []


def test_naming_a_symlink_selects_what_it_leads_to(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "pkg/a.py": "", "b.py": "", "alias -> pkg": ""})
    assert [source.path.name for source in look(root, "alias").sources if source.is_selected] == ["a.py"]


def test_pipes_and_folders_with_the_names_of_files_are_left_alone(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py/b.py": "", "Makefile/c.py": ""})
    os.mkfifo(root / "pipe.py")
    assert listed(root) == ["Makefile/c.py", "a.py/b.py"]


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_listed(tree: Tree) -> None:
    root = tree({"pyproject.toml": "", "a.py": "", "closed/b.py": ""})
    root.parent.chmod(0o755)
    (root / "closed").chmod(0)
    program = f"""
import os, sys
from pathlib import Path
from lazify.discover import stake, survey
if os.geteuid() == 0:
    os.setuid(65534)
(territory,), _ = stake([Path({str(root)!r})])
found = survey(territory)
print([source.path.name for source in found.sources], [(f.path.name, f.why) for f in found.failures])
"""
    for folder in root.parents:
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    (root / "closed").chmod(0o755)
    assert done.stdout.strip() == "['a.py'] [('closed', 'cannot be read: Permission denied')]"


def test_names_that_are_no_utf8_are_listed(tree: Tree) -> None:
    root = tree({"pyproject.toml": ""})
    path = Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9.py"))
    path.touch()
    assert [source.path for source in look(root).sources] == [path]


def test_a_tree_deeper_than_the_stack_is_walked(tree: Tree) -> None:
    root = tree({"pyproject.toml": ""})
    deep = f"{root}{'/d' * 1500}"
    subprocess.run(["mkdir", "-p", deep], check=True)
    Path(deep, "a.py").touch()
    try:
        assert len(look(root).sources) == 1
    finally:
        subprocess.run(["rm", "-r", root / "d"], check=True)  # shutil.rmtree recurses
