"""Import graphs as trees for a terminal, or as plain text for a pipe."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from lazify.model.effects import Level
from lazify.model.graphs import Edge, Fate, HeavyLoad, ImportGraph, Item, Mark, Node, Turn
from lazify.render.graph_sections import sections
from lazify.render.reasons import brief, pinned, under
from lazify.render.words import counted, one_line, position, printable, shown

if TYPE_CHECKING:
    from rich.text import Text
    from rich.tree import Tree

_WIDEST = 100_000
"""Columns of a pipe: nothing is wrapped."""
_MOST_NAMES = 6
"""Modules that one line lists."""
_SHORTEST = 2
"""Facts of a chain that only says again what the statement says: the call, and what it does."""
_STYLES = {Level.DANGEROUS: "bold red", Level.RISKY: "yellow", Level.SAFE: "green"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a tree is shown."""

    base: Path
    """Paths below it are shown relative to it."""
    shows_all: bool = False
    """Also modules in which nothing happens."""
    width: int | None = None
    """Columns of a terminal; None for a pipe."""
    has_colours: bool = False


def graph_tree(graphs: Iterable[ImportGraph], layout: Layout) -> str:
    """Give the text of all graphs, with the escape codes of a terminal if it has colours."""
    from rich.console import Console  # for those who look at trees

    stream = StringIO()
    console = Console(
        file=stream,
        width=layout.width or _WIDEST,
        force_terminal=layout.has_colours,
        color_system="standard" if layout.has_colours else None,
        highlight=False,
        soft_wrap=layout.width is None,
        legacy_windows=False,
    )
    for graph in graphs:
        for tree in Drawing(graph, layout).trees():
            console.print(tree)
        for line, style in sections(graph, layout.base):
            console.print(_text((line, style)))
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


