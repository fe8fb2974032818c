"""Ways by which an object that nobody names comes to a function: out of dictionaries of names, or by its class."""

import ast
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, InModule, Project
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    ChoiceRef,
    Does,
    LiteralRef,
    NameRef,
    Operation,
    Ref,
)
from lazify.model.places import Span

At = tuple[Module, int]
"""A module and the number of one of its scopes."""


class Source(Enum):
    """What an object may be besides something that is handed on by its name."""

    NAMED = "named"
    ANY_CLASS = "any class"
    ANYTHING = "anything"


_LOOK_UP = frozenset(
    {"globals", "vars", "sys.modules", "__dict__", "__globals__", "eval", "exec", "__import__"}
)
_FINDERS = frozenset(
    {
        "getmembers",
        "getmembers_static",
        "import_module",
        "exec_module",
        "load_module",
        "locate",
        "import_string",
    }
)
_CLASS_OF = frozenset({"__class__", "__mro__", "__bases__", "__base__", "__subclasses__", "mro", "getmro"})
_CONSTANTS = frozenset({"str", "bytes", "int", "float", "complex", "bool", "None", "NoneType"})
_MOST_SCOPES = 400
"""Where an object passes through more functions than these, nobody looks any further."""


class Passing:
    """Answers for one project."""

    def __init__(self, project: Project) -> None:
        """Nothing is searched before the first question."""
        self._project = project

    def source(self, module: Module, scope: int, read: ast.expr) -> Source:
        """Tell what an expression may give that the code of one scope reads."""
        worst = self._through((module, scope))
        names = {node.id for node in ast.walk(read) if isinstance(node, ast.Name)}
        attributes = {node.attr for node in ast.walk(read) if isinstance(node, ast.Attribute)}
        if not names.isdisjoint({"self", "cls", "mcs", "type"}) and not attributes:
            worst = _worse(worst, Source.ANY_CLASS)
        waiting = [(module, scope), *self._holders(attributes)]
        seen = set(waiting)
        while waiting and worst is not Source.ANYTHING:
            at = waiting.pop()
            for caller, operation in self._calls_of(at):
                if caller not in seen and not self._is_plain(caller[0], operation):
                    worst = _worse(worst, self._through(caller))
                    seen.add(caller)
                    waiting.append(caller)
            if len(seen) > _MOST_SCOPES:
                return Source.ANYTHING
        return worst

    def _holders(self, attributes: Iterable[str]) -> Iterator[At]:
        """Yield the methods of the classes that keep something under one of the names."""
        for name in attributes:
            for module in self._project.mentioning(name):
                scopes = module.facts.scopes
                keep = {
                    number
                    for number, scope in enumerate(scopes)
                    if scope.kind == "class" and name in scope.attributes
                }
                yield from ((module, n) for n, scope in enumerate(scopes) if scope.parent in keep)
                yield from ((module, number) for number in keep)

    def _calls_of(self, at: At) -> Iterator[tuple[At, Operation]]:
        """Yield what calls the function, or hands it on, or makes an object of the class: by name."""
        module, number = at
        scopes = module.facts.scopes
        while number > MODULE:
            scope = scopes[number]
            name = scope.name.rpartition(".")[2]
            yield from self._by_name.get(name, ())
            owner = scopes[scope.parent]
            if owner.kind == "class" and name in ("__init__", "__new__", "__post_init__"):
                yield from self._by_name.get(owner.name.rpartition(".")[2], ())
                yield from self._by_name.get("cls", ())
            number = scope.parent

    @cached_property
    def _by_name(self) -> dict[str, list[tuple[At, Operation]]]:
        """Every call by the last names of what is called and of what it gets."""
        found: dict[str, list[tuple[At, Operation]]] = {}
        for module in self._project.modules.values():
            for number, scope in enumerate(module.facts.scopes):
                for operation in scope.operations:
                    for name in _mentioned(operation):
                        found.setdefault(name, []).append(((module, number), operation))
        return found

    @cached_property
    def _functions(self) -> frozenset[object]:
        """The names of all functions and methods of the project."""
        modules = self._project.modules.values()
        scopes = (scope for module in modules for scope in module.facts.scopes if scope.kind == "function")
        return frozenset(scope.name.rpartition(".")[2] for scope in scopes)

    def _is_plain(self, module: Module, operation: Operation) -> bool:
        """Tell whether all that a call gives is a constant, or has a name of its own."""
        return all(self._is_named(module, each.ref) for each in operation.arguments)

    def _is_named(self, module: Module, ref: Ref | None) -> bool:
        match ref:
            case LiteralRef(kind):
                return kind in _CONSTANTS
            case ChoiceRef(options):
                return all(self._is_named(module, option) for option in options)
        return isinstance(resolve(self._project, module, ref), Defined | External | Builtin | InModule)

    def _through(self, at: At) -> Source:
        """Tell what the code of a scope, and of the functions inside it, looks objects up by."""
        module, number = at
        inside = set(_within(module, number))
        for dynamic in module.facts.dynamics:
            is_getattr = dynamic.what == "getattr" and dynamic.literal is None
            if dynamic.scope in inside and (is_getattr or dynamic.what in _LOOK_UP | {"import_module"}):
                return Source.ANYTHING
        operations = [each for n in inside for each in module.facts.scopes[n].operations]
        called = {name for each in operations for name in _callee(each)}
        spelled = {
            each.arguments[1].constant
            for each in operations
            if "getattr" in _callee(each) and each.arguments[1:]
        }
        if not called.isdisjoint(_FINDERS) or not self._functions.isdisjoint(spelled):
            return Source.ANYTHING
        is_class = "type" in called or not _CLASS_OF.isdisjoint(module.facts.words)
        return Source.ANY_CLASS if is_class else Source.NAMED


def innermost(module: Module, span: Span) -> int:
    """Find the function whose code, or whose lambda's, holds the span; 0 for the module's own."""
    scopes = enumerate(module.facts.scopes)
    return max(
        (n for n, scope in scopes if n and scope.kind == "function" and scope.span.contains(span)), default=0
    )


def _worse(one: Source, other: Source) -> Source:
    order = list(Source)
    return max(one, other, key=order.index)


def _within(module: Module, number: int) -> Iterator[int]:
    """Yield a scope and those inside; of the module only its own, with the bodies of classes and lambdas."""
    scopes = module.facts.scopes
    found = {number}
    yield number
    for inner, scope in enumerate(scopes):
        if scope.parent in found and (number or scope.kind in ("class", "lambda")) and inner not in found:
            found.add(inner)
            yield inner


def _callee(operation: Operation) -> Iterator[str]:
    subject = operation.subject
    if operation.does is Does.CALL and isinstance(subject, NameRef | AttributeRef):
        yield subject.name


def _mentioned(operation: Operation) -> Iterator[str]:
    """Yield the last names of what an operation calls, and of what it gives along."""
    yield from _callee(operation)
    for each in operation.arguments:
        if isinstance(each.ref, NameRef | AttributeRef):
            yield each.ref.name
