"""What functions change that outlives their calls, read from their operations alone."""

from collections.abc import Iterable, Iterator, Sequence

from lazify.model.facts import (
    MODULE,
    AttributeRef,
    Does,
    EnterRef,
    Import,
    ItemRef,
    NameRef,
    Operation,
    Ref,
    Scope,
)

MUTATORS = frozenset(
    {
        "add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop",
        "popitem", "popleft", "push", "put", "put_nowait", "register", "remove", "reverse", "rotate",
        "setdefault", "sort", "unregister", "update", "__setitem__", "__delitem__", "__setattr__",
        "difference_update", "intersection_update", "symmetric_difference_update",
    }
)  # fmt: skip
"""Methods that change the object they are called on, whoever wrote it."""
_REGISTERING = ("add_", "include_", "register_", "subscribe_", "unregister_")
"""How names of methods begin that enter something into the object they are called on: `app.register_task(Task())`."""


_SETATTR = NameRef("setattr", MODULE)


def is_mutator(method: str) -> bool:
    """Tell whether a method that nobody has read changes its object, as its name says."""
    return method in MUTATORS or method.startswith(_REGISTERING)


def changes(scopes: Sequence[Scope], imports: Iterable[Import]) -> Iterator[tuple[int, Ref]]:
    """Yield what functions and lambdas change whose first name is the module's, or one that a function imports.

    That is the scope of the change, and what is changed.
    """
    imported = {NameRef(item.binds, item.scope) for item in imports if item.scope != MODULE}
    for number, scope in enumerate(scopes):
        if _is_called(scopes, number):
            for ref in dict.fromkeys(map(_changed, scope.operations)):
                if ref is None or (root := _root(ref)) is None:
                    continue
                if root.scope == MODULE or root in imported:
                    yield number, ref


def _is_called(scopes: Sequence[Scope], number: int) -> bool:
    """Tell whether the code is that of a function, or of a class in one."""
    while scopes[number].kind == "class":
        number = scopes[number].parent
    return scopes[number].kind in ("function", "lambda")


def captured(scope: Scope, number: int) -> Iterator[int]:
    """Yield the scopes around whose variables the code of one scope rebinds or changes in place."""
    for ref in map(_changed, scope.operations):
        root = None if ref is None else _root(ref)
        if root is not None and root.scope not in (MODULE, number):
            yield root.scope


def rebound(scopes: Iterable[Scope]) -> Iterator[str]:
    """Yield the names of attributes that are bound on classes and modules: `Config.cache = {}`."""
    for scope in scopes:
        for operation in scope.operations:
            if operation.does is Does.WRITE and isinstance(operation.subject, AttributeRef):
                yield operation.subject.name


def changed_in_place(operation: Operation) -> Ref | None:
    """What an operation changes, if anything: `settings.plugins` of an append, `settings.size` of `setattr`."""
    if operation.does is Does.CALL and operation.subject == _SETATTR and operation.arguments:
        owner, *named = operation.arguments
        name = named[0].constant if named else None
        return AttributeRef(owner.ref, name) if owner.ref and isinstance(name, str) else owner.ref
    return _changed(operation)


def _changed(operation: Operation) -> Ref | None:
    subject = operation.subject
    if operation.does is Does.CALL:
        return subject.value if isinstance(subject, AttributeRef) and subject.name in MUTATORS else None
    return subject if operation.does in (Does.WRITE, Does.MUTATE) else None


def _root(ref: Ref) -> NameRef | None:
    """The first name in a chain of attributes and items; None for anything else."""
    at: Ref | None = ref
    while isinstance(at, AttributeRef | ItemRef | EnterRef):
        at = at.value
    return at if isinstance(at, NameRef) else None
