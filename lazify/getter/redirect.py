"""Every place that used a value is made to call its getter instead, or the reason why one cannot be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lazify.getter.accessors import accessor_of
from lazify.getter.formats import asked
from lazify.getter.groups import Group
from lazify.getter.names import Names
from lazify.getter.problems import Problem, problem, where
from lazify.index.modules import Module
from lazify.index.occurrences import ImportOccurrence, Namespace, Occurrences, UseOccurrence
from lazify.index.view import View, runs_in_service
from lazify.model.changes import Edit, Erase, Replace
from lazify.model.facts import MODULE, BindingKind, Import, Role, Scope
from lazify.model.places import Place, Span

_REFUSED = {
    Role.ANNOTATION: "an annotation names {name}, and a call cannot stand there",
    Role.PATTERN: "a case pattern names {name}, and a call cannot stand there",
    Role.DEBUG: "an f-string shows the text of the expression {name}",
    Role.UNLOCATED: "a string uses {name} where this Python cannot tell the position",
}
_FREE_DECORATORS = (3, 9)
"""PEP 614: before, a decorator was a dotted name, called at most once at its end."""
_REFUSED_WHOLE = {
    Role.AUGMENT: "{name} is rebound by an augmented assignment",
    Role.DELETE: "{name} is deleted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirection:
    """The names under which one value's getter is reached."""

    group: Group
    name: str
    found: Occurrences = field(repr=False)
    getter: str
    """In the defining module."""
    storage: str
    accessor: Scope | None = None
    """An existing function that only returns the value and becomes the getter."""
    locals: dict[Namespace, str]
    """The getter's name in each namespace that holds the value, function-level imports included."""
    present: dict[Namespace, Import]
    """Namespaces that import the accessor already."""
    is_moved_whole: bool
    """The statements move as they stand and use the plain name inside: their uses stay."""

    @property
    def origin(self) -> Namespace:
        """Where the value is defined."""
        return self.found.namespaces[0]


def redirection(
    view: View, names: Names, group: Group, index: int, *, existing: str | None = None
) -> Redirection:
    """Decide the getter's name in every namespace that holds name number `index` of the group.

    `existing` is a getter that the defining module has already.
    """
    found, name = group.occurrences[index], group.names[index]
    accessor = accessor_of(view, found) if len(group.names) == 1 else None
    same = [n.module for n in found.namespaces if n.name == name]
    getter = existing or (accessor.name if accessor else names.getter(name, same))
    held = [*found.namespaces[1:], *_local_namespaces(found)]
    present = {n: item for n in held if (item := _imported(view, n, group.module, getter))}
    known = {Namespace(group.module, name): getter}
    for namespace in held:
        if namespace in present:
            known[namespace] = present[namespace].binds
        else:
            known[namespace] = known.get(namespace) or _name_in(
                names, namespace, name, getter, is_given=not (accessor or existing)
            )
    return Redirection(
        group=group,
        name=name,
        found=found,
        getter=getter,
        storage=names.storage(name, group.module),
        accessor=accessor,
        locals=known,
        present=present,
        is_moved_whole=not group.is_single_assignment,
    )


def redirected(
    view: View, to: Redirection, closing: Mapping[tuple[Module, Span], Sequence[Edit]] | None = None
) -> Iterator[Edit | Problem]:
    """Yield the edits that make every use, import, export and `global` of the value go through the getter.

    `closing` are uses that have edits of their own.
    """
    yield from _namespace_problems(to)
    for occurrence in to.found.imports:
        yield _import_edit(to, occurrence)
    for use in to.found.uses:
        if closing and (use.module, use.span) in closing:
            yield from closing[use.module, use.span]
        elif not _stays(to, use):
            yield from _use_edits(view, to, use)
    yield from _export_edits(view, to)
    yield from _global_edits(to)


def _export_edits(view: View, to: Redirection) -> Iterator[Edit | Problem]:
    """`__all__` names the getter; a library's keeps the name its users may import by `*`."""
    is_kept = view.is_library and view.config.keep_names != "never"
    for export in to.found.exports:
        module = export.namespace.module
        if not is_kept:
            quote = view.text(module).cut(export.span)[-1]
            code = f"{quote}{to.locals[export.namespace]}{quote}"
            yield Replace(path=module.path, span=export.span, code=code)
        elif to.found.stars:
            importer, item = to.found.stars[0]
            yield problem(
                f"__all__ keeps {to.name} for a library's users, and {importer.name} imports *",
                importer,
                item.span,
            )


def is_rebound(to: Redirection) -> bool:
    """Tell whether code that runs later gives the name another value."""
    return any(_is_store(use) and not _stays(to, use) for use in to.found.uses)


def _local_namespaces(found: Occurrences) -> list[Namespace]:
    return [Namespace(o.module, o.item.binds) for o in found.imports if o.item.scope != MODULE]


def _name_in(names: Names, namespace: Namespace, name: str, getter: str, *, is_given: bool) -> str:
    """Take the getter's own name where the value kept its own and the name is free, else one of the same making."""
    if namespace.name == name and (is_given or names.is_free(getter, namespace.module)):
        return names.give(getter, namespace.module)
    return names.getter(namespace.name, [namespace.module])


def _imported(view: View, namespace: Namespace, origin: Module, getter: str) -> Import | None:
    for item in namespace.module.facts.imports:
        if (
            item.name == getter
            and item.scope == MODULE
            and view.project.source_module(namespace.module, item) is origin
        ):
            return item
    return None


def _namespace_problems(to: Redirection) -> Iterator[Problem]:
    """Refuse names that another module may also bind to something else."""
    ours = {(o.module, o.item.span) for o in to.found.imports}
    for namespace in to.found.namespaces[1:]:
        module = namespace.module
        for binding in module.facts.bindings.get(namespace.name, ()):
            is_ours = (
                binding.kind is BindingKind.IMPORT
                and (module, module.facts.imports[binding.index].span) in ours
            )
            if not is_ours:
                yield problem(
                    f"{module.name} also binds {namespace.name} to something else", module, binding.span
                )
    for occurrence in to.found.imports:
        if occurrence.module.facts.scopes[occurrence.item.scope].kind == "class":
            yield problem(
                f"a class body imports {occurrence.item.binds}", occurrence.module, occurrence.item.span
            )
        scope = occurrence.module.facts.scopes[occurrence.item.scope]
        if occurrence.item.scope != MODULE and any(
            v is not None for v in scope.locals.get(occurrence.item.binds, ())
        ):
            yield problem(
                f"{scope.name} also binds {occurrence.item.binds} itself",
                occurrence.module,
                occurrence.item.span,
            )
        bound = occurrence.module.facts.bindings.get(occurrence.item.binds, ())
        if occurrence.item.scope != MODULE and any(b.scope == occurrence.item.scope for b in bound):
            yield problem(
                f"{scope.name} imports {occurrence.item.binds} as a global",
                occurrence.module,
                occurrence.item.span,
            )
    for binding in to.origin.module.facts.bindings.get(to.name, ()):
        if (
            binding.scope != MODULE
            and binding.kind is not BindingKind.ASSIGN
            and binding.kind is not BindingKind.ANNOTATE
        ):
            yield problem(f"a function rebinds {to.name} by {binding.kind}", to.origin.module, binding.span)


def _import_edit(to: Redirection, occurrence: ImportOccurrence) -> Edit:
    path, item = occurrence.module.path, occurrence.item
    local = Namespace(occurrence.module, item.binds)
    if local in to.present:
        return Erase(path=path, span=item.span)
    source, name = to.locals[occurrence.namespace], to.locals[local]
    is_reexport = item.alias is not None and item.alias == item.name
    return Replace(
        path=path,
        span=item.span,
        code=source if source == name and not is_reexport else f"{source} as {name}",
    )


