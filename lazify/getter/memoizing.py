"""What a method does to its own object: nothing, memoizing, or more, so that the first answer is not the second.

return self.found.setdefault(name, make(name))     it memoizes: whoever asks gets the same
self.count = self.count + 1                        more
items = self.items; return items.pop()             more, by another name
self.last = name                                   more: what it binds depends on who asked
"""

import ast
import builtins
from collections.abc import Iterator
from functools import cached_property

from lazify.getter.object_changes import Change, Method, ObjectChanges

_LOOKING_AT_NOTHING = frozenset({"id", "isinstance", "super", "type"})
"""Builtins that tell nothing of the contents of an object."""
_RECEIVERS = frozenset({"cls", "self"})


def changes_its_object(method: Method, *, may_memoize: bool) -> bool:
    """Tell whether running the method shows in its object, which is the first parameter."""
    parameters = [*method.args.posonlyargs, *method.args.args]
    if not parameters:
        return False
    code = _Memoizing(method, parameters[0].arg)
    return bool(code.changes) and not (may_memoize and code.is_memoizing)


def changes_what_it_is_given(function: Method) -> bool:
    """Tell whether running the function shows in another argument than the object that it is a method of."""
    parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any(
        bool(ObjectChanges(function, each.arg).changes) for each in parameters if each.arg not in _RECEIVERS
    )


class _Memoizing(ObjectChanges):
    @property
    def is_memoizing(self) -> bool:
        """Tell whether another call with the same arguments, before or after, gives the same."""
        return all(map(self._is_memo, self.changes)) and all(map(self._is_memo_read, self.nodes))

    @cached_property
    def _keys(self) -> dict[str, set[str]]:
        """Under which keys something is bound in each attribute; "" is the attribute itself, as is the receiver."""
        found: dict[str, set[str]] = {}
        for change in self.changes:
            if (place := self._place(change.owner)) is not None:
                found.setdefault(place[0], set()).add(place[1])
        return found

    def _place(self, node: ast.AST) -> tuple[str, str] | None:
        """Give the attribute and the key of what an expression stands for in the object; None for anything else."""
        match node:
            case ast.Attribute(value=ast.Name(name), attr=attribute) if name == self.receiver:
                return attribute, ""
            case ast.Subscript(value=ast.Name(name), slice=key) if name == self.receiver:
                return "", ast.dump(key)
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(name), attr="__dict__"), slice=ast.Constant(str(attribute))
            ) if name == self.receiver:
                return attribute, ""
            case ast.Subscript(value=owner, slice=key):
                around = self._place(owner)
                return (around[0], ast.dump(key)) if around is not None and not around[1] else None
            case ast.Name(name) if len(self.values.get(name, ())) == 1:
                return self._place(self.values[name][0])
        return None

    def _is_memo(self, change: Change) -> bool:
        """Tell whether what is bound depends on nothing but the key, and shows in no answer by being there."""
        if change.key is None or change.value is None or self._place(change.owner) is None:
            return False
        if isinstance(change.value, ast.Constant) and change.value.value is not None:
            place, results = self._place(change.owner), [*map(ast.dump, self._results)]
            is_read = any(self._place(each) == place for each in self.nodes if _is_load(each))
            return not is_read or (len(set(results)) == 1 and not self._is_read_in(self._results, place))
        return self._asked_for(change.value) <= self._asked_for(change.key)

    @cached_property
    def _results(self) -> list[ast.expr]:
        """What the method may give back."""
        given = (n.value for n in self.nodes if isinstance(n, ast.Return | ast.Yield | ast.YieldFrom))
        bodies = (n.body for n in self.nodes if isinstance(n, ast.Lambda))
        return [*(each for each in given if each is not None), *bodies]

    def _asked_for(self, node: ast.AST) -> frozenset[str]:
        """List the parameters that an expression depends on."""
        return self.parameters & {each.id for each in self._reached(node) if isinstance(each, ast.Name)}

    def _is_memo_read(self, node: ast.AST) -> bool:
        """Tell whether the node asks for what is memoized and nothing else: no number of things, and no last one."""
        match node:
            case ast.Call(func=ast.Name(name), args=[ast.Name(given), *_]) if given == self.receiver:
                return not hasattr(builtins, name) or name in _LOOKING_AT_NOTHING
            case ast.Attribute(value=ast.Name(name), attr=method) if (
                name == self.receiver and "" in self._keys
            ):
                return method in ("get", "setdefault") or not hasattr(dict, method)
        place = self._place(node) if _is_load(node) else None
        if place is None or place[1] or place[0] not in self._keys:
            return True
        if self._keys[place[0]] == {""}:
            return not self._is_read_in(self._bound_to(place), place)
        return self._is_asked_by_key(node, self._keys[place[0]])

    def _bound_to(self, place: tuple[str, str]) -> list[ast.expr]:
        """What else than itself is bound to an attribute."""
        values = (each.value for each in self.changes if self._place(each.owner) == place)
        return [each for each in values if each is not None and self._place(each) != place]

    def _is_read_in(self, nodes: list[ast.expr], place: tuple[str, str] | None) -> bool:
        return any(
            self._place(each) == place for node in nodes for each in self._reached(node) if _is_load(each)
        )

    def _is_asked_by_key(self, node: ast.AST, keys: set[str]) -> bool:
        """`found[name]`, `found.get(name)`, `name in found`, `found is None`, or another name for it."""
        around = self.parents.get(node)
        match around:
            case ast.Subscript(value=owner, slice=key) if owner is node:
                return ast.dump(key) in keys
            case ast.Attribute(attr="get" | "setdefault"):
                call = self.parents.get(around)
                return isinstance(call, ast.Call) and bool(call.args) and ast.dump(call.args[0]) in keys
            case ast.Compare(left=key, ops=[ast.In() | ast.NotIn()]) if key is not node:
                return ast.dump(key) in keys
            case ast.Compare(ops=[ast.Is() | ast.IsNot()]):
                return True
        return isinstance(around, ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.Expr)

    def _reached(self, node: ast.AST, seen: frozenset[str] = frozenset()) -> Iterator[ast.AST]:
        """Yield the nodes of an expression, and of what the local names in it are bound to."""
        for each in ast.walk(node):
            yield each
            if isinstance(each, ast.Name) and each.id not in seen:
                for value in self.values.get(each.id, ()):
                    yield from self._reached(value, seen | {each.id})


def _is_load(node: ast.AST) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Load)
