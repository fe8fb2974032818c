"""Functions that only compare what they are given: `not_in("a.b", sys.modules)`, which asserts that it is not there."""

import ast
import textwrap
from collections.abc import Iterator

from lazify.getter.takings import Taking
from lazify.index.occurrences import resolve
from lazify.index.project import Defined
from lazify.index.view import View
from lazify.model.facts import MODULE, Does, Scope
from lazify.nodes import nodes_and_parents
from lazify.statements import parse

_SHOWN = frozenset({"repr", "str", "len"})
_FRAMES = frozenset({"locals", "vars", "eval", "exec", "_getframe"})


def takes(view: View, taking: Taking) -> bool:
    """Tell whether a module is taken there: not so where the table goes to a function that only searches it."""
    module = taking.holder
    operations = (each for scope in module.facts.scopes for each in scope.operations)
    for call in operations if "sys.modules" in taking.what else ():
        for position, argument in enumerate(call.arguments if call.does is Does.CALL else ()):
            if argument.span == taking.span:
                called = resolve(view.project, module, call.subject)
                is_plain = all(each.keyword is None for each in call.arguments[: position + 1])
                return not (is_plain and isinstance(called, Defined) and _searches(view, called, position))
    return True


def _searches(view: View, called: Defined, position: int) -> bool:
    """Tell whether the function only asks its argument at that position what it contains, and shows it."""
    scope = _function(called)
    if scope is None or position >= len(scope.parameters):
        return False
    parameter = scope.parameters[position]
    if parameter.kind != "positional":
        return False
    text = textwrap.dedent(view.text(called.module).cut(scope.span))
    nodes, around = nodes_and_parents(parse(text))
    if any(isinstance(node, ast.Name | ast.Attribute) and _last(node) in _FRAMES for node in nodes):
        return False
    names = [node for node in nodes if isinstance(node, ast.Name) and node.id == parameter.name]
    return all(_is_harmless(name, list(_outwards(name, around))) for name in names)


def _function(called: Defined) -> Scope | None:
    """Give the function, where the name is bound to nothing else."""
    scopes = called.module.facts.scopes
    number = scopes[MODULE].definitions.get(called.name)
    bound = called.module.facts.bindings.get(called.name, ())
    is_one = number is not None and len(bound) == 1 and scopes[number].kind == "function"
    return scopes[number] if number is not None and is_one and not scopes[number].decorators else None


def _outwards(node: ast.AST, around: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while (node := around.get(node, node)) in around:
        yield node


def _is_harmless(name: ast.Name, outwards: list[ast.AST]) -> bool:
    """`a in name`, `"%r is in %r" % (a, name)`, `f"{name}"`, `repr(name)`"""
    match outwards:
        case [ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[asked]), *_]:
            return asked is name
        case [ast.FormattedValue(), *_]:
            return True
        case [ast.Tuple() as shown, ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod(), right=right), *_]:
            return right is shown
        case [ast.Call(func=ast.Name(id=how), args=[shown], keywords=[]), *_]:
            return shown is name and how in _SHOWN
    return False


def _last(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr
