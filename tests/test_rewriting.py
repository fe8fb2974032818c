"""A remembered rewriting is what would be written now, whatever was changed since."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path

import pytest

from lazify import api, remembered, rewriting, trees
from lazify.model.changes import Patch
from lazify.model.places import Failure
from lazify.rewriting import Rewriting

HANDLERS = """\
from fastapi import FastAPI
import sqlite3

db = sqlite3.connect(database="application.sqlite3", timeout=30.0, check_same_thread=False)
app = FastAPI()


@app.on_event("startup")
async def prepare_the_tables_of_the_application():
    app.state.rows, app.state.more_of_the_rows, app.state.even_more = db.total_changes, [], {}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text("[tool.black]\nline-length = 100\n")
    (root / "main.py").write_text(HANDLERS)
    (root / "use.py").write_text("import main\n\n\ndef rows():\n    return main.db.total_changes\n")
    return root


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are rewritten and not remembered."""
    done: list[str] = []
    real = trees._anew

    def watched(work: Iterable[Rewriting]) -> Iterator[Patch | Failure]:
        work = list(work)
        done.extend(item.path.name for item in work)
        return real(work)

    monkeypatch.setattr(trees, "_anew", watched)
    return done


def rewritten(root: Path) -> Mapping[str, bytes]:
    remembered.of_code.cache_clear()  # each run has a process of its own
    rewriting._tools.cache_clear()
    loaded = api.load(api.Request(paths=(root,)), progress=api.NoProgress())
    plan, patches = api.patches(loaded, api.plan(loaded), progress=api.NoProgress())
    assert not plan.failures
    return {patch.path.name: patch.after for patch in patches}


def rewritten_anew(root: Path) -> Mapping[str, bytes]:
    cache, aside = root.parent / "cache", root.parent / "aside"
    cache.rename(aside)
    after = rewritten(root)
    shutil.rmtree(cache)
    aside.rename(cache)
    return after


def test_the_second_run_rewrites_nothing(root: Path, anew: list[str]) -> None:
    first = rewritten(root)
    assert first.keys() == {"main.py", "use.py"}
    anew.clear()
    assert rewritten(root) == first
    assert not anew


def test_only_what_was_edited_is_rewritten(root: Path, anew: list[str]) -> None:
    first = rewritten(root)
    anew.clear()
    (root / "use.py").write_text((root / "use.py").read_text() + "\n\nLIMIT = 3\n")
    again = rewritten(root)
    assert set(anew) == {"use.py"}
    assert again["main.py"] == first["main.py"]
    assert b"LIMIT" in again["use.py"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.black]\nline-length = 60\n"),
        ("pyproject.toml", "[tool.ruff]\nline-length = 60\n"),
        ("pyproject.toml", "[tool.black]\nline-length = 100\n[tool.ruff.lint]\nselect = ['I']\n"),
        (".isort.cfg", "[settings]\nprofile = black\n"),
    ],
)
def test_settings_of_the_layout_are_no_secret_to_the_memory(
    root: Path, anew: list[str], name: str, text: str
) -> None:
    """Nor to the memory of plans, which hold what files are between two steps."""
    rewritten(root)
    anew.clear()
    (root / name).write_text(text)
    assert rewritten(root) == rewritten_anew(root)
    assert "main.py" in anew


def test_a_narrow_layout_is_another_result(root: Path) -> None:
    wide = rewritten(root)
    (root / "pyproject.toml").write_text("[tool.black]\nline-length = 60\n")
    assert rewritten(root) != wide


def test_a_new_module_may_change_the_order_of_imports(root: Path, anew: list[str]) -> None:
    rewritten(root)
    anew.clear()
    (root / "other.py").write_text("")
    rewritten(root)
    assert "main.py" in anew


@pytest.mark.parametrize("tool", ["libcst", "black", "isort"])
def test_another_release_of_a_tool_rewrites_anew(
    root: Path, anew: list[str], monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    rewritten(root)
    anew.clear()
    real = metadata.version
    monkeypatch.setattr(rewriting, "version", lambda name: "0.0" if name == tool else real(name))
    rewritten(root)
    assert "main.py" in anew


def test_tools_that_do_not_say_their_release_leave_nothing_to_remember(
    root: Path, anew: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(rewriting, "version", unknown)
    first = rewritten(root)
    anew.clear()
    assert rewritten(root) == first
    assert set(anew) == {"main.py", "use.py"}


def test_a_remembered_file_must_be_as_it_was_planned_for(root: Path, anew: list[str]) -> None:
    rewritten(root)
    loaded = api.load(api.Request(paths=(root,)), progress=api.NoProgress())
    plan = api.plan(loaded)
    (root / "use.py").write_text((root / "use.py").read_text() + "\n")
    plan, patches = api.patches(loaded, plan, progress=api.NoProgress())
    assert {failure.why for failure in plan.failures} == {"was edited while lazify ran: run it again"}
    assert "use.py" not in {patch.path.name for patch in patches}
