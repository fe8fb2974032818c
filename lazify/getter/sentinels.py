"""Whether `...` can stand for "not made yet": not where the value itself may be Ellipsis."""

import ast
from collections.abc import Iterator

from lazify.getter.groups import Group
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External
from lazify.index.view import View
from lazify.model.facts import CallRef, Role

_GIVE_ANYTHING = frozenset(
    {
        Builtin("eval"),
        External("ast.literal_eval"),
        External("pickle.load"),
        External("pickle.loads"),
        External("copy.copy"),
        External("copy.deepcopy"),
    }
)


def may_be_ellipsis(view: View, group: Group) -> bool:
    """Tell whether code that makes, gives or stores the value has Ellipsis among its values."""
    for number in group.statements:
        value = group.module.facts.statements[number].value
        if isinstance(value, CallRef) and resolve(view.project, group.module, value.callee) in _GIVE_ANYTHING:
            return True
    return any(_has_ellipsis(view.text(module).whole) for module in dict.fromkeys(_sources(view, group)))


def _sources(view: View, group: Group) -> Iterator[Module]:
    """Yield the modules whose code the value may come from."""
    yield group.module
    for path, _ in view.effects.reached((group.module, number) for number in group.statements):
        yield view.project.modules[path]
    for uses in group.module.facts.uses.values():
        for use in uses:
            if use.statement in group.statements:
                target = view.project.named(group.module, use)
                if isinstance(target, Defined):
                    yield target.module
                yield from (owner for owner, _, _ in view.project.steps(group.module, use))
    for found in group.occurrences:
        yield from (use.module for use in found.uses if use.use.role is Role.STORE)


def _has_ellipsis(text: str) -> bool:
    if "..." not in text and "Ellipsis" not in text:
        return False
    return any(map(_is_ellipsis, _values(ast.parse(text))))


def _values(node: ast.AST) -> Iterator[ast.AST]:
    """Walk the tree without what is no value of the program: bodies of stubs, types, required fields."""
    pending = [node]
    while pending:
        node = pending.pop()
        yield node
        for child in ast.iter_child_nodes(node):
            is_stub = isinstance(node, ast.Expr) and _is_ellipsis(child)
            is_index = isinstance(node, ast.Subscript) and child is node.slice
            if not (is_stub or is_index or (_is_ellipsis(child) and _makes_instance(node))):
                pending.append(child)


def _is_ellipsis(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value=value):
            return value is ...
        case ast.Name(id="Ellipsis"):
            return True
        case _:
            return False


def _makes_instance(node: ast.AST) -> bool:
    """`Field(...)`, `Query(...)` say that something is required."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2][:1].isupper()
