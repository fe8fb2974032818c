"""What a registered handler is: how the framework calls it, and whether its name still means it at startup."""

import ast
from dataclasses import dataclass

from lazify.index.occurrences import resolve
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.lifespan.apps import external
from lazify.lifespan.kinds import lineage
from lazify.lifespan.origins import Origins
from lazify.lifespan.replaced import is_replaced
from lazify.lifespan.trees import Function, Tree, own_nodes
from lazify.model.facts import MODULE, AttributeRef, NameRef

_ROUTES = frozenset(
    {
        *("get", "put", "post", "delete", "options", "head", "patch", "trace", "api_route", "route"),
        *("websocket", "websocket_route", "on_event", "exception_handler"),
    }
)
"""Methods of applications and routers that give decorators which give the function back."""
_ALWAYS_AWAITED = frozenset({"fastapi_utils.tasks.repeat_every", "fastapi_restful.tasks.repeat_every"})
"""Decorators that make an `async def` of any function (their source: `async def wrapped()`)."""
_AS_BEFORE = frozenset({"functools.wraps", "tenacity.retry", "backoff.on_exception", "backoff.on_predicate"})
"""Decorators that make an `async def` of an `async def`, and a plain function of a plain one."""


class Handlers:
    """Tells how handlers are called, as Starlette's `is_async_callable` decides it."""

    def __init__(self, view: View, origins: Origins) -> None:
        """Look into the modules of `view`."""
        self._view = view
        self.origins = origins

    def is_awaited(
        self, tree: Tree, handler: ast.expr | Function, node: ast.expr | None = None
    ) -> bool | None:
        """Tell whether the framework awaits it; None where that cannot be told.

        `node` is the decorator that registers a function: what stands above it does not reach the framework.
        """
        if isinstance(handler, Function):
            marks = handler.decorator_list
            below = marks[marks.index(node) + 1 :] if node in marks else marks
            return self._of_function(tree, handler, below)
        match handler:
            case ast.Lambda():
                return False
            case ast.Call(func=func, args=[first, *_]) if (
                external(self._view, tree, func) == "functools.partial"
            ):
                return self.is_awaited(tree, first)
            case ast.Call():
                return self._of_factory(tree, handler)
            case ast.Name() | ast.Attribute():
                return self._of_named(tree, handler)
            case _:
                return None

    def is_bare(self, tree: Tree, function: Function, node: ast.expr) -> bool:
        """Tell whether the function's name means what is registered: nothing above the decorator changes it."""
        marks = function.decorator_list
        return all(self.is_route(tree, each) for each in marks[: marks.index(node)])

    def _of_function(self, tree: Tree, function: Function, decorators: list[ast.expr]) -> bool | None:
        """A generator is called and dropped, be it an asynchronous one."""
        is_async = isinstance(function, ast.AsyncFunctionDef) and not _yields(function)
        for decorator in reversed(decorators):
            name = external(
                self._view, tree, decorator.func if isinstance(decorator, ast.Call) else decorator
            )
            if name in _ALWAYS_AWAITED:
                is_async = True
            elif name not in _AS_BEFORE and not self.is_route(tree, decorator):
                made = self._made_by(tree, decorator)
                if made is None:
                    return None
                is_async = made
        return is_async

    def _made_by(self, tree: Tree, decorator: ast.expr) -> bool | None:
        """Tell whether the functions that a decorator of the project makes of others are awaited."""
        if not isinstance(decorator, ast.Call):
            return self._of_maker(tree, decorator)
        found: set[bool | None] = set()
        for where, function in self.origins.functions(tree, decorator.func):
            if isinstance(function, ast.AsyncFunctionDef) or _yields(function) or function.decorator_list:
                return None
            values = [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]
            found |= {None if value is None else self._of_maker(where, value) for value in values} or {None}
        return found.pop() if len(found) == 1 else None

    def _of_maker(self, tree: Tree, maker: ast.expr) -> bool | None:
        call = ast.Call(func=maker, args=[], keywords=[])
        return self._of_factory(tree, call) if isinstance(maker, ast.Name | ast.Attribute) else None

    def is_route(self, tree: Tree, decorator: ast.expr) -> bool:
        """Tell whether the decorator is one of the framework's, which give the function back."""
        match decorator:
            case ast.Call(func=ast.Attribute(value=receiver, attr=method)) if method in _ROUTES:
                return self.origins.kind(tree, receiver) is not None
        return False

    def _of_factory(self, tree: Tree, call: ast.Call) -> bool | None:
        found: set[bool | None] = set()
        for where, function in self.origins.functions(tree, call.func):
            if isinstance(function, ast.AsyncFunctionDef) or _yields(function) or function.decorator_list:
                return None
            returned = [node.value for node in own_nodes(function) if isinstance(node, ast.Return)]
            found |= {None if value is None else self.is_awaited(where, value) for value in returned} or {
                None
            }
        return found.pop() if len(found) == 1 else None

    def _of_named(self, tree: Tree, handler: ast.Name | ast.Attribute) -> bool | None:
        if isinstance(handler, ast.Name) and not is_only_defined(tree, handler):
            return None
        functions = list(self.origins.functions(tree, handler))
        if isinstance(handler, ast.Attribute) and isinstance(handler.value, ast.Name):
            functions += self._overriding(tree, handler)
        found = {self._of_method(where, function) for where, function in functions}
        return found.pop() if len(found) == 1 else None

    def _of_method(self, tree: Tree, function: Function) -> bool | None:
        kinds = ("staticmethod", "classmethod")
        others = [d for d in function.decorator_list if not isinstance(d, ast.Name) or d.id not in kinds]
        return self._of_function(tree, function, others)

    def _overriding(self, tree: Tree, handler: ast.Attribute) -> list[tuple[Tree, Function]]:
        """The methods of subclasses that may be meant by `self.method`."""
        owner = self.origins.owner(tree, handler.value)
        if not isinstance(owner, Defined):
            return []
        found: list[tuple[Tree, Function]] = []
        for where in self.origins.mentioning(handler.attr):
            for function in where.functions():
                around = where.parent(function)
                if function.name != handler.attr or not isinstance(around, ast.ClassDef):
                    continue
                cls = Defined(where.module, around.name)
                if cls != owner and owner in lineage(self._view.project, cls):
                    found.append((where, function))
        return found


