"""The classes of a project: what they inherit from, in the order in which attributes are looked up."""

from collections.abc import Sequence

from lazify.index.abstract import Class, OfFolder, OfModule, Outside
from lazify.index.codes import Code, Codes
from lazify.index.modules import Folder, Module
from lazify.index.project import Builtin, Defined, External, InModule, Project, Target
from lazify.model.facts import MODULE, AttributeRef, BindingKind, CallRef, Import, ItemRef, NameRef, Ref

Base = Code | str | None
"""A class of the project, the qualified name of another one, or one that cannot be told."""

MADE_CLASSES = {
    "collections.namedtuple": "builtins.tuple",
    "typing.NamedTuple": "builtins.tuple",
    "typing.TypedDict": "builtins.dict",
    "typing_extensions.TypedDict": "builtins.dict",
    "typing.NewType": "builtins.object",
}
"""Functions whose results are classes, and the builtin class that they are as good as."""

_Static = Class | Outside | OfModule | OfFolder | None
_LONGEST_ALIAS = 10


class Classes:
    """Method resolution orders."""

    def __init__(self, project: Project, codes: Codes) -> None:
        """Resolve the bases of classes in `project`."""
        self._project = project
        self._codes = codes
        self._orders: dict[Code, tuple[Base, ...]] = {}

    def order(self, code: Code) -> tuple[Base, ...]:
        """The class and all it inherits from, nearest first (C3, as Python does); `object` is left out."""
        if code not in self._orders:
            self._orders[code] = (code,)  # a class that inherits from itself ends here
            self._orders[code] = self._linear(code)
        return self._orders[code]

    def own(self, code: Code) -> list[Code]:
        """The part of the order that the project itself defines."""
        return [base for base in self.order(code) if isinstance(base, Code)]

    def after(self, receiver: Code, code: Code) -> tuple[Base, ...]:
        """Where `super()` looks, in a method of the class `code` called for a `receiver`."""
        order = self.order(receiver)
        return order[order.index(code) + 1 :] if code in order else self.order(code)[1:]

    def metaclass(self, code: Code) -> Base:
        """The class of the class; `builtins.type` where nothing else is said."""
        for base in self.own(code):
            if base.scope.metaclass is not None:
                return _base(self.resolve(base.scope.metaclass, base.module))
        return "builtins.type"

    def _linear(self, code: Code) -> tuple[Base, ...]:
        bases = [_base(self.resolve(ref, code.module)) for ref in code.scope.bases]
        bases = [base for base in bases if base not in ("builtins.object", code)]
        orders: list[list[Base]] = [
            list(self.order(base)) if isinstance(base, Code) else [base] for base in bases
        ]
        return (code, *_merge([*orders, bases]))

    def resolve(self, ref: Ref | None, module: Module, budget: int = _LONGEST_ALIAS) -> _Static:
        """Tell what a name or attribute means without looking at any value but plain aliases."""
        if budget == 0:
            return None
        match ref:
            case NameRef(name, scope):
                return self._name(self._codes.of(module, scope), name, budget)
            case AttributeRef(value, name):
                return self._member(self.resolve(value, module, budget - 1), name, budget)
            case ItemRef(value):  # Generic[T], Base[int]
                return self.resolve(value, module, budget - 1)
            case CallRef(callee):  # namedtuple("P", "x y"), declarative_base()
                return _made(self.resolve(callee, module, budget - 1))
            case _:
                return None

    def _member(self, owner: _Static, name: str, budget: int) -> _Static:
        match owner:
            case OfModule(module):
                return self._target(self._project.member(InModule(module), name), budget)
            case OfFolder(path):
                return self._target(self._project.member(Folder(path), name), budget)
            case Outside(qualified):
                return self._target(self._project.member(External(qualified), name), budget)
            case Class(code):
                return self._name(code, name, budget)
            case _:
                return None

    def _name(self, code: Code, name: str, budget: int) -> _Static:
        classes = [child for child in code.children.get(name, ()) if child.kind == "class"]
        if classes:
            return Class(classes[-1])
        imports = self._imports(code, name)
        found = [self._target(self._project.import_target(code.module, item), budget) for item in imports]
        values = code.scope.locals.get(name, ())
        found += [self.resolve(ref, code.module, budget - 1) for ref in values if ref is not None]
        found.sort(key=lambda each: not isinstance(each, Class))
        if found or values or code.number != MODULE:
            return next((each for each in found if each is not None), None)
        return self._target(self._project.lookup(code.module, name), budget)

    def _imports(self, code: Code, name: str) -> list[Import]:
        if code.number != MODULE:
            return [
                item for item in code.module.facts.imports if item.scope == code.number and item.binds == name
            ]
        bindings = code.module.facts.bindings.get(name, ())
        return [code.module.facts.imports[b.index] for b in bindings if b.kind is BindingKind.IMPORT]

    def _target(self, target: Target | None, budget: int) -> _Static:
        match target:
            case InModule(module):
                return OfModule(module)
            case Folder(path):
                return OfFolder(path)
            case External(name):
                return Outside(name)
            case Builtin(name):
                return Outside(f"builtins.{name}")
            case Defined(module, name) if budget > 1:
                return self._name(self._codes.of(module, MODULE), name, budget - 1)
            case _:
                return None


def _made(maker: _Static) -> _Static:
    return Outside(MADE_CLASSES.get(maker.name, f"{maker.name}()")) if isinstance(maker, Outside) else None


def _base(found: _Static) -> Base:
    match found:
        case Class(code):
            return code
        case Outside(name):
            return name
        case _:
            return None


def _merge(orders: Sequence[list[Base]]) -> list[Base]:
    merged: list[Base] = []
    left = [order for order in orders if order]
    while left:
        heads = [order[0] for order in left]
        good = next((head for head in heads if not any(head in order[1:] for order in left)), heads[0])
        merged.append(good)
        left = [rest for order in left if (rest := [base for base in order if base != good])]
    return merged
