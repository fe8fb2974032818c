"""Functions that ask whether a value is None look at it once: no type checker narrows a call.

if client is None:             client = get_client()
    return 0              →    if client is None:
return client.count()              return 0
                               return client.count()
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from lazify.getter.redirect import Redirection, is_rebound
from lazify.getter.types import type_text
from lazify.index.modules import Module
from lazify.index.occurrences import UseOccurrence
from lazify.index.view import View
from lazify.model.changes import Edit, InsertBefore
from lazify.model.facts import MODULE, Role
from lazify.model.places import Span

_NEWLINE = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")  # the line ends of Python's tokenizer, and no others
_OPTIONAL = re.compile(r"\b(?:Optional|None)\b")

Place = tuple[Module, Span]


def narrowed(view: View, to: Redirection, taken: Collection[Place]) -> Mapping[Place, tuple[Edit, ...]]:
    """Map the uses in such functions to edits: the first puts the value into a variable, the others stay."""
    kind = type_text(view, to.group)
    if kind is None or not _OPTIONAL.search(kind) or len(to.group.names) > 1 or is_rebound(to):
        return {}
    functions: dict[tuple[Module, int], list[UseOccurrence]] = {}
    for use in to.found.uses:
        if use.module.facts.scopes[use.use.scope].kind == "function":
            functions.setdefault((use.module, use.use.scope), []).append(use)
    found: dict[Place, tuple[Edit, ...]] = {}
    for (module, scope), uses in functions.items():
        if _is_plain(module, scope, uses, taken) and (edit := _variable(view, to, module, scope, uses)):
            uses.sort(key=lambda use: use.span)
            found.update({(module, use.span): () for use in uses})
            found[module, uses[0].span] = (edit,)
    return found


def _is_plain(module: Module, scope: int, uses: list[UseOccurrence], taken: Collection[Place]) -> bool:
    """Tell whether the function reads the module's name several times, and does nothing else to it."""
    names = {use.use.name for use in uses}
    return (
        len(uses) > 1
        and len(names) == 1
        and all(not use.depth and use.use.bound == MODULE and use.use.role is Role.LOAD for use in uses)
        and not any((module, use.span) in taken for use in uses)
        and not any(names & set(declared) for _, declared in module.facts.scopes[scope].globals)
        and not any(dynamic.scope == scope for dynamic in module.facts.dynamics)
    )


def _variable(
    view: View, to: Redirection, module: Module, number: int, uses: list[UseOccurrence]
) -> Edit | None:
    scope, name = module.facts.scopes[number], uses[0].use.name
    text = view.text(module).whole
    lines = _NEWLINE.split(text)
    if not "".join(lines[scope.span.line - 1 : scope.span.end_line]).isascii():
        return None  # columns that would have to be converted: the getter is called as elsewhere
    function = next((f for f in ast.walk(ast.parse(text)) if _is_at(f, scope.span)), None)
    if function is None or not any(_tests(node, name) for node in ast.walk(function)):
        return None
    first = _first_statement(function, [use.span[:2] for use in uses], lines)
    if first is None:
        return None
    end = first.end_lineno or first.lineno, first.end_col_offset or 0
    code = f"{name} = {to.locals[uses[0].namespace]}()"
    return InsertBefore(path=module.path, span=Span(first.lineno, first.col_offset, *end), code=code)


def _is_at(node: ast.AST, span: Span) -> bool:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    return node.end_lineno == span.end_line and node.end_col_offset == span.end_column


def _tests(node: ast.AST, name: str) -> bool:
    """Recognise `x is None`, `if x`, `not x`, `x and …`."""
    match node:
        case ast.Compare(left=ast.Name(id=tested), ops=[ast.Is() | ast.IsNot()]):
            return tested == name
        case ast.If(test=ast.Name(id=tested)) | ast.IfExp(test=ast.Name(id=tested)):
            return tested == name
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=tested)):
            return tested == name
        case ast.BoolOp(values=[ast.Name(id=tested), *_]):
            return tested == name
        case _:
            return False


def _first_statement(function: ast.AST, places: list[tuple[int, int]], lines: list[str]) -> ast.stmt | None:
    """Find the statement above which the variable can stand: in the innermost block that holds all places."""
    chosen: ast.stmt | None = None
    node = function
    while True:
        inner = next((b for b in _blocks(node) if all(any(_holds(s, p) for s in b) for p in places)), None)
        if inner is None:
            return chosen
        statement = next(s for s in inner if any(_holds(s, p) for p in places))
        is_alone = not lines[statement.lineno - 1][: statement.col_offset].strip()
        if not is_alone or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return chosen  # `if x: return x`
        if not lines[statement.lineno - 1].lstrip().startswith("elif"):
            chosen = statement
        if not all(_holds(statement, place) for place in places):
            return chosen
        if isinstance(statement, ast.For | ast.AsyncFor | ast.While):
            return chosen  # asked for once, not in every turn
        node = statement


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for field in ("body", "orelse", "finalbody"):
        block = getattr(node, field, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
    for handler in getattr(node, "handlers", ()):
        yield handler.body


def _holds(statement: ast.stmt, place: tuple[int, int]) -> bool:
    start, end = (statement.lineno, statement.col_offset), (statement.end_lineno, statement.end_col_offset)
    return start <= place < end
