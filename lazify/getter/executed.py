"""Files that are run by their paths, and the names that are read of what this leaves: no getter is one of them.

    runpy.run_path(path)["config"]
    exec(compile(open(path).read(), path, "exec"), names)

Such a dictionary asks no module `__getattr__`. What is run has no package around it.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lazify.getter.module_names import HERE, lists_modules
from lazify.getter.specs import constant_end
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import Text
from lazify.model.places import Span
from lazify.nodes import nodes_and_parents
from lazify.statements import parse

RUNNERS = frozenset({"run_path", "run_module"})
"""Functions of runpy, which give the names that are left."""
_READS = frozenset({"read", "read_text", "read_bytes", "readlines", "get_code", "get_data", "get_source"})
"""Methods that give the text of a file, or its code."""
_OPENS = frozenset({"open", "fdopen"})
_WRAPS = frozenset({"compile", "decode", "dedent", "join"})
_STEPS = frozenset({"get", "pop", "__getitem__"})
_GLOBALS, _LOCALS = 1, 2
_HOPS = 5
"""From variable to variable."""


@dataclass(frozen=True, slots=True)
class Execution:
    """A place where files are run."""

    span: Span
    files: frozenset[str] | None
    """Their names; None where they may have any."""
    is_given: bool
    """The path, or a part of it, is a parameter or an attribute."""
    is_module: bool
    """They are named as modules."""
    names: frozenset[str] | None
    """What is read of what they leave; None where that may be anything."""


def executions(module: Module, text: Text) -> Iterator[Execution]:
    """Yield those of one file whose names somebody reads."""
    words = module.facts.words
    runs_text = not words.isdisjoint(_READS) and any(each.what == "exec" for each in module.facts.dynamics)
    if runs_text or ("runpy" in words and not words.isdisjoint(RUNNERS)):
        yield from _File(module, text).run()


class _File:
    """One file, parsed."""

    def __init__(self, module: Module, text: Text) -> None:
        self._lines = Lines(text.whole)
        self._nodes, self._around = nodes_and_parents(parse(text.whole))
        self._runners = {
            i.alias or i.name: i.name for i in module.facts.imports if i.module == "runpy" and i.name
        }

    def run(self) -> Iterator[Execution]:
        for call in self._nodes:
            match call:
                case ast.Call(func=ast.Name(id="exec"), args=[code, *_]):
                    if paths := self._paths(code, _HOPS):
                        yield from self._execution(call, paths, self._read_of_namespace(call))
                case ast.Call(func=ast.Name() | ast.Attribute() as callee):
                    if (runner := self._runner(callee)) and (given := _first(call)) is not None:
                        is_module = runner == "run_module"
                        yield from self._execution(call, [given], self._read(call), is_module=is_module)

    def _runner(self, callee: ast.Name | ast.Attribute) -> str:
        """Give the name of the function of runpy that is called, if it is one."""
        match callee:
            case ast.Attribute(attr=name) if name in RUNNERS:
                return name
            case ast.Name(id=name) if self._runners.get(name) in RUNNERS:
                return self._runners[name]
        return ""

    def _execution(
        self,
        call: ast.Call,
        paths: Sequence[ast.expr],
        names: frozenset[str] | None,
        *,
        is_module: bool = False,
    ) -> Iterator[Execution]:
        is_named = is_module and all(isinstance(path, ast.Constant) for path in paths)
        if names == frozenset() or is_named:  # a constant name is a mention of that module
            return
        ends = [constant_end(self._value(path, _HOPS)) for path in paths]
        is_known = not is_module and all(end.endswith(".py") for end in ends)
        yield Execution(
            span=self._lines.span(call),
            files=frozenset(end.replace("\\", "/").rpartition("/")[2] for end in ends) if is_known else None,
            is_given=all(self._is_given(path) for path in paths),
            is_module=is_module,
            names=names,
        )

    def _paths(self, code: ast.expr, hops: int) -> list[ast.expr]:
        """Find the files whose text the code is: of `compile(open(path).read(), …)`, `path`."""
        if not hops:
            return []
        match code:
            case ast.Name():
                return [p for value in self._values(code) for p in self._paths(value, hops - 1)]
            case ast.Call(func=ast.Attribute(value=source, attr=name), args=arguments) if name in _READS:
                if name.startswith("get_"):
                    return arguments[-1:]
                return [p for value in (source, *self._values(source)) for p in _opened(value)] or [source]
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name) as callee, args=arguments):
                if name in _WRAPS:
                    inside = [callee.value] if isinstance(callee, ast.Attribute) else []
                    return [p for each in (*arguments[:1], *inside) for p in self._paths(each, hops - 1)]
                return self._paths_of_function(name, arguments, hops)
        return []

    def _paths_of_function(self, name: str, arguments: list[ast.expr], hops: int) -> list[ast.expr]:
        """`exec(read("version.py"), names)`, where a function of the file reads what it is given."""
        for node in self._nodes:
            if isinstance(node, ast.FunctionDef) and node.name == name:
                given = [r.value for r in ast.walk(node) if isinstance(r, ast.Return) and r.value is not None]
                if any(self._paths(value, hops - 1) for value in given):
                    return arguments[-1:] or given
        return []

    def _value(self, path: ast.expr, hops: int) -> ast.expr:
        """Give what a variable is bound to, where there is one such expression."""
        values = self._values(path)
        return self._value(values[0], hops - 1) if hops and len(values) == 1 else path

    def _values(self, name: ast.expr) -> list[ast.expr]:
        """List what a name is bound to in its function, or else in the module."""
        if not isinstance(name, ast.Name):
            return []
        function = self._function(name)
        bound = [(node, v) for node in self._nodes if (v := _bound(node, name.id)) is not None]
        own = [value for node, value in bound if self._function(node) is function]
        if own or self._is_parameter(name):
            return own
        return [value for node, value in bound if self._function(node) is None]

    def _is_given(self, path: ast.expr) -> bool:
        """Tell whether the path, or a part of it, is a parameter or kept by an object, and no part of it lies here."""
        names = self._names(self._value(path, _HOPS), _HOPS)
        is_here = any(name.id in HERE for name in names)
        return any(map(self._is_parameter, names)) and not is_here and not self._lists

    def _names(self, path: ast.expr, hops: int) -> list[ast.Name]:
        """List the names in it, and those in what loops take them from: `for path in paths`."""
        own = [each for each in ast.walk(path) if isinstance(each, ast.Name)]
        taken = [source for name in own for source in self._iterated(name)] if hops else []
        return [*own, *(name for source in taken for name in self._names(source, hops - 1))]

    def _iterated(self, name: ast.Name) -> Iterator[ast.expr]:
        for node in self._nodes:
            match node:
                case (
                    ast.For(target=ast.Name(id=bound), iter=source)
                    | ast.comprehension(target=ast.Name(id=bound), iter=source)
                ) if bound == name.id and self._function(node) is self._function(name):
                    yield source

    def _is_parameter(self, name: ast.Name) -> bool:
        function = self._function(name)
        return function is not None and any(
            isinstance(each, ast.arg) and each.arg == name.id for each in ast.walk(function)
        )

    @cached_property
    def _lists(self) -> bool:
        return lists_modules(self._nodes)

    def _function(self, node: ast.AST) -> ast.AST | None:
        while (around := self._around.get(node)) is not None:
            if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                return around
            node = around
        return None

    def _read_of_namespace(self, call: ast.Call) -> frozenset[str] | None:
        """Say what is read of the dictionary in which the code leaves its names."""
        named = {each.arg: each.value for each in call.keywords}
        given = [*call.args[_LOCALS:3], named.get("locals"), *call.args[_GLOBALS:2], named.get("globals")]
        names = next((each for each in given if each is not None), None)
        match names:
            case ast.Dict():
                return frozenset()
            case ast.Name(id=name) if all(isinstance(v, ast.Dict | ast.Call) for v in self._values(names)):
                own = self._values(names)
                return self._read_of_variable(names, name) if own and all(map(_is_new, own)) else None
        return None

    def _read(self, names: ast.expr) -> frozenset[str] | None:
        """Say which names are read of what an expression gives; None where it may be any."""
        match self._around[names]:
            case ast.Expr():
                return frozenset()
            case ast.Subscript(value=value, slice=ast.Constant(value=str(key))) if value is names:
                return frozenset({key})
            case ast.Compare(left=ast.Constant(value=str(key)), ops=[ast.In() | ast.NotIn()]):
                return frozenset({key})
            case ast.Attribute(attr=step) as method if step in _STEPS:
                match self._around[method]:
                    case ast.Call(func=callee, args=[ast.Constant(value=str(key)), *_]) if callee is method:
                        return frozenset({key})
            case ast.Assign(targets=[ast.Name(id=name) as target]) if self._function(target) is not None:
                return self._read_of_variable(target, name)
        return None

    def _read_of_variable(self, where: ast.expr, name: str) -> frozenset[str] | None:
        function = self._function(where)
        found: frozenset[str] = frozenset()
        for node in self._nodes if function is None else ast.walk(function):
            match node:
                case ast.Name(id=used, ctx=ast.Load()) if used == name and not self._is_namespace(node):
                    names = self._read(node)
                    if names is None:
                        return None
                    found |= names
        return found

    def _is_namespace(self, name: ast.Name) -> bool:
        """Tell whether it is the dictionary that `exec` is given."""
        match self._around[name]:
            case ast.Call(func=ast.Name(id="exec")):
                return True
            case ast.Subscript(ctx=ast.Store()):
                return True
        return False


def _first(call: ast.Call) -> ast.expr | None:
    return next(iter((*call.args, *(each.value for each in call.keywords))), None)


def _opened(value: ast.expr) -> list[ast.expr]:
    """The path in `open(path)`, `path.open()`, `Path(path)`."""
    match value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[path, *_]) if name in _OPENS:
            return [path]
        case ast.Call(func=ast.Attribute(value=path, attr="open")):
            return [path]
    return []


def _bound(node: ast.AST, name: str) -> ast.expr | None:
    """What a statement binds the name to."""
    match node:
        case ast.Assign(targets=[*_, ast.Name(id=target)], value=value) if target == name:
            return value
        case ast.AnnAssign(target=ast.Name(id=target), value=value) if target == name:
            return value
        case ast.NamedExpr(target=ast.Name(id=target), value=value) if target == name:
            return value
        case ast.withitem(context_expr=value, optional_vars=ast.Name(id=target)) if target == name:
            return value
    return None


def _is_new(value: ast.expr) -> bool:
    """Tell whether it is a dictionary that nobody else has: `{}`, `dict(…)`."""
    return isinstance(value, ast.Dict) or (
        isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "dict"
    )
