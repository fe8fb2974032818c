"""LZ105: a hand-made proxy that stands before a getter goes; what used it calls the getter."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from lazify.codemod import Example
from lazify.getter.exposure import Exposures
from lazify.getter.groups import Group, group_of
from lazify.getter.names import Names
from lazify.getter.patches import is_replacement, replaced
from lazify.getter.pins import import_time_uses
from lazify.getter.problems import Problem, problem
from lazify.getter.redirect import Redirection, is_rebound, redirected, redirection
from lazify.index.modules import Module
from lazify.index.occurrences import UseOccurrence, occurrences
from lazify.index.view import View
from lazify.model.changes import Change, Edit, Erase, Refusal
from lazify.model.effects import Evidence
from lazify.model.facts import MODULE, CallRef, Does, NameRef, Operation, Role, Scope
from lazify.model.places import Place

_GETATTR_AND_GETTER = 2
_ASKS_TYPE = frozenset({"isinstance", "type", "vars", "setattr", "delattr"})
"""Builtins that tell the proxy from what stands behind it."""
_STORES = frozenset({Role.STORE, Role.AUGMENT, Role.DELETE})
_BEFORE = """\
import sqlite3

_log = None


def get_log():
    global _log
    if _log is None:
        _log = sqlite3.connect("audit.db")
    return _log


class LogProxy:
    def __getattr__(self, name):
        return getattr(get_log(), name)


log = LogProxy()
"""
_AFTER = _BEFORE[: _BEFORE.index("\n\nclass LogProxy")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxies:
    """An object that forwards every attribute to what a getter returns is already lazy, and stands in the way.

    `isinstance`, special methods and tracebacks all see the proxy. With the proxy gone, its uses call the getter,
    and the class goes too when nothing else uses it. Refused where import-time code holds the proxy, since the
    getter would run there; where the proxy does more than to forward; and where the program sees the proxy itself:
    it asks for its type, uses its class, or stores attributes on it.
    """

    order: ClassVar[int] = 50
    codes: ClassVar[Mapping[str, str]] = {"LZ105": "a hand-made lazy proxy stands before an existing getter"}
    opt_in: ClassVar[frozenset[str]] = frozenset({"LZ105"})
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            code="LZ105",
            before={
                "audit.py": _BEFORE,
                "api.py": "from audit import log\n\n\ndef rows():\n    return log.total_changes\n",
            },
            after={
                "audit.py": _AFTER,
                "api.py": "from audit import get_log\n\n\ndef rows():\n    return get_log().total_changes\n",
            },
            flags={"select": ("LZ105",)},
        ),
    )

    def plan(self, view: View) -> Iterator[Change | Refusal]:
        """Find the proxies and say what takes their place."""
        if not view.config.wants("LZ105"):
            return
        names, exposures = Names(view), Exposures(view)
        for module in view.reported():
            for number in range(len(module.facts.statements)):
                found = _forwarding(module, number)
                group = group_of(view, module, number) if found else None
                if found and group:
                    edits = _edits(view, names, exposures, group, found[0])
                    yield _decided(view, group, edits, *found)


def _forwarding(module: Module, number: int) -> tuple[str, int] | None:
    """Return the getter and the class's scope when the statement is `x = Proxy()`."""
    statement, scopes = module.facts.statements[number], module.facts.scopes
    if statement.target_form != "name" or not isinstance(statement.value, CallRef):
        return None
    callee = statement.value.callee
    owner = scopes[MODULE].definitions.get(callee.name) if isinstance(callee, NameRef) else None
    if owner is None or scopes[owner].kind != "class":
        return None
    if scopes[owner].bases or len(scopes[owner].definitions) != 1 or scopes[owner].locals:
        return None  # it does more than to forward
    method = scopes[owner].definitions.get("__getattr__")
    getter = _forwarded_to(scopes[method], method) if method is not None else None
    return (getter, owner) if getter and _is_function(module, getter) else None


def _forwarded_to(method: Scope, number: int) -> str | None:
    """Read `getter` out of `def __getattr__(self, name): return getattr(getter(), name)`, and out of nothing else."""
    calls = [operation for operation in method.operations if operation.does is Does.CALL]
    if len(calls) != _GETATTR_AND_GETTER or calls[-1].subject != NameRef("getattr", MODULE):
        return None
    asked = [argument.ref for argument in calls[-1].arguments]
    given = [NameRef(parameter.name, number) for parameter in method.parameters]
    if asked[1:] != given[1:] or method.returns != (CallRef(NameRef("getattr", MODULE)),):
        return None
    source = asked[0]
    if isinstance(source, CallRef) and isinstance(source.callee, NameRef) and source.callee.scope == MODULE:
        return source.callee.name
    return None


