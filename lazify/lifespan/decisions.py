"""Which applications get a lifespan, and which keep their handlers and why."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lazify.getter.names import Names
from lazify.getter.problems import Problem, where
from lazify.index.modules import Module
from lazify.index.view import View
from lazify.lifespan.apps import App, Given
from lazify.lifespan.constructors import constructor_problem, existing
from lazify.lifespan.conversion import Conversion
from lazify.lifespan.elsewhere import elsewhere_problem, is_elsewhere, target_name
from lazify.lifespan.escapes import escapes
from lazify.lifespan.handlers import Handlers
from lazify.lifespan.instances import instances, shared
from lazify.lifespan.kinds import Kind
from lazify.lifespan.merging import is_certain, uncertain_problem
from lazify.lifespan.origins import Origins
from lazify.lifespan.platforms import adapter_notes, platform_notes
from lazify.lifespan.position import place_problem, position_problem
from lazify.lifespan.registrars import Registrars
from lazify.lifespan.registrations import Found, Registration, Strange, is_given, owners, registrations
from lazify.lifespan.routers import Routers
from lazify.lifespan.trees import Trees
from lazify.lifespan.versions import version_problem
from lazify.lifespan.warned import warned_problem
from lazify.model.changes import Edit
from lazify.model.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of the handlers of one application, or of those whose application cannot be told."""

    app: App | None
    registrations: tuple[Registration, ...]
    at: Place
    key: str = ""
    """Names it among those of its file, also after a smaller or larger choice."""
    problem: Problem | None = None
    edits: tuple[Edit, ...] = ()
    notes: tuple[str, ...] = ()
    is_dead: bool = False
    """A `lifespan=` silences them."""


class Decisions:
    """The decisions about one project."""

    def __init__(self, view: View) -> None:
        """Find the handlers."""
        self._view = view
        self._trees = Trees(view)
        self._origins = Origins(view, self._trees)
        self._handlers = Handlers(view, self._origins)
        self._names = Names(view)
        self._keys: dict[tuple[Module, str], int] = {}
        found = list(registrations(self._trees, self._origins))
        self._routers = Routers(view, self._trees, self._origins, found)
        registrars = Registrars(view, self._trees, self._origins)
        self._found = list(registrars.carried(self._routers.carried(found)))
        self._platforms = tuple(platform_notes(view)) if self._found else ()

    def all(self) -> Iterator[Decision]:
        """Decide about every application that has handlers, in the order of the files."""
        by_app = self._by_app()
        problems = self._problems(by_app)
        for app, found in by_app.items():
            own = [each.said for each in found if _is_of(app, each)]
            said = sorted(
                (each for each in own if isinstance(each, Registration)), key=lambda each: each.order
            )
            if said:
                yield self._decided(app, said, problems.get(app))
            elif own and not all(map(_is_handed_on, own)):
                yield self._unread(app, own)
        yield from self._homeless()

    def _unread(self, app: App, own: Sequence[Registration | Strange]) -> Decision:
        """Handlers of which none can be read."""
        (strange, *_) = [each for each in own if isinstance(each, Strange)]
        return Decision(
            app=app,
            registrations=(),
            at=strange.tree.place(strange.node),
            key=self._key(app),
            problem=_problem_at(strange.reason, strange),
            is_dead=self._is_dead(app),
        )

    def _by_app(self) -> dict[App, list[Found]]:
        found: dict[App, list[Found]] = {}
        for each in self._found:
            for app in owners(each):
                found.setdefault(app, []).append(each)
        return found

    def _homeless(self) -> Iterator[Decision]:
        """Handlers on an application whose constructor call cannot be told."""
        for each in self._found:
            if each.kind is None or any(_is_of(app, each) for app in owners(each)):
                continue
            said = each.said
            reason = f"where the {each.kind} is made cannot be told"
            if len(owners(each)) > 1:
                reason = f"the {each.kind} is one of several"
            if is_given(each) and each.left is None:
                reason = f"{_holder(each)}() is given the {each.kind}, which is made by its caller"
                if len(each.origins) > 1:
                    reason = f"{_holder(each)}() registers a handler on one of several that it is given"
            yield Decision(
                app=None,
                registrations=(said,) if isinstance(said, Registration) else (),
                at=said.tree.place(said.node),
                problem=each.left or _problem(reason, each),
            )

    def _problems(self, by_app: Mapping[App, Sequence[Found]]) -> dict[App, Problem]:
        problems: dict[App, Problem] = {}
        for app, found in by_app.items():
            if problem := _unclear(found) or self._problem(app, found):
                problems[app] = problem
        for kind, problem in self._strangers():
            for app in by_app:
                if kind in (None, app.kind):
                    problems.setdefault(app, problem)
        parts = {app: instances(self._view, self._trees, self._origins, app) for app in by_app}
        for app, problem in (*shared(parts, by_app), *self._routers.problems()):
            problems.setdefault(app, problem)
        open_apps = [app for app in by_app if app not in problems and existing(app) is None]
        if open_apps:
            made = [each for app in open_apps for each in parts[app]]
            problems |= escapes(self._view, self._trees, self._origins, [*open_apps, *made])
        for app in open_apps:  # what happens to an instance happens to what its constructor made
            for each in parts[app]:
                if each in problems:
                    problems.setdefault(app, problems[each])
        return problems

    def _strangers(self) -> Iterator[tuple[Kind | None, Problem]]:
        """Registrations on something that may be any application, or any of a kind."""
        for each in self._found:
            if None in each.origins and not owners(each):
                yield each.kind, _problem("a handler is registered on what may be this application", each)

    def _decided(self, app: App, said: Sequence[Registration], problem: Problem | None) -> Decision:
        is_dead = self._is_dead(app)
        edits: tuple[Edit, ...] = ()
        if problem is None:
            conversion = Conversion(self._view, self._names, self._handlers, app)
            problem = conversion.run(said)
            edits = tuple(conversion.edits)
        return Decision(
            app=app,
            registrations=tuple(said),
            at=_place(said[0]),
            key=self._key(app),
            problem=problem,
            edits=edits,
            notes=() if problem else tuple(self._notes(app)),
            is_dead=is_dead,
        )

    def _notes(self, app: App) -> Iterator[str]:
        if self._view.is_library:
            yield "handlers that others register on this application from outside are silenced by the lifespan"
        yield from adapter_notes(self._view, self._trees, self._origins, app)
        yield from self._platforms

    def _key(self, app: App) -> str:
        """The scope and the name of the application, numbered where there are several."""
        name = target_name(app.tree.parent(app.call)) or app.kind
        key = f"{app.module.facts.scopes[app.scope].name}:{name}:lifespan"
        self._keys[app.module, key] = number = self._keys.get((app.module, key), 0) + 1
        return key if number == 1 else f"{key}:{number}"

    def _is_dead(self, app: App) -> bool:
        """Tell whether a lifespan silences the handlers: those of a router are copied to the application's."""
        return (
            is_certain(self._origins, app)
            and app.kind is not Kind.API_ROUTER
            and version_problem(self._view, app.kind) is None
        )

    def _problem(self, app: App, found: Sequence[Found]) -> Problem | None:
        """Say why a lifespan cannot take the place of what is known to be registered."""
        said = [each.said for each in found if isinstance(each.said, Registration)]
        problem = (
            version_problem(self._view, app.kind)
            or place_problem(app)
            or constructor_problem(self._view, self._trees, app)
            or uncertain_problem(self._origins, app)
        )
        if problem is not None:
            return problem
        for each in said:
            is_placed = each.keyword is not None or (is_elsewhere(app, each) and each.include is None)
            if not is_placed and (problem := position_problem(self._view, app, each)):
                return problem
        homes = dict.fromkeys(each.tree.module for each in said)
        return elsewhere_problem(self._view, app, said) or warned_problem(self._view, homes)


