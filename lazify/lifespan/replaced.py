"""Whether code that runs later gives a name of a module another value."""

from lazify.index.dynamics import DICTIONARIES
from lazify.index.modules import Module
from lazify.index.occurrences import occurrences, resolve
from lazify.index.project import Defined, InModule
from lazify.index.view import View
from lazify.model.facts import Dynamic, Role

_WRITES = (Role.STORE, Role.AUGMENT, Role.DELETE)
_OWN = frozenset({"globals", "locals", "vars", "exec"})
"""What gives code the names of its own module."""
_OTHERS = frozenset({"setattr", "delattr", "vars"}) | DICTIONARIES
"""What gives code the names of a module that it has."""


def is_replaced(view: View, target: Defined) -> bool:
    """Tell whether something stores to `module.name`, by a string or a computed name, too."""
    found = occurrences(view.project, target.module, target.name)
    if found.mentions or any(use.is_whole and use.use.role in _WRITES and use.depth for use in found.uses):
        return True
    return any(
        dynamic.literal in (None, target.name) and _reaches(view, module, dynamic, target.module)
        for module in view.project.modules.values()
        for dynamic in module.facts.dynamics
    )


def _reaches(view: View, module: Module, dynamic: Dynamic, target: Module) -> bool:
    """Tell whether it may write the names of the target: those of its own module, or of one that it is given."""
    if dynamic.subject is None:
        return module is target and dynamic.what in _OWN
    return dynamic.what in _OTHERS and resolve(view.project, module, dynamic.subject) == InModule(target)
