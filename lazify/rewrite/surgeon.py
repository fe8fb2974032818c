"""Carries out all orders in one walk over the tree."""

from collections.abc import Collection, Sequence

import libcst as cst

from lazify.rewrite.aliases import sorted_as
from lazify.rewrite.blocks import Block, Comments
from lazify.rewrite.lines import has_comment
from lazify.rewrite.orders import Orders
from lazify.rewrite.rows import Row, edit_row, with_arguments


class Surgeon(cst.CSTTransformer):
    """Changes expressions and items where they stand, and rebuilds the blocks around changed statements.

    What an edit takes away is walked without changing anything: an order left there stays undone.
    """

    def __init__(self, orders: Orders, concerned: Collection[cst.CSTNode]) -> None:
        super().__init__()
        self.orders = orders
        self.concerned = concerned
        self.done: set[cst.CSTNode] = set()
        self.moved: dict[cst.CSTNode, cst.CSTNode] = {}
        self.comments: dict[str, Comments] = {}
        self._taken: list[tuple[cst.CSTNode | None, bool]] = [(None, False)]
        """The innermost node that an edit takes away, or that is lifted out of such a node again."""

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.BaseStatement | cst.BaseSmallStatement) and node not in self.concerned:
            return False
        root, is_taken = self._taken[-1]
        if is_taken and self._is_erased(node) and self._is_erased(root):
            self.done.add(node)
        if node in self.orders.lifted:
            self._taken.append((node, False))
        elif self._takes_away(node):
            self._taken.append((node, True))
        return True

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]  # LibCST's union names every kind of node
        is_root = self._taken[-1][0] is original_node
        if is_root and self._taken[-1][1]:
            self._taken.pop()
        if self._taken[-1][1]:
            return updated_node
        updated_node = self._changed(original_node, updated_node)
        if original_node in self.orders.lifted and is_root:
            self._taken.pop()
            self.done.add(original_node)
            self.moved[original_node] = updated_node
        return updated_node

    def _changed(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:
        if original in self.orders.owners and not self._is_erased(original):
            updated = self._edit_items(original, updated)
        if original in self.orders.added and isinstance(updated, cst.Call):
            self.done.add(original)
            updated = with_arguments(updated, self.orders.added[original])
        if original in self.orders.expressions:
            self.done.add(original)
            updated = in_parentheses_of(original, self.orders.expressions[original])
        match original, updated:
            case cst.Module(), cst.Module():
                return self._rebuild_module(original, updated)
            case cst.IndentedBlock(), cst.IndentedBlock():
                return self._rebuild_block(original, updated)
            case cst.SimpleStatementSuite(), cst.SimpleStatementSuite():
                return self._rebuild_suite(original, updated)
        return updated

    def _is_erased(self, node: cst.CSTNode | None) -> bool:
        order = self.orders.statements.get(node) if node is not None else None
        return (order is not None and order.is_erased) or (
            node is not None and self.orders.items.get(node) == ()
        )

    def _takes_away(self, node: cst.CSTNode) -> bool:
        if node in self.orders.expressions or node in self.orders.items:
            return True
        order = self.orders.statements.get(node)
        return order is not None and not order.hole and (order.leaves or order.instead is not None)

    def _rebuild_module(self, original: cst.Module, updated: cst.Module) -> cst.Module:
        block = Block(self.orders, is_module=True)
        for old, new in zip(original.body, updated.body, strict=True):
            block.add(old, new)
        self._note(block)
        return updated.with_changes(body=block.statements, footer=[*block.rest(), *updated.footer])

    def _rebuild_block(self, original: cst.IndentedBlock, updated: cst.IndentedBlock) -> cst.IndentedBlock:
        if not any(self._is_concerned(statement) for statement in original.body):
            return updated
        block = Block(self.orders)
        for old, new in zip(original.body, updated.body, strict=True):
            block.add(old, new)  # type: ignore[arg-type]  # a block holds lines and compound statements
        self._note(block)
        body = block.statements or [cst.SimpleStatementLine([cst.Pass()])]
        return updated.with_changes(body=body, footer=[*block.rest(), *updated.footer])

    def _rebuild_suite(
        self, original: cst.SimpleStatementSuite, updated: cst.SimpleStatementSuite
    ) -> cst.BaseSuite:
        """A body on the line of its header stays there if it can."""
        if not self._is_concerned(original):
            return updated
        block = Block(self.orders)
        old = cst.SimpleStatementLine(original.body)
        new = cst.SimpleStatementLine(updated.body, trailing_whitespace=updated.trailing_whitespace)
        block.add(old, new)
        self._note(block)
        body = one_line(block.statements)
        if body is None or any(
            self.orders.of(small).before or self.orders.of(small).after for small in old.body
        ):
            return cst.IndentedBlock(block.statements, footer=block.rest())
        return updated.with_changes(body=body)

    def _is_concerned(self, statement: cst.CSTNode) -> bool:
        small = getattr(statement, "body", ()) if not isinstance(statement, cst.BaseCompoundStatement) else ()
        return statement in self.orders.statements or any(node in self.orders.statements for node in small)

    def _note(self, block: Block) -> None:
        self.done |= block.done
        self.moved.update(block.moved)
        self.comments.update(block.comments)

    def _edit_items(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:
        items = self.orders.items
        if isinstance(original, cst.Decorator | cst.FunctionDef | cst.ClassDef):
            return self._drop_decorators(original, updated)
        name = next(n for n in ("names", "elements", "args") if hasattr(original, n))
        old: Sequence[cst.CSTNode] = getattr(original, name)

        def edit(row: Row) -> None:
            for index in reversed(range(len(old))):
                if old[index] not in items:
                    continue
                self.done.add(old[index])
                new = [item for item in items[old[index]] if not row.has(item, index)]
                if new:
                    row.swap(index, new)
                else:
                    row.drop(index)
            if isinstance(original, cst.ImportFrom):
                row.items = sorted_as(original, row.items)

        return edit_row(updated, edit)

    def _drop_decorators(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(original, cst.FunctionDef | cst.ClassDef)
        assert isinstance(updated, cst.FunctionDef | cst.ClassDef)
        pairs = list(zip(original.decorators, updated.decorators, strict=True))
        self.done |= {old for old, _ in pairs if old in self.orders.items}
        return updated.with_changes(decorators=[new for old, new in pairs if old not in self.orders.items])


def in_parentheses_of(old: cst.CSTNode, new: cst.BaseExpression) -> cst.BaseExpression:
    """Keep the parentheses around an expression that is replaced; those of a tuple are its own."""
    left, right = list(getattr(old, "lpar", ())), list(getattr(old, "rpar", ()))
    if isinstance(old, cst.Tuple | cst.GeneratorExp):
        left, right = left[:-1], right[1:]
    return new.with_changes(lpar=[*left, *new.lpar], rpar=[*new.rpar, *right])


def one_line(statements: Sequence[cst.CSTNode]) -> list[cst.BaseSmallStatement] | None:
    """Join statements into one line; None where that would lose something."""
    small: list[cst.BaseSmallStatement] = []
    for statement in statements:
        if not isinstance(statement, cst.SimpleStatementLine) or has_comment(statement.leading_lines):
            return None
        if small and small[-1].semicolon is cst.MaybeSentinel.DEFAULT:
            small[-1] = small[-1].with_changes(
                semicolon=cst.Semicolon(whitespace_after=cst.SimpleWhitespace(" "))
            )
        small += statement.body
    return small or [cst.Pass()]
