"""Modules run in the order of Python's import system, each once."""

from pathlib import Path

from tests.graph.projects import graph_of


def test_modules_begin_in_the_order_of_their_imports_and_packages_before_what_they_hold(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": "from pkg.b import f\nimport pkg.a\n",
            "pkg/__init__.py": "from . import c\n",
            "pkg/a.py": "",
            "pkg/b.py": "from . import a\ndef f(): ...\n",
            "pkg/c.py": "",
        },
    )
    assert graph.order() == ["app", "pkg", "pkg.c", "pkg.b", "pkg.a"]
    assert graph.edges("app") == ["first pkg", "first pkg.b", "later pkg.a"]


def test_the_packages_around_an_entry_run_before_it(root: Path) -> None:
    graph = graph_of(root, {"api/__init__.py": "import os\n", "api/index.py": "x = 1\n"}, "api/index.py")
    assert graph.order() == ["api", "api.index"]
    assert graph.whole.entries == ("api.index",)


def test_an_import_in_a_function_that_runs_is_part_of_the_chain(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                class Manager:
                    def __init__(self):
                        from audit import log
                        self.log = log

                manager = Manager()
            """,
            "audit.py": "log = open('audit.log', 'a')\n",
        },
    )
    assert graph.order() == ["app", "audit"]
    assert [link.fact for link in graph.edge("app", "audit").way] == ["Manager()", "__init__"]
    assert graph.marks("audit") == ["1 DANGEROUS file write"]


def test_what_only_a_function_that_nobody_calls_imports_does_not_run(root: Path) -> None:
    graph = graph_of(root, {"app.py": "def f():\n    import later\n", "later.py": "open('x', 'w')\n"})
    assert graph.order() == ["app"]


def test_imports_for_type_checkers_and_under_main_do_not_run(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    import a
                if __name__ == "__main__":
                    import b
            """,
            "a.py": "",
            "b.py": "",
        },
    )
    assert graph.order() == ["app"]


def test_an_import_in_a_class_body_runs(root: Path) -> None:
    assert graph_of(root, {"app.py": "class A:\n    import b\n", "b.py": ""}).order() == ["app", "b"]


def test_two_entries_share_one_process(root: Path) -> None:
    files = {"one.py": "import shared\n", "two.py": "import shared\n", "shared.py": ""}
    graph = graph_of(root, files, "one.py", "two.py")
    assert graph.edges("one") == ["first shared"]
    assert graph.edges("two") == ["later shared"]


def test_an_import_that_may_fail_names_the_handler(root: Path) -> None:
    graph = graph_of(
        root, {"app.py": "try:\n    import extra\nexcept ImportError:\n    extra = None\n", "extra.py": ""}
    )
    guard = graph.edge("app", "extra").guard
    assert guard is not None
    assert guard.span.line == 3


def test_an_import_in_a_branch_is_conditional(root: Path) -> None:
    graph = graph_of(
        root, {"app.py": "import sys\nif sys.argv:\n    import a\nimport b\n", "a.py": "", "b.py": ""}
    )
    assert graph.edge("app", "a").is_conditional
    assert not graph.edge("app", "b").is_conditional
