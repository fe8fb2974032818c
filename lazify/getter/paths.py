"""Whether statements bind a name on every path through them: a getter cannot return what may stay unbound."""

import ast
import textwrap
from collections.abc import Sequence

from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.view import View
from lazify.model.places import Span


def path_problem(view: View, group: Group) -> Problem | None:
    """Refuse when some path through the group's statements leaves one of its names unbound."""
    body = [node for number in group.statements for node in _parsed(view, group, number)]
    for name in group.names:
        if not _binds(body, name):
            return problem(f"{name} may stay unbound", group.module, group.first.span)
    return None


def _parsed(view: View, group: Group, number: int) -> list[ast.stmt]:
    span = group.module.facts.statements[number].span
    text = view.text(group.module).cut(Span(span.line, 0, span.end_line, span.end_column))
    if group.module.facts.statements[number].shares_line:
        text = view.text(group.module).cut(span)
    return ast.parse(textwrap.dedent(text)).body


def _binds(body: Sequence[ast.stmt], name: str) -> bool:
    """Tell whether running `body` to its end binds `name`; a body that never ends so binds everything."""
    return any(_statement_binds(statement, name) for statement in body)


def _statement_binds(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Raise() | ast.Return():
            return True
        case ast.If(body=body, orelse=orelse):
            return _binds_in(statement.test, name) or (_binds(body, name) and _binds(orelse, name))
        case ast.Try(body=body, handlers=handlers, orelse=orelse, finalbody=finalbody):
            caught = all(_binds(handler.body, name) for handler in handlers)
            return _binds(finalbody, name) or (_binds([*body, *orelse], name) and caught)
        case ast.With(body=body):
            # A context manager may swallow an exception and leave its body half run.
            targets = (item.optional_vars for item in statement.items)
            return any(target is not None and _binds_in(target, name) for target in targets) or (
                _binds(body, name) and not _may_swallow(statement)
            )
        case ast.For() | ast.While() | ast.Match() | ast.FunctionDef() | ast.ClassDef():
            return False
        case ast.AnnAssign(value=None):
            return False
        case _:
            return _binds_in(statement, name)


def _binds_in(node: ast.AST, name: str) -> bool:
    names = (child for child in ast.walk(node) if isinstance(child, ast.Name))
    return any(child.id == name and isinstance(child.ctx, ast.Store) for child in names)


def _may_swallow(statement: ast.With) -> bool:
    """Files never swallow an exception; `suppress` does, and of others nobody knows."""
    calls = [item.context_expr for item in statement.items]
    return not all(isinstance(call, ast.Call) and ast.unparse(call.func).endswith("open") for call in calls)
