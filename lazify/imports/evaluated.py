"""What one statement evaluates for certain when it is reached, what perhaps, and which blocks it holds."""

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lazify.statements import without_docstring


class Part(NamedTuple):
    """An expression of a statement, or a statement that no import can stand in."""

    node: ast.AST
    is_certain: bool
    """It is evaluated whenever the statement is."""


class Block(NamedTuple):
    """A block of a compound statement."""

    body: list[ast.stmt]
    entered_by: tuple[tuple[ast.expr, bool], ...] = ()
    """The conditions that lead there, and how each must turn out."""
    handlers: tuple[ast.ExceptHandler, ...] = ()
    """What catches the errors of the block."""


def blocks_of(statement: ast.stmt) -> Iterator[Block]:
    """Yield the blocks that an import can stand in: all but a class's own."""
    match statement:
        case ast.If(test=test, body=body, orelse=orelse):
            yield Block(body, ((test, True),))
            if is_elif(statement):
                for block in blocks_of(orelse[0]):
                    yield block._replace(entered_by=((test, False), *block.entered_by))
            else:
                yield Block(orelse, ((test, False),))
        case ast.While(test=test, body=body, orelse=orelse):
            yield from (Block(body, ((test, True),)), Block(orelse, ((test, False),)))
        case ast.For(body=body, orelse=orelse) | ast.AsyncFor(body=body, orelse=orelse):
            yield from (Block(body), Block(orelse))
        case ast.With(body=body) | ast.AsyncWith(body=body):
            yield Block(body)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield Block(without_docstring(statement))
        case ast.Match(cases=cases):
            yield from (Block(case.body) for case in cases)
        case ast.Try() | ast.TryStar():
            yield Block(statement.body, handlers=tuple(statement.handlers))
            yield from (Block(handler.body) for handler in statement.handlers)
            yield from (Block(statement.orelse), Block(statement.finalbody))


def parts_of(statement: ast.stmt) -> Iterator[Part]:
    """Yield all that is evaluated outside of these blocks."""
    match statement:
        case ast.If(test=test, orelse=orelse):
            yield Part(test, is_certain=True)
            if is_elif(statement):
                yield from (Part(part.node, is_certain=False) for part in parts_of(orelse[0]))
        case ast.While(test=test):
            yield Part(test, is_certain=True)
        case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
            yield from (Part(source, is_certain=True), Part(target, is_certain=False))
        case ast.With(items=items) | ast.AsyncWith(items=items):
            yield from (Part(item, is_certain=number == 0) for number, item in enumerate(items))
        case ast.Match(subject=subject, cases=cases):
            yield Part(subject, is_certain=True)
            for case in cases:
                yield from (Part(each, is_certain=False) for each in (case.pattern, case.guard) if each)
        case ast.Try() | ast.TryStar():
            yield from (Part(each.type, is_certain=False) for each in statement.handlers if each.type)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (Part(each, is_certain=True) for each in statement.decorator_list)
            yield from (Part(each, is_certain=True) for each in (statement.args, statement.returns) if each)
        case ast.ClassDef():
            yield from (Part(each, is_certain=True) for each in (*statement.decorator_list, *statement.bases))
            yield from (Part(each, is_certain=False) for each in (*statement.keywords, *statement.body))
        case ast.Assert(test=test, msg=message):
            yield Part(test, is_certain=True)
            yield from (Part(each, is_certain=False) for each in (message,) if each)
        case _:
            yield Part(statement, is_certain=True)


def is_elif(statement: ast.If) -> bool:
    """Tell whether the other branch is an `elif`: nothing can stand before it."""
    match statement.orelse:
        case [ast.If() as inner]:
            return inner.col_offset == statement.col_offset
    return False


def evaluated_for_certain(node: ast.AST) -> Iterable[ast.AST]:
    """Give the parts of an expression that are evaluated whenever it is."""
    match node:
        case ast.IfExp(test=test):
            return (test,)
        case ast.BoolOp(values=[first, *_]):
            return (first,)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return (node.generators[0],)
        case ast.comprehension(iter=source):
            return (source,)
        case ast.Lambda(args=arguments):
            return (arguments,)
        case ast.Compare(left=left, comparators=[second, *_]):
            return (left, second)
    return ast.iter_child_nodes(node)
