"""A remembered plan is the plan that would be made now, whatever was changed since."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest

import lazify
from lazify import api, codemod, projects, remembered
from lazify.index import contents
from lazify.index.view import View
from lazify.model.changes import (
    AddImport,
    Change,
    Erase,
    InsertAfter,
    InsertBefore,
    Move,
    Plan,
    Refusal,
    Replace,
)
from lazify.model.effects import Evidence
from lazify.model.places import Failure, Place, Span
from lazify.plan import plan as plan_project
from lazify.remembered import pack, unpack

FILES = {
    "pyproject.toml": "",
    "store.py": 'import sqlite3\n\ndb = sqlite3.connect("a.db")\nother = sqlite3.connect("b.db")\n\n\n'
    "def rows():\n    return db.total_changes + other.total_changes\n",
    "use.py": "import store\n\n\ndef count():\n    return store.rows()\n",
    "test_store.py": "import store\n\n\ndef test_rows():\n    assert store.rows() == 0\n",
    ".gitignore": "generated/\n",
    "generated/made.py": "import store\n\n@store.db.create_function\ndef f(): ...\n",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(contents, "REST", -(10**9))  # a status is believed at once
    root = tmp_path / "project"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def planned(root: Path, **flags: object) -> Plan:
    remembered.of_code.cache_clear()  # each run has a process of its own
    return api.plan(api.load(api.Request(paths=(root,), flags=flags), progress=api.NoProgress()))


def planned_anew(root: Path, **flags: object) -> Plan:
    cache, aside = Path(os.environ["LAZIFY_CACHE_DIR"]), root.parent / "aside"
    cache.rename(aside)
    plan = planned(root, **flags)
    shutil.rmtree(cache)
    aside.rename(cache)
    return plan


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A word for every plan that is made and not remembered."""
    done: list[str] = []
    real = plan_project

    def watched(*arguments: object) -> Plan:
        done.append("planned")
        return real(*arguments)  # type: ignore[arg-type]  # passed on as they are

    monkeypatch.setattr(projects, "plan_project", watched)
    return done


def test_the_second_run_remembers_the_plan_of_the_first(root: Path, work: list[str]) -> None:
    first = planned(root)
    assert first.changes
    assert planned(root) == first
    assert work == ["planned"]


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)

    change.__name__ = f"write {name}"
    return change


def delete_the_only_user(root: Path) -> None:
    (root / "store.py").write_text('import sqlite3\n\ndb = sqlite3.connect("a.db")\n')


def rename_a_module(root: Path) -> None:
    (root / "store.py").rename(root / "shop.py")


def delete_a_module(root: Path) -> None:
    (root / "store.py").unlink()


def swap_two_modules(root: Path) -> None:
    (root / "store.py").rename(root / "x")
    (root / "use.py").rename(root / "store.py")
    (root / "x").rename(root / "use.py")


