"""The lifespan that an application is given already: whether it is one, and how another one enters it."""

import ast
import builtins

from lazify.getter.problems import Problem, where
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.lifespan.apps import App, external
from lazify.lifespan.constructors import existing
from lazify.lifespan.handlers import is_only_defined
from lazify.lifespan.origins import Origins
from lazify.lifespan.trees import Function, Tree, own_nodes

_MANAGER = "contextlib.asynccontextmanager"
_METHODS = frozenset({"staticmethod", "classmethod"})


def is_certain(origins: Origins, app: App) -> bool:
    """Tell whether `lifespan=` is given something that cannot be None: with None, the handlers run."""
    keyword = existing(app)
    if keyword is None:
        return False
    match keyword.value:
        case ast.Lambda() | ast.Call():
            return True
        case ast.Name() as value if not is_only_defined(app.tree, value) and not _is_class(app.tree, value):
            return False
        case ast.Name() as value if _is_builtin(app.tree, value):
            return True
        case ast.Name() | ast.Attribute() as value:
            target = origins.target(app.tree, value)
            return isinstance(target, Defined | External) or any(
                True for _ in origins.functions(app.tree, value)
            )
    return False


def uncertain_problem(origins: Origins, app: App) -> Problem | None:
    """Say that the handlers may run, or may not."""
    keyword = existing(app)
    if keyword is None or is_certain(origins, app):
        return None
    at = where(app.module, app.tree.span(keyword))
    reason = f"lifespan={ast.unparse(keyword.value)} may be None, and its handlers run only then"
    return Problem(f"{reason} ({at})", app.tree.place(keyword))


def entering(view: View, origins: Origins, app: App, manager: str) -> str | Problem:
    """What is called with the application to get the context manager of the lifespan that it has.

    The framework turns an asynchronous generator function into a context manager by itself (Starlette's
    Router.__init__, `inspect.isasyncgenfunction`); so must who calls it.
    """
    keyword = existing(app)
    assert keyword is not None
    value = keyword.value
    is_named = isinstance(value, ast.Name | ast.Attribute)
    found = {_is_manager(view, *each) for each in origins.functions(app.tree, value)} if is_named else {None}
    match [*found]:
        case [True]:
            return app.tree.cut(value)
        case [False]:
            return f"{manager}({app.tree.cut(value)})"
    reason = f"whether {ast.unparse(value)} gives a context manager cannot be told"
    return Problem(f"{reason} ({where(app.module, app.tree.span(keyword))})", app.tree.place(keyword))


def _is_manager(view: View, tree: Tree, function: Function) -> bool | None:
    """True for what gives a context manager, False for an asynchronous generator, None for the rest."""
    marks = [
        each for each in function.decorator_list if not (isinstance(each, ast.Name) and each.id in _METHODS)
    ]
    if marks:
        return True if [external(view, tree, each) for each in marks] == [_MANAGER] else None
    is_generator = any(isinstance(node, ast.Yield) for node in own_nodes(function))
    return False if is_generator and isinstance(function, ast.AsyncFunctionDef) else None


def _is_builtin(tree: Tree, value: ast.Name) -> bool:
    is_bound = (value.id, tree.binder(value.id, tree.scope(value))) in tree.bindings
    return not is_bound and hasattr(builtins, value.id)


def _is_class(tree: Tree, value: ast.Name) -> bool:
    bound = tree.bindings.get((value.id, tree.binder(value.id, tree.scope(value))), ())
    return bool(bound) and all(isinstance(node, ast.ClassDef) for node in bound)
