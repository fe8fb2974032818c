"""What a condition says of packages that may be missing: `if not CLIP_AVAILABLE`, `if pd is None`."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Question:
    """The names whose truth, or whose not being None, says that everything a guard imports is there."""

    flags: Collection[str]
    nones: Collection[str]

    def implied(self, test: ast.expr, *, by: bool) -> bool:
        """Tell whether the packages are there when the condition turns out true, or false (`by`)."""
        match test:
            case ast.Name(id=name) if name in self.flags or name in self.nones:
                return by
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.implied(operand, by=not by)
            case ast.BoolOp(op=op, values=values):
                some = any if isinstance(op, ast.And) == by else all
                return some(self.implied(each, by=by) for each in values)
        return any(whole is test and is_there == by for _, whole, is_there in none_tests(test, self.nones))

    def known_after(self, statement: ast.stmt) -> bool:
        """Tell whether the packages are there for all that follows the statement in its block."""
        match statement:
            case ast.Assert(test=test):
                return self.implied(test, by=True)
            case ast.If(test=test, body=body, orelse=orelse):
                return (self.implied(test, by=False) and leaves(body)) or (
                    self.implied(test, by=True) and leaves(orelse)
                )
        return False


def leaves(block: list[ast.stmt]) -> bool:
    """Tell whether nothing that follows the block can run after it."""
    match block[-1:]:
        case [ast.If(body=body, orelse=orelse)]:
            return leaves(body) and leaves(orelse)
        case [last]:
            return isinstance(last, _LEAVES)
    return False


def none_tests(node: ast.AST, names: Collection[str]) -> Iterator[tuple[ast.Name, ast.expr, bool]]:
    """Yield each name whose being None is all that is asked, with the whole question and what True means."""
    match node:
        case ast.BoolOp(values=values) if node.lineno == node.end_lineno:
            # They become None together: one question is enough.
            found = [each for value in values for each in none_tests(value, names) if each[1] is value]
            if len(found) == len(values) and len({is_there for _, _, is_there in found}) == 1:
                yield from ((name, node, is_there) for name, _, is_there in found)
        case ast.Compare(left=ast.Name(id=name) as left, ops=[op], comparators=[ast.Constant(value=None)]):
            if name in names and isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
                yield left, node, isinstance(op, ast.IsNot | ast.NotEq)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name) as operand) if name in names:
            yield operand, node, False
        case (
            ast.If(test=ast.Name(id=name) as test)
            | ast.While(test=ast.Name(id=name) as test)
            | ast.IfExp(test=ast.Name(id=name) as test)
        ) if name in names:
            yield test, test, True
