"""examples/legacy_service before and after its migration: it answers alike, and importing it does nothing."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
EXAMPLE = REPOSITORY / "examples" / "legacy_service"
SCRIPTS = Path(__file__).with_name("example")
SECRETS = {"API_KEY": "k-123", "MONGO_URL": "mongodb://localhost", "DB_NAME": "shop"}
ENTRIES = ("src.api.main", "api.index")


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The service as its people left it."""
    return _copy(tmp_path / "before")


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The service after `lazify apply`; copied by every test that writes into it."""
    service = _copy(tmp_path_factory.mktemp("migrated") / "service")
    _lazify("apply", ".", cwd=service)
    return service


@pytest.fixture
def after(migrated: Path, tmp_path: Path) -> Path:
    """A migrated service of the test's own."""
    return Path(shutil.copytree(migrated, tmp_path / "after"))


def test_it_gives_the_same_answers(before: Path, after: Path) -> None:
    answers = _answers(before)

    assert {status for _, _, status, *_ in answers} == {200, 201, 400, 401, 403, 404, 422}
    assert _answers(after) == answers


def test_it_touches_the_world_while_it_is_imported(before: Path) -> None:
    touched = {event for event, _ in _effects(before, *ENTRIES, env=SECRETS)}

    assert touched >= {
        "open",
        "os.mkdir",
        "sqlite3.connect",
        "socket.connect",
        "start",
        "token_urlsafe",
    }


def test_it_needs_its_variables_to_be_imported(before: Path) -> None:
    failed = _python(SCRIPTS / "effects.py", "src.api.main", cwd=before)

    assert failed.returncode == 1
    assert b"KeyError: 'API_KEY'" in failed.stderr


@pytest.mark.parametrize("entry", ENTRIES)
def test_after_the_migration_importing_it_touches_nothing_and_needs_nothing(after: Path, entry: str) -> None:
    files = _tree(after)

    assert _effects(after, entry, env={}) == []
    assert _tree(after) == files


def test_its_own_tests_pass_before_and_after(before: Path, after: Path) -> None:
    passed = _own_tests(before)

    assert len(passed) >= 40
    assert _own_tests(after) == passed


def test_undo_brings_back_every_byte(before: Path, after: Path) -> None:
    assert _tree(after) != _tree(before)

    _lazify("undo", cwd=after)

    assert _tree(after) == _tree(before)


def test_a_second_apply_changes_nothing(after: Path) -> None:
    once = _tree(after)

    _lazify("apply", ".", cwd=after)

    assert _tree(after) == once


def test_git_apply_takes_the_dry_run(before: Path, after: Path) -> None:
    diff = _lazify("apply", "--dry-run", ".", cwd=before).stdout
    subprocess.run(["git", "init", "--quiet"], cwd=before, check=True)
    subprocess.run(["git", "apply"], cwd=before, input=diff, check=True)
    shutil.rmtree(before / ".git")

    assert _tree(before) == _tree(after)


def test_shutting_down_an_idle_service_does_not_make_a_client_in_order_to_close_it(after: Path) -> None:
    script = "import asyncio, src.api.main as main; asyncio.run(main.shutdown_db_client())"
    done = _run([sys.executable, "-c", script], cwd=after)

    assert done.stderr == b""
    assert done.returncode == 0


def test_the_base_class_is_refused_with_the_class_as_the_reason(before: Path) -> None:
    refused = _refusals(before, "--singleton", "Base")

    assert any(path.endswith("cache_models.py") and "CachedProduct" in why for path, _, why in refused)


def test_the_worker_s_log_files_are_left_to_its_author(before: Path) -> None:
    refused = [(code, why) for path, code, why in _refusals(before) if path.endswith("worker.py")]

    assert any(code == "LZ104" for code, _ in refused)
    assert any("default value at worker.py" in why for _, why in refused)


def _copy(to: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".lazify", "*.db", "*.sqlite", "cache")
    return Path(shutil.copytree(EXAMPLE, to, ignore=ignored))


def _lazify(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    cache = cwd.parent / "lazify-cache"
    done = _run(
        [sys.executable, "-m", "lazify", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(REPOSITORY), "LAZIFY_CACHE_DIR": str(cache)},
    )
    assert done.returncode == 0, done.stderr.decode()
    return done


def _refusals(service: Path, *flags: str) -> list[tuple[str, str, str]]:
    output = _lazify("apply", "--dry-run", "--format", "json", *flags, ".", cwd=service).stdout
    return [(entry["path"], entry["code"], entry["reason"]) for entry in json.loads(output)["refusals"]]


def _answers(service: Path) -> list[list[object]]:
    done = _python(SCRIPTS / "answers.py", cwd=service, env=SECRETS)
    assert done.returncode == 0, done.stderr.decode()
    answers: list[list[object]] = json.loads(done.stdout)
    return answers


def _effects(service: Path, *modules: str, env: dict[str, str]) -> list[tuple[str, str]]:
    done = _python(SCRIPTS / "effects.py", *modules, cwd=service, env=env)
    assert done.returncode == 0, done.stderr.decode()
    return [(event, what) for event, what in json.loads(done.stdout)]


def _own_tests(service: Path) -> list[str]:
    done = _run(
        [sys.executable, "-m", "pytest", "-rp", "-q", "-p", "no:cacheprovider", "--color=no"], cwd=service
    )
    assert done.returncode == 0, done.stdout.decode()
    return sorted(line for line in done.stdout.decode().splitlines() if line.startswith("PASSED"))


def _python(
    script: Path, *arguments: str, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return _run([sys.executable, str(script), *arguments], cwd=cwd, env=env)


def _run(
    command: list[str], *, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    quiet = {"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1", **(env or {})}
    return subprocess.run(command, cwd=cwd, env=quiet, capture_output=True, timeout=120, check=False)


def _tree(service: Path) -> dict[str, tuple[str, int]]:
    """Content and mode of every file, but for lazify's own journal."""
    return {
        str(path.relative_to(service)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode)
        for path in sorted(service.rglob("*"))
        if path.is_file() and ".lazify" not in path.parts
    }
