"""Attributes, items and `with` targets of values."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from lazify.index.abstract import (
    MOST_STEPS,
    NOTHING,
    UNKNOWN,
    Anything,
    Class,
    Data,
    Function,
    Generated,
    Given,
    Instance,
    Made,
    OfFolder,
    OfModule,
    Outside,
    Shared,
    Step,
    Super,
    Unknown,
    Value,
    Values,
    Variable,
    marked,
    spread,
    union,
)
from lazify.index.closures import closures, frozen
from lazify.index.codes import Code
from lazify.index.declared import Fields
from lazify.index.lookups import OF_OBJECT, Found, look_up, mark_of, rebound_attributes
from lazify.index.modules import Folder
from lazify.index.sites import unseen
from lazify.index.unread import further, made, outside

if TYPE_CHECKING:
    from lazify.index.values import Evaluator

_TEXTS = frozenset({"__name__", "__qualname__", "__module__", "__doc__"})


class Members:
    """Looks into values."""

    def __init__(self, evaluator: "Evaluator") -> None:
        """Evaluate what is found with `evaluator`."""
        self._evaluator = evaluator
        self._fields = Fields(evaluator.project)
        self._lookups: dict[tuple[Code, Code | None, str], Found] = {}

    def attribute(self, values: Values, name: str) -> Values:
        """`value.name`"""
        return spread(lambda value: self._attribute(value, name, values), values)

    def item(self, values: Values) -> Values:
        """`value[...]`, or what iterating over it gives."""
        return union((*map(self._item, values), self._yields(values)))

    def enter(self, values: Values) -> Values:
        """What `with value as …` binds."""
        return union((*map(self._enter, values), self._yields(values)))

    def follow(self, values: Values, step: Step, code: Code) -> Values:
        """Take one step from a parameter of `code`, now that it is known."""
        if isinstance(step, Code):
            return spread(lambda value: _super(value, step), values)
        match step:
            case "[]":
                return self.item(values)
            case "with":
                return self.enter(values)
            case "()":
                return self._evaluator.calling.result(values, unseen(code))
            case _:
                return self.attribute(values, step[1:])

    def methods(self, code: Code, name: str, after: Code | None = None) -> tuple[Code, ...]:
        """The first-party functions that `name` finds in a class; with `after`, what `super()` there finds."""
        return self._look(code, after, name).methods

    def has(self, code: Code, name: str) -> bool:
        """Tell whether instances of a class have an attribute, as far as the project's code and names tell."""
        found = self._look(code, None, name)
        is_own = bool(found.methods or found.classes) or found.is_held
        return is_own or name in OF_OBJECT or name in self._rebound

    def _look(self, code: Code, after: Code | None, name: str) -> Found:
        key = (code, after, name)
        if key not in self._lookups:
            classes = self._evaluator.classes
            order = classes.order(code) if after is None else classes.after(code, after)
            self._lookups[key] = look_up(order, name)
        return self._lookups[key]

    def data(self, receiver: Code, name: str) -> Values:
        """What the bodies and methods of the class and its bases bind under `name`."""
        parts = []
        for base in self._evaluator.classes.own(receiver):
            refs = base.scope.attributes.get(name, ())
            if refs:
                found = union(self._evaluator.evaluate(ref, base) for ref in refs)
                parts.append(self._evaluator.closures.settled(found, dict(_selves(base, receiver))))
        return union(parts)

    def bound(self, code: Code, receiver: Instance | Class) -> Values:
        """What reading a method from an instance (or the class itself) gives."""
        functions = self._evaluator.defined(code)
        if code.is_static:
            return functions
        return frozenset(_bound(function, receiver) for function in functions)

    def _attribute(self, value: Value, name: str, beside: Values) -> Values:
        match value:
            case Given(code, parameter, steps):
                full = len(steps) >= MOST_STEPS
                return UNKNOWN if full else frozenset({Given(code, parameter, (*steps, f".{name}"))})
            case OfModule(module):
                return self._evaluator.of_module(module, name)
            case OfFolder(path):
                return self._evaluator.target(self._evaluator.project.member(Folder(path), name))
            case Class() | Instance():
                return self._of_class(value, None, name)
            case Super(code, receiver):
                return self._of_class(receiver, code, name)
            case Shared() | Unknown() | Anything():
                return frozenset({value})
            case Function():
                return _of_function(value, name)
            case Outside() | Made():
                found = self._evaluator.unlisted.attribute(value, name, beside)
                return _of_unread(value, name) if found is None else found
            case Data() | Generated():
                return _of_unread(value, name)

    def _of_class(self, value: Class | Instance, after: Code | None, name: str) -> Values:
        if name == "__class__" and isinstance(value, Instance):
            return frozenset({Class(value.code)})
        if name in _TEXTS:
            return frozenset({Data("str")})
        found = self._look(value.code, after, name)
        parts = [self._read(method, value) for method in found.methods if not method.is_setter]
        parts += map(self._evaluator.defined, found.classes)
        if found.is_held:
            parts.append(self._held(value, name))
        if not parts:
            parts.append(found.inherited)
            if found.is_set_from_outside:
                parts.append(frozenset({Shared(value.code.module, f"{value.code.scope.name}.{name}")}))
            if isinstance(value, Instance) and value.shared is not None:
                parts.append(frozenset({value.shared}))
        return union(parts)

    @cached_property
    def _rebound(self) -> frozenset[str]:
        return rebound_attributes(self._evaluator.project)

    def _held(self, value: Class | Instance, name: str) -> Values:
        data = self._evaluator.data(value.code, name)
        is_rebound = name in self._rebound
        order = self._evaluator.classes.order(value.code)
        mark = mark_of(value, order, name, fields=self._fields, is_rebound=is_rebound)
        if mark is None:
            return data
        # What is set from outside is not among the data, which may be but constants.
        return data | {mark} if is_rebound else marked(data, mark)

    def _read(self, method: Code, value: Class | Instance) -> Values:
        if method.is_of_class:
            return self.bound(method, Class(value.code))
        if isinstance(value, Class):
            return self._evaluator.defined(method)
        found = self.bound(method, value)
        return self._evaluator.calling.result(found, unseen(method)) if method.is_property else found

    def _item(self, value: Value) -> Values:
        match value:
            case Class() | Data("str"):
                return frozenset({value})
            case Data("bytes" | "range"):
                return frozenset({value, Data("int")})  # a part of it, or one of its numbers
            case Instance():
                return self._iterated(value)
            case Generated():
                return NOTHING  # see _yields
            case Outside(name, is_part):
                return self._outside_item(name, is_part=is_part)
            case Made(name):
                return self._made(f"{name}.__getitem__", f"{name}[]")
            case Given():
                return further(value, "[]")
            case Shared() | Anything():
                return frozenset({value})
            case _:
                return UNKNOWN

    def _outside_item(self, name: str, *, is_part: bool) -> Values:
        fact = self._evaluator.knowledge.fact(f"{name}.__getitem__")
        if fact is not None and fact.returns:
            return made(fact.returns)
        owner, _, last = name.rpartition(".")
        is_generic = last[:1].isupper() or owner == "builtins"
        return frozenset({Outside(name)}) if is_generic else outside(f"{name}[]", is_part=is_part)

    def _enter(self, value: Value) -> Values:
        match value:
            case Instance():
                found = self._through(value, ("__enter__", "__aenter__"))
                return UNKNOWN if found is None else found
            case Generated():
                return NOTHING  # see _yields
            case Made(name):
                return self._made(f"{name}.__enter__", name)
            case Given():
                return further(value, "with")
            case Shared() | Anything():
                return frozenset({value})
            case _:
                return UNKNOWN

    def _made(self, method: str, fallback: str) -> Values:
        fact = self._evaluator.knowledge.fact(method)
        return made(fact.returns if fact is not None and fact.returns else fallback)

    def _through(self, value: Instance, names: tuple[str, ...]) -> Values | None:
        for name in names:
            methods = self.methods(value.code, name)
            if methods:
                bound = union(self.bound(method, value) for method in methods)
                return self._evaluator.calling.result(bound, unseen(methods[0]))
        return None

    def _iterated(self, value: Instance) -> Values:
        found = self._through(value, ("__getitem__",))
        if found is None:
            found = self._through(value, ("__iter__", "__aiter__"))
            return UNKNOWN if found is None else union((self._yields(found), found - _generated(found)))
        return found

    def _yields(self, values: Values) -> Values:
        functions = (value.function for value in values if isinstance(value, Generated))
        return union(
            self._evaluator.returned(closure.code, frozen(closure.known)) for closure in closures(functions)
        )


