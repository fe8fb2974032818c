"""Modules that are taken by computed names, and what is asked of them.

`module = import_module(f"plugins.{name}")` may be any module of the package. Where all that is done with it stands in
the function, or with what calls of the function in its own file give, other names of those modules are not asked for:
`module.run()` asks for `run`.
"""

import ast
import re
from collections.abc import Iterator
from functools import cached_property

from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.model.places import Span
from lazify.nodes import nodes_and_parents
from lazify.statements import parse

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_HOOK = "__getattr__"
_ASKS = frozenset({"getattr", "hasattr"})
_ASKS_NOTHING = frozenset({"bool", "callable", "id", "isinstance", "type"})
_LOCALS = frozenset({"locals", "vars", "dir", "eval", "exec", "f_locals"})
"""What looks variables up by their names."""
_TAKES = frozenset({"get", "pop", "setdefault"})
_CACHES = frozenset({"cache", "lru_cache"})


class Plugins:
    """Answers for one project; each file is read once."""

    def __init__(self, view: View) -> None:
        """Nothing is read before the first question."""
        self._view = view
        self._files: dict[Module, _File] = {}
        self._asked: dict[tuple[Module, Span], frozenset[str] | None] = {}
        self._reached: dict[str, bool] = {}
        self._attributes: dict[Module, frozenset[str]] = {}

    def may_ask(self, module: Module, span: Span, name: str) -> bool:
        """Tell whether a module that is taken there, by a call or from `sys.modules`, may be asked for the name."""
        key = (module, span)
        if key not in self._asked:
            self._asked[key] = self._names(module, span)
        asked = self._asked[key]
        if asked is None or name in asked:
            return True
        if _HOOK in asked and name not in self._reached:
            self._reached[name] = self._is_reached(name)
        return _HOOK in asked and self._reached[name]

    def _names(self, module: Module, span: Span) -> frozenset[str] | None:
        """Gather the attributes that are taken of what the call gives; None where that is not known."""
        if module not in self._files:
            self._files[module] = _File(self._view.text(module).whole)
        taking = self._files[module].places.get(span)
        if taking is None:
            return None
        following = _Following(self._files[module])
        try:
            asked = frozenset(
                following.asked(taking) if isinstance(taking, ast.Call) else following.taken(taking)
            )
        except _UnknownError:
            return None
        if not asked.isdisjoint(self._modules):
            return None  # what a module of a package is asked for in turn is not followed
        return asked if all(self._is_used_here(module, name) for name in following.functions) else None

    @cached_property
    def _modules(self) -> frozenset[str]:
        """The last names of the project's modules."""
        return frozenset(each.name.rpartition(".")[2] for each in self._view.project.modules.values())

    def _is_used_here(self, module: Module, function: str) -> bool:
        """Tell whether nobody but the module itself may call its function."""
        is_offered = self._view.is_library and not function.startswith("_")
        return not is_offered and self._view.project.mentioning(function) == [module]

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


class _File:
    """One file, parsed."""

    def __init__(self, text: str) -> None:
        self.nodes, self.parents = nodes_and_parents(parse(text))
        span = Lines(text).span
        self.places: dict[Span, ast.Call | ast.Attribute] = {}
        """What may take a module, by where it stands: the outermost."""
        for node in self.nodes:
            if isinstance(node, ast.Call | ast.Attribute):
                self.places.setdefault(span(node), node)
        self.bound = {name for node in self.nodes for name in _binds(node)}
        """What the file itself means by a name that may be a builtin's."""
        self.caches = {f"{prefix}{each}" for node in self.nodes for prefix, each in _from_functools(node)}


