"""Imports that lead nowhere in the project by its folders, and may mean a module of it all the same.

    sys.path.insert(0, "../tools")      or PYTHONPATH, or pytest's `pythonpath`
    from common import store            tools/common.py, perhaps

What they mean cannot be told, so that they are not rewritten: the former name keeps working for them.
"""

import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePath

from lazify.getter.asking import Exposed
from lazify.getter.problems import Problem, problem, where
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace
from lazify.index.view import View
from lazify.model.facts import Import, Role

_WRITES = frozenset({Role.STORE, Role.AUGMENT, Role.DELETE})


class Unresolved:
    """Finds the imports that may mean a module of the project; gathered once."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view

    def of(self, namespace: Namespace) -> Iterator[Exposed | Problem]:
        """Yield who may take the name from its module, or what would miss it."""
        owner, name = namespace.module, namespace.name
        if owner not in self._taking:
            return
        for module, item in self._taking[owner]:
            if module is owner or (item.name == "*" and not self._view.project.exports(owner, name)):
                continue
            reason = f"{where(module, item.statement_span)} may import {owner.path.name} by way of sys.path"
            if item.name == "*" and owner.facts.exports is None:
                yield problem(f"{reason}, and * brings no former name", module, item.statement_span)
            elif item.name in ("*", name):
                yield Exposed(namespace, reason)
            elif self._is_module(item):
                uses = (use for use in module.facts.uses.get(item.binds, ()) if name in use.attributes)
                if any(use.role in _WRITES for use in uses):
                    yield problem(f"{reason}, and sets {name}", module, item.statement_span)
                yield Exposed(namespace, reason)
        dotted = f"{self._dotted(owner)}.{name}"
        for module in self._view.project.mentioning(name):
            for mention in module.facts.mentions:
                if f"{mention.text}.".startswith(f"{dotted}.") and mention.arguments:
                    yield problem(f"{mention.text!r} may replace {name}", module, mention.span)

    def _is_module(self, item: Import) -> bool:
        return item.name is None or f"{item.module}.{item.name}" in self._named

    @cached_property
    def _taking(self) -> dict[Module, list[tuple[Module, Import]]]:
        project, found = self._view.project, dict[Module, list[tuple[Module, Import]]]()
        for module in project.modules.values():
            for item in module.facts.imports:
                if item.level:
                    continue
                meant = self._named.get(item.module, self._named.get(f"{item.module}.{item.name}", ()))
                if meant and project.source_module(module, item) is None:
                    for owner in meant:
                        found.setdefault(owner, []).append((module, item))
        return found

    @cached_property
    def _named(self) -> dict[str, list[Module]]:
        """The modules by the name that they have where the folder of their topmost package is searched."""
        named: dict[str, list[Module]] = {}
        for module in self._view.project.modules.values():
            dotted = self._dotted(module)
            if dotted.partition(".")[0] not in sys.stdlib_module_names:
                named.setdefault(dotted, []).append(module)
        return named

    def _dotted(self, module: Module) -> str:
        path = PurePath(module.path).relative_to(self._view.project.import_root(module)).with_suffix("")
        return ".".join(part for part in path.parts if part != "__init__")
