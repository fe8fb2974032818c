"""What several pieces of code do with one object, each in its turn: a getter takes its turn when it is asked for.

text = archive.read("a")     fails where a function has closed the archive
head = file.readline()       reads the same file as
body = file.read()           this, and whoever comes second gets the rest
weights = rng.normal(3)      draws from the same sequence as the functions that use rng
"""

from collections.abc import Iterator

from lazify.getter.class_state import reached_scopes
from lazify.getter.closing import is_at_shutdown
from lazify.getter.groups import Group, root
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import UseOccurrence, occurrences
from lazify.index.project import Builtin, Defined, External, InModule
from lazify.index.view import View
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Role

_SEQUENCES = ("io.", "itertools.", "sqlite3.Cursor", "csv.", "random.Random", "numpy.random.", "faker.")
"""Classes whose objects give another thing each time, whoever asks."""
_ENDS = frozenset(
    {"aclose", "cancel", "close", "disconnect", "join", "kill", "quit", "shutdown", "stop", "terminate"}
)
_ITERATORS = frozenset({"enumerate", "filter", "map", "reversed", "zip"})
_WORK = frozenset(
    {
        EffectKind.DATABASE,
        EffectKind.ENTROPY,
        EffectKind.FILE_WRITE,
        EffectKind.NETWORK,
        EffectKind.PROCESS,
    }
)


def turn_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse what takes its turn with an object that is not made here and that others use."""
    module = group.module
    for number in group.statements:
        is_work = any(effect.kind in _WORK for effect in view.effects.of_statement(module, number))
        for name in sorted(_read(module, number)):
            owner = view.project.lookup(module, name)
            if not isinstance(owner, Defined) or any(
                binding.statement in group.statements for binding in module.facts.bindings.get(name, ())
            ):
                continue  # a module or a class, or made here: no object that one statement leaves to the next
            is_called = name in _called_on(module, number)
            is_in_turn = (is_work and is_called) or _is_sequence(view, module, name)
            may_end = is_called and not _is_plain(view, module, name)
            if not (is_in_turn or may_end):
                continue
            others = [
                use
                for use in occurrences(view.project, owner.module, owner.name).uses
                if not group.owns(use.module, use.use.statement) and use.use.role is not Role.STORE
            ]
            if is_in_turn:
                for use in others:
                    reason = f"others work on {name} too, in an order that a getter would not keep"
                    yield problem(reason, use.module, use.span)
            for use in others if may_end else ():
                if ends(use) and not is_at_shutdown(view, use):
                    reason = f"{name}, which making it calls, may be closed before somebody asks for it"
                    yield problem(reason, use.module, use.span)
    yield from _turns_in_functions(view, group)


def _turns_in_functions(view: View, group: Group) -> Iterator[Problem]:
    """The same, where a function that the making calls draws from such a sequence: `self.salt = rng.random()`."""
    scopes = set(reached_scopes(view, group))
    for module in dict.fromkeys(module for module, _ in scopes):
        for name, uses in module.facts.uses.items():
            inside = [each for each in uses if (module, each.scope) in scopes and each.role is Role.LOAD]
            owner = view.project.lookup(module, name) if inside else None
            if isinstance(owner, InModule) and inside[0].attributes:
                owner = view.project.member(owner, inside[0].attributes[0])
            if not isinstance(owner, Defined) or not _is_sequence(view, owner.module, owner.name):
                continue
            alone = {(module, each.scope) for each in inside if _is_run_by(view, group, module, each.scope)}
            for use in occurrences(view.project, owner.module, owner.name).uses:
                is_own = (use.module, use.use.scope) in alone or group.owns(use.module, use.use.statement)
                if not is_own and use.use.role is not Role.STORE:
                    reason = f"others work on {owner.name} too, in an order that a getter would not keep"
                    yield problem(reason, use.module, use.span)


def _is_run_by(view: View, group: Group, module: Module, scope: int) -> bool:
    """Tell whether nothing but the making uses a function, or the class that it is a method of."""
    found = occurrences(view.project, module, module.facts.scopes[scope].name.partition(".")[0])
    if found.mentions or found.exports:
        return False
    is_used = (each for each in found.uses if each.use.role not in (Role.STORE, Role.ANNOTATION))
    return all(group.owns(each.module, each.use.statement) for each in is_used)


def _read(module: Module, number: int) -> set[str]:
    """List the names that running the statement reads."""
    return {
        name
        for name, uses in module.facts.uses.items()
        for use in uses
        if use.statement == number and use.bound == MODULE and use.role is Role.LOAD
    }


def _called_on(module: Module, number: int) -> set[str]:
    """List the names whose methods the statement calls."""
    roots = (
        root(operation.subject)
        for operation in module.facts.scopes[MODULE].operations
        if operation.statement == number
        and operation.does is Does.CALL
        and isinstance(operation.subject, AttributeRef)
    )
    return {found.name for found in roots if isinstance(found, NameRef) and found.scope == MODULE}


def ends(use: UseOccurrence) -> bool:
    """Tell whether all that is done with the value is `x.stop()`."""
    start = use.use.span[:2]
    return any(
        operation.does is Does.CALL
        and isinstance(operation.subject, AttributeRef)
        and operation.subject.name in _ENDS
        and operation.span[:2] == start
        for operation in use.module.facts.scopes[use.use.scope].operations
    )


def _is_plain(view: View, module: Module, name: str) -> bool:
    """Tell whether it is a text or a container, whose `join` ends nothing."""
    return isinstance(view.effects.class_of(module, NameRef(name, MODULE), MODULE), Builtin)


def _is_sequence(view: View, module: Module, name: str) -> bool:
    match view.effects.class_of(module, NameRef(name, MODULE), MODULE):
        case External(found):
            return found.startswith(_SEQUENCES)
        case Builtin(found):
            return found in _ITERATORS
    return False
