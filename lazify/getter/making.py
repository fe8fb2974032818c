"""The edits that put a getter where the value was made."""

from collections.abc import Iterator

from lazify.getter.groups import Group
from lazify.getter.names import Names
from lazify.getter.problems import Problem, problem
from lazify.getter.redirect import Redirection, is_rebound
from lazify.getter.template import Getter, body_text, function_text, part_text, storage_text
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, External
from lazify.index.view import View
from lazify.model.changes import AddImport, Edit, InsertBefore, Move
from lazify.model.facts import MODULE, AttributeRef, BindingKind, CallRef, ItemRef, LiteralRef, NameRef, Ref
from lazify.model.places import Span

_NOT_A_TYPE = frozenset({"Final", "ClassVar", "TypeAlias"})
_LOCK_MODULE = "threading"


def made(view: View, names: Names, parts: tuple[Redirection, ...]) -> Iterator[Edit | Problem]:
    """Yield the edits at the statements that make the value of `parts`, one for each of the group's names."""
    group = parts[0].group
    imports: list[AddImport] = []
    lock = _lock(view, names, group, imports)
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
    code = f"{storage_text(getter)}\n\n{function_text(getter)}"
    if len(parts) > 1:
        code += "".join(f"\n\n{part_text(p.getter, getter.name, i)}" for i, p in enumerate(parts))
    yield Move(path=path, spans=spans, code=code)


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
        return Getter(name=name, storage=storage, type=None, lock=lock, may_be_none=False, values=values)
    kind = _type(view, group)
    may_be_none = is_rebound(parts[0]) or _may_be_none(view, group)
    if kind and may_be_none and not _has_any(view, names, group, imports):
        kind = None
    to = parts[0]
    return Getter(name=to.getter, storage=to.storage, type=kind, lock=lock, may_be_none=may_be_none, values=values)


def _lock(view: View, names: Names, group: Group, imports: list[AddImport]) -> str | Problem | None:
    """Find an expression for the lock: reentrant, so that a getter cannot deadlock on itself."""
    if view.config.getter == "plain":
        return None
    module = group.module
    for name, member, text in ((_LOCK_MODULE, None, "threading.RLock()"), ("RLock", "RLock", "RLock()")):
        known = view.project.lookup(module, name)
        is_it = known == External("threading.RLock" if member else _LOCK_MODULE)
        if is_it or (name not in module.facts.bindings and known is None):
            imports.append(AddImport(path=module.path, module=_LOCK_MODULE, name=member))
            return text
    return problem("the names threading and RLock mean something else here", module, group.first.span)


def _has_any(view: View, names: Names, group: Group, imports: list[AddImport]) -> bool:
    known = view.project.lookup(group.module, "Any")
    if known != External("typing.Any") and not names.is_free("Any", group.module):
        return False
    imports.append(AddImport(path=group.module.path, module="typing", name="Any"))
    return True


def _type(view: View, group: Group) -> str | None:
    """Write the value's type as the module itself would: from the annotation, or from the class called."""
    for number in group.statements:
        statement = group.module.facts.statements[number]
        if statement.annotation_span is not None and statement.binds[:1] == group.names[:1]:
            text = view.text(group.module).cut(statement.annotation_span)
            return _unwrapped_final(text) if not statement.annotation_names & set(group.names) else None
    return _class_called(view, group)


def _unwrapped_final(annotation: str) -> str | None:
    head, _, inner = annotation.partition("[")
    if head.rpartition(".")[2] not in _NOT_A_TYPE:
        return annotation
    return inner.removesuffix("]") or None


def _class_called(view: View, group: Group) -> str | None:
    """Return the text of the one class that every value but None is an instance of."""
    texts = {_class_text(view, group, value) for value in _values(group) if value != LiteralRef("None")}
    return texts.pop() if len(texts) == 1 else None


def _class_text(view: View, group: Group, value: Ref | None) -> str | None:
    module = group.module
    match value:
        case CallRef(callee):
            target = resolve(view.project, module, callee)
            if target is None or view.effects.class_of(module, value, MODULE) != target:
                return None
            return _written(callee) if not _is_rebound_class(group, callee) else None
        case ItemRef(container) if resolve(view.project, module, container) == External("os.environ"):
            return "str" if view.project.lookup(module, "str") == Builtin("str") else None
        case _:
            return None


def _is_rebound_class(group: Group, callee: Ref) -> bool:
    """Tell whether the class's name is bound only after the getter, or not by a plain import or definition."""
    while isinstance(callee, AttributeRef):
        callee = callee.value
    bindings = group.module.facts.bindings.get(callee.name, ()) if isinstance(callee, NameRef) else ()
    kinds = {BindingKind.IMPORT, BindingKind.CLASS}
    return any(b.kind not in kinds or b.statement >= group.statements[0] or b.is_typing for b in bindings)


def _may_be_none(view: View, group: Group) -> bool:
    return any(not _is_never_none(view, group, value) for value in _values(group))


def _is_never_none(view: View, group: Group, value: Ref | None) -> bool:
    if isinstance(value, ItemRef) and resolve(view.project, group.module, value.value) == External("os.environ"):
        return True
    if isinstance(value, LiteralRef):
        return value.type != "None"
    return view.effects.class_of(group.module, value, MODULE) is not None


def _values(group: Group) -> tuple[Ref | None, ...]:
    statements = {group.module.facts.statements[n].value for n in group.statements} if group.is_single_assignment else None
    if statements is not None:
        return tuple(statements)
    return group.module.facts.scopes[MODULE].locals.get(group.names[0], (None,))


def _written(ref: Ref | None) -> str | None:
    match ref:
        case NameRef(name, _):
            return name
        case AttributeRef(value, name) if (owner := _written(value)) is not None:
            return f"{owner}.{name}"
        case _:
            return None
