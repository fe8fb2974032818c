"""What functions change of a class once it stands: `Client.timeout = 30`, `cls.registry[name] = cls`."""

from collections.abc import Iterator
from functools import cached_property

from lazify.getter.families import Class, family
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
_InMethod = tuple[int, bool | None, str | None, bool]
"""The scope of a method, what `_changed` says, and whether the receiver is the class."""


def with_bases(view: View, cls: Defined) -> dict[Defined, int]:
    """The class and those of the project that it inherits from, each with the number of its scope."""
    number = cls.module.facts.scopes[MODULE].definitions.get(cls.name)
    classes = () if number is None else family(view.project, cls.module, number)
    named = ((Defined(module, module.facts.scopes[at].name), at) for module, at in classes)
    return {each: at for each, at in named if each.module.facts.scopes[at].parent == MODULE}


class ClassChanges:
    """The changes of one project, by class; methods are read when a class that has them is asked for."""

    def __init__(self, view: View) -> None:
        """Read nothing yet."""
        self._view = view
        self._read: dict[Class, tuple[_InMethod, ...]] = {}

    def of(self, owner: Defined, *, of_objects: bool) -> Iterator[Change]:
        """Yield what functions set on the class, by its name or in its methods and those of its subclasses.

        `of_objects`: `self.registry.append(x)` counts too, where the class has a `registry` that objects share.
        """
        yield from self._by_name.get(owner, ())
        own = owner.module.facts.scopes[MODULE].definitions[owner.name]
        shared = owner.module.facts.scopes[own].locals
        for cls in self._subclasses.get((owner.module, own), ()):
            if cls not in self._read:
                self._read[cls] = tuple(_in_methods(self._view, *cls))
            for number, owns, attribute, is_of_class in self._read[cls]:
                if owns or is_of_class or (of_objects and owns is None and attribute in shared):
                    yield cls[0], number, attribute

    @cached_property
    def _modules(self) -> list[Module]:
        return [module for module in self._view.project.modules.values() if not module.source.is_test]

    @cached_property
    def _by_name(self) -> dict[Defined, list[Change]]:
        found: dict[Defined, list[Change]] = {}
        for module in self._modules:
            for number, target, name in _named(module):
                owner = resolve(self._view.project, module, target)
                if isinstance(owner, Defined):
                    found.setdefault(owner, []).append((module, number, name))
        return found

    @cached_property
    def _subclasses(self) -> dict[Class, list[Class]]:
        """The classes that inherit from a class, that one among them."""
        found: dict[Class, list[Class]] = {}
        for module in self._modules:
            for number, scope in enumerate(module.facts.scopes):
                for owner in family(self._view.project, module, number) if scope.kind == "class" else ():
                    found.setdefault(owner, []).append((module, number))
        return found


def _named(module: Module) -> Iterator[tuple[int, Ref, str | None]]:
    """Yield each scope that sets an attribute of what it names, the owner, and the attribute."""
    for number, ref in module.facts.changes:
        if isinstance(ref, AttributeRef) and ref.value is not None:
            yield number, ref.value, ref.name
    for number, scope in enumerate(module.facts.scopes) if "setattr" in module.facts.words else ():
        for operation in scope.operations if scope.kind in ("function", "lambda") else ():
            target, name = _set_by_name(operation)
            if target is not None:
                yield number, target, name


def _in_methods(view: View, module: Module, body: int) -> Iterator[_InMethod]:
    """Yield what the methods of one class change of their receivers, and whether these are the class itself."""
    is_metaclass = _is_metaclass(view, module, body)
    for number in module.facts.scopes[body].definitions.values():
        method = module.facts.scopes[number]
        if method.kind == "function" and method.parameters:
            receiver = NameRef(method.parameters[0].name, number)
            is_of_class = is_metaclass or _gets_class(method)
            for operation in method.operations:
                for owns, attribute in _changed(view, module, operation, receiver):
                    yield number, owns, attribute, is_of_class


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


def _is_metaclass(view: View, module: Module, number: int) -> bool:
    return any(
        resolve(view.project, at, base) == Builtin("type")
        for at, scope in family(view.project, module, number)
        for base in at.facts.scopes[scope].bases
    )
