"""What `lazify report` does: load, plan, rewrite in memory, follow the imports, write one page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lazify import api
from lazify.asking import Trial, variables
from lazify.commands.asked import bar, request
from lazify.errors import LazifyError
from lazify.model.changes import Patch
from lazify.render.summary import failure_lines
from lazify.render.verdicts import verdict_content
from lazify.render.words import counted, encoded, one_line, printable, shown
from lazify.report.content import Facts
from lazify.report.evidence import read_evidence
from lazify.report.page import page
from lazify.streams import DONE, FAILED, put, tell

STDOUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measuring:
    """What the page is to know beside what the source tells."""

    evidence: Sequence[Path] = ()
    """Files that `lazify profile` or `lazify verify` wrote."""
    trial: Trial | None = None
    """How the entries are to be imported now, without and with the changes; None for not at all."""


def trial(flags: Mapping[str, Any], env: Sequence[str]) -> Trial:
    """Give how `--measure` imports; raises ConfigError for what is no variable."""
    python = flags.get("python")
    return Trial(
        python=Path(python).expanduser() if python else None,
        entries=tuple(flags.get("entry") or ()),
        variables=variables(env),
    )


def report(paths: Sequence[Path], flags: Mapping[str, object], *, measuring: Measuring, output: str) -> int:
    """Write the page, or print it where `output` is `-`."""
    read_evidence(measuring.evidence)  # before the work: a wrong file is an error at once
    with bar() as progress:
        loaded = api.load(request(paths, flags), progress=progress)
        plan, patches = api.patches(loaded, api.plan(loaded), progress=progress)
        graphs = api.graphs(loaded, plan)
        further = _measured_now(loaded, patches, measuring.trial)
    roots = [project.inventory.territory.root for project in loaded.projects]
    facts = Facts(
        title=printable(", ".join(root.name for root in roots) or loaded.base.name),
        base=loaded.base,
        graphs=graphs,
        plan=plan,
        patches=patches,
        measured=read_evidence(measuring.evidence, *further),
    )
    _put(encoded(page(facts)), output, loaded.base)
    tell(*failure_lines(plan.failures, loaded.base))
    return FAILED if plan.failures else DONE


def _measured_now(
    loaded: api.Loaded, patches: Sequence[Patch], trial: Trial | None
) -> Iterator[dict[str, object]]:
    if trial is not None:
        from lazify import verification  # and with it all that runs and compares

        verdict = verification.measured(loaded, patches, trial, tell=lambda _: None)
        tell(*(f"not measured: {one_line(why)}" for why in verdict.failures))
        yield verdict_content(verdict)


def _put(data: bytes, output: str, base: Path) -> None:
    if output == STDOUT:
        put(data)
        return
    file = base / output
    try:
        file.write_bytes(data)
    except OSError as error:
        raise LazifyError(f"{shown(file, base)}: cannot be written: {error.strerror}") from error
    tell(f"wrote {shown(file, base)} ({counted(len(data) // 1024 or 1, 'KiB').removesuffix('s')})")
