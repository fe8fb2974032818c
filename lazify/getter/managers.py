"""Context managers of the project under which somebody imports a module, and what they swallow.

@contextmanager                                  class Optional:
def optional():                                      def __exit__(self, kind, value, trace):
    try:                                                 return kind is not None and issubclass(kind, OSError)
        yield
    except OSError:
        log.warning("left out")
"""

import ast
import re

from lazify.getter.caught_calls import caught_by
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Import, NameRef, Ref
from lazify.statements import parse

_FAILURE = re.compile(r"\b\w*(?:Error|Exception)\b")
_WITH = re.compile(r"^([ \t\f]*)(?:async(?:\s|\\)+)?with\b", re.MULTILINE)
_With = ast.With | ast.AsyncWith
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_EXITS = frozenset({"__exit__", "__aexit__"})


class Managers:
    """Answers for one project."""

    def __init__(self, view: View) -> None:
        """Nothing is read before the first question."""
        self._view = view
        self._headers: dict[Module, tuple[tuple[int, int], ...]] = {}
        self._blocks: dict[Module, tuple[_With, ...]] = {}
        self._swallowed: dict[Defined, frozenset[str]] = {}

    def swallowed(self, module: Module, item: Import) -> frozenset[str]:
        """The last names of the exceptions that never get past a `with` around the import."""
        line, caught = item.statement_span.line, frozenset[str]()
        for block in self._around(module) if self._may_be_inside(module, item) else ():
            if block.lineno <= line <= (block.end_lineno or 0):
                for each in block.items:
                    caught |= self._by(module, each.context_expr, item.scope)
        return caught

    def _may_be_inside(self, module: Module, item: Import) -> bool:
        """Tell whether a `with` stands further left, above it in its top-level statement or on its line."""
        line, column = item.statement_span[:2]
        if not column:
            return False
        if module not in self._headers:
            text = self._view.text(module)
            found = _WITH.finditer(text.whole)
            self._headers[module] = tuple((text.line_at(each.end()), len(each[1])) for each in found)
        first = module.facts.statements[item.statement].span.line
        return any(first <= at <= line and left < column for at, left in self._headers[module])

    def _around(self, module: Module) -> tuple[_With, ...]:
        if module not in self._blocks:
            nodes = ast.walk(parse(self._view.text(module).whole))
            self._blocks[module] = tuple(node for node in nodes if isinstance(node, _With))
        return self._blocks[module]

    def _by(self, module: Module, manager: ast.expr, scope: int) -> frozenset[str]:
        """Say what a manager swallows: the function or class that is called, or that of an object."""
        called = manager.func if isinstance(manager, ast.Call) else manager
        ref = _ref(module, called, scope)
        target: Target | None = resolve(self._view.project, module, ref)
        if called is manager and isinstance(target, Defined):
            target = self._view.effects.class_of(module, ref, MODULE)
        if not isinstance(target, Defined):
            return frozenset()
        if target not in self._swallowed:
            self._swallowed[target] = frozenset()  # for classes that are their own base
            self._swallowed[target] = self._of(target)
        return self._swallowed[target]

    def _of(self, target: Defined) -> frozenset[str]:
        owner, number = target.module, target.module.facts.scopes[MODULE].definitions.get(target.name)
        if number is None:
            return frozenset()
        at = owner.facts.scopes[number].span
        lines = Lines(self._view.text(owner).whole)
        for node in ast.walk(parse(self._view.text(owner).whole)):
            if isinstance(node, _Function | ast.ClassDef) and node.name == target.name:
                if lines.span(node).end_line != at.end_line:
                    continue
                if isinstance(node, ast.ClassDef):
                    exits = [e for e in node.body if isinstance(e, _Function) and e.name in _EXITS]
                    bases = [
                        self._by(owner, ast.Call(func=b, args=[], keywords=[]), MODULE) for b in node.bases
                    ]
                    return frozenset().union(*(map(_let_go, exits) if exits else bases))
                return _passed_over(node)
        return frozenset()


def _ref(module: Module, node: ast.expr, scope: int) -> Ref | None:
    match node:
        case ast.Name(id=name):
            is_local = scope != MODULE and bool(module.imports_of(scope, name))
            return NameRef(name, scope if is_local else MODULE)
        case ast.Attribute(value=value, attr=name):
            owner = _ref(module, value, scope)
            return None if owner is None else AttributeRef(owner, name)
    return None


def _let_go(method: _Function) -> frozenset[str]:
    """What `__exit__` swallows: it says so by what it returns, and names what it looks for."""
    returned = [n.value for n in ast.walk(method) if isinstance(n, ast.Return) and n.value is not None]
    if all(isinstance(each, ast.Constant) and not each.value for each in returned):
        return frozenset()
    return frozenset(_FAILURE.findall(ast.unparse(method))) or frozenset({"Exception"})


def _passed_over(function: _Function) -> frozenset[str]:
    """What a generator catches around its `yield` and does not raise again."""
    caught = set[str]()
    for block in ast.walk(function):
        if isinstance(block, ast.Try | ast.TryStar | _With) and _yields(block.body):
            handlers = getattr(block, "handlers", ())
            if not handlers or not all(isinstance(each.body[-1], ast.Raise) for each in handlers):
                caught |= caught_by(block)
    return frozenset(caught)


def _yields(body: list[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Yield) for part in body for node in ast.walk(part))
