"""Where a project hands on what its own modules are called, so that who is given a name may be given theirs.

`found(__name__)` in the module itself; `found(store.__name__)` beside it, also by another name of it;
`found(cls.__module__)` of anything that is defined there, as far as anybody knows.
"""

from collections.abc import Iterator
from functools import cached_property

from lazify.getter.askers import Askers
from lazify.getter.flow import Flow
from lazify.getter.handles import Handles
from lazify.getter.takings import Taking
from lazify.getter.told_sites import WORDS, Site, sites
from lazify.index.modules import Module
from lazify.index.occurrences import resolve
from lazify.index.project import Builtin, External, Project
from lazify.index.view import View, runs_in_service
from lazify.model.facts import Mention

_IMPORTS = frozenset({External("importlib.import_module"), Builtin("__import__")})


class ToldNames:
    """Answers for one project."""

    def __init__(self, view: View, flow: Flow) -> None:
        """Take what is known of where modules go that are values; nothing is searched before the first question."""
        self._view, self._project, self._flow = view, view.project, flow
        self._handles = view.once(Handles)
        self._sites: dict[Module, tuple[Site, ...]] = {}
        self._telling: dict[Taking, tuple[tuple[Module, Site], ...]] = {}

    def may_be(self, owner: Module, taking: Taking) -> bool:
        """Tell whether code of the project may hand the name of `owner` to what takes modules there."""
        if taking.what.endswith("paths"):  # what a file is called
            return False
        if taking not in self._telling:
            self._telling[taking] = tuple(self._told_to(taking))
        is_own = runs_in_service(owner)
        return any(
            self._is_of(module, site, owner)
            for module, site in self._telling[taking]
            if runs_in_service(module) or not is_own
        )

    def _told_to(self, taking: Taking) -> Iterator[tuple[Module, Site]]:
        """Yield what may be handed to it: in the functions around, and where code hands names to these."""
        around = [each.span for each in taking.holder.facts.scopes[1:] if each.span.contains(taking.span)]
        for site in self._sites_in(taking.holder):
            if any(span.line <= site.line <= span.end_line for span in around):
                yield taking.holder, site
        asking = Askers(self._view, taking)
        for module in self._files:
            for site in self._sites_in(module) if asking.have(module) else ():
                if not site.receiver or site.receiver in asking.names:
                    yield module, site

    @cached_property
    def _files(self) -> dict[Module, None]:
        return dict.fromkeys(each for word in sorted(WORDS) for each in self._project.mentioning(word))

    def _is_of(self, module: Module, site: Site, owner: Module) -> bool:
        match site.whose:
            case "own":
                return module is owner
            case "value":
                held = {*self._handles.held_in(module), *self._handles.taken_in(module)}
                return owner in held or any(each.owner is owner for each in self._flow.received(module))
        return True

    def _sites_in(self, module: Module) -> tuple[Site, ...]:
        if module not in self._sites:
            is_possible = not WORDS.isdisjoint(module.facts.words)
            modules = frozenset(self._project.module_names(module)) if is_possible else frozenset()
            has_values = is_possible and self._has_values(module)
            found = (
                sites(module, self._view.text(module), modules, has_values=has_values) if is_possible else ()
            )
            self._sites[module] = tuple(found)
        return self._sites[module]

    def _has_values(self, module: Module) -> bool:
        is_holder = module in self._handles.holders or bool(self._handles.taken_in(module))
        return is_holder or any(each.owner is not None for each in self._flow.received(module))


def is_imported(project: Project, module: Module, mention: Mention) -> bool:
    """Tell whether a constant name of a module is only imported there: `import_module("lib.store")`."""
    return mention.position == 0 and resolve(project, module, mention.callee) in _IMPORTS
