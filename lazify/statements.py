"""Where statements stand in the lines of a file."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LAZY = re.compile(r"^([ \t\f]*)lazy(?=[ \t]+(?:import|from)\b)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """Statements of one block that share lines, with the whole of these lines and the comments inside."""

    first: int
    last: int
    statements: tuple[ast.stmt, ...]


def parse(text: str) -> ast.Module:
    """Parse on any Python, `lazy import` included: positions are true, that one word is another statement."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError:
            return ast.parse(without_lazy(text))


def without_lazy(text: str) -> str:
    """Make `lazy import x` readable for every Python without moving a column."""
    return _LAZY.sub(r"\1None;", text)


def split_lines(text: str) -> list[str]:
    """Split where Python's tokenizer does: a form feed or U+2028 ends no line."""
    return [match[0] for match in _LINE.finditer(text)]


def runs(tree: ast.Module, lines: Sequence[str]) -> list[Run]:
    """Group the top-level statements by the lines they share."""
    return _grouped(tree.body, lines, 0, "")


def inner_runs(run: Run, lines: Sequence[str]) -> Iterator[list[Run]]:
    """Give the indented blocks of a compound statement, from top to bottom."""
    if len(run.statements) > 1:
        return
    for block in sorted(_blocks(run.statements[0], lines), key=lambda block: block[0].lineno):
        first = _start(block[0])
        line = lines[first - 1]
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        is_decorated = first < block[0].lineno
        # Not so for a body on the line of its header, and for a decorator that starts above its expression.
        if len(indent) == block[0].col_offset > 0 and (line[len(indent)] == "@" or not is_decorated):
            yield _grouped(block, lines, first - 1, indent)


def is_head(statement: ast.stmt) -> bool:
    """Tell whether a statement is one of those at the top of a file: imports, those for typing, a plain string."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str() | None)):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return True
    return False


def without_docstring(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """Give the statements of a function below its docstring."""
    match function.body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return function.body


def is_definition(statement: ast.stmt) -> bool:
    """Tell whether a statement is a function or class."""
    return isinstance(statement, _DEFINITIONS)


def is_stub(statement: ast.stmt) -> bool:
    """Tell whether a statement is a function or class with nothing but `...` in it."""
    match statement:
        case (
            ast.FunctionDef(body=[ast.Expr(value=ast.Constant(value=value))])
            | ast.AsyncFunctionDef(body=[ast.Expr(value=ast.Constant(value=value))])
            | ast.ClassDef(body=[ast.Expr(value=ast.Constant(value=value))])
        ):
            return value is ...
    return False


def last_definition(statement: ast.stmt) -> ast.stmt | None:
    """Find the function or class that a statement ends in: PEP 8 wants blank lines after it."""
    inner = _last_inner(statement)
    if is_definition(statement):
        return (
            last_definition(inner) if isinstance(statement, ast.ClassDef) and inner else None
        ) or statement
    return last_definition(inner) if inner else None


def _last_inner(statement: ast.stmt) -> ast.stmt | None:
    for name in ("finalbody", "orelse", "handlers", "cases", "body"):
        block = getattr(statement, name, None)
        if block:
            last = block[-1]
            return last if isinstance(last, ast.stmt) else _last_inner(last)
    return None


def _blocks(statement: ast.stmt, lines: Sequence[str]) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        match getattr(statement, name, ()):
            case [ast.If() as inner] if lines[inner.lineno - 1].lstrip().startswith("elif"):
                yield from _blocks(inner, lines)
            case [ast.stmt(), *_] as block:
                yield block
    for part in (*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())):
        yield part.body


def _grouped(block: Sequence[ast.stmt], lines: Sequence[str], done: int, indent: str) -> list[Run]:
    found: list[Run] = []
    for statement in block:
        previous = found[-1].last if found else done
        last = _last_line(statement, lines)
        if found and _start(statement) <= previous:
            run = found.pop()
            found.append(Run(run.first, max(last, previous), (*run.statements, statement)))
        else:
            first = next(n for n in range(previous + 1, len(lines) + 1) if not _is_blank(lines[n - 1]))
            found.append(Run(first, last, (statement,)))
    return [_with_inner_comments(run, lines, indent) for run in found]


def _start(statement: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _last_line(statement: ast.stmt, lines: Sequence[str]) -> int:
    """The line where the statement ends, further where a backslash joins an empty line to it."""
    last = statement.end_lineno or statement.lineno
    column = statement.end_col_offset or 0
    rest = lines[last - 1].encode()[column:].decode(errors="replace").rstrip("\r\n")
    while rest.endswith("\\") and "#" not in rest and last < len(lines):
        last += 1
        rest = lines[last - 1].rstrip("\r\n")
    return last


def _with_inner_comments(run: Run, lines: Sequence[str], indent: str) -> Run:
    """Give a compound statement the comments below that are indented further: they end its block."""
    if not hasattr(run.statements[-1], "body"):
        return run
    last = number = run.last
    while number < len(lines) and _is_blank(lines[number]):
        number += 1
        line = lines[number - 1]
        if line.startswith(indent) and line[len(indent) :][:1] in {" ", "\t"} and "#" in line:
            last = number
    return Run(run.first, last, run.statements)


def _is_blank(line: str) -> bool:
    content = line.strip()
    return not content or content.startswith("#")
