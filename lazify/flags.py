"""The flags that several commands share, under the names that Config has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def choosing(command: F) -> F:
    """Give a command PATHS and the flags that decide what is found, under the names that Config has."""
    return named(*_CHOICE)(command)


def named(*names: str) -> Callable[[F], F]:
    """Give a command some of the flags that decide what is found."""

    def choose(command: F) -> F:
        for name in reversed(names):
            command = _CHOICE[name](command)
        return command

    return choose


def trying(command: F) -> F:
    """Give a command the flags that say how things are tried out."""
    for option in reversed(_TRIAL):
        command = option(command)
    return command


_TRIAL = (
    click.option(
        "--platform",
        metavar="NAME",
        help="Whose limits and variables an import has: aws-lambda, vercel, cloud-run (what they have in common,"
        " with wide limits, if not given).",
    ),
    click.option(
        "--env", multiple=True, metavar="KEY=VALUE", help="A variable that an import finds. Repeatable."
    ),
    click.option(
        "--timeout", type=click.FloatRange(min=0, min_open=True), help="Seconds that an import may take."
    ),
    click.option("--memory", type=click.IntRange(min=16), metavar="MIB", help="MiB that an import may hold."),
    click.option(
        "--isolation",
        type=click.Choice(["bubblewrap", "namespaces", "none"]),
        help="What keeps an import from the rest of the system (the strongest that works, if not given).",
    ),
    click.option(
        "--runs",
        type=click.IntRange(1, 99),
        default=3,
        help="How often to measure an import (3 if not given).",
    ),
    click.option(
        "--test", metavar="COMMAND", help="Run the tests, too, before and after: --test 'pytest -q'."
    ),
    click.option(
        "--test-timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=1800.0,
        help="Seconds that one run of the tests may take (1800 if not given).",
    ),
)


_CHOICE = {
    "paths": click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
    "select": click.option(
        "--select",
        multiple=True,
        metavar="CODES",
        help="Only these codes; prefixes work: --select LZ101,LZ2. Repeatable.",
    ),
    "ignore": click.option("--ignore", multiple=True, metavar="CODES", help="Not these codes. Repeatable."),
    "singleton": click.option(
        "--singleton",
        multiple=True,
        metavar="NAME",
        help="A class or binding that must become lazy even if its construction looks harmless;"
        " patterns work. Repeatable.",
    ),
    "entry": click.option(
        "--entry",
        multiple=True,
        metavar="FILE_OR_MODULE",
        help="What a platform imports: only what that import needs is changed. Repeatable.",
    ),
    "heavy": click.option(
        "--heavy",
        multiple=True,
        metavar="MODULE",
        help="A module whose import is heavy, with all below it; patterns work, '*' is every third-party one."
        " Repeatable.",
    ),
    "imports": click.option(
        "--imports",
        type=click.Choice(["function", "lazy", "lazy-modules", "auto"]),
        help="Heavy imports go into functions, or become lazy (PEP 810) by keyword or by list"
        " (auto if not given: function below Python 3.15).",
    ),
    "risky": click.option("--risky", is_flag=True, help="Also what is only suspected to have an effect."),
    "keep_names": click.option(
        "--keep-names",
        type=click.Choice(["auto", "always", "never"]),
        help="Whether a module still answers to a name that became lazy (auto if not given).",
    ),
    "python": click.option(
        "--python", metavar="PATH", help="The project's interpreter, to read its installed packages."
    ),
    "output": click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json"]),
        default="text",
        help="What stdout gets (text if not given).",
    ),
}
