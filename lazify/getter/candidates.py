"""Which statements make a value that should wait: by what they do, by the user's word, or by what they use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from types import MappingProxyType

from lazify.getter.groups import Group, group_of
from lazify.getter.pins import import_time_uses
from lazify.getter.types import is_class
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.view import View
from lazify.model.effects import Effect, EffectKind, Evidence, Level
from lazify.model.facts import MODULE, AttributeRef, CallRef, Does, ItemRef, NameRef, Ref, Statement
from lazify.model.places import Place

_READS = frozenset({EffectKind.FILE_READ, EffectKind.ENVIRONMENT})
_VALUE_STATEMENTS = frozenset({"Assign", "AnnAssign", "With", "Try", "If"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Candidate:
    """A group, the code of its finding, and why it should wait."""

    group: Group
    code: str
    why: tuple[Evidence, ...]
    bases: tuple[Group, ...] = ()
    """The groups whose values it is computed from, if that is its only reason."""
    is_declaration: bool = False
    is_configured: bool = False
    """Making it is harmless, and configuring it is not: if it has to stay, LZ104 says what is to be said."""
    is_for_others: bool = False
    """It is made lazy for the sake of what its making needs."""


_FIND_SPEC = External("importlib.util.find_spec")

Wanted = Mapping[tuple[Module, int], tuple[Evidence, ...]]
"""Statements whose values should wait for the sake of others, and why."""


def candidates(view: View, wanted: Wanted = MappingProxyType({})) -> list[Candidate]:
    """Find every group that should wait, with the groups that are computed from them at import."""
    found: dict[tuple[Module, int], Candidate] = {}
    for candidate in _seeds(view, wanted):
        if (candidate.group.module, candidate.group.statements[0]) not in found:
            _add(found, candidate)
    _close(view, found, [candidate.group for candidate in found.values()])
    return list(dict.fromkeys(found.values()))


def with_makers(
    view: View, known: Iterable[Candidate], reaching: Mapping[Group, tuple[Module, int]]
) -> list[Candidate]:
    """Add the groups whose making, at import, reaches a use of a known group in a function.

    `service = Service()` whose constructor uses `config` needs it at import, and can wait as well.
    """
    found = {(c.group.module, number): c for c in known for number in c.group.statements}
    added: list[Group] = []
    for group, (module, number) in reaching.items():
        statement = module.facts.statements[number]
        if not makes_value(statement):
            continue
        if (module, number) in found:
            _rebase(found, found[module, number], (group,))
            continue
        maker = group_of(view, module, number)
        if maker is None or any((module, n) in found for n in maker.statements):
            continue
        fact = f"making {maker.names[0]} uses {group.names[0]}"
        why = (Evidence(fact=fact, at=Place(module.path, statement.span)),)
        code = _code(view, maker, view.effects.of_statement(module, number))
        is_declaration = _is_declaration(view, module, statement)
        _add(found, Candidate(group=maker, code=code, why=why, bases=(group,), is_declaration=is_declaration))
        added.append(maker)
    _close(view, found, added)
    return list(dict.fromkeys(found.values()))


def _close(view: View, found: dict[tuple[Module, int], Candidate], queue: list[Group]) -> None:
    """Add what is computed from the groups of `queue`, and from those, and so on."""
    while queue:
        for candidate in _computed_from(view, queue.pop()):
            known = next(
                (found[k] for n in candidate.group.statements if (k := (candidate.group.module, n)) in found),
                None,
            )
            if known is None:
                _add(found, candidate)
                queue.append(candidate.group)
            else:
                _rebase(found, known, candidate.bases)


def _rebase(found: dict[tuple[Module, int], Candidate], known: Candidate, bases: tuple[Group, ...]) -> None:
    """A group that waits only for others waits for these, too."""
    if known.bases:
        _add(found, replace(known, bases=tuple(dict.fromkeys((*known.bases, *bases)))))


def _add(found: dict[tuple[Module, int], Candidate], candidate: Candidate) -> None:
    found.update({(candidate.group.module, number): candidate for number in candidate.group.statements})


def makes_value(statement: Statement) -> bool:
    """Tell whether a statement binds names in a way that a getter could."""
    return bool(statement.binds) and statement.kind in _VALUE_STATEMENTS and statement.guard is None


def _seeds(view: View, wanted: Wanted) -> Iterator[Candidate]:
    threshold = Level.RISKY if view.config.risky else Level.DANGEROUS
    for module in view.reported():
        for number, statement in enumerate(module.facts.statements):
            if not makes_value(statement):
                continue
            is_named = is_asked_for(view, module, number, but="*")
            is_declaration = _is_declaration(view, module, statement)
            if is_declaration and not is_named:
                continue
            is_forced = is_named or is_asked_for(view, module, number)
            effects = view.effects.of_statement(module, number, least=Level.SAFE if is_forced else threshold)
            worst = max(effects, key=lambda effect: effect.level, default=None)
            is_harmless = not is_forced and (worst is None or worst.level < threshold)
            asked = wanted.get((module, number)) if is_harmless else None
            configuring = _configuring(view, module, number, threshold) if is_harmless and not asked else None
            if is_harmless and not asked and configuring is None:
                continue
            group = group_of(view, module, number)
            if group is not None:
                yield Candidate(
                    group=group,
                    code=_code(view, group, effects),
                    why=asked or _why(group, configuring or worst),
                    is_declaration=is_declaration,
                    is_configured=configuring is not None,
                    is_for_others=asked is not None,
                )


def _configuring(view: View, module: Module, number: int, threshold: Level) -> Effect | None:
    """Find the effect of what only configures the value: `config.read("app.ini")`."""
    statements = module.facts.statements
    if statements[number].target_form != "name":
        return None
    name = statements[number].binds[0]
    effects = [
        effect
        for later, statement in enumerate(statements)
        if later > number and statement.kind == "Expr" and statement.receiver == name and not statement.guard
        for effect in view.effects.of_statement(module, later, least=threshold)
        if effect.level >= threshold
    ]
    # What it writes, others may look for by themselves.
    is_reading = all(effect.kind in _READS or effect.level < Level.DANGEROUS for effect in effects)
    return effects[0] if effects and is_reading else None


def _why(group: Group, worst: Effect | None) -> tuple[Evidence, ...]:
    if worst is not None and worst.level > Level.SAFE:
        return worst.chain
    place = Place(group.module.path, group.first.span)
    return (Evidence(fact=f"{group.names[0]} is to be lazy by --singleton", at=place),)


def _code(view: View, group: Group, effects: tuple[Effect, ...]) -> str:
    """Tell a constructed instance from a call's result and from a required environment variable."""
    proven = {effect.kind for effect in effects if effect.level is Level.DANGEROUS}
    if proven == {EffectKind.ENVIRONMENT} and not is_instance(view, group):
        return "LZ103"
    return "LZ101" if is_instance(view, group) else "LZ102"


