"""Imports in a circle: which modules, which import finds one half-done, and which names are then missing."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from lazify.index.modules import Module
from lazify.index.project import Project
from lazify.model.facts import MODULE, BindingKind, Role
from lazify.model.graphs import Breakage, Turn
from lazify.model.places import Place
from lazify.order.steps import Need, Step, Stepping
from lazify.order.walk import Event, Frame, walk

MOST = 40
"""Modules of a cycle for which every order is tried."""

Called = Container[tuple[Path, int]]
"""Functions by the path of their module and the number of their scope."""
NONE: Called = frozenset()

N = TypeVar("N")


def components(edges: Mapping[N, Iterable[N]]) -> list[list[N]]:
    """List the strongly connected components with more than one member (Tarjan, without recursion)."""
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    open_nodes: dict[N, None] = {}
    found: list[list[N]] = []
    for root in edges:
        work = [] if root in index else [(root, iter(edges.get(root, ())))]
        while work:
            node, rest = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                open_nodes[node] = None
            for target in rest:
                if target not in index:
                    work.append((target, iter(edges.get(target, ()))))
                    break
                if target in open_nodes:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    members = _closed(node, open_nodes)
                    found += [members] if len(members) > 1 else []
    return found


def _closed(root: N, open_nodes: dict[N, None]) -> list[N]:
    members: list[N] = []
    while not members or members[-1] != root:
        members.append(open_nodes.popitem()[0])
    return members[::-1]


def needed(stepping: Stepping, event: Event) -> Need | None:
    """Tell what an import that closes a cycle takes from the module that has begun; None where it takes nothing."""
    need = stepping.need(event.step)
    return need if need is not None and need.module is event.target else None


def missing(project: Project, need: Need, closing: Step, at: Step, called: Called = NONE) -> tuple[str, ...]:
    """List the names that the `closing` import needs, and that its module has not bound yet while it is at a step."""
    if need.name == "*":
        return ()  # it brings what is there
    if need.name is not None:
        return () if _is_bound(project, need.module, need.name, at) else (need.name,)
    return tuple(
        name
        for name in _used(project, closing, need, called)
        if not _is_bound(project, need.module, name, at)
    )


def _is_bound(project: Project, module: Module, name: str, at: Step) -> bool:
    """Tell whether some statement above the present one binds the name."""
    assert at.item is not None
    facts, here = module.facts, at.item.span if at.owner is module else None
    bindings = [
        b for b in facts.bindings.get(name, ()) if b.scope == MODULE and b.kind is not BindingKind.DELETE
    ]
    for binding in bindings:
        is_above = binding.span < here if here is not None else binding.statement < at.statement
        if is_above and not binding.is_typing:
            return True
    return project.has_submodule(module, name) if bindings else not is_plain(project, module, name)


def is_plain(project: Project, module: Module, name: str) -> bool:
    """Tell whether nothing but the bindings of a module can bring the name."""
    ways = ("__getattr__", "globals", "setattr", "__dict__")
    has_star = any(item.name == "*" for item in module.facts.imports)
    return not (has_star or project.has_submodule(module, name) or any(w in module.facts.words for w in ways))


def _used(project: Project, closing: Step, need: Need, called: Called) -> Iterator[str]:
    """The attributes of a module that its importer uses while it is imported itself, or `called` functions do."""
    importer, item = closing.owner, closing.item
    assert item is not None
    if item.name is None and "." in item.module and item.alias is None:
        return  # the chain of packages is what is bound
    for use in importer.facts.uses.get(item.binds, ()):
        is_read = use.role is not Role.ANNOTATION  # which may be quoted, and then nobody reads it
        is_here = use.bound == item.scope == MODULE and not use.is_typing and is_read
        if is_here and use.attributes and (not use.deferred or _is_called(importer, use.scope, called)):
            name = use.attributes[0]
            if name in need.module.facts.bindings and not project.has_submodule(need.module, name):
                yield name


def _is_called(module: Module, scope: int, called: Called) -> bool:
    while scope != MODULE:
        if (module.path, scope) in called:
            return True
        scope = module.facts.scopes[scope].parent
    return False


@dataclass(frozen=True, slots=True)
class Orders:
    """Other orders in which the modules of a cycle may be imported."""

    stepping: Stepping
    is_caught: Callable[[Place], bool]
    """Tells whether a handler catches the failure of an import."""
    called: Called = NONE
    """Functions whose uses count as well: something may call them before all is there."""

    def breakages(self, members: Sequence[Module]) -> Iterator[Breakage]:
        """Try each module first, and tell which names the first import that fails does not find."""
        inside = set(members)
        for first in members if len(members) <= MOST else ():
            found = (self._broken(event, first, inside) for event in walk(self.stepping, [first]))
            yield from islice((each for each in found if each is not None), 1)  # nothing runs after it

    def _broken(self, event: Event, first: Module, inside: set[Module]) -> Breakage | None:
        if event.turn is not Turn.RUNNING or event.target not in inside or event.frame.module not in inside:
            return None
        names = missing_at(self.stepping, event, self.called)
        if not names or event.target is None or event.step.item is None:
            return None
        at = Place(event.step.owner.path, event.step.item.statement_span)
        if self.is_caught(at):
            return None
        return Breakage(first=first.name, at=at, names=names, module=event.target.name)


def missing_at(stepping: Stepping, event: Event, called: Called = NONE) -> tuple[str, ...]:
    """List the names that an import which closes a cycle does not find."""
    need = needed(stepping, event)
    waiting: Frame | None = event.stack[0] if event.stack else None
    if need is None or waiting is None or waiting.at is None or waiting.at.item is None:
        return ()
    return missing(stepping.view.project, need, event.step, waiting.at, called)
