"""The import graph of one project, with what is known of the packages around it."""

from functools import partial
from pathlib import Path

from lazify.graph.building import import_graph
from lazify.graph.entries import entries_of
from lazify.graph.packages import Packages
from lazify.index.view import View
from lazify.interpreter import ask, has_package
from lazify.model.changes import Plan
from lazify.model.graphs import ImportGraph
from lazify.requirements import read_required


def project_graph(view: View, plan: Plan, *, root: Path, config_root: Path) -> ImportGraph:
    """Follow the entries of a project: those of its configuration, or those that are found.

    Raises ConfigError for a broken pyproject.toml, and for an interpreter that does not answer.
    """
    python = view.config.python
    packages = Packages(
        is_installed=None if python is None else partial(has_package, ask(python)),
        required=read_required(config_root),
    )
    return import_graph(view, plan, root=root, entries=entries_of(view), packages=packages)
