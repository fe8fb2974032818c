"""Heavy imports at module level, gathered by module and package: what moves together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lazify.getter.problems import Problem
from lazify.imports.guard import Guard
from lazify.imports.guarded import read_guard
from lazify.imports.weight import Heavy, Weights, imported_name
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, Import
from lazify.model.places import Place, Span

DIRECT = frozenset({"Import", "ImportFrom"})
"""Statements that import whatever happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyImport:
    """One alias of an import that is heavy."""

    item: Import
    name: str
    """What it takes: `numpy`, `PIL.Image`."""
    heavy: Heavy | None
    """None for a light one that shares the guard of a heavy one."""
    text: str
    """The statement that binds the same name to the same thing anywhere: `import numpy as np`."""

    def because(self, module: Module, way: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        """Tell what it loads: the `way` begins where it leads."""
        return Evidence(fact=self.text, at=Place(module.path, self.item.statement_span)), *way


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """The heavy imports of one package in one module; equal only to itself."""

    module: Module
    package: str
    imports: tuple[HeavyImport, ...]
    guard: Guard | None = None
    """The `try` around them."""
    problem: Problem | None = None
    """Why that `try` has to stay, or the import of a module of the project."""
    is_inherited: bool = False
    """It imports a module of the project that loads something heavy."""

    @property
    def is_flagged(self) -> bool:
        """A guard tells whether the imports are there, and goes on without them if not."""
        return self.guard is not None and not self.guard.text

    @property
    def key(self) -> str:
        """Names the change."""
        return f"{self.module.path.as_posix()}:import {self.package}"

    @property
    def at(self) -> Place:
        """Where the first of them stands."""
        return self.place(self.imports)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that they bind."""
        return tuple(dict.fromkeys(each.item.binds for each in self.imports))

    @property
    def why(self) -> tuple[Evidence, ...]:
        """What they cost."""
        return self.cost(self.imports)

    def place(self, imports: Sequence[HeavyImport]) -> Place:
        """Give where the first of some of them stands."""
        return Place(self.module.path, imports[0].item.statement_span)

    def cost(self, imports: Sequence[HeavyImport]) -> tuple[Evidence, ...]:
        """Tell what some of them cost: the heaviest counts."""
        costly = max(imports, key=_ms)
        assert costly.heavy is not None
        return costly.because(self.module, costly.heavy.way or (Evidence(fact=costly.heavy.fact),))

    def binding(self, name: str) -> tuple[HeavyImport, ...]:
        """The imports that bind a name."""
        return tuple(each for each in self.imports if each.item.binds == name)


def candidates(view: View, weights: Weights) -> Iterator[Candidate]:
    """Find the heavy imports that run when the modules of the report are imported."""
    for module in view.reported():
        groups: dict[str, list[HeavyImport]] = {}
        guards: dict[int, None] = {}
        for item in module.facts.imports:
            if runs_at_import(module, item) and (heavy := weights.of(module, item)) is not None:
                if module.facts.statements[item.statement].kind not in DIRECT:
                    guards[item.statement] = None
                    continue
                name = imported_name(view.project, module, item)
                assert name is not None
                found = HeavyImport(
                    item=item, name=name, heavy=heavy, text=statement_text(view, module, item, name)
                )
                groups.setdefault(heavy.package, []).append(found)
        for package, imports in groups.items():
            yield Candidate(module=module, package=package, imports=tuple(imports))
        for number in guards:
            yield _guarded(view, weights, module, number)


def _guarded(view: View, weights: Weights, module: Module, number: int) -> Candidate:
    """Everything that one guard imports moves together, or stays."""
    imports = []
    for item in module.facts.imports:
        if item.statement == number and item.name != "*" and runs_at_import(module, item):
            name = imported_name(view.project, module, item) or item.module
            text = statement_text(view, module, item, name)
            imports.append(HeavyImport(item=item, name=name, heavy=weights.of(module, item), text=text))
    heavy = [each.heavy.package for each in imports if each.heavy is not None]
    read = read_guard(view, module, number)
    return Candidate(
        module=module,
        package=" and ".join(dict.fromkeys(heavy)),
        imports=tuple(imports),
        guard=read if isinstance(read, Guard) else None,
        problem=read if isinstance(read, Problem) else None,
    )


def _ms(found: HeavyImport) -> int:
    if found.heavy is None:
        return -1
    return found.heavy.cost.ms if found.heavy.cost else 0


def runs_at_import(module: Module, item: Import) -> bool:
    """Tell whether the import loads something while its module is imported."""
    if item.scope != MODULE or item.is_typing or item.is_lazy:
        return False
    return module.facts.statements[item.statement].guard != "main"


def is_ignored(module: Module, span: Span) -> bool:
    """Tell whether a comment on one of the lines leaves its findings alone."""
    ignores = module.facts.ignores
    lines = (line for line in range(span.line, span.end_line + 1) if line in ignores)
    return any(not ignores[line] or any(c.startswith("LZ2") for c in ignores[line]) for line in lines)


def statement_text(view: View, module: Module, item: Import, name: str) -> str:
    """Write the import as a statement of its own, from where the name really comes from."""
    if view.project.source_module(module, item) is None:
        if item.name is None:
            return f"import {item.module}" + (f" as {item.alias}" if item.alias else "")
        return f"from {item.module} import {item.name}" + (f" as {item.alias}" if item.alias else "")
    return origin_text(name, item.binds)


def origin_text(name: str, binds: str) -> str:
    """Write the import of something by its dotted name: `from PIL import Image`, `import numpy as np`."""
    owner, _, last = name.rpartition(".")
    renamed = "" if binds == last else f" as {binds}"
    return f"from {owner} import {last}{renamed}" if owner else f"import {last}{renamed}"
