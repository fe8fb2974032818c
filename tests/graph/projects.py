"""Small projects on the disk, and the import graphs of their entries."""

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from lazify import api
from lazify.model.effects import Evidence
from lazify.model.graphs import CrashPoint, Edge, HeavyLoad, ImportGraph, Mark, Node


class Graph:
    """One import graph, asked for in the words of the tests."""

    def __init__(self, whole: ImportGraph, root: Path) -> None:
        self.whole = whole
        self.root = root
        self.nodes: dict[str, Node] = {node.name: node for node in whole.nodes}

    def order(self) -> list[str]:
        """The modules, in the order in which they begin."""
        return [node.name for node in self.whole.nodes]

    def marks(self, module: str) -> list[str]:
        """Line, level and kinds of the marks: `3 DANGEROUS database`."""
        marks = [item for item in self.nodes[module].items if isinstance(item, Mark)]
        return [
            " ".join([str(m.at.span.line), m.level.name, *dict.fromkeys(str(e.kind) for e in m.effects)])
            for m in marks
        ]

    def conditions(self, module: str) -> tuple[Evidence, ...]:
        """What must hold for the worst effect of the module's only marked statement."""
        (found,) = [item for item in self.nodes[module].items if isinstance(item, Mark)]
        return found.conditions[0]

    def mark(self, module: str, line: int) -> Mark:
        (found,) = [i for i in self.nodes[module].items if isinstance(i, Mark) and i.at.span.line == line]
        return found

    def edges(self, module: str) -> list[str]:
        """Turn and target of the imports: `first pkg.a`."""
        return [f"{i.turn} {i.target}" for i in self.nodes[module].items if isinstance(i, Edge)]

    def edge(self, module: str, target: str) -> Edge:
        return next(i for i in self.nodes[module].items if isinstance(i, Edge) and i.target == target)

    def heavy(self, module: str) -> list[HeavyLoad]:
        return [item for item in self.nodes[module].items if isinstance(item, HeavyLoad)]

    def crashes(self) -> list[str]:
        """Cause and place of the crash points that nothing catches: `ENVIRONMENT app.py:3`."""
        return [self._shown(each) for each in self.whole.crash_points if each.caught_at is None]

    def caught(self) -> list[str]:
        return [self._shown(each) for each in self.whole.crash_points if each.caught_at is not None]

    def _shown(self, point: CrashPoint) -> str:
        return f"{point.cause.name} {point.at.path.relative_to(self.root).as_posix()}:{point.at.span.line}"


def write(root: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return root


def graph_of(root: Path, files: Mapping[str, str], *entries: str, **flags: object) -> Graph:
    """Write the project and follow its entries (default: app.py)."""
    write(root, {"pyproject.toml": '[project]\nname = "demo"\nversion = "1"\n', **files})
    request = api.Request(paths=(root,), flags={"entry": entries or ("app.py",), **flags})
    loaded = api.load(request, progress=api.NoProgress())
    (whole,) = api.graphs(loaded, api.plan(loaded))
    return Graph(whole, root)
