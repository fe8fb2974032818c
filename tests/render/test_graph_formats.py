"""DOT, Mermaid and JSON are valid whatever modules are called."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pydot
import pytest

import lazify.render
from lazify.model.graphs import ImportGraph
from lazify.render.graph_document import graph_document
from lazify.render.graph_dot import graph_dot
from lazify.render.graph_mermaid import graph_mermaid
from tests.render.graphs import NASTY, graph, hostile
from tests.render.records import BASE

GRAPHS = [(graph(),), (hostile(),), (graph(), hostile()), ()]
SCHEMA = json.loads(Path(lazify.render.__file__).with_name("graph.schema.json").read_text("utf-8"))

# Mermaid's flowchart grammar, as far as lazify uses it.
_ID = r"[a-z]\w*"
_TEXT = r'"(?:[\w .,:/()-]|#\d+;|<br/>)*"'
_LINES = (
    r"flowchart LR",
    rf"  subgraph {_ID}\[{_TEXT}\]",
    rf"    {_ID}(?:\[{_TEXT}\]|\[\[{_TEXT}\]\]):::[a-z]+",
    r"  end",
    rf"  {_ID} (?:-->|-\.->|-\.-x|==>|--o)(?:\|{_TEXT}\|)? {_ID}",
    r"  classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}",
)

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")  # pydot's use of its parser


@pytest.mark.parametrize("graphs", GRAPHS)
def test_dot_is_read_by_a_parser_and_keeps_every_label(graphs: tuple[ImportGraph, ...]) -> None:
    parsed = _parsed(graph_dot(graphs))
    assert len(parsed.get_subgraphs()) == len(graphs)


def test_dot_has_boxes_for_what_matters_and_arrows_for_imports() -> None:
    parsed = _parsed(graph_dot([graph()]))
    (cluster,) = parsed.get_subgraphs()
    labels = [node.get("label") for node in cluster.get_nodes()]
    assert labels == ['"app"', '"net"', r'"db\n1 DANGEROUS"', r'"torch\n1166 ms, 197 MiB"']
    styles = {(edge.get_source(), edge.get_destination()): edge.get("label") for edge in cluster.get_edges()}
    assert styles == {
        ("g0_m0", "g0_m1"): '"LZ203"',
        ("g0_m0", "g0_m2"): None,
        ("g0_m1", "g0_h0"): '"net.py:4"',
        ("g0_m2", "g0_m0"): None,
    }


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@pytest.mark.parametrize("graphs", GRAPHS)
def test_graphviz_draws_it(graphs: tuple[ImportGraph, ...]) -> None:
    done = subprocess.run(
        ["dot", "-Tsvg"], input=graph_dot(graphs).encode(), capture_output=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("graphs", GRAPHS)
def test_mermaid_is_made_of_lines_of_its_grammar(graphs: tuple[ImportGraph, ...]) -> None:
    lines = graph_mermaid(graphs).splitlines()
    assert lines[0] == "flowchart LR"
    wrong = [line for line in lines if not any(re.fullmatch(pattern, line) for pattern in _LINES)]
    assert wrong == []
    classes = {match[1] for line in lines if (match := re.match(r"  classDef (\w+)", line))}
    used = {match[1] for line in lines if (match := re.search(r":::(\w+)$", line))}
    assert used <= classes


def test_mermaid_spells_out_what_might_be_markup() -> None:
    assert NASTY not in graph_mermaid([hostile()])
    assert "<script" not in graph_mermaid([hostile()])


@pytest.mark.parametrize("graphs", GRAPHS)
def test_the_json_is_as_its_schema_says(graphs: tuple[ImportGraph, ...]) -> None:
    text = graph_document(graphs, BASE)
    assert text.isascii()
    jsonschema.validate(json.loads(text), SCHEMA)


def test_the_schema_names_every_key() -> None:
    closed = json.loads(
        json.dumps(SCHEMA).replace('"additionalProperties": true', '"additionalProperties": false')
    )
    jsonschema.validate(json.loads(graph_document([graph()], BASE)), closed)


def _parsed(text: str) -> pydot.Dot:
    found = pydot.graph_from_dot_data(text)
    assert found is not None
    assert len(found) == 1
    return found[0]
