"""Why an import has to stay whatever becomes of the others: worked out once, however often it is decided on."""

from functools import cached_property

from lazify.getter.problems import Problem, problem
from lazify.getter.sent import sent_import_problem
from lazify.imports.annotated import Annotations
from lazify.imports.bodies import Bodies
from lazify.imports.brought import leave_guarded, leave_pointless
from lazify.imports.candidates import Candidate, is_ignored
from lazify.imports.checkers import checkers_problem
from lazify.imports.circumstances import order_problem
from lazify.imports.decision import Decision
from lazify.imports.ending import ending_problem
from lazify.imports.generated import generated_problem, reader_problem
from lazify.imports.guarding import Guarding
from lazify.imports.lazily import lazy_problem, mode_of
from lazify.imports.pins import name_problem, own_uses, reached_problem, use_problem
from lazify.imports.surroundings import Surroundings
from lazify.imports.takers import Takers
from lazify.imports.versions import Versions
from lazify.index.modules import Module
from lazify.index.view import View

Lazy = frozenset[int]
"""Statements of one module, by their numbers: what they make is taken to be made on first use."""


class Grounds:
    """Answers for one project."""

    def __init__(self, view: View, takers: Takers, surroundings: Surroundings, bodies: Bodies) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._takers = takers
        self._bodies = bodies
        self.annotations = view.once(Annotations)
        self.guarding = view.once(Guarding)
        self._versions = Versions(view, bodies.graph)
        self.mode = mode_of(view)
        self._surroundings = surroundings
        self._beside: dict[tuple[Candidate, str], Problem | None] = {}
        self._first: dict[tuple[Candidate, Lazy], Decision] = {}

    def decided(self, candidate: Candidate, lazy: Lazy) -> Decision:
        """Decide on a candidate by itself; one that is left out by choice is pinned in silence."""
        if candidate.module not in self._reported or self.is_unwanted(candidate):
            problems = dict.fromkeys(candidate.names, Problem("it is left out by choice"))
            return Decision(candidate, problems, is_useless=True)
        key = (candidate, lazy)
        if key not in self._first:
            self._first[key] = self._decided(candidate, lazy)
        first = self._first[key]
        return Decision(candidate, dict(first.problems), set(first.pointless))

    def is_unwanted(self, candidate: Candidate) -> bool:
        """Tell whether the candidate is left out by choice."""
        config, module = self._view.config, candidate.module
        if candidate.key in self._view.declined:
            return True
        if any(is_ignored(module, each.item.statement_span) for each in candidate.imports):
            return True
        if candidate.is_inherited:
            return not config.wants("LZ203")
        is_guarded = candidate.guard is not None or candidate.problem is not None
        return not any(map(config.wants, ("LZ202",) if is_guarded else ("LZ201", "LZ204")))

    def problem_beside_uses(self, candidate: Candidate, name: str) -> Problem | None:
        """Say why the import has to stay whatever uses it in its module."""
        key = (candidate, name)
        if key not in self._beside:
            self._beside[key] = self._problem_beside_uses(candidate, name)
        return self._beside[key]

    def _decided(self, candidate: Candidate, lazy: Lazy) -> Decision:
        decision = self._begun(candidate, lazy)
        leave_pointless(self._view.costs, decision)
        leave_guarded(decision)
        names = decision.moving
        if names and (found := reached_problem(self._view, candidate, names, lazy)):
            decision.problems.update(dict.fromkeys(names, found))
        return decision

    def _begun(self, candidate: Candidate, lazy: Lazy) -> Decision:
        decision = Decision(candidate)
        for name in candidate.names:
            found = use_problem(candidate, name, self.annotations, lazy)
            found = self.problem_beside_uses(candidate, name) or found
            if found is None and not self._has_users(candidate, name):
                found = problem(
                    f"nothing uses {name}: it may be imported for its effect",
                    candidate.module,
                    candidate.at.span,
                )
            if found is not None:
                decision.problems[name] = found
        return decision

    def _problem_beside_uses(self, candidate: Candidate, name: str) -> Problem | None:
        if self.mode != "function" and (found := lazy_problem(candidate, self.mode)):
            return found
        return (
            candidate.problem
            or self._versions.problem(candidate)
            or generated_problem(self._view, candidate.module)
            or (candidate.is_inherited and reader_problem(self._view, candidate.module))
            or self.guarding.problem(candidate)
            or name_problem(self._view, candidate, name)
            or order_problem(self._view, candidate)
            or self._surroundings.problem(candidate, name)
            or sent_import_problem(self._view, candidate.module, name)
            or self._dropped_problem(candidate, name)
            or ending_problem(self._view, candidate, name)
            or (checkers_problem(self._view, candidate, name) if self.mode == "function" else None)
        )

    def _dropped_problem(self, candidate: Candidate, name: str) -> Problem | None:
        """`from app.deps import np` runs `app.deps`, which `import numpy as np` does not."""
        if candidate.is_inherited:
            return None
        found = (self._bodies.dropped_problem(candidate.module, e.item) for e in candidate.binding(name))
        return next(filter(None, found), None)

    def _has_users(self, candidate: Candidate, name: str) -> bool:
        module = candidate.module
        return bool(
            own_uses(candidate, name)
            or self._takers.imports(module, name)
            or self._takers.uses(module, name)
            or any(name == export for export, _ in module.facts.exports or ())
            or self._takers.mentions(module, name).mentions
        )

    @cached_property
    def _reported(self) -> frozenset[Module]:
        return frozenset(self._view.reported())
