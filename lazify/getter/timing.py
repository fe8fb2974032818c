"""What a making does that would be something else later, or begins: clocks, shared state, threads."""

from lazify.getter.escape.kept import is_only_kept
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.project import Defined
from lazify.index.reach import MOST
from lazify.index.view import View
from lazify.model.effects import ORDER_KINDS, Effect, EffectKind, Level

_WORKS = frozenset(
    {EffectKind.THREAD, EffectKind.PROCESS, EffectKind.NETWORK, EffectKind.SLEEP, EffectKind.EXIT}
)
"""What a statement begins, rather than configures."""
_LATER = {
    EffectKind.CLOCK: "its value tells when it was made, or in which thread ({callee})",
    EffectKind.LOOP: "it runs or fetches the event loop, which may be running later ({callee})",
    EffectKind.STATE: "making it reads or writes what others share, so moving it changes what they see ({callee})",
}


def effect_problem(view: View, group: Group) -> Problem | None:
    """Refuse what would differ when it runs later, and what begins work rather than makes a value."""
    module = group.module
    own = {f"{module.name}.{name}" for name in group.names}
    for number in group.statements:
        statement = module.facts.statements[number]
        effects = view.effects.of_statement(module, number)
        for effect in effects:
            if effect.kind in ORDER_KINDS and effect.callee not in own:
                if _is_kept_state(view, group, effect, effects):
                    continue
                return problem(_LATER[effect.kind].format(callee=effect.callee), module, statement.span)
            if effect.kind in _WORKS and statement.kind == "Expr":
                reason = f"the statement starts work at import ({effect.kind}: {effect.callee})"
                return problem(reason, module, statement.span)
    return None


def surroundings_problem(view: View, group: Group) -> Problem | None:
    """Refuse what only reads its surroundings: a later answer may be another, and nothing is won."""
    effects = [e for number in group.statements for e in view.effects.of_statement(group.module, number)]
    if any(effect.level > Level.SAFE for effect in effects):
        return None
    for effect in effects:
        if effect.kind is EffectKind.SURROUNDINGS:
            reason = f"it reads what the program may change before the first use ({effect.callee})"
            return problem(reason, group.module, group.first.span)
    return None


def _is_kept_state(view: View, group: Group, effect: Effect, effects: tuple[Effect, ...]) -> bool:
    """Tell whether the state is an object that the making reads by its name, and only to keep it."""
    is_state = effect.kind is EffectKind.STATE
    if not is_state or sum(each.kind is EffectKind.STATE for each in effects) >= MOST[EffectKind.STATE]:
        return False  # of so many, some are not told
    found = view.project.find(effect.callee, seen_from=group.module)
    if found is None or len(found[1]) != 1:
        return False
    named = [each for each in view.project.mentioning(found[1][0]) if each.name == found[0].name]
    return named == [found[0]] and is_only_kept(view, group, Defined(found[0], found[1][0]))
