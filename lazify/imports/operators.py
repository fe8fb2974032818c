"""What operators do while a module is imported: no call in the source names the method that answers them.

BOTH = base.first | base.second        # class Task: def __or__(self, other): QUEUE.append(other)
"""

import ast
from collections.abc import Iterator
from functools import cached_property

from lazify.getter.problems import Problem, problem, where
from lazify.getter.special_methods import ANSWERS, OPERATORS
from lazify.imports.graph import Graph
from lazify.index.lines import Lines
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, External
from lazify.index.view import View
from lazify.model.facts import Does, NameRef, Operation
from lazify.statements import parse

Answers = dict[str, list[tuple[Module, int]]]
"""Methods that do more than to compute, by name: the module of each, and its scope there."""


class Operators:
    """Answers for the modules of one project."""

    def __init__(self, view: View, graph: Graph) -> None:
        """Nothing is searched before the first question."""
        self._view, self._graph = view, graph

    def problem(self, module: Module) -> Problem | None:
        """Say which operator in the body of the module may do something others see."""
        known = self._near(module) if self._answers else {}
        if not known:
            return None
        text = self._view.text(module).whole
        for node, name in _operators(parse(text)):
            if name in known:
                owner, number = known[name]
                line = Lines(text).span(node)
                answer = (
                    f"{owner.facts.scopes[number].name} ({where(owner, owner.facts.scopes[number].span)})"
                )
                return problem(
                    f"importing {module.name} uses an operator that {answer} answers", module, line
                )
        return None

    def _near(self, module: Module) -> dict[str, tuple[Module, int]]:
        """Keep the methods of classes whose objects the module may have: those of what it imports, however far up."""
        queue, seen = [module], {module}
        while queue:
            fresh = [each for each in self._graph.direct(queue.pop()) if each not in seen]
            seen.update(fresh)
            queue += fresh
        found = ((name, each) for name, methods in self._answers.items() for each in methods)
        return {name: each for name, each in found if each[0] in seen}

    @cached_property
    def _answers(self) -> Answers:
        found: Answers = {}
        for name in sorted(ANSWERS):
            for module in self._view.project.mentioning(name):
                for number, scope in enumerate(module.facts.scopes):
                    is_method = scope.kind == "function" and scope.name.endswith(f".{name}")
                    if is_method and any(self._is_seen(module, each) for each in scope.operations):
                        found.setdefault(name, []).append((module, number))
        return found

    def _is_seen(self, module: Module, operation: Operation) -> bool:
        """Tell whether others may see what is done: a change, or a call into the project."""
        if operation.does in (Does.MUTATE, Does.WRITE):
            return True
        if operation.does is not Does.CALL:
            return False
        ref = operation.subject
        if isinstance(ref, NameRef) and ref.name not in module.facts.bindings:
            return False  # a builtin, or a local name
        return not isinstance(resolve(self._view.project, module, ref), External | Builtin)


def _operators(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield the operators that run when the module is imported, with the methods that may answer."""
    queue: list[ast.AST] = [tree]
    while queue:
        at = queue.pop()
        match at:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                queue += (*at.decorator_list, *at.args.defaults, *filter(None, at.args.kw_defaults))
                continue
            case ast.Lambda():
                continue
            case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.UnaryOp(op=op):
                yield from ((at, name) for name in OPERATORS.get(type(op), ()))
        queue += ast.iter_child_nodes(at)
