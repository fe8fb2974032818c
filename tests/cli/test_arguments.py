from pathlib import Path

import pytest

from lazify import __version__
from tests.cli.engine import Engine, lazify


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
