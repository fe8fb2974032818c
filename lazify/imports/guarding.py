"""A flag in the place of a guard, and its imports where they are needed."""

from collections.abc import Iterator

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate
from lazify.imports.decision import Decision
from lazify.imports.guarded import guard_edits, means_otherwise
from lazify.imports.landing import Landing, Landings
from lazify.imports.pins import runtime_uses
from lazify.imports.placement import spots
from lazify.imports.writing import indented, lines_of
from lazify.index.view import View
from lazify.model.changes import AddImport, Edit, InsertBefore

_TYPING = "TYPE_CHECKING"


class Guarding:
    """Answers for the guarded imports of one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._known: dict[Candidate, tuple[Landing | Problem, ...]] = {}

    def problem(self, candidate: Candidate) -> Problem | None:
        """Say why functions cannot import by themselves what the guard imports."""
        return next((each for each in self._landed(candidate) if isinstance(each, Problem)), None)

    def makes_flag(self, candidate: Candidate) -> bool:
        """Tell whether a flag takes the place of the guard."""
        guard = candidate.guard
        if guard is None:
            return False
        asks = any(isinstance(each, Landing) and each.asks for each in self._landed(candidate))
        return asks or guard.is_needed

    def edits(self, decision: Decision) -> Iterator[Edit]:
        """Yield the edits for a decision whose guard goes."""
        module, guard = decision.candidate.module, decision.candidate.guard
        assert guard is not None
        landings = [each for each in self._landed(decision.candidate) if isinstance(each, Landing)]
        yield from guard_edits(module, guard, has_flag=self.makes_flag(decision.candidate))
        if any(landing.asks for landing in landings):
            yield AddImport(path=module.path, module="typing", name=_TYPING)
        for landing in landings:
            imports = [each for each in decision.imports if each.item.binds in landing.names]
            code = lines_of(self._view, module, imports)
            if landing.asks:
                code = f"if {_TYPING} or {guard.flag}:\n{indented(code)}"
            yield InsertBefore(path=module.path, span=landing.before, code=code)

    def _landed(self, candidate: Candidate) -> tuple[Landing | Problem, ...]:
        if candidate not in self._known:
            self._known[candidate] = tuple(self._land(candidate))
        return self._known[candidate]

    def _land(self, candidate: Candidate) -> Iterator[Landing | Problem]:
        module, guard = candidate.module, candidate.guard
        if guard is None:
            return
        packages = {each.item.binds: each.item.module.partition(".")[0] for each in candidate.imports}
        search = Landings(self._view, module, guard, packages)
        uses = [use for name in candidate.names for use in runtime_uses(candidate, name)]
        found = [each for spot, served in spots(module, uses).items() for each in search.of(spot, served)]
        asks = any(isinstance(each, Landing) and each.asks for each in found)
        if asks and means_otherwise(self._view, module, _TYPING, source="typing"):
            yield problem(f"{_TYPING} means something else here", module, guard.span)
        yield from found
