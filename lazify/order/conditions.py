"""What must hold for code to run, in words: branches, loops, handlers, returns above it, and parts of expressions."""

import ast
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Block = Sequence[ast.stmt]
_LONGEST = 80
"""Characters of a quoted test."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Condition(NamedTuple):
    """One of them."""

    words: str
    """`if name is None`"""
    line: int
    """Where it stands."""


def branches(statement: ast.stmt) -> Iterator[tuple[Block, Condition | None]]:
    """Give the blocks of a statement that run with it, each with what must hold; definitions have none."""
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            yield body, holds(test)
            yield orelse, fails(test)
        case ast.While(test=test, body=body, orelse=orelse):
            yield body, None if _is_always(test) else Condition(f"while {_quoted(test)}", test.lineno)
            yield orelse, None
        case (
            ast.For(iter=items, body=body, orelse=orelse) | ast.AsyncFor(iter=items, body=body, orelse=orelse)
        ):
            yield body, None if _is_filled(items) else _each(items)
            yield orelse, None
        case ast.Try() | ast.TryStar():
            yield statement.body, None
            yield from ((handler.body, _raised(handler)) for handler in statement.handlers)
            yield statement.orelse, None
            yield statement.finalbody, None
        case ast.With(body=body) | ast.AsyncWith(body=body):
            yield body, None
        case ast.Match(cases=cases):
            for case in cases:
                yield case.body, Condition(_short(f"case {ast.unparse(case.pattern)}"), case.pattern.lineno)


def after(statement: ast.stmt) -> Condition | None:
    """Tell what must hold for a function to go on behind a statement; None where it always does."""
    if not _may_return(statement):
        return None
    match statement:
        case ast.If(test=test, body=[*_, ast.Return()], orelse=orelse) if not any(map(_may_return, orelse)):
            return fails(test)
        case ast.If(test=test, body=body, orelse=[*_, ast.Return()]) if not any(map(_may_return, body)):
            return holds(test)
    return Condition("unless it has returned above", statement.lineno)


def within(statement: ast.stmt, position: tuple[int, int]) -> Iterator[Condition]:
    """Give what must hold for the part of an expression at `position` (line, column in bytes) to run."""
    for node in ast.walk(statement):
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                if _holds_position(body, position):
                    yield holds(test)
                elif _holds_position(orelse, position):
                    yield fails(test)
            case ast.BoolOp(op=op, values=values):
                part = next((n for n, value in enumerate(values) if _holds_position(value, position)), 0)
                says = holds if isinstance(op, ast.And) else fails
                yield from map(says, values[:part])
            case (
                ast.ListComp(generators=loops)
                | ast.SetComp(generators=loops)
                | ast.GeneratorExp(generators=loops)
            ):
                if _holds_position(node.elt, position):
                    yield from (holds(test) for loop in loops for test in loop.ifs)


def holds(test: ast.expr) -> Condition:
    """Say that a test must hold."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return Condition(f"unless {_quoted(test.operand)}", test.lineno)
    return Condition(f"if {_quoted(test)}", test.lineno)


def fails(test: ast.expr) -> Condition:
    """Say that a test must not hold."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return Condition(f"if {_quoted(test.operand)}", test.lineno)
    return Condition(f"unless {_quoted(test)}", test.lineno)


def _may_return(statement: ast.stmt) -> bool:
    """Tell whether a function may end in a statement."""
    if isinstance(statement, ast.Return):
        return True
    inner = (each for block, _ in branches(statement) for each in block)
    return not isinstance(statement, _DEFINITIONS) and any(map(_may_return, inner))


def _raised(handler: ast.ExceptHandler) -> Condition:
    what = "an exception" if handler.type is None else _quoted(handler.type)
    return Condition(f"where {what} is raised", handler.lineno)


def _each(items: ast.expr) -> Condition:
    return Condition(f"for each of {_quoted(items)}", items.lineno)


def _is_always(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def _is_filled(items: ast.expr) -> bool:
    """Tell whether it is written down that there is something in it."""
    match items:
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return any(not isinstance(each, ast.Starred) for each in elements)
    return False


def _holds_position(node: ast.expr, position: tuple[int, int]) -> bool:
    end = node.end_lineno or node.lineno, node.end_col_offset or 0
    return (node.lineno, node.col_offset) <= position < end


def _quoted(node: ast.expr) -> str:
    return _short(ast.unparse(node))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
