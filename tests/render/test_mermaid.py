"""Mermaid itself, in a browser, reads and draws what `--format mermaid` gives.

It is fetched from npm once, into the folder of temporary files.
"""

import importlib.util
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lazify.model.graphs import ImportGraph
from lazify.render.graph_mermaid import MOST_ARROWS, MOST_CHARACTERS, graph_mermaid
from lazify.render.graph_picture import picture
from tests.graph.projects import graph_of
from tests.render.graphs import edge, graph, hostile

if TYPE_CHECKING:
    from playwright.sync_api import Page

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

VERSION = "12.3.0"
CHROMIUM = os.environ.get("LAZIFY_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
DRAW = """async text => {
  const { diagramType } = await mermaid.parse(text);
  const { svg } = await mermaid.render("drawn" + Date.now(), text);
  const drawn = new DOMParser().parseFromString(svg, "text/html");
  return [diagramType, drawn.querySelectorAll(".node").length, drawn.querySelectorAll("path.flowchart-link").length];
}"""

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:playwright"),
]


@pytest.fixture(scope="module")
def script() -> Path:
    """The file of Mermaid that a page loads."""
    if shutil.which("npm") is None:
        pytest.skip("npm is missing: Mermaid comes from it")
    folder = Path(tempfile.gettempdir()) / f"lazify-mermaid-{VERSION}"
    file = folder / "mermaid.min.js"
    if not file.exists():
        folder.mkdir(exist_ok=True)
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"mermaid@{VERSION}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=folder)
        if done.returncode:
            pytest.skip(f"mermaid@{VERSION} cannot be fetched: {done.stderr.strip()[-200:]}")
        with tarfile.open(folder / f"mermaid-{VERSION}.tgz") as packed:
            packed.extract("package/dist/mermaid.min.js", folder, filter="data")
        folder.joinpath("package", "dist", "mermaid.min.js").replace(file)
    return file


@pytest.fixture(scope="module")
def page(script: Path) -> Iterator["Page"]:
    """A page with Mermaid as it comes, loaded once: it keeps no state between pictures."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        opened = browser.new_page()
        opened.add_script_tag(path=script)
        opened.evaluate("mermaid.initialize({ startOnLoad: false })")
        yield opened
        browser.close()


def crowd(modules: int) -> ImportGraph:
    """An entry whose modules all import each other; only the first import of each runs it."""
    whole = graph()
    entry, _, loud, quiet = whole.nodes
    names = [f"crowd{number}" for number in range(modules)]
    nodes = [
        replace(
            loud,
            name=name,
            path=edge("app.py", name).path,
            items=(*loud.items, *(edge("app.py", other, quiet.items[0].turn) for other in names)),  # type: ignore[union-attr]  # an Edge
        )
        for name in names
    ]
    first = replace(entry, items=tuple(edge("app.py", name) for name in names))
    return replace(whole, nodes=(first, *nodes), cycles=())


def test_mermaid_refuses_what_is_beyond_its_limits(page: "Page") -> None:
    arrows = "\n".join(f"a{number} --> b" for number in range(MOST_ARROWS + 2))
    with pytest.raises(sync_api.Error, match="Edge limit exceeded"):
        page.evaluate("text => mermaid.parse(text)", f"flowchart LR\n{arrows}\n")


def drawn(page: "Page", graphs: Sequence[ImportGraph], *, shows_all: bool = False) -> tuple[int, int]:
    kind, nodes, links = page.evaluate(DRAW, graph_mermaid(graphs, shows_all=shows_all))
    assert kind.startswith("flowchart")
    return nodes, links


@pytest.mark.parametrize("graphs", [(graph(),), (hostile(),), (graph(), hostile())])
def test_it_draws_every_box_and_arrow(page: "Page", graphs: Sequence[ImportGraph]) -> None:
    pictures = [picture(each) for each in graphs]
    assert drawn(page, graphs) == (
        sum(len(each.boxes) for each in pictures),
        sum(len(each.arrows) for each in pictures),
    )


@pytest.mark.parametrize("modules", [23, 120])
def test_more_arrows_than_it_draws_are_thinned_out_and_a_box_says_so(page: "Page", modules: int) -> None:
    text = graph_mermaid([crowd(modules)])
    assert "left out" in text
    assert len(text) <= MOST_CHARACTERS
    assert sum(" --> " in line for line in text.splitlines()) <= MOST_ARROWS
    page.evaluate("text => mermaid.parse(text)", text)


@pytest.mark.parametrize("package", ["click", "fastapi", "jsonschema"])
@pytest.mark.parametrize("shows_all", [False, True])
def test_it_draws_graphs_of_real_packages(
    page: "Page", tmp_path: Path, package: str, shows_all: bool
) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    shutil.copytree(
        Path(spec.origin).parent, tmp_path / package, ignore=shutil.ignore_patterns("*.pyc", "*.so")
    )
    whole = graph_of(tmp_path, {}, package).whole
    nodes, links = drawn(page, [whole], shows_all=shows_all)
    assert nodes > 1
    assert links > 1
