"""Which functions and classes are handed on as values: who gets them may look at their annotations."""

import sys
from collections.abc import Iterator
from functools import cached_property

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, External
from lazify.index.view import View
from lazify.model.facts import AttributeRef, CallRef, ChoiceRef, Does, NameRef, Operation, Ref, Role

_ONLY_CALLS = frozenset(
    {
        "run_in_executor",
        "run_in_threadpool",
        "to_thread",
        "submit",
        "call_soon",
        "call_later",
        "call_soon_threadsafe",
        "add_done_callback",
        "apply_async",
        "starmap",
    }
)
"""Methods of unknown objects that call what they get, and nothing else."""
_READS_ANNOTATIONS = frozenset({"typing", "inspect", "annotationlib", "dataclasses"})
_READERS = frozenset({"functools.singledispatch", "functools.singledispatchmethod"})


class Escapes:
    """Tells by name: where two things share a name, both count as handed on."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view

    def escapes(self, name: str) -> bool:
        """Tell whether something of that name is passed, stored or returned, other than to be called."""
        return name in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(name for module in self._view.project.modules.values() for name in self._of(module))

    def _of(self, module: Module) -> Iterator[str]:
        harmless = set(self._harmless(module))
        has_injection = not {"Depends", "Provide", "Inject"}.isdisjoint(module.facts.words)
        for uses in module.facts.uses.values():
            for use in uses:
                is_value = (
                    use.role in (Role.LOAD, Role.DEFAULT, Role.DEBUG, Role.UNLOCATED) and not use.is_called
                )
                is_injected = has_injection and use.role is Role.ANNOTATION
                if (is_value and use.span[:2] not in harmless) or is_injected:
                    yield use.attributes[-1] if use.attributes else use.name
        for scope in module.facts.scopes:
            for operation in scope.operations:
                if not self._is_harmless(module, operation):
                    for argument in operation.arguments:
                        yield from _method_names(argument.ref)
            for refs in (*scope.locals.values(), *scope.attributes.values(), scope.returns):
                for ref in refs:
                    yield from _method_names(ref)

    def _harmless(self, module: Module) -> Iterator[tuple[int, int]]:
        """Yield where arguments start that are given to what only calls them."""
        for scope in module.facts.scopes:
            for operation in scope.operations:
                if self._is_harmless(module, operation):
                    yield from (
                        (argument.span.line, argument.span.column) for argument in operation.arguments
                    )

    def _is_harmless(self, module: Module, operation: Operation) -> bool:
        if operation.does is not Does.CALL:
            return False
        subject = operation.subject
        if isinstance(subject, AttributeRef) and subject.name in _ONLY_CALLS:
            return True
        match resolve(self._view.project, module, subject):
            case External(name):
                top = name.partition(".")[0]
                is_standard = top in sys.stdlib_module_names and top not in _READS_ANNOTATIONS
                return is_standard and name not in _READERS
            case Builtin():
                return True
            case None:
                return (
                    isinstance(subject, NameRef)
                    and subject.name not in module.facts.bindings
                    and not subject.scope
                )
            case _:
                return False


def _method_names(ref: Ref | None) -> Iterator[str]:
    """Yield the attributes that an expression gives as values: `handler` of `self.handler`."""
    match ref:
        case AttributeRef(_, name):
            yield name
        case ChoiceRef(options):
            for option in options:
                yield from _method_names(option)
        case CallRef():
            return
