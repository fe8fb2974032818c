"""What a making reads of classes and caches, and functions change."""

import re
from collections.abc import Iterator

from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, Project
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef


def reached_scopes(view: View, group: Group) -> Iterator[tuple[Module, int]]:
    """Yield the functions that making the value may run."""
    for path, scope in view.effects.reached((group.module, number) for number in group.statements):
        yield view.project.modules[path], scope


def class_problem(view: View, group: Group) -> Problem | None:
    """`Client.timeout = 30` in a function, and a method that reads `self.timeout`: the instance has the class's."""
    methods = [each for each in reached_scopes(view, group) if _class_of(*each) is not None]
    read = "\n".join(view.text(module).cut(module.facts.scopes[number].span) for module, number in methods)
    classes = {each for method in methods if (each := _class_of(*method)) is not None}
    made = view.effects.class_of(group.module, group.first.value, MODULE) if methods else None
    for owner in (*classes, *((made,) if isinstance(made, Defined) else ())):
        for module in view.project.mentioning(owner.name):
            for number, attribute in _set_on(view.project, module, owner):
                if re.search(rf"\.{re.escape(attribute)}\b(?!\s*=[^=])", read):
                    reason = f"{owner.name}.{attribute}, which it reads, is set by a function"
                    return problem(reason, module, module.facts.scopes[number].span)
    return None


def _set_on(project: Project, module: Module, owner: Defined) -> Iterator[tuple[int, str]]:
    """Yield the attributes that functions of the module set on the class, each with the function's scope."""
    for number, ref in () if module.source.is_test else module.facts.changes:
        if isinstance(ref, AttributeRef) and resolve(project, module, ref.value) == owner:
            yield number, ref.name


def _class_of(module: Module, number: int) -> Defined | None:
    parent = module.facts.scopes[module.facts.scopes[number].parent]
    return Defined(module, parent.name) if parent.kind == "class" else None


def cache_problem(view: View, group: Group) -> Problem | None:
    """`settings = get_settings()`, and `get_settings.cache_clear()` somewhere: made later, it would be the new one."""
    scopes = set(reached_scopes(view, group)) if view.project.mentioning("cache_clear") else ()
    made_by = {Defined(m, m.facts.scopes[n].name) for m, n in scopes}
    for module in view.project.mentioning("cache_clear") if made_by else ():
        for scope in module.facts.scopes:
            for operation in scope.operations:
                match operation.subject:
                    case AttributeRef(cached, "cache_clear") if (
                        resolve(view.project, module, cached) in made_by
                    ):
                        return problem("what its making remembers is forgotten", module, operation.span)
    return None