def edit_and_keep_the_times(root: Path) -> None:
    file = root / "store.py"
    before = file.stat()
    file.write_text(file.read_text().replace("other", "third"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


CELL = json.dumps({"cells": [{"cell_type": "code", "source": ["from store import db"]}]})


@pytest.mark.parametrize(
    "change",
    [
        edit_and_keep_the_times,
        rename_a_module,
        delete_a_module,
        delete_the_only_user,
        swap_two_modules,
        write("new.py", "import store\n\n@store.db.create_function\ndef f(): ...\n"),
        write("use.py", "import store\n\n@store.db.create_function\ndef f(): ...\n"),
        write("use.py", "import store\n\nstore.db ="),
        write(
            "test_store.py",
            'from unittest.mock import patch\n\ndef test():\n    with patch("store.db"): ...\n',
        ),
        write("store.pyi", "db: object\n"),
        write("notes.ipynb", CELL),
        write("Procfile", "web: gunicorn store:db\n"),
        write(".gitignore", ""),
        write("setup.cfg", "[metadata]\nname = store\n"),
        write(
            ".lazify/profile.json",
            '{"version": 1, "python": "3.11.7", "modules": {"sqlite3": {"ms": 900, "mib": 90}}}',
        ),
        write("setup.py", 'from setuptools import setup\nsetup(name="store")\n'),
        write("pyproject.toml", '[project]\nname = "store"\n[build-system]\nrequires = []\n'),
        write("pyproject.toml", '[tool.lazify]\ngetter = "plain"\n'),
        write("pyproject.toml", '[tool.lazify]\nexclude = ["store.py"]\n'),
    ],
    ids=lambda change: change.__name__,
)
def test_a_change_of_anything_that_matters_is_seen(root: Path, change: Callable[[Path], None]) -> None:
    before = planned(root)
    change(root)
    after = planned(root)
    assert after == planned_anew(root)
    assert after != before
    assert planned(root) == after


def test_what_a_stub_says_matters(root: Path) -> None:
    (root / "store.pyi").write_text("third: object\n")
    before = planned(root)
    assert any("get_db" in each.title for each in before.changes)
    (root / "store.pyi").write_text("db: object\n")
    after = planned(root)
    assert after == planned_anew(root)
    assert not any("get_db" in each.title for each in after.changes)


@pytest.mark.parametrize(
    "flags", [{"getter": "plain"}, {"select": ("LZ103",)}, {"ignore": ("LZ1",)}, {"keep_names": "always"}]
)
def test_flags_are_no_secret_to_the_memory(root: Path, flags: dict[str, object]) -> None:
    before = planned(root)
    after = planned(root, **flags)
    assert after == planned_anew(root, **flags)
    assert after != before


def test_the_paths_that_the_user_names_matter(root: Path) -> None:
    planned(root)
    assert not planned(root / "use.py").changes
    assert planned(root / "store.py").changes


def test_what_was_declined_is_planned_anew(root: Path) -> None:
    loaded = api.load(api.Request(paths=(root,)), progress=api.NoProgress())
    first, second = (change.key for change in api.plan(loaded).changes)
    assert [change.key for change in api.plan(loaded, declined=frozenset({first})).changes] == [second]
    assert [change.key for change in planned(root).changes] == [first, second]


def test_another_interpreter_or_other_code_of_lazifys_plans_anew(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: list[str]
) -> None:
    planned(root)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "version", "4.0")
        planned(root)
    assert len(work) == 2
    copy = shutil.copytree(Path(str(lazify.__file__)).parent, tmp_path / "lazify")
    monkeypatch.setattr(lazify, "__file__", str(copy / "__init__.py"))
    planned(root)
    work.clear()
    for name in ("getter/names.py", "knowledge/effects_files.toml"):
        (copy / name).write_text((copy / name).read_text() + "\n")
        planned(root)
        planned(root)
    assert len(work) == 2


def test_with_codemods_of_others_nothing_is_remembered(
    root: Path, monkeypatch: pytest.MonkeyPatch, work: list[str]
) -> None:
    theirs = EntryPoint(name="theirs", value="codemods.singletons:Singletons", group=codemod.GROUP)
    ours = entry_points(group=codemod.GROUP)
    monkeypatch.setattr(codemod, "entry_points", lambda group: (*ours, theirs))
    assert codemod.homes() is None
    planned(root)
    planned(root)
    assert len(work) == 2


def test_other_codemods_of_ours_plan_anew(
    root: Path, monkeypatch: pytest.MonkeyPatch, work: list[str]
) -> None:
    assert planned(root).changes
    ours = [each for each in entry_points(group=codemod.GROUP) if each.name != "singletons"]
    monkeypatch.setattr(codemod, "entry_points", lambda group: ours)
    assert not planned(root).changes
    assert len(work) == 2


def test_a_damaged_memory_is_ignored(root: Path, work: list[str]) -> None:
    first = planned(root)
    for file in (root.parent / "cache").iterdir():
        file.write_bytes(b"garbage" * 1000)
    assert planned(root) == first
    assert len(work) == 2


def test_what_is_rewritten_must_be_what_was_planned_for(root: Path) -> None:
    planned(root)
    loaded = api.load(api.Request(paths=(root,)), progress=api.NoProgress())
    plan = api.plan(loaded)
    (root / "store.py").write_text((root / "store.py").read_text() + "\n")
    outcome, patches = api.patches(loaded, plan, progress=api.NoProgress())
    assert [failure.why for failure in outcome.failures] == ["was edited while lazify ran: run it again"]
    assert not patches


def test_all_that_a_view_shows_is_among_the_inputs() -> None:
    """Who adds a field here must first add what it is made of to `Inputs`, or a plan may be out of date."""
    of_sources = {"project", "effects", "analyse", "read"}
    of_code = {"knowledge"}
    of_inputs = {"config", "platform_names", "platform_files", "is_library", "oldest_python", "requirements"}
    of_inputs |= {"linters", "required", "base", "measured", "stubs"}
    of_a_run = {"declined", "earlier"}
    of_the_rest = {"gathered"}
    of_the_interpreter = {"is_installed"}  # no plan is remembered where one is named
    assert {field.name for field in fields(View)} == (
        of_sources | of_code | of_inputs | of_a_run | of_the_rest | of_the_interpreter
    )


def every_kind_of_plan() -> Iterator[Plan]:
    path, other = Path("/a/b.py"), Path("/a/c.py")
    span, place = Span(1, 0, 2, 70_000), Place(other, Span(3, 4, 5, 6))
    why = (Evidence(fact="a fact"), Evidence(fact="another → one", at=place))
    edits = (
        Replace(path=path, span=span, code="x"),
        Erase(path=other, span=span),
        InsertBefore(path=path, span=span, code=""),
        Replace(path=other, span=span, code="\udc80"),
        InsertAfter(path=path, span=span, code="é"),
        Move(path=path, spans=(span, span), code="y", at=span),
        Move(path=path, spans=(), code="y"),
        AddImport(path=path, module="m"),
        AddImport(path=path, module="m", name="n"),
    )
    change = Change(
        key="k",
        code="LZ101",
        title="t",
        at=place,
        why=why,
        edits=edits,
        requires=frozenset("ab"),
        notes=("n",),
    )
    bare = Change(key="l", code="LZ102", title="t", at=place, why=(), edits=())
    refusal = Refusal(code="LZ103", title="t", at=place, reason="r", why=why, blocked_by=place)
    failures = (Failure(path=path, why="w", line=3, words=frozenset("xyz")), Failure(path=other, why="w"))
    yield Plan()
    yield Plan(changes=(change, bare), failures=failures)
    later = replace(bare, step=2)
    yield Plan(changes=(change, later), grounds={2: {path: b"x = 1\n", other: b"\xff"}, 3: {}})
    yield Plan(
        refusals=(refusal, Refusal(code="LZ103", title="t", at=place, reason="r")), declined=frozenset("k")
    )


@pytest.mark.parametrize("plan", list(every_kind_of_plan()))
def test_a_plan_comes_back_as_it_was(plan: Plan) -> None:
    assert unpack(pack(plan)) == plan
