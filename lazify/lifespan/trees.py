"""A module as a syntax tree whose nodes know their scope, their statement and their span."""

import ast
from collections.abc import Iterator
from functools import cached_property

from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import (
    MODULE,
    AttributeRef,
    CallRef,
    ItemRef,
    LambdaRef,
    NameRef,
    Ref,
)
from lazify.model.places import Place, Span
from lazify.nodes import nodes_and_parents
from lazify.statements import parse, split_lines

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class Tree:
    """The syntax tree of one module, tied to what the index knows of it."""

    def __init__(self, module: Module, text: str) -> None:
        """Parse the text that the facts were read from."""
        self.module = module
        self.root = parse(text)
        self._lines = split_lines(text)
        self._nodes, self._parents = nodes_and_parents(self.root)

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> Span:
        """Where the node stands, in characters; a definition with its decorators."""
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        line, column = node.lineno, self._column(node.lineno, node.col_offset)
        if decorators:
            line = decorators[0].lineno
            column = self._lines[line - 1].index("@")
        end_line = node.end_lineno or node.lineno
        return Span(line, column, end_line, self._column(end_line, node.end_col_offset or 0))

    def place(self, node: ast.expr | ast.stmt | ast.keyword) -> Place:
        """The span, and the file."""
        return Place(self.module.path, self.span(node))

    def cut(self, node: ast.expr) -> str:
        """The text of an expression."""
        return ast.get_source_segment("".join(self._lines), node) or ast.unparse(node)

    def line(self, number: int) -> str:
        """One line, without its end."""
        return self._lines[number - 1].rstrip("\r\n")

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around it."""
        return self._parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around it, from the nearest."""
        parent = self._parents.get(node)
        while parent is not None:
            yield parent
            parent = self._parents.get(parent)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that the node is part of, itself included."""
        if isinstance(node, ast.stmt):
            return node
        return next(each for each in self.above(node) if isinstance(each, ast.stmt))

    def holder(self, node: ast.AST) -> ast.AST:
        """The function, class or module whose code the node is; decorators and defaults are of the one outside."""
        child = node
        for parent in self.above(node):
            if isinstance(parent, ast.Module):
                return parent
            if isinstance(parent, ast.Lambda) and child is parent.body:
                return parent
            if isinstance(parent, _SCOPES) and child in getattr(parent, "body", ()):
                return parent
            child = parent
        return self.root

    def scope(self, node: ast.AST) -> int:
        """The number of the scope whose code the node is."""
        return self.number(self.holder(node))

    def number(self, holder: ast.AST) -> int:
        """The number of a function's, class's or lambda's own scope."""
        if isinstance(holder, ast.Lambda):
            return self._numbers.get(("<lambda>", *self.span(holder)), MODULE)
        if isinstance(holder, Function | ast.ClassDef):
            return self._numbers.get((holder.name, *self.span(holder)), MODULE)
        return MODULE

    def definition(self, scope: int) -> ast.AST:
        """The node of a scope."""
        return self._definitions.get(scope, self.root)

    @cached_property
    def _numbers(self) -> dict[tuple[str, int, int, int, int], int]:
        return {
            (scope.name.rpartition(".")[2], *scope.span): number
            for number, scope in enumerate(self.module.facts.scopes)
        }

    @cached_property
    def _definitions(self) -> dict[int, ast.AST]:
        return {self.number(node): node for node in self._nodes if isinstance(node, _SCOPES)}

    def binder(self, name: str, scope: int) -> int:
        """The scope that binds a name as code of `scope` sees it."""
        scopes, start = self.module.facts.scopes, scope
        while scope != MODULE:
            each = scopes[scope]
            if any(name in names for _, names in each.globals):
                return MODULE
            if (each.kind != "class" or scope == start) and self._binds(name, scope):
                return scope
            scope = each.parent
        return MODULE

    def _binds(self, name: str, scope: int) -> bool:
        return (name, scope) in self.bindings

    def ref(self, node: ast.expr) -> Ref | None:
        """What the expression refers to, in the terms of the index."""
        match node:
            case ast.Name(id=name):
                return NameRef(name, self.binder(name, self.scope(node)))
            case ast.Attribute(value=value, attr=attribute):
                inner = self.ref(value)
                return None if inner is None else AttributeRef(inner, attribute)
            case ast.Call(func=callee):
                inner = self.ref(callee)
                return None if inner is None else CallRef(inner)
            case ast.Subscript(value=value):
                inner = self.ref(value)
                return None if inner is None else ItemRef(inner)
            case ast.Await(value=value):
                return self.ref(value)
            case ast.Lambda():
                return LambdaRef(self.number(node))
            case _:
                return None

    @cached_property
    def bindings(self) -> dict[tuple[str, int], list[ast.AST]]:
        """The nodes that bind each name, by name and scope: targets, definitions, parameters, imports."""
        found: dict[tuple[str, int], list[ast.AST]] = {}
        declared: dict[tuple[str, int], int] = {}
        for node in self._nodes:
            if isinstance(node, ast.Global):
                declared |= {(name, self.scope(node)): MODULE for name in node.names}
            elif isinstance(node, ast.Nonlocal):
                outer = self.module.facts.scopes[self.scope(node)].parent
                declared |= {(name, self.scope(node)): outer for name in node.names}
        for node in self._nodes:
            for name in _bound(node):
                scope = self._scope_of_binding(node)
                scope = declared.get((name, scope), scope)
                found.setdefault((name, scope), []).append(node)
        return found

    def _scope_of_binding(self, node: ast.AST) -> int:
        """A parameter is bound in the function whose arguments hold it."""
        if isinstance(node, ast.arg):
            return next(self.number(each) for each in self.above(node) if isinstance(each, _SCOPES))
        return self.scope(node)

    def functions(self) -> Iterator[Function]:
        """Every function, in no order that matters."""
        for node in self._nodes:
            if isinstance(node, Function):
                yield node

    @cached_property
    def calls(self) -> tuple[ast.Call, ...]:
        """Every call, in the order in which they end."""
        calls = (node for node in self._nodes if isinstance(node, ast.Call))
        return tuple(sorted(calls, key=lambda call: (call.end_lineno or 0, call.end_col_offset or 0)))

    @cached_property
    def values(self) -> tuple[ast.expr, ...]:
        """What is passed to a call, bound by an assignment, or returned."""
        found: list[ast.expr] = []
        for node in self._nodes:
            if isinstance(node, ast.Call):
                found += [*node.args, *(keyword.value for keyword in node.keywords)]
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.Return | ast.NamedExpr) and node.value:
                found.append(node.value)
        return tuple(found)

    def calls_of(self, name: str) -> list[ast.Call]:
        """The calls of `name` and `x.name`, and of what `from x import name as other` binds."""
        return self._calls_by_name.get(name, [])

    @cached_property
    def _calls_by_name(self) -> dict[str, list[ast.Call]]:
        found: dict[str, list[ast.Call]] = {}
        aliases: dict[str, set[str]] = {}
        for item in self.module.facts.imports:
            if item.alias is not None and item.name is not None:
                aliases.setdefault(item.alias, set()).add(item.name)
        for call in self.calls:
            match call.func:
                case ast.Name(id=name) | ast.Attribute(attr=name):
                    for each in {name} | aliases.get(name, set()):
                        found.setdefault(each, []).append(call)
        return found

    def own_class(self, node: ast.AST) -> ast.ClassDef | None:
        """The class at module level whose body or method the node is part of."""
        for each in self.above(node):
            if isinstance(each, ast.ClassDef):
                return each if self.holder(each) is self.root else None
        return None

    def stored(self, cls: str, attribute: str) -> list[ast.expr]:
        """The values that a class and its methods bind to an attribute by plain assignments."""
        return self._stores.get((cls, attribute), [])

    @cached_property
    def _stores(self) -> dict[tuple[str, str], list[ast.expr]]:
        found: dict[tuple[str, str], list[ast.expr]] = {}
        for node in self._nodes:
            if isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Store):
                cls, value = self.own_class(node), self.value(node)
                if cls is not None and value is not None:
                    name = node.attr if isinstance(node, ast.Attribute) else node.id
                    found.setdefault((cls.name, name), []).append(value)
        return found

    def value(self, target: ast.AST) -> ast.expr | None:
        """What a plain assignment binds to a target."""
        match self.parent(target):
            case ast.Assign(targets=targets, value=value) if target in targets:
                return value
            case ast.AnnAssign(value=value) | ast.NamedExpr(value=value):
                return value
        return None

    def _column(self, line: int, offset: int) -> int:
        text = self._lines[line - 1]
        return offset if text.isascii() else len(text.encode()[:offset].decode(errors="replace"))


class Trees:
    """The trees of a project, made when they are asked for."""

    def __init__(self, view: View) -> None:
        """Parse what `view` reads."""
        self._view = view
        self._made: dict[Module, Tree] = {}

    def of(self, module: Module) -> Tree:
        """The tree of one module."""
        if module not in self._made:
            self._made[module] = Tree(module, self._view.text(module).whole)
        return self._made[module]

    def mentioning(self, *words: str) -> Iterator[Tree]:
        """The trees of the modules that hold any of these identifiers."""
        found = {module: None for word in words for module in self._view.project.mentioning(word)}
        for module in sorted(found, key=lambda module: module.path):
            yield self.of(module)


def own_nodes(holder: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's own code, without functions and classes inside."""
    stack: list[ast.AST] = list(getattr(holder, "body", ()))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, _SCOPES):
            stack += ast.iter_child_nodes(node)


def _bound(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=alias):
            yield alias or name.partition(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
