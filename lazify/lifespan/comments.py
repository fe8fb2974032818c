"""The comments of a registration, which go where the handler is called."""

import ast
import io
import re
import tokenize
from collections.abc import Sequence

from lazify.lifespan.trees import Tree

_PRAGMA = re.compile(
    r"#\s*(noqa|type:|pylint:|pragma:|pyright:|mypy:|fmt:|isort:|lazify:|nosec)", re.IGNORECASE
)


def around(tree: Tree, node: ast.expr | ast.stmt) -> tuple[str, ...]:
    """The comments directly above a statement or an item, in and behind it; directives to tools are none."""
    span = tree.span(node)
    found: list[str] = []
    number = span.line - 1
    while number >= 1 and (line := tree.line(number).strip()).startswith("#"):
        found.insert(0, line)
        number -= 1
    within = inside(tree, node.value) if isinstance(node, ast.Expr) else ()
    return (*(comment for comment in found if not _PRAGMA.match(comment)), *within, *behind(tree, node))


def behind(tree: Tree, node: ast.expr | ast.stmt) -> tuple[str, ...]:
    """The comment on the last line, if it is no directive to a tool."""
    span = tree.span(node)
    rest = tree.line(span.end_line)[span.end_column :].lstrip(" ,)];")
    return tuple(_comments(rest)) if rest.startswith("#") else ()


def inside(tree: Tree, node: ast.expr, but: ast.expr | None = None) -> tuple[str, ...]:
    """The comments between the parts of an expression, without those in the part that stays."""
    kept = [] if but is None else _comments(tree.cut(but))
    return _without(_comments(tree.cut(node)), kept)


def of_item(tree: Tree, item: ast.expr, listed: ast.expr) -> tuple[str, ...]:
    """The comments of one item of a list; the last item has what belongs to none, too."""
    items: list[ast.expr] = getattr(listed, "elts", [item])
    if item is not items[-1]:
        return around(tree, item)
    claimed = [comment for each in items for comment in (*around(tree, each), *inside(tree, each))]
    return (*around(tree, item), *_without(_comments(tree.cut(listed)), claimed))


def _without(comments: Sequence[str], claimed: Sequence[str]) -> tuple[str, ...]:
    rest, found = list(claimed), []
    for each in comments:
        if each in rest:
            rest.remove(each)
        else:
            found.append(each)
    return tuple(found)


def _comments(text: str) -> list[str]:
    """Those of a piece of code, in order, without directives to tools."""
    found: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
            if token.type == tokenize.COMMENT and not _PRAGMA.match(token.string):
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError):
        pass  # it ends inside of brackets: what was read counts
    return found
