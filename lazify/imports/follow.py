"""Everything that took a name from the module which imported it takes it from its origin."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from lazify.getter.asking import Exposed
from lazify.getter.exposure import Exposures
from lazify.getter.patches import is_replacement
from lazify.getter.problems import Problem, problem
from lazify.imports.bodies import Bodies
from lazify.imports.candidates import Candidate, HeavyImport, origin_text
from lazify.imports.keeping import kept
from lazify.imports.listing import module_lists
from lazify.imports.patching import Patching, is_patch
from lazify.imports.placement import has_home, spots
from lazify.imports.plugins import Plugins
from lazify.imports.spelling import Spelling
from lazify.imports.takers import Reach, Takers
from lazify.imports.writing import line_elsewhere, line_instead, line_of
from lazify.index.modules import Module
from lazify.index.occurrences import Namespace
from lazify.index.view import View, runs_in_service
from lazify.model.changes import AddImport, Edit, Erase, InsertAfter, InsertBefore, Replace
from lazify.model.facts import MODULE, Import, Role
from lazify.model.places import Place, Span

Movers = Mapping[tuple[Module, Span], Candidate]
"""The candidates that move, by module and the span of each alias that goes."""


@dataclass(frozen=True, slots=True)
class Needs:
    """A change that has to be made with this one."""

    candidate: Candidate


class Following:
    """Works out what must follow when a module no longer has a name."""

    def __init__(self, view: View, takers: Takers, bodies: Bodies) -> None:
        """Nothing is searched before the first question."""
        self._view = view
        self._takers = takers
        self._bodies = bodies
        self._exposures = Exposures(view, of_imports=True)
        self._patching = Patching(view)
        self._plugins = view.once(Plugins)
        self._spelling = view.once(Spelling)

    def of(
        self, candidate: Candidate, name: str, movers: Movers
    ) -> Iterator[Edit | Needs | Exposed | Problem]:
        """Yield what has to be done for the name elsewhere, or why it cannot be done."""
        module = candidate.module
        origin = candidate.binding(name)[0]
        for importer, item in self._takers.stars(module, name):
            yield problem(f"{importer.name} takes {name} by import *", importer, item.span)
        for importer, item in self._takers.imports(module, name):
            mover = movers.get((importer, item.span))
            if mover is not None:
                yield Needs(mover)
            else:
                yield from self._repointed(module, importer, item, origin)
        elsewhere = [*self._spelled(candidate, name, movers), *self._exported(candidate, name)]
        is_kept = any(kept(self._view, [each for each in elsewhere if isinstance(each, Exposed)]))
        for reach in self._takers.uses(module, name):
            yield from self._reached(candidate, name, reach, is_kept=is_kept)
        yield from elsewhere

    def _repointed(
        self, module: Module, importer: Module, item: Import, origin: HeavyImport
    ) -> Iterator[Edit | Problem]:
        """`from m import np` becomes `import numpy as np`."""
        if (found := self._bodies.dropped_problem(importer, item)) is not None:
            yield found
            return
        name = origin.name if origin.item.name or origin.item.alias else origin.name.partition(".")[0]
        is_reexport = item.alias is not None and item.alias == item.name
        code = origin_text(name, item.binds) + (
            f" as {item.binds}" if is_reexport and " as " not in name else ""
        )
        spelled = self._spelling.beside(importer, item, code)
        if spelled is None:
            yield problem(f"nobody imports {origin.name} by that name", importer, item.span)
            return
        code = spelled
        line = line_elsewhere(self._view, module, replace(origin, text=code))
        line = line_instead(self._view, importer, item, line)
        yield Erase(path=importer.path, span=item.span, keeps_comments=True)
        yield InsertAfter(path=importer.path, span=item.statement_span, code=f"{line}\n")

    def _reached(
        self, candidate: Candidate, name: str, reach: Reach, *, is_kept: bool
    ) -> Iterator[Edit | Problem]:
        """`m.np.mean` becomes `np.mean`, with an import of its own, unless the module still answers."""
        module, use, span = reach.module, reach.use, _span(reach)
        origin = candidate.binding(name)[0]
        if use.role in (Role.STORE, Role.AUGMENT, Role.DELETE) and reach.depth == len(use.attributes):
            yield problem(f"{module.name} gives {candidate.module.name}.{name} another value", module, span)
            return
        if use.role is Role.UNLOCATED or use.is_typing or use.role is Role.ANNOTATION:
            yield problem(f"{module.name} takes {name} in a way that cannot be edited", module, span)
            return
        if use.role is Role.DEBUG:
            yield problem(f"an f-string shows the text of {candidate.module.name}.{name}", module, span)
            return
        if is_kept and module is not candidate.module:
            return
        if len(candidate.binding(name)) > 1 or (
            module is not candidate.module and self._is_taken(module, name, origin)
        ):
            yield problem(f"{module.name} has another {name}", module, span)
            return
        if module is not candidate.module and origin.text.startswith("from ."):
            if not self._is_found(candidate.module, origin, module):
                yield problem(f"{module.name} may mean something else by {origin.name}", module, span)
                return
            origin = replace(origin, text=origin_text(origin.name, name))
        yield Replace(path=module.path, span=span, code=name)
        view, own = self._view, candidate.module
        line = line_of(view, own, origin) if module is own else line_elsewhere(view, own, origin)
        if module is candidate.module or (runs_in_service(module) and has_home(module, use)):
            for spot in spots(module, [use]):
                yield InsertBefore(path=module.path, span=spot.before, code=f"{line}\n")
        else:
            yield from added(module, origin, line)

    def _is_found(self, module: Module, origin: HeavyImport, elsewhere: Module) -> bool:
        """Tell whether the dotted name leads `elsewhere` to what the relative import of `module` takes."""
        target = self._view.project.find(origin.name, seen_from=elsewhere)
        is_it = target is not None and target == self._view.project.find(origin.name, seen_from=module)
        return is_it and self._spelling.is_known(elsewhere, origin.name)

    def _is_taken(self, module: Module, name: str, origin: HeavyImport) -> bool:
        """Tell whether the module means something else by the name."""
        if name not in self._view.taken(module):
            return False
        ours = {(i.module, i.name, i.binds) for i in module.facts.imports if i.scope == MODULE}
        item = origin.item
        is_same = (item.module, item.name, name) in ours and len(module.facts.bindings.get(name, ())) == 1
        bound = any(
            name in s.locals or any(p.name == name for p in s.parameters) for s in module.facts.scopes[1:]
        )
        return not is_same or bound

    def _spelled(self, candidate: Candidate, name: str, movers: Movers) -> Iterator[Edit | Exposed | Problem]:
        origin = candidate.binding(name)[0]
        found = self._takers.mentions(candidate.module, name)
        others = []
        for mention in found.mentions:
            if mention.is_path and mention.rest and is_patch(mention):
                yield from self._patching.below(mention, name, origin)
            elif is_replacement(mention) and not mention.rest:
                yield from self._patching.whole(mention, candidate, origin, _takers(movers))
            else:
                others.append(mention)
        is_module = all(each.item.name is None for each in candidate.binding(name))
        unseen = set(module_lists(self._view.project, candidate.module)) if is_module else set()
        for exposed in self._exposures.of(replace(found, mentions=tuple(others))):
            if isinstance(exposed, Exposed) and (
                exposed.is_assumed or not self._is_asked(exposed, is_module=is_module)
            ):
                continue
            if not (isinstance(exposed, Problem) and exposed.at in unseen):
                yield exposed
        yield from self._asked_of_loaded(Namespace(candidate.module, origin.item.binds))

    def _asked_of_loaded(self, namespace: Namespace) -> Iterator[Exposed]:
        """`getattr(recipe, "ctx", default)`, where something loads modules by the paths of their files."""
        if (module := self._asked_names.get(namespace.name)) is not None:
            yield Exposed(namespace, f"{module.name} asks modules for it that are loaded by their paths")

    @cached_property
    def _asked_names(self) -> dict[str, Module]:
        """The names that are asked for by `getattr` and `hasattr`, each with the first module that does."""
        project, found = self._view.project, dict[str, Module]()
        is_loading = bool(project.mentioning("spec_from_file_location"))
        for module in project.modules.values() if is_loading else ():
            for mention in module.facts.mentions if {"getattr", "hasattr"} & module.facts.words else ():
                if mention.position == 1 and getattr(mention.callee, "name", "") in ("getattr", "hasattr"):
                    found.setdefault(mention.text, module)
        return found

    def _is_asked(self, exposed: Exposed, *, is_module: bool) -> bool:
        """Tell whether code that imports modules by computed names may ask for this name of theirs."""
        importing = exposed.importing
        name = exposed.namespace.name
        return importing is None or self._plugins.may_ask(*importing, name, is_module=is_module)

    def _exported(self, candidate: Candidate, name: str) -> Iterator[Exposed | Problem]:
        """`__all__`, and what PEP 8 counts as public: names in a package's `__init__`, `import x as x`."""
        module, facts = candidate.module, candidate.module.facts
        namespace = Namespace(module, name)
        if facts.exports_are_dynamic:
            yield problem(f"__all__ is computed and may hold {name}", module, candidate.at.span)
        elif any(name == export for export, _ in facts.exports or ()):
            yield Exposed(namespace, "__all__ names it", is_exported=True)
        elif self._view.is_library and runs_in_service(module) and not name.startswith("_"):
            is_renamed = any(each.item.alias == name == each.item.name for each in candidate.binding(name))
            if (module.source.is_package and facts.exports is None) or is_renamed:
                yield Exposed(namespace, "code outside the project may use it", is_assumed=True)


