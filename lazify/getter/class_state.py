"""What a making reads of classes and caches, and functions change."""

import re
from collections.abc import Iterable, KeysView
from functools import lru_cache

from lazify.getter.class_changes import ClassChanges, with_bases
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, External
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, NameRef

_LOOKS_ANYWHERE = frozenset(
    {
        "getattr", "hasattr", "vars", "dir", "getmembers", "getmembers_static", "__dict__", "attrgetter",
        "asdict", "astuple", "copy", "deepcopy", "dumps", "case",
    }
)  # fmt: skip
"""What reads attributes that it does not spell."""
_OF_CACHES = {
    "cache_clear": "what its making remembers is forgotten",
    "cache_info": "how often what it is made by was called is asked",
}
_LAST = 16


def reached_scopes(view: View, group: Group) -> KeysView[tuple[Module, int]]:
    """Give the functions that making the value may run, in the order of their distance."""
    return view.once(_Reached).by(group).keys()


class _Reached:
    """Remembers the answers for the last groups: each is asked about many times in a row."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._remembered = lru_cache(maxsize=_LAST)(self._found)

    def by(self, group: Group) -> dict[tuple[Module, int], None]:
        """The functions that the making of one group may run."""
        return self._remembered(group.module, group.statements)

    def _found(self, module: Module, statements: tuple[int, ...]) -> dict[tuple[Module, int], None]:
        modules = self._view.project.modules
        reached = self._view.effects.reached((module, number) for number in statements)
        return dict.fromkeys((modules[path], scope) for path, scope in reached)


def class_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """`Client.timeout = 30` in a function, and a method that reads `self.timeout`: the instance has the class's.

    Those of `inputs`, the names that the making reads, that are classes may be read from outside, too:
    `limit = Config.limit`, `names = dir(Config)`.
    """
    methods = [each for each in reached_scopes(view, group) if _class_of(*each) is not None]
    classes = [each for method in methods if (each := _class_of(*method)) is not None]
    made = view.effects.class_of(group.module, group.first.value, MODULE) if methods else None
    classes += [each for each in (made, *inputs) if isinstance(each, Defined)]
    own = {Defined(group.module, name) for name in group.names}  # which nobody has before the making
    owners = {c: None for cls in dict.fromkeys(classes) for c in with_bases(view, cls) if c not in own}
    read = text_of_making(view, group) if owners else ""
    for owner in owners:
        is_named = re.search(rf"\b{re.escape(owner.name)}\b(?!\s*\()", read) is not None
        for module, number, attribute in view.once(ClassChanges).of(owner, of_objects=is_named):
            if _reads(read, owner, attribute) or (is_named and looks_anywhere(read)):
                which = (
                    f"{owner.name}.{attribute}"
                    if attribute
                    else f"{owner.name}'s attribute of a computed name"
                )
                reason = f"{which}, which it reads, is set by a function"
                return problem(reason, module, module.facts.scopes[number].span)
    return None


def dictionary_problem(view: View, group: Group) -> Problem | None:
    """`self.__dict__ = self._shared`: what the constructor sets of its object, it sets of others."""
    for module, number in reached_scopes(view, group):
        scopes = module.facts.scopes
        for value in scopes[scopes[number].parent].attributes.get("__dict__", ()):
            if isinstance(value, AttributeRef) or (isinstance(value, NameRef) and value.scope == MODULE):
                reason = "the object that it makes shares its attributes with others"
                return problem(reason, module, scopes[number].span)
    return None


def _reads(text: str, owner: Defined, attribute: str | None) -> bool:
    """Tell whether code may read that attribute of the class; for a computed one, any that it has or is asked for."""
    body = owner.module.facts.scopes[owner.module.facts.scopes[MODULE].definitions[owner.name]]
    names = [attribute] if attribute else list(body.locals)
    spelled = "|".join(map(re.escape, names))
    is_asked = attribute is None and re.search(rf"\b{re.escape(owner.name)}\s*\.\s*\w", text)
    return bool(is_asked or (names and re.search(rf"\.\s*(?:{spelled})\b(?!\s*=[^=])", text)))


def text_of_making(view: View, group: Group) -> str:
    """The code of the making, and of the functions that it runs."""
    statements = group.module.facts.statements
    parts = [view.text(group.module).cut(statements[number].span) for number in group.statements]
    parts += (text_of(view, module, number) for module, number in reached_scopes(view, group))
    return "\n".join(parts)


def text_of(view: View, module: Module, number: int) -> str:
    """The code of one function or class."""
    return view.text(module).cut(module.facts.scopes[number].span)


def looks_anywhere(text: str) -> bool:
    """Tell whether some code may read attributes that it does not spell."""
    return not _LOOKS_ANYWHERE.isdisjoint(re.findall(r"\w+", text))


def _class_of(module: Module, number: int) -> Defined | None:
    parent = module.facts.scopes[module.facts.scopes[number].parent]
    return Defined(module, parent.name) if parent.kind == "class" else None


def cache_problem(view: View, group: Group) -> Problem | None:
    """`settings = get_settings()`, and `get_settings.cache_clear()` somewhere: made later, it would be the new one."""
    askers = {name: view.project.mentioning(name) for name in _OF_CACHES}
    scopes = reached_scopes(view, group) if any(askers.values()) else ()
    made_by = {Defined(m, m.facts.scopes[n].name) for m, n in scopes}
    for name, modules in askers.items() if made_by else ():
        for module in modules:
            for _, operation in module.calls_of(name):
                match operation.subject:
                    case AttributeRef(cached) if resolve(view.project, module, cached) in made_by:
                        return problem(_OF_CACHES[name], module, operation.span)
    return None
