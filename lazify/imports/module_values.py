"""A module that is a value in one file, and what it is asked for.

`module = import_module(f"plugins.{name}")` may be any module of the package. Where all that is done with it stands in
the function, in functions of its own file that are given it, or with what calls of the function there give, other names
of those modules are not asked for: `module.run()` asks for `run`, and `getattr(module, name)()` for no module, since
modules cannot be called.
"""

import ast
from collections.abc import Iterator

from lazify.index.lines import Lines
from lazify.model.places import Span
from lazify.nodes import nodes_and_parents
from lazify.statements import parse

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
HOOK = "__getattr__"
CALLED = "()"
"""Stands for any name whose value is called."""
_ASKS = frozenset({"getattr", "hasattr"})
_ASKS_NOTHING = frozenset({"bool", "callable", "id", "isinstance", "type"})
_LOCALS = frozenset({"locals", "vars", "dir", "eval", "exec", "f_locals"})
"""What looks variables up by their names."""
_TAKES = frozenset({"get", "pop", "setdefault"})
_CACHES = frozenset({"cache", "lru_cache"})


class NotFollowedError(Exception):
    """The module goes where it is not followed."""


class File:
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


class Following:
    """Follows a value through the variables and the results of functions of one file."""

    def __init__(self, file: File) -> None:
        self._nodes, self._parents = file.nodes, file.parents
        self._bound, self._caches = file.bound, file.caches
        self.functions: set[str] = set()
        """Those that give the value to whoever calls them."""
        self._given: set[tuple[str, str]] = set()
        """The parameters of functions that have been followed."""

    def asked(self, node: ast.expr) -> Iterator[str]:
        """Yield the attributes taken of a value, and the name of the module's hook if that returns it."""
        if self._is_test(node):
            return
        match self._parents[node]:
            case ast.Call(func=ast.Name(id=function)) if function in _ASKS_NOTHING - self._bound:
                return
            case ast.Attribute(attr=name, ctx=ast.Load()):
                yield name
            case ast.Call(func=ast.Name(id=function), args=[value, ast.Constant(value=str(name)), *_]) if (
                function in _ASKS - self._bound and value is node
            ):
                yield name
            case ast.Call(func=ast.Name(id="getattr"), args=[value, name, *_]) as call if (
                value is node and "getattr" not in self._bound
            ):
                if not self._is_listed(name, value):
                    self._check_called(call)
                    yield CALLED
            case ast.Call(func=ast.Name(id="dir"), args=[_]) if "dir" not in self._bound:
                return  # it lists the names that are there
            case ast.Call(func=ast.Name(id=function), args=arguments) if node in arguments:
                yield from self._of_parameter(function, arguments, node)
            case ast.Return():
                yield from self._of_result(self._function(node))
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Call())
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Call())
            ):
                yield from self._of_variable(name, self._function(node))
            case _:
                raise NotFollowedError

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
                    raise NotFollowedError
                yield from self.asked(call)
            case _:
                raise NotFollowedError

    def _of_variable(self, name: str, function: ast.AST) -> Iterator[str]:
        """Follow a local variable, whatever else it may hold."""
        for node in self._loads(name, function):
            yield from self.asked(node)

    def _loads(self, name: str, function: ast.AST) -> Iterator[ast.Name]:
        """Yield where a local variable is read."""
        for node in ast.walk(function):
            match node:
                case ast.Global(names=names) | ast.Nonlocal(names=names) if name in names:
                    raise NotFollowedError
                case ast.Name(id="dir") if isinstance(call := self._parents[node], ast.Call) and call.args:
                    continue  # it lists what it is given
                case ast.Name(id=found) | ast.Attribute(attr=found) if found in _LOCALS:
                    raise NotFollowedError
                case ast.Name(id=found, ctx=ast.Load()) if found == name:
                    yield node

    def _of_parameter(self, function: str, arguments: list[ast.expr], value: ast.expr) -> Iterator[str]:
        """Follow it into the function of the same file that it is given to."""
        bound = [node for node in self._nodes if function in _binds(node)]
        match bound:
            case [ast.FunctionDef(args=parameters, decorator_list=[]) as definition]:
                names = [each.arg for each in (*parameters.posonlyargs, *parameters.args)]
            case _:
                raise NotFollowedError
        position = arguments.index(value)
        is_plain = not any(isinstance(each, ast.Starred) for each in arguments[:position])
        if not is_plain or position >= len(names) or not isinstance(self._parents[definition], ast.Module):
            raise NotFollowedError
        if (function, names[position]) not in self._given:
            self._given.add((function, names[position]))
            yield from self._of_variable(names[position], definition)

    def _is_listed(self, name: ast.expr, value: ast.expr) -> bool:
        """`for name in dir(module)`: it is one of those that the module has."""
        if not (isinstance(name, ast.Name) and isinstance(value, ast.Name)) or "dir" in self._bound:
            return False
        around: ast.AST = name
        while around in self._parents and not isinstance(around, _FUNCTIONS):
            around = self._parents[around]
            for loop in [around] if isinstance(around, ast.For) else getattr(around, "generators", ()):
                match loop.target, loop.iter:
                    case ast.Name(id=found), ast.Call(func=ast.Name(id="dir"), args=[ast.Name(id=listed)]):
                        is_other = sum(name.id in _binds(each) for each in ast.walk(around)) > 1
                        if found == name.id:
                            return listed == value.id and not is_other
        return False

    def _check_called(self, value: ast.expr) -> None:
        """Let pass what is called, itself or by the name of a local variable, and used in no other way."""
        match self._parents[value]:
            case ast.Call(func=called) if called is value:
                return
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                uses = list(self._loads(name, self._function(value)))
                calls = [each for each in uses if self._is_called(each)]
                if calls and all(each in calls or self._is_test(each) for each in uses):
                    return
        raise NotFollowedError

    def _is_called(self, node: ast.expr) -> bool:
        call = self._parents[node]
        return isinstance(call, ast.Call) and call.func is node

    def _is_test(self, node: ast.expr) -> bool:
        """Tell whether all that is asked of a value is whether it is there."""
        match self._parents[node]:
            case ast.Expr() | ast.If() | ast.While() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.Compare(ops=operators):
                return all(isinstance(each, ast.Is | ast.IsNot) for each in operators)
        return False

    def _of_result(self, function: ast.AST) -> Iterator[str]:
        """Follow what the calls of a function in its own file give."""
        if not isinstance(function, ast.FunctionDef) or not isinstance(self._parents[function], ast.Module):
            raise NotFollowedError
        if function.name == HOOK:
            yield HOOK
        elif function.name not in self.functions:
            if not all(map(self._keeps_results, function.decorator_list)):
                raise NotFollowedError
            self.functions.add(function.name)
            calls = [call for node in self._nodes for call in self._calls(node, function.name)]
            if not calls:
                raise NotFollowedError
            for call in calls:
                yield from self.asked(call)

    def _calls(self, node: ast.AST, function: str) -> Iterator[ast.Call]:
        """Yield the call, if the node is what it calls; whoever has the function otherwise is not followed."""
        match node:
            case ast.Name(id=found, ctx=ast.Load()) if found == function:
                call = self._parents[node]
                if not isinstance(call, ast.Call) or call.func is not node:
                    raise NotFollowedError
                yield call
            case ast.Attribute(attr=found) | ast.Constant(value=found) if found == function:
                raise NotFollowedError

    def _function(self, node: ast.AST) -> ast.AST:
        """Give the function around a node; what a module binds, others may take."""
        while node in self._parents:
            node = self._parents[node]
            if isinstance(node, _FUNCTIONS):
                return node
            if isinstance(node, ast.ClassDef | ast.Module):
                break
        raise NotFollowedError

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
