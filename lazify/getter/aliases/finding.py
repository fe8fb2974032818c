"""Finds the expressions that a name of an object, or of a path, stands for."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.lookups import LookUps
from lazify.getter.aliases.outcomes import Level
from lazify.getter.aliases.trees import Tree, Trees, assigned, counts
from lazify.getter.class_changes import with_bases
from lazify.getter.passages import Passage
from lazify.index.modules import Module
from lazify.index.occurrences import occurrences, resolve
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.view import View
from lazify.index.words import as_word
from lazify.model.facts import MODULE, AttributeRef, CallRef, NameRef, Scope
from lazify.model.places import Span

_HERE = re.compile(rf"{as_word('getcwd', 'cwd', 'curdir')}|{as_word('Path')}\(\s*\)|[(=]\s*[\"']\./?[\"']")
_BESIDE = re.compile(as_word("__file__"))


@dataclass(frozen=True, slots=True)
class Alias:
    """A name of the object: one of a module, a variable in one passage, an attribute, the result of a function."""

    kind: str
    name: str
    level: Level
    module: Module | None = None
    passage: Passage | None = None
    owner: Target | None = None
    """The class whose objects have the attribute, where it is known."""


HERE = Alias("here", ".", "part")
"""The working folder."""
BESIDE = Alias("module's file", "__file__", "is")
"""The file of the module itself."""


def name_of(target: Defined) -> Alias:
    """The name by which an object is known first."""
    return Alias("name", target.name, "is", target.module)


class Finding:
    """Finds them in one project."""

    def __init__(self, view: View, trees: Trees) -> None:
        """Nothing is parsed before the first question."""
        self._view, self._project, self.trees = view, view.project, trees
        self._look_ups = LookUps(view, trees)

    def of(self, alias: Alias) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield the expressions that the name stands for."""
        if alias.kind == "name":
            assert alias.module is not None
            yield from self._uses(alias.module, alias.name)
        elif alias.kind in ("names", "any name"):
            assert alias.module is not None
            found = self._look_ups.tables if alias.kind == "names" else self._look_ups.computed
            yield from found(alias.module)
        elif alias.kind == "outside":
            yield from self._outside(alias.name)
        elif alias.kind == "file":
            yield from self._spelled(alias.name)
        elif alias.kind == "inside":
            yield from self._inside(alias.name)
        elif alias.kind == "here":
            yield from self._here(_HERE, _is_here)
        elif alias.kind == "module's file":
            yield from self._here(_BESIDE, _is_beside)
        elif alias.kind == "variable":
            assert alias.module is not None and alias.passage is not None
            tree = self.trees.tree(alias.module, alias.passage)
            yield from ((tree, n) for n in tree.nodes if isinstance(n, ast.Name) and n.id == alias.name)
        else:
            pattern = re.compile(as_word(alias.name))
            for module in filter(counts, self._project.mentioning(alias.name)):
                for passage in self.trees.passages(module).holding(pattern):
                    tree = self.trees.tree(module, passage)
                    named = (n for n in tree.nodes if isinstance(n, ast.Attribute | ast.Call))
                    yield from ((tree, node) for node in named if self._is_of(tree, node, alias))

    def values(self, tree: Tree, callee: ast.expr) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield what a variable that is called may be bound to: not where it is defined, but as an expression."""
        target = self.trees.resolved(tree.module, callee)
        match callee:
            case ast.Subscript(value=value):
                for at, held in [(tree, value), *self.values(tree, value)]:
                    yield from ((at, each) for each in _elements(held))
            case ast.IfExp(body=one, orelse=other):
                yield from ((tree, one), (tree, other))
            case ast.BoolOp(values=values):
                yield from ((tree, each) for each in values)
            case ast.Name() | ast.Attribute() if isinstance(target, Defined):
                for binding in target.module.facts.bindings.get(target.name, ()):
                    home = self.trees.at(target.module, binding.span)
                    bound = self.trees.value(target.module, binding.span)
                    yield from ((home, bound),) if home and bound else ()
            case ast.Name() | ast.Attribute() if target is not None:
                name = target.name.rpartition(".")[2] if isinstance(target, Builtin | External) else ""
                if name and name != last_name(callee):
                    yield tree, ast.copy_location(ast.Name(name, ast.Load()), callee)
            case ast.Name(id=name):
                yield from ((tree, each) for each in assigned(tree, name))
            case ast.Attribute(attr=name):
                for module in filter(counts, self._project.mentioning(name)):
                    for passage in self.trees.passages(module).holding(
                        re.compile(rf"{as_word(name)}\s*=(?!=)")
                    ):
                        at = self.trees.tree(module, passage)
                        yield from ((at, each) for each in assigned(at, name))

    def registered(self, function: Defined) -> Iterator[tuple[Module, Scope]]:
        """Yield the functions that are registered with another: `@put.register`."""
        for module in filter(counts, self._project.mentioning("register")):
            for scope in module.facts.scopes:
                made = (each.callee if isinstance(each, CallRef) else each for each in scope.decorators)
                takers = (
                    each.value for each in made if isinstance(each, AttributeRef) and each.name == "register"
                )
                if any(resolve(self._project, module, each) == function for each in takers):
                    yield module, scope

    def _outside(self, name: str) -> Iterator[tuple[Tree, ast.expr]]:
        last = name.rpartition(".")[2]
        pattern = re.compile(as_word(last))
        for module in filter(counts, self._project.mentioning(last)):
            for passage in self.trees.passages(module).holding(pattern):
                tree = self.trees.tree(module, passage)
                for node in tree.spans.values():
                    if self.trees.resolved(module, node) == External(name):
                        yield tree, node

    def _spelled(self, file: str) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield the paths that end with the name of a file or folder: `ROOT / "state.json"`."""
        for tree, node, text in self._texts(rf"(?<![\w.-]){re.escape(file)}(?=/?[\"'])", file):
            if text.rstrip("/").rpartition("/")[2] == file:
                yield tree, tree.path(node)

    def _inside(self, folder: str) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield the paths that lead through a folder: `"data/state.json"`, `f"data/{name}"`."""
        for tree, node, text in self._texts(rf"(?<![\w.-]){re.escape(folder)}/(?![\"'])", folder):
            if folder in text.split("/")[:-1]:
                yield tree, tree.path(node)

    def _texts(self, spelled: str, part: str) -> Iterator[tuple[Tree, ast.Constant, str]]:
        """Yield the strings in all passages that hold a pattern, and a part of it."""
        pattern = re.compile(spelled)
        for module in filter(counts, self._project.modules.values()):
            if part in self._view.text(module).whole:
                for passage in self.trees.passages(module).holding(pattern):
                    tree = self.trees.tree(module, passage)
                    for node in tree.nodes:
                        if isinstance(node, ast.Constant) and isinstance(node.value, str):
                            yield tree, node, node.value

    def _here(
        self, pattern: re.Pattern[str], is_meant: Callable[[ast.AST], TypeGuard[ast.expr]]
    ) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield what stands for the working folder, `"."`, `os.getcwd()`, `Path()`, or for the file of the module."""
        for module in filter(counts, self._project.modules.values()):
            if pattern.search(self._view.text(module).whole):
                for passage in self.trees.passages(module).holding(pattern):
                    tree = self.trees.tree(module, passage)
                    yield from ((tree, node) for node in tree.nodes if is_meant(node))

    def _is_of(self, tree: Tree, node: ast.Attribute | ast.Call, alias: Alias) -> bool:
        match node:
            case ast.Attribute(attr=name) if alias.kind == "attribute" and name == alias.name:
                owner = self.class_of(tree, node) if alias.owner is not None else None
                return owner is None or alias.owner is None or self._are_related(owner, alias.owner)
            case ast.Call(func=callee) if alias.kind == "result" and last_name(callee) == alias.name:
                target = self.trees.resolved(tree.module, callee)
                return not isinstance(target, Defined) or alias.module in (None, target.module)
            case _:
                return False

    def class_of(self, tree: Tree, node: ast.expr) -> Target | None:
        """The class whose object has the attribute, as far as it can be told."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return None
        name, line = node.value.id, self.trees.span(tree.module, node).line
        scopes = tree.module.facts.scopes
        inside = [n for n, each in enumerate(scopes) if each.kind == "function" and _is_in(line, each.span)]
        if not inside:
            return None
        number = inside[-1]
        function, parent = scopes[number], scopes[scopes[number].parent]
        if parent.kind == "class" and function.parameters and function.parameters[0].name == name:
            return Defined(tree.module, parent.name)
        is_local = name in function.locals or any(each.name == name for each in function.parameters)
        return self._view.effects.class_of(tree.module, NameRef(name, number if is_local else MODULE), number)

    def _are_related(self, one: Target, other: Target) -> bool:
        if not isinstance(one, Defined) or not isinstance(other, Defined):
            return False
        return one in with_bases(self._view, other) or other in with_bases(self._view, one)

    def _uses(self, module: Module, name: str) -> Iterator[tuple[Tree, ast.expr]]:
        for use in occurrences(self._project, module, name).uses:
            tree = self.trees.at(use.module, use.span) if counts(use.module) else None
            if tree is not None and use.span in tree.spans:
                yield tree, tree.spans[use.span]
        yield from self._look_ups.of(module, name)


def _elements(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Dict(values=values):
            return values
        case ast.List(elts=values) | ast.Tuple(elts=values):
            return values
        case _:
            return []


def _is_here(node: ast.AST) -> TypeGuard[ast.expr]:
    match node:
        case ast.Constant(value="." | "./") | ast.Attribute(attr="curdir"):
            return True
        case ast.Call(func=callee, args=[]):
            return last_name(callee) in ("getcwd", "cwd", "Path")
        case _:
            return False


def _is_beside(node: ast.AST) -> TypeGuard[ast.expr]:
    return isinstance(node, ast.Name) and node.id == "__file__"


def _is_in(line: int, span: Span) -> bool:
    return span.line <= line <= span.end_line
