"""What each command does: one call for each step of the run, then its view, then its exit code."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lazify import api, codemod, verification
from lazify.errors import ConfigError
from lazify.explain import explanation, listing
from lazify.knowledge.platforms import DEFAULT
from lazify.model.changes import Change, Patch, Plan, Receipt
from lazify.model.places import Failure
from lazify.model.verdicts import Verdict
from lazify.progress import Bar
from lazify.render.document import document
from lazify.render.findings import finding_lines
from lazify.render.patches import bare, coloured, diff_root, explained
from lazify.render.reasons import INDENT, headline, reasons
from lazify.render.summary import changes_line, failure_lines, findings_line, refusal_lines
from lazify.render.verdicts import guilty_lines, verdict_content, verdict_document, verdict_lines
from lazify.render.words import counted, encoded, shown
from lazify.review import review
from lazify.sandbox import Isolation
from lazify.streams import DONE, FAILED, FINDINGS, ask, has_colours, put, tell
from lazify.verification import Trial


def request(paths: Sequence[Path], flags: Mapping[str, object]) -> api.Request:
    """Give the request with only those flags that were given."""
    given = {name: value for name, value in flags.items() if value not in (None, (), False)}
    return api.Request(paths=tuple(paths) or (Path(),), flags=given)


_TRIED = ("platform", "env", "timeout", "memory", "isolation", "runs", "test", "test_timeout")
"""Flags that say how things are tried out; `trial` takes them."""


def trial(
    flags: dict[str, Any], *, entries: Sequence[str], before: Path | None = None, is_asked: bool = True
) -> Trial | None:
    """Take the flags of a trial out of `flags`, and give the trial if one is asked for."""
    given = {name: flags.pop(name) for name in _TRIED}
    if not is_asked:
        return None
    python = flags.get("python")
    return Trial(
        python=Path(python).expanduser() if python else Path(sys.executable),
        entries=tuple(entries),
        before=before,
        platform=given["platform"] or DEFAULT,
        seconds=given["timeout"],
        memory=given["memory"],
        variables=dict(map(_variable, given["env"])),
        isolation=Isolation(given["isolation"]) if given["isolation"] else None,
        runs=given["runs"],
        test=given["test"],
        test_seconds=given["test_timeout"],
    )


def _variable(text: str) -> tuple[str, str]:
    name, is_set, value = text.partition("=")
    if not (is_set and name):
        raise ConfigError(f"--env {text}: must be KEY=VALUE")
    return name, value


def apply(
    request: api.Request, *, as_json: bool, dry_run: bool, interactive: bool, trial: Trial | None = None
) -> int:
    """Write the changes, or show what would be written; with a trial, without those that break something."""
    loaded, plan = _planned(request)
    chosen = _reviewed(loaded, plan) if interactive else plan
    if chosen is None:
        return _give_up(loaded, plan, as_json=as_json)
    if trial is not None:
        return _apply_verified(loaded, chosen, trial, as_json=as_json, dry_run=dry_run)
    with _bar() as bar:
        chosen, patches = api.patches(loaded, chosen, progress=bar)
    if dry_run:
        _put_diff(loaded, chosen, patches, as_json=as_json)
    else:
        _put_receipt(loaded, chosen, api.apply(loaded, patches, declined=chosen.declined, tell=tell), as_json=as_json)
    return _failed_or(DONE, chosen, loaded)


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


def verify(trial: Trial, *, as_json: bool) -> int:
    """Compare the working tree with what it was."""
    with _bar() as bar:
        verdict = verification.verify(trial, progress=bar, tell=_telling(bar))
    if as_json:
        put(encoded(verdict_document(verdict)))
    else:
        put(encoded(_lines(verdict_lines(verdict, colours=has_colours(sys.stdout)))))
    return _judgement(verdict)


def explain(code: str | None) -> int:
    """Say what a code means, or list all."""
    codemods = codemod.load()
    put(encoded(listing(codemods) if code is None else explanation(code, codemods)))
    return DONE


def _apply_verified(
    loaded: api.Loaded, plan: Plan, trial: Trial, *, as_json: bool, dry_run: bool
) -> int:
    """Verify in copies first; what is to blame is left out, and the rest is written."""
    with _bar() as bar:
        chosen, patches, verdict = verification.verified(loaded, plan, trial, progress=bar, tell=_telling(bar))
    tell(*verdict_lines(verdict, colours=has_colours(sys.stderr)), "")
    if verdict.guilty:
        tell(f"left out, for {'it breaks' if len(verdict.guilty) == 1 else 'they break'} something:")
        tell(*guilty_lines(verdict.guilty))
    if verdict.failures or (verdict.is_worse and not verdict.guilty and not verdict.is_only_measured):
        tell("nothing was written: what got worse could not be blamed on a change")
        return FAILED if verdict.failures else FINDINGS
    if dry_run:
        _put_diff(loaded, chosen, patches, as_json=as_json, verdict=verdict)
    else:
        receipt = api.apply(loaded, patches, declined=chosen.declined, tell=tell)
        _put_receipt(loaded, chosen, receipt, as_json=as_json, verdict=verdict)
    return _failed_or(DONE, chosen, loaded)


def _telling(bar: Bar) -> Callable[[str], None]:
    """Say on a terminal what takes its time."""
    return (lambda line: tell(f"{line} …")) if sys.stderr.isatty() else lambda _: None


def _judgement(verdict: Verdict) -> int:
    return FAILED if verdict.failures else FINDINGS if verdict.is_worse else DONE


def _planned(request: api.Request) -> tuple[api.Loaded, Plan]:
    for path in request.paths:
        tell(*api.recover(path))
    with _bar() as bar:
        loaded = api.load(request, progress=bar)
        return loaded, api.plan(loaded)


def _bar() -> Bar:
    return Bar(visible=sys.stderr.isatty())


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
    loaded: api.Loaded,
    plan: Plan,
    patches: Sequence[Patch],
    *,
    as_json: bool,
    verdict: Verdict | None = None,
) -> None:
    root = diff_root(patches, loaded.base)
    if as_json:
        put(encoded(document(plan, loaded.base, diff=bare(patches, root=root), verdict=_content(verdict))))
    else:
        diff = explained(plan, patches, base=loaded.base, root=root)
        put(coloured(diff) if has_colours(sys.stdout) else diff)
    if not root.samefile(loaded.base):
        tell(f"the paths of this diff are relative to {root}: apply it there")
    tell(changes_line(plan.changes, touched=len(patches)))
    tell(*refusal_lines(plan.refusals, loaded.base))


def _put_receipt(
    loaded: api.Loaded, plan: Plan, receipt: Receipt, *, as_json: bool, verdict: Verdict | None = None
) -> None:
    written = receipt.written
    if as_json:
        told = _content(verdict)
        put(encoded(document(plan, loaded.base, written=written, applied=bool(written), verdict=told)))
    tell(changes_line(plan.changes, touched=len(written)))
    tell(*refusal_lines(plan.refusals, loaded.base))
    if receipt.journal is not None:
        tell(f"`{_undo_command(receipt.journal, loaded.base)}` brings everything back")


def _content(verdict: Verdict | None) -> dict[str, object] | None:
    return None if verdict is None else verdict_content(verdict)


def _undo_command(journal: Path, base: Path) -> str:
    home = journal.parents[2]  # home/.lazify/journal/entry
    return "lazify undo" if base.resolve().is_relative_to(home) else f"lazify undo {shown(home, base)}"


def _failed_or(code: int, plan: Plan, loaded: api.Loaded) -> int:
    tell(*failure_lines(plan.failures, loaded.base))
    return FAILED if plan.failures else code


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
