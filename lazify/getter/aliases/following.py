"""Follows one object from name to name."""

import ast
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from lazify.getter.aliases.binding import PUT
from lazify.getter.aliases.callables import is_exception
from lazify.getter.aliases.handing import FUNCTIONS, last_name
from lazify.getter.aliases.outcomes import Bound, Changed, Given, How, Kept, Level, Outcome, Returned
from lazify.getter.aliases.trees import Tree, Trees
from lazify.getter.class_changes import with_bases
from lazify.getter.passages import Passage
from lazify.index.modules import Module
from lazify.index.occurrences import occurrences
from lazify.index.project import Defined, External, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, NameRef, Scope
from lazify.model.places import Span

_MAKERS = ("__init__", "__new__")
MOST = 200
"""Names under which an object is followed; who goes by more is taken to be changed under one of them."""
FARTHEST: Mapping[Level, int] = {"is": 8, "holds": 8, "part": 4, "shares": 4}
"""Hops from name to name: what has parts of an object is soon about something else."""


class Change(NamedTuple):
    """A place where the object is changed."""

    module: Module
    span: Span
    how: How
    name: str = ""
    """Of the attribute or method."""
    is_inside: bool = False
    """It is a part of the object that is changed."""
    is_later: bool = False
    """It only begins here, and happens whenever: `add = TABLE.update`."""


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


