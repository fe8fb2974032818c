"""What code changes in one object that it is given, by whatever name it has it.

self.count += 1
items = self.items; return items.pop()
setattr(self, name, value)
"""

import ast
import builtins
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from lazify.index.changes import MUTATORS
from lazify.nodes import nodes_and_parents

Method = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

_FIRST_CHANGED = frozenset(
    {
        "delattr", "heapify", "heappop", "heappush", "heappushpop", "heapreplace", "insort", "insort_left",
        "insort_right", "next", "shuffle",
    }
)  # fmt: skip
"""Functions that change what they are given first."""
_MAKERS = frozenset({"__class__", "__copy__", "copy", "deepcopy", "dict", "list", "set", "sorted"})
"""Functions and methods that give new objects, of which what is in them may be somebody's."""
_SCALARS = frozenset(
    {
        "abs", "all", "any", "bool", "callable", "float", "format", "hasattr", "hash", "id", "int", "isinstance",
        "issubclass", "len", "ord", "repr", "round", "str", "sum", "type",
    }
)  # fmt: skip
"""Builtins whose results hold nothing of what they are given."""


class Change(NamedTuple):
    """What is bound in the object under which key; a change of another kind has no value."""

    owner: ast.expr
    key: ast.expr | None = None
    value: ast.expr | None = None


class ObjectChanges:
    """The changes of the object that a parameter of a function stands for."""

    def __init__(self, method: Method, receiver: str) -> None:
        self.receiver = receiver
        self.nodes, self.parents = nodes_and_parents(method)
        arguments = (each.arg for each in self.nodes if isinstance(each, ast.arg))
        self.parameters = frozenset(arguments) - {receiver}

    @cached_property
    def _bindings(self) -> list[tuple[ast.expr, ast.expr, bool]]:
        """Targets with what they are bound to, and whether they are bound to the whole of it."""
        found: list[tuple[ast.expr, ast.expr, bool]] = []
        for node in self.nodes:
            match node:
                case ast.Assign(targets=targets, value=value):
                    found += ((each, value, True) for each in targets)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    found.append((target, value, True))
                case ast.NamedExpr(target=target, value=value):
                    found.append((target, value, True))
                case ast.For() | ast.AsyncFor() | ast.comprehension():
                    found.append((node.target, node.iter, False))
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    found.append((target, value, False))
                case ast.Match(subject=value):
                    names = (
                        each.name for each in ast.walk(node) if isinstance(each, ast.MatchAs | ast.MatchStar)
                    )
                    found += ((ast.Name(name, ast.Store()), value, False) for name in names if name)
        return found

    @cached_property
    def values(self) -> dict[str, list[ast.expr]]:
        """What each local name is bound to, or taken from."""
        found: dict[str, list[ast.expr]] = {}
        for target, value, _ in self._bindings:
            for name in (each for each in ast.walk(target) if isinstance(each, ast.Name)):
                if isinstance(name.ctx, ast.Store):
                    found.setdefault(name.id, []).append(value)
        return found

    @cached_property
    def _own(self) -> set[str]:
        """The receiver, and the names that may stand for something in it."""
        own, size = {self.receiver}, 0
        while size < len(own):
            size = len(own)
            own |= {name for name, values in self.values.items() if any(_holds(each, own) for each in values)}
        return own

    @cached_property
    def _new(self) -> set[str]:
        """Names that stand for new objects in any case: what they hold may be shared, they are not."""
        whole = [
            (target.id, value)
            for target, value, is_whole in self._bindings
            if is_whole and isinstance(target, ast.Name)
        ]
        made = {name for name, _ in whole} - self.parameters
        return {
            name
            for name in made
            if len(values := [value for each, value in whole if each == name]) == len(self.values[name])
            and all(map(_makes, values))
        }

    def _is_own(self, node: ast.expr) -> bool:
        is_new = _makes(node) or (isinstance(node, ast.Name) and node.id in self._new)
        return not is_new and _holds(node, self._own)

    @cached_property
    def changes(self) -> list[Change]:
        """All that the code binds, adds or takes away in the object."""
        return [*self._bound(), *self._changed_in_place()]

    def _bound(self) -> Iterator[Change]:
        for target, value, is_whole in self._bindings:
            for part in ast.walk(target):
                match part:
                    case (
                        ast.Attribute(value=owner, ctx=ast.Store())
                        | ast.Subscript(value=owner, ctx=ast.Store())
                    ):
                        if self._is_own(owner):
                            key = part.slice if isinstance(part, ast.Subscript) else ast.Constant(part.attr)
                            yield Change(part, key, value if is_whole and part is target else None)

    def _changed_in_place(self) -> Iterator[Change]:
        for node in self.nodes:
            for owner, change in _changed_by_call(node) if isinstance(node, ast.Call) else _changed(node):
                if _is_super(owner) or self._is_own(owner):
                    yield change


def _changed(node: ast.AST) -> Iterator[tuple[ast.expr, Change]]:
    """Yield what `x += 1` and `del x.y` change."""
    match node:
        case ast.AugAssign(target=owner):
            yield owner, Change(owner)
        case ast.Attribute(value=owner, ctx=ast.Del()) | ast.Subscript(value=owner, ctx=ast.Del()):
            yield owner, Change(owner)


def _changed_by_call(call: ast.Call) -> Iterator[tuple[ast.expr, Change]]:
    """Yield what a call may change, as its name says: `items.append(x)`, `setattr(x, name, value)`."""
    match call.func, call.args:
        case ast.Name("setattr") | ast.Attribute(attr="__setattr__"), [owner, key, value]:
            yield owner, Change(ast.Subscript(ast.Attribute(owner, "__dict__"), key), key, value)
        case ast.Attribute(attr="setdefault", value=owner), [key, value]:
            yield owner, Change(ast.Subscript(owner, key), key, value)
        case ast.Attribute(attr=name, value=owner), given if name in MUTATORS:
            yield owner, Change(owner)
            if isinstance(owner, ast.Name) and hasattr(builtins, owner.id):  # dict.update(self, more)
                yield from ((each, Change(each)) for each in given[:1])
        case ast.Name(name) | ast.Attribute(attr=name), [owner, *_] if name in _FIRST_CHANGED:
            yield owner, Change(owner)


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _makes(value: ast.expr) -> bool:
    """Tell whether an expression gives a new object: a display, or a copy."""
    match value:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name)):
            return name in _MAKERS
    return False


def _holds(node: ast.AST | None, names: set[str]) -> bool:
    """Tell whether a value may be, or hold, something of the objects of these names."""
    match node:
        case ast.Name(name):
            return name in names
        case ast.Attribute(value=value) | ast.Subscript(value=value) | ast.Starred(value=value):
            return _holds(value, names)
        case ast.NamedExpr(value=value) | ast.Await(value=value):
            return _holds(value, names)
        case ast.Call(func=ast.Name(name), args=arguments) if hasattr(builtins, name):
            return name not in _SCALARS and any(_holds(each, names) for each in arguments)
        case ast.Call(func=function):
            return _holds(function, names)
        case ast.IfExp(body=one, orelse=other):
            return _holds(one, names) or _holds(other, names)
        case (
            ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values) | ast.Set(elts=values)
        ):
            return any(_holds(each, names) for each in values)
        case ast.Dict(values=values):
            return any(_holds(each, names) for each in values)
        case ast.ListComp(elt=value) | ast.SetComp(elt=value) | ast.GeneratorExp(elt=value):
            return _holds(value, names)
    return False
