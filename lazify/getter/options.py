"""Options that take its effect off a call: `dictConfig({"version": 1, "disable_existing_loggers": False})`.

Each call is asked for itself: what it is given, the name that has it, the function that makes it, and where a function
is handed it, each of its callers.
"""

import re
from collections.abc import Iterator

from lazify.getter.groups import root
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.model.facts import MODULE, Argument, AttributeRef, CallRef, Does, NameRef, Operation, Ref, Scope

_DEEPEST = 3
"""Functions that hand on what they are given."""


def is_off(view: View, module: Module, number: int, call: Operation, option: str) -> bool:
    """Tell whether a call in that scope is given `option=False`, `{"option": False}`, or what was set to that."""
    return _Asking(view, option).is_off(module, number, call.arguments, _DEEPEST)


class _Asking:
    def __init__(self, view: View, option: str) -> None:
        self._view, self._option = view, option
        self._off = re.compile(rf"\b{option}\b\W{{1,8}}False\b")

    def is_off(self, module: Module, number: int, arguments: tuple[Argument, ...], depth: int) -> bool:
        if any(each.keyword == self._option and each.constant is False for each in arguments):
            return True
        texts: list[str] = []
        for argument in arguments:
            texts.append(self._view.text(module).cut(argument.span))
            parameter = _parameter(module.facts.scopes[number], number, argument.ref)
            if parameter is not None and depth:
                return self._is_off_for_callers(module, number, parameter, depth - 1)
            texts += self._texts(module, number, argument.ref)
        return any(map(self._off.search, texts))

    def _texts(self, module: Module, number: int, ref: Ref | None) -> Iterator[str]:
        """Yield the code that makes what an argument names."""
        scopes, text = module.facts.scopes, self._view.text(module)
        made = ref.callee if isinstance(ref, CallRef) else ref
        target = resolve(self._view.project, module, made)
        start = root(ref)
        if isinstance(target, Defined):
            facts, whole = target.module.facts, self._view.text(target.module)
            bindings = facts.bindings.get(target.name, ())
            yield from (whole.cut(facts.statements[each.statement].span) for each in bindings)
        elif isinstance(start, NameRef) and start.scope != MODULE:  # a variable, or an attribute of `self`
            parent = scopes[number].parent
            is_own = isinstance(made, AttributeRef) and scopes[parent].kind == "class"
            yield text.cut(scopes[parent if is_own else number].span)

    def _is_off_for_callers(self, module: Module, number: int, position: int, depth: int) -> bool:
        """Tell whether all who call the function give it what says so."""
        function = Defined(module, module.facts.scopes[number].name)
        name = module.facts.scopes[number].parameters[position].name
        found = [
            self.is_off(caller, at, given, depth)
            for caller in self._view.project.mentioning(function.name)
            for at, scope in enumerate(caller.facts.scopes)
            for call in scope.operations
            if call.does is Does.CALL and resolve(self._view.project, caller, call.subject) == function
            if (given := _given(call, position, name))
        ]
        return bool(found) and all(found)


def _parameter(scope: Scope, number: int, ref: Ref | None) -> int | None:
    """Give the place of the parameter that an argument is, where nothing else is bound to its name."""
    if not isinstance(ref, NameRef) or ref.scope != number or any(scope.locals.get(ref.name, ())):
        return None
    return next((n for n, each in enumerate(scope.parameters) if each.name == ref.name), None)


def _given(call: Operation, position: int, name: str) -> tuple[Argument, ...]:
    """Give the argument of a call for a parameter."""
    positional = [each for each in call.arguments if each.keyword is None]
    named = [each for each in call.arguments if each.keyword == name]
    return tuple(named or positional[position : position + 1])
