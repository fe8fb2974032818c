"""What `lazify report` does: load, plan, rewrite in memory, follow the imports, write one page."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from lazify import api
from lazify.errors import LazifyError
from lazify.progress import Bar
from lazify.render.summary import failure_lines
from lazify.render.words import counted, encoded, printable, shown
from lazify.report.content import Facts
from lazify.report.evidence import read_evidence
from lazify.report.page import page
from lazify.streams import DONE, FAILED, put, tell

STDOUT = "-"


def report(
    paths: Sequence[Path], flags: Mapping[str, object], *, evidence: Sequence[Path], output: str
) -> int:
    """Write the page, or print it where `output` is `-`."""
    measured = read_evidence(evidence)
    given = {name: value for name, value in flags.items() if value not in (None, (), False)}
    request = api.Request(paths=tuple(paths) or (Path(),), flags=given)
    with Bar(visible=sys.stderr.isatty()) as bar:
        loaded = api.load(request, progress=bar)
        plan, patches = api.patches(loaded, api.plan(loaded), progress=bar)
        graphs = api.graphs(loaded, plan)
    roots = [project.inventory.territory.root for project in loaded.projects]
    facts = Facts(
        title=printable(", ".join(root.name for root in roots) or loaded.base.name),
        base=loaded.base,
        graphs=graphs,
        plan=plan,
        patches=patches,
        measured=measured,
    )
    _put(encoded(page(facts)), output, loaded.base)
    tell(*failure_lines(plan.failures, loaded.base))
    return FAILED if plan.failures else DONE


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
