"""Every node of a tree, and what it stands in."""

import ast

import pytest

from lazify.nodes import nodes_and_parents

PROGRAMS = {
    "a dictionary with unpacking": "d = {**a, 'k': b, f(): [c for c in d if c]}\n",
    "names that are text": "def f():\n    global a, b\n    nonlocal_ = 1\n",
    "a match statement": "match x:\n    case {'k': [y, *_], **rest} if y: pass\n    case P(a=1) | None: pass\n",
    "parameters": "async def f(a, /, b: int = 1, *c, d=2, **e) -> 'T': return (yield a)\n",
    "strings with expressions": "t = f'{a!r:>{width}}' f'{b=}'\n",
    "nothing": "",
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_nodes_come_in_the_order_of_ast(text: str) -> None:
    tree = ast.parse(text)
    assert nodes_and_parents(tree)[0] == list(ast.walk(tree))


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_every_node_but_the_first_stands_in_another(text: str) -> None:
    tree = ast.parse(text)
    nodes, parents = nodes_and_parents(tree)
    assert parents == {child: node for node in nodes for child in ast.iter_child_nodes(node)}
