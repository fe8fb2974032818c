"""Objects that the making of a value gives to code that nobody has read: it may change them for all who use them.

limiter = Limiter(key, app=app, default_limits=config["limits"])     limits every route of `app`
machine = Machine(model=model, states=config["states"])              gives `model` a method for each trigger

Made on first use, they would do so then: until somebody asks for `limiter`, nothing is limited.
"""

from collections.abc import Iterator

from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import occurrences, resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation, Role

_PLAIN = (
    "datetime.",
    "decimal.",
    "enum.",
    "fractions.",
    "ipaddress.",
    "logging.",
    "pathlib.",
    "re.",
    "uuid.",
    "zoneinfo.",
)
"""Packages whose objects stay what they are, or whose changes nothing depends on."""
_APPLICATIONS = frozenset({"Celery", "Dash", "FastAPI", "Flask", "Litestar", "Quart", "Sanic", "Starlette"})
"""Classes whose objects exist to be extended: also those who want to risk something want their routes."""


def giving_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse what unread code is given an object that others use, too; with --risky only an application."""
    for operation in group.module.facts.scopes[MODULE].operations:
        if operation.statement not in group.statements or not _is_unread(view, group.module, operation):
            continue
        for argument in operation.arguments:
            ref = argument.ref
            owner = (
                resolve(view.project, group.module, ref) if isinstance(ref, NameRef | AttributeRef) else None
            )
            if isinstance(owner, Defined) and not _is_own(group, owner) and _may_change(view, owner):
                for use in occurrences(view.project, owner.module, owner.name).uses:
                    if not group.owns(use.module, use.use.statement) and use.use.role is not Role.STORE:
                        reason = f"making it gives {owner.name} to code that may change it for others"
                        yield problem(reason, use.module, use.span)


def _is_unread(view: View, module: Module, operation: Operation) -> bool:
    """Tell whether it calls a package of which nothing is known, or that it changes something."""
    if operation.does is not Does.CALL:
        return False
    target = resolve(view.project, module, operation.subject)
    if isinstance(target, External):
        name = target.name
    elif isinstance(operation.subject, AttributeRef):
        kind = view.effects.class_of(module, operation.subject.value, MODULE)
        if not isinstance(kind, External):
            return kind is None and not isinstance(target, Defined)
        name = f"{kind.name}.{operation.subject.name}"
    else:
        return False
    fact = view.knowledge.fact(name)
    return fact is None or fact.mutates


def _is_own(group: Group, owner: Defined) -> bool:
    return owner.module is group.module and owner.name in group.names


def _may_change(view: View, owner: Defined) -> bool:
    """Tell whether it is an object that could be changed, as far as its class is known."""
    body = owner.module.facts.scopes[MODULE]
    if owner.name in body.definitions or not body.locals.get(owner.name):
        return False  # a function, a class, or what an import binds
    kind = view.effects.class_of(owner.module, NameRef(owner.name, MODULE), MODULE)
    if view.config.risky:
        return isinstance(kind, External) and kind.name.rpartition(".")[2] in _APPLICATIONS
    return isinstance(kind, Defined) or (isinstance(kind, External) and not kind.name.startswith(_PLAIN))
