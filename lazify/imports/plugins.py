"""Modules that are taken by computed names: which names of theirs may be asked for."""

import ast
import re
from functools import cached_property

from lazify.imports.module_values import CALLED, HOOK, File, Following, NotFollowedError
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.places import Span
from lazify.nodes import nodes_and_parents
from lazify.statements import parse


class Plugins:
    """Answers for one project; each file is read once."""

    def __init__(self, view: View) -> None:
        """Nothing is read before the first question."""
        self._view = view
        self._files: dict[Module, File] = {}
        self._asked: dict[tuple[Module, Span], frozenset[str] | None] = {}
        self._reached: dict[str, bool] = {}
        self._attributes: dict[Module, frozenset[str]] = {}

    def may_ask(self, module: Module, span: Span, name: str, *, is_module: bool) -> bool:
        """Tell whether a module that is taken there, by a call or from `sys.modules`, may be asked for the name.

        `is_module`: what the name stands for is a module itself.
        """
        key = (module, span)
        if key not in self._asked:
            self._asked[key] = self._names(module, span)
        asked = self._asked[key]
        if asked is None or name in asked or (CALLED in asked and not is_module):
            return True
        if HOOK in asked and name not in self._reached:
            self._reached[name] = self._is_reached(name)
        return HOOK in asked and self._reached[name]

    def _names(self, module: Module, span: Span) -> frozenset[str] | None:
        """Gather the attributes that are taken of what the call gives; None where that is not known."""
        if module not in self._files:
            self._files[module] = File(self._view.text(module).whole)
        taking = self._files[module].places.get(span)
        if taking is None:
            return None
        following = Following(self._files[module])
        try:
            asked = frozenset(
                following.asked(taking) if isinstance(taking, ast.Call) else following.taken(taking)
            )
        except NotFollowedError:
            return None
        if not asked.isdisjoint(self._modules):
            return None  # what a module of a package is asked for in turn is not followed
        return asked if all(self._is_used_here(module, name) for name in following.functions) else None

    @cached_property
    def _modules(self) -> frozenset[str]:
        """The last names of the project's modules."""
        return frozenset(each.name.rpartition(".")[2] for each in self._view.project.modules.values())

    def _is_used_here(self, module: Module, function: str) -> bool:
        """Tell whether nobody but the module itself may call its function."""
        is_offered = self._view.is_library and not function.startswith("_")
        return not is_offered and self._view.project.mentioning(function) == [module]

    def _is_reached(self, name: str) -> bool:
        """Tell whether some file takes the name as an attribute of anything."""
        taken = re.compile(rf"\.\s*{re.escape(name)}\b")
        return any(
            name in self._taken(module)
            for module in self._view.project.mentioning(name)
            if taken.search(self._view.text(module).whole)
        )

    def _taken(self, module: Module) -> frozenset[str]:
        """List all attributes that the file takes of anything."""
        if module not in self._attributes:
            nodes, _ = nodes_and_parents(parse(self._view.text(module).whole))
            self._attributes[module] = frozenset(n.attr for n in nodes if isinstance(n, ast.Attribute))
        return self._attributes[module]
