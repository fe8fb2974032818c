"""What the program may write into its working folder: `open("report.txt", "w")`, `Path(name).write_text(report)`.

All paths count that are not known to begin elsewhere: at the root, in somebody's home, beside a module.
"""

import ast
import re
from collections.abc import Iterator

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.following import Change
from lazify.getter.aliases.trees import Tree, Trees, assigned, counts
from lazify.getter.aliases.writing import WRITES, written
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.index.words import as_word

_WORD = re.compile(as_word(*sorted(WRITES)))
_AROUND = frozenset({"Path", "PurePath", "abspath", "fspath", "join", "realpath", "str"})
"""Functions whose result begins where their first argument does."""
_ELSEWHERE = frozenset(
    {"TemporaryDirectory", "expanduser", "gettempdir", "home", "mkdtemp", "mkstemp", "NamedTemporaryFile"}
)
_ROOTS = ("/", "~")
_DEEPEST = 6


def written_here(view: View, trees: Trees) -> Iterator[Change]:
    """Yield where that is done, in no test."""
    for module in filter(counts, view.project.modules.values()):
        if not module.facts.words.isdisjoint(WRITES):
            for passage in trees.passages(module).holding(_WORD):
                tree = trees.tree(module, passage)
                for call in (node for node in tree.nodes if isinstance(node, ast.Call)):
                    if any(_may_begin_here(trees, tree, path, _DEEPEST) for path in written(call)):
                        yield Change(module, trees.span(module, call), "inside")


def _may_begin_here(trees: Trees, tree: Tree, node: ast.expr, depth: int) -> bool:
    match node:
        case ast.Constant(value=value):
            return isinstance(value, str) and not value.startswith(_ROOTS)
        case ast.JoinedStr(values=[first, *_]) | ast.FormattedValue(value=first) | ast.BinOp(left=first):
            return _may_begin_here(trees, tree, first, depth)
        case ast.Call(func=callee, args=[first, *_]) if last_name(callee) in _AROUND:
            return _may_begin_here(trees, tree, first, depth)
        case ast.Call(func=callee) if last_name(callee) in _ELSEWHERE:
            return False
        case ast.Call(func=ast.Attribute(value=first)):
            return _may_begin_here(trees, tree, first, depth)
        case ast.Name(id="__file__"):
            return False
        case ast.Attribute(value=first, attr="parent" | "parents"):
            return _may_begin_here(trees, tree, first, depth)
        case ast.Name() | ast.Attribute() if depth:
            values = [*_values(trees, tree, node)]
            return not values or any(_may_begin_here(trees, at, each, depth - 1) for at, each in values)
        case _:
            return True


def _values(trees: Trees, tree: Tree, node: ast.expr) -> Iterator[tuple[Tree, ast.expr]]:
    target = trees.resolved(tree.module, node)
    if isinstance(target, Defined):
        for binding in target.module.facts.bindings.get(target.name, ()):
            at = trees.at(target.module, binding.span)
            value = trees.value(target.module, binding.span)
            if at is not None and value is not None:
                yield at, value
    elif isinstance(node, ast.Name):
        yield from ((tree, each) for each in assigned(tree, node.id))