class _Following:
    """Follows a value through the variables and the results of functions of one file."""

    def __init__(self, file: _File) -> None:
        self._nodes, self._parents = file.nodes, file.parents
        self._bound, self._caches = file.bound, file.caches
        self.functions: set[str] = set()
        """Those that give the value to whoever calls them."""

    def asked(self, node: ast.expr) -> Iterator[str]:
        """Yield the attributes taken of a value, and the name of the module's hook if that returns it."""
        match self._parents[node]:
            case ast.Expr() | ast.If() | ast.While() | ast.UnaryOp(op=ast.Not()):
                return  # whether it is there
            case ast.Compare(ops=operators) if all(
                isinstance(each, ast.Is | ast.IsNot) for each in operators
            ):
                return
            case ast.Call(func=ast.Name(id=function)) if function in _ASKS_NOTHING - self._bound:
                return
            case ast.Attribute(attr=name, ctx=ast.Load()):
                yield name
            case ast.Call(func=ast.Name(id=function), args=[value, ast.Constant(value=str(name)), *_]) if (
                function in _ASKS - self._bound and value is node
            ):
                yield name
            case ast.Return():
                yield from self._of_result(self._function(node))
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call())
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call())
            ):
                yield from self._of_variable(name, self._function(node))
            case _:
                raise _UnknownError

    def taken(self, table: ast.expr) -> Iterator[str]:
        """Yield the same for what `sys.modules` gives."""
        match self._parents[table]:
            case ast.Compare() | ast.Subscript(ctx=ast.Store() | ast.Del()):
                return
            case ast.Subscript(value=found) as taken if found is table:
                yield from self.asked(taken)
            case ast.Attribute(attr=method) as bound if method in _TAKES:
                call = self._parents[bound]
                if not isinstance(call, ast.Call) or call.func is not bound:
                    raise _UnknownError
                yield from self.asked(call)
            case _:
                raise _UnknownError

    def _of_variable(self, name: str, function: ast.AST) -> Iterator[str]:
        """Follow a local variable, whatever else it may hold."""
        for node in ast.walk(function):
            match node:
                case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                    raise _UnknownError
                case ast.Name(id=found) | ast.Attribute(attr=found) if found in _LOCALS:
                    raise _UnknownError
                case ast.Name(id=found, ctx=ast.Load()) if found == name:
                    yield from self.asked(node)

    def _of_result(self, function: ast.AST) -> Iterator[str]:
        """Follow what the calls of a function in its own file give."""
        if not isinstance(function, ast.FunctionDef) or not isinstance(self._parents[function], ast.Module):
            raise _UnknownError
        if function.name == _HOOK:
            yield _HOOK
        elif function.name not in self.functions:
            if not all(map(self._keeps_results, function.decorator_list)):
                raise _UnknownError
            self.functions.add(function.name)
            calls = [call for node in self._nodes for call in self._calls(node, function.name)]
            if not calls:
                raise _UnknownError
            for call in calls:
                yield from self.asked(call)

    def _calls(self, node: ast.AST, function: str) -> Iterator[ast.Call]:
        """Yield the call, if the node is what it calls; whoever has the function otherwise is not followed."""
        match node:
            case ast.Name(id=found, ctx=ast.Load()) if found == function:
                call = self._parents[node]
                if not isinstance(call, ast.Call) or call.func is not node:
                    raise _UnknownError
                yield call
            case ast.Attribute(attr=found) | ast.Constant(value=found) if found == function:
                raise _UnknownError

    def _function(self, node: ast.AST) -> ast.AST:
        """Give the function around a node; what a module binds, others may take."""
        while node in self._parents:
            node = self._parents[node]
            if isinstance(node, _FUNCTIONS):
                return node
            if isinstance(node, ast.ClassDef | ast.Module):
                break
        raise _UnknownError

    def _keeps_results(self, decorator: ast.expr) -> bool:
        """`@lru_cache(maxsize=None)`: calls of what it decorates give what the function gives."""
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        return ast.unparse(called) in self._caches


def _binds(node: ast.AST) -> Iterator[str]:
    """Yield what a node binds, wherever that is seen."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name


def _from_functools(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield how the file names what keeps results: `lru_cache`, or `functools.` before it."""
    match node:
        case ast.ImportFrom(module="functools", names=names, level=0):
            yield from (("", each.asname or each.name) for each in names if each.name in _CACHES)
        case ast.Import(names=names):
            prefixes = (each.asname or each.name for each in names if each.name == "functools")
            yield from ((f"{prefix}.", each) for prefix in prefixes for each in _CACHES)
