"""Which functions and classes are handed on as values: who gets them may look at their annotations."""

import sys
from collections.abc import Iterator
from functools import cached_property

from lazify.imports.families import ClassScope, Families
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, ChoiceRef, Does, NameRef, Operation, Ref, Role, Use

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
    """Tells by name: where two things share a name, both count as handed on; `self.f` is a method of its class."""

    def __init__(self, view: View, families: Families) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._families = families

    def escapes(self, name: str, owner: ClassScope | None = None) -> bool:
        """Tell whether something of that name, or that method, is passed, stored or returned, other than called."""
        families = self._found.get(name)
        return families is not None and (
            None in families or (owner and self._families.of(*owner)) in families
        )

    @cached_property
    def _found(self) -> dict[str, set[object]]:
        """Names that are handed on, each with the families of classes whose own it is; None for anybody's."""
        found: dict[str, set[object]] = {}
        for module in self._view.project.modules.values():
            for name, family in self._of(module):
                found.setdefault(name, set()).add(family)
        return found

    def _of(self, module: Module) -> Iterator[tuple[str, object]]:
        harmless = set(self._harmless(module))
        has_injection = not {"Depends", "Provide", "Inject"}.isdisjoint(module.facts.words)
        for uses in module.facts.uses.values():
            for use in uses:
                is_value = (
                    use.role in (Role.LOAD, Role.DEFAULT, Role.DEBUG, Role.UNLOCATED) and not use.is_called
                )
                is_injected = has_injection and use.role is Role.ANNOTATION
                is_handed_on = (is_value and use.span[:2] not in harmless) or is_injected
                if is_handed_on and not self._is_foreign(module, use):
                    yield (use.attributes[-1] if use.attributes else use.name), self._family(module, use)
        for scope in module.facts.scopes:
            for operation in scope.operations:
                if not self._is_harmless(module, operation):
                    for argument in operation.arguments:
                        yield from self._method_names(module, argument.ref)
            for refs in (*scope.locals.values(), *scope.attributes.values(), scope.returns):
                for ref in refs:
                    yield from self._method_names(module, ref)

    def _method_names(self, module: Module, ref: Ref | None) -> Iterator[tuple[str, object]]:
        """Yield the attributes that an expression gives as values: `handler` of `self.handler`."""
        match ref:
            case AttributeRef(value) if isinstance(resolve(self._view.project, module, value), External):
                return
            case AttributeRef(NameRef(owner, scope), name):
                yield name, self._family_of_self(module, owner, scope)
            case AttributeRef(_, name):
                yield name, None
            case ChoiceRef(options):
                for option in options:
                    yield from self._method_names(module, option)

    def _is_foreign(self, module: Module, use: Use) -> bool:
        """`requests.get` is nothing of the project's."""
        if not use.attributes or use.bound != MODULE:
            return False
        return isinstance(resolve(self._view.project, module, NameRef(use.name, use.bound)), External)

    def _family(self, module: Module, use: Use) -> object:
        return self._family_of_self(module, use.name, use.bound) if len(use.attributes) == 1 else None

    def _family_of_self(self, module: Module, name: str, bound: int) -> object:
        """Give the family of the class whose method calls its first parameter `name`; None for other names."""
        scopes = module.facts.scopes
        parent = scopes[bound].parent if bound > MODULE else MODULE
        is_method = parent > MODULE and scopes[parent].kind == "class" and scopes[bound].kind == "function"
        is_first = is_method and bool(scopes[bound].parameters) and scopes[bound].parameters[0].name == name
        return self._families.of(module, parent) if is_first and name in ("self", "cls") else None

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
