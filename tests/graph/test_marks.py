"""Statements that do something are marked with their level, their chain and what lazify would make of them."""

from pathlib import Path

from lazify.model.effects import Level
from tests.graph.projects import graph_of

APP = """
    import os
    import sqlite3

    import unheard_of

    KEY = os.environ["KEY"]
    conn = sqlite3.connect("x.db")
    thing = unheard_of.Thing()
    NAMES = ["a", "b"]

    def use():
        return KEY, conn, thing
"""


def test_statements_are_dangerous_risky_or_not_worth_a_word(root: Path) -> None:
    graph = graph_of(root, {"app.py": APP})
    assert graph.marks("app") == [
        "6 DANGEROUS environment required",
        "7 DANGEROUS database",
        "8 RISKY unknown",
    ]


def test_a_mark_says_what_lazify_would_make_of_it(root: Path) -> None:
    graph = graph_of(root, {"app.py": APP})
    fate = graph.mark("app", 6).fate
    assert fate is not None
    assert (fate.code, fate.title, fate.is_mended) == ("LZ103", "KEY becomes get_key()", True)


def test_a_mark_that_stays_names_the_line_that_pins_it(root: Path) -> None:
    text = "limiter = open('limits.log', 'a')\n\ndef home(to=limiter): ...\n"
    fate = graph_of(root, {"app.py": text}).mark("app", 1).fate
    assert fate is not None
    assert not fate.is_mended
    assert "needs limiter at import" in fate.reason


def test_registering_middleware_is_safe_since_it_is_made_on_first_use(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                from fastapi import FastAPI
                from starlette.applications import Starlette
                from starlette.middleware.cors import CORSMiddleware

                app = FastAPI()
                app.add_middleware(CORSMiddleware, allow_origins=["*"])

                async def csrf(request, call_next): ...

                app.middleware("http")(csrf)

                @app.middleware("http")
                async def timed(request, call_next): ...

                plain = Starlette()
                plain.add_middleware(CORSMiddleware)
            """,
        },
    )
    marks = [graph.mark("app", line) for line in (6, 10, 12, 16)]
    assert {mark.level for mark in marks} == {Level.SAFE}
    assert all("builds middleware on first use" in mark.safe_because for mark in marks)
    assert graph.marks("app") == ["6 SAFE", "10 SAFE", "12 SAFE", "16 SAFE"]


def test_middleware_whose_argument_opens_a_file_is_dangerous(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "from fastapi import FastAPI\nfrom x import M\napp = FastAPI()\n"
            "app.add_middleware(M, to=open('log', 'a'))\n"
        },
    )
    assert graph.marks("app") == ["4 DANGEROUS file write"]


def test_a_block_has_a_mark_for_each_line_that_does_something(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                import os

                if os.environ.get("X"):
                    os.makedirs("a")
                    y = os.environ["Y"]
            """
        },
    )
    assert graph.marks("app") == ["4 DANGEROUS file write", "5 DANGEROUS environment required"]
    assert graph.mark("app", 4).is_conditional


def test_a_class_is_marked_at_the_line_of_its_body(root: Path) -> None:
    graph = graph_of(root, {"app.py": "import os\n\n\nclass C:\n    here = 1\n    key = os.environ['K']\n"})
    assert graph.marks("app") == ["6 DANGEROUS environment required"]


def test_heavy_imports_have_their_cost_and_what_becomes_of_them(root: Path) -> None:
    graph = graph_of(root, {"app.py": "import numpy as np\n\n\ndef mean(x):\n    return np.mean(x)\n"})
    (load,) = graph.heavy("app")
    assert (load.package, load.is_measured, load.is_first) == ("numpy", True, True)
    assert load.ms
    assert load.fate is not None
    assert load.fate.code == "LZ201"


def test_a_pinned_import_names_what_pins_it(root: Path) -> None:
    graph = graph_of(root, {"app.py": "import torch\n\n\nclass Net(torch.nn.Module): ...\n"})
    fate = graph.heavy("app")[0].fate
    assert fate is not None
    assert fate.pinned_by is not None
    assert fate.pinned_by.span.line == 4


def test_what_a_deferred_import_led_to_is_kept_out(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "from net import Net\n\n\ndef predict(x):\n    return Net()(x)\n",
            "net.py": "import torch\n\n\nclass Net(torch.nn.Module): ...\n",
        },
    )
    cut = graph.edge("app", "net").fate
    assert cut is not None
    assert (cut.code, cut.is_mended) == ("LZ203", True)
    at = graph.nodes["net"].kept_out_at
    assert at is not None
    assert at.span.line == 1


def test_a_compiled_part_of_the_project_s_own_package_is_not_the_listed_package_of_that_name(
    root: Path,
) -> None:
    graph = graph_of(
        root, {"torch/__init__.py": "", "torch/api.py": "from torch._native import Engine\n"}, "torch/api.py"
    )
    assert graph.heavy("torch.api") == []
    assert graph.crashes() == []
