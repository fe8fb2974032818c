"""Former names that keep working: a module `__getattr__` (PEP 562) that asks the getters."""

from collections.abc import Iterator, Mapping, Sequence

from lazify.getter.asking import Exposed
from lazify.getter.groups import Group
from lazify.getter.hooks import hook, hook_problem
from lazify.getter.problems import Problem
from lazify.getter.redirect import Redirection
from lazify.getter.starred import list_problem, name_list, needs_list
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace
from lazify.index.view import View
from lazify.model.changes import Edit

Keeping = Mapping[Group, tuple[Sequence[Redirection], Sequence[Exposed]]]


def kept_names(view: View, groups: Keeping) -> dict[Group, tuple[Edit, ...] | Problem]:
    """Give each group the edits that keep its exposed names working, or the reason why they cannot be kept.

    A module has one such function for all its names, so groups of one module share the edit.
    """
    wanted = {group: _wanted(view, parts, exposed) for group, (parts, exposed) in groups.items()}
    problems = {g: p for g, names in wanted.items() if (p := _problem(view, groups[g][1], names)) is not None}
    edited = [group for group in groups if group not in problems]
    served: dict[Module, dict[str, str]] = {}
    for group, names in wanted.items():
        if group not in problems:
            for namespace, getter in names.items():
                served.setdefault(namespace.module, {})[namespace.name] = getter
    moving = {module: [n for g in edited if g.module is module for n in g.statements] for module in served}
    hooks = {module: tuple(_hooks(view, module, names, moving[module])) for module, names in served.items()}
    edits = {
        group: tuple(dict.fromkeys(edit for n in names for edit in hooks[n.module]))
        for group, names in wanted.items()
        if group not in problems
    }
    return {**edits, **problems}


def _wanted(view: View, parts: Sequence[Redirection], exposed: Sequence[Exposed]) -> dict[Namespace, str]:
    asked = {e.namespace for e in exposed}
    if view.config.keep_names == "never":
        return {}
    every = view.config.keep_names == "always"
    return {
        n: p.locals[n] for p in parts for n in p.found.namespaces if n in asked or (every and n == p.origin)
    }


def _problem(view: View, exposed: Sequence[Exposed], names: Mapping[Namespace, str]) -> Problem | None:
    if view.config.keep_names == "never":
        seen = [e for e in exposed if not e.is_assumed]
        return Problem(f"{seen[0].reason}, and --keep-names never forbids to keep the name") if seen else None
    found = (hook_problem(view, n.module, n.name) or _list_problem(view, n) for n in names)
    return next(filter(None, found), None)


def _list_problem(view: View, namespace: Namespace) -> Problem | None:
    is_listed = needs_list(view, namespace.module, namespace.name)
    return list_problem(namespace.module) if is_listed else None


def _hooks(view: View, module: Module, names: Mapping[str, str], moving: Sequence[int]) -> Iterator[Edit]:
    answers = {name: f"return {getter}()\n" for name, getter in names.items()}
    yield hook(view, module, answers, "Serve the names that are made on first use now.")
    if any(needs_list(view, module, name) for name in names):
        is_starred = any(view.project.star_importers(module))
        getters = names.values() if is_starred else ()
        yield name_list(module, (*names, *getters), moving=moving)
