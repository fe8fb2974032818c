"""Which attributes could run code when they are read: properties, descriptors, `__getattr__`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from functools import cached_property

from lazify.index.abstract import UNKNOWN
from lazify.index.codes import PROPERTIES, Code, last_name
from lazify.index.installed_names import InstalledNames
from lazify.index.modules import Module
from lazify.index.values import Evaluator
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    CallRef,
    ChoiceRef,
    EnterRef,
    ItemRef,
    NameRef,
    Ref,
    Role,
    Scope,
    Use,
)
from lazify.model.places import Span

_READS = frozenset({Role.LOAD, Role.AUGMENT})
_HOOKS = frozenset({"__getattr__", "__getattribute__"})


class AttributeNames:
    """Which reads of attributes could run first-party code, by their names."""

    def __init__(self, evaluator: Evaluator) -> None:
        """Look for properties and hooks in all code of the project, when first asked."""
        self._evaluator = evaluator
        self._installed = InstalledNames(evaluator)
        self._found: dict[int, tuple[AttributeRef, ...]] = {}
        """By the identity of references, which live as long as the facts."""
        self._by_scope: dict[Module, dict[int, list[Use]]] = {}

    def within(self, ref: Ref | None, code: Code) -> tuple[AttributeRef, ...]:
        """The attributes read in an expression that could run code."""
        found = self._found.get(id(ref))
        if found is None:
            found = self._found[id(ref)] = () if ref is None else tuple(self._wanted(ref, code))
        return found

    def properties(self, ref: Ref | None, code: Code) -> list[AttributeRef]:
        """Those that are named like a property or descriptor."""
        return [each for each in self.within(ref, code) if self._is_named(each, code)]

    def of_uses(self, code: Code) -> Iterator[tuple[AttributeRef, Span, int]]:
        """The properties that the code reads of module-level names, wherever: in conditions, f-strings, comparisons."""
        for use in self._uses(code):
            ref: Ref = NameRef(use.name, use.bound)
            for attribute in use.attributes:
                ref = AttributeRef(ref, attribute)
                if attribute in self._names:
                    yield ref, use.span, use.statement

    def _uses(self, code: Code) -> Iterable[Use]:
        module, names = code.module, self._names
        if module not in self._by_scope:
            found = self._by_scope[module] = defaultdict(list)
            every = (use for uses in module.facts.uses.values() for use in uses if use.attributes)
            for use in () if names.isdisjoint(module.facts.words) else every:
                runs = use.scope != MODULE or not (use.deferred or use.is_typing)
                if use.role in _READS and runs and not names.isdisjoint(use.attributes):
                    found[use.scope].append(use)
        return self._by_scope[module].get(code.number, ())

    def _is_named(self, read: AttributeRef, code: Code) -> bool:
        return read.name in self._names or self._installed.runs(read, code)

    def _wanted(self, ref: Ref, code: Code) -> Iterable[AttributeRef]:
        reads = list(_attributes(ref))
        if reads and self._are_hooked:
            # Where `__getattr__` runs, nothing can be told of what the expression gives.
            values = self._evaluator.closures.settled(self._evaluator.evaluate(ref, code))
            if not UNKNOWN.isdisjoint(values):
                return reads
        return (each for each in reads if self._is_named(each, code))

    @cached_property
    def _names(self) -> frozenset[str]:
        """The names of all properties of the project, and of what classes hold if descriptors exist."""
        found = {
            last_part(scope)
            for scope in self._functions(PROPERTIES)
            if any(last_name(decorator) in PROPERTIES for decorator in scope.decorators)
        }
        if self._are_defined({"__get__"}):
            scopes = (scope for m in self._evaluator.project.modules.values() for scope in m.facts.scopes)
            found.update(name for scope in scopes if scope.kind == "class" for name in _made(scope))
        return frozenset(found)

    @cached_property
    def _are_hooked(self) -> bool:
        """Some class of the project decides itself what its attributes are."""
        return self._are_defined(_HOOKS)

    def _are_defined(self, names: Set[str]) -> bool:
        return any(last_part(scope) in names for scope in self._functions(names))

    def _functions(self, words: Iterable[str]) -> Iterator[Scope]:
        """The functions of all modules that hold one of these words."""
        project = self._evaluator.project
        for module in {module: None for word in words for module in project.mentioning(word)}:
            yield from (scope for scope in module.facts.scopes if scope.kind == "function")


def last_part(scope: Scope) -> str:
    """The plain name of a function or class."""
    return scope.name.rpartition(".")[2]


def _made(scope: Scope) -> Iterator[str]:
    for name, refs in scope.locals.items():
        if any(isinstance(ref, CallRef) for ref in refs):
            yield name


def bound_values(code: Code) -> Iterator[tuple[Ref | None, Span, int]]:
    """Expressions whose value is only bound or returned: with a span near them and their statement."""
    if code.number == MODULE:
        for number, statement in enumerate(code.module.facts.statements):
            yield statement.value, statement.value_span or statement.span, number
        return
    start = code.scope.span._replace(end_line=code.scope.span.line, end_column=code.scope.span.column)
    for refs in (*code.scope.locals.values(), code.scope.returns):
        for ref in refs:
            yield ref, start, code.scope.statement


def _attributes(ref: Ref) -> Iterator[AttributeRef]:
    stack: list[Ref | None] = [ref]
    while stack:
        at = stack.pop()
        match at:
            case AttributeRef(value, _):
                yield at
                stack.append(value)
            case CallRef(value) | ItemRef(value) | EnterRef(value):
                stack.append(value)
            case ChoiceRef(options):
                stack += options
