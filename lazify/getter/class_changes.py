"""What functions change of a class once it stands: `Client.timeout = 30`, `cls.registry[name] = cls`."""

from collections.abc import Iterator

from lazify.index.changes import MUTATORS
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, CallRef, Does, ItemRef, NameRef, Operation, Ref, Scope

_OF_CLASS = frozenset({"__init_subclass__", "__class_getitem__", "__new__"})
"""Methods that get the class without being told so."""
_SETATTR, _TYPE = NameRef("setattr", MODULE), NameRef("type", MODULE)

Change = tuple[Module, int, str | None]
"""The module, the scope of the function, and the attribute of the class that it changes; None for a computed one."""


def with_bases(view: View, cls: Defined) -> dict[Defined, int]:
    """The class and those of the project that it inherits from, each with the number of its scope."""
    found: dict[Defined, int] = {}
    pending = [cls]
    while pending:
        each = pending.pop()
        number = each.module.facts.scopes[MODULE].definitions.get(each.name)
        if number is None or each in found or each.module.facts.scopes[number].kind != "class":
            continue
        found[each] = number
        bases = (resolve(view.project, each.module, base) for base in each.module.facts.scopes[number].bases)
        pending += (base for base in bases if isinstance(base, Defined))
    return found


def class_changes(view: View, owner: Defined, *, of_objects: bool) -> Iterator[Change]:
    """Yield what functions set on the class, by its name or in its methods and those of its subclasses.

    `of_objects`: `self.registry.append(x)` counts too, where the class has a `registry` that objects share.
    """
    for module in view.project.mentioning(owner.name):
        if not module.source.is_test:
            yield from _by_name(view, module, owner)
            yield from _by_methods(view, module, owner, of_objects=of_objects)


def _by_name(view: View, module: Module, owner: Defined) -> Iterator[Change]:
    for number, ref in module.facts.changes:
        if isinstance(ref, AttributeRef) and resolve(view.project, module, ref.value) == owner:
            yield module, number, ref.name
    for number, scope in enumerate(module.facts.scopes) if "setattr" in module.facts.words else ():
        for operation in scope.operations if scope.kind in ("function", "lambda") else ():
            target, name = _set_by_name(operation)
            if target is not None and resolve(view.project, module, target) == owner:
                yield module, number, name


def _by_methods(view: View, module: Module, owner: Defined, *, of_objects: bool) -> Iterator[Change]:
    """Subclasses name the class among their bases, so that their modules mention it."""
    shared = owner.module.facts.scopes[owner.module.facts.scopes[MODULE].definitions[owner.name]].locals
    for name, body in module.facts.scopes[MODULE].definitions.items():
        if module.facts.scopes[body].kind != "class" or owner not in with_bases(view, Defined(module, name)):
            continue
        is_metaclass = _is_metaclass(view, Defined(module, name))
        for number in module.facts.scopes[body].definitions.values():
            method = module.facts.scopes[number]
            if method.kind == "function" and method.parameters:
                is_class = is_metaclass or _gets_class(method)
                for operation in method.operations:
                    for owns, attribute in _changed(
                        view, module, operation, NameRef(method.parameters[0].name, number)
                    ):
                        if owns or is_class or (of_objects and owns is None and attribute in shared):
                            yield module, number, attribute


def _changed(
    view: View, module: Module, operation: Operation, receiver: NameRef
) -> Iterator[tuple[bool | None, str | None]]:
    """Yield each attribute of the receiver that an operation changes.

    True: of its class, whatever the receiver is. False: set on the receiver. None: changed in place, be it the
    receiver's own or its class's.
    """
    subject = operation.subject
    target, name = _set_by_name(operation)
    if target == receiver or _is_class_of(target, receiver):
        yield target != receiver, name
    if operation.does is Does.CALL:
        subject = subject.value if isinstance(subject, AttributeRef) and subject.name in MUTATORS else None
    elif operation.does is not Does.MUTATE and operation.does is not Does.WRITE:
        return
    elif subject == receiver or _is_class_of(subject, receiver):
        # `receiver.attribute = value`: the subject is the receiver, and the span the whole target.
        _, dot, attribute = view.text(module).cut(operation.span).rpartition(".")
        if dot and attribute.isidentifier():
            yield subject != receiver, attribute
    while isinstance(subject, AttributeRef | ItemRef):
        if isinstance(subject, AttributeRef) and (
            subject.value == receiver or _is_class_of(subject.value, receiver)
        ):
            yield (None if subject.value == receiver else True), subject.name
        subject = subject.value


def _set_by_name(operation: Operation) -> tuple[Ref | None, str | None]:
    """`setattr(target, name, value)`: the target, and the name where it is a constant."""
    if operation.subject != _SETATTR or len(operation.arguments) <= 1:
        return None, None
    target, name, *_ = operation.arguments
    return target.ref, name.constant if isinstance(name.constant, str) else None


def _is_class_of(ref: Ref | None, receiver: NameRef) -> bool:
    """`self.__class__`, `type(self)`."""
    is_attribute = isinstance(ref, AttributeRef) and ref.name == "__class__" and ref.value == receiver
    return is_attribute or (isinstance(ref, CallRef) and ref.callee == _TYPE)


def _gets_class(method: Scope) -> bool:
    return method.name.rpartition(".")[2] in _OF_CLASS or NameRef("classmethod", MODULE) in method.decorators


def _is_metaclass(view: View, cls: Defined) -> bool:
    return any(
        resolve(view.project, each.module, base) == Builtin("type")
        for each, number in with_bases(view, cls).items()
        for base in each.module.facts.scopes[number].bases
    )
