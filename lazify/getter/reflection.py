"""Names that code looks up in its own dictionary, or in its own variables."""

import re
from collections.abc import Container, Iterator

from lazify.getter.names import stem
from lazify.getter.own_names import OwnNames
from lazify.getter.problems import Problem, problem
from lazify.index.dynamics import DICTIONARIES
from lazify.index.modules import Module
from lazify.index.occurrences import ImportOccurrence, Namespace, Occurrences, resolve
from lazify.index.project import External, InModule, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Dynamic, NameRef, Ref, Role, Use
from lazify.model.places import Span

READS_DICTIONARY = (
    frozenset({"sys.modules", "globals", "vars", "locals", "dir", "eval", "exec"}) | DICTIONARIES
)
_CODE = frozenset({"eval", "exec"})
_NAMES_OTHERS = _CODE | {"sys.modules"}
"""Look-ups in which the text that is computed is no name of the module."""
_OF_FUNCTION = frozenset({"vars", "locals", "dir"})
"""Without an argument, these speak of the scope that they stand in."""
_OURS = ("get_", "_get_", "threading", "RLock", "Any")
_FRAME = frozenset({"f_globals", "f_locals"})
_LOOKS = READS_DICTIONARY | {"modules", "getattr", "setattr", "delattr"}
"""What a text may look names up by without spelling them."""
_WORD = re.compile(r"[^\W\d]\w*")


def own_reflection(
    own_names: OwnNames, namespace: Namespace, *, elsewhere: Container[Span]
) -> Iterator[Problem]:
    """Code of the module itself that looks names up in its own dictionary, but for what looks `elsewhere`."""
    module, name = namespace.module, namespace.name
    for dynamic in module.facts.dynamics:
        is_own = dynamic.subject is None or dynamic.what in _FRAME
        if not is_own or not may_name(dynamic, name) or dynamic.what not in READS_DICTIONARY:
            continue
        if dynamic.what in _OF_FUNCTION and (dynamic.scope != MODULE or _is_export(module, dynamic)):
            continue
        if dynamic.span not in elsewhere and not own_names.is_left_out(module, dynamic, name):
            yield problem(f"{_spelled(dynamic)} may look {name} up by its name", module, dynamic.span)
    for use in module.facts.uses.get("__annotations__", ()):
        if module.facts.scopes[use.scope].kind != "class":
            yield problem(f"the module reads its own __annotations__, which {name} changes", module, use.span)


def local_reflection(occurrence: ImportOccurrence) -> Iterator[Problem]:
    """A function that imports the name and looks at its own variables: `"{box}".format(**locals())`."""
    module, item = occurrence.module, occurrence.item
    for dynamic in module.facts.dynamics:
        is_here = dynamic.scope == item.scope and dynamic.subject is None and item.scope != MODULE
        if is_here and dynamic.what in _OF_FUNCTION | _CODE and may_name(dynamic, item.binds):
            yield problem(f"{_spelled(dynamic)} may look {item.binds} up by its name", module, dynamic.span)


def read_exports(view: View, found: Occurrences, *, taken: frozenset[Module]) -> Iterator[Problem]:
    """Something reads an `__all__` that has the name, but to make another `__all__` of it.

    Modules that are `taken` as values may be behind any expression.
    """
    owners = {export.namespace.module for export in found.exports}
    if not owners:
        return
    for module in view.project.mentioning("__all__"):
        for name, uses in module.facts.uses.items():
            for use in uses:
                is_read = (
                    name == "__all__" and module in owners and not use.attributes and use.role is Role.LOAD
                )
                if not is_read and "__all__" in use.attributes:
                    target = _target_of(view, module, use)
                    owner = target.module if isinstance(target, InModule) else None
                    is_any = not isinstance(target, InModule | External)
                    is_read = owner in owners or (is_any and not taken.isdisjoint(owners))
                if is_read and not _makes_exports(module, use):
                    yield problem(
                        f"__all__ is read, which names {found.namespaces[0].name}", module, use.span
                    )


def may_name(dynamic: Dynamic, name: str) -> bool:
    """Tell whether a look-up may be one for `name`."""
    if dynamic.literal is None:
        # Of `sys.modules`, it is the name of a module that begins so.
        return dynamic.what in _NAMES_OTHERS or may_begin(name, dynamic.prefix)
    return may_reach(dynamic.literal, name) if dynamic.what in _CODE else dynamic.literal == name


def may_reach(code: str, name: str) -> bool:
    """Tell whether a text that is executed has the name, or may look up any."""
    words = frozenset(_WORD.findall(code))
    return name in words or not words.isdisjoint(_LOOKS)


def may_begin(name: str, prefix: str) -> bool:
    """Tell whether a computed name that begins so may be `name`, or one of those that its getter brings along."""
    ours = (f"_{stem(name)}", *_OURS)
    return name.startswith(prefix) or any(each.startswith(prefix) or prefix.startswith(each) for each in ours)


def _is_export(module: Module, dynamic: Dynamic) -> bool:
    """`__all__ = [name for name in dir() if …]` names the getter as it named the value."""
    return dynamic.what == "dir" and "__all__" in module.facts.statements[dynamic.statement].binds


def _spelled(dynamic: Dynamic) -> str:
    return dynamic.what if dynamic.what in DICTIONARIES or "." in dynamic.what else f"{dynamic.what}()"


def _target_of(view: View, module: Module, use: Use) -> Target | None:
    ref: Ref = NameRef(use.name, use.bound)
    for attribute in use.attributes[: use.attributes.index("__all__")]:
        ref = AttributeRef(ref, attribute)
    return resolve(view.project, module, ref)


def _makes_exports(module: Module, use: Use) -> bool:
    statement = module.facts.statements[use.statement]
    return "__all__" in statement.binds or statement.receiver == "__all__"
