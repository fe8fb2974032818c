"""Several projects are planned side by side: each plan is the one that it would get alone."""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import lazify.executor
from lazify import api, projects
from lazify.errors import LazifyError
from lazify.index.store import FILE
from lazify.model.changes import Plan
from lazify.plan import plan as plan_project

NAMES = ("one", "two", "three")
STORE = """\
import sqlite3

db = sqlite3.connect("{name}.db")


def rows():
    return db.total_changes
"""


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Projects in which there is something to do, and a machine where starting processes for them pays."""
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LAZIFY_JOBS", "2")
    monkeypatch.setattr(lazify.executor, "LITTLE_WORK", 1)
    found = []
    for name in NAMES:
        root = tmp_path / name
        root.mkdir()
        (root / "pyproject.toml").touch()
        (root / "store.py").write_text(STORE.format(name=name))
        found.append(root)
    return found


@pytest.fixture
def planners(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Planners":
    planners = Planners(tmp_path / "planners")
    monkeypatch.setattr(projects, "plan_project", planners.plan)
    return planners


class Planners:
    """Notes which process plans what, for processes that end."""

    def __init__(self, notes: Path) -> None:
        self._notes = notes
        self.deadly = ""
        """The project whose planning ends any process but this one."""
        self._own = os.getpid()

    def plan(self, view: object, *arguments: object) -> Plan:
        (module,) = view.project.modules.values()  # type: ignore[attr-defined]  # a view
        with self._notes.open("a") as notes:
            notes.write(f"{module.path.parent.name} {os.getpid()}\n")
        if module.path.parent.name == self.deadly and os.getpid() != self._own:
            os.kill(os.getpid(), signal.SIGKILL)
        return plan_project(view, *arguments)  # type: ignore[arg-type]  # passed on as they are

    def __iter__(self) -> Iterator[tuple[str, bool]]:
        """Yield each project that was planned, with whether it was in another process."""
        for line in self._notes.read_text().splitlines():
            name, process = line.split()
            yield name, int(process) != self._own


def loaded(roots: Sequence[Path]) -> api.Loaded:
    return api.load(api.Request(paths=tuple(roots), flags={}), progress=api.NoProgress())


def test_each_gets_the_plan_that_it_gets_alone(roots: list[Path], planners: Planners) -> None:
    plan = api.plan(loaded(roots))
    assert set(planners) == {(name, True) for name in NAMES}
    alone = [api.plan(loaded([root])) for root in sorted(roots)]
    assert list(plan.changes) == [change for each in alone for change in each.changes]
    assert len(plan.changes) == len(NAMES)


def test_what_was_planned_apart_is_remembered(roots: list[Path], planners: Planners) -> None:
    first = api.plan(loaded(roots))
    assert api.plan(loaded(roots)) == first
    assert len(list(planners)) == len(NAMES)


def test_only_what_was_edited_is_planned_again(roots: list[Path], planners: Planners) -> None:
    api.plan(loaded(roots))
    (roots[1] / "store.py").write_text(STORE.format(name="another"))
    api.plan(loaded(roots))
    assert [name for name, _ in planners].count("two") == 2
    assert len(list(planners)) == len(NAMES) + 1


def test_a_project_much_bigger_than_all_others_is_planned_here(roots: list[Path], planners: Planners) -> None:
    (roots[0] / "store.py").write_text(STORE.format(name="one") + "# a word\n" * 1000)
    api.plan(loaded(roots))
    assert set(planners) == {("one", False), ("two", True), ("three", True)}


def test_with_one_job_all_are_planned_here(
    roots: list[Path], planners: Planners, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAZIFY_JOBS", "1")
    api.plan(loaded(roots))
    assert set(planners) == {(name, False) for name in NAMES}


def test_what_ends_its_process_is_planned_here(roots: list[Path], planners: Planners) -> None:
    planners.deadly = "two"
    assert len(api.plan(loaded(roots)).changes) == len(NAMES)
    assert ("two", False) in set(planners)


def test_a_file_edited_meanwhile_stops_the_run(roots: list[Path]) -> None:
    found = loaded(roots)
    (roots[1] / "store.py").write_text("db = 1\n")
    with pytest.raises(LazifyError, match=r"store\.py was edited while lazify ran"):
        api.plan(found)


def test_only_projects_with_a_declined_change_are_planned_again(
    roots: list[Path], planners: Planners
) -> None:
    found = loaded(roots)
    plan = api.plan(found)
    before = len(list(planners))
    smaller = api.plan(found, declined=frozenset({plan.changes[0].key}))
    assert list(smaller.changes) == list(plan.changes[1:])
    assert len(list(planners)) == before + 1


def test_a_cache_that_fails_in_the_other_process_is_told(
    roots: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    listener = api.NoProgress()
    monkeypatch.setattr(listener, "warn", told.append, raising=False)
    found = api.load(api.Request(paths=tuple(roots), flags={}), progress=listener)
    (tmp_path / "cache" / FILE).unlink()
    (tmp_path / "cache" / FILE).mkdir()
    assert len(api.plan(found).changes) == len(NAMES)
    assert any("no cache" in each for each in told)
