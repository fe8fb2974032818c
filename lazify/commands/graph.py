"""What `lazify graph` does: load, plan, follow the imports, show them."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from lazify import api
from lazify.commands.asked import bar, request
from lazify.discover import stake
from lazify.model.graphs import ImportGraph
from lazify.render.summary import failure_lines
from lazify.render.words import encoded, printable
from lazify.streams import DONE, FAILED, has_colours, put, tell


def graph(entries: Sequence[str], flags: Mapping[str, object], *, output: str, shows_all: bool) -> int:
    """Print the import graph of the entries."""
    asked = request(_paths(entries), {**flags, "entry": tuple(entries)})
    with bar() as progress:
        loaded = api.load(asked, progress=progress)
        plan = api.plan(loaded)
        graphs = tuple(each for each in api.graphs(loaded, plan) if each.entries)
    put(encoded(_shown(graphs, loaded.base, output=output, shows_all=shows_all)))
    tell(*failure_lines(plan.failures, loaded.base))
    return FAILED if plan.failures else DONE


def _paths(entries: Sequence[str]) -> tuple[Path, ...]:
    """The roots of the projects that entries lie in; those named as modules are looked for in the working folder."""
    files = [Path(entry) for entry in entries]
    found, _ = stake(file for file in files if file.exists())
    roots = [territory.root for territory in found]
    is_here = any(not file.exists() for file in files) or not roots
    return tuple(dict.fromkeys([*([Path()] if is_here else []), *roots]))


def _shown(graphs: Sequence[ImportGraph], base: Path, *, output: str, shows_all: bool) -> str:
    match output:
        case "json":
            from lazify.render.graph_document import graph_document

            return graph_document(graphs, base)
        case "dot":
            from lazify.render.graph_dot import graph_dot

            return graph_dot(graphs, shows_all=shows_all)
        case "mermaid":
            from lazify.render.graph_mermaid import graph_mermaid

            return graph_mermaid(graphs, shows_all=shows_all)
        case "html":
            from lazify.report.content import Facts
            from lazify.report.page import page

            title = printable(", ".join(entry for each in graphs for entry in each.entries))
            return page(Facts(title=title, base=base, graphs=tuple(graphs), is_graph_alone=True))
    from lazify.render.graph_tree import Layout, graph_tree

    is_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if is_terminal else None
    layout = Layout(base=base, shows_all=shows_all, width=width, has_colours=has_colours(sys.stdout))
    return graph_tree(graphs, layout)
