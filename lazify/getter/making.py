"""The edits that put a getter where the value was made."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lazify.getter.additions import clashes, may_import
from lazify.getter.groups import Group
from lazify.getter.names import Names
from lazify.getter.problems import Problem, problem
from lazify.getter.redirect import Redirection, is_rebound
from lazify.getter.sentinels import may_be_ellipsis
from lazify.getter.template import Getter, body_text, function_text, part_text, storage_text
from lazify.getter.types import may_be_none, type_text
from lazify.index.project import External
from lazify.index.view import View
from lazify.model.changes import AddImport, Edit, Erase, InsertBefore, Move
from lazify.model.places import Span

_STRING = re.compile(r"[rR]?(\"\"\"|\'\'\')")
_LOCK_MODULE = "threading"


def made(view: View, names: Names, parts: tuple[Redirection, ...]) -> Iterator[Edit | Problem]:
    """Yield the edits at the statements that make the value of `parts`, one for each of the group's names."""
    group = parts[0].group
    imports: list[AddImport] = []
    lock = _lock(view, group, imports)
    if isinstance(lock, Problem):
        yield lock
        return
    getter = _getter(view, names, parts, lock, imports)
    yield from imports
    path, spans = group.module.path, _moved(group)
    accessor = parts[0].accessor
    if accessor is not None and accessor.return_span is not None:
        yield InsertBefore(path=path, span=group.first.span, code=storage_text(getter))
        yield Move(path=path, spans=spans, code=body_text(getter), at=accessor.return_span)
        return
    if documentation := _documentation(view, group):
        getter = replace(getter, doc=view.text(group.module).cut(documentation))
        yield Erase(path=path, span=documentation)
    code = f"{storage_text(getter)}\n\n{function_text(getter)}"
    if len(parts) > 1:
        code += "".join(f"\n\n{part_text(p.getter, getter.name, i)}" for i, p in enumerate(parts))
    yield Move(path=path, spans=spans, code=code)


def _documentation(view: View, group: Group) -> Span | None:
    """Find the string below the value, which tools that make documentation read as its own."""
    statements, number = group.module.facts.statements, group.statements[-1] + 1
    if len(group.names) > 1 or number >= len(statements) or statements[number].shares_line:
        return None
    span = statements[number].span
    text = view.text(group.module).cut(span)
    is_text = statements[number].kind == "Expr" and _STRING.match(text) and text.endswith(text[-1] * 3)
    return span if is_text else None


def _moved(group: Group) -> tuple[Span, ...]:
    if group.is_single_assignment and group.first.value_span is not None:
        return (group.first.value_span,)
    return tuple(group.module.facts.statements[number].span for number in group.statements)


def _getter(
    view: View, names: Names, parts: tuple[Redirection, ...], lock: str | None, imports: list[AddImport]
) -> Getter:
    group = parts[0].group
    values = () if group.is_single_assignment else group.names
    if len(parts) > 1:
        joined = "_".join(group.names)
        name, storage = names.getter(f"_{joined}", [group.module]), names.storage(joined, group.module)
        return Getter(
            name=name,
            storage=storage,
            type=None,
            lock=lock,
            may_be_none=False,
            may_be_ellipsis=False,
            values=values,
        )
    kind = type_text(view, group)
    is_optional = is_rebound(parts[0]) or may_be_none(view, group)
    if kind and is_optional and not _has_any(view, names, group, imports):
        kind = None
    to = parts[0]
    return Getter(
        name=to.getter,
        storage=to.storage,
        type=kind,
        lock=lock,
        may_be_none=is_optional,
        may_be_ellipsis=is_optional and may_be_ellipsis(view, group),
        values=values,
    )


def _lock(view: View, group: Group, imports: list[AddImport]) -> str | Problem | None:
    """Find an expression for the lock: reentrant, so that a getter cannot deadlock on itself."""
    if view.config.getter == "plain":
        return None
    module = group.module
    for member, text in ((None, "threading.RLock()"), ("RLock", "RLock()")):
        if may_import(view, module, _LOCK_MODULE, member):
            imports.append(AddImport(path=module.path, module=_LOCK_MODULE, name=member))
            return text
    return problem("the names threading and RLock mean something else here", module, group.first.span)


def _has_any(view: View, names: Names, group: Group, imports: list[AddImport]) -> bool:
    known = view.project.lookup(group.module, "Any")
    is_free = names.is_free("Any", group.module) and not clashes(view, group.module, "Any")
    if known != External("typing.Any") and not is_free:
        return False
    imports.append(AddImport(path=group.module.path, module="typing", name="Any"))
    return True
