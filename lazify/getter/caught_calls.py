"""Functions that import modules of the project, called where somebody expects that this may fail.

try:
    return flavor.implementation_class(name)      # def implementation_class(self): from shop.s3 import Store
except ImportError as error:
    raise ImportError(f"install {flavor.name}") from error
"""

import ast
import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lazify.getter.passages import Passages
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined
from lazify.index.view import View, runs_in_service
from lazify.index.words import as_word
from lazify.model.facts import MODULE, AttributeRef, Does, Import, NameRef, Ref, Scope
from lazify.model.places import Span

Function = tuple[Module, int]
"""A module, and the number of a scope in it."""
_NAMING = (ast.Call, ast.Attribute)
_Block = ast.Try | ast.TryStar | ast.With | ast.AsyncWith
_MAKES = frozenset({"__init__", "__new__", "__post_init__"})
_OF_CONTAINERS = frozenset(name for kind in (dict, list, set, str) for name in dir(kind))
"""Names of methods that say nothing of whose they are."""
_CATCHING = re.compile(rf"{as_word('except')}|{as_word('suppress')}\(")


def caught_by(block: _Block) -> set[str]:
    """The last names of what `except` or `suppress()` catches; Exception, where it says none."""
    if isinstance(block, ast.Try | ast.TryStar):
        types = [ast.unparse(h.type) if h.type else "Exception" for h in block.handlers]
        return {name.rpartition(".")[2] for each in types for name in re.findall(r"[\w.]+", each)}
    calls = [i.context_expr for i in block.items if isinstance(i.context_expr, ast.Call)]
    given = [a for c in calls if ast.unparse(c.func).endswith("suppress") for a in c.args]
    return {ast.unparse(each).rpartition(".")[2] for each in given}