@dataclass(frozen=True, slots=True)
class Stable:
    """Whether a name can be read when the application starts, instead of when the handler is registered."""

    view: View
    origins: Origins

    def is_stable(self, tree: Tree, handler: ast.expr | Function) -> bool:
        """Tell whether the name that stands for the handler will mean the same later."""
        if isinstance(handler, Function):
            scope = tree.scope(handler)
            return self._is_single(tree, handler.name, scope) and not self._is_replaced(
                tree, handler.name, scope
            )
        match handler:
            case ast.Name(id=name):
                scope = tree.binder(name, tree.scope(handler))
                if not self._is_single(tree, name, scope) or self._is_replaced(tree, name, scope):
                    return False
                return self._is_function_or_import(tree, name, scope)
            case ast.Attribute(value=ast.Name() as value, attr=attribute):
                return self._is_method(tree, value, attribute)
            case _:
                return False

    def _is_single(self, tree: Tree, name: str, scope: int) -> bool:
        return len(tree.bindings.get((name, scope), ())) == 1

    def _is_function_or_import(self, tree: Tree, name: str, scope: int) -> bool:
        node = tree.bindings[name, scope][0]
        if isinstance(node, ast.alias):
            target = resolve(self.view.project, tree.module, NameRef(name, scope))
            return scope != MODULE or not isinstance(target, Defined) or not self._is_rebound(target)
        return isinstance(node, Function)

    def _is_rebound(self, target: Defined) -> bool:
        bindings = target.module.facts.bindings.get(target.name, ())
        return len(bindings) != 1

    def _is_replaced(self, tree: Tree, name: str, scope: int) -> bool:
        """Tests that patch the name do not reach what is registered already."""
        return scope == MODULE and is_replaced(self.view, Defined(tree.module, name))

    def _is_method(self, tree: Tree, value: ast.Name, attribute: str) -> bool:
        """`self.close` and `client.close`, which nothing stores to, and `module.close`."""
        scope = tree.binder(value.id, tree.scope(value))
        target = resolve(self.view.project, tree.module, AttributeRef(NameRef(value.id, scope), attribute))
        if isinstance(target, Defined):
            return not self._is_rebound(target) and not is_replaced(self.view, target)
        bound = tree.bindings.get((value.id, scope), ())
        if len(bound) != 1 or not self._is_lasting(tree, value, scope):
            return False
        return not any(
            isinstance(node, ast.Attribute) and node.attr == attribute and not isinstance(node.ctx, ast.Load)
            for where in (tree, *self.origins.mentioning(attribute))
            for node in ast.walk(where.root)
        ) and not any(
            mention.text == attribute
            for module in self.view.project.mentioning(attribute)
            for mention in module.facts.mentions
        )

    def _is_lasting(self, tree: Tree, value: ast.Name, scope: int) -> bool:
        """Tell whether the only binding of a name is a parameter, or an assignment that runs once and stays."""
        node = tree.bindings[value.id, scope][0]
        if isinstance(node, ast.arg):
            return True
        return tree.value(node) is not None and not self._is_replaced(tree, value.id, scope)


def is_only_defined(tree: Tree, name: ast.Name) -> bool:
    """Tell whether only functions and imports bind the name."""
    bound = tree.bindings.get((name.id, tree.binder(name.id, tree.scope(name))), ())
    return all(isinstance(node, Function | ast.alias) for node in bound)


def _yields(function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))
