"""How long imports take before and after, estimated from the costs of heavy modules where nobody measured."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lazify.model.graphs import Edge, HeavyLoad, ImportGraph, Node, Turn
from lazify.model.reports import Slice, Timeline
from lazify.render.words import position


def estimated(graph: ImportGraph, base: Path) -> tuple[Timeline, ...]:
    """Give the timelines before and after the plan is carried out, of all entries in one process."""
    return tuple(_timeline(graph, base, side) for side in ("before", "after"))


def _timeline(graph: ImportGraph, base: Path, side: str) -> Timeline:
    drawing = _Drawing(graph, base, is_after=side == "after")
    slices = tuple(drawing.slices())
    return Timeline(
        title=", ".join(graph.entries),
        side=side,
        ms=sum(each.ms for each in slices),
        is_measured=False,
        slices=slices,
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Follows the imports in their order; a package is paid for by the first who imports it."""

    graph: ImportGraph
    base: Path
    is_after: bool
    paid: set[str] = field(default_factory=set)
    drawn: set[Path] = field(default_factory=set)

    def slices(self) -> Iterator[Slice]:
        nodes = {node.path: node for node in self.graph.nodes}
        for node in self.graph.nodes:
            if node.depth == 0 and node.path not in self.drawn:
                found = self._module(node, nodes, "")
                if found.ms:
                    yield found

    def _module(self, node: Node, nodes: dict[Path, Node], at: str) -> Slice:
        self.drawn.add(node.path)
        below: list[Slice] = []
        for item in node.items:
            if isinstance(item, HeavyLoad):
                below += self._heavy(item)
            elif isinstance(item, Edge) and self._enters(item, nodes):
                below.append(self._module(nodes[item.path], nodes, position(item.at, self.base)))
        kept = tuple(each for each in below if each.ms)
        return Slice(name=node.name, ms=sum(each.ms for each in kept), kind="own", at=at, below=kept)

    def _enters(self, edge: Edge, nodes: dict[Path, Node]) -> bool:
        if edge.path in self.drawn or edge.turn is Turn.RUNNING:
            return False
        if not self.is_after:
            return edge.turn is Turn.FIRST
        # Another import may be the first once the first one is deferred.
        is_deferred = edge.fate is not None and edge.fate.is_mended
        return not is_deferred and nodes[edge.path].kept_out_at is None

    def _heavy(self, load: HeavyLoad) -> Iterator[Slice]:
        top = load.package.partition(".")[0]
        is_deferred = load.fate is not None and load.fate.is_mended
        if load.ms is None or top in self.paid or (self.is_after and is_deferred):
            return
        self.paid.add(top)
        yield Slice(name=load.package, ms=load.ms, kind="heavy", at=position(load.at, self.base))
