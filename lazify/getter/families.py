"""Classes of a project with those that they inherit from, wherever they are defined."""

from collections.abc import Iterator

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, Project
from lazify.model.facts import MODULE, NameRef, Ref

CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__", "__attrs_post_init__", "model_post_init"})

Class = tuple[Module, int]
"""The module, and the scope of the class."""


def family(project: Project, module: Module, number: int) -> Iterator[Class]:
    """Yield a class and those of the project that it inherits from; nothing where the scope is of no class."""
    pending, seen = [(module, number)], set[Class]()
    while pending:
        at, scope = pending.pop()
        if (at, scope) not in seen and at.facts.scopes[scope].kind == "class":
            seen.add((at, scope))
            yield at, scope
            pending += (each for base in at.facts.scopes[scope].bases for each in _defined(project, at, base))


def _defined(project: Project, module: Module, base: Ref | None) -> Iterator[Class]:
    """Yield what a base is: a definition at module level, or one that a function or class around has."""
    match base:
        case NameRef(name, scope) if scope != MODULE and name in module.facts.scopes[scope].definitions:
            yield module, module.facts.scopes[scope].definitions[name]
            return
    target = resolve(project, module, base)
    if isinstance(target, Defined):
        number = target.module.facts.scopes[MODULE].definitions.get(target.name)
        yield from ((target.module, number),) if number is not None else ()
