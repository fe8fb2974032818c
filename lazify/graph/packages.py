"""Imports that may not find what they name: packages that are absent, names and modules that are not there."""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from lazify.graph.crashes import Crashing
from lazify.graph.recording import Recorder
from lazify.imports.weight import imported_name
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.effects import Evidence
from lazify.model.facts import Import
from lazify.model.graphs import Cause, CrashPoint
from lazify.model.places import Place
from lazify.order.cycles import is_plain
from lazify.order.steps import Need, Step

_EXPECTING = frozenset({"ImportError", "ModuleNotFoundError"})
"""What a handler names if somebody expects that a package may be absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """What is known of the packages around a project."""

    is_installed: Callable[[str], bool] | None = None
    """Knows those of the project's interpreter; None where nobody named it."""
    required: frozenset[str] = frozenset()
    """Normalized names of those that come with the project in any case."""


@dataclass(frozen=True, eq=False)
class Absences:
    """Answers for the imports of one walk."""

    view: View
    crashing: Crashing
    recorder: Recorder
    packages: Packages

    def crash_points(self) -> Iterator[CrashPoint]:
        """Give each absent thing once, at the first import that does not catch its absence."""
        told: set[str] = set()
        for importer, step in self.recorder.imports:
            assert step.item is not None
            found = self._absent(step, step.item)
            if found is None or found[1] in told:
                continue
            cause, what, why = found
            point = self._point(importer, step, cause, what, why)
            if point.caught_at is None:
                told.add(what)
                yield point

    def _absent(self, step: Step, item: Import) -> tuple[Cause, str, tuple[Evidence, ...]] | None:
        need = None if item.name == "*" else self.recorder.tools.stepping.need(step)
        if need is not None:
            is_there = need.name is None or not is_plain(self.view.project, need.module, need.name)
            if is_there or need.name in need.module.facts.bindings or _is_compiled(need):
                return None
            fact = f"{need.module.name} binds no {need.name}"
            at = Place(step.owner.path, item.span)
            return Cause.CERTAIN, f"{need.module.name}.{need.name}", (Evidence(fact=fact, at=at),)
        if item.level:
            return None
        name = imported_name(self.view.project, step.owner, item)
        top = "" if name is None else name.partition(".")[0]
        return None if not top or top in sys.stdlib_module_names else self._absent_package(top)

    def _absent_package(self, top: str) -> tuple[Cause, str, tuple[Evidence, ...]] | None:
        if self.packages.is_installed is not None:
            if self.packages.is_installed(top):
                return None
            return (
                Cause.CERTAIN,
                top,
                (Evidence(fact=f"{top} is not installed for the project's interpreter"),),
            )
        if top not in self._optional or _normalized(top) in self.packages.required:
            return None
        fact = f"{top} may be absent, as another import of it expects"
        return Cause.MISSING_PACKAGE, top, (Evidence(fact=fact, at=self._optional[top]),)

    def _point(
        self, importer: Module, step: Step, cause: Cause, what: str, why: tuple[Evidence, ...]
    ) -> CrashPoint:
        assert step.item is not None
        at = Place(step.owner.path, step.item.statement_span)
        way = tuple(link.at for link in reversed(step.way) if link.at is not None)
        around = self.recorder.tools.surroundings.of(at)
        return CrashPoint(
            rank=0,
            cause=cause,
            module=importer.name,
            at=at,
            text=self.recorder.tools.marking.text(at),
            what=what,
            why=(*step.way, *why),
            is_conditional=around.is_conditional or self.crashing.ways.is_conditional(importer),
            caught_at=self.crashing.caught(cause, importer, (at, *way)),
        )

    @cached_property
    def _optional(self) -> dict[str, Place]:
        """Packages that some module of the project imports in the expectation that they may be absent."""
        found: dict[str, Place] = {}
        for module in self.view.project.modules.values():
            for item in module.facts.imports:
                if (
                    item.catches
                    and item.catches & _EXPECTING
                    and not item.level
                    and not module.source.is_test
                ):
                    name = imported_name(self.view.project, module, item)
                    if name is not None:
                        found.setdefault(name.partition(".")[0], Place(module.path, item.statement_span))
        return found


def _is_compiled(need: Need) -> bool:
    """Tell whether the package holds a submodule of that name that is no source: an extension, or its stub."""
    if not need.module.source.is_package:
        return False
    return any(file.name.partition(".")[0] == need.name for file in need.module.package.iterdir())


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
