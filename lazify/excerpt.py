"""A file with only the statements that matter, the rest folded: what is not parsed cannot be changed."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lazify.model.places import Span
from lazify.statements import Run, inner_runs, is_definition, is_stub, last_definition, runs, split_lines

FOLD = re.compile(r"__lazify_fold_(\d+)(?:_from_(decorator|def|stub|import))?(?:_to_(def|stub))?__")
"""A folded run of statements, and whether it starts with an import, or starts or ends with a function or class; in a
stub, `...` follows the colon."""

_FORM_FEED = "#__lazify_form_feed__"
_FED = re.compile(rf"^([ \t]*){_FORM_FEED}(\f+)(?:\r\n|\r|\n)", re.MULTILINE)

Choice = Callable[[Run], bool]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A smaller file in which one name stands for each run of statements that was folded."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]
    """The line in the file, for each of `lines`: 0 for one that only stands here, -1 for a fold."""
    places: Mapping[int, int]
    """The index in `lines`, for each line of the file that is shown."""
    folds: tuple[str, ...]
    tail: str
    """What follows the last statement: blank lines and comments."""
    indent: str
    """What most of the file's outermost blocks are indented by."""

    @property
    def text(self) -> str:
        """The smaller file, whole."""
        return "".join(self.lines)

    def locate(self, span: Span) -> Span | None:
        """Give the span as it is in `text`; None where its lines are folded or do not exist."""
        first, last = self.places.get(span.line), self.places.get(span.end_line)
        if first is None or last is None:
            return None
        start, end = span.column - self._fed(first), span.end_column - self._fed(last)
        return Span(first + 1, start, last + 1, end)

    def restore(self, text: str) -> str:
        """Put back into the edited excerpt everything that was folded."""
        whole = FOLD.sub(lambda match: self.folds[int(match[1])], text) if self.folds else text
        return _FED.sub(lambda match: "" if match[1] else match[2], whole)

    def _fed(self, index: int) -> int:
        """How many form feeds were taken from the start of the line: LibCST loses them there."""
        if index == 0 or self.numbers[index - 1] != 0:
            return 0
        return self.lines[index - 1].count("\f")


def excerpt(text: str, tree: ast.Module, wanted: Choice, opened: Choice) -> Excerpt:
    """Keep the runs that are `wanted`, and all comments and blank lines above and between runs.

    In those that are to be `opened`, the same is done with the statements of their blocks.
    """
    lines = split_lines(text)
    found = runs(tree, lines)
    if FOLD.search(text):
        # Someone else uses the names that stand for folds.
        wanted, opened = (lambda _: True), (lambda _: False)
    folder = _Folder(lines, wanted, opened)
    folder.block(found)
    if not found:
        folder.keep(len(lines))
    return Excerpt(
        lines=tuple(line for line, _ in folder.shown),
        numbers=tuple(number for _, number in folder.shown),
        places={number: index for index, (_, number) in enumerate(folder.shown) if number > 0},
        folds=tuple(folder.folds),
        tail="".join(lines[folder.done :]),
        indent=_indent(tree, lines),
    )


@dataclass(slots=True)
class _Folder:
    lines: Sequence[str]
    wanted: Choice
    opened: Choice
    shown: list[tuple[str, int]] = field(default_factory=list)
    folds: list[str] = field(default_factory=list)
    done: int = 0

    def block(self, found: Sequence[Run]) -> None:
        """Show or fold each run of a block."""
        for is_wanted, group in groupby(found, self.wanted):
            part = list(group)
            if not is_wanted:
                self._fold(part)
                continue
            for run in part:
                for inner in inner_runs(run, self.lines) if self.opened(run) else ():
                    self.block(inner)
                self.keep(run.last)

    def keep(self, end: int) -> None:
        """Show the lines up to `end`; form feeds before code get a line of their own, as a comment."""
        for number, line in enumerate(self.lines[self.done : end], self.done + 1):
            rest = line.lstrip("\f")
            if rest != line and rest.strip():
                self.shown.append((_FORM_FEED + line[: -len(rest)] + (_newline(line) or "\n"), 0))
                self.shown.append((rest, number))
            else:
                self.shown.append((line, number))
        self.done = end

    def _fold(self, part: Sequence[Run]) -> None:
        first, last = part[0], part[-1]
        self.keep(first.first - 1)
        text = "".join(self.lines[first.first - 1 : last.last])
        start = text[: len(text) - len(text.lstrip(" \t"))]
        end = _newline(self.lines[last.last - 1])
        flags = _flag("from", first.statements[0]) + _flag("to", last_definition(last.statements[-1]))
        self.shown.append((f"{start}__lazify_fold_{len(self.folds)}{flags}__{end}", -1))
        self.folds.append(text.removeprefix(start).removesuffix(end))
        self.done = last.last


def _flag(word: str, statement: ast.stmt | None) -> str:
    if word == "from" and isinstance(statement, ast.Import | ast.ImportFrom):
        return "_from_import"
    if statement is None or not is_definition(statement):
        return ""
    if word == "from" and getattr(statement, "decorator_list", None):
        return "_from_decorator"
    return f"_{word}_{'stub' if is_stub(statement) else 'def'}"


def _newline(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _indent(tree: ast.Module, lines: Sequence[str]) -> str:
    """What most of the file's outermost blocks are indented by; of as many, the first ones."""
    found: Counter[str] = Counter()
    for statement in tree.body:
        block = getattr(statement, "body", None)
        if block and block[0].lineno > statement.lineno and not getattr(block[0], "decorator_list", None):
            line: str = lines[block[0].lineno - 1]
            blank = line[: len(line) - len(line.lstrip(" \t"))]
            if blank and len(blank) == block[0].col_offset:
                found[blank] += 1
    return max(found, key=found.__getitem__, default="    ")
