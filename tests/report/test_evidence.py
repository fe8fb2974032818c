"""What profile and verify wrote becomes timelines; anything else is an error that says so."""

import json
from pathlib import Path

import pytest

from lazify.errors import ConfigError
from lazify.report.evidence import read_evidence


def _module(
    name: str, seconds: float, parent: str | None = None, file: str | None = None
) -> dict[str, object]:
    importer = {"path": "app.py", "line": 3} if parent else None
    return {"name": name, "seconds": seconds, "parent": parent, "file": file, "importer": importer}


def _seen(seconds: float, *modules: dict[str, object], outcome: object = None) -> dict[str, object]:
    return {
        "seconds": seconds,
        "peak_bytes": 52428800,
        "modules": list(modules),
        "outcome": outcome or {"is": "Imported"},
    }


def _written(folder: Path, content: object) -> Path:
    file = folder / "evidence.json"
    file.write_text(json.dumps(content))
    return file


def test_a_profile_becomes_a_timeline_with_modules_in_those_that_loaded_them(tmp_path: Path) -> None:
    seen = _seen(
        1.0,
        _module("app", 0.9, file="/srv/app.py"),
        _module("numpy", 0.5, "app", "/env/site-packages/numpy/__init__.py"),
        _module("tiny", 0.0001, "numpy"),
        _module("later", 0.2, "app"),
    )
    found = read_evidence([_written(tmp_path, {"version": 1, "profiles": [{"entry": "app.py", **seen}]})])
    (timeline,) = found.timelines
    assert (timeline.side, timeline.ms, timeline.mib, timeline.is_measured) == ("now", 1000.0, 50.0, True)
    (app,) = timeline.slices
    assert (app.name, app.kind) == ("app", "own")
    assert [(each.name, each.ms, each.kind, each.at) for each in app.below] == [
        ("numpy", 500.0, "other", "app.py:3"),
        ("later", 200.0, "other", "app.py:3"),
    ]


def test_a_verdict_becomes_two_timelines_and_its_findings(tmp_path: Path) -> None:
    entry = {
        "entry": "app.py",
        "before": _seen(2.0, _module("app", 2.0)),
        "after": _seen(0.5, outcome={"kind": "Raised", "error": "KeyError", "message": "KEY"}),
        "comparisons": [{"aspect": "time", "judgement": "better", "before": "2 s", "after": "0.5 s"}],
    }
    tests = {
        "command": "pytest -q",
        "before": {"passed": 3, "failed": 0},
        "after": {"passed": 2, "failed": 1},
        "broken": [{}],
    }
    content = {"entries": [entry], "tests": tests, "isolation": "user namespaces", "platform": "vercel"}
    found = read_evidence([_written(tmp_path, content)])
    assert [(each.side, each.ms) for each in found.timelines] == [("before", 2000.0), ("after", 500.0)]
    assert found.timelines[1].note == "Raised: KeyError KEY"
    assert [(name, each.aspect, each.judgement) for name, each in found.findings] == [
        ("app.py", "time", "better"),
        ("pytest -q", "tests", "worse"),
    ]
    assert found.notes == ("isolation: user namespaces", "platform: vercel")


def test_a_traced_run_that_took_longer_than_the_timed_ones_is_scaled_to_them(tmp_path: Path) -> None:
    seen = _seen(1.0, _module("app", 3.0), _module("numpy", 1.5, "app"), _module("late", 1.0))
    found = read_evidence([_written(tmp_path, {"profiles": [{"entry": "app.py", **seen}]})])
    app, late = found.timelines[0].slices
    assert (app.ms, app.below[0].ms, late.ms) == (750.0, 375.0, 250.0)


@pytest.mark.parametrize("content", [[], {}, {"entries": [{}]}, {"profiles": [{"entry": 1}]}, 7])
def test_another_file_is_named_in_the_error(tmp_path: Path, content: object) -> None:
    file = _written(tmp_path, content)
    with pytest.raises(ConfigError, match="is not what `lazify profile"):
        read_evidence([file])


def test_a_missing_file_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_evidence([tmp_path / "missing.json"])


def test_modules_that_claim_to_load_each_other_are_left_out(tmp_path: Path) -> None:
    seen = _seen(1.0, _module("a", 0.5, "b"), _module("b", 0.5, "a"), _module("c", 0.5, "c"))
    found = read_evidence([_written(tmp_path, {"profiles": [{"entry": "x", **seen}]})])
    assert [each.name for each in found.timelines[0].slices] == ["c"]
