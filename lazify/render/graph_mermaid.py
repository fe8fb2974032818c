"""Import graphs as Mermaid flowcharts: https://mermaid.js.org/syntax/flowchart.html."""

from collections.abc import Iterable, Iterator

from lazify.model.graphs import ImportGraph
from lazify.render.graph_picture import Arrow, Box, picture

_CLASSES = {
    "entry": "fill:#dbe9ff,stroke:#3b6fd4,color:#16181d",
    "safe": "fill:#f4f5f7,stroke:#9aa1ab,color:#16181d",
    "risky": "fill:#fdf0c4,stroke:#b58900,color:#16181d",
    "dangerous": "fill:#ffd9d3,stroke:#c5362b,color:#16181d",
    "heavy": "fill:#e3dcfb,stroke:#6c4fd0,color:#16181d",
}
_ARROWS = {"import": "-->", "in a function": "-.->", "cut": "-.-x", "pinned": "==>", "cycle": "--o"}
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.,:/-()")


def graph_mermaid(graphs: Iterable[ImportGraph], *, shows_all: bool = False) -> str:
    """Give one flowchart, with a subgraph for each project."""
    lines = ["flowchart LR"]
    for number, graph in enumerate(graphs):
        drawn = picture(graph, shows_all=shows_all)
        prefix = f"g{number}"
        lines.append(f"  subgraph {prefix}[{_quoted((graph.root.name,))}]")
        lines += (f"    {line}" for line in _boxes(drawn.boxes, prefix))
        lines.append("  end")
        lines += (f"  {line}" for line in _arrows(drawn.arrows, prefix))
    lines += (f"  classDef {name} {style}" for name, style in _CLASSES.items())
    return "\n".join([*lines, ""])


def _boxes(boxes: Iterable[Box], prefix: str) -> Iterator[str]:
    for box in boxes:
        left, right = ("[[", "]]") if box.style == "heavy" else ("[", "]")
        yield f"{prefix}{box.key}{left}{_quoted(box.label)}{right}:::{box.style}"


def _arrows(arrows: Iterable[Arrow], prefix: str) -> Iterator[str]:
    for arrow in arrows:
        label = f"|{_quoted((arrow.label,))}|" if arrow.label else ""
        yield f"{prefix}{arrow.start} {_ARROWS[arrow.style]}{label} {prefix}{arrow.end}"


def _quoted(lines: Iterable[str]) -> str:
    """A quoted text: what might be markup is written as `#code;`."""
    escaped = ("".join(c if c in _SAFE else f"#{ord(c)};" for c in line) for line in lines)
    return '"' + "<br/>".join(escaped) + '"'
