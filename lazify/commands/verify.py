"""What `verify` does, and what `apply --verify` does before it writes: the verification, its view, its exit code."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lazify import api, verification
from lazify.asking import Trial, variables
from lazify.commands.asked import bar
from lazify.errors import ConfigError
from lazify.knowledge.platforms import DEFAULT
from lazify.model.changes import Plan
from lazify.model.verdicts import Tried, Verdict
from lazify.render.verdicts import broken_lines, guilty_lines, verdict_document, verdict_lines
from lazify.render.words import encoded
from lazify.sandbox import Isolation
from lazify.streams import DONE, FAILED, FINDINGS, has_colours, put, tell

_FLAGS = ("platform", "env", "timeout", "memory", "isolation", "runs", "test", "test_timeout")
"""Flags that say how things are tried out."""


def trial(
    flags: dict[str, Any], *, entries: Sequence[str], before: Path | None = None, is_asked: bool = True
) -> Trial | None:
    """Take the flags of a trial out of `flags`, and give the trial if one is asked for.

    Raises ConfigError for those that no trial can be made of.
    """
    given = {name: flags.pop(name) for name in _FLAGS}
    if not is_asked:
        if given["test"]:
            raise ConfigError("--test: goes with --verify")
        return None
    return Trial(
        python=Path(flags["python"]).expanduser() if flags.get("python") else None,
        entries=tuple(entries),
        before=before,
        platform=given["platform"] or DEFAULT,
        seconds=given["timeout"],
        memory=given["memory"],
        variables=variables(given["env"]),
        isolation=Isolation(given["isolation"]) if given["isolation"] else None,
        runs=given["runs"],
        test=given["test"],
        test_seconds=given["test_timeout"],
    )


def verify(asked: Trial, *, as_json: bool) -> int:
    """Compare the working tree with what it was."""
    with bar() as progress:
        verdict = verification.verify(asked, progress=progress, tell=_telling())
    if as_json:
        put(encoded(verdict_document(verdict)))
    else:
        put(encoded("".join(f"{line}\n" for line in verdict_lines(verdict, colours=has_colours(sys.stdout)))))
    return FAILED if verdict.failures else FINDINGS if verdict.is_worse else DONE


def tried(loaded: api.Loaded, plan: Plan, asked: Trial) -> Tried:
    """Verify in copies what is to be written, and say what came out; what is guilty of anything is left out."""
    with bar() as progress:
        chosen, patches, verdicts = verification.verified(
            loaded, plan, asked, progress=progress, tell=_telling()
        )
    last = verdicts[-1]
    for verdict in verdicts[:-1]:
        tell(*broken_lines(verdict), "left out, for without it nothing of this gets worse:")
        tell(*guilty_lines(verdict.guilty), "")
    tell(*verdict_lines(last, colours=has_colours(sys.stderr)), "")
    guilty = tuple(each for verdict in verdicts for each in verdict.guilty)
    found = Tried(plan=chosen, patches=patches, verdict=replace(last, guilty=guilty))
    if not (last.failures or (last.is_worse and not last.is_only_measured)):
        return found
    tell(f"nothing was written: {_why_not(last)}")
    return replace(found, code=FAILED if last.failures else FINDINGS)


def _why_not(verdict: Verdict) -> str:
    if verdict.failures:
        return "it could not be verified"
    return "something got worse that no single change is to blame for"


def _telling() -> Callable[[str], None]:
    """Say on a terminal what takes its time."""
    return (lambda line: tell(f"{line} …")) if sys.stderr.isatty() else lambda _: None