class Following:
    """Follows one object, or the path of one file."""

    def __init__(
        self,
        view: View,
        trees: Trees,
        first: Alias,
        *,
        farthest: Mapping[Level, int] = FARTHEST,
        is_path: bool = False,
    ) -> None:
        """Begin with its `first` name; `farthest` says after how many hops to give up."""
        self._view, self._project, self._trees = view, view.project, trees
        self._farthest, self._is_path = farthest, is_path
        self._queue = deque([(first, 0)])
        self._met = {first}
        self._hops = 0
        self._changes: dict[tuple[Module, Span], Change] = {}

    def run(self) -> Iterator[Change]:
        """Yield where it is changed."""
        while self._queue:
            alias, self._hops = self._queue.popleft()
            for tree, node in self._found(alias):
                for outcome in (tree.writing if self._is_path else tree.handing).of(node, alias.level):
                    if alias.kind != "outside" or not isinstance(outcome, Changed):
                        self._take(tree, outcome)
                if len(self._met) > MOST:
                    self._note(Change(tree.module, self._trees.span(tree.module, node), "unknown"))
                    return iter(self._changes.values())
        return iter(self._changes.values())

    def _note(self, change: Change) -> None:
        self._changes.setdefault((change.module, change.span), change)

    def _follow(self, alias: Alias) -> None:
        if alias in self._met or self._hops >= self._farthest[alias.level]:
            return
        self._met.add(alias)
        self._queue.append((alias, self._hops + 1))

    def _found(self, alias: Alias) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield the expressions that the name stands for."""
        if alias.kind == "name":
            assert alias.module is not None
            yield from self._uses(alias.module, alias.name)
        elif alias.kind == "outside":
            yield from self._outside(alias.name)
        elif alias.kind == "file":
            yield from self._spelled(alias.name)
        elif alias.kind == "variable":
            assert alias.module is not None and alias.passage is not None
            tree = self._trees.tree(alias.module, alias.passage)
            yield from ((tree, n) for n in tree.nodes if isinstance(n, ast.Name) and n.id == alias.name)
        else:
            pattern = re.compile(rf"\b{re.escape(alias.name)}\b")
            for module in filter(_counts, self._project.mentioning(alias.name)):
                for passage in self._trees.passages(module).holding(pattern):
                    tree = self._trees.tree(module, passage)
                    named = (n for n in tree.nodes if isinstance(n, ast.Attribute | ast.Call))
                    yield from ((tree, node) for node in named if self._is_of(tree, node, alias))

    def _outside(self, name: str) -> Iterator[tuple[Tree, ast.expr]]:
        word = name.rpartition(".")[2]
        pattern = re.compile(rf"\b{word}\b")
        for module in filter(_counts, self._project.mentioning(word)):
            for passage in self._trees.passages(module).holding(pattern):
                tree = self._trees.tree(module, passage)
                for node in tree.spans.values():
                    if self._trees.resolved(module, node) == External(name):
                        yield tree, node

    def _spelled(self, file: str) -> Iterator[tuple[Tree, ast.expr]]:
        """Yield the paths that end with the name of a file: `ROOT / "state.json"`."""
        pattern = re.compile(rf"(?<![\w.-]){re.escape(file)}(?=[\"'])")
        for module in filter(_counts, self._project.modules.values()):
            if file not in self._view.text(module).whole:
                continue
            for passage in self._trees.passages(module).holding(pattern):
                tree = self._trees.tree(module, passage)
                texts = (n for n in tree.nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))
                yield from ((tree, tree.path(n)) for n in texts if str(n.value).rpartition("/")[2] == file)

    def _is_of(self, tree: Tree, node: ast.Attribute | ast.Call, alias: Alias) -> bool:
        match node:
            case ast.Attribute(attr=name) if alias.kind == "attribute" and name == alias.name:
                owner = self._class_of(tree, node) if alias.owner is not None else None
                return owner is None or alias.owner is None or self._are_related(owner, alias.owner)
            case ast.Call(func=callee) if alias.kind == "result" and last_name(callee) == alias.name:
                target = self._trees.resolved(tree.module, callee)
                return not isinstance(target, Defined) or alias.module in (None, target.module)
            case _:
                return False

    def _class_of(self, tree: Tree, node: ast.expr) -> Target | None:
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
            tree = self._trees.at(use.module, use.span) if _counts(use.module) else None
            if tree is not None and use.span in tree.spans:
                yield tree, tree.spans[use.span]

    def _take(self, tree: Tree, outcome: Outcome) -> None:
        match outcome:
            case Changed(node, how, name, is_inside, is_later):
                span = self._trees.span(tree.module, node)
                self._note(Change(tree.module, span, how, name, is_inside, is_later))
            case Bound():
                self._bind(tree, outcome)
            case Kept(name, level, node):
                self._follow(Alias("attribute", name, level, owner=self._class_of(tree, node)))
            case Returned(function, level):
                self._give_back(tree, function, level)
            case Given():
                self._give(tree, outcome)

    def _bind(self, tree: Tree, bound: Bound) -> None:
        """A variable of a function, an attribute of a class, or a name of the module."""
        name, level = bound.name, bound.level
        around = [each for each in tree.around(bound.node) if isinstance(each, (*FUNCTIONS, ast.ClassDef))]
        functions = [each for each in around if isinstance(each, FUNCTIONS)]
        if around and isinstance(around[0], ast.ClassDef):
            self._follow(Alias("attribute", name, level))
        if functions:
            self._follow(Alias("variable", name, level, tree.module, tree.passage))
        if not functions or name in tree.globals:
            self._follow(Alias("name", name, level, tree.module))

    def _give_back(self, tree: Tree, function: ast.AST, level: Level) -> None:
        if isinstance(function, ast.Lambda):
            for outcome in tree.handing.of(function, "holds"):
                self._take(tree, outcome)
        elif isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            is_special = function.name.startswith("__") and function.name.endswith("__")
            if is_special and level in ("is", "holds"):  # what operators and statements give has no name
                self._note(Change(tree.module, self._trees.span(tree.module, function), "unknown"))
            elif any("property" in last_name(each) for each in function.decorator_list):
                self._follow(Alias("attribute", function.name, level))
            else:
                is_method = isinstance(tree.parents.get(function), ast.ClassDef)
                self._follow(Alias("result", function.name, level, None if is_method else tree.module))

    def _give(self, tree: Tree, given: Given) -> None:
        """Follow it into a function of the project; what is outside keeps it, at most."""
        callee, name = given.callee, last_name(given.callee)
        if isinstance(callee, ast.Lambda):
            self._pass(tree, callee.args, given, is_method=False)
            return
        inner = list(tree.functions(name))
        for function in inner:
            self._pass(tree, function.args, given, is_method=isinstance(tree.parents[function], ast.ClassDef))
        target = self._trees.resolved(tree.module, callee)
        if is_exception(target):
            self._follow(Alias("attribute", "args", PUT[given.level]))
        if isinstance(target, Defined):
            self._give_to(target, given)
        elif isinstance(callee, ast.Attribute) and target is None:
            for owner in filter(_counts, self._project.mentioning(name)):
                for scope in owner.facts.scopes:
                    if scope.kind == "function" and scope.name.endswith(f".{name}"):
                        self._enter(owner, scope, given)
        elif target is None and not inner and given.level == "is" and given.is_sure:
            self._note(Change(tree.module, self._trees.span(tree.module, callee), "unknown"))

    def _pass(self, tree: Tree, arguments: ast.arguments, given: Given, *, is_method: bool) -> None:
        for name in _parameters(arguments, given.position, is_method=is_method):
            self._follow(Alias("variable", name, given.level, tree.module, tree.passage))

    def _give_to(self, target: Defined, given: Given) -> None:
        scopes = target.module.facts.scopes
        number = scopes[MODULE].definitions.get(target.name)
        if number is None:
            return
        if scopes[number].kind == "function":
            self._enter(target.module, scopes[number], given)
            return
        for cls, body in with_bases(self._view, target).items():
            methods = cls.module.facts.scopes[body].definitions
            for name in (each for each in _MAKERS if each in methods):
                self._enter(cls.module, cls.module.facts.scopes[methods[name]], given)
            position = given.position
            fields = [*cls.module.facts.scopes[body].locals]
            field = fields[position] if isinstance(position, int) and position < len(fields) else position
            if "__init__" not in methods and isinstance(field, str):
                self._follow(Alias("attribute", field, given.level))

    def _enter(self, module: Module, scope: Scope, given: Given) -> None:
        """Follow it under the names of the parameters that it may be given as."""
        tree = self._trees.at(module, scope.span)
        is_method = module.facts.scopes[scope.parent].kind == "class"
        for function in tree.functions(scope.name.rpartition(".")[2]) if tree is not None else ():
            assert tree is not None
            is_static = any(last_name(each) == "staticmethod" for each in function.decorator_list)
            self._pass(tree, function.args, given, is_method=is_method and not is_static)


def name_of(target: Defined) -> Alias:
    """The name by which an object is known first."""
    return Alias("name", target.name, "is", target.module)


def _counts(module: Module) -> bool:
    return not module.source.is_test


def _is_in(line: int, span: Span) -> bool:
    return span.line <= line <= span.end_line


def _parameters(arguments: ast.arguments, position: int | str | None, *, is_method: bool) -> Iterator[str]:
    """The names under which a function knows the argument."""
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][is_method:]
    if isinstance(position, int) and position < len(positional):
        yield positional[position]
    elif isinstance(position, int):
        yield from (each.arg for each in (arguments.vararg,) if each)
    elif isinstance(position, str) and position in {*positional, *(a.arg for a in arguments.kwonlyargs)}:
        yield position
    elif isinstance(position, str):
        yield from (each.arg for each in (arguments.kwarg,) if each)
    else:
        yield from (*positional, *(a.arg for a in arguments.kwonlyargs))
