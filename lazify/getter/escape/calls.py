"""What calls and attributes do with the object: they hand it to code that is read, too, or nobody knows."""

import ast
from collections.abc import Callable, Iterator
from typing import NamedTuple

from lazify.getter.class_changes import with_bases
from lazify.getter.escape.tables import DISPLAY, HOLDER, NONE, OBJECT, Body, Kind, Kinds
from lazify.getter.escape.world import World, is_standard
from lazify.index.project import Builtin, Defined, External
from lazify.model.facts import MODULE, NameRef

CONSTRUCTORS = frozenset({"__init__", "__post_init__"})
"""What only makes, and runs where its class is called."""
_ASKS_WHICH = frozenset({"callable", "id", "type"})
"""Builtins that ask for the class of an object, or which object it is."""
_COPIES = frozenset({"list", "tuple"})
_FINDS_ANYTHING = frozenset({"__import__", "eval", "exec", "globals", "locals", "vars"})
_PLAIN_DECORATORS = frozenset({NameRef(each, MODULE) for each in ("classmethod", "property", "staticmethod")})
_STATIC, _OF_CLASS = NameRef("staticmethod", MODULE), NameRef("classmethod", MODULE)


class Given(NamedTuple):
    """The arguments of a call."""

    positional: list[Kinds]
    keywords: dict[str, Kinds]

    @property
    def held(self) -> Iterator[int | str]:
        """The positions and keywords of those that have to do with the object."""
        yield from (place for place, kinds in enumerate(self.positional) if kinds)
        yield from (name for name, kinds in self.keywords.items() if kinds)

    @property
    def kinds(self) -> Kinds:
        """What any of them is."""
        return NONE.union(*self.positional, *self.keywords.values())


