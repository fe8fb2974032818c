"""What `lazify profile` does; apart from the other commands, which neither run processes nor draw tables."""

import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

from lazify import profiling
from lazify.asking import variables
from lazify.commands.asked import bar
from lazify.model.observations import Imported
from lazify.render.profile import profile_document, profile_text
from lazify.render.words import encoded, shown
from lazify.streams import DONE, FAILED, has_colours, put, tell


def profile_request(entries: Sequence[str], flags: Mapping[str, Any]) -> profiling.Request:
    """Give the request; raises ConfigError for a variable without a value."""
    return profiling.Request(
        entries=tuple(entries),
        python=flags["python"],
        runs=flags["runs"],
        seconds=flags["timeout"],
        bytes=flags["memory"] and flags["memory"] << 20,
        environment=variables(flags["env"]),
    )


def profile(request: profiling.Request, *, as_json: bool, save: bool) -> int:
    """Say what importing the entries costs; fail where one cannot be imported."""
    with bar() as progress:
        progress.stage("importing", len(request.entries) * (request.runs + 1))
        done = profiling.profiled(request, base=Path.cwd(), advance=progress.advance)
        stage = partial(progress.stage, "importing packages alone")
        files = (
            profiling.saved(done, runs=request.runs, stage=stage, advance=progress.advance) if save else ()
        )
    profiles = [each.profile for each in done]
    if as_json:
        put(encoded(profile_document(profiles, Path.cwd())))
    else:
        is_coloured = has_colours(sys.stdout)
        width = get_terminal_size().columns if sys.stdout.isatty() else None
        texts = (profile_text(each, Path.cwd(), width=width, is_coloured=is_coloured) for each in profiles)
        put(encoded("\n".join(texts)))
    for file in files:
        tell(f"kept what packages cost in {shown(file, Path.cwd())}: check and apply go by it")
    return DONE if all(isinstance(each.outcome, Imported) for each in profiles) else FAILED
