"""What `apply`, `undo`, `check` and `explain` do."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lazify import api, codemod
from lazify.commands.asked import bar
from lazify.explain import explanation, listing
from lazify.model.changes import Change, Patch, Plan, Receipt
from lazify.model.places import Failure
from lazify.render.document import document
from lazify.render.findings import finding_lines
from lazify.render.patches import bare, coloured, diff_root, explained
from lazify.render.reasons import INDENT, headline, reasons
from lazify.render.summary import changes_line, failure_lines, findings_line, refusal_lines
from lazify.render.words import counted, encoded, shown
from lazify.review import review
from lazify.streams import DONE, FAILED, FINDINGS, ask, has_colours, put, tell

if TYPE_CHECKING:
    from lazify.asking import Trial
    from lazify.model.verdicts import Tried

Told = Mapping[str, object] | None
"""A verdict as JSON has it."""


def apply(
    request: api.Request, *, as_json: bool, dry_run: bool, interactive: bool, trial: "Trial | None" = None
) -> int:
    """Write the changes, or show what would be written; with a trial, without those that break something."""
    from lazify.model.verdicts import Tried  # `check` gives no verdict

    loaded, plan = _planned(request)
    chosen = _reviewed(loaded, plan) if interactive else plan
    if chosen is None:
        return _give_up(loaded, plan, as_json=as_json)
    if trial is not None:
        from lazify.commands.verify import tried  # and with it all that runs and compares

        return _write(loaded, tried(loaded, chosen, trial), as_json=as_json, dry_run=dry_run)
    with bar() as progress:
        chosen, patches = api.patches(loaded, chosen, progress=progress)
    return _write(loaded, Tried(plan=chosen, patches=patches), as_json=as_json, dry_run=dry_run)


def undo(path: Path) -> int:
    """Take the last apply back."""
    receipt = api.undo(path, tell=tell)
    if receipt.journal is None:
        tell("nothing to undo")
    else:
        tell(f"put back {counted(len(receipt.written), 'file')}")
    return DONE


def check(request: api.Request, *, as_json: bool) -> int:
    """List the findings."""
    loaded, plan = _planned(request)
    if as_json:
        put(encoded(document(plan, loaded.base)))
    else:
        put(encoded(_lines(finding_lines(plan, loaded.base))))
    tell(findings_line(plan))
    return _failed_or(FINDINGS if plan.changes or plan.refusals else DONE, plan, loaded)


def explain(code: str | None) -> int:
    """Say what a code means, or list all."""
    codemods = codemod.load()
    put(encoded(listing(codemods) if code is None else explanation(code, codemods)))
    return DONE


def _write(loaded: api.Loaded, found: "Tried", *, as_json: bool, dry_run: bool) -> int:
    plan, verdict = found.plan, _content(found)
    if found.code is not None:
        if as_json:
            put(encoded(document(plan, loaded.base, verdict=verdict)))
        return found.code
    if dry_run:
        _put_diff(loaded, plan, found.patches, as_json=as_json, verdict=verdict)
    else:
        receipt = api.apply(loaded, found.patches, declined=plan.declined, tell=tell)
        _put_receipt(loaded, plan, receipt, as_json=as_json, verdict=verdict)
    return _failed_or(DONE, plan, loaded)


def _content(found: "Tried") -> Told:
    if found.verdict is None:
        return None
    from lazify.render.verdicts import verdict_content

    return verdict_content(found.verdict)


def _planned(request: api.Request) -> tuple[api.Loaded, Plan]:
    for path in request.paths:
        tell(*api.recover(path))
    with bar() as progress:
        loaded = api.load(request, progress=progress)
        return loaded, api.plan(loaded)


def _reviewed(loaded: api.Loaded, plan: Plan) -> Plan | None:
    current = plan

    def replan(declined: frozenset[str]) -> Plan:
        nonlocal current
        current = api.plan(loaded, declined=declined)
        return current

    def show(change: Change, needed: Sequence[Change]) -> None:
        # What it needs is part of its diff: neither can be had without the other.
        results = api.preview(loaded, current, change, needed)
        patches = [result for result in results if isinstance(result, Patch)]
        together = [f"{INDENT}together with {headline(other, loaded.base)}" for other in needed]
        text = encoded(_lines(["", *reasons(change, loaded.base), *together]))
        text += bare(patches, root=diff_root(patches, loaded.base))
        put(coloured(text) if has_colours(sys.stderr) else text, sys.stderr)
        tell(*failure_lines([r for r in results if isinstance(r, Failure)], loaded.base))

    return review(plan, replan=replan, show=show, ask=ask, tell=tell)


def _give_up(loaded: api.Loaded, plan: Plan, *, as_json: bool) -> int:
    if as_json:
        put(encoded(document(plan, loaded.base)))
    tell("nothing was written")
    return _failed_or(DONE, plan, loaded)


def _put_diff(
    loaded: api.Loaded, plan: Plan, patches: Sequence[Patch], *, as_json: bool, verdict: Told
) -> None:
    root = diff_root(patches, loaded.base)
    if as_json:
        put(encoded(document(plan, loaded.base, diff=bare(patches, root=root), verdict=verdict)))
    else:
        diff = explained(plan, patches, base=loaded.base, root=root)
        put(coloured(diff) if has_colours(sys.stdout) else diff)
    if not root.samefile(loaded.base):
        tell(f"the paths of this diff are relative to {root}: apply it there")
    tell(changes_line(plan.changes, touched=len(patches)))
    tell(*refusal_lines(plan.refusals, loaded.base))


def _put_receipt(loaded: api.Loaded, plan: Plan, receipt: Receipt, *, as_json: bool, verdict: Told) -> None:
    written = receipt.written
    if as_json:
        put(encoded(document(plan, loaded.base, written=written, verdict=verdict)))
    tell(changes_line(plan.changes, touched=len(written)))
    tell(*refusal_lines(plan.refusals, loaded.base))
    if receipt.journal is not None:
        tell(f"`{_undo_command(receipt.journal, loaded.base)}` brings everything back")


def _undo_command(journal: Path, base: Path) -> str:
    home = journal.parents[2]  # home/.lazify/journal/entry
    return "lazify undo" if base.resolve().is_relative_to(home) else f"lazify undo {shown(home, base)}"


def _failed_or(code: int, plan: Plan, loaded: api.Loaded) -> int:
    tell(*failure_lines(plan.failures, loaded.base))
    return FAILED if plan.failures else code


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
