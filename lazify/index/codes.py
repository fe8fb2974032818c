"""The scopes of a project as units of code that can run: module bodies, class bodies, functions, lambdas."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lazify.index.changes import captured
from lazify.index.modules import Module
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    CallRef,
    ChoiceRef,
    Does,
    EnterRef,
    ItemRef,
    NameRef,
    Operation,
    Parameter,
    Ref,
    Scope,
)
from lazify.model.places import Place, Span

IMPLICITLY_STATIC = frozenset({"__new__"})
IMPLICITLY_OF_CLASS = frozenset({"__init_subclass__", "__class_getitem__"})

PROPERTIES = (
    "property",
    "cached_property",
    "abstractproperty",
    "getter",
    "lazy_property",
    "lazyproperty",
    "reify",
    "hybrid_property",
)
"""Decorators under which reading an attribute calls the function."""


@dataclass(eq=False)
class Code:
    """One scope of one module; equal only to itself."""

    module: Module
    number: int
    scope: Scope
    parent: "Code | None"
    children: dict[str, list["Code"]] = field(default_factory=dict)
    """Functions and classes defined directly in it, by name; several where they are defined conditionally."""

    @property
    def name(self) -> str:
        """The last part of the qualified name."""
        return self.scope.name.rpartition(".")[2]

    @property
    def kind(self) -> str:
        """`module`, `class`, `function` or `lambda`."""
        return self.scope.kind

    @property
    def order(self) -> tuple[str, int]:
        """A key that sorts codes the same way in every run."""
        return str(self.module.path), self.number

    @property
    def qualified(self) -> str:
        """The dotted name with its module's."""
        return f"{self.module.name}.{self.scope.name}" if self.scope.name else self.module.name

    def place(self, span: Span | None = None) -> Place:
        """Where the code, or a span of it, stands."""
        return Place(self.module.path, self.scope.span if span is None else span)

    def above(self) -> Iterator["Code"]:
        """The scopes around it, from the nearest."""
        parent = self.parent
        while parent is not None:
            yield parent
            parent = parent.parent

    @cached_property
    def above_all(self) -> frozenset["Code"]:
        """The scopes around it."""
        return frozenset(self.above())

    @cached_property
    def is_nested(self) -> bool:
        """Stands inside a function, whose parameters it may use."""
        return any(code.kind in ("function", "lambda") for code in self.above_all)

    @cached_property
    def keeps_state(self) -> bool:
        """Stands inside a function whose variables it, or what stands there too, changes from call to call."""
        return any(code.is_changed_inside for code in self.above_all)

    @cached_property
    def is_changed_inside(self) -> bool:
        """A function within this one rebinds its variables, or changes in place what they hold."""
        return any(self.number in code.captures for code in self._inside())

    @cached_property
    def captures(self) -> frozenset[int]:
        """The scopes around whose variables it changes."""
        return frozenset(captured(self.scope, self.number))

    def _inside(self) -> Iterator["Code"]:
        for children in self.children.values():
            for child in children:
                yield child
                yield from child._inside()

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """By name."""
        return {parameter.name: parameter for parameter in self.scope.parameters}

    def makes_class(self, ref: Ref | None) -> bool:
        """Tell whether a function names a class that its own body makes: another for each of its calls."""
        match ref:
            case NameRef(name, scope) if self.kind == "function" and scope == self.number:
                is_bound_otherwise = self.scope.locals.get(name) or self.module.imports_of(scope, name)
                made = {child.kind for child in self.children.get(name, ())}
                return made == {"class"} and not is_bound_otherwise and name not in self.parameters
            case _:
                return False

    @cached_property
    def positional(self) -> tuple[str, ...]:
        """The names of the parameters that positional arguments reach, in order."""
        return tuple(p.name for p in self.scope.parameters if p.kind == "positional")

    @cached_property
    def calls(self) -> dict[Ref, list[Operation]]:
        """The calls of its own code, by what they call."""
        found: dict[Ref, list[Operation]] = defaultdict(list)
        for operation in self.scope.operations:
            if operation.does is Does.CALL and operation.subject is not None:
                found[operation.subject].append(operation)
        return found

    @cached_property
    def mentions(self) -> frozenset[tuple[int, str]]:
        """The names (with the scope that binds them) that its code, or code within it, makes something of."""
        found: set[tuple[int, str]] = set()
        for ref in _refs(self.scope):
            found.update(names(ref))
        for children in self.children.values():
            for child in children:
                found |= child.mentions
        return frozenset(found)

    def mentioned(self, frame: "Code") -> frozenset[str]:
        """Those of the names that `frame` binds."""
        return frozenset(name for number, name in self.mentions if number == frame.number)

    @cached_property
    def receiver(self) -> str | None:
        """The name of the first parameter, in a method or class method."""
        if self.kind != "function" or self.parent is None or self.parent.kind != "class":
            return None
        return None if self.is_static or not self.positional else self.positional[0]

    @cached_property
    def is_static(self) -> bool:
        """Under `@staticmethod`."""
        return self.has_decorator("staticmethod")

    @cached_property
    def is_of_class(self) -> bool:
        """Its first parameter is the class itself."""
        return self.has_decorator("classmethod") or self.name in IMPLICITLY_OF_CLASS | IMPLICITLY_STATIC

    @cached_property
    def is_property(self) -> bool:
        """Reading the attribute runs it."""
        return self.has_decorator(*PROPERTIES)

    @cached_property
    def is_setter(self) -> bool:
        """Storing into or deleting the attribute runs it."""
        return self.has_decorator("setter", "deleter")

    @cached_property
    def is_abstract(self) -> bool:
        """What runs in its place is another method."""
        if self.has_decorator("abstractmethod", "abstractproperty"):
            return True
        return self.parent is not None and any(
            last_name(base) == "Protocol" for base in self.parent.scope.bases
        )

    @cached_property
    def remembers(self) -> bool:
        """Gives the same object again: what a caller changes of it, others see."""
        return self.has_decorator("cache", "cached", "lru_cache", "memoize")

    def has_decorator(self, *wanted: str) -> bool:
        """Tell whether a decorator's last name is one of these."""
        return any(last_name(ref) in wanted for ref in self.scope.decorators)