@dataclass(frozen=True)
class _Guard:
    """One block, what it catches, and what it names."""

    block: _Block
    caught: frozenset[str]
    nodes: tuple[ast.Call | ast.Attribute, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The attributes, and the names that are called."""
        names = {n.func.id for n in self.nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        return frozenset(names | {n.attr for n in self.nodes if isinstance(n, ast.Attribute)})


@dataclass(frozen=True)
class CaughtCalls:
    """The calls of one project that stand where an exception is caught."""

    view: View
    _known: dict[Module, tuple[_Guard, ...]] = field(default_factory=dict)
    _callers: dict[Function, tuple[Function, ...]] = field(default_factory=dict)

    def catching(self, caught: Collection[str]) -> Iterator[tuple[Module, Span, Module, Import]]:
        """Yield who calls under such a guard, where, and the import that this may run, with its module."""
        for module in dict.fromkeys(m for word in sorted(caught) for m in self.view.project.mentioning(word)):
            for guard in self._guards(module):
                if not guard.caught.isdisjoint(caught):
                    span = Lines(self.view.text(module).whole).span(guard.block)
                    for owner, item in self._importing(module, guard):
                        yield module, span, owner, item

    def of(self, function: Function) -> Iterator[tuple[Module, _Block]]:
        """Yield the guards under which that function may be called, each with its module."""
        queue, seen = [function], {function}
        while queue:
            fresh = [each for each in self._called_from(queue.pop()) if each not in seen]
            seen.update(fresh)
            queue += fresh
        names = {_last_name(module.facts.scopes[number]) for module, number in seen}
        methods = {_last_name(m.facts.scopes[n]) for m, n in seen if _is_method(m, n)} - _OF_CONTAINERS
        for module in dict.fromkeys(m for name in sorted(names) for m in self.view.project.mentioning(name)):
            for guard in self._guards(module):
                if not guard.words.isdisjoint(methods) or (
                    not guard.words.isdisjoint(names)
                    and any(f in seen for node in guard.nodes for f in self._named(module, node))
                ):
                    yield module, guard.block

    def _guards(self, module: Module) -> tuple[_Guard, ...]:
        if module not in self._known:
            self._known[module] = tuple(self._read(module)) if runs_in_service(module) else ()
        return self._known[module]

    def _read(self, module: Module) -> Iterator[_Guard]:
        """Parse the parts of a file in which something is caught."""
        passages = Passages(module, self.view.text(module))
        places = passages.holding(_CATCHING)
        for block in ast.walk(passages.parsed(places)) if places else ():
            if isinstance(block, _Block) and (caught := caught_by(block)):
                nodes = tuple(
                    node for part in block.body for node in ast.walk(part) if isinstance(node, _NAMING)
                )
                yield _Guard(block, frozenset(caught), nodes)

    def _importing(self, module: Module, guard: _Guard) -> Iterator[tuple[Module, Import]]:
        """Yield the imports of modules of the project in the functions that the block may call."""
        queue = [function for node in guard.nodes for function in self._run_by(module, node)]
        seen: set[Function] = set()
        while queue:
            function = queue.pop()
            if function not in seen:
                seen.add(function)
                yield from ((function[0], item) for item in self._imports.get(function, ()))
                queue += self._called_by(*function)

    def _run_by(self, module: Module, node: ast.AST) -> Iterator[Function]:
        yield from self._named(module, node)
        if isinstance(node, ast.Attribute):  # of whatever class: a property is one, too
            yield from self._methods.get(node.attr, ())

    def _named(self, module: Module, node: ast.AST) -> Iterator[Function]:
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield from self._defined(module, NameRef(name, MODULE))
            case ast.Attribute(value=ast.Name(id=owner), attr=name):
                yield from self._defined(module, AttributeRef(NameRef(owner, MODULE), name))

    def _called_by(self, module: Module, number: int) -> Iterator[Function]:
        for called in _calls(module.facts.scopes[number]):
            yield from self._defined(module, called)

    def _called_from(self, function: Function) -> tuple[Function, ...]:
        if function not in self._callers:
            self._callers[function] = tuple(self._calling(function))
        return self._callers[function]

    def _calling(self, function: Function) -> Iterator[Function]:
        """Yield the functions that call it by its name, or on their own object; a class, for what makes objects."""
        module, number = function
        scopes = module.facts.scopes
        name = _last_name(scopes[number])
        if _is_method(module, number):
            around = scopes[number].parent
            if name in _MAKES:
                yield module, around
            for method in scopes[around].definitions.values():
                if any(_is_own(called, name) for called in _calls(scopes[method])):
                    yield module, method
            return
        for caller in self.view.project.mentioning(name):
            for inside, call in caller.calls_of(name):
                if function in self._defined(caller, call.subject):
                    yield caller, inside

    def _defined(self, module: Module, ref: Ref | None) -> Iterator[Function]:
        match resolve(self.view.project, module, ref):
            case Defined(owner, name) if name in owner.facts.scopes[MODULE].definitions:
                yield owner, owner.facts.scopes[MODULE].definitions[name]

    @cached_property
    def _imports(self) -> dict[Function, list[Import]]:
        found: defaultdict[Function, list[Import]] = defaultdict(list)
        for module in self.view.project.modules.values():
            for item in module.facts.imports:
                if item.scope != MODULE and self.view.project.source_module(module, item) is not None:
                    found[module, item.scope].append(item)
        return found

    @cached_property
    def _methods(self) -> dict[str, list[Function]]:
        """Those that import something, by their names."""
        found: defaultdict[str, list[Function]] = defaultdict(list)
        for module, number in self._imports:
            if _is_method(module, number):
                found[_last_name(module.facts.scopes[number])].append((module, number))
        return found


def _calls(scope: Scope) -> Iterator[Ref | None]:
    """Yield what the body of a scope calls."""
    return (operation.subject for operation in scope.operations if operation.does is Does.CALL)


def _is_method(module: Module, number: int) -> bool:
    scope = module.facts.scopes[number]
    return scope.kind == "function" and module.facts.scopes[scope.parent].kind == "class"


def _last_name(scope: Scope) -> str:
    return scope.name.rpartition(".")[2]


def _is_own(ref: Ref | None, name: str) -> bool:
    """Tell whether it is `self.name` or `cls.name`, as far as the words tell."""
    match ref:
        case AttributeRef(NameRef("self" | "cls"), attribute):
            return attribute == name
    return False
