"""Import graphs in the DOT language of Graphviz: https://graphviz.org/doc/info/lang.html."""

from collections.abc import Iterable, Iterator

from lazify.model.graphs import ImportGraph
from lazify.render.graph_picture import Arrow, Box, picture

_BOXES = {
    "entry": 'shape=box, style="filled,bold", fillcolor="#dbe9ff"',
    "safe": 'shape=box, style="filled", fillcolor="#f4f5f7"',
    "risky": 'shape=box, style="filled", fillcolor="#fdf0c4"',
    "dangerous": 'shape=box, style="filled", fillcolor="#ffd9d3"',
    "heavy": 'shape=box3d, style="filled", fillcolor="#e3dcfb"',
}
_ARROWS = {
    "import": 'color="#6b7280"',
    "in a function": 'color="#6b7280", style="dotted"',
    "cut": 'color="#0f8a6d", style="dashed"',
    "pinned": 'color="#b0338f", penwidth=2',
    "cycle": 'color="#c2410c", style="bold"',
}


def graph_dot(graphs: Iterable[ImportGraph], *, shows_all: bool = False) -> str:
    """Give one digraph, with a cluster for each project."""
    lines = ["digraph imports {", "  rankdir=LR;", '  node [fontname="sans-serif", fontsize=10];']
    lines.append('  edge [fontname="sans-serif", fontsize=8];')
    for number, graph in enumerate(graphs):
        drawn = picture(graph, shows_all=shows_all)
        prefix = f"g{number}_"
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f'    label={_quoted((graph.root.name,))}; color="#d0d4da";')
        lines += (f"    {line}" for line in _lines(drawn.boxes, drawn.arrows, prefix))
        lines.append("  }")
    return "\n".join([*lines, "}", ""])


def _lines(boxes: Iterable[Box], arrows: Iterable[Arrow], prefix: str) -> Iterator[str]:
    for box in boxes:
        faded = ', fontcolor="#8a919c", color="#8a919c"' if box.is_kept_out else ""
        yield f"{prefix}{box.key} [label={_quoted(box.label)}, {_BOXES[box.style]}{faded}];"
    for arrow in arrows:
        label = f", label={_quoted((arrow.label,))}" if arrow.label else ""
        yield f"{prefix}{arrow.start} -> {prefix}{arrow.end} [{_ARROWS[arrow.style]}{label}];"


def _quoted(lines: Iterable[str]) -> str:
    """A quoted string: a backslash begins an escape there, and `\\n` ends a line."""
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") for line in lines)
    return '"' + "\\n".join(escaped) + '"'
