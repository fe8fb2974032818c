"""What else happens to applications: code that lazify did not read is given one, or reads its handlers."""

import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping

from lazify.getter.problems import Problem, where
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.knowledge.lifecycle import lifecycle
from lazify.lifespan.apps import App, external
from lazify.lifespan.instances import is_inherited
from lazify.lifespan.origins import Origins
from lazify.lifespan.registrations import Include, is_appending
from lazify.lifespan.trees import Function, Tree, Trees
from lazify.lifespan.versions import is_at_least
from lazify.model.facts import Role, Use

_LISTS = ("on_startup", "on_shutdown")
_RUNS = ("startup", "shutdown")
_LOOKS = frozenset({"builtins.getattr", "builtins.setattr", "builtins.vars"})
"""What gives code attributes of what it is given by computed names."""


def escapes(view: View, trees: Trees, origins: Origins, apps: Iterable[App]) -> dict[App, Problem]:
    """Say for which applications a lifespan might silence handlers that nobody here registers, and why."""
    wanted = set(apps)
    found: dict[App, Problem] = {}
    readers = (
        _given_away(view, trees, origins, wanted),
        _read(trees, origins, wanted),
        _given_routers(view, trees, origins, wanted),
    )
    for reader in readers:
        for app, problem in reader:
            found.setdefault(app, problem)
    return found


def _given_away(view: View, trees: Trees, origins: Origins, apps: set[App]) -> Iterator[tuple[App, Problem]]:
    for tree, call, argument in _passed(trees, origins, apps):
        reason = _reason(view, tree, call, origins)
        if reason is None:
            continue
        at = f"{reason} ({where(tree.module, tree.span(call))})"
        for origin in origins.of(tree, argument):
            if isinstance(origin, App) and origin in apps:
                yield origin, Problem(at, tree.place(call))


def _passed(trees: Trees, origins: Origins, apps: set[App]) -> Iterator[tuple[Tree, ast.Call, ast.expr]]:
    """Yield every call that is given one of the applications, by whatever name."""
    names = {name for app in apps for name in _names_of(app.tree, app.call)}
    done: set[str] = set()
    seen: set[ast.expr] = set()
    while names - done:
        fresh = names - done
        done |= fresh
        for tree in trees.mentioning(*fresh):
            for node in tree.values:
                if node in seen or _stem(node) not in done or not origins.of(tree, node) & apps:
                    continue
                seen.add(node)
                names |= set(_names_of(tree, node))
                call = _call_of(tree, node)
                if call is not None:
                    names |= set(_parameters(tree, call, node, origins))
                    yield tree, call, node
    for app in apps:
        call = _call_of(app.tree, app.call)
        if call is not None and app.call not in seen:
            yield app.tree, call, app.call
        for node in app.tree.values if is_inherited(app) else ():  # self
            call = _call_of(app.tree, node)
            if call is not None and isinstance(node, ast.Name) and origins.of(app.tree, node) == {app}:
                yield app.tree, call, node


def _call_of(tree: Tree, node: ast.expr) -> ast.Call | None:
    """The call that the expression is an argument of."""
    parent = tree.parent(node)
    if isinstance(parent, ast.keyword):
        parent = tree.parent(parent)
    return parent if isinstance(parent, ast.Call) and parent.func is not node else None


def _names_of(tree: Tree, value: ast.expr) -> Iterator[str]:
    """The names that get the value: targets, or the function that returns it."""
    parent = tree.parent(value)
    match parent:
        case ast.Assign(targets=targets):
            yield from filter(None, map(_last, targets))
        case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
            yield _last(target)
        case ast.Return():
            holder = tree.holder(parent)
            if isinstance(holder, Function):
                yield holder.name
        case ast.Await():
            yield from _names_of(tree, parent)


def _parameters(tree: Tree, call: ast.Call, argument: ast.expr, origins: Origins) -> Iterator[str]:
    """The names of the parameters that get the argument."""
    for keyword in call.keywords:
        if keyword.value is argument and keyword.arg:
            yield keyword.arg
    if argument in call.args:
        for where_, function in origins.functions(tree, call.func):
            names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
            is_bound = isinstance(where_.parent(function), ast.ClassDef)
            yield from names[call.args.index(argument) + is_bound :][:1]


def _reason(view: View, tree: Tree, call: ast.Call, origins: Origins) -> str | None:
    """Say why a call that is given an application may register handlers; None if it does not."""
    facts, func = lifecycle(), call.func
    if isinstance(func, ast.Attribute) and origins.kind(tree, func.value) is not None:
        return None  # app.mount("/api", other), app.include_router(router)
    name = _callee(view, tree, call, origins)
    if name in _LOOKS and not (_has_constant(call) and name != "builtins.vars"):
        return f"{name.removeprefix('builtins.')}() may take anything from the application"
    known = None if name is None else facts.registers(name)
    if known is not None and not (
        known.until and is_at_least(view, str(name).partition(".")[0], known.until)
    ):
        return f"{name} {known.how}"
    if tree.module.source.is_test or (
        name is not None and (known or _is_plain(name) or facts.is_harmless(name))
    ):
        return None
    if name is None and _is_own(tree, call, origins):
        return None
    if view.config.risky:
        return None
    return f"{name or ast.unparse(func)}() is given the application and may register handlers that a lifespan silences"


