"""`# lazify: ignore[…]` and `# lazify: ignore-file`."""

import io
import re
import tokenize
from dataclasses import dataclass

from lazify.index.lines import NEWLINE

_DIRECTIVE = re.compile(r"#\s*lazify:\s*(ignore-file\b|ignore(?![\w-])(?:\[([^\]]*)\])?)")
_CODE = re.compile(r"[A-Za-z]+\d*")


@dataclass(frozen=True, slots=True)
class Ignores:
    """Line to codes (none stands for all), and whether the whole file is to be left alone."""

    lines: dict[int, frozenset[str]]
    file: bool


def ignores_of(text: str, first_statement: int) -> Ignores:
    """Read the directives of a file; one for the whole file counts before its first statement only."""
    lines: dict[int, frozenset[str]] = {}
    whole = False
    if "lazify:" in text:
        for line, comment in _comments(text):
            match = _DIRECTIVE.search(comment)
            if match is None:
                continue
            if match.group(1) == "ignore-file":
                whole = whole or line < first_statement
            else:
                lines[line] = frozenset(code.upper() for code in _CODE.findall(match.group(2) or ""))
    return Ignores(lines, whole)


def _comments(text: str) -> list[tuple[int, str]]:
    source = io.StringIO(NEWLINE.sub("\n", text))
    try:
        return [
            (token.start[0], token.string)
            for token in tokenize.generate_tokens(source.readline)
            if token.type == tokenize.COMMENT
        ]
    except tokenize.TokenError as error:  # rather no facts than facts without the author's directives
        raise SyntaxError(f"cannot read the comments: {error}") from error
