"""Where expressions get modules from that other code hands on, and which of these places have news."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Defined, Project
from lazify.model.facts import MODULE, AttributeRef, CallRef, ChoiceRef, ItemRef, NameRef, Ref


class Origin(NamedTuple):
    """A function's result or parameter; or what has a name as a method's result or an attribute of some object."""

    kind: Literal["result", "parameter", "method", "attribute"]
    name: str
    module: Module | None = None
    scope: int = MODULE


Origins = frozenset[Origin]
_NONE: Origins = frozenset()
Reads = Callable[[Module], Iterable[Ref | None]]
"""Gives the expressions of a module that some question is about."""


class News:
    """Tells whether expressions may give more than when they were last looked at.

    What an expression gives is the same while nothing has grown that it is read from. What grows in the round in
    which a module is looked at counts as news for it, since it may have been looked at before.
    """

    def __init__(self, project: Project, deepest: int) -> None:
        """`deepest`: how many hops expressions are followed."""
        self._project = project
        self._deepest = deepest
        self._round = 0
        self._grown: dict[Origin, int] = {}
        """When each has grown last."""
        self._seen: dict[tuple[Module, Reads], int] = {}
        self._read: dict[tuple[Module, Reads], Origins] = {}
        self._known: dict[tuple[int, int], Origins] = {}
        """By the identity of expressions, which the facts keep alive, and the hops that are left."""

    def begin_round(self) -> None:
        """What has grown so far is not news for those who look from now on."""
        self._round += 1

    def note(self, origin: Origin) -> None:
        """Hear that something has grown."""
        self._grown[origin] = self._round

    def reach(self, module: Module, reads: Reads) -> bool:
        """Tell whether those expressions of the module may give something new; they are looked at now."""
        key = (module, reads)
        last = self._seen.get(key)
        self._seen[key] = self._round
        if last is None:
            return True
        if key not in self._read:
            self._read[key] = _NONE.union(*(self._of(module, ref, self._deepest) for ref in reads(module)))
        return any(self._grown.get(origin, -1) >= last for origin in self._read[key])

    def _of(self, module: Module, ref: Ref | None, depth: int) -> Origins:
        if ref is None or not depth:
            return _NONE
        key = (id(ref), depth)
        if key not in self._known:
            self._known[key] = self._found(module, ref, depth - 1)
        return self._known[key]

    def _found(self, module: Module, ref: Ref, depth: int) -> Origins:
        match ref:
            case ItemRef(value):
                return self._of(module, value, depth)
            case CallRef(callee):
                return self._behind_call(module, callee, depth)
            case NameRef(name, scope) if scope != MODULE:
                values = module.facts.scopes[scope].locals.get(name, ())
                own = frozenset({Origin("parameter", name, module, scope)})
                return own.union(*(self._of(module, value, depth) for value in values))
            case ChoiceRef(options):
                return _NONE.union(*(self._of(module, each, depth) for each in options))
        target = resolve(self._project, module, ref)
        if isinstance(target, Defined):
            values = target.module.facts.scopes[MODULE].locals.get(target.name, ())
            return _NONE.union(*(self._of(target.module, value, depth) for value in values))
        return frozenset({Origin("attribute", ref.name)}) if isinstance(ref, AttributeRef) else _NONE

    def _behind_call(self, module: Module, callee: Ref, depth: int) -> Origins:
        target = resolve(self._project, module, callee)
        if isinstance(target, Defined):
            return frozenset({Origin("result", target.name, target.module)})
        if isinstance(callee, AttributeRef):  # `modules.get(name)` gives what `modules` holds
            return self._of(module, callee.value, depth) | {Origin("method", callee.name)}
        return _NONE
