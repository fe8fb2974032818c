"""Puts what was moved into the placeholders of the code that takes it."""

from collections.abc import Mapping, Sequence
from typing import cast

import libcst as cst

from lazify.errors import RewriteError
from lazify.rewrite.blocks import Comments
from lazify.rewrite.lines import Statement, blanks, comment_line, leading, with_leading
from lazify.rewrite.orders import Hole

_ATOMS = (
    cst.Name,
    cst.Attribute,
    cst.Call,
    cst.Subscript,
    cst.BaseNumber,
    cst.BaseString,
    cst.List,
    cst.Dict,
    cst.Set,
    cst.ListComp,
    cst.DictComp,
    cst.SetComp,
    cst.Ellipsis,
)


class Filler(cst.CSTTransformer):
    """Replaces every placeholder; what is put in may hold placeholders itself."""

    def __init__(
        self,
        holes: Mapping[str, Hole],
        moved: Mapping[cst.CSTNode, cst.CSTNode],
        comments: Mapping[str, Comments],
    ) -> None:
        super().__init__()
        self.holes = holes
        self.moved = moved
        """What became of the nodes that the holes name."""
        self.comments = comments
        """What stood behind the statement whose expression goes to a hole."""
        self.filled: set[str] = set()
        self._comments: list[list[Comments]] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.SimpleStatementLine):
            self._comments.append([])
        return True

    def leave_SimpleStatementLine(  # noqa: N802 - LibCST's name
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement]:
        comments = self._comments.pop()
        match original_node.body:
            case [cst.Expr(value=cst.Name(value=name))] if name in self.holes:
                return cst.FlattenSentinel(self._statements(name, updated_node))
        return _with_comments(updated_node, comments)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:  # noqa: N802 - LibCST's name
        name = original_node.value
        hole = self.holes.get(name)
        if hole is None or not isinstance(hole.nodes[0], cst.BaseExpression):
            return updated_node
        self.filled.add(name)
        comments = self.comments.get(name, Comments())
        if self._comments:
            self._comments[-1].append(comments)
        elif comments != Comments():
            raise RewriteError("the comments of a moved expression would be lost")
        expression = cast("cst.BaseExpression", self._put(self.moved[hole.nodes[0]]))
        if hole.is_whole or isinstance(expression, _ATOMS) or expression.lpar:
            return expression
        return expression.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])

    def _put(self, node: cst.CSTNode) -> cst.CSTNode | cst.FlattenSentinel[cst.BaseStatement]:
        return cast("cst.CSTNode", node.visit(_Blanks())).visit(self)  # type: ignore[return-value]  # nothing is removed

    def _statements(self, name: str, hole: cst.SimpleStatementLine) -> list[cst.BaseStatement]:
        self.filled.add(name)
        found: list[cst.BaseStatement] = []
        for number, node in enumerate(self.holes[name].nodes):
            statement = cast("Statement", self.moved[node])
            if number == 0:
                above = leading(statement)
                statement = with_leading(statement, [*hole.leading_lines, *above[blanks(above) :]])
            put = self._put(statement)
            found += put if isinstance(put, cst.FlattenSentinel) else [cast("cst.BaseStatement", put)]
        return found


class _Blanks(cst.CSTTransformer):
    """Lets no blank line get spaces where its block is indented further."""

    def leave_EmptyLine(self, original_node: cst.EmptyLine, updated_node: cst.EmptyLine) -> cst.EmptyLine:  # noqa: N802 - LibCST's name
        if original_node.comment is not None:
            return updated_node
        return updated_node.with_changes(indent=False)


def _with_comments(line: cst.SimpleStatementLine, found: Sequence[Comments]) -> cst.SimpleStatementLine:
    """Put comments above and behind the line, or all above it where there is one behind it already."""
    for comments in found:
        above = [*line.leading_lines, *comments.above]
        space = line.trailing_whitespace
        if comments.behind is not None and space.comment is None:
            space = space.with_changes(comment=comments.behind, whitespace=cst.SimpleWhitespace("  "))
        elif comments.behind is not None:
            above.append(comment_line(comments.behind))
        line = line.with_changes(leading_lines=above, trailing_whitespace=space)
    return line
