"""Where a file takes modules by names that are computed: `sys.modules[key]`, `import_module(f"plugins.{key}")`.

A constant name is a mention of that module, `sys.modules[__name__]` the module that it stands in; storing a module
and asking whether there is one take none.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lazify.getter.module_names import (
    FOLDERS,
    LISTING,
    beginning,
    is_from_here,
    is_given,
    is_known,
    is_own,
    listing_prefix,
    lists_modules,
)
from lazify.getter.passages import Passages
from lazify.getter.specs import file_names
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import Text
from lazify.index.words import as_word
from lazify.model.facts import MODULE, Import
from lazify.model.places import Span
from lazify.nodes import binds, is_store, nodes_and_parents

BY_PATH = "module_from_spec"
_LOADERS = frozenset({BY_PATH, "load_module", "load_source"})
WORDS = ("import_module", "__import__", "modules", "resolve_name", *sorted(_LOADERS))
"""One of these stands in every file that takes a module so."""
IMPORTERS = frozenset({"import_module", "__import__", "resolve_name"}) | _LOADERS
_TAKES = frozenset({"get", "pop", "setdefault", "__getitem__", "values", "items", "copy"})
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
    is_spelled: bool = False
    """The names begin with a constant, if only with a dot."""
    is_near: bool = False
    """They lie in the folder of the holder, or are packages around it."""
    is_given: bool = False
    """The name is handed in, as a parameter or an attribute: a library's users name their own modules."""
    is_whole: bool = False
    """It is just a parameter: nothing is put together here."""
    owner: Module | None = None
    """The only one, where it is known."""
    files: frozenset[str] | None = None
    """They are loaded from files of these names."""
    is_alone: bool = False
    """They run without a package around them: what imports relatively fails there."""

    def reaches(self, owner: Module) -> bool:
        """Tell whether the module may be one of them."""
        if self.owner is not None:
            return owner is self.owner
        if self.files is not None:
            return owner.path.name in self.files
        if self.is_alone and any(
            i.level and i.scope == MODULE and i.catches is None for i in owner.facts.imports
        ):
            return False
        if self.is_near:
            is_around = owner.path.name == "__init__.py" and self.holder.path.is_relative_to(owner.package)
            return is_around or owner.path.is_relative_to(self.holder.package)
        return f".{self.prefix}" in f".{owner.path_name}"


def takings(module: Module, text: Text) -> Iterator[Taking]:
    """Yield those of one file."""
    yield from _File(module, text).run()


def importings(module: Module, text: Text) -> Iterator[Taking]:
    """Yield where one file imports modules by computed names, whether it takes them or drops them."""
    yield from _File(module, text).imports()


