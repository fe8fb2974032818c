"""Module-level statements that do something, and those that only look as if they did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lazify.graph.fates import Fates
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External, Target
from lazify.index.view import View
from lazify.knowledge import Fact
from lazify.model.effects import Effect, Evidence, Level
from lazify.model.facts import MODULE, AttributeRef, CallRef, Does, NameRef, Operation, Ref, Statement
from lazify.model.graphs import Mark
from lazify.model.places import Place, Span
from lazify.order.around import Surroundings

LONGEST = 100
"""Characters of a quoted line."""
_BRANCHES = frozenset({"If", "Try", "TryStar", "With", "AsyncWith", "For", "While", "Match"})
_COMPOUND = _BRANCHES | {"ClassDef", "FunctionDef", "AsyncFunctionDef"}


@dataclass(frozen=True, slots=True)
class Marking:
    """Marks the statements of one project."""

    view: View
    fates: Fates
    surroundings: Surroundings
    calls: dict[Module, dict[int, list[Operation]]] = field(default_factory=dict)

    def of(self, module: Module, number: int) -> Iterator[Mark]:
        """Give the marks of a statement: one for each line of a compound one that does something."""
        found = self.view.effects.of_statement(module, number)
        effects = [effect for effect in found if effect.level > Level.SAFE]
        if effects:
            for line, group in self._by_line(module, number, effects).items():
                yield self._mark(module, number, line, tuple(group))
        elif fact := self._innocent(module, number):
            line = module.facts.statements[number].span.line
            because = f"{fact.innocence} [{fact.source}]"
            yield replace(self._mark(module, number, line, ()), safe_because=because)

    def text(self, at: Place) -> str:
        """Quote a statement in one line: of one with a block, its first line."""
        text = self.view.text(self.view.project.modules[at.path])
        first, whole = text.line(at.span.line).strip(), " ".join(text.cut(at.span).split())
        line = whole if whole and not first.endswith(":") and not first.startswith("@") else first
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"

    def _by_line(self, module: Module, number: int, effects: Sequence[Effect]) -> dict[int, list[Effect]]:
        statement = module.facts.statements[number]
        groups: dict[int, list[Effect]] = {}
        for effect in effects:
            line = _line(effect, module, statement) if statement.kind in _COMPOUND else statement.span.line
            groups.setdefault(line, []).append(effect)
        return dict(sorted(groups.items()))

    def _mark(self, module: Module, number: int, line: int, effects: tuple[Effect, ...]) -> Mark:
        statement = module.facts.statements[number]
        is_whole = line == statement.span.line
        span = statement.span if is_whole else Span(line, 0, line, 0)
        at = Place(module.path, span)
        is_inside = statement.kind in _BRANCHES and not is_whole
        return Mark(
            at=at,
            text=self.text(at if statement.kind not in _COMPOUND else Place(at.path, Span(line, 0, line, 0))),
            effects=effects,
            conditions=tuple(self._conditions(effect, at) for effect in effects),
            is_conditional=is_inside and self.surroundings.of(at).is_conditional,
            fate=self.fates.of(at, is_import=False),
        )

    def _conditions(self, effect: Effect, at: Place) -> tuple[Evidence, ...]:
        """Tell what must hold for the call that has the effect to run."""
        places = [link.at for link in effect.chain if link.at is not None]
        return self.surroundings.conditions(places or [at])

    def _innocent(self, module: Module, number: int) -> Fact | None:
        """Find what the knowledge base says of a statement that does nothing yet, if people suspect it."""
        if module.facts.statements[number].kind in _BRANCHES:
            return None
        for operation in self._calls(module).get(number, ()):
            name = self._callee(module, operation.subject)
            fact = self.view.knowledge.fact(name) if name is not None else None
            if fact is not None and fact.innocence is not None:
                return fact
        return None

    def _calls(self, module: Module) -> dict[int, list[Operation]]:
        if module not in self.calls:
            found = self.calls.setdefault(module, {})
            for operation in module.facts.scopes[MODULE].operations:
                if operation.does is Does.CALL and not operation.deferred:
                    found.setdefault(operation.statement, []).append(operation)
        return self.calls[module]

    def _callee(self, module: Module, ref: Ref | None) -> str | None:
        while isinstance(ref, CallRef):  # app.middleware("http")(function)
            ref = ref.callee
        match ref:
            case AttributeRef(value, name):
                owner = self.view.effects.class_of(module, value, MODULE)
                return f"{owner.name}.{name}" if isinstance(owner, External) else self._named(module, ref)
            case NameRef():
                return self._named(module, ref)
        return None

    def _named(self, module: Module, ref: Ref) -> str | None:
        found: Target | None = resolve(self.view.project, module, ref)
        return found.name if isinstance(found, External) else None


def _line(effect: Effect, module: Module, statement: Statement) -> int:
    """The line of a compound statement that does it: of a class, the line in its body."""
    inside = [
        link.at.span.line
        for link in effect.chain[:2]
        if link.at is not None and link.at.path == module.path and statement.span.contains(link.at.span)
    ]
    if not inside:
        return statement.span.line
    return inside[-1] if statement.kind == "ClassDef" else inside[0]
