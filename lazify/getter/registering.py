"""Objects that hand themselves on while they are made: whoever gets them would not know them before first use.

class Audit:
    def __init__(self):
        saved.connect(self.on_saved)       a signal calls it from now on
        bus.subscribe("orders", self)      and so does a bus
"""

from collections.abc import Iterator

from lazify.getter.class_state import reached_scopes
from lazify.getter.groups import Group, root
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, NameRef, Operation, Ref


def registering_problem(view: View, group: Group) -> Iterator[Problem]:
    """Refuse what making gives an object of the project to code that nobody has read, and that may keep it."""
    for module, number in reached_scopes(view, group):
        for operation in module.facts.scopes[number].operations:
            if operation.does is not Does.CALL or not _is_dropped(view, module, operation):
                continue
            if _may_keep(view, module, number, operation) and any(
                _is_own(view, module, number, argument.ref) for argument in operation.arguments
            ):
                yield problem("making it hands it on to others, who may call it", module, operation.span)


def _is_dropped(view: View, module: Module, operation: Operation) -> bool:
    """Tell whether the call is a statement of its own: what it gives is not what it is made for."""
    text, span = view.text(module), operation.span
    before = text.line(span.line)[: span.column].strip()
    after = text.line(span.end_line)[span.end_column :].partition("#")[0].strip()
    return not before and not after


def _may_keep(view: View, module: Module, number: int, operation: Operation) -> bool:
    """Tell whether it is a function of a package, or the method of an object that is not made here."""
    if not isinstance(operation.subject, NameRef | AttributeRef):
        return False
    target = resolve(view.project, module, operation.subject)
    if isinstance(target, External):
        fact = view.knowledge.fact(target.name)
        return fact is None or fact.mutates or not fact.is_harmless
    owner = root(operation.subject)
    if not isinstance(operation.subject, AttributeRef) or not isinstance(owner, NameRef):
        return False
    if owner.scope != MODULE:
        return owner.name in {each.name for each in module.facts.scopes[number].parameters[1:]}
    kind = view.effects.class_of(module, operation.subject.value, number)
    if not isinstance(view.project.lookup(module, owner.name), Defined) or isinstance(kind, Defined):
        return False  # what lazify has read
    fact = (
        view.knowledge.fact(f"{kind.name}.{operation.subject.name}") if isinstance(kind, External) else None
    )
    return fact is None or fact.mutates or not fact.is_harmless


def _is_own(view: View, module: Module, number: int, ref: Ref | None) -> bool:
    """Tell whether it is an object of a class of the project, or a method of one."""
    if isinstance(ref, AttributeRef):
        kind = view.effects.class_of(module, ref.value, number)
        return isinstance(kind, Defined) and ref.name in _body(kind)
    return isinstance(ref, NameRef) and isinstance(view.effects.class_of(module, ref, number), Defined)


def _body(cls: Defined) -> frozenset[str]:
    facts = cls.module.facts
    number = facts.scopes[MODULE].definitions.get(cls.name)
    return frozenset() if number is None else frozenset(facts.scopes[number].definitions)
