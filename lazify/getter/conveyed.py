"""Functions that hand on what they get, however many modules lie between: `def go(work): return jobs.send(work)`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lazify.index.modules import Module
from lazify.index.occurrences import occurrences, resolve
from lazify.index.project import Defined, InModule
from lazify.index.view import View, runs_in_service
from lazify.model.facts import MODULE, Does, LambdaRef, NameRef, Operation, Role, Use

_FARTHEST = 4
"""Functions that hand on to the next; behind more, what is handed over is about something else."""


@dataclass(frozen=True, slots=True)
class Conveyed:
    """What reaches some functions as an argument."""

    through: set[Defined] = field(default_factory=set)
    """The functions and classes that hand on what they get, or what is nested in them."""
    given: set[Defined | InModule] = field(default_factory=set)
    """What is handed to them by its name, or decorated by them."""


def conveyed(view: View, seeds: Iterable[Defined]) -> Conveyed:
    """Follow the callers of `seeds`, which do something with what they get."""
    found = Conveyed()
    found.through.update(seeds)
    fresh = [*found.through]
    for _ in range(_FARTHEST):
        callers = {caller for target in fresh for caller in _callers(view, target, found)}
        fresh = [each for each in callers if each not in found.through]
        found.through.update(fresh)
    return found


def given(view: View, module: Module, call: Operation) -> Iterator[Defined | InModule | None]:
    """Yield what a call gets: what is defined in the project, and None for what is local: a parameter, a lambda."""
    for argument in call.arguments:
        target = resolve(view.project, module, argument.ref)
        if isinstance(target, Defined | InModule):
            yield target
        elif isinstance(argument.ref, LambdaRef) or (
            isinstance(argument.ref, NameRef) and argument.ref.scope != MODULE
        ):
            yield None


def top_of(module: Module, scope: int) -> Defined | None:
    """The function or class at module level that a scope is part of; None for the module itself."""
    if scope == MODULE:
        return None
    scopes = module.facts.scopes
    while scopes[scope].parent != MODULE:
        scope = scopes[scope].parent
    return Defined(module, scopes[scope].name)


def _callers(view: View, target: Defined, found: Conveyed) -> Iterator[Defined]:
    """Yield the functions that hand something local on to the target, and note what others hand to it by name."""
    for use in occurrences(view.project, target.module, target.name).uses:
        if not runs_in_service(use.module):
            continue
        if use.use.role is Role.DECORATOR:
            found.given.update(_decorated(use.module, use.use))
        for call in _calls(use.module, use.use):
            for each in given(view, use.module, call):
                caller = top_of(use.module, use.use.scope)
                if each is not None:
                    found.given.add(each)
                elif caller is not None:
                    yield caller


def _calls(module: Module, use: Use) -> Iterator[Operation]:
    """Yield the calls that begin with the use: `send(work)`, `Runner().run(work)`."""
    start = use.span[:2]
    for operation in module.facts.scopes[use.scope].operations:
        if operation.does is Does.CALL and operation.span[:2] == start:
            yield operation


def _decorated(module: Module, use: Use) -> Iterator[Defined]:
    scopes = module.facts.scopes
    for name, number in scopes[MODULE].definitions.items():
        if scopes[number].decorators and scopes[number].span.contains(use.span) and use.scope == MODULE:
            yield Defined(module, name)
