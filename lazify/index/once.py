"""Functions that run while their module is imported, and never again: `_fill()` below `def _fill()`."""

from lazify.index.codes import Code
from lazify.index.occurrences import UseOccurrence, occurrences
from lazify.index.project import Project
from lazify.model.facts import MODULE, BindingKind, Role


def runs_at(project: Project, code: Code) -> tuple[int, ...]:
    """The statements of its module that call a function, where nothing else can; empty for all others.

    It is private or deleted, and all that is ever done with its name is to call it at module level.
    """
    name, module = code.name, code.module
    is_plain = code.kind == "function" and code.scope.parent == MODULE and not code.scope.decorators
    if not is_plain or not _is_unreachable(code):
        return ()
    found = occurrences(project, module, name)
    if found.imports or found.exports or found.mentions or not all(map(_is_at_import, found.uses)):
        return ()
    return tuple(use.use.statement for use in found.uses if use.use.role is Role.LOAD)


def _is_unreachable(code: Code) -> bool:
    """Tell whether nobody outside of the module is meant to call it, or can."""
    bindings = code.module.facts.bindings.get(code.name, ())
    kinds = [binding.kind for binding in bindings if binding.scope == MODULE]
    is_private = code.name.startswith("_") or kinds[-1:] == [BindingKind.DELETE]
    return is_private and len(kinds) == len(bindings) and kinds.count(BindingKind.FUNCTION) == 1


def _is_at_import(use: UseOccurrence) -> bool:
    is_own = use.namespace.module is use.module and not use.depth
    is_call = use.use.role is Role.LOAD and use.use.is_called and not use.use.attributes
    is_definition = use.use.role in (Role.STORE, Role.DELETE)
    return is_own and use.use.scope == MODULE and not use.use.deferred and (is_call or is_definition)
