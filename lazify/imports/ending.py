"""Functions that run when the program ends: an import may fail there.

From the end of the main thread on, `threading._register_atexit` raises RuntimeError, and `concurrent.futures.thread`
calls it when it is imported (CPython 3.11, Lib/threading.py and Lib/concurrent/futures/thread.py).
"""

from collections.abc import Iterator
from functools import cached_property

from lazify.getter.problems import Problem, problem
from lazify.imports.candidates import Candidate
from lazify.imports.pins import runtime_uses
from lazify.imports.placement import functions_around
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation, Ref

_REGISTERS = {External("atexit.register"): 0, External("weakref.finalize"): 1}
"""What keeps a function for the end, and which of its arguments that is."""

_Function = tuple[Module, int]
"""A module and the number of a scope in it."""


class Ending:
    """Answers for one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._project = view.project

    def problem(self, candidate: Candidate, name: str) -> Problem | None:
        """Say which function that runs at the end would have to import the name."""
        module = candidate.module
        for use in runtime_uses(candidate, name) if self._functions else ():
            for number in functions_around(module, use):
                if (module, number) in self._functions:
                    function = module.facts.scopes[number].name
                    reason = (
                        f"{function} runs at exit, when {candidate.package} may not be importable any more"
                    )
                    return problem(reason, module, use.span)
        return None

    @cached_property
    def _functions(self) -> frozenset[_Function]:
        """Those that are kept for the end, and what they call."""
        found: set[_Function] = set()
        queue = list(self._kept())
        while queue:
            at = queue.pop()
            if at not in found:
                found.add(at)
                module, number = at
                for operation in module.facts.scopes[number].operations:
                    if operation.does is Does.CALL:
                        queue += self._meant(module, operation.subject)
        return frozenset(found)

    def _kept(self) -> Iterator[_Function]:
        for module in {*self._project.mentioning("atexit"), *self._project.mentioning("finalize")}:
            for number, scope in enumerate(module.facts.scopes):
                for operation in scope.operations:
                    yield from self._registered(module, operation)
                if any(resolve(self._project, module, each) in _REGISTERS for each in scope.decorators):
                    yield module, number

    def _registered(self, module: Module, operation: Operation) -> Iterator[_Function]:
        if operation.does is not Does.CALL:
            return
        target = resolve(self._project, module, operation.subject)
        position = _REGISTERS.get(target) if isinstance(target, External) else None
        if position is None or len(operation.arguments) <= position:
            return
        yield from self._meant(module, operation.arguments[position].ref)
        for number, scope in enumerate(module.facts.scopes):
            if scope.kind == "lambda" and operation.span.contains(scope.span):
                yield module, number

    def _meant(self, module: Module, ref: Ref | None) -> Iterator[_Function]:
        """Find the functions that an expression may mean: those of its name, where it is an attribute of an object."""
        scopes = module.facts.scopes
        if isinstance(ref, NameRef) and ref.scope != MODULE:
            number = scopes[ref.scope].definitions.get(ref.name)
            if number is not None:
                yield module, number
            return
        target = resolve(self._project, module, ref)
        if isinstance(target, Defined):
            number = target.module.facts.scopes[MODULE].definitions.get(target.name)
            if number is not None:
                yield target.module, number
        elif target is None and isinstance(ref, AttributeRef):
            for number, scope in enumerate(scopes):
                is_method = scope.kind == "function" and scopes[scope.parent].kind == "class"
                if is_method and scope.name.rpartition(".")[2] == ref.name:
                    yield module, number
