"""Functions that TorchScript compiles: it knows no import statement, and follows calls into other functions.

https://docs.pytorch.org/docs/stable/jit_language_reference.html; of an object, `forward` and what that calls:

model = torch.jit.script(Net())
"""

from collections.abc import Iterator
from functools import cached_property

from lazify.imports.reaching import Function, reached
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, LambdaRef, NameRef, Operation, Ref, Scope

_NAMES = frozenset(
    {"torch.jit.script", "torch.jit.script_method", "torch.jit.script_if_tracing", "torch.jit.export"}
)
_METHOD = "to_torchscript"
"""What Lightning's modules have: they are handed to `torch.jit.script` there."""
_ENTRY = "forward"


class Scripted:
    """Answers for the functions of one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project = view, view.project

    def of(self, module: Module, number: int) -> str | None:
        """Name what hands the function to TorchScript."""
        return self._compiled.get((module, number))

    @cached_property
    def _compiled(self) -> dict[Function, str]:
        return reached(self._roots(), self._called)

    def _roots(self) -> Iterator[tuple[Function, str]]:
        """Yield what is handed over by name, and every `forward` where an object is."""
        of_object = None
        for module in (*self._project.mentioning("jit"), *self._project.mentioning(_METHOD)):
            for operation in (each for scope in module.facts.scopes for each in scope.operations):
                if given := self._given(module, operation):
                    compiler, ref = given
                    if (function := self._function(module, ref)) is not None:
                        yield function, compiler
                    else:
                        of_object = compiler
        if of_object:
            yield from ((each, of_object) for each in self._methods.get(_ENTRY, ()))

    def _given(self, module: Module, operation: Operation) -> tuple[str, Ref | None] | None:
        """Name the compiler that is called, or decorates something, and what it is given."""
        if operation.does is not Does.CALL:
            return None
        if isinstance(operation.subject, AttributeRef) and operation.subject.name == _METHOD:
            return _METHOD, operation.subject.value
        target = resolve(self._project, module, operation.subject)
        if not (isinstance(target, External) and target.name in _NAMES and operation.arguments):
            return None
        return target.name, operation.arguments[0].ref

    def _function(self, module: Module, ref: Ref | None) -> Function | None:
        if isinstance(ref, LambdaRef):
            found, number = module, ref.scope
        else:
            target = resolve(self._project, module, ref)
            if not isinstance(target, Defined):
                return None
            found, number = (
                target.module,
                target.module.facts.scopes[MODULE].definitions.get(target.name, MODULE),
            )
        return (found, number) if found.facts.scopes[number].kind == "function" else None

    def _called(self, module: Module, number: int) -> Iterator[Function]:
        """Yield what the function may call: a method's attributes are modules, those of arguments tensors."""
        scopes = module.facts.scopes
        is_method = scopes[scopes[number].parent].kind == "class"
        for operation in module.facts.scopes[number].operations:
            if operation.does is not Does.CALL:
                continue
            if is_method and isinstance(operation.subject, AttributeRef):
                yield from self._methods.get(operation.subject.name, ())
            if (function := self._function(module, operation.subject)) is not None:
                yield function

    @cached_property
    def _methods(self) -> dict[str, list[Function]]:
        """The methods, by name, of classes that may be modules of torch: those with a base of other packages."""
        found: dict[str, list[Function]] = {}
        for module in self._project.mentioning(_ENTRY):
            for number, scope in enumerate(module.facts.scopes):
                owner = module.facts.scopes[scope.parent]
                if scope.kind == "function" and owner.kind == "class" and _has_base(owner):
                    found.setdefault(scope.name.rpartition(".")[2], []).append((module, number))
        return found


def _has_base(scope: Scope) -> bool:
    """Tell whether the class inherits from anything that is not plainly `object`."""
    return any(not (isinstance(base, NameRef) and base.name == "object") for base in scope.bases)
