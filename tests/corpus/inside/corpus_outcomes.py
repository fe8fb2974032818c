"""A pytest plug-in, loaded into a library's own test run: writes the outcome of every test to a file.

Runs in the library's environment, so it knows nothing but the standard library and pytest.
"""

import json
import os
from pathlib import Path
from typing import Any

_outcomes: dict[str, str] = {}


def pytest_runtest_logreport(report: Any) -> None:
    """Keep the worst of set-up, call and tear-down."""
    if report.failed:
        _outcomes[report.nodeid] = "failed" if report.when == "call" else "error"
    elif report.when == "call" or report.skipped:
        _outcomes.setdefault(report.nodeid, report.outcome)


def pytest_collectreport(report: Any) -> None:
    """A file that cannot be collected hides all of its tests."""
    if report.failed:
        _outcomes[report.nodeid] = "not collected"


def pytest_sessionfinish(session: Any) -> None:
    """With pytest-xdist only the controller writes: it hears every report."""
    if not hasattr(session.config, "workerinput"):
        Path(os.environ["CORPUS_OUTCOMES"]).write_text(json.dumps(_outcomes, indent=0), encoding="utf-8")
