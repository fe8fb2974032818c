"""The command line. What a command does stands in commands, imported when it runs: `--help` is quick."""

from pathlib import Path
from typing import Any

import click

from lazify import __version__
from lazify.flags import choosing, named, trying
from lazify.streams import ends


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="lazify", message="%(prog)s %(version)s")
def main() -> None:
    """Make import-time work lazy, across all modules, as one reviewable and reversible diff."""


@main.command()
@click.option("--dry-run", is_flag=True, help="Write nothing; print the diff, which `git apply` takes.")
@click.option("-i", "--interactive", is_flag=True, help="Show the changes one by one and ask for each.")
@choosing
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
@click.option(
    "--verify",
    is_flag=True,
    help="Import the entry points before and after in copies, and run --test; what breaks is left out.",
)
@trying
@ends
def apply(  # click hands every flag over by itself
    paths: tuple[Path, ...], *, output: str, dry_run: bool, interactive: bool, verify: bool, **flags: Any
) -> int:
    """Rewrite what works at import under PATHS (default: .): every file or none.

    `lazify undo` brings everything back.
    """
    from lazify.commands import changes
    from lazify.commands.asked import request
    from lazify.commands.verify import trial

    asked = trial(flags, entries=flags["entry"], is_asked=verify)
    return changes.apply(
        request(paths, flags),
        as_json=output == "json",
        dry_run=dry_run,
        interactive=interactive,
        trial=asked,
    )


@main.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@ends
def undo(path: Path) -> int:
    """Bring back every byte of the last apply.

    PATH (default: .) is the project, or anything in it.
    """
    from lazify.commands import changes

    return changes.undo(path)


@main.command()
@choosing
@ends
def check(paths: tuple[Path, ...], *, output: str, **flags: object) -> int:
    """List what works at import under PATHS (default: .) and should not.

    Exit code 0: nothing found, 1: findings, 2: errors.
    """
    from lazify.commands import changes
    from lazify.commands.asked import request

    return changes.check(request(paths, flags), as_json=output == "json")


@main.command()
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@named("heavy", "risky", "python")
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
    from lazify.commands import graph as command

    return command.graph(entries, flags, output=output, shows_all=shows_all)


@main.command()
@named("paths", "select", "ignore", "singleton", "entry", "heavy", "imports", "risky", "keep_names", "python")
@click.option(
    "--evidence",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What `lazify profile` or `lazify verify` wrote with --format json. Repeatable.",
)
@click.option(
    "--measure",
    is_flag=True,
    help="Import the entries, as they are and as they would be, for true times: this runs their code.",
)
@click.option(
    "--env",
    multiple=True,
    metavar="KEY=VALUE",
    help="A variable that an import finds, with --measure. Repeatable.",
)
@click.option("-o", "--output", required=True, metavar="FILE", help="Where to write the page; - is stdout.")
@ends
def report(
    paths: tuple[Path, ...],
    *,
    evidence: tuple[Path, ...],
    measure: bool,
    env: tuple[str, ...],
    output: str,
    **flags: Any,
) -> int:
    """Write one HTML page about PATHS (default: .): what imports run, what they cost, and what would change.

    The page needs no network. Nothing else is written, and nothing is run without --measure.
    """
    from lazify.commands import report as command

    trial = command.trial(flags, env) if measure else None
    measuring = command.Measuring(evidence=evidence, trial=trial)
    return command.report(paths, flags, measuring=measuring, output=output)


@main.command()
@click.argument("entries", nargs=-1, metavar="[ENTRY]...")
@click.option(
    "--before",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="What to compare with (the last apply's journal or else git HEAD, if not given).",
)
@click.option(
    "--python", metavar="PATH", help="The project's interpreter (the one that runs lazify, if not given)."
)
@trying
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What stdout gets (text if not given).",
)
@ends
def verify(entries: tuple[str, ...], *, before: Path | None, output: str, **flags: Any) -> int:
    """Import ENTRY as a serverless platform would, before and after, and say what got worse.

    ENTRY is a file or a module; without any: those that the files of platforms name.
    Exit code 0: nothing got worse, 1: something did, 2: it could not be verified.
    """
    from lazify.commands import verify as command

    trial = command.trial(flags, entries=entries, before=before)
    assert trial is not None
    return command.verify(trial, as_json=output == "json")


@main.command()
@click.argument("entries", nargs=-1, required=True, metavar="ENTRY...")
@click.option(
    "--python",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The project's interpreter, or its environment (the configured one, or else lazify's own, if not given).",
)
@click.option(
    "--runs", type=click.IntRange(1), default=5, show_default=True, help="How often to import each."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="For each import.",
)
@click.option(
    "--memory", type=click.IntRange(1), metavar="MIB", help="For each import (if not given: what is free)."
)
@click.option(
    "--env", multiple=True, metavar="KEY=VALUE", help="Set in the environment of the imports. Repeatable."
)
@click.option("--save", is_flag=True, help="Keep what packages cost here: check and apply go by it.")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    help="What stdout gets (text if not given).",
)
@ends
def profile(entries: tuple[str, ...], *, output: str, save: bool, **flags: Any) -> int:
    """Import each ENTRY in fresh processes, and say what it costs and which line is to blame.

    An ENTRY is a file (api/index.py), a module (src.api.main) or a name in one (src.api.main:app). This runs its
    code. Exit code 0: all were imported, 2: not so.
    """
    from lazify.commands import profile as command

    request = command.profile_request(entries, flags)
    return command.profile(request, as_json=output == "json", save=save)


@main.command()
@click.argument("code", required=False)
@ends
def explain(code: str | None) -> int:
    """Say what CODE means, before and after, and when it is refused.

    Without CODE: list all codes.
    """
    from lazify.commands import changes

    return changes.explain(code)
