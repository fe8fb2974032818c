"""What a making reads of objects of the project's own classes that live on, and functions change."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from lazify.getter.class_changes import with_bases
from lazify.getter.class_state import looks_anywhere, text_of, text_of_making
from lazify.getter.escape.kept import is_only_kept
from lazify.getter.families import CONSTRUCTORS
from lazify.getter.groups import Group
from lazify.getter.problems import Problem, problem
from lazify.index.changes import MUTATORS
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, Defined, External, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, AttributeRef, Does, ItemRef, NameRef, Operation, Ref, Scope

_UNASKED = CONSTRUCTORS | {"__repr__", "__enter__", "__exit__", "__aenter__", "__aexit__", "__del__"}
"""Special methods that looking at an object does not run, or not to learn something of it."""
_LOOK_UPS = frozenset(
    {"__getitem__", "__getattr__", "__getattribute__", "__missing__", "__get__", "__contains__"}
)
"""What these remember on the way changes nothing of what they find: `client["shop"]` keeps its databases."""
_METHODS: Mapping[Target | None, frozenset[str]] = MappingProxyType(
    {Builtin(each.__name__): frozenset(dir(each)) for each in (dict, list, set, tuple)}
)
"""Of containers, whose objects nobody knows: nobody can set an attribute of a dictionary itself."""
_PER_CALLER = frozenset({External("contextvars.ContextVar"), External("threading.local")})
"""Classes whose objects hold another value for each task or thread."""
_SPELL_NOTHING = ("setattr", "__dict__")
"""By what attributes that are not spelled are changed: `setattr(store, name, value)`, `store.__dict__.update(all)`."""
_SETATTR = NameRef("setattr", MODULE)


def object_problem(view: View, group: Group, inputs: Iterable[Defined | External]) -> Problem | None:
    """`count = store.count`, and a method that does `self.count += 1`: read later, it would be another.

    `inputs` are the module-level names that the making reads.
    """
    made = {Defined(group.module, name) for name in group.names}
    objects = [each for each in dict.fromkeys(inputs) if isinstance(each, Defined) and each not in made]
    for each in objects:
        body = each.module.facts.scopes[MODULE]
        if each.name in body.definitions or not body.locals.get(each.name):
            continue  # a function, a class, or what an import binds
        cls = view.effects.class_of(each.module, NameRef(each.name, MODULE), MODULE)
        if cls in _PER_CALLER and not is_only_kept(view, group, each):
            reason = f"making it reads {each.name}, which depends on who asks for it first"
            return problem(reason, group.module, group.first.span)
        family = _family_of(view, cls)
        if family is None:
            continue
        read = _read_of(view, group, each, family)
        deep = _read_further(view, group, each, None if family.scopes else _METHODS.get(cls, frozenset()))
        for known, attributes in ((family, read), (view.once(_Families).of(None), deep)):
            for attribute in sorted(attributes):
                for module, operation in known.changes(attribute):
                    if is_only_kept(view, group, each):
                        break
                    reason = f"{attribute} of {each.name}, which making it reads, is changed by a function"
                    return problem(reason, module, operation.span)
    return None


def _read_of(view: View, group: Group, each: Defined, family: "_Family") -> set[str]:
    """The attributes of the object itself that its class has and the making may read."""
    text = text_of_making(view, group) if family.scopes else ""
    read = _read_in(text, family.attributes)
    return read | family.read_by_special_methods if _is_whole(each, text) else read


def _read_further(view: View, group: Group, each: Defined, known: frozenset[str] | None) -> set[str]:
    """The attributes that are taken of something unknown: `store.inner.count`, or of an object of unknown class.

    Of the object itself, the attributes `known` are nobody's to change; None where its class is known.
    """
    text = view.text(group.module)
    statements = group.module.facts.statements
    own = "\n".join(text.cut(statements[number].span) for number in group.statements)
    chains = re.findall(rf"\b{re.escape(each.name)}\b((?:\s*\.\s*\w+|\[[^]]*\]|\([^()]*\))*)", own)
    return {
        match.group(1)
        for chain in map(str.strip, chains)
        for match in re.finditer(r"\.\s*(\w+)", chain)
        if match.start() or (known is not None and match.group(1) not in known)
    }


@dataclass(frozen=True, eq=False)
class _Family:
    """A class of the project and those of the project that it inherits from, each with the number of its scope.

    Without any, it is some class that nothing is known of.
    """

    view: View
    scopes: dict[Defined, int]
    _changes: dict[str, tuple[tuple[Module, Operation], ...]] = field(default_factory=dict)
    _making: dict[tuple[Module, int], bool] = field(default_factory=dict)

    @cached_property
    def attributes(self) -> set[str]:
        """All that the bodies and methods bind, methods included."""
        return {name for scope in self._bodies for name in (*scope.attributes, *scope.definitions)}

    @cached_property
    def read_by_special_methods(self) -> set[str]:
        """What `len(x)`, `x[0]`, `str(x)` and their like may read."""
        methods = self._methods(lambda name: name.startswith("__") and name not in _UNASKED)
        return {name for method in methods for name in _read_in(text_of(self.view, *method), self.attributes)}

    def changes(self, attribute: str) -> tuple[tuple[Module, Operation], ...]:
        """What functions change under that name of objects of the class, once they are made."""
        if attribute not in self._changes:
            self._changes[attribute] = tuple(self._changed_by_functions(attribute))
        return self._changes[attribute]

    def _changed_by_functions(self, attribute: str) -> Iterator[tuple[Module, Operation]]:
        own = (cls.module for cls in self.scopes)
        words = (attribute, *(_SPELL_NOTHING if self.scopes else ()))
        spelling = (module for word in words for module in self.view.project.mentioning(word))
        for module in dict.fromkeys((*own, *spelling)):
            for number, scope in enumerate(module.facts.scopes):
                if scope.kind not in ("function", "lambda") or self._only_makes(module, number):
                    continue
                for operation in scope.operations:
                    owners = [*_owners(_changed(operation, attribute), attribute)]
                    if self._sets(module, operation, attribute) and operation.subject is not None:
                        owners.append(operation.subject)
                    if any(self._has(module, number, owner, attribute) for owner in owners):
                        yield module, operation

    def _sets(self, module: Module, operation: Operation, attribute: str) -> bool:
        """Tell whether this is `expression.attribute = …`, where the subject is the expression: `find().count = 1`."""
        is_change = operation.does is Does.MUTATE
        return is_change and self.view.text(module).cut(operation.span).endswith(f".{attribute}")

    @property
    def _bodies(self) -> Iterator[Scope]:
        return (cls.module.facts.scopes[number] for cls, number in self.scopes.items())

    def _methods(self, wanted: Callable[[str], bool]) -> Iterator[tuple[Module, int]]:
        for cls, body in zip(self.scopes, self._bodies, strict=True):
            yield from ((cls.module, number) for name, number in body.definitions.items() if wanted(name))

    @cached_property
    def _makers(self) -> frozenset[tuple[Module, int]]:
        return frozenset(self._methods(CONSTRUCTORS.__contains__))

    def _only_makes(self, module: Module, number: int) -> bool:
        """Tell whether a method makes or finds: a constructor, what only those call, or a look-up."""
        key = (module, number)
        if key not in self._making:
            self._making[key] = self._is_only_for_making(module, number)
        return self._making[key]

    def _is_only_for_making(self, module: Module, number: int) -> bool:
        scope = module.facts.scopes[number]
        name = scope.name.rpartition(".")[2]
        if name in _LOOK_UPS or (module, number) in self._makers or not self.scopes:
            return name in CONSTRUCTORS | _LOOK_UPS
        if (module, scope.parent) not in {(cls.module, of) for cls, of in self.scopes.items()}:
            return False
        called = re.compile(rf"[.\"']\s*{re.escape(name)}\b")
        texts = (self.view.text(each).whole for each in self.view.project.mentioning(name))
        inside = sum(len(called.findall(text_of(self.view, *maker))) for maker in self._makers)
        # What nobody spells, such as `__call__`, runs whenever somebody wants it.
        return inside > 0 and inside == sum(len(called.findall(text)) for text in texts)

    def _has(self, module: Module, number: int, owner: Ref, attribute: str) -> bool:
        """Tell whether an expression in that scope may be the class or an object of it."""
        named = resolve(self.view.project, module, owner)
        found = _class_of_receiver(module, owner)
        if named in self.scopes or found is not None:
            return named in self.scopes or found in self.scopes or not self.scopes
        kind = self.view.effects.class_of(module, owner, number)
        if not self.scopes:
            return not isinstance(kind, External | Builtin)
        if kind is None or kind in self.scopes or (kind == Builtin("type") and named is None):
            return True
        return isinstance(kind, Defined) and attribute not in self.view.once(_Families).of(kind).attributes


class _Families:
    """What is known of each class, found once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[Defined | None, _Family] = {}

    def of(self, cls: Defined | None) -> _Family:
        """The family of a class of the project, or of one that nothing is known of."""
        if cls not in self._known:
            self._known[cls] = _Family(self._view, {} if cls is None else with_bases(self._view, cls))
        return self._known[cls]


