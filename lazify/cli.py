"""The command line. What a command does stands in commands.py, imported when it runs: `--help` is quick."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from lazify import __version__
from lazify.streams import ends

F = TypeVar("F", bound=Callable[..., Any])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lazify", message="%(prog)s %(version)s")
def main() -> None:
    """Make import-time work lazy, across all modules, as one reviewable and reversible diff."""


def _choosing(command: F) -> F:
    """Give a command PATHS and the flags that decide what is found, under the names that Config has."""
    for option in reversed(_CHOICE):
        command = option(command)
    return command


_CHOICE = (
    click.argument("paths", nargs=-1, type=click.Path(path_type=Path)),
    click.option(
        "--select",
        multiple=True,
        metavar="CODES",
        help="Only these codes; prefixes work: --select LZ101,LZ2. Repeatable.",
    ),
    click.option("--ignore", multiple=True, metavar="CODES", help="Not these codes. Repeatable."),
    click.option(
        "--singleton",
        multiple=True,
        metavar="NAME",
        help="A class or binding that must become lazy even if its construction looks harmless;"
        " patterns work. Repeatable.",
    ),
    click.option(
        "--entry",
        multiple=True,
        metavar="FILE_OR_MODULE",
        help="What a platform imports: only what that import needs is changed. Repeatable.",
    ),
    click.option(
        "--heavy",
        multiple=True,
        metavar="MODULE",
        help="A module whose import is heavy, with all below it; patterns work, '*' is every third-party one."
        " Repeatable.",
    ),
    click.option(
        "--imports",
        type=click.Choice(["function", "lazy", "lazy-modules", "auto"]),
        help="Heavy imports go into functions, or become lazy (PEP 810) by keyword or by list"
        " (auto if not given: function below Python 3.15).",
    ),
    click.option("--risky", is_flag=True, help="Also what is only suspected to have an effect."),
    click.option(
        "--keep-names",
        type=click.Choice(["auto", "always", "never"]),
        help="Whether a module still answers to a name that became lazy (auto if not given).",
    ),
    click.option(
        "--python", metavar="PATH", help="The project's interpreter, to read its installed packages."
    ),
    click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json"]),
        default="text",
        help="What stdout gets (text if not given).",
    ),
)


def _named(*names: str) -> Callable[[F], F]:
    """Give a command some of those flags."""

    def choose(command: F) -> F:
        for option in reversed(_CHOICE):
            if option(lambda: None).__click_params__[-1].name in names:  # type: ignore[attr-defined]  # click's own mark
                command = option(command)
        return command

    return choose


@main.command()
@click.option("--dry-run", is_flag=True, help="Write nothing; print the diff, which `git apply` takes.")
@click.option("-i", "--interactive", is_flag=True, help="Show the changes one by one and ask for each.")
@_choosing
@click.option(
    "--getter",
    type=click.Choice(["locked", "plain"]),
    help="Getters for threads, with a lock, or without (locked if not given).",
)
@click.option(
    "--on-event",
    type=click.Choice(["lifespan", "remove"]),
    help="Shutdown handlers become part of the lifespan, or go away (lifespan if not given).",
)
@click.option(
    "--merge-lifespan", is_flag=True, help="Handlers beside a lifespan, which never run, become part of it."
)
@ends
def apply(paths: tuple[Path, ...], *, output: str, dry_run: bool, interactive: bool, **flags: object) -> int:
    """Rewrite what works at import under PATHS (default: .): every file or none.

    `lazify undo` brings everything back.
    """
    from lazify import commands

    return commands.apply(
        commands.request(paths, flags), as_json=output == "json", dry_run=dry_run, interactive=interactive
    )


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@ends
def undo(path: Path) -> int:
    """Bring back every byte of the last apply.

    PATH (default: .) is the project, or anything in it.
    """
    from lazify import commands

    return commands.undo(path)


@main.command()
@_choosing
@ends
def check(paths: tuple[Path, ...], *, output: str, **flags: object) -> int:
    """List what works at import under PATHS (default: .) and should not.

    Exit code 0: nothing found, 1: findings, 2: errors.
    """
    from lazify import commands

    return commands.check(commands.request(paths, flags), as_json=output == "json")


@main.command()
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@_named("heavy", "risky", "python")
@click.option("--all", "shows_all", is_flag=True, help="Also modules in which nothing happens.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["tree", "json", "dot", "mermaid", "html"]),
    default="tree",
    help="What stdout gets (tree if not given).",
)
@ends
def graph(entries: tuple[str, ...], *, output: str, shows_all: bool, **flags: object) -> int:
    """Show what importing each ENTRY (a file or a module) runs: nothing is run in order to find out.

    Module-level statements are SAFE, RISKY (unknown code runs) or DANGEROUS (an effect is proven).
    """
    from lazify import graphing

    return graphing.graph(entries, flags, output=output, shows_all=shows_all)


@main.command()
@_named(
    "paths", "select", "ignore", "singleton", "entry", "heavy", "imports", "risky", "keep_names", "python"
)
@click.option(
    "--evidence",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What `lazify profile` or `lazify verify` wrote with --format json. Repeatable.",
)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write the page; - is stdout.")
@ends
def report(paths: tuple[Path, ...], *, evidence: tuple[Path, ...], output: str, **flags: object) -> int:
    """Write one HTML page about PATHS (default: .): what imports run, what they cost, and what would change.

    The page needs no network. Nothing else is written.
    """
    from lazify import reporting

    return reporting.report(paths, flags, evidence=evidence, output=output)


@main.command()
@click.argument("code", required=False)
@ends
def explain(code: str | None) -> int:
    """Say what CODE means, before and after, and when it is refused.

    Without CODE: list all codes.
    """
    from lazify import commands

    return commands.explain(code)
