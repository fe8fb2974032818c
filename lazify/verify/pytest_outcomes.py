"""A pytest plugin for the project's interpreter (Python 3.8 and newer): writes down each outcome as it comes.

Copied alone into a folder of the import path under the name `lazify_outcomes`. What it reads from the environment:

    LAZIFY_OUTCOMES   the file that gets one JSON line for each part of a test, one before all and one at the end
    LAZIFY_TESTS      a file with the tests to run, one a line; without it, all run
    LAZIFY_ORIGIN     the checkout that the tree was copied from: modules that come from there are reported

It speaks for the first pytest of a command and its xdist workers, not for those that tests start.
"""

from __future__ import annotations

import json
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SESSION = "LAZIFY_SESSION"


class _Outcomes:
    def __init__(self, file: str, tests: frozenset[str] | None, origin: str, *, is_worker: bool) -> None:
        self._file, self._tests, self._origin, self._is_worker = file, tests, origin, is_worker

    def begin(self) -> None:
        self._write(begin=os.getpid())

    def pytest_collection_modifyitems(self, config: Any, items: list[Any]) -> None:
        if self._tests is None:
            return
        chosen = [item for item in items if item.nodeid in self._tests]
        others = [item for item in items if item.nodeid not in self._tests]
        if others:
            config.hook.pytest_deselected(items=others)
            items[:] = chosen

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._write(test=report.nodeid, part="collect", outcome="failed", why=_last_line(report))

    def pytest_runtest_logreport(self, report: Any) -> None:
        outcome = report.outcome
        if hasattr(report, "wasxfail"):
            outcome = "xfailed" if report.skipped else "xpassed"
        self._write(test=report.nodeid, part=report.when, outcome=outcome, why=_last_line(report))

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        for name, module in sorted(sys.modules.items()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and self._is_foreign(path):
                self._append(foreign=name, path=path)
        self._write(end=int(exitstatus))

    def _is_foreign(self, path: str) -> bool:
        is_installed = "site-packages" in path or "dist-packages" in path
        return bool(self._origin) and path.startswith(self._origin) and not is_installed

    def _write(self, **line: object) -> None:
        if not self._is_worker:
            self._append(**line)

    def _append(self, **line: object) -> None:
        with open(self._file, "a", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")


def _last_line(report: Any) -> str:
    text = str(getattr(report, "longreprtext", "")) if report.failed else ""
    told = [line[1:].strip() for line in text.splitlines() if line.startswith("E ")]
    lines = told or text.strip().splitlines()[-1:]
    return lines[0][:500] if lines else ""


def pytest_configure(config: Any) -> None:
    """Listen, if this is the command's own pytest or a worker of it."""
    is_worker = hasattr(config, "workerinput")
    file = os.environ.get("LAZIFY_OUTCOMES")
    if not file or (os.environ.get(_SESSION) and not is_worker):
        return
    os.environ[_SESSION] = str(os.getpid())
    tests = None
    if os.environ.get("LAZIFY_TESTS"):
        with open(os.environ["LAZIFY_TESTS"], encoding="utf-8") as chosen:
            tests = frozenset(chosen.read().split("\n"))
    outcomes = _Outcomes(file, tests, os.environ.get("LAZIFY_ORIGIN", ""), is_worker=is_worker)
    outcomes.begin()
    config.pluginmanager.register(outcomes, "lazify-outcomes")
