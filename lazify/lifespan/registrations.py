"""Every place where a handler is registered for startup or shutdown.

@app.on_event("startup")                      a decorator
app.on_event("shutdown")(self.close)          a statement
app.add_event_handler("startup", connect)     a statement
app.router.on_startup.append(connect)         a statement
FastAPI(on_startup=[connect])                 an argument
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.getter.problems import Problem
from lazify.lifespan.apps import App, Given, Origin
from lazify.lifespan.kinds import Kind
from lazify.lifespan.origins import Origins
from lazify.lifespan.trees import Function, Tree, Trees
from lazify.model.places import Place

EVENTS = ("startup", "shutdown")
METHODS = ("on_event", "add_event_handler")
KEYWORDS = {"on_startup": "startup", "on_shutdown": "shutdown"}


@dataclass(frozen=True, slots=True)
class Include:
    """A call that includes a router."""

    tree: Tree
    call: ast.Call
    router: ast.expr


@dataclass(frozen=True, slots=True)
class Registrar:
    """A function that registers handlers on the application that it is given, with its only call."""

    tree: Tree
    function: ast.FunctionDef
    caller: Tree
    call: ast.Call
    outer: "Registrar | None" = None
    """What calls it, where that is given the application, too."""

    @property
    def calls(self) -> tuple[tuple[Tree, ast.Call], ...]:
        """From the code that makes the application down to its own call."""
        return (*(() if self.outer is None else self.outer.calls), (self.caller, self.call))


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One handler of one event."""

    tree: Tree
    event: str
    node: ast.expr
    """What goes: the decorator's or the statement's call, or the element of a list."""
    handler: ast.expr | Function
    """The function that a decorator stands on, or what is passed."""
    keyword: ast.keyword | None = None
    """Of an argument."""
    include: Include | None = None
    """Of the router that the handler is registered on: what gives it to the application."""
    registrar: Registrar | None = None
    """What registers it on the application that it is given."""

    @property
    def through(self) -> tuple[Tree, ast.Call] | None:
        """The call in the code that makes the application by which it gets the handler, if that is another one."""
        if self.registrar is not None:
            return self.registrar.calls[0]
        return None if self.include is None else (self.include.tree, self.include.call)

    @property
    def order(self) -> tuple[tuple[int, int], ...]:
        """Where the application gets it, in its own module, then in each function that is given it."""
        nodes: list[ast.expr] = [self.node if self.include is None else self.include.call]
        if self.registrar is not None:
            nodes = [*(call for _, call in self.registrar.calls), *nodes]
        return tuple((node.end_lineno or 0, node.end_col_offset or 0) for node in nodes)

    @property
    def is_decorator(self) -> bool:
        """Stands on the function itself."""
        return isinstance(self.handler, Function)

    @property
    def code(self) -> str:
        """LZ301 for what `on_event` registers, LZ302 for the rest."""
        func = self.node.func if isinstance(self.node, ast.Call) else None
        if isinstance(func, ast.Call):
            func = func.func
        is_on_event = isinstance(func, ast.Attribute) and func.attr == "on_event" and self.keyword is None
        return "LZ301" if is_on_event else "LZ302"

    @property
    def at(self) -> Place:
        """Where it stands."""
        return self.tree.place(self.node)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strange:
    """A registration that cannot be read, or whose receiver cannot be told."""

    tree: Tree
    node: ast.expr
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one registration is for."""

    said: Registration | Strange
    origins: frozenset[Origin]
    near: frozenset[Origin]
    """Without looking at the callers."""
    kind: Kind | None
    """Of the receiver, also where its origin cannot be told."""
    left: Problem | None = None
    """Why the function that is given the application goes on registering it."""


def registrations(trees: Trees, origins: Origins) -> Iterator[Found]:
    """Find all of a project, on what is or may be an application or a router, in the order of the text."""
    for tree in trees.mentioning(*METHODS, *KEYWORDS):
        for call in tree.calls:
            match call.func:
                case ast.Attribute(value=receiver, attr=method) if method in METHODS:
                    said = _read(tree, call, method)
                    if said is not None:
                        yield _found(tree, receiver, said, origins)
                case ast.Attribute(value=ast.Attribute(value=receiver, attr=name), attr="append"):
                    appended = _appended(tree, call, name)
                    found = None if appended is None else _found(tree, receiver, appended, origins)
                    if found is not None and (found.kind or owners(found) or _is_router(receiver)):
                        yield found  # aiohttp has such lists, too
            yield from _arguments(tree, call, origins)
        yield from _aliases(tree, origins)


def _aliases(tree: Tree, origins: Origins) -> Iterator[Found]:
    """Find `on = app.on_event` and `getattr(app, "on_event")`: what they register cannot be read."""
    for node in ast.walk(tree.root):
        match node:
            case ast.Attribute(value=receiver, attr=name, ctx=ast.Load()) if name in METHODS:
                parent = tree.parent(node)
                if isinstance(parent, ast.Call) and parent.func is node:
                    continue
            case ast.Call(
                func=ast.Name(id="getattr"), args=[receiver, ast.Constant(value=str(name)), *_]
            ) if name in METHODS or name in KEYWORDS:
                pass
            case _:
                continue
        reason = f"{name} is taken from the application, and may register handlers"
        found = _found(tree, receiver, Strange(tree=tree, node=node, reason=reason), origins)
        if found.kind or owners(found):
            yield found


def _found(tree: Tree, receiver: ast.expr, said: Registration | Strange, origins: Origins) -> Found:
    return Found(
        said=said,
        origins=origins.of(tree, receiver),
        near=origins.near(tree, receiver),
        kind=origins.kind(tree, receiver),
    )


def _read(tree: Tree, call: ast.Call, method: str) -> Registration | Strange | None:
    """Read a call of `on_event` or `add_event_handler`; None for those of other libraries."""
    event, *rest = [*_arguments_of(call, ("event_type", "func")), None]
    if isinstance(event, ast.Constant):
        if event.value not in EVENTS:
            return None
    else:
        return Strange(tree=tree, node=call, reason="which event it is for is computed")
    name = str(event.value)
    if method == "add_event_handler":
        if not isinstance(tree.parent(call), ast.Expr) or rest[0] is None:
            return Strange(tree=tree, node=call, reason="add_event_handler() is part of an expression")
        return Registration(tree=tree, event=name, node=call, handler=rest[0])
    match tree.parent(call):
        case ast.FunctionDef(decorator_list=marks) | ast.AsyncFunctionDef(decorator_list=marks) if (
            call in marks
        ):
            function = tree.parent(call)
            assert isinstance(function, Function)
            return Registration(tree=tree, event=name, node=call, handler=function)
        case ast.Call(func=func, args=[handler], keywords=[]) as outer if func is call:
            if isinstance(tree.parent(outer), ast.Expr) and not isinstance(handler, ast.Starred):
                return Registration(tree=tree, event=name, node=outer, handler=handler)
    return Strange(
        tree=tree, node=call, reason="what on_event() gives is used in another way than as a decorator"
    )


def _appended(tree: Tree, call: ast.Call, name: str) -> Registration | None:
    """Read `router.on_startup.append(connect)`; what else is done with the list counts as reading it."""
    match call.args:
        case [handler] if name in KEYWORDS and isinstance(tree.parent(call), ast.Expr):
            return Registration(tree=tree, event=KEYWORDS[name], node=call, handler=handler)
    return None


def _is_router(receiver: ast.expr) -> bool:
    return isinstance(receiver, ast.Attribute) and receiver.attr == "router"


def is_appending(tree: Tree, node: ast.Attribute) -> bool:
    """Tell whether `node`, the list of an event, is only there for a handler to be appended."""
    method = tree.parent(node)
    call = tree.parent(method) if isinstance(method, ast.Attribute) and method.attr == "append" else None
    return isinstance(call, ast.Call) and _appended(tree, call, node.attr) is not None


def _arguments_of(call: ast.Call, names: tuple[str, ...]) -> list[ast.expr | None]:
    by_name = {keyword.arg: keyword.value for keyword in call.keywords}
    return [call.args[at] if at < len(call.args) else by_name.get(name) for at, name in enumerate(names)]


def _arguments(tree: Tree, call: ast.Call, origins: Origins) -> Iterator[Found]:
    wanted = [keyword for keyword in call.keywords if keyword.arg in KEYWORDS]
    app = origins.app(tree, call) if wanted else None
    if app is None:
        return
    for keyword in wanted:
        match keyword.value:
            case ast.Constant(value=None):
                continue
            case ast.List(elts=items) | ast.Tuple(elts=items) if not any(
                isinstance(i, ast.Starred) for i in items
            ):
                event = KEYWORDS[str(keyword.arg)]
                said: list[Registration | Strange] = [
                    Registration(tree=tree, event=event, node=item, handler=item, keyword=keyword)
                    for item in items
                ]
            case value:
                reason = f"the handlers of {keyword.arg}= are not listed there"
                said = [Strange(tree=tree, node=value, reason=reason)]
        only: frozenset[Origin] = frozenset({app})
        yield from (Found(said=each, origins=only, near=only, kind=app.kind) for each in said)


def owners(found: Found) -> list[App]:
    """The constructor calls that a registration may be for."""
    return [origin for origin in found.origins if isinstance(origin, App)]


def is_given(found: Found) -> bool:
    """Tell whether the application comes from a caller."""
    return any(isinstance(origin, Given) for origin in found.near)
