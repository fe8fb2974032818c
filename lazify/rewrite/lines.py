"""The blank lines and comments above statements."""

from collections.abc import Sequence

import libcst as cst

from lazify.excerpt import FOLD
from lazify.headings import HEADING

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
Import = cst.Import | cst.ImportFrom | cst.LazyImport | cst.LazyImportFrom
IMPORTS = (cst.Import, cst.ImportFrom, cst.LazyImport, cst.LazyImportFrom)

_ENDS = ("finalbody", "orelse", "handlers", "cases", "body")


def leading(statement: cst.CSTNode) -> list[cst.EmptyLine]:
    """The lines above a statement."""
    lines: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return list(lines)


def with_leading(statement: Statement, lines: Sequence[cst.EmptyLine]) -> Statement:
    """Give the statement other lines above it."""
    return statement.with_changes(leading_lines=list(lines))


def blank() -> cst.EmptyLine:
    """One empty line."""
    return cst.EmptyLine(indent=False)


def aligned(line: cst.EmptyLine) -> cst.EmptyLine:
    """The line at the indentation of its block, wherever that is."""
    return line.with_changes(indent=line.comment is not None, whitespace=cst.SimpleWhitespace(""))


def detach(lines: Sequence[cst.EmptyLine]) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """Split into what stands apart and the comments directly above the statement."""
    cut = len(lines)
    while cut and lines[cut - 1].comment is not None:
        cut -= 1
    return list(lines[:cut]), list(lines[cut:])


def join(above: Sequence[cst.EmptyLine], below: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """Put two stretches of lines together; where they meet, the larger number of blank lines stays."""
    cut = len(above)
    while cut and above[cut - 1].comment is None:
        cut -= 1
    start = blanks(below)
    middle = above[cut:] if len(above) - cut >= start else below[:start]
    return [*above[:cut], *middle, *below[start:]]


def blanks(lines: Sequence[cst.EmptyLine]) -> int:
    """How many blank lines come first."""
    return next((n for n, line in enumerate(lines) if line.comment is not None), len(lines))


def at_least(lines: Sequence[cst.EmptyLine], number: int) -> list[cst.EmptyLine]:
    """Put in blank lines until `number` come first."""
    return [*(blank() for _ in range(number - blanks(lines))), *lines]


def has_comment(lines: Sequence[cst.EmptyLine]) -> bool:
    """Tell whether anything but blank lines is there."""
    return any(line.comment is not None for line in lines)


def without_headings(lines: Sequence[cst.EmptyLine], those: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """Leave out those headings that head no import any more, with the blank lines above them."""
    kept: list[cst.EmptyLine] = []
    for line in lines:
        if line.comment is not None and line in those and HEADING.match(line.comment.value):
            while kept and kept[-1].comment is None:
                kept.pop()
        else:
            kept.append(line)
    return kept


def comment_line(comment: cst.Comment) -> cst.EmptyLine:
    """A comment on a line of its own."""
    return cst.EmptyLine(comment=comment)


def spacing(above: Statement, below: Statement, *, around_definitions: int) -> int:
    """How many blank lines PEP 8 wants at least between two neighbours."""
    return around_definitions if is_definition(below) or ends_in_definition(above) else 0


def is_import(statement: Statement) -> bool:
    """Tell whether the line ends in an import."""
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(statement.body[-1], IMPORTS)


def starts_with_import(statement: Statement) -> bool:
    """Tell whether the line ends in an import, or what it stands for starts with one."""
    return is_import(statement) or _start(statement) == "import"


def is_definition(statement: Statement) -> bool:
    """Tell whether the statement, or what it stands for, is a function or class."""
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return True
    return _start(statement) not in (None, "import")


def ends_in_definition(statement: cst.CSTNode) -> bool:
    """Tell whether the last thing in the statement is a function or class."""
    if isinstance(statement, cst.FunctionDef | cst.ClassDef):
        return True
    if (folded := fold_name(statement)) is not None:
        return "_to_" in folded
    for name in _ENDS:
        inner = getattr(statement, name, None)
        if isinstance(inner, Sequence) and inner:
            return ends_in_definition(inner[-1])
        if isinstance(inner, cst.CSTNode):
            return ends_in_definition(inner)
    return False


def fold_name(statement: cst.CSTNode) -> str | None:
    """The name that stands for folded statements, if this is one."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.Name(value=name))]) if FOLD.fullmatch(name):
            return name
    return None


def _start(statement: cst.CSTNode) -> str | None:
    """What folded statements start with, if that matters."""
    match = FOLD.fullmatch(fold_name(statement) or "")
    return match and match[2]


def with_indent(module: cst.Module, indent: str) -> cst.Module:
    """Give the module another indentation for new code; the code that is there keeps its own."""
    found = module.visit(_Explicit(module.default_indent))
    assert isinstance(found, cst.Module)
    return found.with_changes(default_indent=indent)


class _Explicit(cst.CSTTransformer):
    """Writes down the indentation of every block that has the default one."""

    def __init__(self, indent: str) -> None:
        super().__init__()
        self._indent = indent

    def on_visit(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, cst.SimpleStatementLine)

    def leave_IndentedBlock(  # noqa: N802 - LibCST's name
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        is_default = original_node.indent is None
        return updated_node.with_changes(indent=self._indent) if is_default else updated_node


def is_docstring(statement: cst.CSTNode) -> bool:
    """Tell whether the statement is a plain string."""
    match statement:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString())]):
            return True
    return False
