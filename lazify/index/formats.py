"""Names that a format asks the module's own variables for: `"%(scheme)s:%(path)s" % locals()`."""

import ast
import re
from collections.abc import Iterator

from lazify.index.drafts import MODULE_BODY
from lazify.index.references import record
from lazify.index.scopes import resolve
from lazify.index.walk import LOAD, Walk
from lazify.model.facts import MODULE, Role

_TABLES = frozenset({"locals", "globals", "vars"})
_FIELD = re.compile(r"%(?:(%)|\((\w+)\)[#0\- +]*\d*(?:\.\d+)?[hlL]?[diouxXeEfFgGcrsa]|)")
"""Of printf-style formatting; empty where it is none of those that ask for a name, and for nothing else."""


def note_format(walk: Walk, text: ast.expr, table: ast.expr) -> None:
    """Record the names that a constant format asks for as uses, at module level, instead of a look-up of any name."""
    is_plain = walk.role is LOAD and not walk.is_unlocated
    if not is_plain or walk.frame.kind != MODULE_BODY or walk.draft.number != MODULE:
        return
    match text, table:
        case ast.Constant(value=str(pattern)), ast.Call(func=ast.Name(id=name), args=[], keywords=[]):
            if name not in _TABLES or name in walk.module_names:
                return
            names = list(dict.fromkeys(_names(pattern)))
            found = [resolve(walk, each) for each in names if each is not None]
            is_vague = any(each[4] for each in found)
            if None not in names and not is_vague and all(each[2] == MODULE for each in found):
                walk.formats.add(id(table))
                for each in found:
                    record(walk, table, each, Role.FORMAT)


def _names(pattern: str) -> Iterator[str | None]:
    """Yield the names that are asked for; None for a field that needs the whole table, or cannot be read."""
    for field in _FIELD.finditer(pattern):
        if field.group(1) is None:
            yield field.group(2)
