"""Which bindings of a name reach a use of it, where they stand in plain sequence."""

import ast
from collections.abc import Sequence

from lazify.lifespan.trees import Tree

_PLAIN = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def reaching(tree: Tree, use: ast.expr, bindings: Sequence[ast.AST]) -> Sequence[ast.AST]:
    """Give the last binding above the use: all of them, if one is conditional or made by other code.

    app = FastAPI()
    app.on_event("startup")(connect)     the application
    app = GZipMiddleware(app)
    """
    holder = tree.holder(use)
    body: list[ast.stmt] = getattr(holder, "body", []) if not isinstance(holder, ast.Lambda) else []
    if len(bindings) <= 1 or not all(_is_plain(tree, each, body) for each in bindings):
        return bindings
    at = body.index(next(each for each in (use, *tree.above(use)) if each in body))
    earlier = [each for each in bindings if _index(tree, each, body) < at]
    return [max(earlier, key=lambda each: _index(tree, each, body))] if earlier else bindings


def _is_plain(tree: Tree, binding: ast.AST, body: Sequence[ast.stmt]) -> bool:
    if isinstance(binding, ast.arg):
        return tree.parent(tree.parent(binding) or binding) is tree.parent(body[0])
    statement = tree.statement(binding)
    is_direct = isinstance(statement, _DEFINITIONS) or (
        isinstance(statement, _PLAIN) and tree.parent(binding) is statement
    )
    return is_direct and statement in body


def _index(tree: Tree, binding: ast.AST, body: Sequence[ast.stmt]) -> int:
    """A parameter is bound before the first statement."""
    return -1 if isinstance(binding, ast.arg) else body.index(tree.statement(binding))
