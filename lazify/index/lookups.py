"""Where the classes of a project have a name: Python's attribute lookup, method resolution order given."""

from collections.abc import Iterable
from dataclasses import dataclass

from lazify.index.abstract import UNKNOWN, Class, Instance, Outside, Shared, Values
from lazify.index.classes import Base
from lazify.index.codes import Code
from lazify.index.declared import Fields
from lazify.index.project import Project
from lazify.model.facts import LiteralRef

_CONSTANTS = frozenset(
    LiteralRef(name) for name in ("None", "bool", "int", "float", "complex", "str", "bytes")
)
OF_OBJECT = frozenset(dir(object))
_NAMED_TUPLES = frozenset({"typing.NamedTuple", "builtins.tuple"})
_COPIES = frozenset({"_make", "_replace"})
"""Methods of named tuples that give another instance of the same class."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a class has a name."""

    methods: tuple[Code, ...]
    classes: tuple[Code, ...]
    is_held: bool
    """Something is bound to it, in a class body or to `self`."""
    inherited: Values
    """What it is if the project's own classes do not have it."""
    is_set_from_outside: bool
    """No class has it, and all are the project's: a decorator, a metaclass or `setattr` puts it on the class."""


def look_up(order: tuple[Base, ...], name: str) -> Found:
    """Find a name in classes looked up in that order."""
    methods: tuple[Code, ...] = ()
    classes: tuple[Code, ...] = ()
    for base in order:
        if isinstance(base, Code):
            if name in base.children:
                methods = tuple(child for child in base.children[name] if child.kind == "function")
                classes = tuple(child for child in base.children[name] if child.kind == "class")
                break
            if name in base.scope.locals:
                break
    is_held = any(name in base.scope.attributes for base in order if isinstance(base, Code))
    is_own = all(isinstance(base, Code) and "__getattr__" not in base.children for base in order)
    is_set_from_outside = is_own and not (methods or classes or is_held or name in OF_OBJECT)
    return Found(methods, classes, is_held, _inherited(order, name), is_set_from_outside)


def _inherited(order: tuple[Base, ...], name: str) -> Values:
    bases = [base for base in order if not isinstance(base, Code)]
    if not bases and name in OF_OBJECT:
        return frozenset({Outside(f"builtins.object.{name}", is_part=True)})
    if _NAMED_TUPLES.intersection(bases) and isinstance(order[0], Code):
        if name in _COPIES:
            return frozenset({Class(order[0])})
        if name == "_asdict":
            return frozenset({Outside("builtins.dict")})
    found = frozenset(Outside(f"{base}.{name}", is_part=True) for base in bases if base is not None)
    return found if found and None not in bases else found | UNKNOWN


def rebound_attributes(project: Project) -> frozenset[str]:
    """The names of attributes that `project` writes of classes or modules: `Config.cache = {}`."""
    return frozenset().union(*(module.facts.rebound for module in project.modules.values()))


def mark_of(
    value: Class | Instance, order: Iterable[Base], name: str, *, fields: Fields, is_rebound: bool
) -> Shared | None:
    """What the body of a class holds is shared by its instances, unless it is made for each of them.

    `is_rebound`: somebody writes an attribute of that name of a class, whatever its body holds.
    """
    for base in order:
        if isinstance(base, Code):
            in_body = base.scope.locals.get(name, ())
            if isinstance(value, Instance) and len(base.scope.attributes.get(name, ())) > len(in_body):
                return value.shared
            if in_body and not is_rebound and all(ref in _CONSTANTS for ref in in_body):
                # Nobody changes a constant in place: what is changed under its name belongs to the instance.
                return value.shared if isinstance(value, Instance) else None
            if (
                in_body
                and not is_rebound
                and isinstance(value, Instance)
                and fields.is_made_for_each(base, name)
            ):
                return value.shared
            if in_body:
                return Shared(base.module, f"{base.scope.name}.{name}")
    return None
