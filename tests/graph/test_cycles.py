"""Cycles: which import finds a module half-done, what it takes, and which orders of imports fail."""

import subprocess
import sys
from pathlib import Path

from lazify.order.cycles import components
from tests.graph.projects import Graph, graph_of, write

CYCLE = {
    "app.py": "import a\n",
    "a.py": "FIRST = 1\nfrom b import g\nLAST = 2\n\ndef f(): ...\n",
    "b.py": "from a import FIRST\n\ndef g(): ...\n",
}


def test_strongly_connected_components_have_more_than_one_member() -> None:
    assert components({"a": ["b"], "b": ["c"], "c": ["b"], "d": ["d"]}) == [["b", "c"]]
    assert components({}) == []


def test_a_chain_of_ten_thousand_modules_is_no_problem() -> None:
    edges = {number: [number + 1] for number in range(10_000)}
    assert components(edges) == []
    assert len(components({**edges, 10_000: [0]})[0]) == 10_001


def test_a_cycle_names_the_import_that_closes_it_and_what_it_takes(root: Path) -> None:
    graph = graph_of(root, CYCLE)
    (cycle,) = graph.whole.cycles
    (closing,) = cycle.closings
    assert cycle.modules == ("a", "b")
    assert (closing.importer, closing.edge.target, closing.names) == ("b", "a", ("FIRST",))
    assert closing.waiting_at.span.line == 2
    assert [edge.target for edge in closing.way] == ["b"]
    assert closing.missing == ()
    assert graph.edges("b") == ["running a"]


def test_a_name_bound_below_the_cycle_s_import_is_at_risk_and_a_crash_point(root: Path) -> None:
    graph = graph_of(root, {**CYCLE, "b.py": "from a import FIRST, LAST\n\ndef g(): ...\n"})
    assert graph.whole.cycles[0].closings[0].missing == ("LAST",)
    assert graph.crashes() == ["CERTAIN b.py:1"]
    assert _fails(root, "app")


def test_an_attribute_that_is_used_at_import_is_at_risk_like_a_name(root: Path) -> None:
    graph = graph_of(root, {**CYCLE, "b.py": "import a\nX = a.LAST\n\ndef g(): return a.f()\n"})
    assert graph.whole.cycles[0].closings[0].missing == ("LAST",)
    assert _fails(root, "app")


def test_an_attribute_that_only_functions_use_is_not_at_risk(root: Path) -> None:
    graph = graph_of(root, {**CYCLE, "b.py": "import a\n\ndef g(to: 'a.LAST'): return a.f()\n"})
    assert graph.whole.cycles[0].closings[0].missing == ()
    assert graph.crashes() == []
    assert not _fails(root, "app")


def test_the_order_in_which_a_cycle_fails_is_named(root: Path) -> None:
    graph = graph_of(root, CYCLE)
    (breakage,) = graph.whole.cycles[0].breakages
    assert (breakage.first, breakage.module, breakage.names) == ("b", "b", ("g",))
    assert not _fails(root, "a")
    assert _fails(root, "b")


def test_a_submodule_is_found_in_a_package_that_is_not_complete(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "import pkg\n",
            "pkg/__init__.py": "from pkg import one, two\n",
            "pkg/one.py": "from pkg import two\n",
            "pkg/two.py": "from . import one\n",
        },
    )
    assert graph.crashes() == []
    assert not _fails(root, "app")
    assert [cycle.modules for cycle in graph.whole.cycles] == [("pkg.one", "pkg.two")]


def test_imports_in_functions_that_nobody_calls_make_no_cycle(root: Path) -> None:
    graph = graph_of(root, {"app.py": "import a\n", "a.py": "import b\n", "b.py": "def f():\n    import a\n"})
    assert graph.whole.cycles == ()


def _fails(root: Path, module: str) -> bool:
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"], cwd=root, capture_output=True, check=False, timeout=30
    )
    return done.returncode != 0


def test_folders_without_init_beside_packages_are_named(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "from pkg.models import user\nfrom pkg.views import page\n",
            "pkg/__init__.py": "",
            "pkg/models/user.py": "",
            "pkg/models/group.py": "",
            "pkg/views/__init__.py": "",
            "pkg/views/page.py": "",
        },
    )
    (missing,) = graph.whole.missing_inits
    assert missing.folder == root / "pkg/models"
    assert (missing.modules, missing.beside) == (2, root / "pkg")
    assert missing.at.span.line == 1


def test_a_project_of_namespace_packages_alone_misses_nothing(root: Path) -> None:
    graph = graph_of(root, {"app.py": "from one.two import three\n", "one/two/three.py": "", "one/x.py": ""})
    assert graph.whole.missing_inits == ()


def test_every_module_of_a_project_is_asked_for_by_the_name_it_has(root: Path) -> None:
    write(root, {"pyproject.toml": ""})
    graph: Graph = graph_of(root, {"src/shop/__init__.py": "from . import a\n", "src/shop/a.py": ""}, "shop")
    assert graph.order() == ["shop", "shop.a"]


def test_a_cycle_may_lead_through_the_package_of_what_is_imported(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "import a\n",
            "a.py": "X = 1\nimport pkg.sub\n",
            "pkg/__init__.py": "from a import X\n",
            "pkg/sub.py": "",
        },
    )
    (cycle,) = graph.whole.cycles
    assert cycle.modules == ("a", "pkg")
    assert [edge.target for edge in cycle.closings[0].way] == ["pkg"]
    assert not _fails(root, "app")


def test_an_import_that_may_not_run_does_not_decide_on_the_order_of_the_others(root: Path) -> None:
    files = {
        "app.py": "import settings\nimport late\n",
        "settings.py": """
            def secret(name):
                if name == "vault":
                    from late import read
                    return read(name)

            KEY = secret("key")
        """,
        "late.py": "from settings import KEY\n\ndef read(name): ...\n",
    }
    graph = graph_of(root, files)
    assert graph.order() == ["app", "settings", "late"]
    assert (graph.whole.cycles, graph.crashes()) == ((), [])
    assert graph.edge("settings", "late").is_conditional
    assert not _fails(root, "app")


def test_an_import_below_an_early_return_may_not_run(root: Path) -> None:
    text = "def f(x):\n    if not x:\n        return None\n    import b\n    return b\n\nB = f(0)\n"
    graph = graph_of(root, {"app.py": text, "b.py": ""})
    assert graph.edge("app", "b").is_conditional
