"""Random values made at import: whoever forks afterwards shares them with its workers.

TOKEN = secrets.token_hex(16)       one for all workers of `gunicorn --preload`, and of a process pool
csrf = CSRFProtection()             draws a key, too, and is an object that does something
"""

from collections.abc import Iterator

from lazify.getter.candidates import is_asked_for, is_instance
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.view import View
from lazify.model.effects import Effect, EffectKind, Level


def drawn_problem(view: View, group: Group) -> Iterator[Problem]:
    """Say so of a plain value that is drawn and nothing else: waiting wins nothing, and each process gets its own."""
    module = group.module
    drawn = _drawn(view, group)
    is_wanted = any(is_asked_for(view, module, number) for number in group.statements)
    if drawn and not is_wanted and not is_instance(view, group):
        reason = f"processes that fork after the import share it; later each would draw its own ({drawn[0].callee})"
        yield problem(reason, module, group.first.span)


def drawn_note(view: View, group: Group) -> Iterator[str]:
    """Say so of an object that draws something while it is made, and does nothing else."""
    drawn = _drawn(view, group)
    if drawn and is_instance(view, group):
        yield f"processes that fork before first use draw their own random values ({drawn[0].callee})"


def _drawn(view: View, group: Group) -> list[Effect]:
    found = [
        e for n in group.statements for e in view.effects.of_statement(group.module, n, least=Level.RISKY)
    ]
    return found if all(effect.kind is EffectKind.ENTROPY for effect in found) else []