class Calls:
    """The calls, attributes and stores of one body."""

    def __init__(self, world: World, body: Body, value: Callable[[ast.expr], Kinds]) -> None:
        """`value` tells what an expression of the body is."""
        self._world, self._body, self._value = world, body, value
        self._tables = world.tables

    def of(self, node: ast.Call) -> Kinds:
        """What a call gives."""
        given = self._given(node)
        if self._is_store(node):
            self.store(node.args[0], node.args[1].value, given.positional[2], by_object=True)  # type: ignore[attr-defined]  # a constant, see _is_store
            return NONE
        match self._world.sources.target(self._body, node.func):
            case Builtin(name):
                return self._builtin(name, node, given)
            case External(name):
                return self._outside(name, given)
            case Defined() as target if not self._world.is_variable(target):
                return self._defined(target, given)
            case _:
                return self._found(node.func, given)

    def store(self, owner: ast.expr, name: str, kinds: Kinds, *, by_object: bool = False) -> None:
        """Set an attribute: `self.name = …` of what is being made keeps the value."""
        held = self._value(owner)
        if not held and not kinds:
            return
        cls = self._world.receiver(self._body, owner)
        if cls is None or not held <= HOLDER or not self._makes(owner):
            self._tables.look()
        elif all(self._world.is_plain(each, name, by_object=by_object) for each in self._made_as(cls)):
            self._tables.store(name, kinds, cls)
        else:
            self._tables.look()

    def attribute(self, node: ast.Attribute) -> Kinds:
        """What an attribute is that is read and not called."""
        held = self._value(node.value)
        stored = self._tables.attribute(node.attr)
        cls = self._world.receiver(self._body, node.value)
        is_own = cls is not None and held <= HOLDER and self._world.is_inert(cls, node.attr)
        self._tables.look(when=bool(held) and not is_own)
        for each in self._world.properties(node.attr):
            stored |= self._function(each, Given([], {}), receiver=held & HOLDER)
        is_method = cls is not None and bool(self._world.methods(cls, node.attr))
        return stored | (HOLDER if held and is_method else NONE)

    def _given(self, node: ast.Call) -> Given:
        """Evaluate all arguments; what is unpacked has to have nothing to do with the object."""
        unpacked = [each.value for each in node.args if isinstance(each, ast.Starred)]
        unpacked += [each.value for each in node.keywords if each.arg is None]
        self._tables.look(when=bool(NONE.union(*map(self._value, unpacked))))
        positional = [NONE if isinstance(each, ast.Starred) else self._value(each) for each in node.args]
        given = Given(positional, {each.arg: self._value(each.value) for each in node.keywords if each.arg})
        self._tables.look(when=bool(unpacked) and bool(given.kinds))
        return given

    def _is_store(self, node: ast.Call) -> bool:
        """`object.__setattr__(self, "name", value)`."""
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name() as owner, attr="__setattr__"),
                args=[_, ast.Constant(value=str()), _],
            ):
                return self._world.sources.target(self._body, owner) == Builtin("object")
        return False

    def _makes(self, owner: ast.expr) -> bool:
        """Tell whether that `self` is what a constructor makes."""
        number = self._world.sources.binder(self._body, getattr(owner, "id", ""))
        return self._body[0].facts.scopes[number].name.rpartition(".")[2] in CONSTRUCTORS

    def _made_as(self, cls: Defined) -> list[Defined]:
        """The class and those below it that the making calls."""
        made = [each for each in self._tables.made if cls in with_bases(self._world.view, each)]
        return [cls, *made]

    def _builtin(self, name: str, node: ast.Call, given: Given) -> Kinds:
        kinds = given.kinds
        if name in _FINDS_ANYTHING:
            self._tables.look()
        elif name == "getattr":
            self._tables.look(when=bool(kinds))
            return self._tables.any_attribute
        elif name in _COPIES and len(node.args) == 1:
            self._tables.look(when=not kinds <= DISPLAY)
            return kinds
        elif name == "isinstance":
            is_known = len(node.args) > 1 and self._world.is_of_class(self._body, node.args[1])
            asked = given.positional[0] if given.positional else kinds
            is_fixed = Kind.HOLDER not in asked and (Kind.OBJECT not in asked or self._world.is_class_fixed)
            self._tables.look(when=bool(asked) and not (is_known and is_fixed))
        elif name not in _ASKS_WHICH or len(node.args) != 1:
            self._tables.look(when=bool(kinds))
        return NONE

    def _outside(self, name: str, given: Given) -> Kinds:
        """What nobody reads here keeps an argument if the knowledge base says so."""
        fact = self._world.view.knowledge.fact(name)
        is_asked = Kind.OBJECT in given.kinds and self._world.finds("__getattr__", "__getattribute__")
        is_keeping = fact is not None and bool(fact.keeps) and not is_asked
        if fact is not None and is_keeping and all(map(fact.keeps_argument, given.held)):
            return HOLDER if given.kinds else NONE
        self._tables.look(when=bool(given.kinds) or not is_standard(name))
        return NONE

    def _defined(self, target: Defined, given: Given) -> Kinds:
        number = target.module.facts.scopes[MODULE].definitions[target.name]
        if target.module.facts.scopes[number].kind == "class":
            return self._constructed(target, given)
        return self._function((target.module, number), given)

    def _constructed(self, cls: Defined, given: Given) -> Kinds:
        self._tables.make(cls)
        family = with_bases(self._world.view, cls)
        makers = [(c.module, n) for c in family for name, n in self._definitions(c) if name == "__init__"]
        if given.kinds and not (makers and self._world.is_simple(cls)):
            self._tables.look()
        elif makers:
            self._function(makers[0], given, receiver=NONE)
        return HOLDER if given.kinds or not self._tables.holders.isdisjoint(family) else NONE

    def _definitions(self, cls: Defined) -> list[tuple[str, int]]:
        scopes = cls.module.facts.scopes
        return [*scopes[scopes[MODULE].definitions[cls.name]].definitions.items()]

    def _found(self, callee: ast.expr, given: Given) -> Kinds:
        """What is called is a variable, a method, or whatever an expression gives."""
        if self._world.is_root(self._body, callee):
            return self._called(given)
        match callee:
            case ast.Name(id=name):
                module, _ = self._body
                scope = module.facts.scopes[self._world.sources.binder(self._body, name)]
                if name in scope.definitions and name not in scope.locals:
                    return self._function((module, scope.definitions[name]), given)
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"), args=[]), attr=name):
                return self._inherited(name, given)
            case ast.Attribute():
                return self._method(callee, given)
        kinds = self._value(callee)
        if kinds == OBJECT:
            return self._called(given)
        self._tables.look(when=bool(kinds | given.kinds))
        return self._tables.any_result

    def _method(self, callee: ast.Attribute, given: Given) -> Kinds:
        held = self._value(callee.value)
        cls = self._world.receiver(self._body, callee.value)
        methods = [] if cls is None else self._world.methods(cls, callee.attr)
        self._tables.look(when=bool(self._tables.attribute(callee.attr)) or not held <= HOLDER)
        self._tables.look(when=bool(held) and (cls is None or not self._world.is_inert(cls, callee.attr)))
        self._tables.look(when=bool(given.kinds) and not methods)
        for method in methods:
            self._function(method, given, receiver=held)
        return self._tables.any_result

    def _inherited(self, name: str, given: Given) -> Kinds:
        """`super().__init__(…)`: of the classes below the object's, whichever comes next."""
        cls = self._world.owner(self._body)
        methods = [] if cls is None else self._world.methods(cls, name)
        methods = [each for each in methods if each != self._body]
        self._tables.look(when=bool(given.kinds) and not methods)
        for method in methods:
            self._function(method, given, receiver=NONE)
        return self._tables.any_result

    def _called(self, given: Given) -> Kinds:
        """The object itself is called: its class says what that runs, and not what somebody set of it."""
        cls = self._world.class_of_object
        family = with_bases(self._world.view, cls) if cls is not None else {}
        self._tables.look(when=cls is None or not self._world.is_simple(cls))
        found = [(c.module, n) for c in family for each, n in self._definitions(c) if each == "__call__"]
        if found:
            return self._function(found[0], given, receiver=OBJECT)
        self._tables.look()
        return NONE

    def _function(self, body: Body, given: Given, *, receiver: Kinds | None = None) -> Kinds:
        """Hand the arguments to the parameters of a function; `receiver`: it is a method, called on that."""
        module, number = body
        scope = module.facts.scopes[number]
        is_odd = scope.is_async or scope.is_generator or not _PLAIN_DECORATORS.issuperset(scope.decorators)
        self._tables.look(when=is_odd and bool(given.kinds | (receiver or NONE)))
        positional = list(given.positional)
        if receiver is not None and _STATIC not in scope.decorators:
            positional.insert(0, NONE if _OF_CLASS in scope.decorators else receiver)
        left = dict(given.keywords)
        for parameter in scope.parameters:
            if parameter.kind == "positional" and positional:
                self._tables.bind(body, parameter.name, positional.pop(0))
            elif parameter.kind == "*":
                self._tables.bind(body, parameter.name, DISPLAY if any(positional) else NONE)
                positional.clear()
            elif parameter.kind == "**":
                self._tables.bind(body, parameter.name, DISPLAY if any(left.values()) else NONE)
                left.clear()
            elif parameter.name in left:
                self._tables.bind(body, parameter.name, left.pop(parameter.name))
        self._tables.look(when=any(positional) or any(left.values()))
        self._tables.call(body)
        return self._tables.result(body)
