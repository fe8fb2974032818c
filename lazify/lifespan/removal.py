"""Shutdown handlers that go away: a serverless platform freezes and kills the process, and never calls them."""

import ast
from collections.abc import Iterator

from lazify.index.occurrences import occurrences
from lazify.index.view import View
from lazify.lifespan.comments import behind
from lazify.lifespan.registrations import Registration
from lazify.lifespan.trees import Function, Tree
from lazify.model.changes import Edit, Erase, InsertBefore, Replace
from lazify.model.facts import MODULE

COMMENT = "# {name}() is not registered for shutdown: serverless platforms never call it.\n"


def removed(view: View, registration: Registration) -> Iterator[Edit]:
    """Take a registration away and say so where it stood; the function goes too if nothing else uses it.

    The arguments of a constructor go with the rest of them.
    """
    tree, handler, path = registration.tree, registration.handler, registration.tree.module.path
    if registration.keyword is not None:
        return
    if isinstance(handler, Function):
        comment = COMMENT.format(name=handler.name)
        if len(handler.decorator_list) == 1 and not _is_used(view, tree, handler):
            yield Replace(path=path, span=tree.span(handler), code=comment)
        else:
            yield Erase(path=path, span=tree.span(registration.node))
            yield InsertBefore(path=path, span=tree.span(handler), code=comment)
        return
    comment = COMMENT.format(name=" ".join(ast.unparse(handler).split()))
    statement = tree.statement(registration.node)
    comments = "".join(f"{line}\n" for line in behind(tree, statement))
    yield InsertBefore(path=path, span=tree.span(statement), code=comment + comments)
    yield Erase(path=path, span=tree.span(statement))


def _is_used(view: View, tree: Tree, function: Function) -> bool:
    scope = tree.scope(function)
    if len(tree.bindings.get((function.name, scope), ())) > 1:
        return True
    for node in ast.walk(tree.root):
        is_name = isinstance(node, ast.Name) and node.id == function.name
        if is_name and tree.binder(function.name, tree.scope(node)) == scope:
            return True
    if scope != MODULE:
        return False
    found = occurrences(view.project, tree.module, function.name)
    is_public = view.is_library and not function.name.startswith("_")
    return is_public or bool(found.imports or found.mentions or found.exports or found.stars or found.uses)