class _File:
    """One file, parsed as far as it takes modules."""

    def __init__(self, module: Module, text: Text) -> None:
        self._module, self._lines = module, Lines(text.whole)
        self._tables, self._importers = _names(module.facts.imports)
        words = {attribute or name for name, attribute in self._tables} | self._importers
        self._passages = Passages(module, text)
        places = self._passages.holding(re.compile(as_word(*sorted(words))))
        self._nodes, self._around = nodes_and_parents(self._passages.parsed(places))

    def run(self) -> Iterator[Taking]:
        for node in self._nodes:
            match node:
                case ast.Attribute(value=ast.Name(id=found), attr="modules") if (
                    found,
                    "modules",
                ) in self._tables:
                    yield from self._taken(node)
                case ast.Name(id=found, ctx=ast.Load()) if (found, "") in self._tables:
                    yield from self._taken(node)
                case ast.Attribute(attr=found) | ast.Name(id=found) if found in self._importers:
                    yield from self._imported(node, found)

    def imports(self) -> Iterator[Taking]:
        for node, call in self._around.items():
            name = getattr(node, "attr", getattr(node, "id", None))
            is_called = isinstance(call, ast.Call) and call.func is node and name in self._importers
            if is_called and isinstance(node, ast.expr) and not isinstance(_first(call), ast.Constant):
                taking = self._taking(node, "imports modules by computed names", _first(call))
                constant = self._constant(_first(call))
                yield replace(taking, prefix=constant, is_spelled=True) if constant else taking

    def _constant(self, key: ast.expr | None) -> str:
        """Give the text that a variable of the module has, where that is its only value."""
        bound = self._module.facts.bindings.get(key.id, ()) if isinstance(key, ast.Name) else ()
        if len(bound) != 1 or bound[0].scope != MODULE:
            return ""
        match self._passages.parsed(filter(None, [self._passages.at(bound[0].span.line)])).body:
            case [ast.Assign(targets=[ast.Name()], value=ast.Constant(value=str(text)))]:
                return text
        return ""

    def _taken(self, table: ast.expr) -> Iterator[Taking]:
        parent = self._around[table]
        key: ast.expr | None = None
        match parent:
            case ast.Subscript(ctx=ast.Load(), slice=key):
                is_taken = True
            case ast.Attribute(attr=method):
                call = self._around[parent]
                is_dropped = isinstance(self._around.get(call), ast.Expr) and method == "pop"
                is_taken, key = method in _TAKES and not is_dropped, _first(call)
            case ast.Subscript() | ast.Compare() | ast.For() | ast.comprehension():
                is_taken = False
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                is_taken = name not in _LEAVES
            case _:
                is_taken = True
        if is_taken and not is_known(key):
            yield self._taking(table, "takes any module from sys.modules", key)

    def _imported(self, node: ast.expr, name: str) -> Iterator[Taking]:
        call = self._around[node]
        if not isinstance(call, ast.Call) or call.func is not node:
            yield self._taking(node, f"hands {name} on", None)
        elif name in _LOADERS:
            taking = self._taking(call, "loads modules by their paths", _first(call))
            yield replace(taking, files=file_names(self._all))
        elif not isinstance(self._around[call], ast.Expr) and not isinstance(_first(call), ast.Constant):
            yield self._taking(call, f"takes modules from {name} by computed names", _first(call))

    def _taking(self, node: ast.expr, what: str, key: ast.expr | None) -> Taking:
        start = self._beginning(key)
        is_relative = start.startswith(".") and not start.startswith("..")
        call = node if isinstance(node, ast.Call) else None
        return Taking(
            holder=self._module,
            span=self._lines.span(node),
            what=what,
            prefix=start.lstrip("."),
            is_spelled=bool(start),
            is_near=is_own(key) or (is_relative and call is not None and is_from_here(call)),
            is_given=key is not None and not start and is_given(key) and not self._lists,
            is_whole=isinstance(key, ast.Name) and self._is_parameter(key),
        )

    def _beginning(self, key: ast.expr | None) -> str:
        """Give how a computed name begins, also where a variable of the function has it, or a loop over modules."""
        match key:
            case ast.Name(id=name):
                return self._listed(name) or self._assigned(key)
            case ast.Attribute(value=ast.Name(id=name), attr="name"):
                return self._listed(name)
        return beginning(key)

    def _assigned(self, name: ast.Name) -> str:
        """Give how the name begins that the function around binds to a variable, where it binds it but once."""
        bound = self._bound(name) if self._function(name) is not None else []
        statement = self._around.get(bound[0]) if len(bound) == 1 else None
        is_plain = isinstance(statement, ast.Assign) and statement.targets == bound
        return beginning(statement.value) if is_plain and isinstance(statement, ast.Assign) else ""

    def _function(self, name: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        around: ast.AST = name
        while around in self._around:
            around = self._around[around]
            if isinstance(around, ast.FunctionDef | ast.AsyncFunctionDef):
                return around
        return None

    def _bound(self, name: ast.Name) -> list[ast.AST]:
        """List what binds the name in the function around, or else in the file."""
        function = self._function(name)
        nodes = self._all if function is None else ast.walk(function)
        return [each for each in nodes if binds(each, name.id)]

    def _is_parameter(self, name: ast.Name) -> bool:
        """Tell whether the name is a parameter of the function around, which binds it to nothing else."""
        bound = self._bound(name)
        return bool(bound) and all(isinstance(each, ast.arg) for each in bound)

    def _listed(self, name: str) -> str:
        """Give how the names begin that a variable goes through: `for _, name, _ in walk_packages(…, prefix="a.")`."""
        starts = {start for target, start in self._loops for each in ast.walk(target) if is_store(each, name)}
        bound = sum(binds(each, name) for each in self._all) if starts else 0
        looped = sum(is_store(each, name) for target, _ in self._loops for each in ast.walk(target))
        return starts.pop() if len(starts) == 1 and bound == looped else ""

    @cached_property
    def _loops(self) -> list[tuple[ast.expr, str]]:
        """The targets of loops over the modules of a package, with the constant that their names begin with."""
        if LISTING.isdisjoint(self._module.facts.words):
            return []
        return [
            (node.target, prefix)
            for node in self._all
            if isinstance(node, ast.For | ast.comprehension)
            and (prefix := listing_prefix(node.iter)) is not None
        ]

    @cached_property
    def _lists(self) -> bool:
        is_possible = not self._module.facts.words.isdisjoint(LISTING | FOLDERS)
        return is_possible and lists_modules(self._all)

    @cached_property
    def _all(self) -> Sequence[ast.AST]:
        """The nodes of the whole file."""
        return list(ast.walk(self._passages.whole))


def _names(imports: Sequence[Import]) -> tuple[set[tuple[str, str]], set[str]]:
    """Find what the table of modules and the functions that import are called in a file."""
    tables, importers = {("sys", "modules")}, set(IMPORTERS)
    for item in imports:
        if item.name is None:
            tables |= {(item.alias, "modules")} if item.module == "sys" and item.alias else set()
        elif (item.module, item.name) == ("sys", "modules"):
            tables.add((item.alias or item.name, ""))
        elif item.name in IMPORTERS and item.alias:
            importers.add(item.alias)
    return tables, importers


def _first(call: ast.AST) -> ast.expr | None:
    return call.args[0] if isinstance(call, ast.Call) and call.args else None
