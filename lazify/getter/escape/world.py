"""What the code of a making may come by beside its parameters: module-level names, classes, the object itself."""

import ast
import sys
from functools import cached_property

from lazify.getter.class_changes import with_bases
from lazify.getter.class_state import reached_scopes
from lazify.getter.escape.sources import Sources
from lazify.getter.escape.tables import HOLDER, NONE, Body, Kinds, Tables
from lazify.getter.groups import Group
from lazify.getter.stores import plain_stores, spelled_stores
from lazify.index.codes import PROPERTIES, last_name
from lazify.index.modules import Module
from lazify.index.occurrences import Occurrences, resolve
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.state import LOGGERS
from lazify.index.view import View
from lazify.model.facts import MODULE, CallRef, Does, ItemRef, LiteralRef, NameRef, Ref, Scope
from lazify.model.places import Span

CONSTANTS = frozenset({"str", "bytes", "int", "float", "complex", "bool", "None", "ellipsis"})
_PLAIN_BASES = frozenset({External("typing.Generic"), External("abc.ABC"), Builtin("object")})
_METHODS = frozenset({NameRef("classmethod", MODULE), NameRef("staticmethod", MODULE)})
_FINDERS = ("gc", "importlib", "inspect", "runpy", "sys.modules", "sys._getframe", "weakref")
"""What in the standard library finds objects that it was not given."""
_TELL_NOTHING = frozenset({External(name) for name in (*LOGGERS, "re.Pattern")})
"""Classes whose methods give nothing that somebody put into the object."""
_HOOKS = frozenset({"__getattr__", "__getattribute__"})
_ASKS_MORE = ("typing", "typing_extensions", "importlib")
"""Modules with protocols: whether an object is of these depends on its attributes."""


