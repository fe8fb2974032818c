"""What the making of a value reads, and whether it means something else when the making runs later."""

from collections.abc import Iterable, Iterator

from lazify.getter.aliases.files import file_problem
from lazify.getter.aliases.problems import alias_problem
from lazify.getter.changed_elsewhere import ChangesElsewhere
from lazify.getter.class_state import cache_problem, class_problem, dictionary_problem, reached_scopes
from lazify.getter.earlier import Earlier
from lazify.getter.escape.kept import is_only_kept
from lazify.getter.groups import Group, root
from lazify.getter.object_state import object_problem
from lazify.getter.problems import Problem, problem
from lazify.getter.rebound import rebound_problem
from lazify.getter.special_methods import special_method_problem
from lazify.index.changes import changed_in_place
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External, Project, Target
from lazify.index.view import View
from lazify.model.effects import EffectKind
from lazify.model.facts import MODULE, Does, NameRef, Role, Use
from lazify.model.places import Span

_VARIABLES = External("os.environ")
"""Each of its keys is an input of its own, unless all of them are read: `dict(os.environ)`."""
_WHOLE = frozenset({"copy", "items", "keys", "values"})


def input_problem(view: View, group: Group) -> Problem | None:
    """Refuse when something that the making reads, itself or in a function it calls, changes after it."""
    if found := _direct_problem(view, group) or _own_value_problem(view, group):
        return found
    reached: tuple[Defined | External, ...] = tuple(_read_in_functions(view, group))
    direct = (target for number in group.statements for target in direct_inputs(view, group, number))
    inputs = (*direct, *reached)
    found = (
        class_problem(view, group, inputs) or cache_problem(view, group) or dictionary_problem(view, group)
    )
    if found:
        return found
    if found := object_problem(view, group, inputs) or special_method_problem(view, group, inputs):
        return found
    changed = (_change_after(view, group, target) for target in reached)
    return next(filter(None, changed), None) or _mutation_elsewhere(view, reached, group)


def handed_problem(view: View, group: Group) -> Problem | None:
    """Refuse when what the making reads is changed, bound or written by code that has it under another name.

    To find that, objects are followed through the whole project: it is asked last, of what could wait otherwise.
    """
    direct = (target for number in group.statements for target in direct_inputs(view, group, number))
    inputs = (*direct, *_read_in_functions(view, group))
    defaults = (*inputs, *_defaults(view, group))
    if found := alias_problem(view, group, defaults) or rebound_problem(view, inputs):
        return found
    return file_problem(view, group, defaults)


def _own_value_problem(view: View, group: Group) -> Problem | None:
    """A constructor that asks whether its own value exists yet would ask the getter that is making it."""
    scopes = reached_scopes(view, group)
    for found in group.occurrences:
        for use in found.uses:
            if (use.module, use.use.scope) in scopes and not group.owns(use.module, use.use.statement):
                return _own_use(group, use.module, use.span)
        for each in found.mentions:
            if (each.module, each.mention.scope) in scopes:
                return _own_use(group, each.module, each.mention.span)
    return None


def _own_use(group: Group, module: Module, span: Span) -> Problem:
    return problem(f"making {group.names[0]} reaches a use of {group.names[0]} itself", module, span)


def _read_in_functions(view: View, group: Group) -> Iterator[Defined | External]:
    for module, scope in reached_scopes(view, group):
        for operation in module.facts.scopes[scope].operations:
            if operation.does is Does.READ and isinstance(operation.subject, NameRef):
                target = view.project.lookup(module, operation.subject.name)
                if isinstance(target, Defined) and not (
                    target.module is group.module and target.name in group.names
                ):
                    yield target
    scopes = reached_scopes(view, group)
    for module in dict.fromkeys(module for module, _ in scopes):
        for use in (use for uses in module.facts.uses.values() for use in uses if use.attributes):
            if (module, use.scope) in scopes and use.role is not Role.STORE:
                yield from _asked_of_modules(view.project, module, use)
                yield from _of_others(view.project.named(module, use), module, use)


