"""Modules that are imported by computed names under a constant prefix, and what is asked of them.

`module = import_module(f"plugins.{name}")` may be any module of the package. Where all that is done with it stands in
the function, other names of those modules are not asked for: `module.run()` asks for `run`.
"""

import ast
import re
from collections.abc import Iterator, Mapping

from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.facts import Dynamic
from lazify.nodes import nodes_and_parents
from lazify.statements import parse

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_HOOK = "__getattr__"
_ASKS = frozenset({"getattr", "hasattr"})


class Plugins:
    """Answers for one project; each file is read once."""

    def __init__(self, view: View) -> None:
        """Nothing is read before the first question."""
        self._view = view
        self._asked: dict[tuple[Module, Dynamic], frozenset[str] | None] = {}
        self._reached: dict[str, bool] = {}
        self._attributes: dict[Module, frozenset[str]] = {}

    def may_ask(self, module: Module, dynamic: Dynamic, name: str) -> bool:
        """Tell whether a module that the call imports may be asked for the name."""
        key = (module, dynamic)
        if key not in self._asked:
            self._asked[key] = self._names(module, dynamic)
        asked = self._asked[key]
        if asked is None or name in asked:
            return True
        if _HOOK in asked and name not in self._reached:
            self._reached[name] = self._is_reached(name)
        return _HOOK in asked and self._reached[name]

    def _names(self, module: Module, dynamic: Dynamic) -> frozenset[str] | None:
        """Gather the attributes that are taken of what the call gives; None where that is not known."""
        text = self._view.text(module).whole
        lines = Lines(text)
        _, parents = nodes_and_parents(parse(text))
        calls = (n for n in parents if isinstance(n, ast.Call) and lines.span(n) == dynamic.span)
        call = next(calls, None)
        try:
            return None if call is None else frozenset(_asked(call, parents))
        except _UnknownError:
            return None

    def _is_reached(self, name: str) -> bool:
        """Tell whether some file takes the name as an attribute of anything."""
        taken = re.compile(rf"\.\s*{re.escape(name)}\b")
        return any(
            name in self._taken(module)
            for module in self._view.project.mentioning(name)
            if taken.search(self._view.text(module).whole)
        )

    def _taken(self, module: Module) -> frozenset[str]:
        """List all attributes that the file takes of anything."""
        if module not in self._attributes:
            nodes, _ = nodes_and_parents(parse(self._view.text(module).whole))
            self._attributes[module] = frozenset(n.attr for n in nodes if isinstance(n, ast.Attribute))
        return self._attributes[module]


class _UnknownError(Exception):
    """The module goes where it is not followed."""


def _asked(node: ast.expr, parents: Mapping[ast.AST, ast.AST]) -> Iterator[str]:
    """Yield the attributes taken of a value, and the name of the module's hook that returns it."""
    match parents[node]:
        case ast.Expr():
            return
        case ast.Attribute(attr=name, ctx=ast.Load()):
            yield name
        case ast.Call(func=ast.Name(id=function), args=[value, ast.Constant(value=str(name)), *_]) if (
            function in _ASKS and value is node
        ):
            yield name
        case ast.Return():
            yield _returning(node, parents)
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=ast.Call())
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call())
        ):
            yield from _asked_of(name, _function(node, parents), parents)
        case _:
            raise _UnknownError


def _asked_of(name: str, function: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> Iterator[str]:
    """Follow a local variable, whatever else it may hold."""
    for node in ast.walk(function):
        match node:
            case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                raise _UnknownError
            case ast.Name(id=found, ctx=ast.Load()) if found == name:
                yield from _asked(node, parents)


def _returning(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> str:
    function = _function(node, parents)
    is_hook = isinstance(function, ast.FunctionDef) and function.name == _HOOK
    if not is_hook or not isinstance(parents[function], ast.Module):
        raise _UnknownError
    return _HOOK


def _function(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> ast.AST:
    """Give the function around a node; what a module binds, others may take."""
    while node in parents:
        node = parents[node]
        if isinstance(node, _FUNCTIONS):
            return node
        if isinstance(node, ast.ClassDef | ast.Module):
            break
    raise _UnknownError
