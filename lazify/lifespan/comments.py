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
    behind = _behind(tree.line(span.end_line)[span.end_column :])
    return tuple(comment for comment in (*found, *behind) if not _PRAGMA.match(comment))


def _behind(rest: str) -> list[str]:
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(rest.lstrip(" ,)];") + "\n").readline))
    except (tokenize.TokenError, SyntaxError):
        return []
    if not tokens or tokens[0].type != tokenize.COMMENT:
        return []
    return [tokens[0].string]
