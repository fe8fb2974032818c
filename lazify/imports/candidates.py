"""Heavy imports at module level, gathered by module and package: what moves together."""

from collections.abc import Iterator
from dataclasses import dataclass

from lazify.imports.weight import Heavy, Weights, imported_name
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, Import
from lazify.model.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class HeavyImport:
    """One alias of an import that is heavy."""

    item: Import
    name: str
    """What it takes: `numpy`, `PIL.Image`."""
    heavy: Heavy
    text: str
    """The statement that binds the same name to the same thing anywhere: `import numpy as np`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """The heavy imports of one package in one module; equal only to itself."""

    module: Module
    package: str
    imports: tuple[HeavyImport, ...]

    @property
    def key(self) -> str:
        """Names the change."""
        return f"{self.module.path.as_posix()}:import {self.package}"

    @property
    def at(self) -> Place:
        """Where the first of them stands."""
        return Place(self.module.path, self.imports[0].item.statement_span)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that they bind."""
        return tuple(dict.fromkeys(each.item.binds for each in self.imports))

    @property
    def why(self) -> tuple[Evidence, ...]:
        """What they cost: the heaviest counts."""
        costly = max(self.imports, key=lambda each: each.heavy.cost.ms if each.heavy.cost else 0)
        at = Place(self.module.path, costly.item.statement_span)
        return (Evidence(fact=costly.text, at=at), Evidence(fact=costly.heavy.fact))

    def binding(self, name: str) -> tuple[HeavyImport, ...]:
        """The imports that bind a name."""
        return tuple(each for each in self.imports if each.item.binds == name)


def candidates(view: View, weights: Weights) -> Iterator[Candidate]:
    """Find the heavy imports that run when the modules of the report are imported."""
    for module in view.reported():
        groups: dict[str, list[HeavyImport]] = {}
        for item in module.facts.imports:
            if runs_at_import(module, item) and (heavy := weights.of(module, item)) is not None:
                name = imported_name(view.project, module, item)
                assert name is not None
                found = HeavyImport(
                    item=item, name=name, heavy=heavy, text=statement_text(view, module, item, name)
                )
                groups.setdefault(heavy.package, []).append(found)
        for package, imports in groups.items():
            yield Candidate(module=module, package=package, imports=tuple(imports))


def runs_at_import(module: Module, item: Import) -> bool:
    """Tell whether the import loads something while its module is imported."""
    if item.scope != MODULE or item.is_typing or item.is_lazy or item.name == "*":
        return False
    return module.facts.statements[item.statement].guard != "main"


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