def is_instance(view: View, group: Group) -> bool:
    """Tell whether the value is an object of a class that is called."""
    values = group.module.facts.scopes[MODULE].locals.get(group.names[0], ())
    return any(isinstance(v, CallRef) and _is_instance_of_class(view, group, v.callee) for v in values)


def _is_instance_of_class(view: View, group: Group, callee: Ref | None) -> bool:
    is_builtin = isinstance(resolve(view.project, group.module, callee), Builtin)
    return not is_builtin and is_class(view, group.module, callee)


def _is_declaration(view: View, module: Module, statement: Statement) -> bool:
    """Tell whether the value must exist at import by its nature: a type variable, a lock, a sentinel."""
    value = statement.value
    callee = (
        value.callee if isinstance(value, CallRef) else value.value if isinstance(value, ItemRef) else None
    )
    target = _unaliased(view, module, callee)
    name = (
        target.name
        if isinstance(target, External)
        else f"builtins.{target.name}"
        if isinstance(target, Builtin)
        else ""
    )
    fact = view.knowledge.fact(name) if name else None
    return fact is not None and fact.is_declaration


def _unaliased(view: View, module: Module, callee: Ref | None) -> Target | None:
    """Tell what is called, also by another name: `make = namedtuple`."""
    target = resolve(view.project, module, callee)
    while isinstance(target, Defined):
        values = target.module.facts.scopes[MODULE].locals.get(target.name, ())
        if len(values) != 1 or not isinstance(values[0], NameRef | AttributeRef):
            break
        further = resolve(view.project, target.module, values[0])
        if further == target:
            break
        target = further
    return target


def is_asked_for(view: View, module: Module, number: int, *, but: str = "") -> bool:
    """Tell whether the user wants what the statement binds, or what it calls, to be lazy."""
    patterns = [pattern for pattern in view.config.singleton if pattern != but]
    if not patterns or not _calls_something(module, number) or _asks_for_packages(view, module, number):
        return False
    statement = module.facts.statements[number]
    names = [*statement.binds, *(f"{module.name}.{name}" for name in statement.binds)]
    if isinstance(statement.value, CallRef):
        names += [n for n in (_written(statement.value.callee), _last(statement.value.callee)) if n]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _calls_something(module: Module, number: int) -> bool:
    """Tell whether the statement makes its value by a call at all: constants have nothing to defer."""
    return any(
        operation.statement == number and operation.does is Does.CALL
        for operation in module.facts.scopes[MODULE].operations
    )


def _asks_for_packages(view: View, module: Module, number: int) -> bool:
    """`TORCH_AVAILABLE = find_spec("torch") is not None`, as LZ202 writes it: what it was made for is won already."""
    calls = [
        operation.subject
        for operation in module.facts.scopes[MODULE].operations
        if operation.statement == number and operation.does is Does.CALL
    ]
    return all(resolve(view.project, module, each) == _FIND_SPEC for each in calls)


def _written(ref: Ref | None) -> str:
    match ref:
        case NameRef(name, _):
            return name
        case AttributeRef(value, name):
            return f"{_written(value)}.{name}"
        case _:
            return ""


def _last(ref: Ref | None) -> str:
    return _written(ref).rpartition(".")[2]


def _computed_from(view: View, group: Group) -> Iterator[Candidate]:
    """Yield the groups whose statements read the value at import: `db = client[name]`."""
    for use in import_time_uses(group):
        module, number = use.module, use.use.statement
        if not makes_value(module.facts.statements[number]) or use.use.scope != MODULE:
            continue
        dependent = group_of(view, module, number)
        if dependent is None:
            continue
        place = Place(module.path, use.span)
        fact = f"{dependent.names[0]} is computed from {root_name(group)}"
        effects = view.effects.of_statement(module, number)
        why = (Evidence(fact=fact, at=place),)
        yield Candidate(
            group=dependent,
            code=_code(view, dependent, effects),
            why=why,
            bases=(group,),
            is_declaration=_is_declaration(view, module, module.facts.statements[number]),
        )


def root_name(group: Group) -> str:
    """Name a group in a sentence."""
    return group.names[0]
