"""Finds the expressions that a name of an object, or of a path, stands for."""

import ast
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.outcomes import Level
from lazify.getter.aliases.trees import Tree, Trees
from lazify.getter.class_changes import with_bases
from lazify.getter.passages import Passage
from lazify.index.modules import Module
from lazify.index.occurrences import occurrences, resolve
from lazify.index.project import Builtin, Defined, External, InModule, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, CallRef, NameRef, Scope
from lazify.model.places import Span

_TAKES_MODULES = frozenset({"import_module", "__import__", "modules"})
_ASKS_FOR_NAMES = frozenset({"getattr", "attrgetter", "vars", "__dict__"})
_HERE = re.compile(r"\b(?:getcwd|cwd|curdir)\b|\bPath\(\s*\)|[(=]\s*[\"']\./?[\"']")
_BESIDE = re.compile(r"\b__file__\b")


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
        self._view, self._project, self._trees = view, view.project, trees

    def of(self, alias: Alias) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield the expressions that the name stands for."""
        if alias.kind == "name":
            assert alias.module is not None
            yield from self._uses(alias.module, alias.name)
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
            tree = self._trees.tree(alias.module, alias.passage)
            yield from ((tree, n) for n in tree.nodes if isinstance(n, ast.Name) and n.id == alias.name)
        else:
            pattern = re.compile(rf"\b{re.escape(alias.name)}\b")
            for module in filter(counts, self._project.mentioning(alias.name)):
                for passage in self._trees.passages(module).holding(pattern):
                    tree = self._trees.tree(module, passage)
                    named = (n for n in tree.nodes if isinstance(n, ast.Attribute | ast.Call))
                    yield from ((tree, node) for node in named if self._is_of(tree, node, alias))

    def values(self, tree: Tree, callee: ast.expr) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield what a variable that is called may be bound to: not where it is defined, but as an expression."""
        target = self._trees.resolved(tree.module, callee)
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
                    home = self._trees.at(target.module, binding.span)
                    bound = self._trees.value(target.module, binding.span)
                    yield from ((home, bound),) if home and bound else ()
            case ast.Name() | ast.Attribute() if target is not None:
                name = target.name.rpartition(".")[2] if isinstance(target, Builtin | External) else ""
                if name and name != last_name(callee):
                    yield tree, ast.copy_location(ast.Name(name, ast.Load()), callee)
            case ast.Name(id=name):
                yield from ((tree, each) for each in assigned(tree, name))
            case ast.Attribute(attr=name):
                for module in filter(counts, self._project.mentioning(name)):
                    for passage in self._trees.passages(module).holding(re.compile(rf"\b{name}\s*=(?!=)")):
                        at = self._trees.tree(module, passage)
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
        word = name.rpartition(".")[2]
        pattern = re.compile(rf"\b{word}\b")
        for module in filter(counts, self._project.mentioning(word)):
            for passage in self._trees.passages(module).holding(pattern):
                tree = self._trees.tree(module, passage)
                for node in tree.spans.values():
                    if self._trees.resolved(module, node) == External(name):
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

    def _texts(self, spelled: str, word: str) -> Iterator[tuple[Tree, ast.Constant, str]]:
        """Yield the strings in all passages that hold a pattern, and a word."""
        pattern = re.compile(spelled)
        for module in filter(counts, self._project.modules.values()):
            if word in self._view.text(module).whole:
                for passage in self._trees.passages(module).holding(pattern):
                    tree = self._trees.tree(module, passage)
                    for node in tree.nodes:
                        if isinstance(node, ast.Constant) and isinstance(node.value, str):
                            yield tree, node, node.value

    def _here(
        self, pattern: re.Pattern[str], is_meant: Callable[[ast.AST], TypeGuard[ast.expr]]
    ) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield what stands for the working folder, `"."`, `os.getcwd()`, `Path()`, or for the file of the module."""
        for module in filter(counts, self._project.modules.values()):
            if pattern.search(self._view.text(module).whole):
                for passage in self._trees.passages(module).holding(pattern):
                    tree = self._trees.tree(module, passage)
                    yield from ((tree, node) for node in tree.nodes if is_meant(node))

    def _is_of(self, tree: Tree, node: ast.Attribute | ast.Call, alias: Alias) -> bool:
        match node:
            case ast.Attribute(attr=name) if alias.kind == "attribute" and name == alias.name:
                owner = self.class_of(tree, node) if alias.owner is not None else None
                return owner is None or alias.owner is None or self._are_related(owner, alias.owner)
            case ast.Call(func=callee) if alias.kind == "result" and last_name(callee) == alias.name:
                target = self._trees.resolved(tree.module, callee)
                return not isinstance(target, Defined) or alias.module in (None, target.module)
            case _:
                return False

    def class_of(self, tree: Tree, node: ast.expr) -> Target | None:
        """The class whose object has the attribute, as far as it can be told."""
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            return None
        name, line = node.value.id, self._trees.span(tree.module, node).line
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
            tree = self._trees.at(use.module, use.span) if counts(use.module) else None
            if tree is not None and use.span in tree.spans:
                yield tree, tree.spans[use.span]
        yield from self._looked_up(module, name)

    def _looked_up(self, module: Module, name: str) -> Iterator[tuple[Tree, ast.expr]]:
        """`import_module("conf").TABLE`, `sys.modules[name].TABLE`, `getattr(conf, "TABLE")`, `vars(conf)["TABLE"]`."""
        quoted, attribute = rf"[\"']{re.escape(name)}[\"']", rf"\.\s*{re.escape(name)}\b"
        for other in filter(counts, self._project.mentioning(name)):
            importers = {i.alias for i in other.facts.imports if i.name in _TAKES_MODULES and i.alias}
            taking = not other.facts.words.isdisjoint(_TAKES_MODULES)
            if not taking and other.facts.words.isdisjoint(_ASKS_FOR_NAMES):
                continue
            pattern = re.compile(f"{quoted}|{attribute}" if taking else quoted)
            for passage in self._trees.passages(other).holding(pattern):
                tree = self._trees.tree(other, passage)
                for node in tree.nodes:
                    owner = _asked(node, name)
                    if owner is not None and self._is_module(tree, owner, module, importers):
                        assert isinstance(node, ast.expr)
                        yield tree, node

    def _is_module(self, tree: Tree, owner: ast.expr, module: Module, importers: set[str]) -> bool:
        """Tell whether an expression may be the module by another way than its own name in an attribute."""
        parent = tree.parents.get(owner)
        if not isinstance(parent, ast.Attribute) and self._trees.resolved(tree.module, owner) == InModule(
            module
        ):
            return True
        held = assigned(tree, owner.id) if isinstance(owner, ast.Name) else ()
        return any(_may_take(value, module.path_name, _TAKES_MODULES | importers) for value in (owner, *held))


def _asked(node: ast.AST, name: str) -> ast.expr | None:
    """Give what is asked for that name of its: `m` of `m.name`, `getattr(m, "name")`, `attrgetter("name")(m)`."""
    match node:
        case ast.Attribute(value=owner, attr=attr) if attr == name:
            return owner
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=key), *_]) if key == name:
            return owner
        case ast.Call(func=ast.Call(func=callee, args=[ast.Constant(value=key)]), args=[owner]) if (
            key == name and last_name(callee) == "attrgetter"
        ):
            return owner
        case ast.Subscript(
            value=ast.Call(func=ast.Name(id="vars"), args=[owner])
            | ast.Attribute(value=owner, attr="__dict__"),
            slice=ast.Constant(value=key),
        ) if key == name:
            return owner
    return None


def _may_take(value: ast.expr, module: str, importers: Collection[str]) -> bool:
    """Tell whether the expression takes a module by its name, or by a computed one that may be its."""
    match value:
        case ast.Call(func=ast.Attribute(value=table), args=[named, *_]) if last_name(table) == "modules":
            pass
        case ast.Call(func=callee, args=[named, *_]) if last_name(callee) in importers:
            pass
        case ast.Call(func=callee, keywords=[ast.keyword(value=named), *_]) if last_name(callee) in importers:
            pass
        case ast.Subscript(value=table, slice=named) if last_name(table) == "modules":
            pass
        case _:
            return False
    text = named.value if isinstance(named, ast.Constant) else None
    return not isinstance(text, str) or f".{module}".endswith(f".{text.lstrip('.')}")


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


def counts(module: Module) -> bool:
    """Tell whether what the module does counts: tests are no part of the program."""
    return not module.source.is_test


def _is_in(line: int, span: Span) -> bool:
    return span.line <= line <= span.end_line
