"""Statements and methods of a file, parsed where they stand: most of a file has nothing to do with a question."""

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter
from unicodedata import is_normalized

from lazify.index.modules import Module
from lazify.index.view import Text
from lazify.statements import parse

Passage = tuple[int, int]
"""The first and the last line of a top-level statement, or of several that share lines; of a class, those of each
method, and of what stands between two."""
_CLASS = "class _:\n"


class Passages:
    """The passages of one file."""

    def __init__(self, module: Module, text: Text) -> None:
        """Nothing is looked for before the first question."""
        self._module, self._text = module, text
        self._held: dict[re.Pattern[str], list[Passage]] = {}

    def holding(self, pattern: re.Pattern[str]) -> list[Passage]:
        """List those in which a pattern of names is found, but for docstrings, from top to bottom."""
        if pattern not in self._held:
            self._held[pattern] = self._holding(pattern)
        return self._held[pattern]

    def _holding(self, pattern: re.Pattern[str]) -> list[Passage]:
        if not is_normalized("NFKC", self._text.whole):  # Python reads names so: `ﬁle` is `file`
            return self._all
        offsets = (match.start() for match in pattern.finditer(self._text.whole))
        lines = (self._text.line_at(offset) for offset in offsets if not self._is_documentation(offset))
        return list(dict.fromkeys(passage for line in lines if (passage := self.at(line))))

    def at(self, line: int) -> Passage | None:
        """Give the one with this line; None where a comment stands between two."""
        number = bisect_right(self._all, line, key=itemgetter(0)) - 1
        return self._all[number] if number >= 0 and line <= self._all[number][1] else None

    def between(self, first: int, last: int) -> list[Passage]:
        """List those with one of these lines."""
        return [each for each in self._all if each[0] <= last and first <= each[1]]

    def parsed(self, passages: Iterable[Passage]) -> ast.Module:
        """Parse some, from top to bottom, and nothing else; positions are those in the file."""
        try:
            return parse("".join(self._alone(passages)))
        except SyntaxError:  # a passage that is no whole block: `if x:` above a method
            return self.whole

    @cached_property
    def whole(self) -> ast.Module:
        """All of them."""
        return parse(self._text.whole)

    def _is_documentation(self, offset: int) -> bool:
        number = bisect_right(self._docstrings, offset, key=itemgetter(0)) - 1
        return number >= 0 and offset < self._docstrings[number][1]

    def _alone(self, passages: Iterable[Passage]) -> Iterator[str]:
        """Yield the text with all other lines empty, but for those that make blocks of the parts of classes."""
        above, end = 0, ""
        for first, last in passages:
            lines = self._text.lines(first, last)
            gap = first - 1 - above
            ends = bool(gap and end)
            begins = gap > ends and lines[0].isspace()
            yield end * ends + "\n" * (gap - ends - begins) + _CLASS * begins
            yield lines
            above, end = last, self._ends.get(last, "")
        yield end

    @cached_property
    def _ends(self) -> dict[int, str]:
        """What may stand in the place of the methods below other parts of classes, by the last lines of those."""
        methods = {last for _, last in self._methods}
        return {
            first - 1: f"{line[: len(line) - len(line.lstrip())]}pass\n"
            for first, _ in self._methods
            if first - 1 not in methods
            for line in (self._text.line(first),)
        }

    @cached_property
    def _all(self) -> list[Passage]:
        above = (last + 1 for _, last in self._methods)
        starts = sorted({*above, *(first for first, _ in (*self._statements, *self._methods))})
        found: list[Passage] = []
        for first, last in self._statements:
            inside = starts[bisect_left(starts, first) : bisect_right(starts, last)]
            found += zip(inside, [*(start - 1 for start in inside[1:]), last], strict=True)
        return found

    @cached_property
    def _statements(self) -> list[Passage]:
        found: list[Passage] = []
        for statement in self._module.facts.statements:
            first, last = statement.span.line, statement.span.end_line
            if found and first <= found[-1][1]:
                first, end = found.pop()
                last = max(last, end)
            found.append((first, last))
        return found

    @cached_property
    def _methods(self) -> list[Passage]:
        """Those of classes that are top-level statements."""
        scopes, statements = self._module.facts.scopes, self._module.facts.statements
        classes = {
            number
            for number, scope in enumerate(scopes)
            if scope.kind == "class" and scope.span == statements[scope.statement].span
        }
        methods = (scope for scope in scopes if scope.kind == "function" and scope.parent in classes)
        return [(scope.span.line, scope.span.end_line) for scope in methods]

    @cached_property
    def _docstrings(self) -> list[tuple[int, int]]:
        """Where docstrings begin and end in the text, from top to bottom."""
        spans = (scope.docstring for scope in self._module.facts.scopes if scope.docstring)
        offset = self._text.offset
        return sorted((offset(*span[:2]), offset(*span[2:])) for span in spans)