@dataclass(slots=True)
class Drawing:
    """Draws one graph; each module is drawn once."""

    graph: ImportGraph
    layout: Layout
    nodes: dict[Path, Node] = field(init=False)
    drawn: set[Path] = field(default_factory=set)
    telling: dict[Path, bool] = field(default_factory=dict)
    """Whether something happens in a module or below it."""

    def __post_init__(self) -> None:
        """Look at modules from the last to begin to the first: each follows the one that imports it first."""
        self.nodes = {node.path: node for node in self.graph.nodes}
        for node in reversed(self.graph.nodes):
            self.telling[node.path] = self.layout.shows_all or any(map(self._is_loud, node.items))

    def _is_loud(self, item: Item) -> bool:
        if isinstance(item, Edge) and item.turn is not Turn.RUNNING:
            return item.turn is Turn.FIRST and self.telling.get(item.path, False)
        return True

    def trees(self) -> Iterator["Tree"]:
        """Give the tree of each entry, its packages before it."""
        from rich.tree import Tree

        for node in self.graph.nodes:
            is_asked = node.name in self.graph.entries or self.telling[node.path]
            if node.depth == 0 and node.path not in self.drawn and is_asked:
                tree = Tree(_text((node.name, "bold"), (f"  {shown(node.path, self.layout.base)}", "dim")))
                self._fill(tree, node)
                yield tree

    def _fill(self, tree: "Tree", node: Node) -> None:
        quiet, above = list[str](), list[str]()
        self.drawn.add(node.path)
        for item in node.items:
            match item:
                case Mark():
                    self._mark(tree, item)
                case HeavyLoad(is_first=False, fate=None):
                    above.append(item.package)
                case HeavyLoad():
                    self._heavy(tree, item, node)
                case Edge(turn=Turn.FIRST):
                    child = self.nodes[item.path]
                    if self.telling[item.path]:
                        self._fill(tree.add(self._edge(item)), child)
                    else:
                        quiet += [child.name, *self._below(child)]
                case Edge(turn=Turn.RUNNING):
                    tree.add(_text(("↻ ", "magenta"), (self._closing(item), "magenta")))
                case Edge():
                    above.append(item.target)
        if above:
            tree.add(_text((f"↑ {_names(above, 'above')}", "dim")))
        if quiet:
            tree.add(_text((f"· {_names(quiet, 'where nothing happens')}", "dim")))

    def _below(self, node: Node) -> Iterator[str]:
        for item in node.items:
            if isinstance(item, Edge) and item.turn is Turn.FIRST:
                yield item.target
                yield from self._below(self.nodes[item.path])

    def _mark(self, tree: "Tree", mark: Mark) -> None:
        level = mark.level
        where = f"  {position(mark.at, self.layout.base)}"
        kinds = ", ".join(dict.fromkeys(str(effect.kind) for effect in mark.effects if effect.level == level))
        line = tree.add(
            _text(
                (f"{level.name} ", _STYLES[level]),
                (f"{kinds}  " if kinds and level is Level.DANGEROUS else "", _STYLES[level]),
                (one_line(mark.text), ""),
                (where, "dim"),
                (f"  {mark.safe_because.partition(' [')[0]}", "green"),
            )
        )
        if mark.effects and len(mark.effects[0].chain) > _SHORTEST:
            line.add(_text((brief(mark.effects[0].chain)[2:-1], "dim")))
        if mark.conditions and mark.conditions[0]:
            line.add(_text((under(mark.conditions[0], self.layout.base), "dim")))
        self._fate(line, mark.fate)

    def _heavy(self, tree: "Tree", load: HeavyLoad, node: Node) -> None:
        line = tree.add(
            _text(
                ("HEAVY ", "bold blue"),
                (f"{load.package}  {cost(load)}", "blue"),
                (f"  {position(load.at, self.layout.base)}", "dim"),
                ("  in a function that runs" if load.way else "", "dim"),
                (self._around(load), "dim"),
                ("" if load.is_first else "  loaded above", "dim"),
            )
        )
        self._fate(line, load.fate)
        if node.kept_out_at is not None and load.fate is None:
            line.add(
                _text((f"kept out by the cut at {position(node.kept_out_at, self.layout.base)}", "cyan"))
            )

    def _edge(self, edge: Edge) -> "Text":
        is_cut = edge.fate is not None and edge.fate.is_mended
        cut = f"  ✂ {edge.fate.code} deferred" if edge.fate and is_cut else ""
        pinned = f"  ⚲ {self._pinned(edge.fate)}" if edge.fate and not is_cut else ""
        return _text(
            (edge.target, "bold"),
            (f"  {position(edge.at, self.layout.base)}", "dim"),
            ("  in a function that runs" if edge.way else "", "dim"),
            (self._around(edge), "dim"),
            (cut, "cyan"),
            (pinned, "magenta"),
        )

    def _around(self, item: Edge | HeavyLoad) -> str:
        if item.guard is not None:
            return f"  optional, caught at {position(item.guard, self.layout.base)}"
        return "  under a condition" if item.is_conditional else ""

    def _closing(self, edge: Edge) -> str:
        at = position(edge.at, self.layout.base)
        return f"{edge.target} is not complete here: {one_line(edge.text)} closes a cycle  {at}"

    def _fate(self, line: "Tree", fate: Fate | None) -> None:
        if fate is None or fate.code == "LZ104":
            return  # what is only reported stands there already
        if fate.is_mended:
            line.add(_text((f"{fate.code} {one_line(fate.title)}", "cyan")))
        else:
            line.add(_text((f"{fate.code} stays: {self._pinned(fate)}", "magenta")))

    def _pinned(self, fate: Fate) -> str:
        return pinned(fate.reason, fate.pinned_by, self.layout.base)


def cost(load: HeavyLoad) -> str:
    """Give what an import costs, and how that is known."""
    if load.ms is None:
        return "heavy by --heavy"
    return f"{load.ms} ms, {load.mib} MiB ({'measured' if load.is_measured else 'estimated'})"


def _names(names: Sequence[str], what: str) -> str:
    names = list(dict.fromkeys(names))
    if len(names) <= _MOST_NAMES:
        return f"{', '.join(names)} ({what})"
    left = len(names) - _MOST_NAMES
    return f"{', '.join(names[:_MOST_NAMES])} and {counted(left, 'module')} more ({what})"


def _text(*parts: tuple[str, str]) -> "Text":
    from rich.text import Text

    return Text.assemble(*((printable(part), style) for part, style in parts if part))
