"""Code that an edit brings along, as nodes in the style of the file that receives it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from lazify.rewrite.lines import Statement


@dataclass(frozen=True, slots=True)
class Fresh:
    """New statements, the comments and blank lines before them, and how many blank lines must follow."""

    header: tuple[cst.EmptyLine, ...]
    statements: tuple[Statement, ...]
    footer: tuple[cst.EmptyLine, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Parses new code; raises `cst.ParserSyntaxError` where it is no Python."""

    newline: str
    """Of the file that receives the code."""

    def statements(self, code: str) -> Fresh:
        """Read whole statements; what is indented as their first block takes the file's indentation."""
        text = re.sub(r"\r\n|\r|\n", lambda _: self.newline, code)
        module = cst.parse_module(text)
        return Fresh(tuple(module.header), tuple(module.body), tuple(module.footer))

    def expression(self, code: str) -> cst.BaseExpression:
        """Read one expression; where it spans lines, it stands in brackets already."""
        code = code.strip()
        try:
            return cst.parse_expression(code)
        except cst.ParserSyntaxError:
            if not re.search(r"[\r\n]", code):
                raise
        bracketed = cst.parse_expression(f"({code}\n)")
        return bracketed.with_changes(lpar=bracketed.lpar[1:], rpar=bracketed.rpar[:-1])

    def aliases(self, code: str, *, is_from: bool) -> Sequence[cst.ImportAlias]:
        """Read what stands behind `import`."""
        line = cst.parse_statement(f"from m import {code}" if is_from else f"import {code}")
        match line:
            case cst.SimpleStatementLine(body=[cst.Import(names=names) | cst.ImportFrom(names=[*names])]):
                return list(names)
        raise ValueError(code)

    def arguments(self, code: str) -> Sequence[cst.Arg]:
        """Read arguments of a call."""
        call = cst.parse_expression(f"f({code})")
        if not isinstance(call, cst.Call):
            raise ValueError(code)  # noqa: TRY004 - the code is wrong, not a type
        return call.args

    def names(self, code: str) -> Sequence[cst.NameItem]:
        """Read the names of a `global` statement."""
        match cst.parse_statement(f"global {code}"):
            case cst.SimpleStatementLine(body=[cst.Global(names=names)]):
                return names
        raise ValueError(code)