def _callee(view: View, tree: Tree, call: ast.Call, origins: Origins) -> str | None:
    func = call.func
    if isinstance(func, ast.Name) and tree.binder(func.id, tree.scope(func)) == 0:
        target = view.project.lookup(tree.module, func.id)
        if hasattr(builtins, func.id) and not isinstance(target, Defined | External):
            return f"builtins.{func.id}"
    if (name := external(view, tree, func)) is not None:
        return name
    if isinstance(func, ast.Attribute):
        owner = _made_by(view, tree, func.value, origins)
        return None if owner is None else f"{owner}.{func.attr}"
    return None


def _made_by(view: View, tree: Tree, value: ast.expr, origins: Origins) -> str | None:
    """The class outside the project of `Instrumentator().instrument(app)` and of named instances."""
    owner = origins.owner(tree, value)
    if isinstance(owner, External):
        return owner.name
    if isinstance(value, ast.Call):
        inner = external(view, tree, value.func)
        if inner is not None:
            return inner
        return (
            _made_by(view, tree, value.func.value, origins) if isinstance(value.func, ast.Attribute) else None
        )
    return None


def _is_plain(name: str) -> bool:
    return name.partition(".")[0] in sys.stdlib_module_names


def _is_own(tree: Tree, call: ast.Call, origins: Origins) -> bool:
    """Tell whether the callee is code of the project: what it registers is found there."""
    if any(True for _ in origins.functions(tree, call.func)):
        return True
    target = origins.target(tree, call.func)
    return isinstance(target, Defined)


def _read(trees: Trees, origins: Origins, apps: set[App]) -> Iterator[tuple[App, Problem]]:
    """Find code that reads or runs the handlers of an application by itself."""
    for tree in trees.mentioning(*_LISTS, *_RUNS):
        for node in ast.walk(tree.root):
            if not isinstance(node, ast.Attribute) or not _is_reading(node) or is_appending(tree, node):
                continue
            known = {each for each in origins.of(tree, node.value) if isinstance(each, App)}
            if not known and not _is_router(node.value):
                continue
            at = f"{ast.unparse(node)} is used by itself ({where(tree.module, tree.span(node))})"
            for app in (known or apps) & apps:
                yield app, Problem(at, tree.place(node))


def _given_routers(
    view: View, trees: Trees, origins: Origins, apps: set[App]
) -> Iterator[tuple[App, Problem]]:
    """Find `app.router = other`: what is registered on one application may be run by another."""
    for module in view.project.mentioning("router"):
        if not any(_stores_router(use) for uses in module.facts.uses.values() for use in uses):
            continue
        tree = trees.of(module)
        for node in ast.walk(tree.root):
            match node:
                case ast.Attribute(value=value, attr="router", ctx=ast.Store()) if origins.kind(tree, value):
                    at = f"{ast.unparse(node)} is given another one ({where(module, tree.span(node))})"
                    yield from ((app, Problem(at, tree.place(node))) for app in apps)


def _stores_router(use: Use) -> bool:
    return use.role is Role.STORE and use.attributes[-1:] == ("router",)


def _is_reading(node: ast.Attribute) -> bool:
    return node.attr in _LISTS or (node.attr in _RUNS and _is_router(node.value))


def _is_router(value: ast.expr) -> bool:
    return isinstance(value, ast.Attribute) and value.attr == "router"


def includes(trees: Trees, origins: Origins) -> Mapping[App, list[Include]]:
    """The routers that applications and routers include, with the calls."""
    found: dict[App, list[Include]] = {}
    for tree in trees.mentioning("include_router"):
        for call in tree.calls:
            match call.func:
                case ast.Attribute(value=receiver, attr="include_router"):
                    keywords = [keyword.value for keyword in call.keywords if keyword.arg == "router"]
                    for router in [*call.args, *keywords][:1]:
                        for origin in origins.of(tree, receiver):
                            if isinstance(origin, App):
                                found.setdefault(origin, []).append(Include(tree, call, router))
    return found


def _has_constant(call: ast.Call) -> bool:
    """Tell whether the attribute that it asks for is spelled out."""
    return len(call.args) > 1 and isinstance(call.args[1], ast.Constant)


def _stem(node: ast.expr) -> str:
    """The last name; of the router that an application registers on, that of the application."""
    return _last(node.value) if isinstance(node, ast.Attribute) and node.attr == "router" else _last(node)


def _last(node: ast.expr | None) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=func):
            return _last(func)
        case ast.Await(value=value):
            return _last(value)
        case _:
            return ""
