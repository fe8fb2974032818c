"""Whether a making only keeps an object that it reads by its name: see the package."""

from lazify.getter.class_changes import with_bases
from lazify.getter.escape.bodies import Code
from lazify.getter.escape.calls import CONSTRUCTORS
from lazify.getter.escape.sources import Sources
from lazify.getter.escape.tables import HOLDER, Body
from lazify.getter.escape.world import World, is_constant
from lazify.getter.groups import Group
from lazify.index.modules import Module
from lazify.index.occurrences import Occurrences, UseOccurrence, occurrences
from lazify.index.project import Defined, Target
from lazify.index.view import View
from lazify.model.facts import MODULE, Does, Role

_ROUNDS = 12
"""After so many, what is held where is still not settled."""
_MOST_BODIES = 80
"""Makings that run more than that are not read."""


def is_only_kept(view: View, group: Group, target: Target | None) -> bool:
    """Tell whether making the group's value is the same whatever was changed of the object before.

    The name itself must not be bound again: then the making would keep another object.
    """
    return isinstance(target, Defined) and view.once(_Answers).of(group, target)


class _Answers:
    """Remembers the answers."""

    def __init__(self, view: View) -> None:
        """Look at nothing before the first question."""
        self._view = view
        self._sources = Sources(view)
        self._known: dict[tuple[Module, tuple[int, ...], Defined], bool] = {}

    def of(self, group: Group, target: Defined) -> bool:
        """The answer for one making and one name."""
        key = (group.module, group.statements, target)
        if key not in self._known:
            self._known[key] = self._only_keeps(group, target)
        return self._known[key]

    def _only_keeps(self, group: Group, target: Defined) -> bool:
        found = occurrences(self._view.project, target.module, target.name)
        world = World(self._view, group, target, found, self._sources)
        is_own = target.module is group.module and target.name in group.names
        is_plain = world.is_variable(target) and not found.mentions
        if is_own or not is_plain or _is_rebound(found, target):
            return False
        return len(world.reached) <= _MOST_BODIES and _settles(world) and _has_seen_all(world)


def _is_rebound(found: Occurrences, target: Defined) -> bool:
    return any(
        each.is_whole
        and each.use.role in (Role.STORE, Role.DELETE, Role.AUGMENT)
        and (each.depth or each.module is not target.module or each.use.scope != MODULE)
        for each in found.uses
    )


def _settles(world: World) -> bool:
    """Walk the making, and what it runs, until nothing new is found; false as soon as the object is looked into."""
    tables, group = world.tables, world.group
    for _ in range(_ROUNDS):
        tables.is_settled = True
        _walk_statements(world, group)
        if not tables.looks:
            for body in (*world.reached, *tables.called):
                _walk(world, body)
        if tables.looks or tables.is_settled:
            return not tables.looks
    return False


def _walk_statements(world: World, group: Group) -> None:
    statements = [world.sources.statement(group.module, number) for number in group.statements]
    found = [each for each in statements if each is not None]
    world.tables.look(when=len(found) < len(statements))
    Code(world, (group.module, MODULE)).block(found)


def _walk(world: World, body: Body) -> None:
    module, number = body
    scope = module.facts.scopes[number]
    function = world.sources.function(body)
    if function is None or _imports(world, body):
        world.tables.look()
        return
    owner = module.facts.scopes[scope.parent]
    if owner.kind == "class" and scope.parameters:
        family = with_bases(world.view, Defined(module, owner.name))
        if not world.tables.holders.isdisjoint(family) or any(_is_held(world, cls) for cls in family):
            world.tables.bind(body, scope.parameters[0].name, HOLDER)
    for parameter in scope.parameters:
        if parameter.default is not None and not is_constant(parameter.default):
            world.tables.bind(body, parameter.name, HOLDER)
    Code(world, body).function(function)


def _is_held(world: World, cls: Defined) -> bool:
    """Tell whether some class below or above holds the object."""
    return any(cls in with_bases(world.view, holder) for holder in world.tables.holders)


def _imports(world: World, body: Body) -> bool:
    """Tell whether the body loads modules of the project that are not there yet: they do what they do."""
    module, number = body
    project = world.view.project
    loaded = project.loaded_with(world.group.module)
    operations = (each for each in module.facts.scopes[number].operations if each.does is Does.IMPORT)
    items = (module.facts.imports[each.index] for each in operations)
    return any(each not in loaded for item in items for each in project.imported_modules(module, item))


def _has_seen_all(world: World) -> bool:
    """Tell whether each use that the making runs was come by, and is no more than a plain one."""
    return bool(world.seen) and all(
        use.use.role is Role.LOAD and (use.module, use.span) in world.seen
        for use in world.roots.values()
        if use.use.role is not Role.ANNOTATION and (_is_run(world, use) or _is_hidden(world, use))
    )


def _is_run(world: World, use: UseOccurrence) -> bool:
    body = (use.module, use.use.scope)
    if use.use.scope == MODULE:
        return world.group.owns(use.module, use.use.statement)
    return body in world.reached or body in world.tables.called


def _is_hidden(world: World, use: UseOccurrence) -> bool:
    """Tell whether it stands in a special method of what the making makes: printing or comparing that may run it."""
    body = (use.module, use.use.scope)
    name = use.module.facts.scopes[use.use.scope].name.rpartition(".")[2]
    is_special = name.startswith("__") and name.endswith("__") and name not in CONSTRUCTORS
    owner = world.owner(body) if is_special else None
    return any(owner in with_bases(world.view, made) for made in world.tables.made)
