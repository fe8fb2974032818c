"""State of Python's own modules, and of libraries, that the making of a value reads and that the project changes.

`NAMES = list(calendar.day_name)` and `locale.setlocale(…)` in a function: made on first use, the names may be in
another language.
"""

import re
from collections.abc import Container, Iterable, Iterator

from lazify.getter.class_state import reached_scopes
from lazify.getter.earlier import Earlier
from lazify.getter.groups import Group
from lazify.getter.options import is_off
from lazify.getter.problems import Problem, problem
from lazify.index.changes import changed_in_place
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External
from lazify.index.view import View
from lazify.knowledge.changes import State, methods_read, states
from lazify.model.facts import MODULE, AttributeRef, Does, Operation, Ref, Role, Use
from lazify.model.places import Span

_CALL = "()"
_OF_ITSELF = re.compile(r"\s*\[\s*(?:[\w.]*__(?:module|name|package)__|[\"']__main__[\"'])\s*\]")


def python_state_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse what reads such state, itself or in a function it calls, where something else changes it."""
    read = frozenset(_read(view, group))
    called = frozenset(name.removesuffix(_CALL) for name in read if name.endswith(_CALL))
    for state in states():
        is_read = any(map(state.is_read_by, read)) or any(map(state.is_read_by_call, called))
        if is_read and (found := _change(view, group, state, read)):
            reason = f"it reads {state.what}, which the program changes"
            yield problem(reason, found[0], found[1])


def _read(view: View, group: Group) -> Iterator[str]:
    """Yield full names and `.methods` that the statements and the functions they reach spell; `name()` where called."""
    scopes = reached_scopes(view, group)
    for module in dict.fromkeys((group.module, *(module for module, _ in scopes))):
        for use in (use for uses in module.facts.uses.values() for use in uses):
            is_direct = module is group.module and use.statement in group.statements and not use.deferred
            if use.role is Role.LOAD and (is_direct or (module, use.scope) in scopes):
                target = view.project.named(module, use)
                if isinstance(target, External) and not _is_of_itself(view, module, use):
                    name = ".".join((target.name, *use.attributes))
                    yield from (name, f"{name}{_CALL}") if use.is_called else (name,)
                elif target is None:
                    yield use.name
    own = _operations(group.module, MODULE)
    yield from _methods(view, group.module, MODULE, (o for o in own if o.statement in group.statements))
    for module, scope in scopes:
        yield from _methods(view, module, scope, _operations(module, scope))


def _is_of_itself(view: View, module: Module, use: Use) -> bool:
    """Tell whether a table of modules is asked for the module of the code, or of a class: that one is loaded."""
    if use.name != "modules" and "modules" not in use.attributes:
        return False
    end = use.ends[-1] if use.ends else use.span[2:]
    return _OF_ITSELF.match(view.text(module).line(end[0])[end[1] :]) is not None


def _operations(module: Module, scope: int) -> Iterable[Operation]:
    return module.facts.scopes[scope].operations


def _methods(view: View, module: Module, scope: int, operations: Iterable[Operation]) -> Iterator[str]:
    """Yield `.method` for each call of one, and `package.Class.method` where some state is read by that method."""
    read = methods_read()
    for each in operations:
        if each.does is Does.CALL and isinstance(each.subject, AttributeRef):
            yield f".{each.subject.name}"
            owner = (
                view.effects.class_of(module, each.subject.value, scope)
                if each.subject.name in read
                else None
            )
            if isinstance(owner, External):
                yield f"{owner.name}.{each.subject.name}"


def _change(view: View, group: Group, state: State, read: frozenset[str]) -> tuple[Module, Span] | None:
    """Find what changes the state and may come after the statements ran."""
    if state.is_always:
        return group.module, group.first.span
    for word in sorted(state.words):
        for module in view.project.mentioning(word):
            return module, Span(1, 0, 1, 0)
    names = {name.rpartition(".")[2] for name in read}
    spelled = dict.fromkeys(name.rpartition(".")[2] for name in sorted(state.by))
    modules = dict.fromkeys(module for word in spelled for module in view.project.mentioning(word))
    for module in modules:
        for number, scope in enumerate(module.facts.scopes):
            for operation in scope.operations:
                is_change = _changes(view, module, operation, state, names)
                is_change = is_change and not _is_before(view, group, module, number, operation)
                if is_change and not (state.option and is_off(view, module, number, operation, state.option)):
                    return module, operation.span
    return None


def _changes(view: View, module: Module, operation: Operation, state: State, names: Container[str]) -> bool:
    """Tell whether an operation changes the state, as far as what is read of it has these names."""
    changed = changed_in_place(operation)
    if any(map(state.is_changed_by, _name(view, module, changed))):
        return not state.is_by_keyword or getattr(changed, "name", None) in names
    if operation.does is not Does.CALL or _name(view, module, operation.subject).isdisjoint(state.by):
        return False
    keywords = [argument.keyword for argument in operation.arguments if argument.keyword]
    return not (state.is_by_keyword and keywords) or any(keyword in names for keyword in keywords)


def _is_before(view: View, group: Group, module: Module, scope: int, operation: Operation) -> bool:
    """Tell whether it is part of the making, or has run when that runs."""
    if scope != MODULE:
        return False
    is_own = module is group.module and operation.statement in group.statements
    return is_own or view.once(Earlier).has_run(module, operation.span.line, group)


def _name(view: View, module: Module, subject: Ref | None) -> set[str]:
    target = resolve(view.project, module, subject)
    names = {target.name} if isinstance(target, External) else set()
    return names | ({f".{subject.name}"} if isinstance(subject, AttributeRef) else set())
