"""The nodes of a syntax tree, what each stands in, and which names they bind."""

import ast

Parents = dict[ast.AST, ast.AST]


def nodes_and_parents(root: ast.AST) -> tuple[list[ast.AST], Parents]:
    """List `root` and all nodes below it, level by level, and map each of those below to the node around it.

    In one pass, where `ast` needs two that are slower.
    """
    nodes, parents = [root], Parents()
    for node in nodes:
        for value in vars(node).values():
            if isinstance(value, list):
                below = [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST):
                below = [value]
            else:
                continue
            nodes += below
            parents.update(dict.fromkeys(below, node))
    return nodes, parents


def is_store(node: ast.AST, name: str) -> bool:
    """Tell whether the node is a name that something is bound to, or that is the target of a loop."""
    return isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)


def binds(node: ast.AST, name: str) -> bool:
    """Tell whether the node binds the name by whatever syntax: a parameter, `as name`, `def name`, `case name`.

    `global name` counts: others may bind it, too.
    """
    if isinstance(node, ast.Global | ast.Nonlocal):
        return name in node.names
    names = (getattr(node, field, None) for field in ("arg", "name", "asname", "rest"))
    return is_store(node, name) or (not isinstance(node, ast.keyword) and name in names)
