"""What the page's script reads: plain values, short keys spared only where there are very many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from lazify.model.changes import Change, Patch, Plan, Refusal
from lazify.model.effects import Evidence
from lazify.model.graphs import Cycle, ImportGraph
from lazify.model.places import Place
from lazify.model.reports import Measured, Slice, Timeline
from lazify.render.graph_document import graph_object
from lazify.render.graph_picture import picture
from lazify.render.graph_sections import CAUSES, totals
from lazify.render.words import position, shown
from lazify.report.estimates import estimated
from lazify.report.hunks import FileDiff, Shares, file_diffs
from lazify.report.layout import HEIGHT, WIDTH, placed

Json = dict[str, object]
MOST_BOXES = 48
"""Modules that a picture holds, or a few more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a page shows."""

    title: str
    base: Path
    graphs: tuple[ImportGraph, ...]
    plan: Plan = field(default_factory=Plan)
    patches: tuple[Patch, ...] = ()
    measured: Measured = field(default_factory=Measured)
    is_graph_alone: bool = False
    """The page shows what runs, and not what would change."""


def content(facts: Facts) -> Json:
    """Give the values; equal facts give equal values in an equal order."""
    diffs = file_diffs(facts.patches)
    numbers = {diff.path: number for number, diff in enumerate(diffs)}
    shares = Shares(facts.plan, facts.patches, diffs)
    return {
        "title": facts.title,
        "graphAlone": facts.is_graph_alone,
        "causes": {cause.name: words for cause, words in CAUSES.items()},
        "changes": [_change(each, shares, numbers, facts.base) for each in facts.plan.changes],
        "refusals": [_refusal(each, facts.base) for each in facts.plan.refusals],
        "failures": [
            {"path": shown(each.path, facts.base), "line": each.line, "why": each.why}
            for each in facts.plan.failures
        ],
        "files": [_file(diff, facts.base) for diff in diffs],
        "graphs": [_graph(graph, facts.base) for graph in facts.graphs],
        "timelines": [_timeline(each) for each in _timelines(facts)],
        "findings": [
            {
                "entry": entry,
                "aspect": each.aspect,
                "judgement": each.judgement,
                "before": each.before,
                "after": each.after,
            }
            for entry, each in facts.measured.findings
        ],
        "notes": list(facts.measured.notes),
    }


def _timelines(facts: Facts) -> Iterable[Timeline]:
    if facts.measured.timelines:
        return facts.measured.timelines
    found = [timeline for graph in facts.graphs for timeline in estimated(graph, facts.base)]
    return [each for each in found if each.side == "before"] if facts.is_graph_alone else found


def _change(change: Change, shares: Shares, numbers: dict[Path, int], base: Path) -> Json:
    return {
        "code": change.code,
        "title": change.title,
        "at": position(change.at, base),
        "why": _why(change.why, base),
        "notes": list(change.notes),
        "hunks": [[numbers[path], number] for path, number in shares.of(change)],
        "level": _level(change),
    }


def _refusal(refusal: Refusal, base: Path) -> Json:
    return {
        "code": refusal.code,
        "title": refusal.title,
        "at": position(refusal.at, base),
        "why": _why(refusal.why, base),
        "reason": refusal.reason,
        "pin": _optional(refusal.blocked_by, base),
        "level": _level(refusal),
    }


def _level(said: Change | Refusal) -> str:
    """What it is about, in one word that a reader may filter by."""
    if said.code.startswith("LZ2"):
        return "HEAVY"
    if not said.code.startswith("LZ1"):
        return "LIFECYCLE" if said.code.startswith("LZ3") else "ENTRY"
    is_risky = any(": unknown" in evidence.fact for evidence in said.why[-1:])
    return "RISKY" if is_risky else "DANGEROUS"


def _file(diff: FileDiff, base: Path) -> Json:
    return {
        "path": shown(diff.path, base),
        "hunks": [{"head": hunk.head, "lines": "\n".join(hunk.lines)} for hunk in diff.hunks],
    }


def _graph(graph: ImportGraph, base: Path) -> Json:
    drawn = picture(graph, most=MOST_BOXES)
    return {
        **graph_object(graph, base),
        "totals": totals(graph),
        "cycleCount": _sizes(graph.cycles),
        "picture": {
            "width": WIDTH,
            "height": HEIGHT,
            "leftOut": drawn.left_out,
            "boxes": [
                {
                    "key": each.box.key,
                    "x": each.x,
                    "y": each.y,
                    "label": list(each.box.label),
                    "style": each.box.style,
                    "keptOut": each.box.is_kept_out,
                }
                for each in placed(drawn)
            ],
            "arrows": [
                {"from": a.start, "to": a.end, "style": a.style, "label": a.label}
                for a in drawn.arrows
                if a.is_first
            ],
        },
    }


def _sizes(cycles: Sequence[Cycle]) -> list[int]:
    return [len(cycle.modules) for cycle in cycles]


def _timeline(timeline: Timeline) -> Json:
    return {
        "title": timeline.title,
        "side": timeline.side,
        "ms": timeline.ms,
        "mib": timeline.mib,
        "modules": timeline.modules,
        "measured": timeline.is_measured,
        "note": timeline.note,
        "slices": [_slice(each) for each in timeline.slices],
    }


def _slice(each: Slice) -> Json:
    found: Json = {"name": each.name, "ms": each.ms, "kind": each.kind}
    if each.at:
        found["at"] = each.at
    if each.below:
        found["below"] = [_slice(inner) for inner in each.below]
    return found


def _why(why: Sequence[Evidence], base: Path) -> list[list[str | None]]:
    return [[each.fact, _optional(each.at, base)] for each in why]


def _optional(at: Place | None, base: Path) -> str | None:
    return None if at is None else position(at, base)
