"""Imports whose package is loaded before their module is: by what stays in it, or in the packages that it lies in."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from lazify.getter.problems import Problem, where
from lazify.imports.brought import loaded_by
from lazify.imports.candidates import DIRECT, runs_at_import
from lazify.imports.decision import Decision
from lazify.imports.follow import Movers
from lazify.imports.graph import Graph
from lazify.imports.guarded import is_tried_first
from lazify.imports.takers import Takers
from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.index.view import View
from lazify.knowledge.heavy import Costs
from lazify.model.facts import MODULE
from lazify.model.places import Place, Span


class Stays(NamedTuple):
    """A pinned import."""

    loaded: str
    """What it loads."""
    module: Module
    span: Span
    is_guarded: bool = False
    """It may fail: what it brings along is loaded only where it is installed."""

    def pays_for(self, costs: Costs, other: str) -> bool:
        """Tell whether the other one is loaded with it: where it is missing, imports of the same package fail, too."""
        is_same = self.loaded.partition(".")[0] == other.partition(".")[0]
        return (is_same or not self.is_guarded) and costs.pays_for(self.loaded, other)


def leave_loaded(
    view: View, graph: Graph, takers: Takers, decisions: Sequence[Decision], movers: Movers
) -> None:
    """Leave the names whose package something loads in any case when their module is imported.

    What it loads without them, it loads with them, too: no other decision is concerned.
    """
    staying = list(dict.fromkeys((*_staying(view, decisions), *_taken(takers, decisions, movers))))
    if not staying:
        return
    loads = _spread(view.project, graph, staying, movers)

    @cache
    def paying_for(package: str) -> int:
        """Tell by bits with which of them the package is loaded."""
        return sum(1 << number for number, each in enumerate(staying) if each.pays_for(view.costs, package))

    for decision in decisions:
        if decision.candidate.is_inherited or decision.candidate.is_flagged:
            continue
        there = loads[decision.candidate.module]
        for found in decision.imports:
            if paying := there & paying_for(loaded_by(found)):
                first = staying[(paying & -paying).bit_length() - 1]
                decision.problems[found.item.binds] = _told(first, decision.candidate.package)
                decision.pointless.add(found.item.binds)


def packages_of(project: Project, module: Module) -> Iterator[Module]:
    """Yield the packages that the module lies in: they run before it does."""
    folder = module.path.parent
    while (package := project.modules.get(folder / "__init__.py")) is not None:
        if package is not module:
            yield package
        folder = folder.parent


def _staying(view: View, decisions: Sequence[Decision]) -> Iterator[Stays]:
    for decision in decisions:
        candidate = decision.candidate
        module = candidate.module
        for each in () if candidate.is_inherited else candidate.imports:
            if each.item.binds in decision.problems:
                is_direct = module.facts.statements[each.item.statement].kind in DIRECT
                if is_direct or is_tried_first(view, module, each.item):
                    yield Stays(loaded_by(each), module, each.item.statement_span, is_guarded=not is_direct)


def _taken(takers: Takers, decisions: Sequence[Decision], movers: Movers) -> Iterator[Stays]:
    """Yield what other modules would import at their top, since they take a name from here while they are imported."""
    for decision in decisions:
        module = decision.candidate.module
        for each in () if decision.candidate.is_inherited else decision.imports:
            for importer, item in takers.imports(module, each.item.binds):
                is_certain = item.scope == MODULE and importer.facts.statements[item.statement].kind in DIRECT
                if is_certain and not item.is_typing and (importer, item.span) not in movers:
                    yield Stays(loaded_by(each), importer, item.statement_span)
            for reach in takers.uses(module, each.item.binds):
                if not reach.use.deferred and not reach.use.is_typing:
                    yield Stays(loaded_by(each), reach.module, reach.use.span)


def _spread(project: Project, graph: Graph, staying: Sequence[Stays], movers: Movers) -> dict[Module, int]:
    """Tell by bits which of them run when a module is imported."""
    loads = dict.fromkeys(project.modules.values(), 0)
    for number, stays in enumerate(staying):
        loads[stays.module] |= 1 << number
    importers: dict[Module, list[Module]] = {}
    for module in loads:
        for target in {*_imported(graph, module, movers), *packages_of(project, module)}:
            importers.setdefault(target, []).append(module)
    waiting = [module for module, bits in loads.items() if bits]
    while waiting:
        source = waiting.pop()
        for importer in importers.get(source, ()):
            if loads[source] & ~loads[importer]:
                loads[importer] |= loads[source]
                waiting.append(importer)
    return loads


def _imported(graph: Graph, module: Module, movers: Movers) -> Iterator[Module]:
    """Yield the modules of the project that its staying imports run, whatever the circumstances."""
    for item in module.facts.imports:
        is_certain = item.statement >= 0 and module.facts.statements[item.statement].kind in DIRECT
        if is_certain and runs_at_import(module, item) and (module, item.span) not in movers:
            yield from graph.targets(module, item)


def _told(stays: Stays, package: str) -> Problem:
    reason = f"{where(stays.module, stays.span)} loads {stays.loaded} whenever this is imported"
    at = Place(stays.module.path, stays.span)
    return Problem(reason if stays.loaded == package else f"{reason}, and {package} with it", at)
