"""Names that a module is asked for by another way than `from conf import TABLE` and `conf.TABLE`.

import_module("conf").TABLE, sys.modules[name].TABLE      a module that is taken by its name
held.TABLE, self.conf.TABLE, getattr(conf, "TABLE")       one that is a value
vars(conf)["TABLE"], names = conf.__dict__                its names, one of them or all
"""

import ast
import re
from collections.abc import Collection, Iterator
from functools import cached_property

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.trees import Tree, Trees, assigned, counts
from lazify.getter.flow import flow
from lazify.getter.handles import Handles
from lazify.index.modules import Module
from lazify.index.project import InModule
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, CallRef, ItemRef, NameRef, Ref

_TAKES_MODULES = frozenset({"import_module", "__import__", "modules"})
_ASKS_FOR_NAMES = frozenset({"getattr", "attrgetter", "vars", "__dict__"})
_ALL_NAMES = re.compile(r"\bvars\s*\(|__dict__\b|\bgetattr\s*\(")
_FUNCTIONS = ("function", "lambda")
_TAKES = frozenset({"get", "pop", "setdefault", "__getitem__"})

Found = tuple[Tree, ast.expr]


class LookUps:
    """Finds them in one project."""

    def __init__(self, view: View, trees: Trees) -> None:
        """Nothing is parsed before the first question."""
        self._view, self._project, self._trees = view, view.project, trees

    def of(self, module: Module, name: str) -> Iterator[Found]:
        """Yield the expressions that ask the module for that name."""
        is_value = bool(self._view.once(Handles).of(module))
        quoted, attribute = rf"[\"']{re.escape(name)}[\"']", rf"\.\s*{re.escape(name)}\b"
        for other in filter(counts, self._project.mentioning(name)):
            importers = {i.alias for i in other.facts.imports if i.name in _TAKES_MODULES and i.alias}
            taking = is_value or not other.facts.words.isdisjoint(_TAKES_MODULES)
            if not taking and other.facts.words.isdisjoint(_ASKS_FOR_NAMES):
                continue
            pattern = re.compile(f"{quoted}|{attribute}" if taking else quoted)
            for passage in self._trees.passages(other).holding(pattern):
                tree = self._trees.tree(other, passage)
                for node in tree.nodes:
                    owner = _asked(node, name)
                    if owner is not None and self._is_module(tree, owner, module, importers):
                        assert isinstance(node, ast.expr)
                        yield tree, node

    def tables(self, module: Module) -> Iterator[Found]:
        """Yield the expressions that have all names of the module: `vars(conf)`, where it is not asked for one."""
        for tree, node, owner in self._dictionaries:
            if self._is_known_module(tree, owner, module):
                yield tree, node

    def computed(self, module: Module) -> Iterator[Found]:
        """Yield the expressions that ask the module for a computed name: `getattr(conf, name)`."""
        for tree, node, owner in self._computed:
            if self._is_known_module(tree, owner, module):
                yield tree, node

    @cached_property
    def _dictionaries(self) -> list[tuple[Tree, ast.expr, ast.expr]]:
        return [(tree, *found) for tree, node in self._nodes if (found := _table(tree, node))]

    @cached_property
    def _computed(self) -> list[tuple[Tree, ast.expr, ast.expr]]:
        found: list[tuple[Tree, ast.expr, ast.expr]] = []
        for tree, node in self._nodes:
            match node:
                case ast.Call(func=ast.Name(id="getattr"), args=[owner, key, *_]):
                    found += [] if isinstance(key, ast.Constant) else [(tree, node, owner)]
        return found

    @cached_property
    def _nodes(self) -> list[tuple[Tree, ast.AST]]:
        """The nodes of all passages that may ask for many names."""
        return [
            (tree, node)
            for module in filter(counts, self._project.modules.values())
            if not module.facts.words.isdisjoint(_ASKS_FOR_NAMES)
            for passage in self._trees.passages(module).holding(_ALL_NAMES)
            for tree in (self._trees.tree(module, passage),)
            for node in tree.nodes
        ]

    def _is_module(self, tree: Tree, owner: ast.expr, module: Module, importers: Collection[str]) -> bool:
        """Tell whether an expression may be the module by another way than its own name in an attribute."""
        held = assigned(tree, owner.id) if isinstance(owner, ast.Name) else ()
        takers = _TAKES_MODULES.union(importers)
        is_taken = any(_may_take(value, module.path_name, takers) for value in (owner, *held))
        return is_taken or self._is_known_module(tree, owner, module)

    def _is_known_module(self, tree: Tree, owner: ast.expr, module: Module) -> bool:
        """Tell whether it is the module that an import brings, wherever that has gone."""
        if self._trees.resolved(tree.module, owner) == InModule(module):
            return not isinstance(tree.parents.get(owner), ast.Attribute) or _is_table(tree.parents[owner])
        if not self._view.once(Handles).of(module):
            return False
        ref = self._ref(tree, owner)
        return ref is not None and any(
            taking.owner is module for taking in self._view.once(flow).modules(tree.module, ref)
        )

    def _ref(self, tree: Tree, node: ast.expr) -> Ref | None:
        """Write an expression as facts do."""
        match node:
            case ast.Name(id=name):
                return NameRef(name, self._scope(tree, node))
            case ast.Attribute(value=value, attr=attribute):
                owner = self._ref(tree, value)
                return owner and AttributeRef(owner, attribute)
            case ast.Subscript(value=value):
                owner = self._ref(tree, value)
                return owner and ItemRef(owner)
            case ast.Call(func=callee):
                owner = self._ref(tree, callee)
                return owner and CallRef(owner)
            case _:
                return None

    def _scope(self, tree: Tree, name: ast.Name) -> int:
        """Give the innermost function around a name that binds it."""
        line = self._trees.span(tree.module, name).line
        for number, scope in reversed([*enumerate(tree.module.facts.scopes)]):
            is_around = scope.span.line <= line <= scope.span.end_line and scope.kind in _FUNCTIONS
            if is_around and (name.id in scope.locals or name.id in (each.name for each in scope.parameters)):
                return number
        return MODULE


