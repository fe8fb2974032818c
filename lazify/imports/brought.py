"""Imports whose package another import of the same module loads anyway: moving them would win nothing."""

from collections.abc import Iterator

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import DIRECT, Candidate, HeavyImport, runs_at_import
from lazify.imports.decision import Decision
from lazify.imports.follow import Movers
from lazify.imports.weight import imported_name
from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.knowledge.heavy import Costs
from lazify.model.facts import Import


def leave_brought(project: Project, costs: Costs, decision: Decision, movers: Movers) -> None:
    """Leave the names of a decision that what stays in the module brings along."""
    candidate = decision.candidate
    if candidate.is_inherited or candidate.is_flagged:
        return
    staying = list(_staying(project, candidate, movers))
    for each in decision.imports:
        for item, name in staying:
            if costs.pays_for(name, loaded_by(each)):
                decision.problems[each.item.binds] = _told(candidate.module, item, candidate.package)
                decision.pointless.add(each.item.binds)
                break


def leave_pointless(costs: Costs, decision: Decision) -> None:
    """Leave the names of a decision whose package another one of its imports, which stays, loads anyway."""
    staying = [each for each in decision.candidate.imports if each.item.binds in decision.problems]
    for each in decision.imports if staying else ():
        for other in staying:
            if costs.pays_for(loaded_by(other), loaded_by(each)):
                reason = decision.problems[other.item.binds]
                why = f"{decision.candidate.package} is loaded here anyway: {reason.reason}"
                decision.problems[each.item.binds] = Problem(why, reason.at)
                decision.pointless.add(each.item.binds)
                break


def leave_guarded(decision: Decision) -> None:
    """Leave a guard as a whole."""
    if decision.candidate.guard is not None and decision.problems:
        found = next(iter(decision.problems.values()))
        for name in decision.moving:
            decision.problems[name] = found
            decision.pointless.add(name)


def leave_rest(decision: Decision) -> None:
    """Leave what could move beside what is pinned: the package is loaded for that."""
    for name in decision.moving:
        why = f"{decision.candidate.package} is loaded here anyway"
        decision.problems[name] = Problem(why, decision.candidate.at)
        decision.pointless.add(name)


def loaded_by(found: HeavyImport) -> str:
    """Name the module that the import loads, as far as its cost is listed."""
    cost = found.heavy.cost if found.heavy else None
    if found.item.name is None or (cost and cost.module == found.name):
        return found.name
    return found.name.rpartition(".")[0] or found.name


def _staying(project: Project, candidate: Candidate, movers: Movers) -> Iterator[tuple[Import, str]]:
    """Yield the imports that run with the module whatever is decided: those of other packages, and `import *`."""
    module = candidate.module
    for item in module.facts.imports:
        is_certain = module.facts.statements[item.statement].kind in DIRECT and runs_at_import(module, item)
        if is_certain and (module, item.span) not in movers and not project.source_module(module, item):
            is_star = item.name == "*" and not item.level
            name = item.module if is_star else imported_name(project, module, item)
            if name is not None and (is_star or name.partition(".")[0] != candidate.package):
                yield item, name


def _told(module: Module, item: Import, package: str) -> Problem:
    return problem(f"{item.module}, which stays, loads {package} anyway", module, item.statement_span)