def added(module: Module, origin: HeavyImport, line: str) -> Iterator[Edit]:
    """Yield the edit that makes what `line` imports available at module level, with the comments behind it."""
    yield add(module, origin.text, behind=line.removeprefix(origin.text).strip())


def add(
    module: Module, text: str, *, behind: str, above: tuple[str, ...] = (), is_typing: bool = False
) -> AddImport:
    """Make the edit from the text of an import."""
    path = module.path
    owner, is_from, rest = text.removeprefix("from ").partition(" import ")
    what, _, alias = (rest if is_from else text.removeprefix("import ")).partition(" as ")
    return AddImport(
        path=path,
        module=owner if is_from else what,
        name=what if is_from else None,
        alias=alias or None,
        is_typing=is_typing,
        above=above,
        behind=behind,
    )


def _takers(movers: Movers) -> dict[str, list[Module]]:
    """Tell which modules take what from its package inside functions, once all have moved."""
    found: dict[str, list[Module]] = {}
    for candidate in movers.values():
        for each in candidate.imports:
            found.setdefault(each.name, []).append(candidate.module)
    return found


def _span(reach: Reach) -> Span:
    return Span(*reach.use.span[:2], *reach.use.ends[reach.depth - 1])


def place_of(reach: Reach) -> Place:
    """Return where a use stands."""
    return Place(reach.module.path, _span(reach))
