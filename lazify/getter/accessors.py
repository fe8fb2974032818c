"""Functions that a module has already, and that only return the value: one of them may become its getter."""

from lazify.getter.names import stem
from lazify.index.modules import Module
from lazify.index.occurrences import Occurrences
from lazify.index.view import View
from lazify.model.facts import MODULE, Scope


def accessor_of(view: View, found: Occurrences) -> Scope | None:
    """Find the function of the defining module that may become the getter of the name."""
    origin = found.namespaces[0]
    accessor = _named_as_getter(origin.module, origin.name)
    return None if accessor is None or _is_replaced_under(view, found, accessor) else accessor


def _named_as_getter(module: Module, name: str) -> Scope | None:
    """Find a function of the module that is named as a getter and does nothing but return the value."""
    for scope in module.facts.scopes:
        is_getter = scope.name.lstrip("_").startswith("get") or stem(name) in scope.name
        is_alone = len(module.facts.bindings.get(scope.name, ())) == 1
        if (
            scope.only_returns == name
            and scope.parent == MODULE
            and is_getter
            and is_alone
            and not scope.is_async
        ):
            return scope
    return None


def _is_replaced_under(view: View, found: Occurrences, accessor: Scope) -> bool:
    """Tell whether tests put something in the value's place, and somebody holds the function that then gives it.

    As the getter, the function would have to be replaced itself, and those who hold it would not see that.
    """
    origin = found.namespaces[0]
    if not any(each.namespace == origin for each in found.mentions):
        return False
    own = origin.module.facts.uses.get(accessor.name, ())
    others = (
        (module, item)
        for module in view.project.mentioning(accessor.name)
        for item in module.facts.imports
        if item.name in (accessor.name, "*")
    )
    return any(not use.is_called for use in own) or any(
        view.project.source_module(module, item) is origin.module for module, item in others
    )
