"""Comments for linters are about the line that they stand on: they stay on the first line of what is broken.

from a.b import c  # noqa: E402    →    from a.b import (  # noqa: E402
                                            c,
                                        )
"""

import ast
import re
from collections.abc import Collection

from lazify.format.plain import Version

_PRAGMA = re.compile(
    r"[ \t]*(#[ \t]*(?:noqa|ruff:|pylint:|flake8:|nosec|pragma:|isort:).*?)[ \t]*(\r?\n)?", re.DOTALL
)
"""Black itself breaks no line with `# type:` behind it."""


def opened(version: Version, numbers: Collection[int], width: int) -> str:
    """Break those imports on the lines `numbers` that are too long, where such a comment stands behind them."""
    lines = list(version.lines)
    for node in ast.walk(version.tree):
        if isinstance(node, ast.ImportFrom) and node.lineno == node.end_lineno and node.lineno in numbers:
            line = lines[node.lineno - 1]
            if len(line.rstrip()) > width:
                lines[node.lineno - 1] = _broken(line, node)
    return "".join(lines)


def _broken(line: str, node: ast.ImportFrom) -> str:
    data = line.encode()
    before, text = data[: node.col_offset].decode(), data[node.col_offset : node.end_col_offset].decode()
    behind = _PRAGMA.fullmatch(data[node.end_col_offset :].decode())
    if before.strip() or behind is None or text.endswith((")", "*")):
        return line
    head, _, names = text.partition(" import ")
    newline, indent = behind[2] or "\n", before + ("\t" if before.startswith("\t") else "    ")
    inner = [f"{indent}{name.strip()},{newline}" for name in names.split(",")]
    return "".join((f"{before}{head} import (  {behind[1]}{newline}", *inner, f"{before}){newline}"))
