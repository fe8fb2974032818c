"""What of an import graph is drawn as boxes and arrows: modules in which something happens, and the ways to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lazify.model.effects import Level
from lazify.model.graphs import Edge, HeavyLoad, ImportGraph, Node, Turn

_EFFECT = 250
"""Milliseconds that a proven effect counts for when modules are chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A module of the project, or something heavy."""

    key: str
    """Unique and short: `m0`, `h0`."""
    label: tuple[str, ...]
    """Its lines."""
    style: str
    """`entry`, `safe`, `risky`, `dangerous` or `heavy`."""
    is_kept_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """An import."""

    start: str
    end: str
    style: str
    """`import`, `cut`, `pinned`, `cycle` or `in a function`."""
    label: str = ""
    is_first: bool = True
    """It runs what it imports, or stands out otherwise; the rest only says that the import is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Boxes and the arrows between them."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    left_out: int
    """Modules in which nothing happens, and on the way to nothing that does; or too many to draw."""


def picture(graph: ImportGraph, *, shows_all: bool = False, most: int | None = None) -> Picture:
    """Choose what to draw: all modules, those that matter, or not many more than the `most` that matter most."""
    wanted = {node.path for node in graph.nodes} if shows_all else set(_telling(graph))
    if most is not None and len(wanted) > most:
        wanted = _chosen(graph, most)
    nodes = [node for node in graph.nodes if node.path in wanted]
    keys = {node.path: f"m{number}" for number, node in enumerate(nodes)}
    packages = {load.package: load for node in nodes for load in _loads(node)}
    heavy = {package: f"h{number}" for number, package in enumerate(packages)}
    boxes = [_module_box(node, graph, keys[node.path]) for node in nodes]
    boxes += (_heavy_box(load, heavy[package]) for package, load in packages.items())
    arrows = dict[tuple[str, str], Arrow]()
    for node in nodes:
        for arrow in _arrows(node, keys, heavy):
            arrows.setdefault((arrow.start, arrow.end), arrow)
    left_out = len(graph.nodes) - len(nodes)
    return Picture(boxes=tuple(boxes), arrows=tuple(arrows.values()), left_out=left_out)


def _chosen(graph: ImportGraph, most: int) -> set[Path]:
    """Take the modules with most in them, each with the first way to it from an entry."""
    parents: dict[Path, Path] = {}
    for node in graph.nodes:
        for item in node.items:
            if isinstance(item, Edge) and item.turn is Turn.FIRST:
                parents.setdefault(item.path, node.path)
    chosen = {node.path for node in graph.nodes if node.name in graph.entries}
    for node in sorted(graph.nodes, key=_weight, reverse=True):
        if not _weight(node) or len(chosen) >= most:
            break
        way, at = [node.path], node.path
        while at in parents and at not in chosen:
            at = parents[at]
            way.append(at)
        chosen.update(way)
    return chosen


def _weight(node: Node) -> int:
    """How much there is to see in a module: milliseconds, and as many for an effect."""
    heavy = sum(load.ms or 0 for load in _loads(node) if load.is_first)
    marks = [item.level for item in node.items if not isinstance(item, Edge | HeavyLoad)]
    return heavy + _EFFECT * marks.count(Level.DANGEROUS)


def _telling(graph: ImportGraph) -> Iterator[Path]:
    """The modules in which something happens, those of cycles, and those on the first way to one of them."""
    telling: set[Path] = set()
    cyclic = {
        name for cycle in graph.cycles for name in cycle.modules if len(cycle.modules) <= len(graph.nodes)
    }
    for node in reversed(graph.nodes):
        is_loud = node.level > Level.SAFE or any(True for _ in _loads(node)) or node.name in cyclic
        firsts = (i for i in node.items if isinstance(i, Edge) and i.turn is Turn.FIRST)
        if is_loud or node.name in graph.entries or any(edge.path in telling for edge in firsts):
            telling.add(node.path)
            yield node.path


def _loads(node: Node) -> Iterator[HeavyLoad]:
    return (item for item in node.items if isinstance(item, HeavyLoad))


def _module_box(node: Node, graph: ImportGraph, key: str) -> Box:
    is_entry = node.name in graph.entries
    style = "entry" if is_entry and node.level is Level.SAFE else node.level.name.lower()
    counts = _counted(node)
    label = (node.name, counts) if counts else (node.name,)
    return Box(key=key, label=label, style=style, is_kept_out=node.kept_out_at is not None)


def _counted(node: Node) -> str:
    marks = [item.level for item in node.items if not isinstance(item, Edge | HeavyLoad)]
    parts = [
        f"{marks.count(level)} {level.name}" for level in (Level.DANGEROUS, Level.RISKY) if level in marks
    ]
    return ", ".join(parts)


def _heavy_box(load: HeavyLoad, key: str) -> Box:
    cost = "heavy by --heavy" if load.ms is None else f"{load.ms} ms, {load.mib} MiB"
    return Box(key=key, label=(load.package, cost), style="heavy")


def _arrows(node: Node, keys: dict[Path, str], heavy: dict[str, str]) -> Iterator[Arrow]:
    start = keys[node.path]
    for item in node.items:
        if isinstance(item, HeavyLoad):
            yield Arrow(start=start, end=heavy[item.package], style=_style(item), label=_label(item))
        elif isinstance(item, Edge) and item.path in keys:
            is_first = item.turn is not Turn.LATER or item.fate is not None
            yield Arrow(
                start=start, end=keys[item.path], style=_style(item), label=_label(item), is_first=is_first
            )


def _style(item: Edge | HeavyLoad) -> str:
    if isinstance(item, Edge) and item.turn is Turn.RUNNING:
        return "cycle"
    if item.fate is not None:
        return "cut" if item.fate.is_mended else "pinned"
    return "in a function" if item.way else "import"


def _label(item: Edge | HeavyLoad) -> str:
    if item.fate is None:
        return ""
    if item.fate.is_mended:
        return item.fate.code
    pin = item.fate.pinned_by
    return "pinned" if pin is None else f"{pin.path.name}:{pin.span.line}"
