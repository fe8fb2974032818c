"""Functions that an import may call while it runs: one that imports something by itself would be called for that, too.

sys.addaudithook(watch)                              every import raises an event
sys.meta_path.insert(0, Finder())                    find_spec() is asked for every module
class Count(logging.Handler): def emit(self, record)         packages log while they are imported
signal.signal(signal.SIGTERM, stop)                  half a module may be there when the signal comes
"""

import ast
from collections.abc import Iterator
from functools import cached_property

from lazify.imports.reaching import Function, reached
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, LambdaRef, NameRef, Operation, Ref, Scope
from lazify.statements import parse

_TAKERS = {
    "codecs.register": "codecs.register",
    "codecs.register_error": "codecs.register_error",
    "gc.callbacks.append": "gc.callbacks",
    "logging.setLogRecordFactory": "logging.setLogRecordFactory",
    "signal.signal": "signal.signal",
    "sys.addaudithook": "sys.addaudithook",
    "sys.path_hooks.append": "sys.path_hooks",
    "sys.path_hooks.insert": "sys.path_hooks",
    "sys.setprofile": "sys.setprofile",
    "sys.settrace": "sys.settrace",
    "threading.setprofile": "threading.setprofile",
    "threading.settrace": "threading.settrace",
}
"""Functions that are handed one, and what to call them."""
_VARIABLES = frozenset({"__import__", "formatwarning", "showwarning", "unraisablehook"})
"""Variables of the standard library that hold one."""
_IMPORTERS = frozenset({"create_module", "exec_module", "find_module", "find_spec"})
"""Methods of finders and loaders; https://docs.python.org/3/reference/import.html#the-meta-path."""
_LOGGERS = frozenset(
    {"emit", "filter", "format", "formatException", "formatMessage", "formatTime", "handle", "makeRecord"}
)
"""Methods of the classes of `logging` that a record passes through."""
_DEEPEST = 5


class Hooks:
    """Answers for the functions of one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project = view, view.project

    def of(self, module: Module, number: int) -> str | None:
        """Say who may call the function while something is imported."""
        return self._called.get((module, number))

    @cached_property
    def _called(self) -> dict[Function, str]:
        return reached(self._roots(), self._calls)

    def _calls(self, module: Module, number: int) -> Iterator[Function]:
        for operation in module.facts.scopes[number].operations:
            if operation.does is Does.CALL:
                yield from self._functions(module, operation.subject)

    def _roots(self) -> Iterator[tuple[Function, str]]:
        for word in dict.fromkeys(name.split(".")[1] for name in _TAKERS):
            for module in self._project.mentioning(word):
                for operation in (each for scope in module.facts.scopes for each in scope.operations):
                    if (taker := self._taker(module, operation)) is not None:
                        given = (a.ref for a in operation.arguments)
                        yield from ((f, taker) for ref in given for f in self._functions(module, ref))
        for word in sorted(_VARIABLES):
            for module in self._project.mentioning(word):
                yield from ((function, word) for function in self._assigned(module, word))
        for word in sorted(_IMPORTERS | _LOGGERS):
            for module in self._project.mentioning(word):
                yield from ((function, word) for function in self._methods(module, word))

    def _taker(self, module: Module, operation: Operation) -> str | None:
        if operation.does is not Does.CALL:
            return None
        target = resolve(self._project, module, operation.subject)
        return _TAKERS.get(target.name) if isinstance(target, External) else None

    def _assigned(self, module: Module, variable: str) -> Iterator[Function]:
        for node in ast.walk(parse(self._view.text(module).whole)):
            match node:
                case ast.Assign(targets=[ast.Attribute(attr=attr)], value=ast.Name(id=name)) if (
                    attr == variable
                ):
                    yield from _named(module, name)

    def _methods(self, module: Module, name: str) -> Iterator[Function]:
        for number, scope in enumerate(module.facts.scopes):
            owner = module.facts.scopes[scope.parent]
            is_method = scope.kind == "function" and owner.kind == "class" and scope.name.endswith(f".{name}")
            if is_method and (name in _IMPORTERS or self._is_of_logging(module, owner, 0)):
                yield module, number

    def _is_of_logging(self, module: Module, scope: Scope, depth: int) -> bool:
        for base in scope.bases:
            match resolve(self._project, module, base):
                case External(name) if name.startswith("logging."):
                    return True
                case Defined(owner, name) if depth < _DEEPEST:
                    number = owner.facts.scopes[MODULE].definitions.get(name)
                    if number is not None and self._is_of_logging(
                        owner, owner.facts.scopes[number], depth + 1
                    ):
                        return True
        return False

    def _functions(self, module: Module, ref: Ref | None) -> Iterator[Function]:
        """Yield the functions of the project that a reference may mean; a method by its name, in its module."""
        if isinstance(ref, LambdaRef):
            yield module, ref.scope
        elif isinstance(ref, AttributeRef) and isinstance(ref.value, NameRef) and ref.value.scope != MODULE:
            yield from _named(module, ref.name)
        elif isinstance(target := resolve(self._project, module, ref), Defined):
            number = target.module.facts.scopes[MODULE].definitions.get(target.name)
            if number is not None and target.module.facts.scopes[number].kind == "function":
                yield target.module, number


def _named(module: Module, name: str) -> Iterator[Function]:
    """Yield the functions and methods of that name, wherever the module defines them."""
    for number, scope in enumerate(module.facts.scopes):
        if scope.kind == "function" and scope.name.rpartition(".")[2] == name:
            yield module, number
