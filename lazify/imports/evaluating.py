"""What code of the program evaluates annotations of: a function or class that it names, or what is handed on.

What is handed on as a value (see `escapes`) counts as evaluated anyway. So a reading of an object that nobody can
name matters only where it may have come by another way than by its name: out of a module or an object's dictionary,
or as the class of an instance. That is looked for in the functions that the object passes through.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lazify.imports.families import ClassScope, Families
from lazify.imports.passing import Passing, Source, Step, innermost
from lazify.imports.readings import HOOKS, WORDS, readings
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, CallRef, ItemRef, NameRef, Ref, Scope
from lazify.statements import parse


@dataclass(slots=True)
class _Found:
    everything: Module | None = None
    """The module that may evaluate any annotation."""
    fields: Module | None = None
    """The module that may evaluate those of any class's body: an instance has them, too."""
    constructors: Module | None = None
    """The module that may get at any class, and evaluate those of what makes its objects."""
    names: dict[str, Module] = field(default_factory=dict)
    """Attributes that are read of unknown objects: `fn.__call__`, `getattr(x, "run")`."""
    definitions: dict[ClassScope, Module] = field(default_factory=dict)
    """Functions and classes that are read by name, with the module that does."""


class Evaluating:
    """Answers for one project."""

    def __init__(self, view: View, families: Families) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._families = families
        self._passing = Passing(view.project, families)

    def function(self, module: Module, scope: int) -> Module | None:
        """Name the module that may evaluate the annotations in a function's signature."""
        owner = module.facts.scopes[scope].parent
        name = module.facts.scopes[scope].name.rpartition(".")[2]
        is_constructor = name in ("__init__", "__new__", "__call__") and owner != MODULE
        by_name = self._found.names.get(name)
        constructors = self._found.constructors if is_constructor else None
        return (
            self._found.everything or self._found.definitions.get((module, scope)) or by_name or constructors
        )

    def fields(self, module: Module, scope: int) -> Module | None:
        """Name the module that may evaluate the annotations in a class's body: as its own, or a subclass's."""
        below = (self._found.definitions.get(each) for each in self._families.below(module, scope))
        return self._found.everything or self._found.fields or next(filter(None, below), None)

    def variable(self) -> Module | None:
        """Name the module that may evaluate the annotations of variables at module level."""
        return self._found.everything

    @cached_property
    def _found(self) -> _Found:
        found = _Found()
        modules = {module: None for word in WORDS for module in self._view.project.mentioning(word)}
        for module in modules:
            if not module.source.is_test:
                self._look_into(module, found)
        return found

    def _look_into(self, module: Module, found: _Found) -> None:
        if not HOOKS.isdisjoint(module.facts.words):
            found.everything = module
            return
        text = self._view.text(module).whole
        lines = Lines(text)
        for read in readings(parse(text)):
            if read is None:
                found.everything = module
                return
            self._add(module, read, lines, found)

    def _add(self, module: Module, read: ast.expr, lines: Lines, found: _Found) -> None:
        match self._target(module, read, lines):
            case External() | Builtin():
                return
            case Defined(where, name) if name in where.facts.scopes[MODULE].definitions:
                found.definitions[where, where.facts.scopes[MODULE].definitions[name]] = module
                return
        found.fields = module
        found.names |= dict.fromkeys(_chain(read), module)
        scope = innermost(module, lines.span(read))
        source, names = self._passing.source(Step(module, scope, self._ref(module, scope, read, lines)))
        found.names |= dict.fromkeys(names, module)
        match source:
            case Source.ANYTHING:
                found.everything = module
            case Source.ANY_CLASS:
                found.constructors = module

    def _ref(self, module: Module, scope: int, read: ast.expr, lines: Lines) -> Ref | None:
        """Read an expression as a reference: to a name of the module, of the function, or of one around it."""
        match read:
            case ast.Attribute(value=value, attr=name):
                inner = self._ref(module, scope, value, lines)
                return None if inner is None else AttributeRef(inner, name)
            case ast.Subscript(value=value):
                inner = self._ref(module, scope, value, lines)
                return None if inner is None else ItemRef(inner)
            case ast.Call(func=func):
                inner = self._ref(module, scope, func, lines)
                return None if inner is None else CallRef(inner)
            case ast.Name(id=name):
                scopes = module.facts.scopes
                while scope > MODULE and not _binds(scopes[scope], name):
                    scope = scopes[scope].parent
                return NameRef(name, max(scope, MODULE))
        return None

    def _target(self, module: Module, read: ast.expr, lines: Lines) -> Target | None:
        """Tell what a plain name or chain of attributes means."""
        names = list(_chain(read))
        root = _root(read)
        if root is None:
            return None
        at = lines.span(root)
        for use in module.facts.uses.get(root.id, ()):
            if use.span == at:
                target = resolve(self._view.project, module, NameRef(use.name, use.bound))
                for name in reversed(names):
                    target = self._view.project.member(target, name)
                return target
        return None


def _chain(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Attribute):
        yield node.attr
        node = node.value


def _root(node: ast.expr) -> ast.Name | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def _binds(scope: Scope, name: str) -> bool:
    is_own = scope.kind != "class" and name in scope.locals
    return is_own or any(parameter.name == name for parameter in scope.parameters)