def _defaults(view: View, group: Group) -> Iterator[Defined]:
    """`def load(path=STATE)`: what parameters have of the module-level names that the functions read."""
    reached = ((module, module.facts.scopes[number]) for module, number in reached_scopes(view, group))
    defaults = ((module, each.default) for module, scope in reached for each in scope.parameters)
    found = (resolve(view.project, *each) for each in defaults)
    return (each for each in found if isinstance(each, Defined))


def _change_after(view: View, group: Group, target: Defined | External) -> Problem | None:
    """`SIZE = 1`, the value whose making calls a function that reads SIZE, and then `SIZE = 2`."""
    if isinstance(target, External) or target.module is not group.module:
        return None
    bindings = [
        b for b in group.module.facts.bindings.get(target.name, ()) if b.scope == MODULE and not b.is_typing
    ]
    first, last = group.statements[0], group.statements[-1]
    is_bound_before = any(binding.statement < first for binding in bindings)
    for binding in bindings:
        if is_bound_before and binding.statement > last:
            return problem(
                f"{target.name}, which its making reads, is bound again later", group.module, binding.span
            )
    return _mutation_after(view, group, target.name, last)


def _direct_problem(view: View, group: Group) -> Problem | None:
    """A name that the statements read means something else after them."""
    facts = group.module.facts
    last: dict[str, int] = {}
    for number in group.statements:
        for use in _read_by(group.module, number):
            if not _is_read_later(view, group, use):
                last.setdefault(use.name, number)
    for name, number in last.items():
        bindings = facts.bindings.get(name, ())
        if name in group.names or any(b.statement in group.statements for b in bindings):
            continue  # local to the getter
        for binding in bindings:
            if binding.statement > number and binding.scope == MODULE and not binding.is_typing:
                if binding.statement in group.statements:
                    continue
                return problem(f"{name}, which it reads, is bound again later", group.module, binding.span)
            if binding.scope != MODULE:
                return problem(
                    f"{name}, which it reads, is rebound by a function", group.module, binding.span
                )
        if found := _mutation_after(view, group, name, number):
            return found
    return None


def _is_read_later(view: View, group: Group, use: Use) -> bool:
    """Tell whether the making only mentions the name: in an annotation, or in a function or lambda for later.

    Only the project's own code is known not to run a lambda that it gets. `Proxy(lambda: find())` above
    `def find()` does not, whoever made `Proxy`: nothing is there to be found.
    """
    if use.role is Role.ANNOTATION:
        return True
    kind = group.module.facts.scopes[use.scope].kind if use.deferred else ""
    if kind not in ("function", "lambda") or (group.module, use.scope) in reached_scopes(view, group):
        return False
    if kind == "function":
        return True
    if not group.is_single_assignment:
        return False
    effects = (e for number in group.statements for e in view.effects.of_statement(group.module, number))
    is_known = all(e.kind is not EffectKind.UNKNOWN for e in effects) and _is_given_to_own(view, group, use)
    return is_known or _is_bound_below(group, use.name)


def _is_given_to_own(view: View, group: Group, use: Use) -> bool:
    """Tell whether the value is what a function or plain class of the project gives, called with the lambda."""
    operations = group.module.facts.scopes[MODULE].operations
    calls = [o for o in operations if o.statement in group.statements and o.span.contains(use.span)]
    if [each.span for each in calls] != [group.first.value_span]:
        return False
    target = resolve(view.project, group.module, calls[0].subject)
    if calls[0].does is not Does.CALL or not isinstance(target, Defined):
        return False
    number = target.module.facts.scopes[MODULE].definitions.get(target.name)
    scope = target.module.facts.scopes[number] if number is not None else None
    return scope is not None and not (scope.bases or scope.decorators or scope.metaclass)


def _is_bound_below(group: Group, name: str) -> bool:
    bindings = [b for b in group.module.facts.bindings.get(name, ()) if not b.is_typing]
    is_below = all(b.scope == MODULE and b.statement > group.statements[-1] for b in bindings)
    return len(bindings) == 1 and is_below


