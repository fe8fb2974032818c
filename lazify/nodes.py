"""The nodes of a syntax tree, and what each stands in: in one pass, where `ast` needs two that are slower."""

import ast

Parents = dict[ast.AST, ast.AST]


def nodes_and_parents(root: ast.AST) -> tuple[list[ast.AST], Parents]:
    """List `root` and all nodes below it, level by level, and map each of those below to the node around it."""
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
