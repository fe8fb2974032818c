"""Guards that ask for a part of a package, and not whether it is there: their answer depends on its version.

import sklearn                                         # it is there

try:
    from sklearn.utils._tags import ClassifierTags     # since 1.6
    HAS_TAGS = True
except ImportError:
    HAS_TAGS = False
"""

import re

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import DIRECT, Candidate, runs_at_import
from lazify.imports.graph import Graph
from lazify.imports.loaded import packages_of
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import Import
from lazify.model.places import Span

_VERSION = re.compile(r"\d\.\d|[<>=]=\s*v?\d|\b(?:version|older|newer|deprecated|since)s?\b", re.IGNORECASE)
"""A guard that says such things knows why a part may be missing."""


class Versions:
    """Answers for the guards of one project that `find_spec` would take the place of."""

    def __init__(self, view: View, graph: Graph) -> None:
        """Nothing is searched before the first question."""
        self._view, self._graph = view, graph
        self._there: dict[Module, dict[str, tuple[Module, Span]]] = {}

    def problem(self, candidate: Candidate) -> Problem | None:
        """Say why the guard is about more than whether the package is there."""
        if candidate.guard is None or not candidate.is_flagged:
            return None
        module = candidate.module
        says_version = _VERSION.search(self._view.text(module).cut(candidate.guard.span))
        for item in (each.item for each in candidate.imports):
            top, _, below = item.module.partition(".")
            part = ".".join(filter(None, (item.module, item.name)))
            if part == top:
                continue
            found = None
            if says_version:
                found = f"the guard speaks of a version of {top}"
            elif any(_is_private(each) for each in (*below.split("."), item.name or "")):
                found = f"{part} is private: whether it is there depends on the version of {top}"
            elif item.name is None:
                continue  # a public module of a package hardly ever comes or goes
            elif top.replace("_", "-").lower() in self._view.required:
                found = f"the project requires {top}: the guard is about {part}"
            if found is not None:
                return problem(found, module, candidate.guard.span)
            if (place := self._imported(module).get(top)) is not None:
                return problem(f"{top} is imported without a guard: this one is about {part}", *place)
        return None

    def _imported(self, module: Module) -> dict[str, tuple[Module, Span]]:
        """Give the packages without which the module cannot be imported, with the imports that need them."""
        if module not in self._there:
            found: dict[str, tuple[Module, Span]] = {}
            waiting, seen = [module], {module}
            while waiting:
                at = waiting.pop()
                reached = [*packages_of(self._view.project, at)]
                for item in (i for i in at.facts.imports if _is_certain(at, i)):
                    reached += (own := self._graph.targets(at, item))
                    if not own and not item.level:
                        found.setdefault(item.module.partition(".")[0], (at, item.span))
                fresh = [each for each in dict.fromkeys(reached) if each not in seen]
                seen.update(fresh)
                waiting += fresh
            self._there[module] = found
        return self._there[module]


def _is_certain(module: Module, item: Import) -> bool:
    is_plain = item.statement >= 0 and module.facts.statements[item.statement].kind in DIRECT
    return is_plain and runs_at_import(module, item)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")
