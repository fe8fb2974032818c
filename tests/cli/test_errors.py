from collections.abc import Callable

import pytest

from lazify import api
from lazify.errors import ConfigError
from tests.cli.engine import Engine, lazify


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
