"""Ways by which an object that nobody names comes to a function: out of dictionaries of names, or by its class.

An object is followed back through parameters to the calls that give it, through attributes to what they were set
to, and through functions to what they return. What has a name at the end of such a way is handed on by that name.
"""

from collections.abc import Iterator
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from lazify.imports.callers import CONSTRUCTORS, Calls, arguments_for
from lazify.imports.families import Families
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import BUILTINS, Builtin, Defined, External, InModule, Project
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    CallRef,
    ChoiceRef,
    Does,
    EnterRef,
    ItemRef,
    LambdaRef,
    LiteralRef,
    NameRef,
    Operation,
    Parameter,
    Ref,
    Scope,
    SuperRef,
)
from lazify.model.places import Span


class Source(Enum):
    """What an object may be besides something that is handed on by its name."""

    NAMED = "named"
    ANY_CLASS = "any class"
    ANYTHING = "anything"


class Step(NamedTuple):
    """An expression, in the code of one scope; or a parameter of it, by its name."""

    module: Module
    scope: int
    ref: Ref | None = None
    parameter: str = ""


_LOOK_UP = frozenset({"globals", "vars", "locals", "dir", "eval", "exec", "__import__"})
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
_TABLES = frozenset({"__dict__", "__globals__", "modules"})
_CLASS_OF = frozenset({"__class__", "__mro__", "__bases__", "__base__", "__subclasses__", "mro", "getmro"})
_CONSTANTS = frozenset({"str", "bytes", "int", "float", "complex", "bool", "None", "NoneType"})
_MOST_STEPS = 2000
"""Where the ways of an object are longer than this, nobody looks any further."""