def _is_function(module: Module, name: str) -> bool:
    scope = module.facts.scopes[MODULE].definitions.get(name)
    return (
        scope is not None
        and module.facts.scopes[scope].kind == "function"
        and not module.facts.scopes[scope].parameters
    )


def _decided(
    view: View, group: Group, planned: Iterator[Edit | Problem], getter: str, owner: int
) -> Change | Refusal:
    module, name = group.module, group.names[0]
    at = Place(module.path, group.first.span)
    title = f"{name} is a proxy: its uses call {getter}()"
    why = (Evidence(fact=f"{name} forwards every attribute to {getter}()", at=at),)
    edits: list[Edit] = []
    for edit in planned:
        if isinstance(edit, Problem):
            return Refusal(code="LZ105", title=title, at=at, reason=edit.reason, why=why, blocked_by=edit.at)
        edits.append(edit)
    scope = module.facts.scopes[owner]
    if _is_unused(view, module, scope, group):
        edits.append(Erase(path=module.path, span=scope.span))
    return Change(key=_key(group), code="LZ105", title=title, at=at, why=why, edits=tuple(edits))


def _key(group: Group) -> str:
    return f"{group.module.path.as_posix()}:{group.names[0]}:proxy"


def _edits(
    view: View, names: Names, exposures: Exposures, group: Group, getter: str
) -> Iterator[Edit | Problem]:
    if _key(group) in view.declined:
        yield Problem("it is left out by choice")
        return
    if len(group.names) > 1 or len(group.statements) > 1:
        yield problem(f"{group.names[0]} is more than a proxy", group.module, group.first.span)
        return
    for use in import_time_uses(group):
        yield problem(
            f"import-time code holds {group.names[0]}, and the getter would run there", use.module, use.span
        )
    for exposed in exposures.of(group.occurrences[0]):
        yield exposed if isinstance(exposed, Problem) else Problem(exposed.reason)
    to = redirection(view, names, group, 0, existing=getter)
    yield from _visible(view, to)
    if is_rebound(to):
        yield problem(f"{to.name} is rebound", group.module, group.first.span)
    yield Erase(path=group.module.path, span=group.first.span)
    yield from redirected(view, to)
    for mention in to.found.mentions:
        if is_replacement(mention):
            yield from replaced(view, to, mention)


def _visible(view: View, to: Redirection) -> Iterator[Problem]:
    """Say where the program would see that the proxy is gone."""
    for use in to.found.uses:
        rest = use.use.attributes[use.depth :]
        if rest and rest[0].startswith("__"):
            yield problem(f"{rest[0]} is the proxy's own", use.module, use.span)
        elif len(rest) == 1 and use.use.role in _STORES:
            yield problem(f"{rest[0]} is stored on the proxy itself", use.module, use.span)
        elif not rest and any(
            _asks_type(call, use) for call in use.module.facts.scopes[use.use.scope].operations
        ):
            yield problem(f"the type of {to.name} is asked for", use.module, use.span)
    made = to.group.module.facts.statements[to.group.statements[0]].value
    callee = made.callee if isinstance(made, CallRef) else None
    if isinstance(callee, NameRef):
        for use in occurrences(view.project, to.group.module, callee.name).uses:
            if not use.use.is_called and use.use.role is not Role.BASE:
                yield problem(f"the proxy's class {callee.name} is used", use.module, use.span)


def _asks_type(call: Operation, use: UseOccurrence) -> bool:
    return (
        call.does is Does.CALL
        and isinstance(call.subject, NameRef)
        and call.subject.name in _ASKS_TYPE
        and any(argument.span == use.span for argument in call.arguments)
    )


def _is_unused(view: View, module: Module, scope: Scope, group: Group) -> bool:
    found = occurrences(view.project, module, scope.name)
    inside = (use for use in found.uses if not group.owns(use.module, use.use.statement))
    return not (found.imports or found.mentions or found.exports or any(True for _ in inside))