def has_applications(view: View) -> bool:
    """Tell whether there may be a decision at all."""
    trees = Trees(view)
    found = registrations(trees, Origins(view, trees))
    return any(each.kind is not None or owners(each) for each in found)


def _is_of(app: App, found: Found) -> bool:
    """Tell whether the registration is for this application and no other."""
    return found.origins == {app} and not is_given(found)


def _place(said: Registration) -> Place:
    """Where the module of the application says it, if a function registers it there."""
    if said.registrar is None or said.through is None:
        return said.at
    tree, call = said.through
    return tree.place(call)


def _unclear(found: Sequence[Found]) -> Problem | None:
    """Say why not all that is registered on an application is known."""
    for each in found:
        if isinstance(each.said, Strange):
            return _problem(each.said.reason, each)
        if len(each.origins) != 1:
            return _problem("a handler is registered on one of several applications", each)
        if is_given(each):
            return each.left or _problem(f"{_holder(each)}() registers a handler on what it is given", each)
    return None


def _holder(found: Found) -> str:
    """The function whose parameter the application is."""
    return next(origin for origin in found.near if isinstance(origin, Given)).function.name


def _is_handed_on(said: Registration | Strange) -> bool:
    """Tell whether it is a parameter of the function around, as in `super().__init__(on_startup=on_startup)`."""
    tree, node = said.tree, said.node
    if not isinstance(node, ast.Name):
        return False
    bound = tree.bindings.get((node.id, tree.binder(node.id, tree.scope(node))), ())
    return all(isinstance(each, ast.arg) for each in bound)


def _problem(reason: str, found: Found) -> Problem:
    return _problem_at(reason, found.said)


def _problem_at(reason: str, said: Registration | Strange) -> Problem:
    tree, node = said.tree, said.node
    return Problem(f"{reason} ({where(tree.module, tree.span(node))})", tree.place(node))
