"""Whether a handler is registered whenever its application is made, and once."""

import ast
from collections.abc import Sequence

from lazify.getter.problems import Problem, where
from lazify.index.view import View
from lazify.lifespan.apps import App, external
from lazify.lifespan.registrations import Registration
from lazify.lifespan.trees import Function, Tree, own_nodes

_LOOPS = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.comprehension,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


_LEAVING = (ast.Return, ast.Yield, ast.YieldFrom)


def place_problem(app: App) -> Problem | None:
    """Say why no function can be put before the constructor call."""
    tree, holder = app.tree, app.tree.holder(app.call)
    if isinstance(holder, ast.ClassDef | ast.Lambda):
        what = "a class body" if isinstance(holder, ast.ClassDef) else "a lambda"
        return _problem(f"the {app.kind} is made in {what}", tree, app.call)
    for each in tree.above(app.call):
        if each is holder:
            break
        if isinstance(each, _LOOPS):
            return _problem(f"the {app.kind} is made in a loop", tree, app.call)
    return None


_PASSING = frozenset(
    {
        *(
            "warnings.catch_warnings",
            "contextlib.nullcontext",
            "contextlib.closing",
            "contextlib.redirect_stdout",
        ),
        *("contextlib.redirect_stderr", "tempfile.TemporaryDirectory", "threading.Lock", "threading.RLock"),
    }
)
"""Context managers that let every exception pass (their `__exit__` gives None)."""


def position_problem(view: View, app: App, registration: Registration) -> Problem | None:
    """Say why the lifespan cannot stand for a registration that is none of the constructor's arguments."""
    tree, node = registration.through or (registration.tree, registration.node)
    if tree is not app.tree or tree.scope(node) != app.scope:
        return _elsewhere(registration)
    made, said = tree.statement(app.call), _statement(registration)
    if _start(said) < _start(made):
        return _problem("a handler is registered before the constructor call", tree, node)
    if problem := _block_problem(view, tree, node, said, outer=_blocks(tree, made)):
        return problem
    return _leaving_problem(tree, tree.holder(app.call), after=_start(made), before=_start(said))


def inner_problem(view: View, tree: Tree, node: ast.expr, function: Function) -> Problem | None:
    """Say why a function that is given the application may not register a handler, at `node`, whenever it is called."""
    if tree.holder(node) is not function:
        return _problem("a handler is registered by a function inside of it", tree, node)
    said = tree.statement(node)
    if problem := _block_problem(view, tree, node, said, outer=[(function, "body")]):
        return problem
    return _leaving_problem(tree, function, after=_start(function), before=_start(said))


def _block_problem(
    view: View, tree: Tree, node: ast.expr, said: ast.stmt, *, outer: Sequence[tuple[ast.AST, str]]
) -> Problem | None:
    """Say which block between the `outer` ones and the statement may keep it from running once."""
    for block in _blocks(tree, said):
        if _swallows(view, tree, block[0]) and block[1] == "body":
            return _problem("what fails before a handler is registered may be caught", tree, node)
        if block in outer or isinstance(block[0], ast.With | ast.AsyncWith):
            continue
        kind = "in a loop" if isinstance(block[0], _LOOPS) else "only under a condition"
        return _problem(f"a handler is registered {kind}", tree, node)
    return None


def _leaving_problem(
    tree: Tree, holder: ast.AST, *, after: tuple[int, int], before: tuple[int, int]
) -> Problem | None:
    for each in own_nodes(holder):
        if isinstance(each, _LEAVING) and after < _start(each) < before:
            return _problem("the function may return before it registers the handler", tree, each)
    return None


def _swallows(view: View, tree: Tree, block: ast.AST) -> bool:
    """Tell whether code goes on behind a block in which something failed."""
    match block:
        case ast.Try() | ast.TryStar():
            return any(not isinstance(each.body[-1], ast.Raise) for each in block.handlers)
        case ast.With() | ast.AsyncWith():
            return not all(_passes(view, tree, item.context_expr) for item in block.items)
    return False


def _passes(view: View, tree: Tree, manager: ast.expr) -> bool:
    func = manager.func if isinstance(manager, ast.Call) else manager
    if isinstance(func, ast.Name) and func.id == "open":
        return True
    return external(view, tree, func) in _PASSING


def _elsewhere(registration: Registration) -> Problem:
    tree = registration.tree
    holder = tree.holder(registration.node)
    if isinstance(holder, Function):
        return _problem(
            f"{holder.name}() registers a handler whenever it runs, and the application is made elsewhere",
            tree,
            registration.node,
        )
    return _problem("a handler is registered elsewhere than the application is made", tree, registration.node)


def is_at_top(view: View, tree: Tree, node: ast.AST) -> bool:
    """Tell whether the code runs whenever the module is imported."""
    return tree.holder(node) is tree.root and all(
        isinstance(block[0], ast.Module | ast.With) and not _swallows(view, tree, block[0])
        for block in _blocks(tree, tree.statement(node))
    )


def _statement(registration: Registration) -> ast.stmt:
    """The statement that gives the application the handler."""
    tree, node = registration.through or (registration.tree, registration.node)
    return tree.statement(node)


def _blocks(tree: Tree, statement: ast.stmt) -> list[tuple[ast.AST, str]]:
    """The blocks around a statement within its function, each by what has it and the name of its field."""
    found: list[tuple[ast.AST, str]] = []
    child: ast.AST = statement
    holder = tree.holder(statement)
    for parent in tree.above(statement):
        field = next(
            (
                name
                for name, value in ast.iter_fields(parent)
                if value is child or (isinstance(value, list) and child in value)
            ),
            "",
        )
        found.append((parent, field))
        if parent is holder:
            return found
        child = parent
    return found


def _start(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _problem(reason: str, tree: Tree, node: ast.expr | ast.stmt) -> Problem:
    return Problem(f"{reason} ({where(tree.module, tree.span(node))})", tree.place(node))