def _generated(values: Values) -> Values:
    return frozenset(value for value in values if isinstance(value, Generated))


def _super(value: Value, code: Code) -> Values:
    match value:
        case Instance() | Class():
            return frozenset({Super(code, value)})
        case Given():
            return further(value, code)
        case Shared() | Anything():
            return frozenset({value})
        case _:
            return UNKNOWN


def _bound(value: Value, receiver: Instance | Class) -> Value:
    if not isinstance(value, Function) or value.bound or not value.code.positional:
        return value
    return Function(value.code, 1, receiver, value.frames, value.binding)


def _selves(base: Code, receiver: Code) -> Iterator[tuple[Variable, Values]]:
    for children in base.children.values():
        for method in children:
            if method.receiver is not None:
                value: Value = Class(receiver) if method.is_of_class else Instance(receiver)
                yield (method, method.receiver), frozenset({value})


def _of_function(function: Function, name: str) -> Values:
    if name in _TEXTS:
        return frozenset({Data("str")})
    if name in ("getter", "setter", "deleter") and (function.code.is_property or function.code.is_setter):
        return outside(f"builtins.property.{name}")
    return UNKNOWN


def _of_unread(value: Outside | Made | Data | Generated, name: str) -> Values:
    match value:
        case Outside(owner, is_part):
            return outside(f"{owner}.{name}", is_part=is_part)
        case Made(owner):
            return outside(f"{owner}.{name}", is_part=True)
        case Data("None"):
            return NOTHING
        case Data(owner):
            return outside(f"builtins.{owner}.{name}", is_part=True)
        case Generated():
            return outside(f"types.GeneratorType.{name}", is_part=True)
