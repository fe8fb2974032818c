"""Random values made at import: whoever forks afterwards shares them with its workers.

TOKEN = secrets.token_hex(16)       one for all workers of `gunicorn --preload`, and of a process pool
csrf = CSRFProtection()             draws a key, too, and is an object that does something
"""

from collections.abc import Iterator

from lazify.getter.candidates import is_asked_for
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.effects import Effect, EffectKind, Level
from lazify.model.facts import MODULE

_PLAIN = frozenset({"builtins.str", "builtins.bytes", "builtins.int", "builtins.float", "uuid.UUID"})
"""Classes whose objects are nothing but a value."""


def drawn_problem(view: View, group: Group) -> Iterator[Problem]:
    """Say so of a plain value that is drawn and nothing else: waiting wins nothing, and each process gets its own."""
    module = group.module
    drawn = _drawn(view, group)
    is_wanted = any(is_asked_for(view, module, number) for number in group.statements)
    if drawn and not is_wanted and not _is_object(view, group):
        reason = f"processes that fork after the import share it; later each would draw its own ({drawn[0].callee})"
        yield problem(reason, module, group.first.span)


def drawn_note(view: View, group: Group) -> Iterator[str]:
    """Say so of an object that draws something while it is made, and does nothing else."""
    drawn = _drawn(view, group)
    if drawn and _is_object(view, group):
        yield f"processes that fork before first use draw their own random values ({drawn[0].callee})"


def _is_object(view: View, group: Group) -> bool:
    """Tell whether the value is an object of some class, and no plain text, number or the like."""
    values = (group.module.facts.statements[number].value for number in group.statements)
    classes = (view.effects.class_of(group.module, value, MODULE) for value in values if value is not None)
    return any(
        isinstance(each, Defined) or (isinstance(each, External) and each.name not in _PLAIN)
        for each in classes
    )


def _drawn(view: View, group: Group) -> list[Effect]:
    found = [
        e for n in group.statements for e in view.effects.of_statement(group.module, n, least=Level.RISKY)
    ]
    return found if all(effect.kind is EffectKind.ENTROPY for effect in found) else []
