"""Whom the move of an import of the project's own spares anything that would not be loaded anyway."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from lazify.imports.candidates import runs_at_import
from lazify.imports.decision import Decision
from lazify.imports.follow import Movers
from lazify.imports.graph import Graph
from lazify.imports.inherited import Loads
from lazify.imports.loaded import packages_of
from lazify.imports.pins import runtime_uses
from lazify.imports.takers import Reach, Takers
from lazify.index.modules import Module
from lazify.index.view import View


class Spares:
    """Answers for one round of decisions: `loads` is what every module loads if all of them are carried out."""

    def __init__(self, view: View, graph: Graph, loads: Mapping[Module, Loads], movers: Movers) -> None:
        """Nothing is compared before the first question."""
        self._view = view
        self._graph = graph
        self._takers = view.once(Takers)
        self._loads = loads
        self._movers = movers

    def of(self, decision: Decision, loaded: Iterable[str]) -> tuple[str, ...]:
        """List what the decision's module no longer loads: what the decision lets go loads these."""
        module = decision.candidate.module
        spared = tuple(self._spared(module, module, loaded))
        return spared if spared and self._is_noticed(decision, spared) else ()

    def _is_noticed(self, decision: Decision, spared: Iterable[str]) -> bool:
        """Tell whether who imports the decision's module loads less, too.

        A name that is only handed on is taken from where it is defined by those who took it from here. Where all who
        import the module do, only the paths of the name have changed. Who imports a library cannot be seen.
        """
        module = decision.candidate.module
        if self._view.is_library or any(runtime_uses(decision.candidate, name) for name in decision.moving):
            return True
        loading = {module, *(t for each in decision.imports for t in self._graph.targets(module, each.item))}
        importers = [each for each in self._importers.get(module, ()) if each not in loading]
        taking = {reach.module for name in decision.moving for reach in self._taking(module, name)}
        return not importers or any(
            any(self._spared(each, module, spared)) for each in importers if each not in taking
        )

    def _taking(self, module: Module, name: str) -> Iterator[Reach]:
        """Yield the uses of the name as an attribute of its module that run when theirs is imported."""
        for reach in self._takers.uses(module, name):
            if not (reach.use.deferred or reach.use.is_typing):
                yield reach

    def _spared(self, importer: Module, module: Module, loaded: Iterable[str]) -> Iterator[str]:
        packages = (each for each in packages_of(self._view.project, importer) if each is not module)
        there = {package for each in (importer, *packages) for package in self._loads[each]}
        pays = self._view.costs.pays_for
        for each in loaded:
            if each not in there and not any(pays(other, each) for other in there):
                yield each

    @cached_property
    def _importers(self) -> dict[Module, list[Module]]:
        """Who runs a module by importing it, and what lies in the package that it is."""
        found: dict[Module, list[Module]] = {}
        for module in self._view.project.modules.values():
            for target in {*self._imported(module), *packages_of(self._view.project, module)}:
                found.setdefault(target, []).append(module)
        return found

    def _imported(self, module: Module) -> Iterator[Module]:
        for item in module.facts.imports:
            if runs_at_import(module, item) and (module, item.span) not in self._movers:
                yield from self._graph.targets(module, item)
