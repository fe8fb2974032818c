"""Routers with handlers: what an application that includes them runs depends on the version of FastAPI.

Measured under 0.93.0, 0.104.1, 0.112.1, 0.112.2, 0.115.0, 0.116.1 and 0.165.0:

                                        before 0.112.2              from 0.112.2 on
registered before include_router()      once, among the app's       twice
registered after it                     never                       once, after the app's
the application has a lifespan          never                       once, inside the application's lifespan
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lazify.getter.problems import Problem, where
from lazify.index.view import View
from lazify.knowledge.lifecycle import lifecycle
from lazify.lifespan.apps import App
from lazify.lifespan.constructors import existing
from lazify.lifespan.escapes import escapes, includes
from lazify.lifespan.kinds import Kind
from lazify.lifespan.origins import Origins
from lazify.lifespan.position import is_at_top
from lazify.lifespan.registrations import Found, Include, Registration, is_given, owners
from lazify.lifespan.trees import Trees
from lazify.lifespan.versions import is_at_least, is_before
from lazify.model.facts import MODULE

Includes = Mapping[App, Sequence[Include]]


class Routers:
    """Whose handlers the handlers of routers are."""

    def __init__(self, view: View, trees: Trees, origins: Origins, found: Sequence[Found]) -> None:
        """Look at the routers that `found` is about."""
        self._view, self._trees, self._origins = view, trees, origins
        self._own = dict.fromkeys(a for each in found for a in owners(each) if a.kind is Kind.API_ROUTER)
        self._by_app: Mapping[App, Sequence[Include]] = includes(trees, origins) if self._own else {}
        self._joins = lifecycle().joins_routers
        self._problems = {router: self._carrying_problem(router, found) for router in self._own}

    def carried(self, found: Sequence[Found]) -> Iterator[Found]:
        """Give what is registered on a router to the application that copies it when it includes the router."""
        for each in found:
            (owner, *_) = [*owners(each), None]
            if owner is None or self._problems.get(owner, "") is not None:
                yield each
                continue
            (include,), said = self._sites(owner), each.said
            assert isinstance(said, Registration)
            (app,) = self._including(include)
            only = frozenset({app})
            said = replace(said, include=include)
            yield Found(said=said, origins=only, near=only, kind=app.kind)

    def problems(self) -> Iterator[tuple[App, Problem]]:
        """Say which routers, and which applications that include them, keep their handlers."""
        left = {router: problem for router, problem in self._problems.items() if problem is not None}
        for router, problem in left.items():
            if not self._is_joined(router):
                yield router, problem
        reached = set(left)
        while fresh := {app for app in self._by_app if app not in reached and self._reaches(app, reached)}:
            reached |= fresh
        for app in reached - set(left):
            tree, call = self._by_app[app][0].tree, self._by_app[app][0].call
            at = where(tree.module, tree.span(call))
            reason = f"it includes a router with handlers ({at}): {self._depends()}"
            yield app, Problem(reason, tree.place(call))

    def _reaches(self, app: App, routers: set[App]) -> bool:
        """Tell whether it includes one of the routers, or what may be one."""
        for include in self._by_app[app]:
            origins = self._origins.of(include.tree, include.router)
            if any(origin in routers or not isinstance(origin, App) for origin in origins):
                return True
        return False

    def _sites(self, router: App) -> list[Include]:
        """Every call that includes the router."""
        found = {
            include.call: include
            for included in self._by_app.values()
            for include in included
            if router in self._origins.of(include.tree, include.router)
        }
        return list(found.values())

    def _including(self, include: Include) -> list[App]:
        return [app for app, included in self._by_app.items() if include in included]

    def _is_joined(self, router: App) -> bool:
        """Tell whether all that include it have a lifespan, into which FastAPI takes that of the router."""
        sites = self._sites(router)
        return (
            bool(sites)
            and existing(router) is None
            and is_at_least(self._view, "fastapi", self._joins)
            and not escapes(self._view, self._trees, self._origins, [router])
            and all(
                app.kind is Kind.FASTAPI and existing(app) is not None
                for include in sites
                for app in self._including(include)
            )
        )

    def _carrying_problem(self, router: App, found: Sequence[Found]) -> Problem | None:
        """Say why the handlers of the router do not become those of one application."""
        said = [each for each in found if router in owners(each)]
        sites, at = self._sites(router), router.tree.place(router.call)
        if not is_before(self._view, "fastapi", self._joins):
            return Problem(self._depends(), at)
        if len(sites) != 1 or len(apps := self._including(sites[0])) != 1 or apps[0].kind is not Kind.FASTAPI:
            return Problem("the router is not included in one application, once", at)
        if len(self._origins.of(sites[0].tree, sites[0].router)) != 1:
            return Problem("which router is included cannot be told", sites[0].tree.place(sites[0].call))
        if problem := escapes(self._view, self._trees, self._origins, [router]).get(router):
            return problem
        for each in said:
            if not self._is_copied(router, each, sites[0], apps[0]):
                reason = "a handler of the router may be registered after the application has included it"
                return Problem(
                    f"{reason} ({where(each.said.tree.module, each.said.tree.span(each.said.node))})", at
                )
        return None

    def _is_copied(self, router: App, found: Found, include: Include, app: App) -> bool:
        """Tell whether the handler is registered whenever the application includes the router, and before."""
        said = found.said
        if not isinstance(said, Registration) or said.keyword is not None or is_given(found):
            return False
        if found.origins != {router} or router.scope != MODULE or include.tree is not app.tree:
            return False
        if said.tree is not router.tree or not is_at_top(self._view, said.tree, said.node):
            return False
        if said.tree is not include.tree:
            return app.module not in self._view.project.loaded_with(said.tree.module)
        return app.scope != MODULE or said.node.lineno < include.call.lineno

    def _depends(self) -> str:
        if is_at_least(self._view, "fastapi", self._joins):
            return (
                f"FastAPI from {self._joins} on runs the handlers of an included router twice,"
                " a lifespan would run them once"
            )
        return (
            f"FastAPI from {self._joins} on runs the handlers of an included router twice, before that once, and"
            " never the lifespan of a router: no requirement of the project says which"
        )
