"""What runs when the program ends and asks for a value: it may not be made there any more, or be closed already.

    log = Log()                   # its constructor registers log.close
    atexit.register(flush)        # what is registered last runs first: flush still finds the log open

Made when somebody first asks for it, the log would be registered after `flush`, and be closed when that writes to it.
Where nobody asked before, `flush` would make it, which may fail: threads cannot be started any more (CPython 3.12,
Python/pylifecycle.c), nothing is registered for the end, and in `__del__` even `open` may be gone.
"""

from collections.abc import Container, Iterator, Mapping
from functools import cached_property

from lazify.getter.candidates import Candidate
from lazify.getter.class_state import reached_scopes
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.getter.redirect import Redirection
from lazify.index.modules import Module
from lazify.index.occurrences import UseOccurrence, resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation, Ref, Role
from lazify.model.places import Span

_REGISTERS = {External("atexit.register"): 0, External("weakref.finalize"): 1}
"""What keeps a function for the end, and which of its arguments that is."""
_FREE = frozenset({EffectKind.ENVIRONMENT, EffectKind.FILE_READ})
"""What can be done at the end, too, and leaves nothing behind that must be closed."""

_Function = tuple[Module, int]
"""A module and the number of a scope in it."""


class Exits:
    """Answers for one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view

    @cached_property
    def functions(self) -> frozenset[_Function]:
        """The functions that are kept for the end, and what they call."""
        found: set[_Function] = set()
        queue = list(self._kept())
        modules = self._view.project.modules
        while queue:
            at = queue.pop()
            if at not in found:
                found.add(at)
                module, number = at
                queue += ((modules[path], scope) for path, scope in self._view.effects.run_by(module, number))
                for operation in module.facts.scopes[number].operations:
                    if operation.does is Does.CALL:
                        queue += self._meant(module, operation.subject)
        return frozenset(found)

    def registers(self, group: Group) -> bool:
        """Tell whether making the value keeps a function for the end."""
        scopes = {*reached_scopes(self._view, group)} if self._modules else set()
        return any(
            group.owns(module, operation.statement) if number == MODULE else (module, number) in scopes
            for module in self._modules
            for number, scope in enumerate(module.facts.scopes)
            for operation in scope.operations
            if self._position(module, operation) is not None
        )

    @cached_property
    def _modules(self) -> tuple[Module, ...]:
        project = self._view.project
        return tuple(dict.fromkeys((*project.mentioning("atexit"), *project.mentioning("finalize"))))

    def _kept(self) -> Iterator[_Function]:
        for module in self._modules:
            for number, scope in enumerate(module.facts.scopes):
                for operation in scope.operations:
                    yield from self._registered(module, operation)
                if any(resolve(self._view.project, module, each) in _REGISTERS for each in scope.decorators):
                    yield module, number

    def _position(self, module: Module, operation: Operation) -> int | None:
        """Which argument of a call is kept for the end."""
        if operation.does is not Does.CALL:
            return None
        target = resolve(self._view.project, module, operation.subject)
        return _REGISTERS.get(target) if isinstance(target, External) else None

    def _registered(self, module: Module, operation: Operation) -> Iterator[_Function]:
        position = self._position(module, operation)
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
        target = resolve(self._view.project, module, ref)
        if isinstance(target, Defined):
            number = target.module.facts.scopes[MODULE].definitions.get(target.name)
            if number is not None:
                yield target.module, number
        elif target is None and isinstance(ref, AttributeRef):
            for number, scope in enumerate(scopes):
                is_method = scope.kind == "function" and scopes[scope.parent].kind == "class"
                if is_method and scope.name.rpartition(".")[2] == ref.name:
                    yield module, number


def exit_problem(
    view: View, to: Redirection, closing: Container[tuple[Module, Span]], found: Mapping[Group, Candidate]
) -> Iterator[Problem]:
    """Refuse what is asked for at the end, but for uses (of `closing`) that only look whether it was made."""
    for use in to.found.uses:
        is_own = to.group.owns(use.module, use.use.statement) or use.use.role is Role.STORE
        scopes = () if is_own or (use.module, use.span) in closing else tuple(_around(use))
        for number in scopes:
            name = use.module.facts.scopes[number].name.rpartition(".")[2]
            if name == "__del__":
                reason = f"__del__ uses {to.name}, perhaps when nothing can be made any more"
                yield problem(reason, use.module, use.span)
            elif (use.module, number) in view.once(Exits).functions and _is_bound(view, to.group, found):
                reason = (
                    f"{name} may run at exit, when {to.name} cannot be made any more, or is closed already"
                )
                yield problem(reason, use.module, use.span)


def _around(use: UseOccurrence) -> Iterator[int]:
    """The functions that the use stands in, the innermost first."""
    number = use.use.scope
    while number > MODULE:
        yield number
        number = use.module.facts.scopes[number].parent


def _is_bound(view: View, group: Group, found: Mapping[Group, Candidate]) -> bool:
    """Tell whether making the value, or those that it is computed from, is not the same at the end."""
    kinds = {
        effect.kind
        for number in group.statements
        for effect in view.effects.of_statement(group.module, number)
    }
    bases = found[group].bases if group in found else ()
    return (
        not kinds <= _FREE
        or view.once(Exits).registers(group)
        or any(_is_bound(view, g, found) for g in bases)
    )
