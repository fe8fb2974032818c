"""Which heavy imports move: each name on its own, until no decision changes another."""

from copy import copy
from functools import cached_property

from lazify.getter.asking import Exposed
from lazify.getter.problems import Problem, problem
from lazify.imports.annotated import Annotations
from lazify.imports.bodies import Bodies
from lazify.imports.brought import leave_brought, leave_rest, loaded_by
from lazify.imports.candidates import Candidate, candidates, is_ignored
from lazify.imports.circumstances import order_problem
from lazify.imports.cutting import Cutting
from lazify.imports.decision import Decision, movers_of
from lazify.imports.effort import effort
from lazify.imports.follow import Following, Movers, Needs
from lazify.imports.generated import generated_problem
from lazify.imports.graph import Graph
from lazify.imports.guarding import Guarding
from lazify.imports.inherited import Inheritance, Loads, module_name
from lazify.imports.keeping import keeping_problem
from lazify.imports.lazily import Mode, lazy_problem, mode_of
from lazify.imports.loaded import leave_loaded, packages_of
from lazify.imports.pins import name_problem, own_uses, reached_problem, use_problem
from lazify.imports.surroundings import Surroundings
from lazify.imports.takers import Takers
from lazify.imports.weight import weights_of
from lazify.index.callers import Statement
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.knowledge.heavy import Costs
from lazify.model.changes import Edit
from lazify.model.effects import Evidence
from lazify.model.facts import Import


