"""Which values are needed while the program is imported, and by what: the greatest set that can wait.

Every group starts out as one that can wait. A group is pinned when import-time code that stays uses it, in
the open or in a function that it calls; a pinned group runs at import itself, so what it uses is pinned too,
and so on until nothing changes.
"""

from collections.abc import Iterable, Iterator, Mapping

from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem, where
from lazify.index.modules import Module
from lazify.index.occurrences import UseOccurrence
from lazify.index.view import View, runs_in_service
from lazify.knowledge.lookups import lookups
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, Role
from lazify.model.places import Place

_NEEDS = {
    Role.DECORATOR: "the decorator",
    Role.DEFAULT: "the default value",
    Role.ANNOTATION: "the annotation",
}
_CALLED_BY_NAME = frozenset({"app", "application", "handler", "lambda_handler"})
"""What servers and platforms look up by these names, to call it."""
PLATFORM_NAMES = _CALLED_BY_NAME | {"urlpatterns", "register", "pytestmark", "pytest_plugins"}
"""What servers, platforms and frameworks look up by these names."""


def import_time_uses(group: Group) -> Iterator[UseOccurrence]:
    """Yield the uses outside the group that run when the program is imported; tests are no part of it."""
    for found in group.occurrences:
        for use in found.uses:
            is_inside = group.owns(use.module, use.use.statement)
            if runs_in_service(use.module) and not (use.use.deferred or is_inside or use.use.is_typing):
                yield use


def name_problem(view: View, group: Group) -> Problem | None:
    """Say who looks one of its names up in the module."""
    for name in group.names:
        span = group.first.span
        if name in PLATFORM_NAMES and not _is_nothing_to_call(view, group, name):
            return problem(f"servers and frameworks look {name} up by its name", group.module, span)
        for item in group.module.facts.imports:
            package = item.module.partition(".")[0]
            if not item.level and name in lookups().get(package, ()):
                return problem(f"{package} looks {name} up in modules that it loads", group.module, span)
        if name in view.platform_names:
            return problem(f"{view.platform_names[name]} names {name}", group.module, span)
        if name.startswith("__") or not name.strip("_"):
            return problem(f"tools read {name} by its name", group.module, span)
    return None


def _is_nothing_to_call(view: View, group: Group, name: str) -> bool:
    """Tell whether a name that servers call what they find under has a value that cannot be called."""
    values = group.module.facts.scopes[MODULE].locals.get(name, ())
    may_be = (view.effects.may_be_called(group.module, value, MODULE) for value in values)
    return name in _CALLED_BY_NAME and bool(values) and not any(may_be)


class Waiting:
    """The groups that can wait until first use."""

    def __init__(self, view: View, groups: Iterable[Group], problems: Mapping[Group, Problem]) -> None:
        """Settle which of `groups` can wait; those with `problems` cannot, whatever uses them."""
        self._view = view
        self.groups = list(groups)
        self.problems = dict(problems)
        self._owner = {(g.module, number): g for g in self.groups for number in g.statements}
        self._reached: dict[tuple[object, int], tuple[Evidence, ...]] = {}
        self.reaching: dict[Group, tuple[Module, int]] = {}
        """The statement that runs at import and reaches a use of a pinned group in a function."""
        self._settle()

    @property
    def waiting(self) -> list[Group]:
        """The groups without a problem, in their order."""
        return [group for group in self.groups if group not in self.problems]

    def refuse(self, problems: Mapping[Group, Problem]) -> None:
        """Take groups out for reasons found later, and settle again."""
        self.problems.update(problems)
        self._reach((g.module, number) for g in problems for number in g.statements)
        self._spread()

    def _settle(self) -> None:
        if not self.groups:
            return
        modules = self._view.project.modules.values()
        stays = (
            (module, number)
            for module in modules
            if runs_in_service(module)
            for number in range(len(module.facts.statements))
            if not self._can_wait(module, number)
        )
        self._reach(stays)
        self._spread()

    def _spread(self) -> None:
        while pinned := {g: found for g in self.waiting if (found := self._pin(g)) is not None}:
            self.problems.update(pinned)
            self._reach((g.module, number) for g in pinned for number in g.statements)

    def _reach(self, statements: Iterable[tuple[Module, int]]) -> None:
        for scope, chain in self._view.effects.reached(statements).items():
            self._reached.setdefault(scope, chain)

    def _can_wait(self, module: Module, number: int) -> bool:
        owner = self._owner.get((module, number))
        return owner is not None and owner not in self.problems

    def _pin(self, group: Group) -> Problem | None:
        for use in import_time_uses(group):
            if not self._can_wait(use.module, use.use.statement):
                return self._used_openly(group, use)
        for found in group.occurrences:
            for use in found.uses:
                chain = self._reached.get((use.module.path, use.use.scope))
                if use.use.deferred and chain and not group.owns(use.module, use.use.statement):
                    return self._used_within(group, use, chain)
        return None

    def _statement_at(self, place: Place) -> tuple[Module, int]:
        module = self._view.project.modules[place.path]
        statements = module.facts.statements
        return module, next(n for n, s in enumerate(statements) if s.span.contains(place.span))

    def _used_openly(self, group: Group, use: UseOccurrence) -> Problem:
        name = group.names[0]
        owner = self._owner.get((use.module, use.use.statement))
        if owner is not None:
            reason = f"{owner.names[0]} needs {name} at import and has to stay: {self.problems[owner].reason}"
            return Problem(reason, Place(use.module.path, use.use.span))
        statement = use.module.facts.statements[use.use.statement]
        what = f"class {statement.binds[0]}" if statement.kind == "ClassDef" else "the statement"
        needs = _NEEDS.get(use.use.role, what)
        reason = f"{needs} at {where(use.module, use.use.span)} needs {name} at import"
        return Problem(reason, Place(use.module.path, use.use.span))

    def _used_within(self, group: Group, use: UseOccurrence, chain: tuple[Evidence, ...]) -> Problem:
        start = chain[0]
        if start.at is not None:
            self.reaching[group] = self._statement_at(start.at)
        by = f"{start.at.path.name}:{start.at.span.line} ({start.fact})" if start.at else start.fact
        return problem(f"{by} runs at import and reaches a use of {group.names[0]}", use.module, use.use.span)