def _mutation_elsewhere(view: View, reached: Iterable[Defined | External], group: Group) -> Problem | None:
    """Another module may change an input when it is imported: `settings.plugins.append("x")`, `settings.size = 5`."""
    direct = (target for number in group.statements for target in direct_inputs(view, group, number))
    for target in dict.fromkeys((*direct, *reached)):
        if found := _filled_elsewhere(view, group, target):
            return found
        for change in view.once(ChangesElsewhere).of(target):
            if change.is_at_import and view.once(Earlier).is_done(change.module, group):
                continue
            if not change.is_named or not is_only_kept(view, group, target):
                reason = f"{target.name}, which it reads, is changed by {change.module.name}"
                return problem(reason, change.module, change.operation.span)
    return None


def _filled_elsewhere(view: View, group: Group, target: Defined | External) -> Problem | None:
    """`registry._fill()` may import the module that reads what it fills, before it is done."""
    if isinstance(target, External) or target.module is group.module:
        return None
    numbers = view.effects.changed_at(target.module, target.name)
    if not numbers or is_only_kept(view, group, target):
        return None
    span = target.module.facts.statements[numbers[0]].span
    return problem(f"{target.name}, which it reads, is changed by {target.module.name}", target.module, span)


def direct_inputs(view: View, group: Group, number: int) -> Iterator[Defined | External]:
    """Yield the module-level names of the project that the statement reads, through whatever import."""
    project, module = view.project, group.module
    for use in _read_by(module, number):
        if _is_read_later(view, group, use):
            continue
        yield Defined(module, use.name)  # however it is written: `a.Box = …` replaces an import of `a`
        target = project.named(module, use)
        if isinstance(target, Defined):
            yield target
        yield from _of_others(target, module, use)
        yield from _asked_of_modules(project, module, use)


def _asked_of_modules(project: Project, module: Module, use: Use) -> Iterator[Defined]:
    """`settings.SIZES`: the name there, and what it stands for, if that module has it from another one."""
    for owner, name, _ in project.steps(module, use):
        yield Defined(owner, name)
        target = project.lookup(owner, name)
        if isinstance(target, Defined):
            yield target


def _of_others(target: Target | None, module: Module, use: Use) -> Iterator[External]:
    """`sys.argv`, which no module of the project owns."""
    if isinstance(target, External):
        read = use.attributes[: -1 if use.is_called else None]
        whole = External(".".join((target.name, *read)))
        is_value = bool(read) or ("." in whole.name and not use.is_called)
        if is_value and (whole != _VARIABLES or set(use.attributes) & _WHOLE or _is_handed(module, use)):
            yield whole


def _is_handed(module: Module, use: Use) -> bool:
    """Tell whether a call gets the object itself as an argument."""
    end = use.ends[-1] if use.ends else use.span[2:]
    return any(
        argument.span == (*use.span[:2], *end)
        for operation in module.facts.scopes[use.scope].operations
        for argument in operation.arguments
    )


def _mutation_after(view: View, group: Group, name: str, number: int) -> Problem | None:
    for later in view.effects.changed_at(group.module, name):
        if later > number and later not in group.statements:
            span = group.module.facts.statements[later].span
            return problem(f"{name}, which it reads, is changed in place later", group.module, span)
    for operation in group.module.facts.scopes[MODULE].operations:
        if operation.statement <= number or operation.statement in group.statements:
            continue
        changed = changed_in_place(operation)
        if changed is not None and root(changed) == NameRef(name, MODULE):
            if is_only_kept(view, group, view.project.lookup(group.module, name)):
                return None
            return problem(f"{name}, which it reads, is changed in place later", group.module, operation.span)
    return None


def _read_by(module: Module, number: int) -> Iterator[Use]:
    for use in module.uses_at(number):
        if use.bound == MODULE and use.role is not Role.STORE:
            yield use