def _stays(to: Redirection, use: UseOccurrence) -> bool:
    """Tell whether the use is part of what moves into the getter, or of the accessor that it replaces."""
    if to.group.owns(use.module, use.use.statement):
        is_binding = use.use.role is Role.STORE and use.is_whole and use.use.scope == MODULE
        return to.is_moved_whole or is_binding
    return (
        to.accessor is not None and use.module is to.origin.module and to.accessor.span.contains(use.use.span)
    )


def _is_store(use: UseOccurrence) -> bool:
    return use.use.role is Role.STORE and use.is_whole


def _use_edits(view: View, to: Redirection, use: UseOccurrence) -> Iterator[Edit | Problem]:
    role, module = use.use.role, use.module
    reason = _REFUSED.get(role) or (_REFUSED_WHOLE.get(role) if use.is_whole else None)
    if reason:
        yield problem(reason.format(name=to.name), module, use.span)
    elif role is Role.DECORATOR and view.oldest_python is not None and view.oldest_python < _FREE_DECORATORS:
        yield problem(
            f"a decorator of Python {_dotted(view.oldest_python)} cannot call a getter", module, use.span
        )
    elif _is_store(use):
        yield from _store_edits(to, use)
    elif role is Role.FORMAT:
        yield asked(use, to.name, to.locals[use.namespace])
    else:
        yield Replace(path=module.path, span=use.span, code=f"{_called(view, to, use)}()")


def _called(view: View, to: Redirection, use: UseOccurrence) -> str:
    if not use.depth:
        return to.locals[use.namespace]
    return _owner_text(view, use) + to.locals[use.namespace]


def _owner_text(view: View, use: UseOccurrence) -> str:
    """Return the text up to the value's own name: `m.` of `m.x`, line breaks and comments included."""
    whole = view.text(use.module).cut(use.span)
    return whole[: -len(use.use.attributes[use.depth - 1])]


def _store_edits(to: Redirection, use: UseOccurrence) -> Iterator[Edit | Problem]:
    """`global x; x = v` and `m.x = v` write the storage: the getter then returns `v`."""
    if len(to.group.names) > 1:
        yield problem(
            f"{to.name} is rebound, and it is made together with {to.group.names}", use.module, use.span
        )
    elif use.namespace != to.origin:
        yield problem(
            f"{use.namespace.name} is rebound in a module that only imports it", use.module, use.span
        )
    elif len(to.found.namespaces) > 1 or any(o.item.scope != MODULE for o in to.found.imports):
        holder = where(*_first_import(to))
        yield problem(f"{to.name} is rebound here, and {holder} keeps the first value", use.module, use.span)
    elif not use.use.deferred and runs_in_service(use.module):
        yield problem(f"{to.name} is rebound at import", use.module, use.span)
    else:
        names = (use.use.name, *use.use.attributes[: use.depth - 1]) if use.depth else ()
        yield Replace(path=use.module.path, span=use.span, code=".".join((*names, to.storage)))


def _first_import(to: Redirection) -> tuple[Module, Span]:
    for occurrence in to.found.imports:
        return occurrence.module, occurrence.item.span
    importer, item = to.found.stars[0]
    return importer, item.span


def _global_edits(to: Redirection) -> Iterator[Edit]:
    """`global x` becomes `global _x` where the function writes, and goes where it only read."""
    module = to.origin.module
    for number, scope in enumerate(module.facts.scopes):
        writes = any(b.scope == number for b in module.facts.bindings.get(to.name, ()))
        for span, names in scope.globals:
            if to.name not in names:
                continue
            kept = [to.storage if n == to.name else n for n in names if n != to.name or writes]
            yield (
                Replace(path=module.path, span=span, code=f"global {', '.join(kept)}")
                if kept
                else Erase(path=module.path, span=span)
            )


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def place_of(use: UseOccurrence) -> Place:
    """Return where a use stands."""
    return Place(use.module.path, use.span)
