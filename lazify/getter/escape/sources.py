"""The syntax trees of what a making runs, and what the names in them mean."""

import ast
from functools import cached_property

from lazify.getter.escape.tables import Body
from lazify.getter.passages import Passages
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, NameRef, Ref
from lazify.model.places import Span

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_OWN_SCOPES = ("function", "lambda")


class Sources:
    """The files of one project, parsed where the analysis comes by."""

    def __init__(self, view: View) -> None:
        """Parse nothing yet."""
        self._view = view
        self._files: dict[Module, _File] = {}

    def span(self, module: Module, node: ast.expr) -> Span:
        """Where an expression stands."""
        return self._file(module).lines.span(node)

    def statement(self, module: Module, number: int) -> ast.stmt | None:
        """The top-level statement with that number."""
        span = module.facts.statements[number].span
        found = self._file(module).at(span.line)
        return next((each for each in found.body if self._file(module).lines.end(each) == span[2:]), None)

    def function(self, body: Body) -> Function | None:
        """The function or lambda whose body that is."""
        module, number = body
        scope = module.facts.scopes[number]
        file = self._file(module)
        for node in ast.walk(file.at(scope.span.line)):
            if isinstance(node, _FUNCTIONS) and file.lines.end(node) == scope.span[2:]:
                name = getattr(node, "name", "<lambda>")
                is_same = isinstance(node, ast.Lambda) <= (file.lines.span(node) == scope.span)
                if name == scope.name.rpartition(".")[2] and is_same:
                    return node
        return None

    def binder(self, body: Body, name: str) -> int:
        """The scope that binds a name which code in that body uses."""
        module, number = body
        is_first = True
        while number != MODULE:
            scope = module.facts.scopes[number]
            if scope.kind in _OWN_SCOPES or is_first:
                if any(name in declared for _, declared in scope.globals):
                    return MODULE
                is_bound = name in scope.locals or name in scope.definitions
                if is_bound or any(each.name == name for each in scope.parameters):
                    return number
                if module.imports_of(number, name):
                    return number
            is_first = False
            number = scope.parent
        return MODULE

    def target(self, body: Body, node: ast.expr) -> Target | None:
        """What a name or a chain of attributes means, as far as imports tell."""
        ref = self._ref(body, node)
        return None if ref is None else resolve(self._view.project, body[0], ref)

    def _ref(self, body: Body, node: ast.expr) -> Ref | None:
        match node:
            case ast.Name(id=name):
                return NameRef(name, self.binder(body, name))
            case ast.Attribute(value=value, attr=name):
                owner = self._ref(body, value)
                return None if owner is None else AttributeRef(owner, name)
            case _:
                return None

    def _file(self, module: Module) -> "_File":
        if module not in self._files:
            self._files[module] = _File(self._view, module)
        return self._files[module]


class _File:
    def __init__(self, view: View, module: Module) -> None:
        text = view.text(module)
        self._passages = Passages(module, text)
        self._whole = text.whole
        self._parsed: dict[int, ast.Module] = {}

    @cached_property
    def lines(self) -> Lines:
        return Lines(self._whole)

    def at(self, line: int) -> ast.Module:
        """What stands around that line."""
        passage = self._passages.at(line)
        key = passage[0] if passage else 0
        if key not in self._parsed:
            self._parsed[key] = self._passages.parsed([passage]) if passage else self._passages.whole
        return self._parsed[key]
