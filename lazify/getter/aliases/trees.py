"""The passages of a project, parsed where an object is followed; each once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.handing import Handing
from lazify.getter.aliases.writing import Writing
from lazify.getter.passages import Passage, Passages
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, NameRef, Ref
from lazify.model.places import Span
from lazify.nodes import Parents, nodes_and_parents

_JOINS = frozenset({"join", "joinpath"})
_LOOKS_UP = frozenset({"get", "getenv", "setdefault"})


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """One parsed passage."""

    module: Module
    passage: Passage
    nodes: list[ast.AST]
    parents: Parents
    spans: dict[Span, ast.expr]
    globals: frozenset[str]
    """The names in its `global` statements."""
    handing: Handing
    writing: Writing

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what the node stands in, from the inside."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def path(self, name: ast.expr) -> ast.expr:
        """Give the path that ends with a name: `ROOT / "a.txt"`, `join(ROOT, "a.txt")`, `ROOT.joinpath("a.txt")`.

        Or the one that is found by the name: `os.environ["DATA"]`, `getenv("DATA")`.
        """
        match self.parents.get(name):
            case ast.BinOp(op=ast.Div(), right=right) as path if right is name:
                return path
            case ast.Call(func=callee, args=[*_, last]) as path if (
                last is name and last_name(callee) in _JOINS
            ):
                return path
            case ast.Subscript(slice=key) as path if key is name:
                return path
            case ast.Call(func=callee, args=[first, *_]) as path if (
                first is name and last_name(callee) in _LOOKS_UP
            ):
                return path
        return name

    def functions(self, name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield the functions of that name."""
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                yield node


def assigned(tree: Tree, name: str) -> Iterator[ast.expr]:
    """Yield what a passage assigns to a variable or attribute."""
    for node in tree.nodes:
        match node:
            case ast.Assign(targets=targets, value=value) if name in map(last_name, targets):
                yield value
            case ast.AnnAssign(target=target, value=ast.expr() as value) if last_name(target) == name:
                yield value
            case ast.NamedExpr(target=target, value=value) if last_name(target) == name:
                yield value


def counts(module: Module) -> bool:
    """Tell whether what the module does counts: tests are no part of the program."""
    return not module.source.is_test


class Trees:
    """Finds them."""

    def __init__(self, view: View) -> None:
        """Nothing is parsed before the first question."""
        self._view = view
        self._passages: dict[Module, Passages] = {}
        self._lines: dict[Module, Lines] = {}
        self._trees: dict[tuple[Module, Passage], Tree] = {}

    def passages(self, module: Module) -> Passages:
        """The passages of a file."""
        if module not in self._passages:
            self._passages[module] = Passages(module, self._view.text(module))
        return self._passages[module]

    def span(self, module: Module, node: ast.AST) -> Span:
        """Where a node stands."""
        if module not in self._lines:
            self._lines[module] = Lines(self._view.text(module).whole)
        return self._lines[module].span(node)

    def tree(self, module: Module, passage: Passage) -> Tree:
        """One passage, parsed."""
        key = (module, passage)
        if key not in self._trees:
            nodes, parents = nodes_and_parents(self.passages(module).parsed([passage]))
            named = [node for node in nodes if isinstance(node, ast.Name | ast.Attribute)]
            spans: dict[Span, ast.expr] = {self.span(module, node): node for node in named}
            names = (name for node in nodes if isinstance(node, ast.Global) for name in node.names)
            self._trees[key] = Tree(
                module, passage, nodes, parents, spans, frozenset(names), Handing(parents), Writing(parents)
            )
        return self._trees[key]

    def at(self, module: Module, span: Span) -> Tree | None:
        """The passage with the first line of a span."""
        passage = self.passages(module).at(span.line)
        return self.tree(module, passage) if passage else None

    def value(self, module: Module, target: Span) -> ast.expr | None:
        """What the assignment to a target at that place binds; None where it is no plain assignment."""
        tree = self.at(module, target)
        node = tree.spans.get(target) if tree else None
        parent = tree.parents.get(node) if tree and node else None
        return parent.value if isinstance(parent, ast.Assign | ast.AnnAssign) else None

    def resolved(self, module: Module, callee: ast.expr) -> Target | None:
        """What `a.b.c` means in the module, or in a function with imports of its own."""
        attributes: list[str] = []
        at = callee
        while isinstance(at, ast.Attribute):
            attributes.append(at.attr)
            at = at.value
        if not isinstance(at, ast.Name):
            return None
        scopes = dict.fromkeys([MODULE, *(i.scope for i in module.facts.imports if i.binds == at.id)])
        for scope in scopes:
            ref: Ref = NameRef(at.id, scope)
            for attribute in reversed(attributes):
                ref = AttributeRef(ref, attribute)
            if (found := resolve(self._view.project, module, ref)) is not None:
                return found
        return None
