"""Functions that import modules of the project, called where somebody expects that a package is missing.

try:
    return flavor.implementation_class(name)      # def implementation_class(self): from shop.s3 import Store
except ImportError as error:
    raise ImportError(f"install {flavor.name}") from error
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lazify.getter.importing import caught_by
from lazify.imports.guard import CATCHES
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined
from lazify.index.view import View, runs_in_service
from lazify.model.facts import MODULE, AttributeRef, Does, Import, NameRef, Ref, Scope
from lazify.model.places import Span
from lazify.statements import parse

_Function = tuple[Module, int]
"""A module, and the number of a scope in it."""
_Block = ast.Try | ast.TryStar | ast.With | ast.AsyncWith


def caught_calls(view: View) -> Iterator[tuple[Module, Span, Module, Import]]:
    """Yield who calls something under such a guard, where, and the import that this may run, with its module."""
    calls = _Calls(view)
    for module in dict.fromkeys(m for word in sorted(CATCHES) for m in view.project.mentioning(word)):
        if not runs_in_service(module):
            continue
        text = view.text(module).whole
        for block in ast.walk(parse(text)):
            if isinstance(block, _Block) and not CATCHES.isdisjoint(_caught(block)):
                span = Lines(text).span(block)
                for owner, item in calls.importing(module, block):
                    yield module, span, owner, item


def _caught(block: _Block) -> set[str]:
    """The last names of what `except` or `suppress()` catches."""
    if isinstance(block, ast.Try | ast.TryStar):
        return caught_by(block)
    calls = [i.context_expr for i in block.items if isinstance(i.context_expr, ast.Call)]
    given = [a for c in calls if ast.unparse(c.func).endswith("suppress") for a in c.args]
    return {ast.unparse(each).rpartition(".")[2] for each in given}


@dataclass(frozen=True)
class _Calls:
    view: View

    def importing(self, module: Module, block: _Block) -> Iterator[tuple[Module, Import]]:
        """Yield the imports of modules of the project in the functions that the block may call."""
        queue = [f for part in block.body for node in ast.walk(part) for f in self._named(module, node)]
        seen: set[_Function] = set()
        while queue:
            function = queue.pop()
            if function not in seen:
                seen.add(function)
                yield from ((function[0], item) for item in self._imports.get(function, ()))
                queue += self._called_by(*function)

    def _named(self, module: Module, node: ast.AST) -> Iterator[_Function]:
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield from self._defined(module, NameRef(name, MODULE))
            case ast.Attribute(value=value, attr=name):
                if isinstance(value, ast.Name):
                    yield from self._defined(module, AttributeRef(NameRef(value.id, MODULE), name))
                yield from self._methods.get(name, ())  # of whatever class: a property is one, too

    def _called_by(self, module: Module, number: int) -> Iterator[_Function]:
        for operation in module.facts.scopes[number].operations:
            if operation.does is Does.CALL:
                yield from self._defined(module, operation.subject)

    def _defined(self, module: Module, ref: Ref | None) -> Iterator[_Function]:
        match resolve(self.view.project, module, ref):
            case Defined(owner, name) if name in owner.facts.scopes[MODULE].definitions:
                yield owner, owner.facts.scopes[MODULE].definitions[name]

    @cached_property
    def _imports(self) -> dict[_Function, list[Import]]:
        found: defaultdict[_Function, list[Import]] = defaultdict(list)
        for module in self.view.project.modules.values():
            for item in module.facts.imports:
                if item.scope != MODULE and self.view.project.source_module(module, item) is not None:
                    found[module, item.scope].append(item)
        return found

    @cached_property
    def _methods(self) -> dict[str, list[_Function]]:
        """Those that import something, by their names."""
        found: defaultdict[str, list[_Function]] = defaultdict(list)
        for module, number in self._imports:
            scope = module.facts.scopes[number]
            if _is_method(module, scope):
                found[scope.name.rpartition(".")[2]].append((module, number))
        return found


def _is_method(module: Module, scope: Scope) -> bool:
    return scope.kind == "function" and module.facts.scopes[scope.parent].kind == "class"
