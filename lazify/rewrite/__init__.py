"""Applies the edits planned for one file: the only importer of LibCST."""

import re
from collections.abc import Sequence
from itertools import takewhile

import libcst as cst

from lazify.errors import RewriteError
from lazify.excerpt import Excerpt, excerpt
from lazify.index.words import as_word
from lazify.model.changes import AddArgument, AddImport, Edit, Erase, InsertAfter, InsertBefore, Move, Replace
from lazify.model.places import Span
from lazify.rewrite.checks import check_compiles, deep_recursion
from lazify.rewrite.cover import Cover
from lazify.rewrite.entry import misfit, place
from lazify.rewrite.holes import Filler
from lazify.rewrite.imports import add_import, is_only_imports
from lazify.rewrite.lines import Statement, blank, ends_in_definition, leading, with_indent, with_leading
from lazify.rewrite.sites import find
from lazify.rewrite.surgeon import Surgeon
from lazify.rewrite.template import Reader
from lazify.statements import Run, is_head, parse, split_lines

__all__ = ["rewrite"]


def rewrite(text: str, edits: Sequence[Edit]) -> str:
    """Apply the edits of one file to its decoded text, without BOM; the rest stays byte for byte.

    Raises `RewriteError` where an edit fits no node, or where the result would not compile.
    """
    distinct = list(dict.fromkeys(edits))
    if not distinct:
        return text
    if "\r" in text and "\n" not in text:
        # LibCST drops the last newline of a file from an old Macintosh.
        return rewrite(text.replace("\r", "\n"), distinct).replace("\n", "\r")
    try:
        with deep_recursion():
            result = _rewritten(text, distinct)
    except RecursionError as error:
        raise RewriteError(f"{distinct[0].path}: its code is nested too deeply") from error
    check_compiles(result, text, distinct[0].path)
    return result


def _rewritten(text: str, edits: Sequence[Edit]) -> str:
    shown = _excerpt(text, edits)
    before = _parse(shown, edits[0])
    after = _operate(before, shown, [edit for edit in edits if not isinstance(edit, AddImport)])
    after = _add_imports(before, after, [edit for edit in edits if isinstance(edit, AddImport)])
    code = after.code if after.body or after.header or after.footer else ""
    return shown.restore(code) + _gap(before, after, shown.tail) + shown.tail


def _spans(edit: Edit) -> tuple[Span, ...]:
    match edit:
        case Move(spans=spans, at=at):
            return spans if at is None else (*spans, at)
        case AddImport():
            return ()
        case Replace(span=span) | Erase(span=span) | InsertBefore(span=span) | InsertAfter(span=span):
            return (span,)
        case AddArgument(span=span):
            return (span,)


def _excerpt(text: str, edits: Sequence[Edit]) -> Excerpt:
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, MemoryError) as error:
        line = getattr(error, "lineno", None) or 1
        raise RewriteError(f"{edits[0].path}:{line}: cannot be parsed: {error}") from error
    touched = Cover(span for edit in edits for span in _spans(edit))
    adds_imports = any(isinstance(edit, AddImport) for edit in edits)

    def is_wanted(run: Run) -> bool:
        if adds_imports and any(is_head(statement) for statement in run.statements):
            return True
        return touched.meets_lines(run.first, run.last)

    # What moves is indented again: it must be there whole.
    moved = Cover(span for edit in edits if isinstance(edit, Move) for span in _spans(edit))
    return excerpt(text, tree, is_wanted, lambda run: not moved.meets_lines(run.first, run.last))


def _parse(shown: Excerpt, edit: Edit) -> cst.Module:
    try:
        module = cst.parse_module(shown.text)
    except cst.ParserSyntaxError as error:
        where = shown.numbers[min(error.raw_line, len(shown.numbers)) - 1]
        raise RewriteError(f"{edit.path}:{max(where, 1)}: LibCST cannot parse it: {error.message}") from error
    if module.code != shown.text:
        raise RewriteError(f"{edit.path}: LibCST does not reproduce the file")
    if module.default_indent != shown.indent:
        # LibCST sees the indentation of the excerpt only; its configuration does not count.
        module = with_indent(module, shown.indent)
    if not module.body:
        return module
    # LibCST gives everything above the first statement to the module: here it is as any other statement.
    first = with_leading(module.body[0], [*module.header, *leading(module.body[0])])
    return module.with_changes(header=[], body=[first, *module.body[1:]])


def _operate(module: cst.Module, shown: Excerpt, edits: Sequence[Edit]) -> cst.Module:
    if not edits:
        return module
    located = [(edit, [_located(shown, edit, span) for span in _spans(edit)]) for edit in edits]
    sites = find(module, shown, [span for _, spans in located for span in spans])
    orders = place(located, sites, Reader(module.default_newline))
    surgeon = Surgeon(orders, sites.concerned)
    filler = Filler(orders.holes, surgeon.moved, surgeon.comments)
    try:
        changed = module.visit(surgeon)
        if orders.holes:
            changed = changed.visit(filler)
    except cst.CSTValidationError as error:
        raise RewriteError(f"{edits[0].path}: the edits together make no Python: {error}") from error
    for number, node in orders.entered:
        if node not in surgeon.done:
            raise misfit(edits[number], "another edit takes away or replaces the code around it")
    for hole in orders.holes.keys() - filler.filled:
        raise RewriteError(f"{edits[0].path}: {hole} does not stand alone on its line")
    return changed


def _located(shown: Excerpt, edit: Edit, span: Span) -> Span:
    found = shown.locate(span)
    if found is None:
        raise misfit(edit, "nothing that fits it stands there")
    return found


def _add_imports(before: cst.Module, after: cst.Module, edits: Sequence[AddImport]) -> cst.Module:
    known = set(before.body)
    body: list[Statement] = list(after.body)
    for edit in edits:
        bound = edit.alias or edit.name or edit.module.partition(".")[0]
        spelled = re.compile(as_word(bound))
        changed = (n for n, s in enumerate(body) if s not in known and not is_only_imports(s))
        uses = (n for n in changed if spelled.search(after.code_for_node(body[n])))
        body = add_import(body, edit, next(uses, len(body)))
    if after.body or not body:
        return after.with_changes(body=body) if edits else after
    body[0] = with_leading(body[0], [*after.header, blank()] if after.header else [])
    return after.with_changes(header=[], body=body, has_trailing_newline=True)


def _gap(before: cst.Module, after: cst.Module, tail: str) -> str:
    """The blank lines between a new definition at the end and the comments that follow."""
    if not tail.strip() or not after.body or after.body[-1] in before.body:
        return ""
    if not ends_in_definition(after.body[-1]) or ends_in_definition(before.body[-1]):
        return ""
    there = len(list(takewhile(lambda line: not line.strip(), split_lines(tail))))
    return after.default_newline * max(2 - there, 0)
