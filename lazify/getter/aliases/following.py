"""Follows one object from name to name."""

import ast
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from lazify.getter.aliases.binding import PUT
from lazify.getter.aliases.callables import is_exception
from lazify.getter.aliases.calls import last_name
from lazify.getter.aliases.finding import Alias, Finding
from lazify.getter.aliases.handing import FUNCTIONS
from lazify.getter.aliases.outcomes import Bound, Changed, Given, How, Kept, Level, Outcome, Returned
from lazify.getter.aliases.trees import Tree, counts
from lazify.getter.class_changes import with_bases
from lazify.index.modules import Module
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.model.facts import MODULE, Scope
from lazify.model.places import Span

_MAKERS = ("__init__", "__new__")
MOST = 200
"""Names under which an object is followed; who goes by more is taken to be changed under one of them."""
MOST_CALLED = 100
"""Variables that are called, each as one of the values it is bound to."""
FARTHEST: Mapping[Level, int] = {"is": 8, "holds": 8, "part": 4, "shares": 4}
"""Hops from name to name: what has parts of an object is soon about something else."""


class Change(NamedTuple):
    """A place where the object is changed."""

    module: Module
    span: Span
    how: How
    name: str = ""
    """Of the attribute or method, or the pattern of the names in a folder."""
    is_inside: bool = False
    """It is a part of the object that is changed."""
    is_later: bool = False
    """It only begins here, and happens whenever: `add = TABLE.update`."""


class Following:
    """Follows one object, or the path of one file."""

    def __init__(
        self,
        view: View,
        finding: Finding,
        first: Alias,
        *,
        farthest: Mapping[Level, int] = FARTHEST,
        is_path: bool = False,
    ) -> None:
        """Begin with its `first` name; `farthest` says after how many hops to give up."""
        self._view, self._project = view, view.project
        self._finding, self._trees = finding, finding.trees
        self._farthest, self._is_path = farthest, is_path
        unnamed = [replace(first, kind="names", level="holds"), replace(first, kind="any name")]
        starts = [first, *(unnamed if first.kind == "name" else ())]
        self._queue = deque((each, 0) for each in starts)
        self._met = {*starts}
        self._hops = 0
        self._called: set[tuple[Tree, int, int, str, Level]] = set()
        self._changes: dict[tuple[Module, Span, How], Change] = {}

    def run(self) -> Iterator[Change]:
        """Yield where it is changed."""
        while self._queue:
            alias, self._hops = self._queue.popleft()
            for tree, node in self._finding.of(alias):
                for outcome in (tree.writing if self._is_path else tree.handing).of(node, alias.level):
                    if alias.kind != "outside" or not isinstance(outcome, Changed):
                        self._take(tree, outcome)
                if len(self._met) > MOST:
                    self._note(Change(tree.module, self._trees.span(tree.module, node), "unknown"))
                    return iter(self._changes.values())
        return iter(self._changes.values())

    def _note(self, change: Change) -> None:
        self._changes.setdefault((change.module, change.span, change.how), change)

    def _follow(self, alias: Alias) -> None:
        if alias in self._met or self._hops >= self._farthest[alias.level]:
            return
        self._met.add(alias)
        self._queue.append((alias, self._hops + 1))

    def _take(self, tree: Tree, outcome: Outcome) -> None:
        match outcome:
            case Changed(node, how, name, is_inside, is_later):
                span = self._trees.span(tree.module, node)
                self._note(Change(tree.module, span, how, name, is_inside, is_later))
            case Bound():
                self._bind(tree, outcome)
            case Kept(name, level, node):
                self._follow(Alias("attribute", name, level, owner=self._finding.class_of(tree, node)))
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
                span = self._trees.span(tree.module, function)
                self._note(Change(tree.module, span, "unknown"))
                self._note(Change(tree.module, span, "attribute", is_inside=level != "is"))
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
        self._give_to_values(tree, given)
        inner = list(tree.functions(name))
        for function in inner:
            self._pass(tree, function.args, given, is_method=isinstance(tree.parents[function], ast.ClassDef))
        target = self._trees.resolved(tree.module, callee)
        if is_exception(target):
            self._follow(Alias("attribute", "args", PUT[given.level]))
        if isinstance(target, Defined):
            self._give_to(target, given)
        elif isinstance(callee, ast.Attribute) and target is None:
            for owner in filter(counts, self._project.mentioning(name)):
                for scope in owner.facts.scopes:
                    if scope.kind == "function" and scope.name.endswith(f".{name}"):
                        self._enter(owner, scope, given)
        elif target is None and not inner and given.level == "is" and given.is_sure:
            self._note(Change(tree.module, self._trees.span(tree.module, callee), "unknown"))

    def _give_to_values(self, tree: Tree, given: Given) -> None:
        """`put = setattr`, and `put(TABLE, "a", 1)`: the variable that is called may be what it is bound to."""
        call, node = given.call, given.node
        if call is None or node is None:
            return
        for at, value in self._finding.values(tree, given.callee):
            key = (tree, call.lineno, call.col_offset, ast.dump(value), given.level)
            if (
                key not in self._called and len(self._called) < MOST_CALLED
            ):  # `work = wrap(work)` may be any of many
                self._called.add(key)
                for outcome in tree.handing.called_as(call, value, node, given.level):
                    self._take(at if isinstance(outcome, Given) else tree, outcome)

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
            for owner, scope in self._finding.registered(target) if scopes[number].decorators else ():
                self._enter(owner, scope, given)
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
        yield from (each.arg for each in (arguments.vararg, arguments.kwarg) if each)
