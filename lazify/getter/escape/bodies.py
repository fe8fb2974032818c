"""What the statements and expressions of one body do with the object."""

import ast
from collections.abc import Iterator
from typing import TypeGuard

from lazify.getter.escape.calls import Calls
from lazify.getter.escape.sources import Function
from lazify.getter.escape.tables import ANY, DISPLAY, HOLDER, NONE, OBJECT, Body, Kinds
from lazify.getter.escape.world import World
from lazify.model.facts import MODULE

_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Code:
    """One body, walked once in a round."""

    def __init__(self, world: World, body: Body) -> None:
        """`world` knows what was found so far, and hears what is found here."""
        self._world, self._body, self._tables = world, body, world.tables
        self._calls = Calls(world, body, self.value)

    def function(self, function: Function) -> None:
        """Walk a whole function."""
        if isinstance(function, ast.Lambda):
            self._tables.give(self._body, self.value(function.body))
        else:
            self.block(function.body)

    def block(self, statements: list[ast.stmt]) -> None:
        """Walk statements, whatever of them runs."""
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Expr(value=value):
                self.value(value)
            case ast.Return(value=value):
                self._tables.give(self._body, NONE if value is None else self.value(value))
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind(target, self.value(value), value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self._bind(target, self.value(value), value)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._definition(node)
            case ast.Delete(targets=targets):
                self._clean(*(each for each in targets if not isinstance(each, ast.Name)))
            case ast.Raise() | ast.Assert() | ast.AugAssign():
                self._below(node)
            case _:
                self._block_of(node)

    def _block_of(self, node: ast.stmt) -> None:
        """A statement that holds others, or does nothing by itself; what is not known looks."""
        match node:
            case ast.If(test=test, body=body, orelse=orelse) | ast.While(test=test, body=body, orelse=orelse):
                self._truth(test)
                self.block([*body, *orelse])
            case ast.For(target=target, iter=items, body=body, orelse=orelse):
                self._bind(target, self._items(items))
                self.block([*body, *orelse])
            case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
                self.block([*body, *orelse, *finalbody])
                for handler in handlers:
                    self._clean(*filter(None, (handler.type,)))
                    self.block(handler.body)
            case ast.With(items=items, body=body):
                self._clean(*(each.context_expr for each in items))
                self._clean(*(each.optional_vars for each in items if _is_part(each.optional_vars)))
                self.block(body)
            case ast.Pass() | ast.Break() | ast.Continue() | ast.Global() | ast.Nonlocal() | ast.AnnAssign():
                pass
            case ast.Import() | ast.ImportFrom():
                pass
            case _:
                self._tables.look()

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """What a function does, it does when it runs: that is a body of its own. It may close over the object."""
        if isinstance(node, ast.ClassDef):
            self._tables.look()
            return
        self._tables.look(when=bool(node.decorator_list))
        self._clean(*_defaults(node.args))
        self._bind_name(node.name, HOLDER)

    def _bind(self, target: ast.expr, kinds: Kinds, value: ast.expr | None = None) -> None:
        match target:
            case ast.Name(id=name):
                self._bind_name(name, kinds)
            case ast.Attribute():
                self._calls.store(target.value, target.attr, kinds)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, kinds, value)
            case ast.Starred(value=inner):
                self._bind(inner, DISPLAY if kinds else NONE)
            case _:
                self._clean(target)
                self._tables.look(when=bool(kinds))

    def _bind_name(self, name: str, kinds: Kinds) -> None:
        number = self._world.sources.binder(self._body, name)
        is_global = number == MODULE != self._body[1]
        self._tables.look(when=is_global and bool(kinds))
        self._tables.bind((self._body[0], number), name, kinds)

    def _unpack(self, targets: list[ast.expr], kinds: Kinds, value: ast.expr | None) -> None:
        is_starred = any(isinstance(each, ast.Starred) for each in targets)
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(targets) and not is_starred:
            for target, each in zip(targets, value.elts, strict=True):
                self._bind(target, self.value(each), each)
            return
        for target in targets:
            self._bind(target, self._of(kinds))

    def value(self, node: ast.expr) -> Kinds:
        """What an expression has to do with the object."""
        if self._world.is_root(self._body, node):
            return OBJECT
        match node:
            case ast.Name():
                return self._variable(node.id) or self._world.of_target(self._body, node)
            case ast.Attribute():
                return self._attribute(node)
            case ast.Call():
                return self._calls.of(node)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return DISPLAY if NONE.union(*map(self._element, elements)) else NONE
            case ast.Dict():
                return self._dictionary(node)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp() | ast.DictComp():
                return self._comprehension(node)
            case ast.Subscript(value=value, slice=key):
                self._clean(key)
                return self._of(self.value(value))
            case ast.NamedExpr(target=target, value=value):
                self._bind(target, self.value(value))
                return self.value(value)
            case ast.Lambda(args=arguments):
                self._clean(*_defaults(arguments))
                return HOLDER
            case _:
                return self._tested(node)

    def _tested(self, node: ast.expr) -> Kinds:
        """What asks something of values, or might: all but to choose one and to ask which it is."""
        match node:
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._truth(test)
                return self.value(body) | self.value(orelse)
            case ast.BoolOp(values=[*tested, last]):
                return self.value(last).union(*map(self._truth, tested))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                self._truth(operand)
            case ast.Compare(left=left, ops=ops, comparators=others) if all(map(_is_identity, ops)):
                for each in (left, *others):
                    self.value(each)
            case _:
                self._below(node)
        return NONE

    def _variable(self, name: str) -> Kinds:
        module, _ = self._body
        bound = self._world.sources.binder(self._body, name)
        return self._tables.variable(self._body, name) | self._tables.variable((module, bound), name)

    def _attribute(self, node: ast.Attribute) -> Kinds:
        owner = self._world.sources.target(self._body, node.value)
        if owner is not None and not self._world.is_variable(owner):
            return self._world.of_attribute(self._body, node, owner) | self._tables.attribute(node.attr)
        return self._calls.attribute(node)

    def _element(self, node: ast.expr) -> Kinds:
        return self._items(node.value) if isinstance(node, ast.Starred) else self.value(node)

    def _dictionary(self, node: ast.Dict) -> Kinds:
        self._clean(*filter(None, node.keys))
        pairs = zip(node.keys, node.values, strict=True)
        kinds = [self._items(value) if key is None else self.value(value) for key, value in pairs]
        return DISPLAY if any(kinds) else NONE

    def _comprehension(self, node: _COMPREHENSIONS) -> Kinds:
        for each in node.generators:
            kinds = self._items(each.iter)
            for name in (found.id for found in ast.walk(each.target) if isinstance(found, ast.Name)):
                self._tables.bind(self._body, name, kinds)
            for test in each.ifs:
                self._truth(test)
        match node:
            case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
                return DISPLAY if self.value(element) else NONE
            case ast.SetComp(elt=element):
                self._clean(element)
            case ast.DictComp(key=key, value=value):
                self._clean(key)
                return DISPLAY if self.value(value) else NONE
        return NONE

    def _items(self, node: ast.expr) -> Kinds:
        return self._of(self.value(node))

    def _of(self, kinds: Kinds) -> Kinds:
        """What going through such a value gives."""
        self._tables.look(when=not kinds <= DISPLAY)
        return ANY if kinds else NONE

    def _truth(self, node: ast.expr) -> Kinds:
        kinds = self.value(node)
        self._tables.look(when=not kinds <= DISPLAY)
        return kinds

    def _clean(self, *nodes: ast.expr) -> None:
        """Take whatever is done with the values for looking into them."""
        self._tables.look(when=bool(NONE.union(*map(self.value, nodes))))

    def _below(self, node: ast.AST) -> None:
        self._clean(*_expressions(node))


def _defaults(arguments: ast.arguments) -> list[ast.expr]:
    return [*arguments.defaults, *filter(None, arguments.kw_defaults)]


def _is_part(target: ast.expr | None) -> TypeGuard[ast.expr]:
    return target is not None and not isinstance(target, ast.Name)


def _is_identity(operator: ast.cmpop) -> bool:
    return isinstance(operator, ast.Is | ast.IsNot)


def _expressions(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions right below a node, through what is no expression itself."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        else:
            yield from _expressions(child)
