"""What running one module does, statement by statement: its imports, and those of the functions that it calls."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from lazify.index.modules import Module
from lazify.index.project import InModule
from lazify.index.view import View
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, Import
from lazify.model.places import Place
from lazify.order.around import Surroundings

_SKIPPED = frozenset({"main", "typing"})
_PLAIN = frozenset({"Import", "ImportFrom"})


class Step(NamedTuple):
    """A statement, or an import that running it makes."""

    statement: int
    owner: Module
    """The module that the import stands in."""
    item: Import | None = None
    """None for the statement itself."""
    way: tuple[Evidence, ...] = ()
    """The calls that lead to an import in a function."""
    is_unsure: bool = False
    """Of an import in a function: it, or a call on the way, stands under a condition."""


class Need(NamedTuple):
    """What an import takes."""

    module: Module
    """Where it takes it from."""
    name: str | None
    """`*` for all names; None for the module as a whole."""


@dataclass(frozen=True, slots=True)
class Stepping:
    """Answers for the modules of one project, each once."""

    view: View
    surroundings: Surroundings
    within: Collection[Module] | None = None
    """The modules whose statements count; None for all."""
    known: dict[Module, tuple[Step, ...]] = field(default_factory=dict)
    targets: dict[tuple[Module, Import], tuple[Module, ...]] = field(default_factory=dict)

    def of(self, module: Module) -> tuple[Step, ...]:
        """List what happens when `module` runs, in its order."""
        if self.within is not None and module not in self.within:
            return ()
        if module not in self.known:
            self.known[module] = tuple(self._steps(module))
        return self.known[module]

    def runs(self, step: Step) -> tuple[Module, ...]:
        """List the modules of the project that an import runs unless they run already, the outermost first."""
        assert step.item is not None
        key = (step.owner, step.item)
        if key not in self.targets:
            found = self.view.project.imported_modules(step.owner, step.item)
            part = self._part(step)
            self.targets[key] = found if part is None or part in found else (*found, part)
        return self.targets[key]

    def need(self, step: Step) -> Need | None:
        """Tell what an import takes from a module of the project; None for what lies outside."""
        project, item = self.view.project, step.item
        assert item is not None
        found = project.source_module(step.owner, item)
        if item.name is None or item.name == "*":
            return Need(found, item.name) if isinstance(found, Module) else None
        if (part := self._part(step)) is not None:
            return Need(part, None)
        return Need(found, item.name) if isinstance(found, Module) and found is not step.owner else None

    def _part(self, step: Step) -> Module | None:
        """Find the submodule that `from package import name` gives, also where the package binds it itself.

        A package that is half-done may not have bound it: then the import runs it.
        """
        item = step.item
        if item is None or item.name in (None, "*"):
            return None
        target = self.view.project.import_target(step.owner, item)
        found = self.view.project.source_module(step.owner, item)
        if not isinstance(target, InModule) or found is None:
            return None
        folder = found.package if isinstance(found, Module) else found.path
        is_inside = target.module.path in (folder / f"{item.name}.py", folder / item.name / "__init__.py")
        return target.module if is_inside else None

    def _steps(self, module: Module) -> Iterator[Step]:
        imports: dict[int, list[Import]] = {}
        for item in module.facts.imports:
            if _runs(module, item):
                imports.setdefault(item.statement, []).append(item)
        for number, statement in enumerate(module.facts.statements):
            if statement.guard in _SKIPPED:
                continue
            for item in sorted(imports.get(number, ()), key=lambda item: item.span):
                yield Step(number, module, item)
            if statement.kind not in _PLAIN:
                yield Step(number, module)
                yield from self._called(module, number)

    def _called(self, module: Module, number: int) -> Iterator[Step]:
        """Give the imports in functions that run."""
        reached = self.view.effects.reached([(module, number)])
        for (path, scope), way in reached.items():
            owner = self.view.project.modules.get(path)
            for item in owner.facts.imports if owner is not None else ():
                if owner is not None and item.scope == scope and not (item.is_typing or item.is_lazy):
                    yield Step(number, owner, item, way, self._is_unsure(owner, item, way))

    def _is_unsure(self, owner: Module, item: Import, way: tuple[Evidence, ...]) -> bool:
        places = [Place(owner.path, item.statement_span), *(link.at for link in way if link.at is not None)]
        return any(self.surroundings.of(place).is_conditional for place in places)


def _runs(module: Module, item: Import) -> bool:
    """Tell whether the import runs with its module: in its body, or in that of a class."""
    if item.is_typing or item.is_lazy:
        return False
    scope = item.scope
    while scope != MODULE:
        if module.facts.scopes[scope].kind != "class":
            return False
        scope = module.facts.scopes[scope].parent
    return True
