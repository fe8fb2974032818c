"""What follows from the moves that are decided, until no decision changes another."""

from collections.abc import Collection, Iterable, Sequence

from lazify.getter.asking import Exposed
from lazify.getter.problems import Problem, problem
from lazify.imports.brought import leave_brought, leave_guarded, leave_pointless
from lazify.imports.candidates import Candidate
from lazify.imports.decision import Decision, movers_of
from lazify.imports.follow import Following, Movers, Needs
from lazify.imports.inherited import Edge
from lazify.imports.keeping import keeping_problem
from lazify.imports.lazily import Mode
from lazify.imports.takers import Takers
from lazify.index.view import View
from lazify.model.changes import Edit


class Settling:
    """The moves of one round of decisions.

    Problems are only ever added, and what is added here depends on what moves and on nothing else. So a decision
    of which nothing moves is done with, and where the same imports move as when all was found settled, it still is.
    """

    def __init__(self, view: View, following: Following, takers: Takers, mode: Mode) -> None:
        """Nothing has been settled."""
        self._view = view
        self._following = following
        self._takers = takers
        self._mode = mode
        self._settled: Collection[Edge] | None = None
        """What moves where nothing more follows."""

    def settle(self, decisions: Iterable[Decision]) -> None:
        """Leave what cannot move beside what else moves."""
        moving = [decision for decision in decisions if decision.moving]
        while (movers := movers_of(moving)).keys() != self._settled:
            self._settled = movers.keys()
            self._follow(moving, movers)
            movers = movers_of(moving)
            for decision in moving:
                leave_pointless(self._view.costs, decision)
                leave_guarded(decision)
                leave_brought(self._view.project, self._view.costs, decision, movers)

    def follow(self, decisions: Sequence[Decision]) -> bool:
        """Work out what follows from the moves; tell whether that forbids one of them."""
        return self._follow(decisions, movers_of(decisions))

    def _follow(self, decisions: Iterable[Decision], movers: Movers) -> bool:
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
        if self._mode != "function":
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
        return keeping_problem(self._view, decision.candidate.module, name, exposed)

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
