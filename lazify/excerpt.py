"""The statements of a file that matter, the rest folded away: what is not parsed cannot be changed."""

import ast
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lazify.model.places import Span

FOLD = re.compile(r"__lazify_fold_(\d+)(_from_def)?(_to_def)?__")
"""A folded run of statements; `def` says that it starts or ends with a function or class."""

_FORM_FEED = "#__lazify_form_feed__"
_FED = re.compile(rf"^([ \t]*){_FORM_FEED}(\f+)(?:\r\n|\r|\n)", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_LAZY = re.compile(r"^([ \t\f]*)lazy(?=[ \t]+(?:import|from)\b)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """Top-level statements that share lines, with the whole of these lines."""

    first: int
    last: int
    statements: tuple[ast.stmt, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A smaller file in which one name stands for each run of statements that was folded."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]
    """The line in the file, for each of `lines`: 0 for one that only stands here, -1 for a fold."""
    folds: tuple[str, ...]
    tail: str
    """What follows the last statement: blank lines and comments."""
    indent: str
    """What the file's first block is indented by."""

    @property
    def text(self) -> str:
        """The smaller file, whole."""
        return "".join(self.lines)

    def locate(self, span: Span) -> Span | None:
        """Give the span as it is in `text`; None where its lines are folded or do not exist."""
        try:
            first = self.numbers.index(span.line)
            last = self.numbers.index(span.end_line, first)
        except ValueError:
            return None
        return Span(
            first + 1,
            span.column - self._fed(first),
            last + 1,
            span.end_column - self._fed(last),
        )

    def restore(self, text: str) -> str:
        """Put back into the edited excerpt everything that was folded."""
        whole = FOLD.sub(lambda match: self.folds[int(match[1])], text)
        return _FED.sub(lambda match: "" if match[1] else match[2], whole)

    def _fed(self, index: int) -> int:
        """How many form feeds were taken from the start of the line: LibCST loses them there."""
        if index == 0 or self.numbers[index - 1] != 0:
            return 0
        return self.lines[index - 1].count("\f")


def split_lines(text: str) -> list[str]:
    """Split where Python's tokenizer does: a form feed or U+2028 ends no line."""
    return [match[0] for match in _LINE.finditer(text)]


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


def excerpt(text: str, tree: ast.Module, wanted: Callable[[Run], bool]) -> Excerpt:
    """Keep the runs that are `wanted`, and all comments and blank lines above and between runs."""
    lines = split_lines(text)
    found = runs(tree, lines)
    shown: list[tuple[str, int]] = []
    folds: list[str] = []
    done = 0
    for stretch in _stretches(found, wanted):
        shown += _kept(lines, done, stretch.last if stretch.is_wanted else stretch.first - 1)
        if not stretch.is_wanted:
            folded = "".join(lines[stretch.first - 1 : stretch.last])
            end = _newline(lines[stretch.last - 1])
            shown.append((_name(len(folds), stretch) + end, -1))
            folds.append(folded.removesuffix(end))
        done = stretch.last
    if not found:
        shown, done = _kept(lines, 0, len(lines)), len(lines)
    return Excerpt(
        lines=tuple(line for line, _ in shown),
        numbers=tuple(number for _, number in shown),
        folds=tuple(folds),
        tail="".join(lines[done:]),
        indent=_indent(tree, lines),
    )


def runs(tree: ast.Module, lines: Sequence[str]) -> list[Run]:
    """Group the top-level statements by the lines they share."""
    found: list[Run] = []
    for statement in tree.body:
        previous = found[-1].last if found else 0
        last = _last_line(statement, lines)
        if min([statement.lineno, *(d.lineno for d in getattr(statement, "decorator_list", ()))]) <= previous:
            run = found[-1]
            found[-1] = Run(run.first, max(last, previous), (*run.statements, statement))
        else:
            first = next(n for n in range(previous + 1, len(lines) + 1) if not _is_blank(lines[n - 1]))
            found.append(Run(first, last, (statement,)))
    ends = [run.first - 1 for run in found[1:]] + [len(lines)] * bool(found)
    return [_with_inner_comments(run, lines, end) for run, end in zip(found, ends, strict=True)]


def is_head(statement: ast.stmt) -> bool:
    """Tell whether a statement is an import or a plain string, as they stand at the top of a file."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str() | None)):
            return True
    return False


def ends_in_definition(statement: ast.stmt) -> bool:
    """Tell whether the last thing in a statement is a function or class: PEP 8 wants blank lines after it."""
    if isinstance(statement, _DEFINITIONS):
        return True
    for name in ("finalbody", "orelse", "handlers", "cases", "body"):
        block = getattr(statement, name, None)
        if block:
            last = block[-1]
            inner = last if isinstance(last, ast.stmt) else last.body[-1]
            return ends_in_definition(inner)
    return False


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Neighbouring runs that are folded together, or one that is kept."""

    is_wanted: bool
    first: int
    last: int
    statements: tuple[ast.stmt, ast.stmt]


def _stretches(found: Iterable[Run], wanted: Callable[[Run], bool]) -> Iterator[_Stretch]:
    for is_wanted, group in groupby(found, wanted):
        members = list(group)
        for part in [[run] for run in members] if is_wanted else [members]:
            ends = part[0].statements[0], part[-1].statements[-1]
            yield _Stretch(is_wanted, part[0].first, part[-1].last, ends)


def _name(number: int, stretch: _Stretch) -> str:
    first, last = stretch.statements
    start = "_from_def" if isinstance(first, _DEFINITIONS) else ""
    return f"__lazify_fold_{number}{start}{'_to_def' if ends_in_definition(last) else ''}__"


def _kept(lines: Sequence[str], start: int, end: int) -> list[tuple[str, int]]:
    """Lines with their numbers; form feeds before code stand on a line of their own, as a comment."""
    kept: list[tuple[str, int]] = []
    for number, line in enumerate(lines[start:end], start + 1):
        rest = line.lstrip("\f")
        if rest != line and rest.strip():
            kept.append((_FORM_FEED + line[: -len(rest)] + (_newline(line) or "\n"), 0))
            line = rest  # noqa: PLW2901 - the number goes on counting the lines of the file
        kept.append((line, number))
    return kept


def _newline(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _last_line(statement: ast.stmt, lines: Sequence[str]) -> int:
    """The line where the statement ends, further where a backslash joins an empty line to it."""
    last = statement.end_lineno or statement.lineno
    column = statement.end_col_offset or 0
    rest = lines[last - 1].encode()[column:].decode(errors="replace").rstrip("\r\n")
    while rest.endswith("\\") and "#" not in rest and last < len(lines):
        last += 1
        rest = lines[last - 1].rstrip("\r\n")
    return last


def _with_inner_comments(run: Run, lines: Sequence[str], end: int) -> Run:
    """Give a compound statement the indented comments that follow it: they are the end of its block."""
    if not hasattr(run.statements[-1], "body"):
        return run
    after = range(run.last + 1, end + 1)
    inner = [n for n in after if lines[n - 1][0] in " \t" and lines[n - 1].lstrip().startswith("#")]
    return Run(run.first, max([run.last, *inner]), run.statements)


def _is_blank(line: str) -> bool:
    content = line.strip()
    return not content or content.startswith("#")


def _indent(tree: ast.Module, lines: Sequence[str]) -> str:
    """What the file's first indented block is indented by."""
    for statement in tree.body:
        block = getattr(statement, "body", None)
        if block and block[0].lineno > statement.lineno and not getattr(block[0], "decorator_list", None):
            line: str = lines[block[0].lineno - 1]
            blank = line[: len(line) - len(line.lstrip(" \t"))]
            if blank and len(blank) == block[0].col_offset:
                return blank
    return "    "