def _family_of(view: View, cls: Target | None) -> _Family | None:
    """What is known of the class of a value; None where it is none of the project's."""
    if isinstance(cls, Defined):
        return view.once(_Families).of(cls)
    return view.once(_Families).of(None) if cls is None or cls in _METHODS else None


def _read_in(text: str, attributes: set[str]) -> set[str]:
    """Those of the attributes that some code may read."""
    if looks_anywhere(text):
        return attributes
    return attributes.intersection(re.findall(r"\.\s*(\w+)\b(?!\s*=[^=])", text))


def _is_whole(each: Defined, text: str) -> bool:
    """Tell whether some code may do more with the object than take attributes: `len(store)`, `store[0]`."""
    spelled = re.findall(rf"\b{re.escape(each.name)}\b\s*(\.?)", text)
    return not spelled or not all(spelled)


def _changed(operation: Operation, attribute: str) -> Ref | None:
    """What an operation changes: `setattr(o, name, v)` may change the attribute whatever the name is."""
    subject = operation.subject
    if operation.does is not Does.CALL:
        return subject if operation.does in (Does.WRITE, Does.MUTATE) else None
    if subject == _SETATTR and operation.arguments:
        owner, *named = operation.arguments
        constant = named[0].constant if named else None
        is_it = not isinstance(constant, str) or constant == attribute
        return AttributeRef(owner.ref, attribute) if owner.ref is not None and is_it else None
    return subject.value if isinstance(subject, AttributeRef) and subject.name in MUTATORS else None


def _owners(ref: Ref | None, attribute: str) -> Iterator[Ref]:
    """Yield whatever the attribute is taken of in a chain."""
    while isinstance(ref, AttributeRef | ItemRef):
        if isinstance(ref, AttributeRef) and ref.name in (attribute, "__dict__") and ref.value is not None:
            yield ref.value
        ref = ref.value


def _class_of_receiver(module: Module, ref: Ref) -> Defined | None:
    """The class of whose methods this is `self` or `cls`."""
    if not isinstance(ref, NameRef) or ref.scope == MODULE:
        return None
    scope = module.facts.scopes[ref.scope]
    parent = module.facts.scopes[scope.parent]
    is_receiver = bool(scope.parameters) and scope.parameters[0].name == ref.name
    return Defined(module, parent.name) if parent.kind == "class" and is_receiver else None
