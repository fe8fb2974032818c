"""Code that lists what a module holds, and asks for kinds of things that no imported module is."""

from collections.abc import Iterator

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import External, Project
from lazify.model.facts import Does, Dynamic, Operation
from lazify.model.places import Place

_LISTS = External("inspect.getmembers")
_KINDS = frozenset(
    {"isclass", "isfunction", "ismethod", "isroutine", "iscoroutinefunction", "isabstract", "isbuiltin"}
)


def lists_no_modules(project: Project, module: Module, dynamic: Dynamic) -> bool:
    """Tell whether it is `inspect.getmembers(sys.modules[__name__], inspect.isclass)`, or with its like."""
    operations = (operation for scope in module.facts.scopes for operation in scope.operations)
    calls = (o for o in operations if o.does is Does.CALL and o.span.contains(dynamic.span))
    return dynamic.what == "sys.modules" and any(_is_listing(project, module, call) for call in calls)


def module_lists(project: Project, module: Module) -> Iterator[Place]:
    """Yield where a module lists itself in such a way."""
    for dynamic in module.facts.dynamics:
        if lists_no_modules(project, module, dynamic):
            yield Place(module.path, dynamic.span)


def _is_listing(project: Project, module: Module, call: Operation) -> bool:
    if resolve(project, module, call.subject) != _LISTS or not call.arguments[1:]:
        return False
    kind = resolve(project, module, call.arguments[1].ref)
    return isinstance(kind, External) and kind.name.removeprefix("inspect.") in _KINDS
