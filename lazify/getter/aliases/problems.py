"""What a making reads and functions change under another name: `held = TABLE; held["k"] = 1`."""

import re
from collections.abc import Iterable

from lazify.getter.aliases.constants import is_constant
from lazify.getter.aliases.following import Change
from lazify.getter.aliases.search import Aliases
from lazify.getter.class_changes import with_bases
from lazify.getter.class_state import looks_anywhere, text_of_making
from lazify.getter.earlier import Earlier
from lazify.getter.escape.kept import is_only_kept
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.state import is_class
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, ItemRef, NameRef, Ref

_CALLED = frozenset({"function", "lambda"})
_CONTAINERS = frozenset(Builtin(name) for name in ("list", "dict", "set", "bytearray"))


def alias_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """Refuse where the object of a name that the making reads is changed under another name."""
    direct = dict.fromkeys(each for each in inputs if isinstance(each, Defined))
    aliases = view.once(Aliases)
    for target in direct:
        if not _can_change(view, target) or (target.module is group.module and target.name in group.names):
            continue
        held = [each for each in aliases.held(target) if each not in direct and _can_change(view, each)]
        for each in dict.fromkeys((target, *held)):
            for change in aliases.changes(each):
                is_change = _changes(view, each, change) and comes_after(view, group, each, change)
                is_read = is_change and _is_read(view, group, (target, each), change)
                if is_read and not is_only_kept(view, group, target):
                    is_seen = change.name and change.how in ("attribute", "method")
                    how = "is changed" if is_seen else "may be changed"
                    what = f"{each.name}, which {f'{target.name} holds and ' if each != target else ''}making it reads"
                    return problem(f"{what}, {how} under another name", change.module, change.span)
    return None


def _changes(view: View, target: Defined, change: Change) -> bool:
    """Tell whether it is a change of such an object: classes have attributes, and lists have operators."""
    cls = class_of(view, target)
    if is_class(target) or change.is_inside:
        return change.is_inside or change.how == "attribute"
    if cls in _CONTAINERS:
        return change.how != "attribute"  # nobody can set an attribute of a dictionary itself
    if isinstance(cls, Defined) and change.how == "method":
        bodies = (each.module.facts.scopes[number] for each, number in with_bases(view, cls).items())
        return not any(change.name in body.definitions for body in bodies)  # what its code does is known
    return change.how in ("attribute", "method")


def class_of(view: View, target: Defined) -> Target | None:
    """The class of what a name holds."""
    return view.effects.class_of(target.module, NameRef(target.name, MODULE), MODULE)


def _can_change(view: View, target: Defined) -> bool:
    """Tell whether the object may be another later, and is bound by something else than an import."""
    body = target.module.facts.scopes[MODULE]
    is_own = target.name in body.definitions or bool(body.locals.get(target.name))
    return is_own and not is_constant(view, target)


def comes_after(view: View, group: Group, target: Defined | None, change: Change) -> bool:
    """Tell whether the change may come after the making: it is no part of it, and none of the statements above."""
    statements = group.module.facts.statements
    if change.module is group.module and any(
        statements[n].span.contains(change.span) for n in group.statements
    ):
        return False
    scopes = change.module.facts.scopes
    inside = [n for n, each in enumerate(scopes) if each.kind in _CALLED and each.span.contains(change.span)]
    runs = view.effects.runs_at(change.module, inside[0]) if inside else ()
    if change.is_later or (inside and not runs):
        return True
    if change.module is not group.module:
        if target is not None and change.module is target.module:
            return False  # that one is imported whole before it is read
        return bool(inside) or not view.once(Earlier).is_done(change.module, group)
    first = group.statements[0]
    return any(n > first for n in runs) if runs else change.span.line > statements[first].span.line


def _is_read(view: View, group: Group, ways: tuple[Defined, Defined], change: Change) -> bool:
    """Tell whether the making may read what is changed.

    `ways`: what it reads, and what is changed: the same, or held by it. Of objects whose class nobody has read,
    it needs more than to be handed the object: `Proxy(variable)`.
    """
    target, changed = ways
    if change.is_inside and all(_is_path(group.module.facts.statements[n].value) for n in group.statements):
        return False
    text = text_of_making(view, group)
    if change.how == "attribute" and change.name and not change.is_inside:
        return looks_anywhere(text) or re.search(rf"\.\s*{re.escape(change.name)}\b", text) is not None
    cls = class_of(view, changed)
    is_known = (
        change.how == "attribute" or is_class(changed) or cls in _CONTAINERS or isinstance(cls, Defined)
    )
    return is_known or re.search(rf"\b{re.escape(target.name)}\s*[.\[]", text) is not None


def _is_path(value: Ref | None) -> bool:
    """`first = ITEMS[0].name`: what is taken is the same, whatever becomes of it."""
    while isinstance(value, AttributeRef | ItemRef):
        value = value.value
    return isinstance(value, NameRef)