class Passing:
    """Answers for one project."""

    def __init__(self, project: Project, families: Families) -> None:
        """Nothing is searched before the first question."""
        self._project = project
        self._calls = Calls(project, families)

    def source(self, start: Step) -> tuple[Source, frozenset[str]]:
        """Tell what an expression may give besides what has a name, and attributes that it may be by their names."""
        waiting = [start]
        seen = set(waiting)
        worst = Source.NAMED
        names: set[str] = set()
        while waiting:
            step = waiting.pop()
            for found in self._given(step) if step.parameter else self._behind(step, step.ref):
                match found:
                    case Source.ANYTHING:
                        return found, frozenset()
                    case Source.ANY_CLASS:
                        worst = found
                    case str():
                        names.add(found)
                    case Step() if found not in seen:
                        seen.add(found)
                        waiting.append(found)
            if len(seen) > _MOST_STEPS:
                return Source.ANYTHING, frozenset()
        return worst, frozenset(names)

    def _behind(self, at: Step, ref: Ref | None) -> Iterator[Source | Step | str]:
        """Yield where an expression gets what it gives from."""
        module = at.module
        if ref is None or (isinstance(ref, LiteralRef) and ref.type not in _CONSTANTS):
            yield from self._by_code(at)
            return
        match ref:
            case LiteralRef() | LambdaRef():
                return
            case SuperRef():
                yield Source.ANY_CLASS
            case ChoiceRef(options):
                yield from (at._replace(ref=option) for option in options)
            case ItemRef(value) | EnterRef(value):
                yield at._replace(ref=value)
            case CallRef(AttributeRef(LiteralRef(kind), _)) if kind in _CONSTANTS:
                return  # `", ".join(names)`
            case CallRef(callee):
                yield from self._behind_call(at, callee)
            case NameRef() | AttributeRef() if self._is_named(module, ref):
                return
            case NameRef(name, scope):
                yield from self._behind_name(at, name, scope)
            case AttributeRef(_, name):
                if name in _TABLES:
                    yield Source.ANYTHING
                if name in _CLASS_OF:
                    yield Source.ANY_CLASS
                yield from self._kept_under(name)

    def _behind_name(self, at: Step, name: str, number: int) -> Iterator[Source | Step | str]:
        scope = at.module.facts.scopes[number]
        if number == MODULE:
            values = scope.locals.get(name, ())
            yield from (Step(at.module, MODULE, value) for value in values)
            return
        for parameter in scope.parameters:
            if parameter.name == name and not self._is_data(at.module, parameter):
                if parameter is scope.parameters[0] and self._is_method(at.module, number):
                    yield Source.ANY_CLASS
                yield Step(at.module, number, parameter=name)
        yield from (Step(at.module, number, value) for value in scope.locals.get(name, ()))

    def _behind_call(self, at: Step, callee: Ref) -> Iterator[Source | Step | str]:
        name = callee.name if isinstance(callee, NameRef | AttributeRef) else ""
        target = resolve(self._project, at.module, callee)
        if isinstance(target, Builtin) or (isinstance(callee, NameRef) and _is_builtin(at.module, callee)):
            yield from self._behind_builtin(at, callee, name)
            return
        if name in _FINDERS:
            yield Source.ANYTHING
        if name in _CLASS_OF:
            yield Source.ANY_CLASS
        called = list(self._called(target, name))
        for module, number in called:
            yield from (Step(module, number, value) for value in module.facts.scopes[number].returns)
        if isinstance(callee, AttributeRef) and not isinstance(target, External | Defined):
            yield at._replace(ref=callee.value)  # `path.get("x")`, `queue.pop()`
        if not called and not isinstance(target, Defined):
            yield from self._arguments(at, callee)  # `inspect.unwrap(f)`

    def _behind_builtin(self, at: Step, callee: Ref, name: str) -> Iterator[Source | Step | str]:
        if name == "type":
            yield Source.ANY_CLASS
        if name in _LOOK_UP:
            yield Source.ANYTHING
        if name == "getattr":
            for call in self._calls_in(at, callee):
                named = call.arguments[1].constant if call.arguments[1:] else None
                yield named if isinstance(named, str) else Source.ANYTHING
                if isinstance(named, str):
                    yield from self._kept_under(named)
        yield from self._arguments(at, callee)

    def _arguments(self, at: Step, callee: Ref) -> Iterator[Step]:
        for call in self._calls_in(at, callee):
            yield from (at._replace(ref=argument.ref) for argument in call.arguments)

    def _calls_in(self, at: Step, callee: Ref) -> list[Operation]:
        operations = at.module.facts.scopes[at.scope].operations
        return [each for each in operations if each.does is Does.CALL and each.subject == callee]

    def _called(self, target: object, name: str) -> Iterator[tuple[Module, int]]:
        """Yield the functions that may be called: the one that is named, or methods of that name."""
        match target:
            case Defined(module, defined):
                number = module.facts.scopes[MODULE].definitions.get(defined)
                if number is not None and module.facts.scopes[number].kind == "function":
                    yield module, number
            case None:
                yield from self._functions.get(name, ())

    def _by_code(self, at: Step) -> Iterator[Source | Step | str]:
        """Where nothing is known of an expression, what its code does tells."""
        scope = at.module.facts.scopes[at.scope]
        for dynamic in at.module.facts.dynamics:
            is_looking = dynamic.what in _LOOK_UP | _FINDERS | _TABLES | {"sys.modules", "getattr"}
            if dynamic.scope == at.scope and is_looking and dynamic.literal is None:
                yield Source.ANYTHING
        for operation in scope.operations:
            if operation.does is Does.CALL and operation.subject is not None:
                yield at._replace(ref=CallRef(operation.subject))
        for parameter in scope.parameters:
            if not self._is_data(at.module, parameter):
                yield Step(at.module, at.scope, parameter=parameter.name)

    def _kept_under(self, name: str) -> Iterator[Source | Step | str]:
        """Yield what the classes of the project keep under a name."""
        for module in self._project.mentioning(name):
            for number, scope in enumerate(module.facts.scopes):
                if scope.kind == "class" and name in scope.attributes:
                    yield from (
                        Step(module, number, value) for value in scope.attributes[name] if value is not None
                    )
                    if not CONSTRUCTORS & scope.definitions.keys():
                        yield Step(module, number, parameter=name)  # a dataclass makes its constructor

    def _given(self, at: Step) -> Iterator[Source | Step | str]:
        """Yield what callers give for a parameter; for a field of a class, what its constructor gets."""
        scope = at.module.facts.scopes[at.scope]
        if _last_name(scope) == "__call__" and self._is_method(at.module, at.scope):
            yield Source.ANYTHING
        for caller, inside, operation, name in self._calls.of(at.module, at.scope):
            is_method = self._is_method(at.module, at.scope)
            for argument in arguments_for(operation, scope, at.parameter, called=name, is_method=is_method):
                yield Step(caller, inside, argument.ref)

    def _is_method(self, module: Module, number: int) -> bool:
        scopes = module.facts.scopes
        return scopes[scopes[number].parent].kind == "class"

    def _is_data(self, module: Module, parameter: Parameter) -> bool:
        """Tell whether a parameter is annotated as text, a number or the like: those have no annotations."""
        ref = parameter.annotation
        is_known = isinstance(ref, NameRef) and _is_builtin(module, ref)
        return is_known and isinstance(ref, NameRef) and ref.name in _CONSTANTS

    def _is_named(self, module: Module, ref: Ref) -> bool:
        match resolve(self._project, module, ref):
            case Defined(where, name):
                return name in where.facts.scopes[MODULE].definitions
            case External() | Builtin() | InModule():
                return True
        return isinstance(ref, NameRef) and _is_builtin(module, ref)

    @cached_property
    def _functions(self) -> dict[str, list[tuple[Module, int]]]:
        """All functions and methods of the project by their last names."""
        found: dict[str, list[tuple[Module, int]]] = {}
        for module in self._project.modules.values():
            for number, scope in enumerate(module.facts.scopes):
                if scope.kind == "function":
                    found.setdefault(scope.name.rpartition(".")[2], []).append((module, number))
        return found


def innermost(module: Module, span: Span) -> int:
    """Find the function whose code holds the span; 0 for the module's own."""
    scopes = enumerate(module.facts.scopes)
    return max(
        (n for n, scope in scopes if n and scope.kind == "function" and scope.span.contains(span)), default=0
    )


def _last_name(scope: Scope) -> str:
    return scope.name.rpartition(".")[2]


def _is_builtin(module: Module, ref: NameRef) -> bool:
    return ref.name in BUILTINS and ref.scope == MODULE and ref.name not in module.facts.bindings