class World:
    """One making and one object that its code reads by a name."""

    def __init__(
        self, view: View, group: Group, target: Defined, found: Occurrences, sources: Sources
    ) -> None:
        """`found` are the occurrences of the name `target` that the object has."""
        self.view, self.tables, self.sources = view, Tables(), sources
        self.group, self._target = group, target
        self.roots = {(use.module, use.span): use for use in found.uses}
        self._properties: dict[str, list[Body]] = {}
        self.seen: set[tuple[Module, Span]] = set()
        """The uses of the object that were come by."""

    @cached_property
    def reached(self) -> frozenset[Body]:
        """The functions that the making may run."""
        return frozenset(reached_scopes(self.view, self.group))

    def methods(self, cls: Defined, name: str) -> list[Body]:
        """The methods of that name of the class, of those below it, and of what these inherit from."""
        related = {base for each in self._below(cls) for base in with_bases(self.view, each)}
        return [
            (each.module, scope.definitions[name])
            for each in related
            if (scope := self.scope_of(each)) is not None and name in scope.definitions
        ]

    def _below(self, cls: Defined) -> list[Defined]:
        """The class, and those that inherit from it: each names the one above it."""
        found = [cls]
        for above in found:
            found += [
                each
                for module in self.view.project.mentioning(above.name)
                for name, number in module.facts.scopes[MODULE].definitions.items()
                if module.facts.scopes[number].bases and (each := Defined(module, name)) not in found
                if above in with_bases(self.view, each)
            ]
        return found

    def is_inert(self, cls: Defined, name: str) -> bool:
        """Tell whether reading that attribute of an instance runs nothing but properties, and gives no odd method."""
        related = {base for each in self._below(cls) for base in with_bases(self.view, each)}
        scopes = [scope for each in related if (scope := self.scope_of(each)) is not None]
        return len(scopes) == len(related) and all(
            _HOOKS.isdisjoint((*scope.definitions, *scope.locals))
            and all(is_constant(each) or _is_declared(scope, each) for each in scope.locals.get(name, ()))
            for scope in scopes
        )

    def properties(self, name: str) -> list[Body]:
        """What reading an attribute of that name may run, whatever it is read of."""
        if name not in self._properties:
            self._properties[name] = [
                (module, number)
                for module in self.view.project.mentioning(name)
                for number, scope in enumerate(module.facts.scopes)
                if scope.kind == "function" and scope.name.rpartition(".")[2] == name
                if any(last_name(each) in PROPERTIES for each in scope.decorators)
            ]
        return self._properties[name]

    def is_root(self, body: Body, node: ast.expr) -> bool:
        """Tell whether the expression is the name of the object."""
        if not isinstance(node, ast.Name | ast.Attribute):
            return False
        key = (body[0], self.sources.span(body[0], node))
        if key in self.roots:
            self.seen.add(key)
        return key in self.roots

    def of_target(self, body: Body, node: ast.expr) -> Kinds:
        """What a name that is bound at module level may have to do with the object.

        Other variables may hold it, too, and whoever calls a function that is handed on runs who knows what.
        """
        match self.sources.target(body, node):
            case None | Builtin():
                return NONE
            case External(name):
                return NONE if is_standard(name) else HOLDER
            case Defined() as target:
                return NONE if self.is_variable(target) and self._is_clean(target) else HOLDER
            case _:
                return HOLDER  # a module: all of its names

    def of_attribute(self, body: Body, node: ast.Attribute, owner: Target) -> Kinds:
        """What an attribute of a module, a class or a function may have to do with the object."""
        if not isinstance(owner, Defined):
            return self.of_target(body, node)
        scope = self.scope_of(owner)
        values = scope.locals.get(node.attr, ()) if scope is not None else ()
        is_method = scope is not None and scope.kind == "class" and node.attr in scope.definitions
        is_plain = is_method or node.attr.startswith("__") or (values and all(map(is_constant, values)))
        return NONE if is_plain else HOLDER

    def is_variable(self, target: Target) -> bool:
        """Tell whether a name of the project is bound to what an expression gave."""
        return isinstance(target, Defined) and self.scope_of(target) is None

    def scope_of(self, target: Defined) -> Scope | None:
        """The function or class that the name is of; None if it is, or may be, something else."""
        facts = target.module.facts
        number = facts.scopes[MODULE].definitions.get(target.name)
        is_other = bool(facts.scopes[MODULE].locals.get(target.name))
        return None if number is None or is_other else facts.scopes[number]

    def _is_clean(self, target: Defined) -> bool:
        """Constants, and what the making itself binds: where that came by the object, the tables say so."""
        if target.module is self.group.module:
            bindings = target.module.facts.bindings.get(target.name, ())
            if bindings and all(each.statement in self.group.statements for each in bindings):
                return True
        values = target.module.facts.scopes[MODULE].locals.get(target.name, ())
        made = self.view.effects.class_of(target.module, NameRef(target.name, MODULE), MODULE)
        return bool(values) and (all(map(is_constant, values)) or made in _TELL_NOTHING)

    @cached_property
    def class_of_object(self) -> Defined | None:
        """The class that is called to make the object, if that is one of the project's."""
        module = self._target.module
        values = module.facts.scopes[MODULE].locals.get(self._target.name, ())
        callees = {each.callee if isinstance(each, CallRef) else None for each in values}
        found = resolve(self.view.project, module, callees.pop()) if len(callees) == 1 else None
        scope = self.scope_of(found) if isinstance(found, Defined) else None
        return found if isinstance(found, Defined) and scope is not None and scope.kind == "class" else None

    @cached_property
    def is_class_fixed(self) -> bool:
        """Tell whether the object says of its class what was so from the start."""
        cls = self.class_of_object
        if cls is None:
            return False
        if self.finds("__class__", "__getattribute__"):
            return False
        return not any(
            name == "__class__" and self._may_be_object(module, owner, scope)
            for module in self.view.project.mentioning("__class__")
            for name, (owner, scope, _) in (
                *plain_stores(module, self.view.text(module)),
                *spelled_stores(module),
            )
        )

    def finds(self, *names: str) -> bool:
        """Tell whether the object's class, as far as it is read here, has one of these of its own."""
        family = [] if self.class_of_object is None else self._family(self.class_of_object)
        return any(not {*names}.isdisjoint((*scope.definitions, *scope.locals)) for _, scope in family)

    def _may_be_object(self, module: Module, owner: Ref | None, scope: int) -> bool:
        """Tell whether an expression may be the object: not if it is of a class that has nothing to do with its own."""
        cls, own = self.view.effects.class_of(module, owner, scope), self.class_of_object
        if not isinstance(cls, Defined) or own is None:
            return not isinstance(cls, External | Builtin)
        return cls in with_bases(self.view, own) or own in with_bases(self.view, cls)

    def owner(self, body: Body) -> Defined | None:
        """The class in whose method the code stands, be it in a function within that."""
        module, number = body
        scopes = module.facts.scopes
        while number > MODULE and scopes[number].kind != "class":
            number = scopes[number].parent
        is_found = number > MODULE and scopes[number].parent == MODULE
        return Defined(module, scopes[number].name) if is_found else None

    def receiver(self, body: Body, node: ast.expr) -> Defined | None:
        """The class in whose methods the expression is `self`."""
        if not isinstance(node, ast.Name):
            return None
        scopes = body[0].facts.scopes
        scope = scopes[self.sources.binder(body, node.id)]
        parent = scopes[scope.parent] if scope.parent > MODULE else None
        is_first = bool(scope.parameters) and scope.parameters[0].name == node.id
        if parent is None or parent.kind != "class" or parent.parent != MODULE or not is_first:
            return None
        is_bound = scope.kind == "function" and _METHODS.isdisjoint(scope.decorators)
        return Defined(body[0], parent.name) if is_bound and node.id not in scope.locals else None

    def is_simple(self, cls: Defined) -> bool:
        """Tell whether calling the class runs its `__init__` and nothing else."""
        return all(
            not (scope.decorators or scope.metaclass or "__new__" in (*scope.definitions, *scope.locals))
            and len(scope.bases) - sum(base in _PLAIN_BASES for base in self._bases(module, scope)) <= 1
            and all(isinstance(base, Defined) or base in _PLAIN_BASES for base in self._bases(module, scope))
            for module, scope in self._family(cls)
        )

    def is_plain(self, cls: Defined, attribute: str, *, by_object: bool) -> bool:
        """Tell whether setting the attribute of an instance only puts the value there.

        `by_object`: it is set by `object.__setattr__`, whatever the class says.
        """
        own = "__getattribute__" if by_object else "__setattr__"
        return self.is_simple(cls) and all(
            attribute not in scope.definitions
            and not {own, "__getattribute__"}.intersection((*scope.definitions, *scope.locals))
            and all(
                is_constant(each) or _is_declared(scope, each) for each in scope.locals.get(attribute, ())
            )
            for _, scope in self._family(cls)
        )

    def is_of_class(self, body: Body, node: ast.expr) -> bool:
        """Tell whether `isinstance(x, node)` asks for nothing but the class that x has."""
        if isinstance(node, ast.Tuple):
            return all(self.is_of_class(body, each) for each in node.elts)
        match self.sources.target(body, node):
            case Builtin():
                return True
            case External(name):
                return is_standard(name) and not name.startswith(_ASKS_MORE)
            case Defined() as cls:
                scope = self.scope_of(cls)
                return scope is not None and scope.kind == "class" and self._asks_plainly(cls)
            case _:
                return False

    def _asks_plainly(self, cls: Defined) -> bool:
        return all(
            scope.metaclass is None
            and all(isinstance(base, Defined) or base in _PLAIN_BASES for base in self._bases(module, scope))
            for module, scope in self._family(cls)
        )

    def _family(self, cls: Defined) -> list[tuple[Module, Scope]]:
        found = with_bases(self.view, cls).items()
        return [(base.module, base.module.facts.scopes[number]) for base, number in found]

    def _bases(self, module: Module, scope: Scope) -> list[Target | None]:
        return [resolve(self.view.project, module, _bare(base)) for base in scope.bases]


def is_standard(name: str) -> bool:
    """Tell whether something outside of the project is in the standard library, and finds only what it is given."""
    is_finder = any(f"{name}.".startswith(f"{finder}.") for finder in _FINDERS)
    return name.partition(".")[0] in sys.stdlib_module_names and not is_finder


def _bare(base: Ref | None) -> Ref | None:
    """`Generic` of `Generic[T]`."""
    return base.value if isinstance(base, ItemRef) else base


def is_constant(value: Ref | None) -> bool:
    """Tell whether the value is a constant, in which nothing can be."""
    return isinstance(value, LiteralRef) and value.type in CONSTANTS


def _is_declared(scope: Scope, value: Ref | None) -> bool:
    """`x: str` in a class body: all that is known of the value is its class, which nobody calls."""
    called = (each.subject for each in scope.operations if each.does is Does.CALL)
    return isinstance(value, CallRef) and value.callee not in called