class Deciding:
    """The decisions about one project."""

    def __init__(self, view: View, costs: Costs) -> None:
        """Nothing is decided yet."""
        self._lazy = frozenset[Statement]()
        """What these make is taken to be made on first use."""
        self.view = view
        self.annotations = view.once(Annotations)
        self.guarding = view.once(Guarding)
        self._costs = costs
        self._takers = view.once(Takers)
        self._graph = graph = Graph(view.project)
        self._surroundings = Surroundings(view, costs, graph)
        self._following = Following(view, self._takers)
        self.mode: Mode = mode_of(view)
        self.weights = weights_of(view, costs)
        bodies = Bodies(view, self._takers, costs, graph)
        self._inheritance = Inheritance(view, self.weights, self._takers, costs, bodies)

    def once_lazy(self, statements: frozenset[Statement]) -> "Deciding":
        """Decide for the project in which what these statements make is made on first use."""
        other = copy(self)
        other._lazy = statements
        return other

    def run(self) -> list[Decision]:
        """Decide on every candidate; those left out by choice are not among them."""
        if self.view.config.entry:
            return self._run_for_entries()
        chosen = [c for c in candidates(self.view, self.weights) if not self.is_unwanted(c)]
        decisions = self._settled([self._decided(candidate) for candidate in chosen])
        if self.view.config.wants("LZ203"):
            while fresh := self._inheriting(decisions):
                decisions = self._settled([*decisions, *map(self._decided_edge, fresh)])
            self._leave_useless(decisions)
            decisions = self._settled(decisions)
        leave_loaded(self.view, self._graph, self._takers, decisions, movers_of(decisions))
        decisions = self._settled(decisions)
        return [decision for decision in decisions if not decision.is_useless]

    def _run_for_entries(self) -> list[Decision]:
        """Choose the lightest cut; what cannot follow a move is no part of it, and another cut is looked for."""
        closure = self.view.entered
        found = [c for c in candidates(self.view, self.weights) if c.module in closure]
        decisions = [self._decided_edge(candidate) for candidate in found]
        edges = [each for each in self._inheritance.edges if each[0] in closure]
        fresh = self._candidates_of(edges, self._inheritance.loads((), ((m, i.span) for m, i in edges)), {})
        decisions += map(self._decided_edge, fresh)
        self._follow_alone(decisions)
        cutting = Cutting(self._inheritance, self.view.entries, effort)
        while True:
            chosen = cutting.chosen(decisions)
            if not self._follow(chosen):
                break
        pinned = [way for _, way in cutting.pinned(decisions)]
        for way in pinned:
            way[-1].way = tuple(each.candidate.why[0] for each in way[:-1])
            if way[-1] not in chosen:
                leave_rest(way[-1])
        reported = [*chosen, *(way[-1] for way in pinned if not way[-1].is_useless)]
        return [decision for decision in decisions if decision in reported]

    def _follow_alone(self, decisions: list[Decision]) -> None:
        """Learn what each decision takes by itself."""
        for decision in decisions:
            while self._follow([decision]):
                self._leave_pointless(decision)
                self._leave_guarded(decision)

    def _decided(self, candidate: Candidate) -> Decision:
        decision = self._begun(candidate)
        self._leave_pointless(decision)
        self._leave_guarded(decision)
        names = decision.moving
        if names and (found := reached_problem(self.view, decision.candidate, names, self._lazy)):
            decision.problems.update(dict.fromkeys(names, found))
        return decision

    def _decided_edge(self, candidate: Candidate) -> Decision:
        """Decide on an import of the project's own; one that is left out by choice is pinned in silence."""
        is_reported = candidate.module in self._reported
        if is_reported and not self.is_unwanted(candidate):
            return self._decided(candidate)
        problems = dict.fromkeys(candidate.names, Problem("it is left out by choice"))
        return Decision(candidate, problems, is_useless=True)

    @cached_property
    def _reported(self) -> frozenset[Module]:
        return frozenset(self.view.reported())

    def _settled(self, decisions: list[Decision]) -> list[Decision]:
        has_changed = True
        while has_changed:
            has_changed = self._follow(decisions)
            movers = movers_of(decisions)
            for decision in decisions:
                moving = decision.moving
                self._leave_pointless(decision)
                self._leave_guarded(decision)
                leave_brought(self.view.project, self._costs, decision, movers)
                has_changed |= moving != decision.moving
        return decisions

    def _inheriting(self, decisions: list[Decision]) -> list[Candidate]:
        """Find imports of the project's own modules that load something heavy, and are not decided yet."""
        decided = {(d.candidate.module, e.item.span) for d in decisions for e in d.candidate.imports}
        edges = [(m, item) for m, item in self._inheritance.edges if (m, item.span) not in decided]
        return self._candidates_of(edges, self._loads(decisions), movers_of(decisions))

    def _candidates_of(
        self, edges: list[tuple[Module, Import]], loads: dict[Module, Loads], movers: Movers
    ) -> list[Candidate]:
        """Gather the edges that load something by importing and imported module."""
        groups: dict[tuple[Module, str], tuple[list[Import], dict[str, tuple[Evidence, ...]]]] = {}
        for module, item in edges:
            if loaded := self._inheritance.through(module, item, loads, movers):
                key = (module, module_name(self._graph, module, item))
                items, together = groups.setdefault(key, ([], {}))
                items.append(item)
                together |= loaded
        return [self._inheritance.candidate(module, *group) for (module, _), group in groups.items()]

    def _loads(self, decisions: list[Decision]) -> dict[Module, Loads]:
        moved = [(d.candidate.module, e.item.span) for d in decisions for e in d.imports]
        pinned = [
            (d.candidate.module, e.item.span)
            for d in decisions
            for e in d.candidate.imports
            if d.candidate.is_inherited and e.item.binds in d.problems
        ]
        return self._inheritance.loads(moved, pinned, movers_of(decisions))

    def _leave_useless(self, decisions: list[Decision]) -> None:
        """An import of the project's own stays where it loads nothing that would not be loaded anyway."""
        loads, movers = self._loads(decisions), movers_of(decisions)
        for decision in decisions:
            candidate = decision.candidate
            if not candidate.is_inherited or not decision.moving:
                continue
            own = loads[candidate.module]
            loaded = {
                package
                for each in decision.imports
                for package in self._inheritance.through(candidate.module, each.item, loads, movers)
            }
            before = (
                package
                for each in packages_of(self.view.project, candidate.module)
                for package in loads[each]
            )
            if loaded <= {*own, *before}:
                decision.problems.update(dict.fromkeys(decision.moving, Problem("it loads nothing new")))
                decision.is_useless = True

    def is_unwanted(self, candidate: Candidate) -> bool:
        """Tell whether the candidate is left out by choice."""
        config, module = self.view.config, candidate.module
        if candidate.key in self.view.declined:
            return True
        if any(is_ignored(module, each.item.statement_span) for each in candidate.imports):
            return True
        if candidate.is_inherited:
            return not config.wants("LZ203")
        is_guarded = candidate.guard is not None or candidate.problem is not None
        return not any(map(config.wants, ("LZ202",) if is_guarded else ("LZ201", "LZ204")))

    def _begun(self, candidate: Candidate) -> Decision:
        decision = Decision(candidate)
        for name in candidate.names:
            found = use_problem(candidate, name, self.annotations, self._lazy)
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

    def problem_beside_uses(self, candidate: Candidate, name: str) -> Problem | None:
        """Say why the import has to stay whatever uses it in its module."""
        if self.mode != "function" and (found := lazy_problem(candidate, self.mode)):
            return found
        return (
            candidate.problem
            or generated_problem(self.view, candidate.module)
            or self.guarding.problem(candidate)
            or name_problem(self.view, candidate, name)
            or order_problem(self.view, candidate)
            or self._surroundings.problem(candidate, name)
        )

    def _has_users(self, candidate: Candidate, name: str) -> bool:
        module = candidate.module
        return bool(
            own_uses(candidate, name)
            or self._takers.imports(module, name)
            or self._takers.uses(module, name)
            or any(name == export for export, _ in module.facts.exports or ())
            or self._takers.mentions(module, name).mentions
        )

    def _leave_pointless(self, decision: Decision) -> None:
        """What another import of the module loads anyway has no reason to move."""
        staying = [each for each in decision.candidate.imports if each.item.binds in decision.problems]
        for each in decision.imports:
            for other in staying:
                if self._costs.pays_for(loaded_by(other), loaded_by(each)):
                    reason = decision.problems[other.item.binds]
                    why = f"{decision.candidate.package} is loaded here anyway: {reason.reason}"
                    decision.problems[each.item.binds] = Problem(why, reason.at)
                    decision.pointless.add(each.item.binds)
                    break

    def _leave_guarded(self, decision: Decision) -> None:
        """A guard stays as a whole."""
        if decision.candidate.guard is not None and decision.problems:
            found = next(iter(decision.problems.values()))
            for name in decision.moving:
                decision.problems[name] = found
                decision.pointless.add(name)

    def _follow(self, decisions: list[Decision]) -> bool:
        """Work out what follows from the moves; tell whether that forbids one of them."""
        movers = movers_of(decisions)
        has_changed = False
        for decision in decisions:
            for name in decision.moving:
                if found := self._follow_name(decision, name, movers):
                    decision.problems[name] = found
                    has_changed = True
        return has_changed

    def _follow_name(self, decision: Decision, name: str, movers: Movers) -> Problem | None:
        edits: list[Edit] = []
        needs: list[Candidate] = []
        exposed: list[Exposed] = []
        if self.mode != "function":
            return None  # the name stays, and is loaded when somebody asks for it
        if decision.candidate.guard is not None and (found := self._taken_from_guard(decision, name)):
            return found
        for each in self._following.of(decision.candidate, name, movers):
            match each:
                case Problem():
                    return each
                case Needs(candidate):
                    needs.append(candidate)
                case Exposed():
                    exposed.append(each)
                case _:
                    edits.append(each)
        decision.followed[name], decision.needs[name] = tuple(edits), tuple(needs)
        decision.exposed[name] = tuple(exposed)
        return keeping_problem(self.view, decision.candidate.module, name, exposed)

    def _taken_from_guard(self, decision: Decision, name: str) -> Problem | None:
        """Who takes a name that may be missing has to go on taking it from here."""
        module = decision.candidate.module
        for importer, item in self._takers.imports(module, name):
            return problem(
                f"{importer.name} takes {name} from here, where it may be missing", importer, item.span
            )
        for reach in self._takers.uses(module, name):
            return problem(f"{reach.module.name} takes {name} from here", reach.module, reach.use.span)
        return None
