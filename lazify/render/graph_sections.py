"""What stands below a tree: what fails first, imports in a circle, packages without `__init__.py`, the sum."""

from collections.abc import Iterator
from pathlib import Path

from lazify.model.effects import Level
from lazify.model.graphs import Cause, Closing, CrashPoint, Cycle, HeavyLoad, ImportGraph, Mark, MissingInit
from lazify.render.reasons import brief, under
from lazify.render.words import counted, one_line, position, shown

_MOST = 8
"""Lines of one cycle, and folders."""

CAUSES = {
    Cause.CERTAIN: "fails wherever it runs",
    Cause.ENVIRONMENT: "fails without the variable",
    Cause.READ_ONLY: "fails on a read-only file system",
    Cause.NO_NETWORK: "fails without a network",
    Cause.DATABASE: "fails without the database",
    Cause.MISSING_PACKAGE: "fails without the package",
    Cause.MISSING_FILE: "fails without the file",
    Cause.EXIT: "ends the process",
}
"""What a crash point of each cause does."""

Line = tuple[str, str]
"""A line and its style."""


def sections(graph: ImportGraph, base: Path) -> Iterator[Line]:
    """Give the lines below the tree of one graph."""
    open_points = [point for point in graph.crash_points if point.caught_at is None]
    if open_points:
        yield from (("", ""), ("Crash points, the most likely first", "bold"))
        for point in open_points:
            yield from _crash_point(point, base)
    if graph.cycles:
        yield from (("", ""), ("Import cycles", "bold"))
        for cycle in graph.cycles:
            yield from _cycle(cycle, base)
    if graph.missing_inits:
        yield from (("", ""), ("Packages without __init__.py", "bold"))
        largest = sorted(graph.missing_inits, key=lambda each: (-each.modules, each.folder))
        for missing in largest[:_MOST]:
            yield _missing_init(missing, base), ""
        if len(largest) > _MOST:
            yield f"  and {counted(len(largest) - _MOST, 'folder')} more", "dim"
    yield from (("", ""), (totals(graph), "bold"))


def totals(graph: ImportGraph) -> str:
    """Give the sums of a graph in one line."""
    marks = [item for node in graph.nodes for item in node.items if isinstance(item, Mark)]
    counts = {level: sum(mark.level is level for mark in marks) for level in Level}
    loads = {load.package: load for load in heavy_loads(graph)}
    caught = sum(point.caught_at is not None for point in graph.crash_points)
    parts = [
        counted(len(graph.nodes), "module"),
        f"{counts[Level.DANGEROUS]} DANGEROUS",
        f"{counts[Level.RISKY]} RISKY",
        counted(len(loads), "heavy package"),
        counted(len(graph.crash_points) - caught, "crash point") + (f" ({caught} caught)" if caught else ""),
        counted(len(graph.cycles), "cycle"),
    ]
    return ", ".join(parts)


def heavy_loads(graph: ImportGraph) -> list[HeavyLoad]:
    """List the first import of each heavy package."""
    found = (item for node in graph.nodes for item in node.items if isinstance(item, HeavyLoad))
    return [load for load in found if load.is_first]


def _crash_point(point: CrashPoint, base: Path) -> Iterator[Line]:
    condition = ", under a condition" if point.is_conditional and not point.conditions else ""
    where = position(point.at, base)
    yield f"{point.rank:>4}. {where}  {one_line(point.text)}", "red"
    chain = brief(point.why)[2:-1] or one_line(point.what)
    yield f"      {CAUSES[point.cause]}{condition}: {chain}", "dim"
    if point.conditions:
        yield f"      {under(point.conditions, base)}", "dim"


def _cycle(cycle: Cycle, base: Path) -> Iterator[Line]:
    names = ", ".join(cycle.modules[:_MOST])
    more = len(cycle.modules) - _MOST
    yield f"  {counted(len(cycle.modules), 'module')}: {names}{f' and {more} more' if more > 0 else ''}", ""
    for closing in cycle.closings[:_MOST]:
        yield from _closing(closing, base)
    if len(cycle.closings) > _MOST:
        yield f"    and {counted(len(cycle.closings) - _MOST, 'import')} more that close it", "dim"
    for each in cycle.breakages[:_MOST]:
        taken = ", ".join(each.names)
        yield (
            f"    fails if {each.first} is imported first: {position(each.at, base)} does not find "
            f"{taken} in {each.module}",
            "yellow",
        )


def _closing(closing: Closing, base: Path) -> Iterator[Line]:
    target = closing.edge.target
    way = " → ".join([target, *(edge.target for edge in closing.way), target])
    yield f"    {way}", ""
    taken = f"takes {', '.join(closing.names)}" if closing.names else "takes the module alone"
    where = f"{position(closing.edge.at, base)} {one_line(closing.edge.text)}"
    waits = f"{target} waits at {position(closing.waiting_at, base)}"
    yield f"      closed by {where}: {taken}, while {waits}", "dim"
    if closing.missing:
        yield f"      at risk: {', '.join(closing.missing)}, bound below that line", "red"


def _missing_init(each: MissingInit, base: Path) -> str:
    return (
        f"  {shown(each.folder, base)}/ ({counted(each.modules, 'module')}, beside {shown(each.beside, base)}/):"
        f" imported at {position(each.at, base)}; packaging tools that look for packages leave it out"
    )
