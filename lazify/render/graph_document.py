"""Import graphs as one JSON object; graph.schema.json beside this file describes it."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from lazify.model.effects import Evidence
from lazify.model.graphs import (
    Breakage,
    Closing,
    CrashPoint,
    Cycle,
    Edge,
    Fate,
    HeavyLoad,
    ImportGraph,
    Item,
    Mark,
    MissingInit,
    Node,
)
from lazify.model.places import Place
from lazify.render.words import shown

VERSION = 1
"""Grows when a key changes its meaning or goes; new keys may come without."""
Json = dict[str, object]


def graph_document(graphs: Iterable[ImportGraph], base: Path) -> str:
    """Give the object as a text in ASCII; lines and columns count from 1."""
    content = {"version": VERSION, "graphs": [graph_object(graph, base) for graph in graphs]}
    return json.dumps(content, indent=2) + "\n"


def graph_object(graph: ImportGraph, base: Path) -> Json:
    """Give one graph; paths are relative to `base` where they lie below it."""
    return {
        "root": shown(graph.root, base),
        "entries": list(graph.entries),
        "modules": [_node(node, base) for node in graph.nodes],
        "crash_points": [_crash_point(point, base) for point in graph.crash_points],
        "cycles": [_cycle(cycle, base) for cycle in graph.cycles],
        "missing_inits": [_missing_init(each, base) for each in graph.missing_inits],
    }


def _node(node: Node, base: Path) -> Json:
    return {
        "name": node.name,
        "path": shown(node.path, base),
        "depth": node.depth,
        "level": node.level.name,
        "kept_out_at": _optional(node.kept_out_at, base),
        "items": [_item(item, base) for item in node.items],
    }


def _item(item: Item, base: Path) -> Json:
    match item:
        case Mark():
            return _mark(item, base)
        case Edge():
            return _edge(item, base)
        case HeavyLoad():
            return _heavy(item, base)


def _mark(mark: Mark, base: Path) -> Json:
    return {
        "type": "statement",
        **_place(mark.at, base),
        "text": mark.text,
        "level": mark.level.name,
        "effects": [
            {
                "kind": str(effect.kind),
                "callee": effect.callee,
                "why": _why(effect.chain, base),
                "conditions": _why(conditions, base),
            }
            for effect, conditions in zip(mark.effects, mark.conditions, strict=True)
        ],
        "safe_because": mark.safe_because or None,
        "conditional": mark.is_conditional,
        "fate": _fate(mark.fate, base),
    }


def _edge(edge: Edge, base: Path) -> Json:
    return {
        "type": "import",
        **_place(edge.at, base),
        "text": edge.text,
        "module": edge.target,
        "module_path": shown(edge.path, base),
        "turn": str(edge.turn),
        "package_around": edge.is_parent,
        "why": _why(edge.way, base),
        "conditional": edge.is_conditional,
        "guard": _optional(edge.guard, base),
        "fate": _fate(edge.fate, base),
    }


def _heavy(load: HeavyLoad, base: Path) -> Json:
    return {
        "type": "heavy import",
        **_place(load.at, base),
        "text": load.text,
        "package": load.package,
        "ms": load.ms,
        "mib": load.mib,
        "measured": load.is_measured,
        "basis": load.basis,
        "first": load.is_first,
        "why": _why(load.way, base),
        "conditional": load.is_conditional,
        "guard": _optional(load.guard, base),
        "fate": _fate(load.fate, base),
    }


def _fate(fate: Fate | None, base: Path) -> Json | None:
    if fate is None:
        return None
    return {
        "code": fate.code,
        "title": fate.title,
        "mended": fate.is_mended,
        "reason": fate.reason or None,
        "pinned_by": _optional(fate.pinned_by, base),
    }


def _crash_point(point: CrashPoint, base: Path) -> Json:
    return {
        "rank": point.rank,
        "cause": point.cause.name,
        "module": point.module,
        **_place(point.at, base),
        "text": point.text,
        "what": point.what,
        "why": _why(point.why, base),
        "conditions": _why(point.conditions, base),
        "conditional": point.is_conditional,
        "caught_at": _optional(point.caught_at, base),
    }


def _cycle(cycle: Cycle, base: Path) -> Json:
    return {
        "modules": list(cycle.modules),
        "closed_by": [_closing(closing, base) for closing in cycle.closings],
        "breaks": [_breakage(each, base) for each in cycle.breakages],
    }


def _closing(closing: Closing, base: Path) -> Json:
    return {
        **_place(closing.edge.at, base),
        "importer": closing.importer,
        "module": closing.edge.target,
        "text": closing.edge.text,
        "waiting_at": _place(closing.waiting_at, base),
        "way": [{**_place(edge.at, base), "module": edge.target} for edge in closing.way],
        "names": list(closing.names),
        "missing": list(closing.missing),
    }


def _breakage(each: Breakage, base: Path) -> Json:
    return {
        **_place(each.at, base),
        "first": each.first,
        "module": each.module,
        "names": list(each.names),
    }


def _missing_init(each: MissingInit, base: Path) -> Json:
    return {
        "folder": shown(each.folder, base),
        "modules": each.modules,
        "beside": shown(each.beside, base),
        "imported_at": _place(each.at, base),
    }


def _why(why: Sequence[Evidence], base: Path) -> list[Json]:
    return [{"fact": each.fact, "at": _optional(each.at, base)} for each in why]


def _optional(at: Place | None, base: Path) -> Json | None:
    return None if at is None else _place(at, base)


def _place(at: Place, base: Path) -> Json:
    return {"path": shown(at.path, base), "line": at.span.line, "column": at.span.column + 1}
