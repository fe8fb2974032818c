import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from lazify import __version__, api
from lazify.cli import main
from lazify.errors import ConfigError
from lazify.model.changes import Change, Erase, Patch, Plan, Receipt, Refusal
from lazify.model.effects import Evidence
from lazify.model.places import Failure, Place, Span

REPOSITORY = Path(__file__).parent.parent


@dataclass
class Engine:
    """Stands in for the api: gives what the test says, and remembers what it was asked."""

    base: Path
    changes: tuple[Change, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    failures: tuple[Failure, ...] = ()
    late_failures: tuple[Failure, ...] = ()
    requests: list[api.Request] = field(default_factory=list)
    applied: list[Path] = field(default_factory=list)
    left_by_a_killed_run: tuple[str, ...] = ()

    def load(self, request: api.Request, *, progress: object) -> SimpleNamespace:
        self.requests.append(request)
        return SimpleNamespace(base=self.base)

    def plan(self, loaded: object, *, declined: frozenset[str] = frozenset()) -> Plan:
        left = tuple(change for change in self.changes if change.key not in declined)
        return Plan(changes=left, refusals=self.refusals, failures=self.failures)

    def patches(
        self, loaded: object, plan: Plan, *, progress: object
    ) -> tuple[tuple[Patch, ...], tuple[Failure, ...]]:
        paths = sorted({edit.path for change in plan.changes for edit in change.edits})
        return tuple(
            Patch(path=path, before=b"x = 1\n", after=b"x = 2\n") for path in paths
        ), self.late_failures

    def apply(self, loaded: object, patches: Sequence[Patch]) -> Receipt:
        self.applied = [patch.path for patch in patches]
        return Receipt(written=tuple(self.applied), journal=self.base / ".lazify/journal/000001.committed")

    def undo(self, start: Path) -> Receipt:
        return Receipt(written=tuple(self.applied), journal=self.base if self.applied else None)

    def recover(self, start: Path) -> tuple[str, ...]:
        return self.left_by_a_killed_run


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine(base=tmp_path)
    for name in ("load", "plan", "patches", "apply", "undo", "recover"):
        monkeypatch.setattr(api, name, getattr(engine, name))
    monkeypatch.chdir(tmp_path)
    return engine


def change(name: str, base: Path) -> Change:
    path = base / f"{name}.py"
    return Change(
        key=name,
        code="LZ101",
        title=f"{name} becomes get_{name}()",
        at=Place(path, Span(2, 0, 2, 1)),
        why=(Evidence(fact="sqlite3.connect opens a database"),),
        edits=(Erase(path=path, span=Span(2, 0, 2, 1)),),
    )


def refusal(name: str, base: Path) -> Refusal:
    place = Place(base / f"{name}.py", Span(3, 0, 3, 1))
    return Refusal(code="LZ101", title=f"{name} is made at import", at=place, reason="class Cached needs it")


def lazify(*arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, arguments, input=stdin, env=env)


# Arguments


def test_paths_are_the_current_directory_if_none_are_given(engine: Engine) -> None:
    lazify("check")
    assert engine.requests[0].paths == (Path(),)


def test_paths_and_flags_reach_the_engine_under_the_names_of_the_configuration(engine: Engine) -> None:
    lazify(
        *("apply", "a", "b", "--select", "LZ1,LZ2", "--select", "LZ301", "--ignore", "LZ104"),
        *("--singleton", "Settings", "--singleton", "db", "--getter", "plain", "--risky"),
        *("--keep-names", "always", "--python", "venv/bin/python"),
    )
    assert engine.requests[0].paths == (Path("a"), Path("b"))
    assert engine.requests[0].flags == {
        "select": ("LZ1,LZ2", "LZ301"),
        "ignore": ("LZ104",),
        "singleton": ("Settings", "db"),
        "getter": "plain",
        "risky": True,
        "keep_names": "always",
        "python": "venv/bin/python",
    }


def test_flags_that_are_not_given_leave_the_configuration_alone(engine: Engine) -> None:
    lazify("apply")
    assert engine.requests[0].flags == {}


@pytest.mark.parametrize(
    "arguments", [["apply", "--getter", "quick"], ["apply", "--frobnicate"], ["mend"], ["undo", "a", "b"]]
)
def test_a_command_line_that_makes_no_sense_exits_with_2(engine: Engine, arguments: list[str]) -> None:
    result = lazify(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error:" in result.stderr


def test_the_version_is_told() -> None:
    assert lazify("--version").stdout == f"lazify {__version__}\n"


# apply


def test_apply_writes_and_says_on_stderr_what_it_did(engine: Engine) -> None:
    engine.changes = (change("db", engine.base), change("cache", engine.base))
    result = lazify("apply")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "2 changes in 2 files: 2 LZ101\n`lazify undo` brings everything back\n"
    assert engine.applied == [engine.base / "cache.py", engine.base / "db.py"]


def test_apply_names_what_it_leaves_and_why(engine: Engine) -> None:
    engine.refusals = (refusal("base", engine.base),)
    result = lazify("apply")
    assert result.exit_code == 0
    assert result.stderr.splitlines()[:4] == [
        "nothing to change",
        "1 left as it is:",
        "    class Cached needs it",
        "        base.py:3 LZ101 base is made at import",
    ]


def test_apply_exits_with_2_and_names_each_file_that_could_not_be_processed_but_does_the_rest(
    engine: Engine,
) -> None:
    engine.changes = (change("db", engine.base),)
    engine.failures = (Failure(path=engine.base / "old.py", why="not valid for Python 3.11", line=7),)
    engine.late_failures = (Failure(path=engine.base / "odd.py", why="an edit does not fit"),)
    result = lazify("apply")
    assert result.exit_code == 2
    assert engine.applied == [engine.base / "db.py"]
    assert result.stderr.splitlines()[-2:] == [
        "odd.py: an edit does not fit",
        "old.py:7: not valid for Python 3.11",
    ]


def test_the_undo_that_is_offered_names_the_project_when_it_lies_below(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.changes = (change("db", engine.base),)
    engine.base = engine.base / "service"
    assert "`lazify undo service`" not in lazify("apply").stderr
    engine.base = engine.base.parent
    journal = engine.base / "service/.lazify/journal/000001.committed"
    monkeypatch.setattr(api, "apply", lambda loaded, patches: Receipt(written=(Path("x"),), journal=journal))
    assert "`lazify undo service` brings everything back" in lazify("apply").stderr


def test_what_a_killed_run_left_is_ended_first_and_told(engine: Engine) -> None:
    engine.left_by_a_killed_run = ("an interrupted apply was taken back",)
    for command in ("apply", "check"):
        assert lazify(command).stderr.startswith("an interrupted apply was taken back\n")


def test_a_dry_run_writes_nothing_and_prints_only_the_diff_with_its_reasons(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    result = lazify("apply", "--dry-run")
    assert result.exit_code == 0
    assert engine.applied == []
    assert result.stdout == (
        "LZ101 db becomes get_db()  (db.py:2)\n"
        "    sqlite3.connect opens a database\n"
        "--- a/db.py\n"
        "+++ b/db.py\n"
        "@@ -1 +1 @@\n"
        "-x = 1\n"
        "+x = 2\n"
    )
    assert result.stderr == "1 change in 1 file: 1 LZ101\n"


def test_a_dry_run_says_where_its_diff_applies_when_that_is_not_the_current_directory(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    engine.base = engine.base / "elsewhere"
    engine.base.mkdir()
    result = lazify("apply", "--dry-run")
    assert "--- a/db.py\n" in result.stdout
    assert f"the paths of this diff are relative to {engine.base.parent}: apply it there" in result.stderr


def test_json_holds_what_was_written(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    content = json.loads(lazify("apply", "--format", "json").stdout)
    assert content["written"] == ["db.py"]
    assert content["applied"] is True
    assert "diff" not in content
    assert [entry["key"] for entry in content["changes"]] == ["db"]


def test_json_of_a_dry_run_holds_the_bare_diff(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    content = json.loads(lazify("apply", "--format", "json", "--dry-run").stdout)
    assert content["diff"].startswith("--- a/db.py\n")
    assert (content["written"], content["applied"]) == ([], False)


# apply -i


def test_interactive_shows_each_change_with_its_own_diff_and_applies_what_was_accepted(
    engine: Engine,
) -> None:
    engine.changes = (change("cache", engine.base), change("db", engine.base))
    result = lazify("apply", "-i", stdin="n\ny\n")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert engine.applied == [engine.base / "db.py"]
    cache, db = result.stderr.split("(1/2) make this change")
    assert "LZ101 cache becomes get_cache()" in cache
    assert "+++ b/cache.py" in cache
    assert "b/db.py" not in cache
    assert "+++ b/db.py" in db


@pytest.mark.parametrize("answers", ["y\nq\n", "y\n", ""])
def test_interactive_quit_or_the_end_of_the_input_writes_nothing(engine: Engine, answers: str) -> None:
    engine.changes = (change("cache", engine.base), change("db", engine.base))
    result = lazify("apply", "-i", stdin=answers)
    assert result.exit_code == 0
    assert engine.applied == []
    assert result.stderr.endswith("nothing was written\n")


def test_interactive_with_dry_run_prints_the_diff_of_what_was_accepted(engine: Engine) -> None:
    engine.changes = (change("cache", engine.base), change("db", engine.base))
    result = lazify("apply", "-i", "--dry-run", stdin="n\ny\n")
    assert engine.applied == []
    assert result.stdout.startswith("LZ101 db becomes get_db()")
    assert "cache" not in result.stdout


def test_interactive_quit_with_json_still_prints_one_object(engine: Engine) -> None:
    engine.changes = (change("cache", engine.base),)
    content = json.loads(lazify("apply", "-i", "--format", "json", stdin="q\n").stdout)
    assert content["applied"] is False


# undo


def test_undo_says_how_many_files_it_brought_back(engine: Engine) -> None:
    engine.applied = [engine.base / "db.py"]
    result = lazify("undo")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "put back 1 file\n")


def test_undo_without_an_apply_is_no_error(engine: Engine) -> None:
    result = lazify("undo")
    assert (result.exit_code, result.stderr) == (0, "nothing to undo\n")


# check


def test_check_is_quiet_and_exits_with_0_when_there_is_nothing(engine: Engine) -> None:
    result = lazify("check")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "no findings\n")


def test_check_lists_findings_and_exits_with_1(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    engine.refusals = (refusal("base", engine.base),)
    result = lazify("check")
    assert result.exit_code == 1
    assert result.stdout == (
        "base.py:3:1 LZ101 base is made at import; left as it is: class Cached needs it\n"
        "db.py:2:1 LZ101 db becomes get_db()\n"
    )
    assert result.stderr == "2 findings; `lazify apply` would mend 1\n"


def test_check_exits_with_2_when_a_file_could_not_be_read_even_with_findings(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    engine.failures = (Failure(path=engine.base / "old.py", why="not valid for Python 3.11", line=7),)
    result = lazify("check")
    assert result.exit_code == 2
    assert "db.py:2:1" in result.stdout
    assert result.stderr.endswith("old.py:7: not valid for Python 3.11\n")


def test_check_gives_json(engine: Engine) -> None:
    engine.changes = (change("db", engine.base),)
    result = lazify("check", "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["changes"][0]["path"] == "db.py"


# What goes wrong


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*args: object, **kwargs: object) -> None:
        raise error

    return fail


def test_a_known_error_is_one_line_on_stderr_and_exit_code_2(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "load", failing(ConfigError("pyproject.toml: unknown key selct")))
    result = lazify("apply")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "lazify: pyproject.toml: unknown key selct\n"


def test_a_refusal_of_the_system_is_one_line_too(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "apply", failing(OSError(28, "No space left on device")))
    result = lazify("apply")
    assert (result.exit_code, result.stderr) == (2, "lazify: [Errno 28] No space left on device\n")


def test_a_bug_is_one_line_that_says_so_and_where(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan", failing(KeyError("scope")))
    result = lazify("check")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"lazify: this is a bug in lazify: KeyError: 'scope' at {__file__}:")
    assert result.stderr.count("\n") == 1


def test_a_bug_shows_its_traceback_when_asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "plan", failing(KeyError("scope")))
    assert "Traceback (most recent call last)" in lazify("check", env={"LAZIFY_DEBUG": "1"}).stderr


def test_ctrl_c_exits_with_130_and_says_that_nothing_is_half_written(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "apply", failing(KeyboardInterrupt()))
    result = lazify("apply")
    assert result.exit_code == 130
    assert result.stderr.endswith("lazify: interrupted; no file is half-written\n")


# explain


def test_explain_lists_all_codes() -> None:
    result = lazify("explain")
    assert result.exit_code == 0
    assert {"LZ101", "LZ105", "LZ403"} <= {line.split()[0] for line in result.stdout.splitlines()}


def test_explain_of_an_unknown_code_exits_with_2_and_names_the_nearest() -> None:
    result = lazify("explain", "LZ999")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("lazify: unknown code LZ999; the nearest known one is LZ")


# The process


def process(*arguments: str, cwd: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_loads_nothing_that_only_the_work_needs(tmp_path: Path) -> None:
    done = process("-X", "importtime", "-m", "lazify", "--help", cwd=tmp_path)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 0
    assert "apply" in done.stdout
    assert "click" in loaded
    assert not {name for name in loaded if name.partition(".")[0] in {"libcst", "black", "rich", "pathspec"}}
    assert not loaded & {"lazify.api", "lazify.commands", "lazify.codemod", "concurrent.futures"}


def test_help_names_every_command(tmp_path: Path) -> None:
    text = process("-m", "lazify", "--help", cwd=tmp_path).stdout
    assert "Usage: lazify [OPTIONS] COMMAND" in text
    assert all(command in text for command in ("apply", "undo", "check", "explain"))
