"""Whether a handler is registered whenever its application is made, and once."""

import ast

from lazify.getter.problems import Problem, where
from lazify.lifespan.apps import App
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


def position_problem(app: App, registration: Registration) -> Problem | None:
    """Say why the lifespan cannot stand for a registration that is none of the constructor's arguments."""
    include = registration.include
    tree = registration.tree if include is None else include.tree
    node = registration.node if include is None else include.call
    if tree is not app.tree or tree.scope(node) != app.scope:
        return _elsewhere(registration)
    made, said = tree.statement(app.call), _statement(registration)
    if _start(said) < _start(made):
        return _problem("a handler is registered before the constructor call", tree, node)
    outer = _blocks(tree, made)
    for block in _blocks(tree, said):
        if block in outer or isinstance(block[0], ast.With | ast.AsyncWith):
            continue
        kind = "in a loop" if isinstance(block[0], _LOOPS) else "only under a condition"
        return _problem(f"a handler is registered {kind}", tree, node)
    for each in own_nodes(tree.holder(app.call)):
        if isinstance(each, ast.Return) and _start(made) < _start(each) < _start(said):
            return _problem("the function may return before it registers the handler", tree, each)
    return None


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


def is_at_top(tree: Tree, node: ast.AST) -> bool:
    """Tell whether the code runs whenever the module is imported."""
    return tree.holder(node) is tree.root and all(
        isinstance(block[0], ast.Module | ast.With) for block in _blocks(tree, tree.statement(node))
    )


def _statement(registration: Registration) -> ast.stmt:
    handler, include = registration.handler, registration.include
    if include is not None:
        return include.tree.statement(include.call)
    return handler if isinstance(handler, Function) else registration.tree.statement(registration.node)


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


def _start(node: ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _problem(reason: str, tree: Tree, node: ast.expr | ast.stmt) -> Problem:
    return Problem(f"{reason} ({where(tree.module, tree.span(node))})", tree.place(node))
