"""Import graphs as Mermaid flowcharts: https://mermaid.js.org/syntax/flowchart.html."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lazify.model.graphs import ImportGraph
from lazify.render.graph_picture import Arrow, Box, Picture, picture
from lazify.render.words import counted

_CLASSES = {
    "entry": "fill:#dbe9ff,stroke:#3b6fd4,color:#16181d",
    "safe": "fill:#f4f5f7,stroke:#9aa1ab,color:#16181d",
    "risky": "fill:#fdf0c4,stroke:#b58900,color:#16181d",
    "dangerous": "fill:#ffd9d3,stroke:#c5362b,color:#16181d",
    "heavy": "fill:#e3dcfb,stroke:#6c4fd0,color:#16181d",
}
_ARROWS = {"import": "-->", "in a function": "-.->", "cut": "-.-x", "pinned": "==>", "cycle": "--o"}
MOST_ARROWS = 499
MOST_CHARACTERS = 50_000
"""What Mermaid draws unless the page around is set up otherwise, which no flowchart can do by itself: `maxEdges` and
`maxTextSize` of https://mermaid.js.org/config/schema-docs/config.html."""
_FEWEST = 8
"""Boxes below which a picture says nothing: then it is for Mermaid to refuse it."""
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _.,:/-()")


MOST_ARROWS = 499
MOST_CHARACTERS = 50_000
"""What Mermaid draws unless the page around it is set up otherwise, which a flowchart itself cannot do: `maxEdges` and
`maxTextSize` of https://mermaid.js.org/config/schema-docs/config.html."""
_FEWEST = 8
"""Modules below which a picture says nothing: then it is for Mermaid to refuse it."""


def graph_mermaid(graphs: Iterable[ImportGraph], *, shows_all: bool = False) -> str:
    """Give one flowchart that Mermaid draws, with a subgraph for each project; a box says what is left out."""
    graphs = tuple(graphs)
    whole = tuple(picture(graph, shows_all=shows_all) for graph in graphs)
    for drawn in _ever_smaller(graphs, whole):
        text = _flowchart(graphs, drawn, whole)
        if _is_drawable(drawn, text):
            break
    return text


def _ever_smaller(graphs: Sequence[ImportGraph], whole: tuple[Picture, ...]) -> Iterator[tuple[Picture, ...]]:
    """Give all, then without arrows that run nothing, without modules in which nothing happens, with ever fewer."""
    yield whole
    yield tuple(map(_thinned, whole))
    most = max((len(each.boxes) for each in whole), default=0)
    while most > _FEWEST:
        yield tuple(_thinned(picture(graph, most=most)) for graph in graphs)
        most = most * 3 // 4


def _is_drawable(drawn: Sequence[Picture], text: str) -> bool:
    return sum(len(each.arrows) for each in drawn) <= MOST_ARROWS and len(text) <= MOST_CHARACTERS


def _thinned(drawn: Picture) -> Picture:
    """Leave out the arrows that only say that an import is there: they run nothing."""
    return replace(drawn, arrows=tuple(arrow for arrow in drawn.arrows if arrow.is_first))


def _flowchart(graphs: Sequence[ImportGraph], drawn: Sequence[Picture], whole: Sequence[Picture]) -> str:
    lines = ["flowchart LR"]
    for number, (graph, shown, full) in enumerate(zip(graphs, drawn, whole, strict=True)):
        prefix = f"g{number}"
        lines.append(f"  subgraph {prefix}[{_quoted((graph.root.name,))}]")
        lines += (f"    {line}" for line in _boxes(shown.boxes, prefix))
        lines += (f"    {line}" for line in _left_out(shown, full, prefix))
        lines.append("  end")
        lines += (f"  {line}" for line in _arrows(shown.arrows, prefix))
    lines += (f"  classDef {name} {style}" for name, style in _CLASSES.items())
    return "\n".join([*lines, ""])


def _left_out(shown: Picture, full: Picture, prefix: str) -> Iterator[str]:
    boxes, arrows = len(full.boxes) - len(shown.boxes), len(full.arrows) - len(shown.arrows)
    if boxes or arrows:
        what = (
            f"left out: {counted(boxes, 'module')}, {counted(arrows, 'import')}",
            "dot and json have them",
        )
        yield f"{prefix}rest[{_quoted(what)}]:::safe"


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
