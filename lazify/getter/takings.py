"""Where a file takes modules by names that are computed: `sys.modules[key]`, `import_module(f"plugins.{key}")`.

A constant name is a mention of that module, `sys.modules[__name__]` the module that it stands in; storing a module
and asking whether there is one take none.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.model.places import Span
from lazify.statements import parse

WORDS = ("import_module", "__import__", "modules", "resolve_name")
"""One of these stands in every file that takes a module so."""
_IMPORTERS = frozenset({"import_module", "__import__", "resolve_name"})
_TAKES = frozenset({"get", "pop", "setdefault", "__getitem__", "values", "items", "copy"})
_OWN = frozenset({"__name__", "__package__"})
_LEAVES = frozenset({"setitem", "delitem", "dict", "len", "set", "sorted", "frozenset", "iter"})
"""What takes the table without taking a module: those that give its keys, and tests that put something there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """One place, and the modules that it may lead to."""

    holder: Module
    span: Span
    what: str
    prefix: str = ""
    """How the names begin."""
    is_below: bool = False
    """They lie in the folder of the holder."""
    owner: Module | None = None
    """The only one, where it is known."""

    def reaches(self, owner: Module) -> bool:
        """Tell whether the module may be one of them."""
        if self.owner is not None:
            return owner is self.owner
        if self.is_below:
            return owner.path.is_relative_to(self.holder.package)
        return f".{self.prefix}" in f".{owner.name}"


def takings(module: Module, text: str) -> Iterator[Taking]:
    """Yield those of one file."""
    lines, tree = Lines(text), parse(text)
    around = {id(child): node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    tables, importers = _names(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=found), attr="modules") if (found, "modules") in tables:
                is_taken = _is_taken(node, around)
            case ast.Name(id=found, ctx=ast.Load()) if (found, "") in tables:
                is_taken = _is_taken(node, around)
            case ast.Attribute(attr=found) | ast.Name(id=found) if found in importers:
                yield from _imported(module, lines, node, around)
                continue
            case _:
                continue
        if is_taken:
            yield Taking(holder=module, span=lines.span(node), what="takes any module from sys.modules")


def _names(tree: ast.Module) -> tuple[set[tuple[str, str]], set[str]]:
    """Find what the table of modules and the functions that import are called in a file."""
    tables, importers = {("sys", "modules")}, set(_IMPORTERS)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            tables |= {(each.asname, "modules") for each in node.names if each.name == "sys" and each.asname}
        elif isinstance(node, ast.ImportFrom):
            for each in node.names:
                if (node.module, each.name) == ("sys", "modules"):
                    tables.add((each.asname or each.name, ""))
                elif each.name in _IMPORTERS and each.asname:
                    importers.add(each.asname)
    return tables, importers


def _is_taken(table: ast.expr, around: dict[int, ast.AST]) -> bool:
    parent = around[id(table)]
    match parent:
        case ast.Subscript(ctx=ast.Load(), slice=key):
            return not _is_known(key)
        case ast.Attribute(attr=method):
            call = around[id(parent)]
            is_dropped = isinstance(around.get(id(call)), ast.Expr) and method == "pop"
            return method in _TAKES and not is_dropped and not (_first(call) and _is_known(_first(call)))
        case ast.Subscript() | ast.Compare() | ast.For() | ast.comprehension():
            return False
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name not in _LEAVES
        case _:
            return True


def _first(call: ast.AST) -> ast.expr | None:
    return call.args[0] if isinstance(call, ast.Call) and call.args else None


def _is_known(key: ast.expr | None) -> bool:
    return isinstance(key, ast.Constant) or (isinstance(key, ast.Name) and key.id == "__name__")


def _imported(module: Module, lines: Lines, node: ast.expr, around: dict[int, ast.AST]) -> Iterator[Taking]:
    call = around[id(node)]
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    if not isinstance(call, ast.Call) or call.func is not node:
        yield Taking(holder=module, span=lines.span(node), what=f"hands {name} on")
        return
    asked = _first(call)
    is_dropped = isinstance(around[id(call)], ast.Expr)
    if not is_dropped and not isinstance(asked, ast.Constant):
        start = _start(asked)
        is_relative = isinstance(start, str) and start.startswith(".") and not start.startswith("..")
        is_below = isinstance(start, ast.Name) or (is_relative and _is_from_here(call))
        prefix = start.lstrip(".") if isinstance(start, str) else ""
        yield Taking(
            holder=module,
            span=lines.span(call),
            what=f"takes modules from {name} by computed names",
            prefix=prefix,
            is_below=is_below,
        )


def _is_from_here(call: ast.Call) -> bool:
    packages = [*call.args[1:2], *(each.value for each in call.keywords if each.arg == "package")]
    return all(isinstance(each, ast.Name) and each.id in _OWN for each in packages)


def _start(name: ast.expr | None) -> str | ast.Name:
    """Give how a computed name begins: a constant, or the holder's own name."""
    while isinstance(name, ast.BinOp) and isinstance(name.op, ast.Add | ast.Mod):
        name = name.left
    match name:
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id=own) as found), *_]) if own in _OWN:
            return found
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return text
        case ast.Name(id=own) if own in _OWN:
            return name
        case ast.Constant(value=str(text)):
            return text.partition("%")[0]
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text.partition("{")[0]
    return ""
