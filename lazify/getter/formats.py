"""Formats that ask a module's variables for names, spelled out: a getter has other variables.

ROOT = "https://%(HOST)s" % locals()        # _root = "https://%(HOST)s" % dict(HOST=HOST)
PATH = "%(ROOT)s/v1" % locals()             # _path = "%(ROOT)s/v1" % dict(ROOT=get_root())
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterator

from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.occurrences import Namespace, UseOccurrence
from lazify.index.project import Builtin
from lazify.index.view import View, runs_in_service
from lazify.model.changes import AddArgument, Edit, Replace
from lazify.model.facts import Role
from lazify.model.places import Span

_TABLE = re.compile(r"\w+")


def format_problem(view: View, group: Group) -> Problem | None:
    """Say why the names that a format of the making asks for cannot be spelled out."""
    module = group.module
    for span, names in _formats(group).items():
        bound = {b.name for n in names for b in module.facts.bindings[n] if b.statement in group.statements}
        if bound:
            reason = f"a format asks for {min(bound)} by its name, which is bound together with it"
            return problem(reason, module, span)
        if view.project.lookup(module, "dict") != Builtin("dict"):
            return problem("a format asks for names, and dict means something else here", module, span)
    return None


def spelled_out(view: View, group: Group, lazy: Container[Namespace]) -> Iterator[Edit]:
    """Yield the edits that hand a format what it asks for; whatever becomes `lazy` comes with its own change."""
    module = group.module
    for span, names in _formats(group).items():
        table = _TABLE.match(view.text(module).cut(span))
        assert table is not None, "the call of a function by its name"
        kept = [name for name in names if Namespace(module, name) not in lazy]
        if kept == names and table.group() == "globals":
            continue  # it means the same in a function
        end = span.column + table.end()
        yield Replace(path=module.path, span=Span(span.line, span.column, span.line, end), code="dict")
        if kept:
            code = ", ".join(f"{name}={name}" for name in kept)
            yield AddArgument(path=module.path, span=span, code=code)


def asked(use: UseOccurrence, name: str, getter: str) -> Edit | Problem:
    """Hand the format the value that it asks for, where it stands in what becomes a getter itself."""
    if use.use.deferred or not runs_in_service(use.module):
        return problem(f"a format asks for {name} by its name", use.module, use.span)
    return AddArgument(path=use.module.path, span=use.span, code=f"{use.use.name}={getter}()")


def _formats(group: Group) -> dict[Span, list[str]]:
    """The names that are asked for, by the call of `locals()`."""
    found: defaultdict[Span, list[str]] = defaultdict(list)
    for uses in group.module.facts.uses.values():
        for use in uses:
            if use.role is Role.FORMAT and use.statement in group.statements:
                found[use.span].append(use.name)
    return found