class Codes:
    """Hands out the one Code of each scope."""

    def __init__(self) -> None:
        """Start empty; a module's scopes are taken in when one of them is asked for."""
        self._of: dict[Module, tuple[Code, ...]] = {}

    def all(self, module: Module) -> tuple[Code, ...]:
        """The scopes of one module, by number."""
        if module not in self._of:
            self._of[module] = _codes(module)
        return self._of[module]

    def of(self, module: Module, number: int) -> Code:
        """One scope."""
        return self.all(module)[number]


def _codes(module: Module) -> tuple[Code, ...]:
    found: list[Code] = []
    for number, scope in enumerate(module.facts.scopes):
        parent = found[scope.parent] if number != MODULE else None
        code = Code(module, number, scope, parent)
        found.append(code)
        if parent is not None:
            parent.children.setdefault(_mangled(code), []).append(code)
    return tuple(found)


def _mangled(code: Code) -> str:
    """`__x` inside a class `C` is `_C__x`."""
    name = code.name
    if not name.startswith("__") or name.endswith("__"):
        return name
    owner = next((each.name.lstrip("_") for each in code.above() if each.kind == "class"), "")
    return f"_{owner}{name}" if owner else name


def _refs(scope: Scope) -> Iterator[Ref | None]:
    for operation in scope.operations:
        yield operation.subject
        for argument in operation.arguments:
            yield argument.ref
    for values in scope.locals.values():
        yield from values
    for parameter in scope.parameters:
        yield parameter.default
    yield from scope.returns
    yield from scope.decorators
    yield from scope.bases


def names(ref: Ref | None) -> Iterator[tuple[int, str]]:
    """The scope and name of every plain name in `ref`."""
    stack = [ref]
    while stack:
        match stack.pop():
            case NameRef(name, scope):
                yield scope, name
            case AttributeRef(value, _) | ItemRef(value) | EnterRef(value):
                stack.append(value)
            case CallRef(callee):
                stack.append(callee)
            case ChoiceRef(options):
                stack += options


def last_name(ref: Ref | None) -> str | None:
    """`c` of `a.b.c`, `a.b.c(...)` and `a.b.c[...]`."""
    match ref:
        case NameRef(name, _) | AttributeRef(_, name):
            return name
        case CallRef(value) | ItemRef(value):
            return last_name(value)
        case _:
            return None


def has_call(ref: Ref) -> bool:
    """Something is called in it, perhaps: which call is meant may depend on where the expression stands."""
    at: Ref | None = ref
    while isinstance(at, AttributeRef | ItemRef | EnterRef):
        at = at.value
    return isinstance(at, CallRef | ChoiceRef)
