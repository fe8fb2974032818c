"""Modules that are values: `m = a`, `load(a)`, `sys.modules["a"]`, `import_module(name)`, and what is done to them.

Reading an attribute of such a module survives a module `__getattr__`. Writing one, and listing all there are,
do not: these are followed through plain variables and the parameters of functions that the project defines.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from lazify.getter.problems import where
from lazify.getter.settings import LOADERS, is_loader
from lazify.getter.stores import Store, plain_stores, spelled_stores
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, InModule
from lazify.index.view import View
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    CallRef,
    ChoiceRef,
    Does,
    Dynamic,
    ItemRef,
    NameRef,
    Operation,
    Ref,
    Role,
    Use,
)
from lazify.model.places import Span

IMPORTS = frozenset({"import_module", "__import__"})
_IMPORTERS = frozenset(
    {
        External("importlib.import_module"),
        External("importlib.reload"),
        External("importlib.util.module_from_spec"),
        Builtin("__import__"),
    }
)
_TABLE = External("sys.modules")
_TAKES = frozenset({"get", "pop", "setdefault", "__getitem__"})
LISTS = frozenset(
    {
        External("inspect.getmembers"),
        External("inspect.getmembers_static"),
        External("inspect.get_annotations"),
        External("typing.get_type_hints"),
        External("typing_extensions.get_type_hints"),
        External("annotationlib.get_annotations"),
        External("unittest.defaultTestLoader.loadTestsFromModule"),
    }
)
"""Functions that list the names of a module they are given."""
_HANDED = frozenset({Role.LOAD, Role.DEFAULT, Role.DECORATOR, Role.BASE, Role.PATTERN})
"""`load(a)`, `def load(module=a)`, `@loaded(a)`, `class Loaded(Base, module=a)`, `case Loaded(a.KIND)`."""
_DEEPEST = 4
"""Hops from variable to variable."""


@dataclass(frozen=True, slots=True)
class Handle:
    """A place where a module becomes a value."""

    holder: Module
    span: Span
    what: str

    @property
    def reason(self) -> str:
        """Say so in a sentence."""
        return f"{where(self.holder, self.span)} {self.what}"


class Handles:
    """Finds the modules that are values; each fact of the project is gathered once."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view, self._project = view, view.project
        self._stored: dict[Module, dict[str, list[Store]]] = {}

    def of(self, owner: Module) -> list[Handle]:
        """List the places where `owner` itself becomes a value."""
        return [
            *(Handle(*at, "passes the module on as a value") for at in self._passed.get(owner, ())),
            *self._taken_of.get(owner, ()),
        ]

    @cached_property
    def holders(self) -> Collection[Module]:
        """The modules that have another one as a value, under its own name, always in one order."""
        return self._held_in.keys()

    def held_in(self, module: Module) -> Iterable[Module]:
        """Give those that one has."""
        return self._held_in.get(module, ())

    @cached_property
    def _held_in(self) -> dict[Module, dict[Module, None]]:
        held: dict[Module, dict[Module, None]] = {}
        for owner, places in self._passed.items():
            for holder, _ in places:
                held.setdefault(holder, {})[owner] = None
        return held

    @cached_property
    def _taken_of(self) -> dict[Module, list[Handle]]:
        found: dict[Module, list[Handle]] = {}
        for handle, modules in self._taken:
            for owner in modules:
                found.setdefault(owner, []).append(handle)
        return found

    @cached_property
    def computed(self) -> list[Handle]:
        """The places where any module may become a value: `sys.modules[name]`, `import_module(name)`."""
        return [handle for handle, modules in self._taken if not modules]

    def held(self, module: Module, ref: Ref | None, depth: int = _DEEPEST) -> frozenset[Module]:
        """Tell which modules of the project the expression may be."""
        target = resolve(self._project, module, ref)
        if isinstance(target, InModule):
            return frozenset({target.module})
        match ref:
            case ChoiceRef(options):
                return self._union(module, options, depth)
            case ItemRef(table) if resolve(self._project, module, table) == _TABLE:
                return self.taken_in(module)
            case CallRef(AttributeRef(table, method)) if (
                method in _TAKES and resolve(self._project, module, table) == _TABLE
            ):
                return self.taken_in(module)
            case CallRef(callee) if resolve(self._project, module, callee) in _IMPORTERS:
                return self.taken_in(module)
            case NameRef(name, scope) if depth:
                values = module.facts.scopes[scope].locals.get(name, ())
                given = self._given.get((module, scope, name), frozenset())
                return given | self._union(module, values, depth - 1)
            case _:
                return frozenset()

    def listed(self) -> dict[Module, list[tuple[Module, Span]]]:
        """Find the calls that list the names of a module."""
        names = LOADERS | {target.name.rpartition(".")[2] for target in LISTS}
        listed: dict[Module, list[tuple[Module, Span]]] = {}
        for module in self._project.modules.values():
            if not names.isdisjoint(module.facts.words):
                for operation in _calls(module):
                    if is_loader(operation) or resolve(self._project, module, operation.subject) in LISTS:
                        for argument in operation.arguments:
                            for owner in self.held(module, argument.ref):
                                listed.setdefault(owner, []).append((module, operation.span))
        return listed

    def written(self, owner: Module, name: str) -> Iterator[tuple[Module, Span]]:
        """Yield the places that set or delete the attribute `name` of something that may be `owner`."""
        is_held = bool(self.of(owner))
        for module in self._project.mentioning(name):
            for ref, scope, span in self._stores(module).get(name, ()):
                if isinstance(resolve(self._project, module, ref), InModule):
                    continue  # a use or a mention of the name, which is followed
                held = self.held(module, ref)
                may_be = is_held or module in self._loose or self._is_begun(module, owner)
                if owner in held or (not held and may_be and self._is_unknown(module, ref, scope)):
                    yield module, span

    def _is_begun(self, module: Module, owner: Module) -> bool:
        """Tell whether the module imports others by names that begin like that of `owner`: `f"plugins.{name}"`."""
        return any(
            dynamic.what in IMPORTS and f".{dynamic.prefix.lstrip('.')}" in f".{owner.path_name}"
            for dynamic in module.facts.dynamics
            if dynamic.prefix
        )

    @cached_property
    def _loose(self) -> frozenset[Module]:
        return frozenset(handle.holder for handle in self.computed)

    def _stores(self, module: Module) -> dict[str, list[Store]]:
        """Find, by the name of the attribute, what the module sets or deletes of a value that is no import.

        What is done to imports are uses, and followed as such.
        """
        if module not in self._stored:
            stores: dict[str, list[Store]] = {}
            self._stored[module] = stores
            for name, store in (*plain_stores(module, self._view.text(module)), *spelled_stores(module)):
                stores.setdefault(name, []).append(store)
        return self._stored[module]

    def _is_unknown(self, module: Module, ref: Ref | None, scope: int) -> bool:
        """Tell whether nothing is known of a value that may be a module."""
        scopes = module.facts.scopes
        if isinstance(ref, NameRef) and ref.scope != MODULE:
            owner = scopes[ref.scope]
            is_receiver = owner.parent >= 0 and scopes[owner.parent].kind == "class"
            if is_receiver and owner.parameters and owner.parameters[0].name == ref.name:
                return False
        elif isinstance(ref, NameRef | AttributeRef):
            return False
        return self._view.effects.class_of(module, ref, scope) is None

    def _union(self, module: Module, refs: tuple[Ref | None, ...], depth: int) -> frozenset[Module]:
        return frozenset().union(*(self.held(module, ref, depth) for ref in refs))

    def taken_in(self, holder: Module) -> frozenset[Module]:
        """Tell which modules one file takes from the table or imports by constant names."""
        return frozenset().union(*(modules for handle, modules in self._taken if handle.holder is holder))

    @cached_property
    def _taken(self) -> list[tuple[Handle, frozenset[Module]]]:
        """Modules taken from `sys.modules` or imported by name; an empty set stands for any module."""
        return [
            (Handle(module, dynamic.span, f"takes modules from {dynamic.what}"), modules)
            for module in self._project.modules.values()
            for dynamic in module.facts.dynamics
            if (dynamic.what == "sys.modules" or (dynamic.what in IMPORTS and not dynamic.prefix))
            and (modules := self._named(module, dynamic)) is not None
        ]

    def _named(self, module: Module, dynamic: Dynamic) -> frozenset[Module] | None:
        if dynamic.literal is None:
            return frozenset()
        found = self._project.find(dynamic.literal.lstrip("."), seen_from=module)
        return frozenset({found[0]}) if found and not found[1] else None

    @cached_property
    def _passed(self) -> dict[Module, list[tuple[Module, Span]]]:
        """Uses of a module itself, not of an attribute of it."""
        passed: dict[Module, list[tuple[Module, Span]]] = {}
        for owner, module, use in self._plain_uses:
            passed.setdefault(owner, []).append((module, use.span))
        for module in self._project.modules.values():
            for item in module.facts.imports:
                if module.facts.scopes[item.scope].kind == "class":  # `import a` is an attribute of the class
                    target = resolve(self._project, module, NameRef(item.binds, item.scope))
                    if isinstance(target, InModule):
                        passed.setdefault(target.module, []).append((module, item.span))
        return passed

    @cached_property
    def _plain_uses(self) -> list[tuple[Module, Module, Use]]:
        return [
            (target.module, module, use)
            for module in self._project.modules.values()
            for use in self._whole_uses(module)
            if isinstance(target := resolve(self._project, module, _chain(use)), InModule)
        ]

    def _whole_uses(self, module: Module) -> Iterator[Use]:
        """Yield the reads of imported modules that are neither called nor the owner in `setattr(m, "x", …)`."""
        named = self._project.module_names(module)
        tested = (
            {a.span[:2] for m in module.facts.mentions if m.position > 0 for a in m.arguments}
            if named
            else ()
        )
        for use in (use for name in named for use in module.facts.uses.get(name, ())):
            is_plain = use.role in _HANDED and not use.is_called and not use.is_typing
            if is_plain and use.span[:2] not in tested:
                yield use

    @cached_property
    def _given(self) -> dict[tuple[Module, int, str], frozenset[Module]]:
        """Parameters that receive a module: of `load(a)`, the first one of `load`."""
        given: dict[tuple[Module, int, str], frozenset[Module]] = {}
        for owner, module, use in self._plain_uses:
            for operation in module.facts.scopes[use.scope].operations:
                if operation.does is Does.CALL and operation.span.contains(use.span):
                    for key in self._receivers(module, operation, use.span):
                        given[key] = given.get(key, frozenset()) | {owner}
        return given

    def _receivers(self, module: Module, call: Operation, span: Span) -> Iterator[tuple[Module, int, str]]:
        target = resolve(self._project, module, call.subject)
        if not isinstance(target, Defined):
            return
        facts = target.module.facts
        number = facts.scopes[MODULE].definitions.get(target.name)
        if number is None or facts.scopes[number].kind != "function":
            return
        names = [parameter.name for parameter in facts.scopes[number].parameters]
        for position, argument in enumerate(call.arguments):
            if argument.span[:2] == span[:2]:
                if argument.keyword in names:
                    yield target.module, number, argument.keyword
                elif argument.keyword is None and position < len(names):
                    yield target.module, number, names[position]


def _calls(module: Module) -> Iterator[Operation]:
    for scope in module.facts.scopes:
        for operation in scope.operations:
            if operation.does is Does.CALL:
                yield operation


def _chain(use: Use) -> Ref:
    ref: Ref = NameRef(use.name, use.bound)
    for attribute in use.attributes:
        ref = AttributeRef(ref, attribute)
    return ref
