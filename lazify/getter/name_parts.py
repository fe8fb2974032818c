"""Names that are parts of the names of modules: what is set under them are submodules.

    name = module.__name__
    parent, _, last = name.rpartition(".")
    setattr(sys.modules[parent], last, module)

Such a name is that of a value only where a module is called so as well, or where a text of which a module's name
may be made has it.
"""

import ast
import re
from functools import cached_property

from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.index.words import as_word
from lazify.model.places import Span
from lazify.nodes import Parents, binds, nodes_and_parents
from lazify.statements import parse

_CUTS = frozenset({"rpartition", "rsplit", "split", "partition"})
_BY_NAME = frozenset({"getattr", "setattr", "hasattr", "delattr"})
_LOADERS = frozenset({"load_module", "find_module", "find_spec"})
"""Methods that Python hands the name of the module that is imported."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LISTS = ("dir", "vars", "__dict__", "getmembers")
"""What gives names of values, of which a file may make names of modules."""


class NameParts:
    """Answers for one project."""

    def __init__(self, view: View) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._spelled: dict[str, bool] = {}

    def is_at(self, module: Module, span: Span) -> bool:
        """Tell whether the call of `setattr` at that place sets a part of a module's name."""
        words = module.facts.words
        if words.isdisjoint(_CUTS) or not words.isdisjoint(_LISTS):
            return False
        return _File(self._view.text(module).whole).is_at(span)

    def may_be(self, name: str) -> bool:
        """Tell whether a part of the name of a module may be called so."""
        if name not in self._spelled:
            holders = self._view.project.mentioning(name)
            self._spelled[name] = name in self._modules or any(
                self._is_spelled(each, name) for each in holders
            )
        return self._spelled[name]

    def _is_spelled(self, module: Module, name: str) -> bool:
        """Tell whether a text of the file has it, but for those that only ask an object for an attribute."""
        spelled = re.compile(as_word(name))
        text = self._view.text(module).whole
        nodes, around = nodes_and_parents(parse(text)) if spelled.search(text) else ([], {})
        return any(
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and spelled.search(node.value)
            and not _is_asked(node, around)
            for node in nodes
        )

    @cached_property
    def _modules(self) -> frozenset[str]:
        """The parts of the names of the project's own modules."""
        return frozenset(
            part for each in self._view.project.modules.values() for part in each.name.split(".")
        )


class _File:
    """One file, parsed."""

    def __init__(self, text: str) -> None:
        self._lines = Lines(text)
        self._nodes, self._around = nodes_and_parents(parse(text))

    def is_at(self, span: Span) -> bool:
        for node in self._nodes:
            match node:
                case ast.Call(func=ast.Name(id="setattr"), args=[owner, ast.Name() as name, _], keywords=[]):
                    if self._lines.span(node) == span:
                        return self._is_part(owner, name)
        return False

    def _is_part(self, owner: ast.expr, name: ast.Name) -> bool:
        """Tell whether the function around binds the name once, to a part of the name of a module."""
        match self._bound(name):
            case [ast.Assign(targets=[ast.Tuple() as parts], value=value)]:
                is_below = _is_entry_of(owner, parts)
            case [ast.Assign(targets=[ast.Name()], value=ast.Subscript(value=value))]:
                is_below = False
            case _:
                return False
        match value:
            case ast.Call(func=ast.Attribute(value=whole, attr=how), args=[ast.Constant(value="."), *_]):
                return how in _CUTS and self._is_name_of_module(whole, is_below=is_below)
        return False

    def _is_name_of_module(self, whole: ast.expr, *, is_below: bool) -> bool:
        """Tell whether it is the name of a module: functions have names as well, but no module is above these."""
        match [whole, *(self._bound(whole) if isinstance(whole, ast.Name) else ())]:
            case [ast.Attribute(attr="__name__")] | [
                _,
                ast.Assign(targets=[ast.Name()], value=ast.Attribute(attr="__name__")),
            ]:
                return is_below
            case [_, ast.arg() as parameter]:
                return self._is_given_by_python(parameter)
        return False

    def _is_given_by_python(self, parameter: ast.arg) -> bool:
        """Tell whether it is the first parameter of a method that the import of a module calls."""
        function = self._function(parameter)
        if not isinstance(function, _FUNCTIONS) or not isinstance(self._around[function], ast.ClassDef):
            return False
        return function.name in _LOADERS and function.args.args[1:2] == [parameter]

    def _bound(self, name: ast.Name) -> list[ast.AST]:
        """List the statements and parameters of the function around that bind the name."""
        function = self._function(name)
        if function is None:
            return []
        return [self._statement(each) for each in ast.walk(function) if binds(each, name.id)]

    def _statement(self, node: ast.AST) -> ast.AST:
        while isinstance(node, ast.expr):
            node = self._around[node]
        return node

    def _function(self, node: ast.AST) -> ast.AST | None:
        while (around := self._around.get(node)) is not None:
            if isinstance(around, (*_FUNCTIONS, ast.Lambda)):
                return around
            node = around
        return None


def _is_entry_of(owner: ast.expr, parts: ast.Tuple) -> bool:
    """Tell whether it is the module that another part names: `sys.modules[parent]`."""
    match owner:
        case ast.Subscript(value=ast.Attribute(attr="modules"), slice=ast.Name(id=parent)):
            return parent in (each.id for each in parts.elts if isinstance(each, ast.Name))
    return False


def _is_asked(text: ast.Constant, around: Parents) -> bool:
    """Tell whether it is the name in `getattr(thing, "name")`, or documentation."""
    match around[text]:
        case ast.Expr():
            return True
        case ast.Call(func=ast.Name(id=name), args=[_, asked, *_]):
            return asked is text and name in _BY_NAME
    return False
