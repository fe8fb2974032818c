"""What is counted when an import is compared with what was read."""

import sys
from pathlib import Path

import pytest

from lazify.model.effects import EffectKind
from tests.benchmarks.comparison import Comparison, compare
from tests.observing.project import written

PROJECT = {
    "known.py": """
        import os
        import sqlite3

        db = sqlite3.connect("a.db")
        db.execute("select 1")
        if os.path.exists("never"):
            open("never").close()
        """,
    "unknown.py": """
        import importlib

        importlib.import_module("hidden").run()
        """,
    "hidden.py": """
        def run():
            open("made", "w").close()
        """,
    "wrong.py": """
        def once(done):
            done or open("other", "w").close()

        once(True)
        """,
    "branch.py": """
        def once(done):
            if not done:
                open("other", "w").close()

        once(True)
        """,
    "missing.py": """
        import os

        KEY = os.environ["LAZIFY_TESTS_NEVER_SET_THIS"]
        after = open("never", "w")
        """,
    "test_known.py": 'open("x", "w")\n',
}


@pytest.fixture
def compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Comparison:
    monkeypatch.setenv("LAZIFY_CACHE_DIR", str(tmp_path / "cache"))
    return compare(written(tmp_path / "project", PROJECT), Path(sys.executable))


def test_both_sides_are_counted_by_statement_and_kind(compared: Comparison) -> None:
    def told(units: object) -> set[tuple[str, int, EffectKind]]:
        assert isinstance(units, set | frozenset)
        return {(Path(path).name, compared.lines[path, number], kind) for path, number, kind in units}

    database = ("known.py", 4, EffectKind.DATABASE)
    variable = ("missing.py", 3, EffectKind.ENVIRONMENT)
    assert told(compared.confirmed) == {database, variable}
    assert told(compared.recalled) == {database, variable}
    assert told(compared.suspected_only) == {("unknown.py", 3, EffectKind.FILE_WRITE)}
    assert told(set(compared.predicted) - compared.confirmed) == {("wrong.py", 4, EffectKind.FILE_WRITE)}
    assert told(set(compared.not_taken)) == {
        ("branch.py", 5, EffectKind.FILE_WRITE),
        ("known.py", 6, EffectKind.FILE_READ),
    }
    assert {found.conditions for found in compared.not_taken.values()} == {
        ("unless done",),
        ("if os.path.exists('never')",),
    }
    assert [name for name, *_ in compared.failed] == ["missing"]
    assert compared.modules == 6
