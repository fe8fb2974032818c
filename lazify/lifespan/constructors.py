"""Whether a constructor call can be given a lifespan, and what it is given already."""

import ast
import sys
from collections.abc import Iterator

from lazify.getter.problems import Problem, where
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.lifespan.apps import App
from lazify.lifespan.kinds import Kind, bases, class_scope, framework_class, lineage
from lazify.lifespan.registrations import KEYWORDS, METHODS
from lazify.lifespan.trees import Function, Tree, Trees, own_nodes
from lazify.model.facts import MODULE

_POSITIONAL = {Kind.FASTAPI: 0, Kind.API_ROUTER: 0, Kind.STARLETTE: 4, Kind.ROUTER: 3}
"""How many positional arguments come before `on_startup`."""


def existing(app: App) -> ast.keyword | None:
    """The `lifespan=` of a constructor call, unless it is None."""
    for keyword in app.call.keywords:
        if keyword.arg == "lifespan" and not _is_none(keyword.value):
            return keyword
    return None


def empty(app: App) -> ast.keyword | None:
    """The `lifespan=None` of a constructor call."""
    return next((k for k in app.call.keywords if k.arg == "lifespan" and _is_none(k.value)), None)


def constructor_problem(view: View, trees: Trees, app: App) -> Problem | None:
    """Say why `lifespan=` cannot be added, or would not arrive."""
    if problem := _class_problem(view, trees, app):
        return problem
    at, place = where(app.module, app.tree.span(app.call)), app.tree.place(app.call)
    if any(isinstance(argument, ast.Starred) for argument in app.call.args):
        return Problem(f"its constructor takes unpacked arguments ({at})", place)
    if len(app.call.args) > _POSITIONAL[app.kind]:
        return Problem(f"its handlers may be among the positional arguments ({at})", place)
    for keyword in app.call.keywords:
        if keyword.arg is None and not _has_no_lifespan(view, keyword.value):
            text = ast.unparse(keyword.value)
            return Problem(f"**{text} may hold a lifespan or handlers already ({at})", place)
    return None


def _has_no_lifespan(view: View, value: ast.expr) -> bool:
    """Tell whether `**value` cannot hold them: it does not come from a caller, and nothing spells them."""
    if isinstance(value, ast.Dict):
        keys = [key.value for key in value.keys if isinstance(key, ast.Constant)]
        return len(keys) == len(value.keys) and not {"lifespan", *KEYWORDS} & set(keys)
    if not isinstance(value, ast.Attribute):
        return False
    return not any(view.project.mentioning(word) for word in ("lifespan", *KEYWORDS))


def _class_problem(view: View, trees: Trees, app: App) -> Problem | None:
    """A subclass must hand `lifespan=` on to the framework, and leave the registration of handlers to it."""
    is_super = (
        not isinstance(app.call.func, ast.Name)
        and isinstance(app.call.func, ast.Attribute)
        and app.call.func.attr == "__init__"
    )
    for each in lineage(view.project, app.type):
        if not isinstance(each, Defined) or framework_class(each) is not None:
            continue
        tree = trees.of(each.module)
        if problem := _own_registration(view, tree, each):
            return problem
        if is_super and each == app.type:
            continue
        for function in _constructors(tree, each.name):
            if not _hands_on(function):
                reason = f"{each.name}.{function.name}() does not hand lifespan= on"
                return Problem(f"{reason} ({where(each.module, tree.span(function))})", tree.place(function))
    return None


def _own_registration(view: View, tree: Tree, cls: Defined) -> Problem | None:
    """Say which method, of the class or of a base that nobody here reads, may do more than to register."""
    number = class_scope(cls.module, cls.name)
    node = tree.definition(number or MODULE)
    if not isinstance(node, ast.ClassDef):
        return None
    scope, at = cls.module.facts.scopes[number or MODULE], where(cls.module, tree.span(node))
    for method in METHODS:
        if method in scope.definitions or method in scope.attributes:
            reason = f"{cls.name}.{method}() may do more than to register a handler"
            return Problem(f"{reason} ({at})", tree.place(node))
    for base in bases(view.project, cls):
        if base is None or (isinstance(base, External) and not _is_known(base.name)):
            name = "a base" if base is None else base.name
            reason = f"{name} of {cls.name} may have methods of its own for handlers"
            return Problem(f"{reason} ({at})", tree.place(node))
    return None


def _is_known(name: str) -> bool:
    return name.partition(".")[0] in {"fastapi", "starlette", *sys.stdlib_module_names}


def _constructors(tree: Tree, name: str) -> Iterator[Function]:
    for node in tree.root.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            yield from (
                each
                for each in node.body
                if isinstance(each, Function) and each.name in ("__init__", "__new__")
            )


def _hands_on(function: Function) -> bool:
    rest = function.args.kwarg
    names = [each.arg for each in (*function.args.args, *function.args.kwonlyargs)]
    if rest is None or function.name != "__init__" or "lifespan" in names:
        return False
    calls = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "__init__"
    ]
    return len(calls) == 1 and any(
        keyword.arg is None and isinstance(keyword.value, ast.Name) and keyword.value.id == rest.arg
        for keyword in calls[0].keywords
    )


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
