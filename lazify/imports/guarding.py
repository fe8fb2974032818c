"""A flag in the place of a guard, and its imports where they are needed; or the guard itself where it is."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lazify.getter.computed import Computed
from lazify.getter.importing import importing_blocks, reaching_modules
from lazify.getter.problems import Problem, problem, where
from lazify.imports.candidates import Candidate, HeavyImport
from lazify.imports.checkers import TYPING
from lazify.imports.decision import Decision
from lazify.imports.guard import Guard
from lazify.imports.guarded import guard_edits, means_otherwise
from lazify.imports.keeping import kept
from lazify.imports.landing import Landing, Landings
from lazify.imports.pins import runtime_uses
from lazify.imports.placement import Spot, functions_around, spots
from lazify.imports.writing import comments_above_guard, indented, lines_of
from lazify.index.lines import NEWLINE
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.changes import AddImport, Edit, Erase, InsertBefore
from lazify.model.facts import MODULE
from lazify.model.places import Span

_EXPECTS = re.compile(
    r"\bexcept\s*:|\bexcept\b[^:\n]*\b(?:ImportError|ModuleNotFoundError|(?:Base)?Exception)\b|\bsuppress\("
)
"""Somebody catches what an import may raise."""


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
        if guard.text:
            above, is_kept = comments_above_guard(self._view, module, guard.span)
            yield Erase(path=module.path, span=guard.span, keeps_comments=is_kept)
            for landing in landings:
                code = "".join(f"{line}\n" for line in (*above, *NEWLINE.split(guard.text.rstrip())))
                yield InsertBefore(path=module.path, span=landing.before, code=code)
            return
        asked = any(True for name in decision.moving for _ in kept(self._view, decision.exposed[name]))
        has_flag = asked or self.makes_flag(decision.candidate)
        yield from guard_edits(module, guard, has_flag=has_flag)
        if any(landing.asks for landing in landings):
            yield AddImport(path=module.path, module="typing", name=TYPING)
        for landing in landings:
            imports = [each for each in decision.imports if each.item.binds in landing.names]
            code = (
                self._asking(module, guard, imports)
                if landing.asks
                else lines_of(self._view, module, imports)
            )
            yield InsertBefore(path=module.path, span=landing.before, code=code)

    def _asking(self, module: Module, guard: Guard, imports: Sequence[HeavyImport]) -> str:
        """Write the imports below what tells whether the guard makes them."""
        parts = groupby(imports, lambda each: guard.is_bound(each.item))
        return "".join(
            f"if {TYPING} or {is_bound}:\n{indented(lines_of(self._view, module, [*part]))}"
            for is_bound, part in parts
        )

    def _moved(self, candidate: Candidate, guard: Guard) -> Iterator[Landing | Problem]:
        """Find the one function that a guard goes into which only raises."""
        module = candidate.module
        uses = [use for name in candidate.names for use in runtime_uses(candidate, name)]
        found = list(spots(module, uses))
        if len(found) > 1:
            yield problem(f"{len(found)} functions would each need the guard", module, guard.span)
        for taking in self._view.once(Computed).reaching(module):
            if _EXPECTS.search(self._view.text(taking.holder).whole):
                reason = f"{where(taking.holder, taking.span)} may expect that importing this module fails"
                yield problem(reason, module, guard.span)
        for tester, block in importing_blocks(self._view, reaching_modules(self._view, module)):
            at = Span(block.lineno, 0, block.lineno, 0)
            yield problem("it is imported where somebody may expect that it fails", tester, at)
        for spot in found:
            if name := _means_otherwise(module, spot, guard):
                yield problem(f"{name} means something else where the guard would go", module, spot.before)
            yield Landing(before=spot.before, names=frozenset(candidate.names))

    def _landed(self, candidate: Candidate) -> tuple[Landing | Problem, ...]:
        if candidate not in self._known:
            self._known[candidate] = tuple(self._land(candidate))
        return self._known[candidate]

    def _land(self, candidate: Candidate) -> Iterator[Landing | Problem]:
        module, guard = candidate.module, candidate.guard
        if guard is None:
            return
        if guard.text:
            yield from self._moved(candidate, guard)
            return
        packages = {each.item.binds: each.item.module.partition(".")[0] for each in candidate.imports}
        search = Landings(self._view, module, guard, packages)
        uses = [use for name in candidate.names for use in runtime_uses(candidate, name)]
        found = [each for spot, served in spots(module, uses).items() for each in search.of(spot, served)]
        asks = any(isinstance(each, Landing) and each.asks for each in found)
        if asks and means_otherwise(self._view, module, TYPING, source="typing"):
            yield problem(f"{TYPING} means something else here", module, guard.span)
        yield from found


def _means_otherwise(module: Module, spot: Spot, guard: Guard) -> str | None:
    """Name what the guard would look up or bind in the function, and means something else there."""
    scopes, number, names = module.facts.scopes, spot.scope, guard.names
    while number > MODULE:
        scope = scopes[number]
        own = {*scope.locals, *scope.definitions, *(p.name for p in scope.parameters)}
        if scope.kind != "class" and (taken := own & names):
            return min(taken)
        names, number = names | {guard.error or ""}, scope.parent  # `nonlocal e` names one of those around
    is_global = any(
        use.bound == MODULE and spot.scope in (MODULE, *functions_around(module, use))
        for use in module.facts.uses.get(guard.error or "", ())
    )
    return guard.error if is_global else None
