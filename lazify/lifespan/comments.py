"""The comments of a registration, which go where the handler is called."""

import ast
import io
import re
import tokenize

from lazify.lifespan.trees import Tree

_PRAGMA = re.compile(
    r"#\s*(noqa|type:|pylint:|pragma:|pyright:|mypy:|fmt:|isort:|lazify:|nosec)", re.IGNORECASE
)


def around(tree: Tree, node: ast.expr | ast.stmt) -> tuple[str, ...]:
    """The comments directly above a statement or an item, and behind it; directives to tools are none."""
    span = tree.span(node)
    found: list[str] = []
    number = span.line - 1
    while number >= 1 and (line := tree.line(number).strip()).startswith("#"):
        found.insert(0, line)
        number -= 1
    return (*(comment for comment in found if not _PRAGMA.match(comment)), *behind(tree, node))


def behind(tree: Tree, node: ast.expr | ast.stmt) -> tuple[str, ...]:
    """The comment on the last line, if it is no directive to a tool."""
    span = tree.span(node)
    rest = tree.line(span.end_line)[span.end_column :]
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(rest.lstrip(" ,)];") + "\n").readline))
    except (tokenize.TokenError, SyntaxError):
        return ()
    if not tokens or tokens[0].type != tokenize.COMMENT or _PRAGMA.match(tokens[0].string):
        return ()
    return (tokens[0].string,)