def _asked(node: ast.AST, name: str) -> ast.expr | None:
    """Give what is asked for that name of its: `m` of `m.name`, `getattr(m, "name")`, `attrgetter("name")(m)`."""
    match node:
        case ast.Attribute(value=owner, attr=attr) if attr == name:
            return owner
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=key), *_]) if key == name:
            return owner
        case ast.Call(func=ast.Call(func=callee, args=[ast.Constant(value=key)]), args=[owner]) if (
            key == name and last_name(callee) == "attrgetter"
        ):
            return owner
        case ast.Subscript(value=table, slice=ast.Constant(value=key)) if key == name:
            return _owner(table)
        case ast.Call(func=ast.Attribute(value=table, attr=method), args=[ast.Constant(value=key), *_]) if (
            key == name and method in _TAKES
        ):
            return _owner(table)
    return None


def _owner(table: ast.expr) -> ast.expr | None:
    """Give `m` of `vars(m)` and `m.__dict__`."""
    match table:
        case ast.Call(func=ast.Name(id="vars"), args=[owner]) | ast.Attribute(value=owner, attr="__dict__"):
            return owner
    return None


def _is_table(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "__dict__"


def _table(tree: Tree, node: ast.AST) -> tuple[ast.expr, ast.expr] | None:
    """Give the table of names and what has them, but where one name is asked for at once: see `_asked`."""
    owner = _owner(node) if isinstance(node, ast.expr) else None
    if owner is None or not isinstance(node, ast.expr):
        return None
    match around := tree.parents.get(node):
        case ast.Subscript(slice=ast.Constant()):
            return None
        case ast.Attribute(attr=method) if method in _TAKES:
            call = tree.parents.get(around)
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
                return None
    return node, owner


def _may_take(value: ast.expr, module: str, importers: Collection[str]) -> bool:
    """Tell whether the expression takes a module by its name, or by a computed one that may be its."""
    match value:
        case ast.Call(func=ast.Attribute(value=table), args=[named, *_]) if last_name(table) == "modules":
            pass
        case ast.Call(func=callee, args=[named, *_]) if last_name(callee) in importers:
            pass
        case ast.Call(func=callee, keywords=[ast.keyword(value=named), *_]) if last_name(callee) in importers:
            pass
        case ast.Subscript(value=table, slice=named) if last_name(table) == "modules":
            pass
        case _:
            return False
    text = named.value if isinstance(named, ast.Constant) else None
    return not isinstance(text, str) or f".{module}".endswith(f".{text.lstrip('.')}")
