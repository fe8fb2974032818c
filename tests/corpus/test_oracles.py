"""What the judges' findings mean."""

import sys
from collections import Counter
from pathlib import Path

from tests.corpus.oracles import Finding, findings, import_roots, new_findings

MISSING = Finding("a.py", "missing-import", "Cannot find module `torch`")


def test_a_package_that_is_not_installed_is_missing_in_every_function() -> None:
    assert not new_findings(Counter({MISSING: 3}), Counter({MISSING: 1}))


def test_a_module_that_was_found_before_and_is_not_now_is_new() -> None:
    lost = Finding("a.py", "missing-import", "Cannot find module `app.db`")

    assert new_findings(Counter({MISSING: 1, lost: 1}), Counter({MISSING: 1})) == Counter({lost: 1})


def test_one_more_undefined_name_is_new() -> None:
    name = Finding("a.py", "F821", "Undefined name `x`")

    assert new_findings(Counter({name: 2}), Counter({name: 1})) == Counter({name: 1})


def test_both_type_checkers_see_the_packages_of_the_running_python(tmp_path: Path) -> None:
    """Whatever environment the shell's PATH begins with."""
    answers = {
        "ruff": "[]",
        "ty": '[{"location": {"path": "a.py"}, "check_name": "ty", "description": "%s"}]',
        "pyrefly": '{"errors": [{"path": "a.py", "name": "pyrefly", "concise_description": "%s"}]}',
    }
    programs, tree = tmp_path / "bin", tmp_path / "tree"
    programs.mkdir()
    tree.mkdir()
    for name, answer in answers.items():
        (programs / name).write_text(f"#!/bin/sh\nprintf '{answer}' \"$*\"\n", encoding="utf-8")
        (programs / name).chmod(0o755)

    asked = {found.kind: found.message for found in findings(tree, programs)}

    assert f"--python {sys.executable} " in asked["ty"]
    assert f"--python-interpreter-path {sys.executable} " in asked["pyrefly"]


def test_names_are_looked_for_where_packages_are(tmp_path: Path) -> None:
    for name in (
        "src/python/shop/__init__.py",
        "src/python/shop/deep/__init__.py",
        "lib/tool.py",
        "src/notes.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert import_roots(tmp_path) == [tmp_path, tmp_path / "lib", tmp_path / "src" / "python"]
